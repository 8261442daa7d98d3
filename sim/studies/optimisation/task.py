"""What is done at a choice: the experiment's task, which knows today's presets too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sim.studies.execution.simulate import SimulationTask, presets_of
from sim.studies.experiment.plan import Plan


def task_of(plan: Plan, outputs: Sequence[str]) -> SimulationTask:
    """The task of an experiment; today's presets are known to it, whether or not they are among the levers' values.

    Args:
        plan: The experiment on its scenario.
        outputs: What is recorded.
    """
    task = plan.task(outputs)
    today = presets_of({path: value for path, value in plan.base_values.items() if value is not None})
    return replace(task, bases={today: plan.scenario, **task.bases})
