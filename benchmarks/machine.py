"""The machine under the benchmark: what it is, how fast it is just now, and how much memory a process has taken."""

import contextlib
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.model.luck import uniforms

REFERENCE_DRAWS = 1_000_000


@kernel
def _sum_of_uniforms(draws: int, seed: int) -> float:
    total = 0.0
    for i in range(draws // 4):
        a, b, c, d = uniforms(seed, 0, i, 0, 0)
        total += a + b + c + d
    return total


def reference_speed(repeats: int = 5) -> float:
    """Philox uniforms a second on one thread, in millions, the best of some repeats.

    The loop fits into the caches and depends on nothing but the processor: where it differs between two tables, so
    does the machine (its clock, its neighbours), and only ratios within one table compare.
    """
    seed = np.uint64(1)
    _sum_of_uniforms(4, seed)
    seconds = least_and_median(lambda: _sum_of_uniforms(REFERENCE_DRAWS, seed), repeats)[0]
    return REFERENCE_DRAWS / seconds / 1e6


def least_and_median(action: Callable[[], Any], repeats: int) -> tuple[float, float]:
    """Seconds that the action takes, at least and in the median."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return min(seconds), statistics.median(seconds)


def _status(field: str) -> int | None:
    """A field of Linux's account of this process, bytes."""
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) * 1024
    return None


def peak_memory() -> int:
    """The largest memory of this process since it began or since `forget_peak`, bytes (resident set)."""
    known = _status("VmHWM")  # unlike getrusage, not inherited from the process that started this one
    if known is not None:
        return known
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def forget_peak() -> int:
    """Let the peak begin anew where the system can (Linux), and return the memory from which it then grows."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS") or peak_memory()


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def description() -> dict[str, Any]:
    """Processor, cores, load and versions."""
    import numba

    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        names = [
            line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if line[:10] == "model name"
        ]
        model = names[0] if names else model
    return {
        "processor": model,
        "cores": cores(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
    }
