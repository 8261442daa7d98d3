"""Compiled code is ready before runs are counted, timed or limited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.studies.execution.task import Task

if TYPE_CHECKING:
    from sim.studies.execution.simulate import SimulationTask

CUSTOMERS, PERIODS = 1000, 26
"""A world of this size touches every compiled loop."""


def prepare(task: Task) -> None:
    """Load, or compile where they are not on disk yet, the loops that a task needs.

    A task with a method `prepare` is asked to do it; for `SimulationTask` a small world of its first scenario is
    simulated. Whatever goes wrong here is left for the runs to report.

    >>> class Half:
    ...     outputs = ("half",)
    ...
    ...     def prepare(self):
    ...         print("ready")
    >>> prepare(Half())
    ready
    """
    own = getattr(task, "prepare", None)
    if own is not None:
        own()
        return
    from sim.studies.execution.simulate import SimulationTask

    if isinstance(task, SimulationTask) and task.bases:
        _simulate_little(task)


def _simulate_little(task: SimulationTask) -> None:
    from contextlib import suppress
    from dataclasses import replace

    from sim.vocabulary.market import Network

    scenario = next(iter(task.bases.values()))
    kind = scenario.market.network.kind
    network = Network(kind="small_world" if kind == "edges" else kind)
    small = {"network": network, "customers": min(scenario.market.customers, CUSTOMERS)}
    changes = {
        "market": scenario.market.model_copy(update=small),
        "run": scenario.run.model_copy(update={"periods": min(scenario.run.periods, PERIODS), "panel": 0}),
    }
    with suppress(Exception):
        replace(task, bases={(): scenario.model_copy(update=changes)})({}, 1, lambda: None)
