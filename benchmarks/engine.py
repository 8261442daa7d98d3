"""The engine's speed and memory at one size, in a process of its own, so that its peak memory is its own.

    python benchmarks/engine.py --customers 1000000 --threads 2 --periods 8

prints one JSON object. `run.py` calls this for every row of its table.
"""

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import machine

from sim.engine.network import build_network
from sim.engine.simulation import Simulation
from sim.model.order import PERIOD
from sim.model.rooms import O
from sim.model.scenario import Scenario
from sim.scenario import load_scenario

ROOT = Path(__file__).resolve().parents[1]
BASELINE = ROOT / "scenarios" / "baseline.yaml"
WARM_UP = 1
"""Periods that are run but not timed: the first touches memory that nobody has touched before."""
AFTERWARDS = 3
"""Periods in which the stages are timed one by one."""
SMALLEST_FOR_PEAK = 100_000
"""Below this, what a process happens to hold hides what the customers need."""


def scenario(customers: int, periods: int) -> Scenario:
    """The baseline's parameters, all rules on, with another number of people and periods."""
    changed = [f"market.customers={customers}", f"run.periods={periods}", "run.replications=1"]
    return load_scenario(BASELINE, changed).scenario


def array_bytes(simulation: Simulation) -> dict[str, int]:
    """Memory of the arrays that grow with the number of customers."""
    return {
        "state": sum(array.nbytes for array in simulation.state),
        "network": sum(array.nbytes for array in simulation.network),
        "buffers": sum(array.nbytes for array in simulation._found),
    }


def measure(customers: int, threads: int, periods: int) -> dict[str, Any]:
    """One size with one number of threads: time of each period, bytes, peak memory, time of the network."""
    Simulation(scenario(20_000, 3), threads=threads).run()  # kernels come from the cache, or are compiled here
    reference = machine.reference_speed()
    gc.collect()
    before = machine.forget_peak()
    start = time.perf_counter()
    simulation = Simulation(scenario(customers, WARM_UP + periods + AFTERWARDS), threads=threads)
    setup = time.perf_counter() - start
    for _ in range(WARM_UP):
        simulation.step()
    seconds = []
    for _ in range(periods):
        start = time.perf_counter()
        simulation.step()
        seconds.append(time.perf_counter() - start)
    stages = stage_seconds(simulation, AFTERWARDS)
    counts = simulation.tallies[WARM_UP : WARM_UP + periods].sum(axis=(0, 1, 2))
    arrays = array_bytes(simulation)
    growth = machine.peak_memory() - before
    steps = customers * periods
    market = simulation.scenario.market
    del simulation
    network = machine.least_and_median(lambda: _network(customers, market.network), 3 if customers <= 1_000_000 else 1)
    return {
        "customers": customers,
        "threads": threads,
        "periods": periods,
        "ns": min(seconds) / customers * 1e9,
        "ns_median": statistics.median(seconds) / customers * 1e9,
        "stages": {name: time_taken / customers * 1e9 for name, time_taken in stages.items()},
        "seconds": sum(seconds),
        "setup_seconds": setup,
        "network_seconds": network[0],
        "bytes": {name: size / customers for name, size in arrays.items()},
        "bytes_in_arrays": sum(arrays.values()) / customers,
        "bytes_at_peak": growth / customers if customers >= SMALLEST_FOR_PEAK else None,
        "peak_gib": machine.peak_memory() / 2**30,
        "encounters": float(counts[O.encounters]) / steps,
        "dissatisfied": float(counts[O.dissatisfied]) / max(1, counts[O.encounters]),
        "told": float(counts[O.told_positive] + counts[O.told_negative]) / steps,
        "reference": (reference + machine.reference_speed()) / 2,
    }


def stage_seconds(simulation: Simulation, periods: int) -> dict[str, float]:
    """Median time of each stage of the period."""
    seconds: dict[str, list[float]] = {stage: [] for stage in PERIOD}

    def timed(stage: str) -> Callable[[], None]:
        action = getattr(simulation, f"_{stage}")

        def run() -> None:
            start = time.perf_counter()
            action()
            seconds[stage].append(time.perf_counter() - start)

        return run

    for stage in PERIOD:
        setattr(simulation, f"_{stage}", timed(stage))
    for _ in range(periods):
        simulation.step()
    for stage in PERIOD:
        delattr(simulation, f"_{stage}")
    return {stage: statistics.median(taken) for stage, taken in seconds.items()}


def _network(customers: int, wanted: Any) -> None:
    build_network(wanted.kind, customers, wanted.mean_degree, wanted.rewiring, wanted.strong_share, seed=1)


def whole_run(customers: int, periods: int, threads: int) -> dict[str, Any]:
    """A whole run, set-up included: time and peak memory."""
    start = time.perf_counter()
    simulation = Simulation(scenario(customers, periods), threads=threads)
    setup = time.perf_counter() - start
    tables = simulation.run()
    seconds = time.perf_counter() - start
    return {
        "customers": customers,
        "periods": periods,
        "threads": threads,
        "setup_seconds": setup,
        "seconds": seconds,
        "ns": (seconds - setup) / customers / periods * 1e9,
        "peak_gib": machine.peak_memory() / 2**30,
        "customers_at_the_end": int(tables.tallies[-1, 0, :, O.active].sum()),
        "reference": machine.reference_speed(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--periods", type=int, default=8)
    parser.add_argument("--whole", action="store_true", help="time the whole run, set-up included")
    options = parser.parse_args()
    if options.whole:
        print(json.dumps(whole_run(options.customers, options.periods, options.threads)))
    else:
        print(json.dumps(measure(options.customers, options.threads, options.periods)))


if __name__ == "__main__":
    main()
