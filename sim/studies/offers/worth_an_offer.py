"""What a study of offers leaves behind: what each way of choosing customers saves and earns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.model.offer import Offer
from sim.model.scenario import Scenario
from sim.results.answer import Answer, Table
from sim.results.folder import plain
from sim.results.manifest import scenario_hash
from sim.studies.offers import offers_columns as columns
from sim.studies.offers.targeting import AT_RANDOM, BOUND, BY_RISK, BY_UPLIFT, BY_VALUE
from sim.words import say, translated

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


@dataclass(frozen=True, eq=False)
class WorthAnOffer(Answer):
    """Who is worth an offer.

    Attributes:
        scenario: The world as it is.
        question: The scenario's own.
        offer: What is offered.
        share: Part of the customers who get it.
        at: Period at whose beginning they do.
        replications: Runs, each with luck of its own.
        policies: A row for each way of choosing, at that share.
        curves: A row for each way of choosing and each share.
        groups: What the offer does to whom.
        interference: What one by one would have said, and what was lived.
        runs: Number of runs.
        failed: How many of them failed.
        reason: Why the first of them failed.
    """

    scenario: Scenario
    question: str
    offer: Offer
    share: float
    at: int
    replications: int
    policies: pd.DataFrame
    curves: pd.DataFrame
    groups: pd.DataFrame
    interference: pd.DataFrame
    runs: int
    failed: int = 0
    reason: str = ""

    def policy(self, name: str) -> pd.Series:
        """The row of a way of choosing.

        Raises:
            KeyError: If there is none of that name.
        """
        rows = self.policies[self.policies["policy"] == name]
        if rows.empty:
            raise KeyError(f"no policy {name!r}")
        return rows.iloc[0]

    @property
    def best(self) -> pd.Series:
        """The way of choosing that earns most at the lower end of its interval, of those that a firm can follow."""
        known = self.policies[self.policies["policy"] != BOUND]
        return known.iloc[int(known["money_low"].argmax())]

    def tables(self) -> list[Table]:
        """Policies, curves, groups and interference."""
        currency = self.scenario.money.currency
        return [
            Table("policies", self.policies, columns.policies(currency)),
            Table("curves", self.curves, columns.curves(currency)),
            Table("groups", self.groups, columns.groups()),
            Table("interference", self.interference, columns.interference()),
        ]

    def as_json(self) -> dict[str, Any]:
        """What was asked, and all tables as plain values, the same from call to call."""
        return {
            "schema_version": self.manifest.get("schema_version"),
            "version": self.manifest.get("version"),
            "scenario": self.scenario.name,
            "question": self.question,
            "scenario_sha256": scenario_hash(self.scenario),
            "seed": self.scenario.run.seed,
            "replications": self.replications,
            "offer": self.offer.model_dump(),
            "share": self.share,
            "at": self.at,
            "runs": self.runs,
            "failed": self.failed,
            **{table.name: plain(table.rows.to_dict(orient="records")) for table in self.tables()},
        }

    def __repr__(self) -> str:
        """One line: what was done."""
        return say("WorthAnOffer({name!r}, runs: {runs})", name=self.scenario.name, runs=self.runs)

    def notebook_table(self) -> pd.DataFrame:
        """Ways of choosing with what they save and earn, for notebooks."""
        return self.policies[["label", "offers", "saved", "driven", "money", "money_low", "money_high", "more"]]
