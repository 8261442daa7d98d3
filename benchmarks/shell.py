"""What a user waits for: the first result on a fresh machine and on a warm one, and commands from shell to shell."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FIRST_RESULT = """
from sim.model.market import Market, Run
import sim
small = sim.Scenario(market=Market(customers=1000), run=Run(periods=4, replications=1))
print(float(sim.run(small).summary.loc["satisfaction", "value"]))
"""
BAR_SECONDS = 3.0


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return time.perf_counter() - start


def first_result(repeats: int) -> dict[str, Any]:
    """Time from `python` to the key figures of 1,000 people x 4 weeks: nothing compiled yet, and all compiled."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "EXITVOICE_CACHE_DIR": folder}
        cold = _seconds([sys.executable, "-c", FIRST_RESULT], environment)
        warm = [_seconds([sys.executable, "-c", FIRST_RESULT], environment) for _ in range(repeats)]
    return {"cold": cold, "warm": min(warm), "warm_median": statistics.median(warm)}


def command() -> list[str]:
    """The console command `sim` of this Python, or its equivalent where it is not installed."""
    beside = Path(sys.executable).with_name("sim")
    return [str(beside)] if beside.exists() else [sys.executable, "-c", "from sim.cli import main; main()"]


def main_job(repeats: int) -> dict[str, Any]:
    """`sim run` on the baseline (10,000 customers x 104 weeks), report and figures left out, kernels warm."""
    folder = Path(tempfile.mkdtemp(prefix="exitvoice-benchmark-"))
    base = [*command(), "run", "scenarios/baseline.yaml", "--no-report", "--no-figures", "--out", str(folder / "run")]
    help_command = [*command(), "--help"]
    environment = dict(os.environ)
    found: dict[str, Any] = {"bar": BAR_SECONDS}
    try:
        _seconds([*base, "--force", "--replications", "1"], environment)
        for name, extra in (("one_replication", ["--replications", "1"]), ("as_in_the_file", [])):
            seconds = [_seconds([*base, "--force", *extra], environment) for _ in range(repeats)]
            found[name], found[f"{name}_median"] = min(seconds), statistics.median(seconds)
        seconds = [_seconds(help_command, environment) for _ in range(repeats)]
        found["help"], found["help_median"] = min(seconds), statistics.median(seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found
