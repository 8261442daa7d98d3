"""The pure-Mesa twin on the baseline of 0.1.0: time per person and period, printed as JSON."""

import argparse
import json
import statistics
import time
from pathlib import Path

import mesa

from sim.scenario import load_scenario
from sim.twin.twin import Twin

BASELINE = Path(__file__).with_name("baseline_0_1_0.yaml")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=20)
    options = parser.parse_args()
    changed = [f"market.customers={options.people}", f"run.periods={options.steps + 1}", "run.replications=1"]
    twin = Twin(load_scenario(BASELINE, changed).scenario)
    twin.step()
    seconds, processor = [], []
    for _ in range(options.steps):
        start, before = time.perf_counter(), time.process_time()
        twin.step()
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - before)
    each = {"ns": seconds, "processor": processor}
    found = {name: statistics.median(taken) / options.people * 1e9 for name, taken in each.items()}
    print(json.dumps({"version": mesa.__version__, **found}))


if __name__ == "__main__":
    main()
