"""A warm `can-i` loads nothing that it does not use."""

import json
import subprocess
import sys

import pytest

HEAVY = ("pydantic", "rich", "yaml", "dateutil.parser", "importlib.metadata", "jsonschema",
         "icalendar", "dataclasses_json", "tzlocal", "hashlib", "difflib")  # fmt: skip


def modules_of(environment, *arguments):
    script = (
        "import json, sys\n"
        "from aftercare.cli.main import main\n"
        f"sys.argv = {['aftercare', *arguments]!r}\n"
        "try:\n    main()\nfinally:\n    print(json.dumps(sorted(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True
    )
    return done.returncode, json.loads(done.stderr.splitlines()[-1])


@pytest.mark.parametrize("item", [["retinol"], ["go", "for", "a", "run"]])
def test_a_warm_can_i_loads_none_of_the_heavy_libraries(clean_environment, item):
    clean_environment.pop("COVERAGE_PROCESS_START")
    for command in (["plan", "--treated-at", "2026-11-22T15:00"], ["can-i", "retinol"]):
        assert modules_of(clean_environment, *command)[0] in (0, 1)
    code, modules = modules_of(clean_environment, "can-i", *item)
    assert code == 1
    # difflib comes with the framework; the rest must not come at all.
    framework = subprocess.run(
        [sys.executable, "-c", "import sys, typer, typer.main; print(*sys.modules)"],
        capture_output=True, text=True, env=clean_environment, check=True,
    ).stdout.split()  # fmt: skip
    assert not {m for m in HEAVY if m in modules and m not in framework}
    for name in ("pydantic", "rich", "yaml", "dateutil.parser", "importlib.metadata"):
        assert name not in modules


def test_importing_the_package_loads_nothing_else():
    script = (
        "import sys; before = set(sys.modules); import aftercare; print(*set(sys.modules) - before)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", script], capture_output=True, text=True, check=True,
        cwd=__import__("conftest").ROOT,
    )  # fmt: skip
    assert done.stdout.split() == ["aftercare"]
