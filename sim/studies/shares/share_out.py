"""`sim.shares`: what each changed lever of a plan contributes to its difference from today."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sim.results.folder import keep_answer
from sim.results.intervals import mean_interval
from sim.rules.reading import RuleSource
from sim.runs.evaluation import Progress
from sim.runs.session import Means
from sim.studies.attributed import names_of
from sim.studies.patched import Outputs, live_worlds
from sim.studies.shared_output import share_rows, total_rows
from sim.studies.shares import SHARES, SHOWN
from sim.studies.shares.shared_out import SharedOut
from sim.studies.shares.shares_plan import ORDERS, REPLICATIONS, SharesPlan, plan_shares
from sim.studies.study_of_scenario import common


def shares(
    file: str | os.PathLike[str] | SharesPlan,
    today: str | os.PathLike[str] | None = None,
    *,
    replications: int = REPLICATIONS,
    years: int | None = None,
    outputs: Sequence[str] | None = None,
    together: Sequence[str] | None = None,
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
) -> SharedOut:
    """Share out what a plan changes among the levers in which it differs from today.

    Worlds between the two are lived, with the same people and luck: today with some of the plan's levers. A lever's
    share is its Shapley value: the mean, over all orders, of what taking it from the plan changes at its turn.

    Args:
        file: The plan's scenario file, or what `plan_shares` made of one; then the next eight are those of the plan.
        today: Today's file; the one that the plan extends if left out.
        replications: Runs with the same luck in every world.
        years: Length of the runs; today's own if left out.
        outputs: What is shared out, by name; profit, margin, customers and satisfaction if left out.
        together: Patterns such as `firm.desk.*`: what matches one of them is one lever.
        orders: In how many orders levers are taken from the plan, where there are more than six.
        overrides: Parameters of both scenarios as `path=value`.
        rules: Files with rules from outside, for both.
        out: Folder that keeps every run, and in `analysis` within it the tables, figures and report; nothing is written
            if left out.
        workers: Workers at a time; all processors if left out. The result does not depend on it.
        engine: `auto`, `in-process`, `spawn`, `loky` or `mpi`.
        dask: Address of a Dask scheduler.
        resume: Go on with the runs in `out`; only with the same scenarios and the same question.
        report: Write `report.html` and figures.
        progress: Called with runs done, runs failed and runs altogether.

    Raises:
        ScenarioError: If a file, an override or an output is not right, nothing differs, people do, or memory does not
            suffice.
        FolderError: If the folder is taken, cannot be written or holds another study.
        WorldError: If fewer than two runs of today were done.

    Warns:
        FailedRunsWarning: Where runs failed; replications with a failed world are left out.

    Example:
        >>> found = shares("scenarios/answer_well_and_fast.yaml")  # doctest: +SKIP
        >>> found.shares, found.plot.shares()  # doctest: +SKIP
    """
    plan = file
    if not isinstance(plan, SharesPlan):
        plan = plan_shares(
            plan,
            today=today,
            replications=replications,
            years=years,
            outputs=outputs,
            together=together,
            orders=orders,
            overrides=overrides,
            rules=rules,
        )
    also = {
        "plan": plan.planned_for.model_dump(mode="json"),
        "levers": {lever.name: list(lever.paths) for lever in plan.changed},
        "orders": len(plan.game.orders),
    }
    means = Means(out=out, workers=workers, engine=engine, dask=dask, resume=resume, progress=progress)
    done, worlds = live_worlds(plan, plan.task(), SHARES.kind, means, plan.points, also)
    found = SharedOut(
        **(common(plan, done, SHOWN) | {"scenario": plan.today}),
        plan=plan.planned_for,
        is_exact=plan.game.is_exact,
        orders=len(plan.game.orders),
        shares=pd.DataFrame(share_rows(plan.game, plan.changed, worlds, plan.today)),
        totals=pd.DataFrame(total_rows(worlds, plan.today)),
        worlds=_worlds(plan, worlds),
    )
    return keep_answer(found, out, report=report)


def _worlds(plan: SharesPlan, worlds: Outputs) -> pd.DataFrame:
    """Every world with the levers that are the plan's, and its outputs."""
    names = [lever.name for lever in plan.changed]
    rows = [
        {"plans": names_of(one, names), **{name: mean_interval(values[place]).value for name, values in worlds.items()}}
        for place, one in enumerate(plan.game.coalitions)
    ]
    return pd.DataFrame(rows)
