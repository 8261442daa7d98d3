"""A customer of the readable twin: who it is, whose customer it is, and what is counted about it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.model.customer import Segment
from sim.model.dimensions import DIMENSIONS, Importance, Levels
from sim.model.expectation import learned_will, newcomer_will
from sim.model.firm import Firm
from sim.model.judgement import acsi_expectation_item, acsi_ideal_item, recommendation
from sim.model.luck import beta, gamma, lognormal_with_mean, normal, uniforms
from sim.model.money import remaining_value, yearly_margin
from sim.model.movement import CAUSES, FLOWS_IN, parting_opinion
from sim.model.service import CHAT, COUNTER, TELEPHONE, carried_over, human_touch
from sim.model.shares import clipped, fixed_point
from sim.model.voice import loyalty_index
from sim.vocabulary.streams import INITIAL

if TYPE_CHECKING:
    from sim.twin.talk import Words
    from sim.twin.twin import Twin

LEVELS = ("dissatisfied", "satisfied", "delighted")

_FREQUENCY, _ATTRITION = 10_000, 20_000
"""Where the indexes of the two traits begin that need more than one draw."""


def single(value: float) -> float:
    """The number as the engine stores it: rounded to single precision.

    >>> single(0.1)
    0.10000000149011612
    """
    return float(np.float32(value))


def five(levels: Levels | Importance) -> list[float]:
    """The values of the five SERVQUAL dimensions, in the order of `DIMENSIONS`."""
    return [getattr(levels, name) for name in DIMENSIONS]


def weighted(importance: list[float], values: list[float]) -> float:
    """The weighted mean, added up from left to right (`sum` adds floats in another way from Python 3.12 on).

    >>> weighted([0.5, 0.5], [4.0, 6.0])
    5.0
    """
    total = 0.0
    for weight, value in zip(importance, values, strict=True):
        total += weight * value
    return total


class Customer(mesa.Agent):
    """One person in the market: a customer of a firm, a former one, or a prospect.

    Attributes:
        luck: The person's number, which is the key of all its luck.
        segment: Number of its segment.
        supplier: Number of the firm whose customer it is, or None.
        former: The firm left last that the person may return to, or None.
        ever: Firms whose customer the person is or was.
        barred: Firms that the person will never buy from again.
        won_by, lost_by: How the focal firm won the person last, and lost it last: places in `FLOWS_IN` and `CAUSES`, or
            None.
        present, gone: Has entered the market; has left it for ever.
        captive, influential, newcomer: Cannot leave; tells more people; joined during the run.
        has_complained, complaint_open: To the present supplier; a complaint is at the desk without an answer.
        will, should: Expectations of what will be and of what should be, five numbers from 1 to 7.
        satisfaction: Cumulative satisfaction with the supplier, 0 to 100.
        confirmation: Cumulative disconfirmation, points.
        history: Encounters with the supplier so far.
        level: Level of the last encounter, 0 to 2, as in `LEVELS`.
        disposition, frequency, spend, attrition, switching_cost, complaint_tendency: Personal traits.
        margin: Money that the person has brought the focal firm so far.
        opinion: Opinion of each firm, -1 to 1.
        joined: Period in which the person became a customer.
        story: What the person has to tell this period (a name of `talk.shares`), or None.
        intent: The cause of leaving, once the decision has fallen, until people move; else None.
        ties: The people whom the person can tell, and whether the tie is strong.
        inbox: What was heard this period about each firm.
    """

    model: Twin

    def __init__(self, model: Twin, luck: int, *, present: bool) -> None:
        super().__init__(model)
        self.luck = luck
        self.present = present
        self.gone = False
        self.supplier: int | None = None
        self.former: int | None = None
        self.ever: set[int] = set()
        self.barred: set[int] = set()
        self.won_by: int | None = None
        self.lost_by: int | None = None
        self.newcomer = self.has_complained = self.complaint_open = False
        self.joined = 0
        self.level = LEVELS.index("satisfied")
        self.confirmation = self.history = self.margin = 0.0
        self.opinion = [0.0] * len(model.firms)
        self.story: str | None = None
        self.intent: str | None = None
        self.ties: list[tuple[Customer, bool]] = []
        self.inbox: dict[int, Words] = {}
        self._become_someone()

    def _become_someone(self) -> None:
        """Draw the person: segment, supplier, traits, expectations, first satisfaction."""
        model = self.model
        place, character, purse = (self.draw(INITIAL, index) for index in range(3))
        self.segment = 0
        while self.segment < len(model.segments) - 1 and place[0] >= model.segment_ladder[self.segment]:
            self.segment += 1
        me = self.traits
        if self.present:
            for f, up_to in enumerate(model.firm_ladder):
                if place[1] < up_to:
                    self.supplier = f
                    self.ever.add(f)
                    self.history = single(me.judgement.initial_history)
                    break
        self.captive = place[2] < me.bonds.captive_share
        self.influential = place[3] < me.sociability.influencer_share

        above_others = me.expectations.spread * normal(character[0])
        predicted = [clipped(level + above_others, 1.0, 7.0) for level in five(me.expectations.will)]
        if self.supplier is not None:
            predicted = self._learned(predicted)
        self.will = [single(level) for level in predicted]
        self.should = [single(clipped(level + above_others, 1.0, 7.0)) for level in five(me.expectations.should)]
        judged, bonds = me.judgement, me.bonds
        disposition = judged.disposition_spread * normal(character[1])
        self.disposition = single(disposition)
        self.satisfaction = single(clipped(judged.initial_satisfaction + disposition, 0.0, 100.0))
        self.switching_cost = single(
            clipped(bonds.switching_cost + bonds.switching_cost_spread * normal(character[2]), 0.0, 1.0)
        )
        self.complaint_tendency = single(me.sociability.complaint_spread * normal(character[3]))
        meets = me.encounters
        self.spend = single(lognormal_with_mean(normal(purse[0]), meets.spend_per_purchase, meets.spend_cv))
        self.frequency = 1.0
        if meets.frequency_cv > 0.0:
            shape = 1.0 / (meets.frequency_cv * meets.frequency_cv)
            self.frequency = single(gamma(model.key, INITIAL, self.luck, 0, _FREQUENCY, shape) / shape)
        self.attrition = single(self._hazard_per_period())

    def _learned(self, predicted: list[float]) -> list[float]:
        """The prediction of a customer who has met the firm's usual service often before the first period."""
        channels, me = self.firm.systems.channels, self.traits
        shares = (channels.chat, channels.telephone, channels.counter)
        touch = 0.0
        for channel, share in zip((CHAT, TELEPHONE, COUNTER), shares, strict=True):
            touch += share * human_touch(channel, channels.filter_strength)
        usual = five(self.firm.systems.service)
        for d, name in enumerate(DIMENSIONS):
            if name in ("assurance", "empathy"):
                usual[d] = carried_over(usual[d], touch)
        memory, met = me.expectations.will_memory, me.judgement.initial_history
        return [learned_will(predicted[d], usual[d], memory, met) for d in range(5)]

    def _hazard_per_period(self) -> float:
        """Chance of leaving in a period whatever the service, from a yearly one that is beta distributed."""
        bonds = self.traits.bonds
        hazard = bonds.attrition_per_year
        if bonds.attrition_polarization > 0.0 and hazard > 0.0:
            size = 1.0 / bonds.attrition_polarization - 1.0
            hazard = beta(
                self.model.key, INITIAL, self.luck, 0, _ATTRITION, hazard * size, (1.0 - hazard) * size
            )  # fmt: skip
        if hazard >= 1.0:
            return 1.0
        return 1.0 - math.exp(math.log1p(-hazard) * self.model.years) if hazard > 0.0 else 0.0

    # ---- short words for what the rules ask again and again ---------------------------------------------------

    def draw(self, stream: int, index: int) -> tuple[float, float, float, float]:
        """Four random numbers of a stream, for this person in this period."""
        numbers: tuple[float, float, float, float] = uniforms(
            self.model.key, stream, self.luck, self.model.period, index
        )
        return numbers

    @property
    def traits(self) -> Segment:
        """The parameters of the person's segment."""
        return self.model.segments[self.segment]

    @property
    def firm(self) -> Firm:
        """The parameters of the person's supplier."""
        assert self.supplier is not None
        return self.model.firms[self.supplier]

    @property
    def importance(self) -> list[float]:
        """The weights of the five dimensions."""
        return five(self.traits.judgement.importance)

    @property
    def loyalty(self) -> float:
        """The loyalty index: attitude and habit."""
        tenure = (self.model.period - self.joined) * self.model.years
        voice = self.model.parameters.voice
        index: float = loyalty_index(
            self.satisfaction, tenure, voice.loyalty_reference, voice.loyalty_scale, voice.tenure_loyalty
        )
        return index

    def count(self, observable: str, number: int = 1, *, firm: int | None = None) -> None:
        """Add to a tally of the person's segment and supplier, or of another `firm`."""
        f = self.supplier if firm is None else firm
        assert f is not None
        self.model.counts[f][self.segment][observable] += number

    def book(self, observable: str, amount: float, *, firm: int | None = None) -> None:
        """Add a real amount (money, points, days) to a tally, which is kept in whole steps of 1/65536."""
        self.count(observable, fixed_point(amount), firm=firm)

    # ---- becoming and ceasing to be a customer ----------------------------------------------------------------

    def join(self, f: int, way: str) -> None:
        """Become a customer of firm f; `way` is the observable that counts it."""
        me, strategy = self.traits, self.model.firms[f].strategy
        self.count(way, firm=f)
        self.book("welcome_cost", strategy.welcome_cost, firm=f)
        if f == 0:
            self.won_by = FLOWS_IN.index(way)
            self.margin = single(self.margin - single(strategy.welcome_cost))
        self.supplier = f
        self.ever.add(f)
        self.joined = self.model.period
        self.newcomer = True
        self.complaint_open = self.has_complained = False
        if self.former == f:
            self.former = None
        trust = me.expectations.promise_trust
        promise = five(strategy.promise)
        self.will = [single(newcomer_will(self.will[d], promise[d], trust)) for d in range(5)]
        self.satisfaction = single(clipped(me.judgement.initial_satisfaction + self.disposition, 0.0, 100.0))
        self.confirmation = self.history = 0.0
        self.level = LEVELS.index("satisfied")

    def leave(self, cause: str) -> None:
        """Cease to be a customer; `cause` is one of `CAUSES`."""
        f = self.supplier
        assert f is not None
        self.count(cause)
        tenure = self.model.period - self.joined
        self.model.leavers[f, int(self.newcomer), CAUSES.index(cause), tenure] += 1
        if f == 0:
            self.lost_by = CAUSES.index(cause)
        if cause in ("left_silent", "lapsed_silent", "left_complaint"):
            self.book("opportunity_estimate", self._remaining_value())
        if cause in ("lapsed_silent", "left_switch"):
            self.former = f
        else:
            self.barred.add(f)
        if cause != "left_natural":
            parting = self.model.parameters.movement
            self.opinion[f] = single(parting_opinion(self.satisfaction, parting.parting_neutral, parting.parting_scale))
        self.complaint_open = False
        self.supplier = None

    def _remaining_value(self) -> float:
        """What the supplier loses with this customer, by the rule of thumb."""
        meets, strategy, costs = self.traits.encounters, self.firm.strategy, self.firm.costs
        margin = yearly_margin(
            self.frequency,
            meets.purchases_per_year,
            meets.help_requests_per_year,
            meets.repairs_per_year,
            self.spend,
            strategy.price_index,
            strategy.gross_margin,
            costs.purchase_service,
            costs.help_service,
            costs.repair_service,
            costs.warranty_share,
            costs.repair_price,
        )
        money = self.model.parameters.money
        value: float = remaining_value(margin, money.assumed_retention, money.discount_rate)
        return value

    # ---- counted at the end of a period -----------------------------------------------------------------------

    def relation(self, f: int) -> str:
        """What the person is to firm f: prospects, active, lapsed or lost."""
        if self.supplier == f:
            return "active"
        if f in self.barred:
            return "lost"
        return "lapsed" if f in self.ever else "prospects"

    def be_counted(self) -> None:
        """Add what this customer is now to the stocks of its supplier."""
        if self.supplier is None:
            return
        will = weighted(self.importance, self.will)
        should = weighted(self.importance, self.should)
        recommends = recommendation(self.satisfaction)
        self.count("active")
        self.count("promoters", int(recommends > 0))
        self.count("detractors", int(recommends < 0))
        self.count(f"level_{LEVELS[self.level]}")
        self.count("captive_dissatisfied", int(self.captive and LEVELS[self.level] == "dissatisfied"))
        self.count("open_complaints", int(self.complaint_open))
        self.book("satisfaction_sum", self.satisfaction)
        self.book("satisfaction_squares", self.satisfaction * self.satisfaction)
        self.book("acsi_expectation_sum", acsi_expectation_item(self.confirmation))
        self.book("acsi_ideal_sum", acsi_ideal_item(will, should))
        self.book("will_sum", will)
        self.book("should_sum", should)
        self.book("opinion_sum", self.opinion[self.supplier])

    def panel_row(self) -> dict[str, Any]:
        """What `run.panel` follows of a person, at the end of a period."""
        marks = (
            self.captive, self.influential, self.has_complained, self.complaint_open, self.gone, self.present,
            self.newcomer,
        )  # fmt: skip
        return {
            "period": np.int32(self.model.period),
            "customer": np.uint32(self.luck),
            "supplier": np.uint8(255 if self.supplier is None else self.supplier),
            "segment": np.uint8(self.segment),
            "level": np.uint8(self.level),
            "flags": np.uint8(sum(1 << bit for bit, mark in enumerate(marks) if mark)),
            "satisfaction": np.float32(self.satisfaction),
            "confirmation": np.float32(self.confirmation),
            "history": np.float32(self.history),
            "margin": np.float32(self.margin),
            **{f"will_{name}": np.float32(self.will[d]) for d, name in enumerate(DIMENSIONS)},
            **{f"should_{name}": np.float32(self.should[d]) for d, name in enumerate(DIMENSIONS)},
        }
