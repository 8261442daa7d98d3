"""What many runs cost beside simulating: sweeps on two cores, in flat memory, against Mesa's batch_run.

    python benchmarks/studies.py                  1,000 runs of 10,000 customers x 104 weeks (a quarter of an hour)
    python benchmarks/studies.py --runs 200       fewer
    python benchmarks/studies.py --small 100000   only 100,000 small runs: time and memory of the parent
    python benchmarks/studies.py --markdown       the table as it stands in docs/performance.md

The baseline is the bare engine: as many processes as workers, each of which simulates its share of the very same runs,
with nothing followed, one after the other, and throws the results away. It is measured before and after each of the
others, since the speed of a machine drifts, and the ratio is to the mean of the two. What the runs of a sweep took
altogether (their rows say), against all the time that its workers had, tells the share of the time in which no run was
done: start, handing out, storing, joining.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import machine

from sim.runs.store.store import Store

ROOT = Path(__file__).resolve().parents[1]
BASELINE = ROOT / "scenarios" / "baseline.yaml"
CUSTOMERS, PERIODS = 10_000, 104
SMALL_CUSTOMERS, SMALL_PERIODS = 200, 12
REPLICATIONS = 10

BARE = """
import sys
from sim.engine.simulation import Simulation
from sim.runs.experiment.designs import design_points
from sim.runs.experiment.reader import read_experiment
from sim.runs.run import replication_seed
plan = read_experiment(sys.argv[1])
first, last = map(int, sys.argv[2:])
task, replications = plan.task(), plan.experiment.replications
runs = []
for point in design_points(plan):
    scenario = task.scenario(point.values)
    scenario = scenario.model_copy(update={"run": scenario.run.model_copy(update={"panel": 0})})
    runs += [(scenario, replication_seed(scenario.run.seed, replication)) for replication in range(replications)]
Simulation(runs[0][0], seed=1, threads=1).run()
print("ready", flush=True)
sys.stdin.readline()
for scenario, seed in runs[first:last]:
    Simulation(scenario, seed=seed, threads=1).run()
"""

BATCH_RUN = """
import sys, time
import mesa
from sim.mesa import FastModel
from sim.runs.experiment.designs import design_points
from sim.runs.experiment.reader import read_experiment
if __name__ == "__main__":
    path, plan, workers = sys.argv[1], read_experiment(sys.argv[2]), int(sys.argv[3])
    fixed = {**plan.experiment.set, "run.panel": 0}
    overrides = [fixed | dict(point.values) for point in design_points(plan)]
    given = {"source": path, "overrides": overrides, "replication": range(plan.experiment.replications)}
    FastModel(path, overrides=fixed).run_model()
    start = time.perf_counter()
    rows = mesa.batch_run(FastModel, given, number_processes=workers, iterations=1,
                          max_steps=plan.scenario.run.periods, data_collection_period=-1, display_progress=False)
    assert len(rows) == len(overrides) * plan.experiment.replications, len(rows)
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
    with tempfile.TemporaryDirectory() as name:
        file = experiment(Path(name), BASELINE, runs // REPLICATIONS, customers, periods)
        bounds = [runs * worker // workers for worker in range(workers + 1)]
        processes = [
            subprocess.Popen([sys.executable, "-c", BARE, str(file), str(first), str(last)], cwd=ROOT,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for first, last in pairwise(bounds)
        ]  # fmt: skip
        for process in processes:
            assert process.stdout is not None
            if process.stdout.readline().strip() != "ready":
                sys.exit("the bare engine did not start")
        start = time.perf_counter()
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        if any(process.wait() for process in processes):
            sys.exit("the bare engine failed")
        return time.perf_counter() - start


def experiment(folder: Path, baseline: Path, points: int, customers: int, periods: int) -> Path:
    """Write the experiment file of the benchmark, on a scenario file."""
    file = folder / "benchmark.yaml"
    scenario = os.path.relpath(baseline, folder)
    file.write_text(
        EXPERIMENT.format(
            scenario=scenario, points=points, replications=REPLICATIONS, customers=customers, periods=periods
        ),
        encoding="utf-8",
    )
    return file


def sweep(runs: int, workers: int, engine: str, customers: int, periods: int) -> dict[str, Any]:
    """A sweep of the same runs from shell to shell: seconds, and the parent's peak memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = experiment(folder, BASELINE, runs // REPLICATIONS, customers, periods)
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
        in_runs = sum(batch["seconds"].sum() for batch in Store.open(folder / "out").batches())
        size = sum(path.stat().st_size for path in (folder / "out").rglob("*") if path.is_file())
        return {
            "seconds": seconds,
            "peak_mib": usage.ru_maxrss / 1024,
            "digest": found["digest"],
            "done": found["done"],
            "bytes_a_run": size / runs,
            "not_in_runs": 1 - in_runs / (seconds * workers),
        }


def batch_run(runs: int, workers: int, customers: int, periods: int) -> float:
    """Seconds in which Mesa's batch_run does the same runs of the same engine."""
    with tempfile.TemporaryDirectory() as name:
        script = Path(name) / "batch.py"
        script.write_text(BATCH_RUN, encoding="utf-8")
        file = experiment(Path(name), BASELINE, runs // REPLICATIONS, customers, periods)
        command = [sys.executable, str(script), str(BASELINE), str(file), str(workers)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"batch_run failed:\n{done.stderr[-2000:]}")
        return float(done.stdout)


HEAD = ["what", "seconds", "ms a run", "bare engine", "ratio to it", "no run done", "parent"]


def measure(runs: int, workers: int) -> list[list[str]]:
    """The table: each way of doing the runs beside the bare engine around it."""
    rows, digests = [], set()
    around = [bare(runs, workers, CUSTOMERS, PERIODS)]

    def line(name: str, seconds: float, idle: str = "-", memory: str = "-") -> None:
        around.append(bare(runs, workers, CUSTOMERS, PERIODS))
        reference = (around[-2] + around[-1]) / 2
        rows.append([name, f"{seconds:.1f}", f"{1000 * seconds / runs:.1f}", f"{around[-2]:.1f}, {around[-1]:.1f}",
                     f"{seconds / reference:.2f}", idle, memory])  # fmt: skip

    for engine in ("in-process", "spawn", "loky"):
        print(f"  sweep, {engine} ...", file=sys.stderr)
        found = sweep(runs, workers, engine, CUSTOMERS, PERIODS)
        digests.add(found["digest"])
        line(f"`sim sweep --engine {engine}`", found["seconds"], f"{found['not_in_runs']:.1%}",
             f"{found['peak_mib']:.0f} MiB")  # fmt: skip
    print("  mesa.batch_run ...", file=sys.stderr)
    line("`mesa.batch_run` of FastModel", batch_run(runs, workers, CUSTOMERS, PERIODS))
    if len(digests) != 1:
        sys.exit(f"the engines disagree: {digests}")
    return rows


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
