"""What is shipped works away from this tree: a wheel, installed elsewhere, finds its rules."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

from aftercare.rulebook.layers import default_rules


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_the_wheel_holds_what_it_needs_and_no_more(wheel):
    assert wheel.name.startswith("aftercare_cli-")
    names = zipfile.ZipFile(wheel).namelist()
    for needed in ("data/rules.yaml", "data/things.yaml", "data/rules.schema.json", "py.typed"):
        assert f"aftercare/{needed}" in names
    assert not [n for n in names if not n.startswith(("aftercare/", "aftercare_cli-"))]
    assert not [n for n in names if "__pycache__" in n]


def test_installed_elsewhere_it_finds_its_rules_and_answers(wheel, tmp_path, clean_environment):
    environment = clean_environment
    place = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    folder = "Scripts" if os.name == "nt" else "bin"
    python = place / folder / "python"
    paths = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    zipfile.ZipFile(wheel).extractall(paths)
    # The libraries are lent from this environment; the package itself is the wheel's.
    lent = [p for p in sys.path if p.endswith("site-packages")]
    with open(os.path.join(paths, "lent.pth"), "w") as file:
        file.write("\n".join(lent))

    def aftercare(*arguments):
        return subprocess.run(
            [python, "-m", "aftercare", *arguments],
            cwd=tmp_path, env=environment, capture_output=True, text=True,
        )  # fmt: skip

    path = aftercare("rules", "path").stdout.strip()
    assert path.startswith(str(place))
    assert path.endswith("rules.yaml")
    assert Path(path).read_bytes() == default_rules().read_bytes()
    assert aftercare("plan", "--treated-at", "2026-11-22T15:00").returncode == 0
    assert aftercare("can-i", "retinol").returncode == 1
