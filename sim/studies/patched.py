"""Worlds that differ from a scenario by a patch: the same people with the same luck, counted person by person."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model.scenario import Scenario
from sim.parameters.timeline import Patch
from sim.results.outputs import measure
from sim.rules.reading import RuleSource
from sim.runs.execution.task import DONE, Task, Tick
from sim.runs.experiment.definition import Factor
from sim.runs.experiment.plan import ExperimentPlan, experiment_on, load_lasting
from sim.runs.experiment.points import PointValues
from sim.runs.experiment.reader import plan_experiment
from sim.runs.session import Done, Means, do_runs
from sim.vocabulary.errors import ExitVoiceError
from sim.words import say

Outputs = dict[str, npt.NDArray[np.float64]]
"""Outputs by name: float64[worlds or points, replications], of one of them float64[replications]; NaN where a run
failed."""

LEFT, BUT_FOR, ONLY_THERE = "left", "but_for", "only_there"
PERSONS = (LEFT, BUT_FOR, ONLY_THERE)
"""Of the customers at the start: who left; who left in the world as it is and not here; who left here alone."""


class WorldError(ExitVoiceError):
    """So many runs failed that worlds cannot be compared; the message gives the first reason."""


@dataclass(frozen=True)
class PatchedTask:
    """Simulate a scenario under a patch, which holds in every period that is counted, whatever the timeline says.

    The people and their luck are those of the scenario as it is, and so is a warm-up.

    Attributes:
        outputs: Recorded outputs by name (`sim.results.outputs`), and any of `PERSONS`.
        scenario: The world as it is.
        base_dir: Folder that an edge list is relative to.

    >>> from sim.model.market import Market, Run
    >>> small = Scenario(market=Market(customers=50), run=Run(periods=1))
    >>> PatchedTask(("left",), small)({}, 1, lambda: None)
    {'left': ...}
    """

    outputs: tuple[str, ...]
    scenario: Scenario
    base_dir: Path | None = None

    @cached_property
    def _left(self) -> dict[int, npt.NDArray[np.uint8]]:
        """Who left in the world as it is, a bit a place, by seed."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        """What is sent to workers: not what they find out themselves."""
        return {"outputs": self.outputs, "scenario": self.scenario, "base_dir": self.base_dir}

    def __call__(self, values: PointValues, seed: int, tick: Tick) -> Mapping[str, float]:
        """Simulate once; once more, the first time with a seed, where persons are compared with the world as it is."""
        tables, left = self._world(values, seed, tick)
        found = measure(self.scenario, tables, None, [name for name in self.outputs if name not in PERSONS])
        if set(PERSONS) & set(self.outputs):
            if seed not in self._left:
                here = left if not values else self._world({}, seed, tick)[1]
                self._left[seed] = np.packbits(here)
            here = np.unpackbits(self._left[seed], count=len(left)).astype(bool)
            persons = {LEFT: left.sum(), BUT_FOR: (here & ~left).sum(), ONLY_THERE: (left & ~here).sum()}
            found |= {name: float(count) for name, count in persons.items()}
        return {name: found[name] for name in self.outputs}

    def _world(self, patch: Patch, seed: int, tick: Tick) -> tuple[Any, npt.NDArray[np.bool_]]:
        """The tables of a world, and which of the focal firm's customers at the start have ever left."""
        from sim.engine.simulation import Simulation

        scenario = self.scenario
        if scenario.run.panel:  # nobody is looked at one by one
            scenario = scenario.model_copy(update={"run": scenario.run.model_copy(update={"panel": 0})})
        run = Simulation(scenario, seed=seed, threads=1, base_dir=self.base_dir, patch=patch)
        while run.period < 0:
            run.step()
            tick()
        customer = np.asarray(run.state.supplier == 0)
        joined, born = run.state.joined.copy(), run.state.people["born"].copy()
        tables = run.run(lambda _: tick())
        stayed = np.asarray(run.state.supplier == 0)
        stayed = stayed & (run.state.joined == joined) & (run.state.people["born"] == born)  # or came back, joined anew
        return tables, customer & ~stayed


def plan_worlds(
    file: str | os.PathLike[str],
    worlds: Callable[[Scenario], Sequence[Patch]],
    *,
    replications: int,
    years: int | None,
    overrides: Sequence[str] | None = None,
    rules: Sequence[RuleSource] = (),
) -> tuple[dict[str, Any], tuple[Patch, ...]]:
    """Read a scenario, and lay out which worlds are run beside it.

    Args:
        file: The scenario file.
        worlds: Gives the patches for the scenario; the world as it is, `{}`, need not be among them.
        replications: Runs with the same luck in every world.
        years: Length of the runs; None for the scenario's own.
        overrides: Parameters of the scenario as `path=value`.
        rules: Files with rules from outside.

    Returns:
        The fields of the plan, for a kind of `ExperimentPlan`; and the patches, the world as it is first, each world
        once.

    Raises:
        ScenarioError: If the file, an override or a patch is not right.
    """
    path = Path(file)
    loaded, periods = load_lasting(path, years, overrides or (), rules)
    scenario, own = loaded.scenario, {} if years is None else {"run.periods": periods}
    patches: list[Patch] = [{}]
    for patch in worlds(scenario):
        if dict(patch) not in patches:
            patches.append(dict(patch))
    values: dict[str, list[Any]] = {}
    for patch in patches:
        for name, value in patch.items():
            known = values.setdefault(name, [])
            if value not in known:
                known.append(value)
    uncertainties = {name: Factor(values=sorted(found)) for name, found in values.items()}
    experiment = experiment_on(scenario, path, replications, set=own, uncertainties=uncertainties)
    plan = plan_experiment(experiment, path.parent, tuple(overrides or ()), rules)
    # a patch holds whatever the timeline says, and its values are no settings to be judged
    told = tuple(text for text in plan.warnings if not text.startswith("uncertainties."))
    return {**plan.declared, "warnings": told}, tuple(patches)


def live_worlds(
    plan: ExperimentPlan,
    task: Task,
    kind: str,
    means: Means,
    worlds: Sequence[PointValues],
    also: Mapping[str, Any] | None = None,
) -> tuple[Done, Outputs]:
    """Do all runs of a study of worlds, the world as it is first; arguments and other errors as of `do_runs`.

    Raises:
        WorldError: If fewer than two runs of the world as it is were done.
    """
    done = do_runs(plan, task, kind, means, worlds, also)
    return done, outputs_by_world(done.rows, task.outputs, plan.experiment.replications)


def outputs_by_world(rows: pd.DataFrame, names: Sequence[str], replications: int) -> Outputs:
    """The rows of an evaluation as tables: worlds by replications.

    Raises:
        WorldError: If fewer than two runs of the world as it is, which comes first, were done.
    """
    found = {name: rows[name].to_numpy(np.float64).reshape(-1, replications) for name in names}
    done = (rows["status"] == DONE).to_numpy().reshape(-1, replications)
    if done[0].sum() < 2:
        reasons = rows.loc[rows["status"] != DONE, "reason"]
        reason = str(reasons.iloc[0]) if len(reasons) else say("one run only")
        raise WorldError(say("too many runs failed, so that nothing can be compared: {reason}", reason=reason))
    return found
