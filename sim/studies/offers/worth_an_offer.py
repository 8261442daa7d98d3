"""What a study of offers leaves behind: what each way of choosing customers saves and earns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.model.offer import Offer
from sim.studies.offers.targeting import AT_RANDOM, BOUND, BY_RISK, BY_UPLIFT, BY_VALUE
from sim.studies.study_of_scenario import StudyOfScenario, row_of
from sim.words import translated

LABELS = {
    AT_RANDOM: "At random",
    BY_VALUE: "By spending",
    BY_RISK: "By risk of leaving",
    BY_UPLIFT: "By predicted uplift",
    BOUND: "By true uplift, which nobody can know",
}

GROUP_LABELS = {
    "stays": "stay anyway",
    "saved": "leave without the offer, and stay with it",
    "leaves": "leave anyway",
    "driven": "stay without the offer, and leave because of it",
}


def label_of(policy: str) -> str:
    """A policy in words."""
    return translated(LABELS[policy])


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class WorthAnOffer(StudyOfScenario):
    """Who is worth an offer; each run has luck of its own.

    Attributes:
        offer: What is offered.
        share: Part of the customers who get it.
        at: Period at whose beginning they do.
        policies: A row for each way of choosing, at that share.
        curves: A row for each way of choosing and each share.
        groups: What the offer does to whom.
        interference: What one by one would have said, and what was lived.
    """

    offer: Offer
    share: float
    at: int
    policies: pd.DataFrame
    curves: pd.DataFrame
    groups: pd.DataFrame
    interference: pd.DataFrame

    def policy(self, name: str) -> pd.Series:
        """The row of a way of choosing.

        Raises:
            KeyError: If there is none of that name.
        """
        return row_of(self.policies, name)

    @property
    def best(self) -> pd.Series:
        """The way of choosing that earns most at the lower end of its interval, of those that a firm can follow."""
        known = self.policies[self.policies["policy"] != BOUND]
        return known.iloc[int(known["money_low"].argmax())]

    @property
    def reaches_nobody(self) -> bool:
        """Whether nobody could get the offer: it is an answer, and nobody waited for one."""
        return not bool(self.policies["reached"].any())

    def asked(self) -> dict[str, Any]:
        """What is offered, to how many, when."""
        return {"offer": self.offer.model_dump(), "share": self.share, "at": self.at}
