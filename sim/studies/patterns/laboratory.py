"""The worlds that the patterns compare: the baseline and its variants, each run with the same luck."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.model.market import PERIODS_PER_YEAR
from sim.model.rooms import OBSERVABLES, O
from sim.model.scenario import Scenario
from sim.parameters.paths import assign, validated
from sim.results.keyfigures import KEY_FIGURES, replications
from sim.results.series import build_series
from sim.runs.run import replication_seed
from sim.studies.patterns.variants import Variant
from sim.vocabulary.observables import FIXED_POINT

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation
    from sim.engine.tables import Tables


def over(part: float, whole: float) -> float:
    """One over the other; no number where there is nothing to divide by, for nobody met it in a small market.

    >>> over(1.0, 4.0), over(0.0, 0.0)
    (0.25, nan)
    """
    return float(part / whole) if whole else math.nan


@dataclass(frozen=True)
class LaboratoryWorld:
    """One replication of one variant, seen from the focal firm."""

    scenario: Scenario
    tables: Tables
    satisfaction: npt.NDArray[np.float64]
    notes: Mapping[str, Any]

    @property
    def per_year(self) -> int:
        """Periods in a year."""
        return PERIODS_PER_YEAR[self.scenario.run.period]

    def each(self, name: str) -> npt.NDArray[np.float64]:
        """A tally of the focal firm, a value for each period."""
        index = getattr(O, name)
        values = self.tables.tallies[:, 0, :, index].sum(axis=1) * 1.0
        return values / FIXED_POINT if OBSERVABLES[index].form == "amount" else values

    def total(self, *names: str) -> float:
        """Sum of flows over the run."""
        return float(sum(self.each(name).sum() for name in names))

    def mean(self, amount: str, first: int = 0, last: int | None = None, weight: str = "active") -> float:
        """Mean over customers and the periods from `first` to before `last`."""
        return over(self.each(amount)[first:last].sum(), self.each(weight)[first:last].sum())

    @cached_property
    def figures(self) -> dict[str, float]:
        """The key figures of this run."""
        run = replications(build_series(self.scenario, [self.tables]), self.scenario, [self.tables])[0]
        return {figure.name: figure.compute(run) for figure in KEY_FIGURES}

    def cohort_retention(self, year: int) -> float:
        """Share kept through their year number `year` (1 is the first) of the customers at the start."""
        left = self.tables.leavers[0, 0].sum(axis=0)
        everyone = left.sum() + self.tables.stayers[0, 0].sum()
        alive = everyone - np.concatenate([[0], np.cumsum(left)])
        return over(alive[year * self.per_year], alive[(year - 1) * self.per_year])


class Laboratory:
    """Runs variants of one scenario when they are asked for, and remembers them.

    All variants of replication r have the same seed, so each person has the same luck in all of them and a comparison
    is paired person by person. All begin by the parameters, without settling: variants differ in who people are, and
    each would have settled in a world of its own.

    Args:
        scenario: The baseline.
        variants: The worlds by name.
        replications: Runs with independent luck of each.
        threads: Threads of a run; results do not depend on it.
        progress: Told the name of a variant before it is run.
    """

    def __init__(
        self,
        scenario: Scenario,
        variants: Mapping[str, Variant],
        replications: int,
        threads: int | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> None:
        self.scenario = changed(scenario, {"run.settling.years": 0})
        self.variants = variants
        self.replications = replications
        self.threads = threads
        self.progress = progress
        self._worlds: dict[str, list[LaboratoryWorld]] = {}

    def worlds(self, name: str) -> list[LaboratoryWorld]:
        """All replications of a variant."""
        if name not in self._worlds:
            if self.progress is not None:
                self.progress(name)
            variant = self.variants[name]
            scenario = changed(self.scenario, variant.changes)
            seeds = [replication_seed(scenario.run.seed, r) for r in range(self.replications)]
            self._worlds[name] = [self._run(scenario, variant, seed) for seed in seeds]
        return self._worlds[name]

    def _run(self, scenario: Scenario, variant: Variant, seed: int) -> LaboratoryWorld:
        from sim.engine import simulation as engine
        from sim.studies.patterns import watched

        kind: type[Simulation] = getattr(watched, variant.kind) if variant.kind else engine.Simulation
        run = kind(scenario, seed=seed, threads=self.threads, patch=variant.patch)
        tables = run.run()
        mine = run.state.satisfaction[run.state.supplier == 0].astype(np.float64)
        return LaboratoryWorld(scenario, tables, mine, getattr(run, "notes", {}))


def changed(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """The scenario with several parameters replaced at once, validated."""
    if not changes:
        return scenario
    tree = scenario.model_dump()
    for path, value in changes.items():
        if path in ("timeline", "rivals"):
            tree[path] = value
        else:
            assign(tree, path, value, type(scenario))
    return validated(tree, kind=type(scenario))
