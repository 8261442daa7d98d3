"""From a scenario file and an offer to the worlds that are run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from sim.model.market import PERIODS_PER_YEAR
from sim.model.offer import Offer
from sim.parameters.plain_words import alone
from sim.rules.reading import RuleSource
from sim.runs.experiment.plan import ExperimentPlan, experiment_on, load_lasting, plan_without_factors
from sim.scenario.scalars import scalar
from sim.studies.offers.offered_world import OffersTask
from sim.studies.offers.targeting import POLICIES
from sim.vocabulary.errors import Problems, ScenarioError
from sim.words import say

REPLICATIONS, SHARE = 10, 0.2

KNOWN = {
    "call": Offer(cost=6.0, lift=5.0, wakes=0.05),
    "discount": Offer(cost=1.0, credit=0.05, binds=0.15, wakes=0.05),
    "answer": Offer(cost=80.0, answers=True),
}
"""Offers by name. All sizes are assumptions; a call costs what a contact to win somebody back does, an answer at once
what the desk's own does (three hours and the material), which it takes the place of."""


@dataclass(frozen=True)
class OffersPlan(ExperimentPlan):
    """What is run to find who is worth an offer.

    Attributes:
        offer: What is offered.
        share: Part of the customers who get it.
        at: Period at whose beginning they do.
    """

    offer: Offer = field(default_factory=Offer)
    share: float = SHARE
    at: int = 0

    @property
    def worlds(self) -> int:
        """Worlds of a run: without offers, with one for all, a trial, and each policy's choice."""
        return 3 + len(POLICIES)

    @property
    def planned(self) -> int:
        """Number of runs."""
        return self.experiment.replications

    def task(self, outputs: Sequence[str] | None = None) -> OffersTask:  # type: ignore[override]
        """What is done in a run; `outputs` are always the same."""
        run = self.scenario.run.model_copy(update={"panel": 0})  # nobody is looked at one by one
        return OffersTask(
            self.scenario.model_copy(update={"run": run}), self.offer, self.at, self.share, self.loaded.base_dir
        )


def plan_offers(
    file: str | os.PathLike[str],
    *,
    offer: str | Offer = "call",
    share: float = SHARE,
    at: int | None = None,
    replications: int = REPLICATIONS,
    years: int | None = None,
    overrides: Sequence[str] | None = None,
    rules: Sequence[RuleSource] = (),
) -> OffersPlan:
    """Read a scenario and an offer, and lay out what is run.

    Args:
        file: The scenario file.
        offer: A name of `KNOWN`, fields of `Offer` as `cost=6, lift=4`, or the offer itself.
        share: Part of the customers who get it.
        at: Period at whose beginning they do; None for a quarter of a year after the start.
        replications: Runs, each with luck of its own.
        years: Length of the runs; None for the scenario's own.
        overrides: Parameters of the scenario as `path=value`.
        rules: Files with rules from outside.

    Raises:
        ScenarioError: If the file, an override, the offer, its share or its date is not right.
    """
    path, own = Path(file), list(overrides or ())
    loaded, _ = load_lasting(path, years, own, rules)
    run = loaded.scenario.run
    date = PERIODS_PER_YEAR[run.period] // 4 if at is None else at
    problems = Problems()
    if not 0.0 < share <= 1.0:
        problems.add(say("must be a part of the customers"), "share", found=f"{share:g}", allowed="0 to 1")
    if not 0 <= date < run.periods:
        allowed = say("a period from 0 to {most_periods:,}", most_periods=run.periods - 1)
        problems.add(say("lies outside the run"), "at", found=str(date), allowed=allowed)
    problems.check()
    experiment = experiment_on(loaded.scenario, path, replications, set={"run.periods": run.periods})
    plan = plan_without_factors(experiment, loaded, own)
    return OffersPlan(**plan.declared, offer=read_offer(offer), share=share, at=date)


def read_offer(offer: str | Offer) -> Offer:
    """An offer by its name, or by its fields.

    >>> read_offer("cost=6, wakes=0.25").wakes, read_offer("call").cost
    (0.25, 6.0)

    Raises:
        ScenarioError: If there is none of that name, or a field or its value is not right.
    """
    if isinstance(offer, Offer):
        return offer
    if offer in KNOWN:
        return KNOWN[offer]
    fields = ", ".join(Offer.model_fields)
    allowed = say("{names}, or 'field=value, ...' with {fields}", names=", ".join(KNOWN), fields=fields)
    parts = [part.partition("=") for part in offer.split(",")]
    if not all(equals for _, equals, _ in parts):
        raise ScenarioError(say("no such offer"), "offer", found=offer, allowed=allowed)
    try:
        return Offer(**{name.strip(): scalar(value.strip())[0] for name, _, value in parts})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(["offer", *map(str, first["loc"])])
        raise ScenarioError(alone(error).message, key, found=offer, allowed=allowed) from error
