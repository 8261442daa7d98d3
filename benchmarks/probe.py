"""A world that takes some periods whenever it is told to, so that several versions can be measured in turns.

    python benchmarks/probe.py SCENARIO --customers 1000000 --periods 20 --threads 2

Works with version 0.1.0 too, and so imports nothing that has moved since but by trying. Prints a line of JSON when the
world is there, then one for each line that it reads: the seconds on the clock and of the processor of as many more
periods as the line says.
At the end of its input it prints what the arrays and the process took of memory.
"""

import argparse
import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.engine.simulation import Simulation
from sim.scenario import load_scenario

try:
    uniforms = import_module("sim.model.luck").uniforms
except ModuleNotFoundError:  # where 0.1.0 has it
    uniforms = import_module("sim.rules.luck").uniforms

DRAWS = 1_000_000


@kernel
def sum_of_uniforms(draws: int, seed: int) -> float:
    """The reference loop of machine.py."""
    total = 0.0
    for i in range(draws // 4):
        a, b, c, d = uniforms(seed, 0, i, 0, 0)
        total += a + b + c + d
    return total


def reference_speed() -> float:
    """Uniforms a second on one thread, in millions."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        sum_of_uniforms(DRAWS, np.uint64(1))
        seconds.append(time.perf_counter() - start)
    return DRAWS / min(seconds) / 1e6


def peak_memory() -> int:
    """The largest memory of this process so far, bytes; 0 where the system does not say."""
    status = Path("/proc/self/status")
    for line in status.read_text(encoding="ascii").splitlines() if status.is_file() else ():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    return 0


def _tell(**found: Any) -> None:
    print(json.dumps(found), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario")
    parser.add_argument("--customers", type=int, required=True)
    parser.add_argument("--periods", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()

    def world(customers: int, periods: int) -> Any:
        changed = [f"market.customers={customers}", f"run.periods={periods}", "run.replications=1"]
        return Simulation(load_scenario(options.scenario, changed).scenario, threads=options.threads)

    world(20_000, 3).run()  # kernels come from the cache, or are compiled here
    sum_of_uniforms(4, np.uint64(1))
    start = time.perf_counter()
    simulation = world(options.customers, options.periods)
    _tell(setup=time.perf_counter() - start)
    for line in sys.stdin:
        reference = reference_speed()
        start, before = time.perf_counter(), time.process_time()
        for _ in range(int(line)):
            simulation.step()
        _tell(seconds=time.perf_counter() - start, processor=time.process_time() - before, reference=reference)
    buffers = getattr(simulation, "_found", ())
    arrays = [*simulation.state, *simulation.network, *buffers]
    _tell(bytes=sum(array.nbytes for array in arrays) / options.customers, peak=peak_memory() / options.customers)


if __name__ == "__main__":
    main()
