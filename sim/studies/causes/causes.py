"""`sim.causes`: from a scenario file to why customers leave."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.parameters.timeline import Patch
from sim.results.folder import keep_answer
from sim.results.intervals import mean_interval, spread
from sim.rules.reading import RuleSource
from sim.runs.evaluation import Progress
from sim.runs.session import Means
from sim.studies.attributed import CONTRIBUTION, Attributed, Values, attribute, names_of
from sim.studies.causes import CAUSES, SHOWN
from sim.studies.causes.causes_of_churn import EXPLAINED, LEAVERS, OTHERS, START, CausesOfChurn
from sim.studies.causes.causes_plan import AT_START, ORDERS, REPLICATIONS, CausesPlan, plan_causes
from sim.studies.patched import BUT_FOR, LEFT, ONLY_THERE, Outputs, live_worlds
from sim.studies.shapley import Coalition
from sim.studies.study_of_scenario import common
from sim.words import say


def causes(
    file: str | os.PathLike[str] | CausesPlan,
    *,
    replications: int = REPLICATIONS,
    years: int | None = None,
    causes: Sequence[str] | Mapping[str, Patch] | None = None,
    orders: int = ORDERS,
    overrides: Sequence[str] | None = None,
    rules: Sequence[RuleSource] = (),
    out: str | Path | None = None,
    workers: int | None = None,
    engine: str = "auto",
    dask: str | None = None,
    resume: bool = False,
    report: bool = True,
    progress: Progress | None = None,
) -> CausesOfChurn:
    """Tell why the customers of the start leave: how many by each cause, as Shapley values.

    Each cause is a patch that takes it out. Causes are taken out in every combination; a cause's share is the mean of
    what taking it out keeps, over all orders, so that the shares add up to what all of them keep together. Whoever
    leaves with all of them taken out leaves for reasons that were not looked at.

    Args:
        file: The scenario file, or what `plan_causes` made of one; then the next six are those of the plan.
        replications: Runs with the same luck in every world.
        years: Length of the runs; the scenario's own if left out.
        causes: Names (`failures`, `levels`, `slow_answers`, `bad_talk`, `rivals`, `price`, which are looked at if left
            out; `poor_answers`, `strain`, `disappointment`, `doing_without`, `drop_out`, `closing`), and one's own as
            `name: path=value, path=value`; or patches by name.
        orders: In how many orders causes are taken out, where there are more than six.
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
        ScenarioError: If the file, an override or a cause is not right, or memory does not suffice.
        FolderError: If the folder is taken, cannot be written or holds another study.
        WorldError: If fewer than two runs of the world as it is were done.

    Warns:
        FailedRunsWarning: Where runs failed; replications with a failed world are left out.

    Example:
        >>> found = causes("scenarios/telecom.yaml")  # doctest: +SKIP
        >>> found.causes, found.figures, found.plot.causes()  # doctest: +SKIP
    """
    plan = file
    if not isinstance(plan, CausesPlan):
        plan = plan_causes(
            plan,
            replications=replications,
            years=years,
            causes=causes,
            orders=orders,
            overrides=overrides,
            rules=rules,
        )
    also = {"causes": {cause.name: dict(cause.patch) for cause in plan.causes}, "orders": len(plan.game.orders)}
    means = Means(out=out, workers=workers, engine=engine, dask=dask, resume=resume, progress=progress)
    done, outputs = live_worlds(plan, plan.task(), CAUSES.kind, means, plan.patches, also)
    places = {one: number for number, one in enumerate(plan.game.coalitions)}
    singles = {one: len(places) + number for number, one in enumerate(plan.singles)}
    left = {one: outputs[LEFT][number] for one, number in places.items()}
    kept = {one: left[frozenset()] - values for one, values in left.items()}
    shares = attribute(kept, plan.game)
    found = CausesOfChurn(
        **common(plan, done, SHOWN),
        is_exact=plan.game.is_exact,
        orders=len(plan.game.orders),
        causes=_causes(plan, shares, outputs, singles),
        figures=_figures(plan, shares, outputs),
        worlds=_worlds(plan, outputs, places),
    )
    return keep_answer(found, out, report=report)


def _causes(plan: CausesPlan, shares: Attributed, outputs: Outputs, singles: dict[Coalition, int]) -> pd.DataFrame:
    """A row for each cause; one that is not there contributes exactly nothing."""
    rows = []
    for cause in plan.causes:
        row: dict[str, Any] = {"cause": cause.name, "label": cause.label, "meaning": cause.meaning}
        if cause in plan.players:
            player = plan.players.index(cause)
            place = singles[frozenset({player})]
            row |= shares.rows[player]
            row |= spread(BUT_FOR, outputs[BUT_FOR][place]) | spread(ONLY_THERE, outputs[ONLY_THERE][place])
            row["is_there"] = True
        else:
            part = 0.0 if shares.total.value else math.nan
            names = [f"{name}{end}" for name in (BUT_FOR, ONLY_THERE) for end in ("", "_low", "_high")]
            row |= dict.fromkeys((*CONTRIBUTION, *names), 0.0) | {"part": part, "is_there": False}
        rows.append(row)
    return pd.DataFrame(rows)


def _figures(plan: CausesPlan, shares: Attributed, outputs: Outputs) -> pd.DataFrame:
    """Customers at the start, who leaves, who of them by these causes, and who for others."""
    here = outputs[LEFT][0]
    everybody = plan.game.coalitions.index(frozenset(range(len(plan.players))))
    rows = [
        (START, say("Customers at the start"), *mean_interval(outputs[AT_START][0])),
        (LEAVERS, say("Of these, left by the end"), *mean_interval(here)),
        (EXPLAINED, say("by these causes together"), *shares.total),
        (
            OTHERS,
            say("for other reasons: with all of them taken out as well"),
            *mean_interval(outputs[LEFT][everybody]),
        ),
    ]
    return pd.DataFrame(rows, columns=["name", "label", "value", "low", "high"])


def _worlds(plan: CausesPlan, outputs: Outputs, places: dict[Coalition, int]) -> pd.DataFrame:
    """Every world with what was taken out of it, who left in it, and who would have stayed."""
    names = [cause.name for cause in plan.players]
    rows = []
    for one, place in places.items():
        values: list[Values] = [outputs[name][place] for name in (LEFT, BUT_FOR, ONLY_THERE)]
        left, *others = (mean_interval(row) for row in values)
        rows.append((names_of(one, names), len(one), *left, *(found.value for found in others)))
    return pd.DataFrame(rows, columns=["without", "count", LEFT, "left_low", "left_high", BUT_FOR, ONLY_THERE])
