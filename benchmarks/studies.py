"""What many runs cost beside simulating: sweeps on two cores, in flat memory, against Mesa's batch_run.

    python benchmarks/studies.py                  1,000 runs of 10,000 customers x 104 weeks (some minutes)
    python benchmarks/studies.py --runs 200       fewer
    python benchmarks/studies.py --small 100000   only 100,000 small runs: time and memory of the parent
    python benchmarks/studies.py --markdown       the table as it stands in docs/performance.md

The baseline of every ratio is the bare engine: as many processes as workers, each of which simulates its share of the
same runs one after the other and throws the results away. What a sweep takes longer than that is its overhead.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import machine

ROOT = Path(__file__).resolve().parents[1]
BASELINE = ROOT / "scenarios" / "baseline.yaml"
CUSTOMERS, PERIODS = 10_000, 104
SMALL_CUSTOMERS, SMALL_PERIODS = 200, 12

BARE = """
import sys, time
from sim.engine.simulation import Simulation
from sim.scenario import load_scenario
path, customers, periods, first, count = sys.argv[1], *map(int, sys.argv[2:])
changed = [f"market.customers={customers}", f"run.periods={periods}", "money.measure_opportunity_cost=false"]
scenario = load_scenario(path, changed).scenario
Simulation(scenario, threads=1).run()
print("ready", flush=True)
sys.stdin.readline()
start = time.perf_counter()
for number in range(first, first + count):
    Simulation(scenario, seed=number, threads=1).run()
print(time.perf_counter() - start, flush=True)
"""

BATCH_RUN = """
import sys, time
import mesa
from sim.mesa import FastModel
if __name__ == "__main__":
    path, customers, periods, runs, workers = sys.argv[1], *map(int, sys.argv[2:])
    changed = {"market.customers": customers, "run.periods": periods, "money.measure_opportunity_cost": False}
    given = {"source": path, "overrides": [changed], "replication": range(runs)}
    FastModel(path, overrides=changed).run_model()
    start = time.perf_counter()
    rows = mesa.batch_run(FastModel, given, number_processes=workers, iterations=1, max_steps=periods,
                          data_collection_period=-1, display_progress=False)
    assert len(rows) == runs, len(rows)
    print(time.perf_counter() - start)
"""

EXPERIMENT = """
name: benchmark
scenario: {scenario}
set: {{market.customers: {customers}, run.periods: {periods}, money.measure_opportunity_cost: false}}
levers:
  firm.desk.ease: {{low: 0.0, high: 2.0}}
