"""`sim.cost`: from a scenario file to what quality costs, measured by worlds with the same luck."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model.quality_cost import prevented
from sim.parameters.timeline import WITHOUT_FAILURES, Patch
from sim.results.folder import keep_answer
from sim.results.intervals import Interval, mean_interval, spread
from sim.results.quality_worlds import LABELS
from sim.rules.reading import RuleSource
from sim.runs.evaluation import Progress
from sim.runs.session import Means
from sim.studies.cost import COST, SHOWN
from sim.studies.cost.cost_plan import ITEMS, PREVENTION, REPLICATIONS, STEPS, CostPlan, plan_cost
from sim.studies.cost.costed import BY_FORMULA, LEAST, OPPORTUNITY, TOTAL, CostOfQuality, label_of
from sim.studies.patched import Outputs, live_worlds
from sim.studies.study_of_scenario import common
from sim.words import say, translated

Values = npt.NDArray[np.float64]


def cost(
    file: str | os.PathLike[str] | CostPlan,
    *,
    replications: int = REPLICATIONS,
    years: int | None = None,
    steps: int = STEPS,
    overrides: Sequence[str] | None = None,
    rules: Sequence[RuleSource] = (),
    out: str | Path | None = None,
    workers: int | None = None,
    engine: str = "auto",
    dask: str | None = None,
    resume: bool = False,
    report: bool = True,
    progress: Progress | None = None,
) -> CostOfQuality:
    """Measure what quality costs, and at which spending on prevention the whole costs least.

    Prevention, appraisal, and internal and external failures are booked; the opportunity cost is the margin, before
    the direct costs of failures, that the firm would have had in a world without failures, with the same people and
    luck.

    Args:
        file: The scenario file, or what `plan_cost` made of one; then the next five are those of the plan.
        replications: Runs with the same luck in every world.
        years: Length of the runs; the scenario's own if left out.
        steps: Steps of prevention from nothing to plenty, today's apart.
        overrides: Parameters of the scenario as `path=value`.
        rules: Files with rules from outside.
        out: Folder that keeps every run, and in `analysis` within it the tables, figures and report; nothing is written
            if left out.
        workers: Workers at a time; all processors if left out. The result does not depend on it.
        engine: `auto`, `in-process`, `spawn`, `loky` or `mpi`.
        dask: Address of a Dask scheduler.
        resume: Go on with the runs in `out`; only with the same scenario and the same question.
        report: Write `report.html` and figures.
        progress: Called with runs done, runs failed and runs altogether.

    Raises:
        ScenarioError: If the file or an override is not right, or memory does not suffice.
        FolderError: If the folder is taken, cannot be written or holds another study.
        WorldError: If fewer than two runs of today were done.

    Warns:
        FailedRunsWarning: Where runs failed; they are left out in pairs.

    Example:
        >>> found = cost("scenarios/baseline.yaml")  # doctest: +SKIP
        >>> found.items, found.curve, found.plot.prevention()  # doctest: +SKIP
    """
    plan = file
    if not isinstance(plan, CostPlan):
        plan = plan_cost(plan, replications=replications, years=years, steps=steps, overrides=overrides, rules=rules)
    means = Means(out=out, workers=workers, engine=engine, dask=dask, resume=resume, progress=progress)
    done, outputs = live_worlds(plan, plan.task(), COST.kind, means, plan.patches)
    worlds = _CostWorlds(plan, outputs)
    curve, totals = _curve(plan, worlds)
    found = CostOfQuality(
        **common(plan, done, SHOWN),
        items=_items(worlds),
        worlds=_better(plan, worlds),
        curve=curve,
        figures=_figures(plan, worlds, curve, totals),
    )
    return keep_answer(found, out, report=report)


class _CostWorlds:
    """The outputs of all worlds, asked for by their patch."""

    def __init__(self, plan: CostPlan, outputs: Outputs) -> None:
        self._places = {_name(patch): number for number, patch in enumerate(plan.patches)}
        self._outputs = outputs

    def of(self, patch: Patch, output: str) -> Values:
        """An output in a world, replication by replication."""
        return self._outputs[output][self._places[_name(patch)]]

    def contribution(self, patch: Patch) -> Values:
        """Margin before the direct costs of failures."""
        return self.of(patch, "margin.total") + self.of(patch, "failure_cost.total")

    def costs(self, patch: Patch, without: Patch) -> dict[str, Values]:
        """The costs of quality in a world; the opportunity cost against the same world without failures."""
        found = {name: self.of(patch, output) for name, output in ITEMS.items()}
        found[OPPORTUNITY] = self.contribution(without) - self.contribution(patch)
        found[TOTAL] = sum(found.values(), np.zeros_like(found[OPPORTUNITY]))
        return found


def _name(patch: Patch) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(patch.items()))


def _items(worlds: _CostWorlds) -> pd.DataFrame:
    """What quality costs today."""
    revenue, years = worlds.of({}, "revenue.total"), worlds.of({}, "customer_years.total")
    rows = []
    for name, values in worlds.costs({}, WITHOUT_FAILURES).items():
        of_revenue, per_year = _ratio(values, revenue), _ratio(values, years)
        rows.append((name, label_of(name), *mean_interval(values), of_revenue, per_year))
    columns = ["item", "label", "value", "low", "high", "of_revenue", "per_customer_year"]
    return pd.DataFrame(rows, columns=columns)


def _ratio(over: Values, under: Values) -> float:
    """A ratio of means, of those replications in which both are known; NaN of nothing."""
    known = np.isfinite(over) & np.isfinite(under)
    whole = under[known].sum()
    return float(over[known].sum() / whole) if whole else math.nan


def _better(plan: CostPlan, worlds: _CostWorlds) -> pd.DataFrame:
    """What the firm would have earned were it better, and how many customers it would have."""
    rows = []
    for name, patch in plan.better:
        row: dict[str, Any] = {"world": name, "label": translated(LABELS[name])}
        row |= spread("missed", worlds.contribution(patch) - worlds.contribution({}))
        for column, output in (("margin", "margin.total"), ("customers", "customers")):
            row |= spread(column, worlds.of(patch, output) - worlds.of({}, output))
        rows.append(row)
    return pd.DataFrame(rows)


def _curve(plan: CostPlan, worlds: _CostWorlds) -> tuple[pd.DataFrame, Values]:
    """The costs at each spending on prevention, and the totals: float64[steps, replications]."""
    costs: list[dict[str, Values]] = []
    margins = []
    for level in plan.levels:
        patch: Patch = {PREVENTION: level}
        costs.append(worlds.costs(patch, {**patch, **WITHOUT_FAILURES}))
        margins.append(worlds.of(patch, "margin.total"))
    totals = np.array([found[TOTAL] for found in costs])
    means = np.array([mean_interval(row).value for row in totals])
    least = int(np.nanargmin(means))
    known = np.isfinite(totals).all(axis=0)
    winners = np.argmin(totals[:, known], axis=0) if known.any() else np.zeros(0, np.int64)
    rows = []
    for number, (level, found) in enumerate(zip(plan.levels, costs, strict=True)):
        more = spread("more", totals[number] - totals[least])
        rows.append(
            {
                "prevention": level,
                "is_today": level == plan.today,
                **{_column(name): mean_interval(values).value for name, values in found.items()},
                **spread("total", totals[number]),
                **more,
                "is_least": number == least,
                "told_apart": number != least and more["more_low"] > 0.0,
                "least_share": float((winners == number).mean()) if winners.size else math.nan,
                "margin": mean_interval(margins[number]).value,
            }
        )
    return pd.DataFrame(rows), totals


def _figures(plan: CostPlan, worlds: _CostWorlds, curve: pd.DataFrame, totals: Values) -> pd.DataFrame:
    """The spending at which all costs least, how sure that is, and what the formula says."""
    least = curve[curve["is_least"]].iloc[0]
    near = curve.loc[~curve["told_apart"], "prevention"]
    best = float(curve["prevention"].iloc[int(curve["margin"].argmax())])
    today = int(curve["is_today"].to_numpy().argmax())
    saved = mean_interval(totals[today] - totals[int(curve["is_least"].to_numpy().argmax())])
    money = plan.scenario.money.currency
    spent = say("{money} per customer and year", money=money)
    formula = _by_formula(plan, worlds)
    rows = [
        (
            LEAST,
            say("Prevention at which all costs of quality together are least"),
            *Interval(float(least["prevention"]), float(near.min()), float(near.max())),
            spent,
        ),
        ("least_share", say("Replications in which it is"), float(least["least_share"]), math.nan, math.nan, "share"),
        ("today", say("Prevention today"), plan.today, math.nan, math.nan, spent),
        ("saved", say("What that would save against today"), *saved, money),
        (BY_FORMULA, say("Least by the formula"), *formula, spent),
        ("margin", say("Prevention at which the margin is highest"), best, math.nan, math.nan, spent),
    ]
    return pd.DataFrame(rows, columns=["name", "label", "value", "low", "high", "unit"])


def _by_formula(plan: CostPlan, worlds: _CostWorlds) -> Interval:
    """The best spending if what failures cost falls as they do: max(0, reference + p0 ln((1 - u) F / p0)).

    u: the part that nothing prevents. F: cost of failures per customer-year at the reference spending, booked and
    missed. What is spent on complaints in the world without failures as well is not theirs.
    """
    costs = plan.scenario.firm.costs
    scale = costs.prevention_scale
    if scale <= 0.0:
        return Interval(0.0, math.nan, math.nan)
    booked = worlds.of({}, "failure_cost.total") - worlds.of(WITHOUT_FAILURES, "failure_cost.total")
    failures = booked + worlds.costs({}, WITHOUT_FAILURES)[OPPORTUNITY]
    with np.errstate(divide="ignore", invalid="ignore"):
        at_reference = failures / worlds.of({}, "customer_years.total") / prevented(costs)
        preventable = (1.0 - costs.unpreventable_share) * at_reference
        best = costs.prevention_reference + scale * np.log(np.maximum(preventable, 0.0) / scale)
    return mean_interval(np.maximum(best, 0.0))


def _column(item: str) -> str:
    return item if item == TOTAL else f"{item}_cost"
