"""The documentation's Spark example is run as it stands, and gives the rows of `plan_rows`."""

import csv
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec

import pytest
from conftest import ROOT

import aftercare

DOCS = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)
(SPARK,) = [block for block in BLOCKS if "pyspark" in block]
(PLAIN,) = [block for block in BLOCKS if "pyspark" not in block]

APPOINTMENTS = '''client,treatment,treated_at,zone,depth_mm
Ann,microneedling,2026-10-22T15:00,Europe/London,0.5
"Zoë, the ""younger""",exosome facial,2026-03-05T02:30,America/New_York,
Bob,microneedling,yesterday,Europe/London,
Cid,microneedling,2026-11-22T15:00+01:00,Asia/Tokyo,2
'''


def test_the_example_without_spark_runs(capsys):
    exec(compile(PLAIN, "docs/batch.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "C-1001 retinoids 2026-11-24T15:00:00+00:00" in printed


@pytest.mark.skipif(
    not (find_spec("pyspark") and shutil.which("java")), reason="Spark needs Java and pyspark"
)
def test_spark_gives_the_same_rows(tmp_path):
    (tmp_path / "appointments.csv").write_text(APPOINTMENTS, encoding="utf-8")
    (tmp_path / "example.py").write_text(SPARK, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if "SPARK" not in name}
    environment |= {
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": "--master local[2] --conf spark.ui.enabled=false pyspark-shell",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYTHONUTF8": "1",
        "TZ": "America/Los_Angeles",
    }
    done = subprocess.run(
        [sys.executable, "example.py", "appointments.csv", "out"],
        cwd=tmp_path, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    expected = list(
        aftercare.plan_rows(csv.DictReader(APPOINTMENTS.splitlines()), aftercare.load_rules())
    )
    for kind, folder in ((aftercare.PlanRow, "plans"), (aftercare.Rejected, "rejected")):
        wanted = [row for row in expected if isinstance(row, kind)]
        assert wanted
        assert sorted(read(tmp_path / "out" / folder)) == sorted(tuple(row) for row in wanted)


def read(folder):
    """The rows of the files that Spark wrote."""
    for file in folder.glob("part-*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            rows = csv.reader(stream)
            next(rows, None)
            yield from map(tuple, rows)
