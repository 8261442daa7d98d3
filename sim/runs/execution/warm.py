"""Compiled code is ready before runs are counted, timed or limited."""

from __future__ import annotations

import sys
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

from sim.runs.execution.task import Task

if TYPE_CHECKING:
    from sim.runs.execution.simulate import SimulationTask

CUSTOMERS, PERIODS = 1000, 26
"""A world of this size touches every compiled loop."""

_LAST: list[weakref.ref[Task]] = []
"""The task that was prepared last."""


def prepare(task: Task) -> None:
    """Load, or compile where they are not on disk yet, the loops that a task needs.

    A task with a method `prepare()` is asked to do it; for `SimulationTask` a small world of its first scenario is
    simulated. Whatever goes wrong here is left for the runs to report.

    >>> class Half:
    ...     outputs = ("half",)
    ...
    ...     def prepare(self):
    ...         print("ready")
    >>> prepare(Half())
    ready
    """
    if _LAST and _LAST[0]() is task:
        return
    with suppress(TypeError):  # few objects cannot be referred to weakly; they are prepared again
        _LAST[:] = [weakref.ref(task)]
    simulate = sys.modules.get("sim.runs.execution.simulate")  # heavy: not imported for tasks of another kind
    with suppress(Exception):
        if simulate is not None and isinstance(task, simulate.SimulationTask):
            _simulate_little(task)
        elif hasattr(task, "prepare"):
            task.prepare()


def _simulate_little(task: SimulationTask) -> None:
    from dataclasses import replace

    from sim.compiled import PLAIN
    from sim.model.market import Network, Settling

    if PLAIN:
        return
    scenario = next(iter(task.bases.values()))
    kind = scenario.market.network.kind
    network = Network(kind="small_world" if kind == "edges" else kind)
    small = {"network": network, "customers": min(scenario.market.customers, CUSTOMERS)}
    changes = {
        "market": scenario.market.model_copy(update=small),
        "run": scenario.run.model_copy(
            update={"periods": min(scenario.run.periods, PERIODS), "warm_up": 0, "panel": 0, "settling": Settling()}
        ),
    }
    replace(task, bases={(): scenario.model_copy(update=changes)})({}, 1, lambda: None)
