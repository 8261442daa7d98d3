"""The loops, one call at a time, against values worked out by hand: `tests/engine/loops`, without compilation."""

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "loops"
ROOT = Path(__file__).parents[2]


def test_the_loops_do_what_was_worked_out_by_hand() -> None:
    options = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}  # those are its caller's
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--numprocesses=0", "-q", str(FOLDER)],
        env=options | {"NUMBA_DISABLE_JIT": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
