"""A whole scenario: everything a run is made from."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from sim.model.calibration import Calibration
from sim.model.customer import Customers, Segment
from sim.model.firm import Firm
from sim.model.market import Market, Run
from sim.model.money import Money
from sim.model.movement import Movement
from sim.model.recovery import Recovery
from sim.model.talk import Talk
from sim.model.third_party import ThirdParty
from sim.model.voice import Voice
from sim.vocabulary.outside_rule import OutsideRule
from sim.vocabulary.parameter import OneLine, PlainValue, Section, SeveralLines, group, users_own
from sim.words import say

MAX_FIRMS = 16
MAX_SEGMENTS = 64
MOST_CHANGES = 4000
"""Of a timeline; a ramp, a series or what recurs is a change for each of its steps."""
LONGEST_QUESTION = 500
"""Characters; it is a heading of reports."""


class Change(Section):
    """A dated change of parameters, for good or for a while."""

    at: int | dt.date = users_own(
        ...,
        "When the change takes effect: a period number (0 is the first) or a date",
        label="Begins",
        unit="period or date",
    )
    until: int | dt.date | None = users_own(
        None, "When the old values come back; left out, the change stays", label="Ends", unit="period or date"
    )
    set: dict[OneLine, PlainValue] = users_own(
        ...,
        "Parameters by path, e.g. firm.desk.ease, with their new values",
        label="New values",
        unit="mapping",
        min_length=1,
    )


class Scenario(Section):
    """One scenario, resolved: no `extends`, no preset left to apply.

    Attributes:
        outside: Rules from outside; `sim.rules` makes kinds of scenarios that have some, and a section `rules`.

    >>> Scenario().market.customers
    10000
    """

    outside: ClassVar[tuple[OutsideRule, ...]] = ()

    name: OneLine = users_own("scenario", "Short name", label="Name", unit="name", max_length=80)
    question: SeveralLines = users_own(
        "", "The question that the scenario asks", label="Question", max_length=LONGEST_QUESTION
    )
    asks: Literal[
        "anything",
        "register",
        "fate",
        "failures",
        "talk",
        "answers",
        "keeping",
        "departures",
        "loyalty",
        "captives",
        "voice",
        "change",
        "load",
        "steering",
    ] = users_own(
        "anything",
        "What the question is about, so that the first sentence of a report answers it (docs/first_sentences.md)",
        label="What is asked",
        unit="name",
    )
    run: Run = group(Run(), "Run")
    market: Market = group(Market(), "Market")
    customers: Customers = group(Customers(), "Customers")
    segments: list[Segment] = Field(title="Segments", default_factory=list, max_length=MAX_SEGMENTS)
    voice: Voice = group(Voice(), "Exit, voice or loyalty")
    recovery: Recovery = group(Recovery(), "Recovery")
    third_party: ThirdParty = group(ThirdParty(), "Third party")
    talk: Talk = group(Talk(), "Word of mouth")
    movement: Movement = group(Movement(), "Movement")
    firm: Firm = group(Firm(), "Firm")
    rivals: list[Firm] = Field(
        title="Rivals", default_factory=lambda: [Firm(name="rival", initial_share=0.4)], max_length=MAX_FIRMS - 1
    )
    money: Money = group(Money(), "Valuation")
    calibration: Calibration = group(Calibration(), "Calibration")
    timeline: list[Change] = Field(title="Timeline", default_factory=list, max_length=MOST_CHANGES)

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        total = self.firm.initial_share + sum(rival.initial_share for rival in self.rivals)
        if total > 1.0 + 1e-9:
            raise ValueError(
                say("the initial shares of all firms must sum to at most 1, found {total:.6g}", total=total)
            )
        names = [self.firm.name, *(rival.name for rival in self.rivals)]
        if len(set(names)) != len(names):
            raise ValueError(say("firms must have different names, found {names}", names=", ".join(names)))
        if self.segments:
            shares = sum(segment.share for segment in self.segments)
            if abs(shares - 1.0) > 1e-9:
                raise ValueError(say("the shares of all segments must sum to 1, found {shares:.6g}", shares=shares))
            labels = [segment.name for segment in self.segments]
            if len(set(labels)) != len(labels):
                raise ValueError(say("segments must have different names, found {labels}", labels=", ".join(labels)))
        return self

    @property
    def firms(self) -> list[Firm]:
        """The focal firm first, then the rivals."""
        return [self.firm, *self.rivals]

    @cached_property
    def all_segments(self) -> list[Segment]:
        """The segments, or one called `everyone` that holds the parameters of `customers`."""
        if self.segments:
            return self.segments
        return [Segment(**{key: getattr(self.customers, key) for key in Customers.model_fields})]
