"""The pure-Mesa twin against the compiled engine, in one process: time per customer-period of each.

python benchmarks/twin.py --people 1000 --periods 20 --customers 1000000
"""

import argparse
import json
import statistics
import time
from typing import Any

import engine

from sim.engine.simulation import Simulation


def twin_ns(people: int, periods: int) -> tuple[float, float] | None:
    """Least and median time of a period of the twin, ns per customer; None where Mesa or the twin is missing."""
    try:
        from sim.twin.twin import Twin
    except ImportError:
        return None
    twin = Twin(engine.scenario(people, 1 + periods))
    twin.step()
    return _steps(twin, people, periods)


def engine_ns(customers: int, periods: int, threads: int) -> tuple[float, float]:
    """The same of the engine."""
    simulation = Simulation(engine.scenario(customers, 1 + periods), threads=threads)
    simulation.step()
    return _steps(simulation, customers, periods)


def _steps(model: Any, people: int, periods: int) -> tuple[float, float]:
    nanoseconds = []
    for _ in range(periods):
        start = time.perf_counter()
        model.step()
        nanoseconds.append((time.perf_counter() - start) / people * 1e9)
    return min(nanoseconds), statistics.median(nanoseconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--periods", type=int, default=20)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=engine.machine.cores())
    options = parser.parse_args()
    Simulation(engine.scenario(20_000, 3), threads=options.threads).run()
    slow = twin_ns(options.people, options.periods)
    found: dict[str, Any] = {"available": slow is not None, "people": options.people, "periods": options.periods}
    if slow is not None:
        one = engine_ns(options.customers, 6, 1)
        all_threads = engine_ns(options.customers, 6, options.threads)
        found |= {
            "twin_ns": slow[0],
            "twin_ns_median": slow[1],
            "engine_customers": options.customers,
            "engine_threads": options.threads,
            "engine_ns_1": one[0],
            "engine_ns": all_threads[0],
            "ratio_1": slow[1] / one[1],
            "ratio": slow[1] / all_threads[1],
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