design: {{kind: random, points: {points}, seed: 1}}
replications: {replications}
"""


def bare(runs: int, workers: int, customers: int, periods: int) -> float:
    """Seconds in which the bare engine does the runs, in as many processes as workers, from when all are warm."""
    share = runs // workers
    script = [sys.executable, "-c", BARE, str(BASELINE), str(customers), str(periods)]
    processes = [
        subprocess.Popen([*script, str(share * w), str(share)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         text=True)
        for w in range(workers)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            sys.exit("the bare engine did not start")
    start = time.perf_counter()
    for process in processes:
        process.communicate("go\n")
    return (time.perf_counter() - start) * runs / (share * workers)


def _experiment(folder: Path, points: int, replications: int, customers: int, periods: int) -> Path:
    file = folder / "benchmark.yaml"
    scenario = os.path.relpath(BASELINE, folder)
    file.write_text(
        EXPERIMENT.format(
            scenario=scenario, points=points, replications=replications, customers=customers, periods=periods
        ),
        encoding="utf-8",
    )
    return file


def sweep(runs: int, workers: int, engine: str, customers: int, periods: int) -> dict[str, Any]:
    """A sweep of the same runs from shell to shell: seconds, and the parent's peak memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = _experiment(folder, runs // 10, 10, customers, periods)
        command = [sys.executable, "-m", "sim", "sweep", str(file), "--out", str(folder / "out"), "--workers",
                   str(workers), "--engine", engine, "--quiet"]  # fmt: skip
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status:
            sys.exit(f"sim sweep ended with {os.waitstatus_to_exitcode(status)}")
        asked = subprocess.run(
            [sys.executable, "-m", "sim", "results", str(folder / "out"), "--json"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        found = json.loads(asked.stdout)
        size = sum(path.stat().st_size for path in (folder / "out").rglob("*") if path.is_file())
        return {
            "seconds": seconds,
            "peak_mib": usage.ru_maxrss / 1024,
            "digest": found["digest"],
            "done": found["done"],
            "bytes_a_run": size / runs,
        }


def batch_run(runs: int, workers: int, customers: int, periods: int) -> float:
    """Seconds in which Mesa's batch_run does the same runs of the same engine."""
    with tempfile.TemporaryDirectory() as name:
        script = Path(name) / "batch.py"
        script.write_text(BATCH_RUN, encoding="utf-8")
        arguments = [str(BASELINE), str(customers), str(periods), str(runs), str(workers)]
        command = [sys.executable, str(script), *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"batch_run failed:\n{done.stderr[-2000:]}")
        return float(done.stdout)


def measure(runs: int, workers: int) -> list[list[str]]:
    """The table: engine, seconds, milliseconds a run, share that is not simulation."""
    rows = []
    reference = bare(runs, workers, CUSTOMERS, PERIODS)

    def line(name: str, seconds: float, note: str = "") -> None:
        share = "-" if name.startswith("bare") else f"{1 - reference / seconds:.1%}"
        rows.append([name, f"{seconds:.1f}", f"{1000 * seconds / runs:.1f}", share, note])

    line(f"bare engine, {workers} processes", reference)
    digests = set()
    for engine in ("in-process", "spawn", "loky"):
        print(f"  sweep, {engine} ...", file=sys.stderr)
        found = sweep(runs, workers, engine, CUSTOMERS, PERIODS)
        digests.add(found["digest"])
        line(f"sim sweep, {engine}, {workers} workers", found["seconds"], f"parent {found['peak_mib']:.0f} MiB")
    print("  mesa.batch_run ...", file=sys.stderr)
    line(f"mesa.batch_run of FastModel, {workers} processes", batch_run(runs, workers, CUSTOMERS, PERIODS))
    line("bare engine again", bare(runs, workers, CUSTOMERS, PERIODS))
    if len(digests) != 1:
        sys.exit(f"the engines disagree: {digests}")
    return rows


HEAD = ["what", "seconds", "ms a run", "not simulation", "memory"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=machine.cores())
    parser.add_argument("--small", type=int, metavar="N", help="only N small runs, once and ten times as few")
    parser.add_argument("--engine", default="auto", help="engine of the small runs")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    if options.small:
        for runs in (options.small // 10, options.small):
            found = sweep(runs, options.workers, options.engine, SMALL_CUSTOMERS, SMALL_PERIODS)
            print(
                f"{runs:,} runs of {SMALL_CUSTOMERS} customers x {SMALL_PERIODS} weeks: {found['seconds']:.0f} s, "
                f"{1000 * found['seconds'] / runs:.2f} ms a run, parent's peak memory {found['peak_mib']:.0f} MiB, "
                f"{found['bytes_a_run']:.0f} bytes a run on disk, {found['done']:,} done"
            )
        return
    rows = measure(options.runs, options.workers)
    print(f"{options.runs:,} runs of {CUSTOMERS:,} customers x {PERIODS} weeks, {options.workers} workers")
    if options.markdown:
        for row in [HEAD, ["---"] * len(HEAD), *rows]:
            print(f"| {' | '.join(row)} |")
        return
    widths = [max(len(row[column]) for row in [HEAD, *rows]) for column in range(len(HEAD))]
    for row in [HEAD, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main()
