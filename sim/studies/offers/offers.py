"""`sim.offers`: from a scenario file to who is worth an offer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model.offer import Offer
from sim.results.folder import keep_answer
from sim.results.intervals import mean_interval, spread
from sim.rules.reading import RuleSource
from sim.runs.evaluation import Progress
from sim.runs.session import Means
from sim.studies.offers import OFFERS, SHOWN
from sim.studies.offers.offered_world import GROUPS
from sim.studies.offers.offers_plan import REPLICATIONS, SHARE, OffersPlan, plan_offers
from sim.studies.offers.targeting import AT_RANDOM, POLICIES, STEPS, qini
from sim.studies.offers.worth_an_offer import GROUP_LABELS, WorthAnOffer, label_of
from sim.studies.patched import Outputs, live_worlds
from sim.studies.study_of_scenario import common
from sim.words import translated

Values = npt.NDArray[np.float64]

THOUSAND = 1000.0
"""Customers of whom counts and amounts are told."""


def offers(
    file: str | os.PathLike[str] | OffersPlan,
    *,
    offer: str | Offer = "call",
    share: float = SHARE,
    at: int | None = None,
    replications: int = REPLICATIONS,
    years: int | None = None,
    overrides: Sequence[str] | None = None,
    rules: Sequence[RuleSource] = (),
    out: str | Path | None = None,
    workers: int | None = None,
    engine: str = "auto",
    dask: str | None = None,
    resume: bool = False,
    report: bool = True,
    progress: Progress | None = None,
) -> WorthAnOffer:
    """Tell who is worth an offer, and what ways of choosing are worth.

    Every customer lives with the offer and without it, with the same luck: the difference is what it does to that
    person. Half of the customers, by lot, are those from whom the firm learns, in a trial that is lived; ways of
    choosing are judged on the others, and each choice is lived as well, since customers talk with each other.

    Args:
        file: The scenario file, or what `plan_offers` made of one; then the next five are those of the plan.
        offer: `call`, `discount`, `answer`, fields such as `cost=6, lift=4, wakes=0.1`, or an `Offer`.
        share: Part of the customers who get it.
        at: Period at whose beginning they do; a quarter of a year after the start if left out.
        replications: Runs, each with luck of its own.
        years: Length of the runs; the scenario's own if left out.
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
        ScenarioError: If the file, an override or the offer is not right, or memory does not suffice.
        FolderError: If the folder is taken, cannot be written or holds another study.
        WorldError: If fewer than two runs were done.

    Warns:
        FailedRunsWarning: Where runs failed; they are left out.

    Example:
        >>> found = offers("scenarios/telecom.yaml")  # doctest: +SKIP
        >>> found.policies, found.interference, found.plot.money()  # doctest: +SKIP
    """
    plan = file
    if not isinstance(plan, OffersPlan):
        plan = plan_offers(
            plan,
            offer=offer,
            share=share,
            at=at,
            replications=replications,
            years=years,
            overrides=overrides,
            rules=rules,
        )
    also = {"offer": plan.offer.model_dump(), "share": plan.share, "at": plan.at}
    means = Means(out=out, workers=workers, engine=engine, dask=dask, resume=resume, progress=progress)
    done, outputs = live_worlds(plan, plan.task(), OFFERS.kind, means, [{}], also)
    scale = THOUSAND / outputs["judged"][0]
    scaled = {name: values[0] * scale for name, values in outputs.items()}
    found = WorthAnOffer(
        **common(plan, done, SHOWN),
        offer=plan.offer,
        share=plan.share,
        at=plan.at,
        policies=_policies(scaled),
        curves=_curves(scaled),
        groups=_groups(scaled),
        interference=_interference(scaled, plan.scenario.money.currency),
    )
    return keep_answer(found, out, report=report)


def _policies(of: Outputs) -> pd.DataFrame:
    """Each way of choosing, at the share that was asked for."""
    rows = []
    for policy in POLICIES:
        row: dict[str, Any] = {"policy": policy, "label": label_of(policy)}
        row |= {name: mean_interval(of[f"{policy}.{name}"]).value for name in ("offers", "reached", "cost")}
        for name in ("saved", "driven", "money"):
            row |= spread(name, of[f"{policy}.{name}"])
        row["same_offers"] = mean_interval(of[f"{policy}.same_offers"]).value
        for name in ("same_saved", "same_money"):
            row |= spread(name, of[f"{policy}.{name}"])
        row |= spread("more", of[f"{policy}.money"] - of[f"{AT_RANDOM}.money"])
        money = {share: of[f"{policy}.money@{share:g}"] for share in STEPS}
        net = {share: _net(of, policy, share) for share in STEPS}
        for name, curve in (("qini_saved", net), ("qini_money", money)):
            each = zip(*curve.values(), strict=True)
            row |= spread(name, np.array([qini(dict(zip(STEPS, one, strict=True))) for one in each]))
        rows.append(row)
    return pd.DataFrame(rows)


def _net(of: Outputs, policy: str, share: float) -> Values:
    return of[f"{policy}.saved@{share:g}"] - of[f"{policy}.driven@{share:g}"]


def _curves(of: Outputs) -> pd.DataFrame:
    """Each way of choosing at each share."""
    rows = []
    for policy in POLICIES:
        for share in STEPS:
            row: dict[str, Any] = {"policy": policy, "label": label_of(policy), "share": share}
            row["offers"] = THOUSAND * share
            for name in ("saved", "driven", "money"):
                row |= spread(name, of[f"{policy}.{name}@{share:g}"])
            rows.append(row | spread("net", _net(of, policy, share)))
    return pd.DataFrame(rows)


def _groups(of: Outputs) -> pd.DataFrame:
    """What the offer would do to whom, were everybody to get it."""
    return pd.DataFrame(
        [{"group": name, "label": translated(GROUP_LABELS[name]), **spread("people", of[name])} for name in GROUPS]
    )


def _interference(of: Outputs, currency: str) -> pd.DataFrame:
    """Of each way of choosing, what one by one would have said, and what was lived."""
    rows = []
    for policy in POLICIES:
        sums = {
            "money": (of[f"{policy}.money"], of[f"{policy}.chosen_money"], of[f"{policy}.others_money"], currency),
            "saved": (
                of[f"{policy}.saved"] - of[f"{policy}.driven"],
                of[f"{policy}.chosen_saved"] - of[f"{policy}.chosen_driven"],
                of[f"{policy}.others_saved"],
                "people",
            ),
        }
        for what, (one_by_one, chosen, others, unit) in sums.items():
            row: dict[str, Any] = {"policy": policy, "label": label_of(policy), "what": what, "unit": unit}
            row |= spread("one_by_one", one_by_one) | spread("chosen", chosen) | spread("others", others)
            rows.append(row | spread("difference", chosen + others - one_by_one))
    return pd.DataFrame(rows)
