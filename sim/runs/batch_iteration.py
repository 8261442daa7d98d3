"""Which iteration of Mesa's `batch_run` is being made: Mesa does not tell the model."""

from __future__ import annotations

import inspect
import sys

import mesa.batchrunner

_SEEDS_ITERATIONS = "rng" in inspect.signature(mesa.batchrunner.batch_run).parameters
"""Whether this Mesa's `batch_run` gives each iteration its seed, or None; before, a seed was one of the parameters."""


def iteration_of_batch_run() -> int:
    """Which of the iterations of Mesa's `batch_run` is being made, when asked by a model's constructor; else 0.

    It is 0 too where the iteration has a seed of its own, as from Mesa 3.5 on: the row that says 7 is the run of 7.

    Mesa tells the constructor nothing of it, and models that draw no luck of their own would be the same run again and
    again. It stands in the function of Mesa that calls the constructor, also in its worker processes.
    """
    doing = getattr(mesa.batchrunner, "_model_run_func", None)
    frame = sys._getframe(1)
    while frame.f_code.co_name == "__init__" and frame.f_back is not None:  # those of classes derived from ours too
        frame = frame.f_back
    run = frame.f_locals.get("run") if doing is not None and frame.f_code is doing.__code__ else None
    if not (isinstance(run, tuple) and len(run) == 3):  # its number, iteration, and arguments
        return 0
    seeded = _SEEDS_ITERATIONS and any(run[2].get(name) is not None for name in ("seed", "rng"))
    return 0 if seeded else int(run[1])
