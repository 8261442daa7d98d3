"""`sim.industries`: from scenario files to the table of their figures beside public ones."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model.scenario import Scenario
from sim.results.intervals import mean_interval
from sim.results.manifest import Stopwatch, circumstances, scenario_hash
from sim.rules.reading import RuleSource
from sim.runs.evaluation import Progress
from sim.runs.experiment.plan import ExperimentPlan
from sim.runs.experiment.points import PointValues
from sim.runs.session import Means, open_evaluation
from sim.studies.elasticity import elasticities
from sim.studies.industries import SHOWN
from sim.studies.industries.figures import ELASTICITY, FIGURES
from sim.studies.industries.industries import Industries, mark
from sim.studies.industries.industries_plan import (
    PRICE,
    REPLICATIONS,
    RISE,
    UNITS,
    IndustryPlan,
    plan_industry,
    scenario_files,
)
from sim.studies.industries.public import PublicFigure, public_figures
from sim.vocabulary.errors import ExitVoiceError, ScenarioError
from sim.words import say, translated

Values = npt.NDArray[np.float64]
KIND = "industries"


class IndustriesError(ExitVoiceError):
    """All runs of a scenario failed; the message gives the first reason."""


def industries(
    files: Sequence[str | os.PathLike[str]],
    *,
    industry: str | None = None,
    replications: int = REPLICATIONS,
    overrides: Sequence[str] = (),
    rules: Sequence[RuleSource] = (),
    workers: int | None = None,
    engine: str = "auto",
    progress: Progress | None = None,
) -> Industries:
    """Measure scenarios of industries, and set their figures beside what is public of their trades.

    Args:
        files: Scenario files; a folder stands for those of its files that are called like an industry.
        industry: Whose public figures stand beside them; those of each scenario's name if left out.
        replications: Runs with independent luck of each scenario.
        overrides: Parameters as `path=value`, for every file.
        rules: Files with rules from outside, for every scenario.
        workers: Workers at a time; all processors if left out. The result does not depend on it.
        engine: `auto`, `in-process`, `spawn`, `loky` or `mpi`.
        progress: Called with runs done, runs failed and runs altogether.

    Raises:
        ScenarioError: If a file or an override is not right, two scenarios have the same name, or no public figures of
            an industry are known.
        IndustriesError: If all runs of a scenario failed.

    Warns:
        FailedRunsWarning: Where runs failed; they are left out.

    Example:
        >>> found = industries(["scenarios/telecom.yaml", "scenarios/bank.yaml"])  # doctest: +SKIP
        >>> found.figures, found.sentences  # doctest: +SKIP
    """
    plans = planned(files, industry=industry, replications=replications, overrides=overrides, rules=rules)
    clock = Stopwatch()
    told = _JointProgress(progress, sum(plan.planned for plan in plans))
    tables = [_table(plan, workers, engine, told) for plan in plans]
    manifest: dict[str, Any] = {
        **circumstances(),
        "kind": KIND,
        "replications": replications,
        "overrides": list(overrides),
        "scenarios": [
            {
                "name": plan.today.scenario.name,
                "industry": plan.industry,
                "seed": plan.today.scenario.run.seed,
                "scenario_sha256": scenario_hash(plan.today.scenario),
            }
            for plan in plans
        ],
        **clock.told(),
        "engine": engine,
        "workers": workers,
    }
    return Industries(
        scenarios={plan.today.scenario.name: plan.today.scenario for plan in plans},
        figures=pd.concat(tables, ignore_index=True),
        replications=replications,
        manifest=manifest,
        presentation=SHOWN,
    )


def planned(
    files: Sequence[str | os.PathLike[str]],
    *,
    industry: str | None = None,
    replications: int = REPLICATIONS,
    overrides: Sequence[str] = (),
    rules: Sequence[RuleSource] = (),
) -> list[IndustryPlan]:
    """What is run, in the order of the files; arguments and errors as of `industries`."""
    plans = [
        plan_industry(file, industry=industry, replications=replications, overrides=overrides, rules=rules)
        for file in scenario_files(files)
    ]
    names = [plan.today.scenario.name for plan in plans]
    for name in names:
        if names.count(name) > 1:
            raise ScenarioError(say("two scenarios have the same name"), "name", found=name)
    return plans


class _JointProgress:
    """Progress of several evaluations as if they were one."""

    def __init__(self, told: Progress | None, total: int) -> None:
        self._told, self._total = told, total
        self._done = self._failed = 0
        self._now = (0, 0)

    def __call__(self, done: int, failed: int, _: int) -> None:
        """Runs of the present evaluation."""
        self._now = (done, failed)
        if self._told is not None:
            self._told(self._done + done, self._failed + failed, self._total)

    def close(self) -> None:
        """The present evaluation is over."""
        self._done += self._now[0]
        self._failed += self._now[1]
        self._now = (0, 0)


def _outputs(
    plan: ExperimentPlan, points: Sequence[PointValues], workers: int | None, engine: str, progress: _JointProgress
) -> dict[str, Values]:
    """Outputs by name: float64[points, replications]; NaN where a run failed."""
    means = Means(workers=workers, engine=engine, progress=progress)
    with open_evaluation(plan, plan.task(), KIND, means) as evaluation:
        rows = evaluation.evaluate(points, plan.experiment.replications)
        reason = evaluation.reason
    progress.close()
    shape = (len(points), plan.experiment.replications)
    found = {name: rows[name].to_numpy(np.float64).reshape(shape) for name in plan.experiment.outputs}
    if not any(np.isfinite(values).any() for values in found.values()):
        raise IndustriesError(say("{name}: all runs failed: {reason}", name=plan.scenario.name, reason=reason))
    return found


def _table(plan: IndustryPlan, workers: int | None, engine: str, progress: _JointProgress) -> pd.DataFrame:
    """The rows of one scenario."""
    today = {name: values[0] for name, values in _outputs(plan.today, [{}], workers, engine, progress).items()}
    points: list[PointValues] = [{PRICE: price} for price in plan.prices]
    units = _outputs(plan.priced, points, workers, engine, progress)[UNITS]
    public = public_figures().of(plan.industry)
    named: dict[str, Callable[[], Values]] = {ELASTICITY: lambda: elasticities(units[1], units[0], RISE)}
    return pd.DataFrame(
        [
            _row(
                plan.today.scenario,
                plan.industry,
                number,
                named[figure.name]() if figure.name in named else figure.compute(today),
                public.get(figure.name),
            )
            for number, figure in enumerate(FIGURES)
        ]
    )


def _row(scenario: Scenario, industry: str, number: int, values: Values, public: PublicFigure | None) -> dict[str, Any]:
    figure = FIGURES[number]
    value, low, high = mean_interval(values).within(*figure.bounds)
    return {
        "scenario": scenario.name,
        "industry": industry,
        "trade": public_figures().industries[industry].trade,
        "figure": figure.name,
        "label": translated(figure.label),
        "unit": figure.unit.replace("money", scenario.money.currency),
        "value": value,
        "low": low,
        "high": high,
        "public_low": math.nan if public is None else public.low,
        "public_high": math.nan if public is None else public.high,
        "mark": mark(value, public),
        "second_hand": public is not None and public.second_hand,
        "source": "" if public is None else public.source,
        "where": "" if public is None else public.where,
        "differs": "" if public is None else public.differs,
    }
