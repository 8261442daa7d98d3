"""Movement: what binds customers and what takes them away; switching, returning and parting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import atomic_add, double, kernel, rule
from sim.model.billing import settle_up
from sim.model.contexts import Books, Clock, Environment
from sim.model.dimensions import DIMENSION_COUNT
from sim.model.expectation import newcomer_will
from sim.model.in_use import at
from sim.model.judgement import LEVEL_SATISFIED
from sim.model.loyalty_points import hand_in
from sim.model.money import add_margin, remaining_value, share_within, yearly_margin
from sim.model.person import ALL_FLAGS, COMPLAINT_OPEN, GONE, HAS_COMPLAINED, NEWCOMER, NOBODY
from sim.model.shares import clipped, fixed_point
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, STOCK, O, counts
from sim.vocabulary.parameter import Section, parameter, share

if TYPE_CHECKING:
    from sim.model.state_types import State

FLOWS_IN = ("won_advertising", "won_talk", "won_switch", "returned", "returned_switch", "won_back")
_DECIDED = ("left_silent", "lapsed_silent", "left_complaint", "left_switch")
FLOWS_OUT = (*_DECIDED, "left_natural", "left_without", "left_closed")

CAUSES = FLOWS_OUT
"""Causes of leaving, in the order of the survival tables (`leavers[firm, cohort, cause, tenure]`)."""

COHORTS = ("initial", "newcomers")

COLUMNS = (
    Column("supplier", "u1", 1, "index", "firm whose customer the person is; 255 none", apart=True, followed=True),
    Column("former", "u1", 1, "index", "firm left last that the person may return to; 255 none", apart=True),
    Column("ever", "u2", 1, "bits", "firms whose customer the person is or was", apart=True, followed=True),
    Column("barred", "u2", 1, "bits", "firms that the person will never buy from again", apart=True),
    Column("intent", "u1", 1, "code", "decision to leave, carried out when people move", apart=True),
    Column("won_by", "u1", "watched", "code", "how each firm won the person last, in FLOWS_IN; 255 never", apart=True),
    Column("lost_by", "u1", "watched", "code", "how each firm lost the person last, in CAUSES; 255 never", apart=True),
    Column("joined", "i4", 1, "period", "period in which the person became a customer", apart=True, followed=True),
    Column("attrition", "f4", 1, "per period", "hazard of leaving for reasons that no service can mend", apart=True),
    Column("switching_cost", "f4", 1, "index (0-1)", "personal switching cost", apart=True),
)

OBSERVABLES = (
    *counts(
        STOCK,
        "people",
        {
            "prospects": "people in the market who never were customers of the firm",
            "active": "customers of the firm",
            "lapsed": "former customers who may return",
            "lost": "former customers who never will, and who left the market and was not replaced",
            "captive_dissatisfied": "dissatisfied customers who cannot leave",
        },
    ),
    *counts(
        FLOW,
        "people",
        {
            "entered": "newcomers to the market: nobody -> prospect",
            "won_advertising": "prospect -> customer through advertising",
            "won_talk": "prospect -> customer through word of mouth",
            "won_switch": "prospect -> customer who came from a rival",
            "returned": "lapsed -> customer who came back unasked",
            "returned_switch": "lapsed -> customer who came back from a rival after comparing",
            "won_back": "lapsed -> customer who took a win-back offer",
            "left_silent": "customer -> lost, dissatisfied and without a word",
            "lapsed_silent": "customer -> lapsed, dissatisfied and without a word",
            "left_complaint": "customer -> lost after a complaint",
            "left_switch": "customer -> lapsed, to a rival that looked better",
            "left_natural": "customer -> lost for reasons that no service can mend",
            "left_without": "customer -> lapsed, who does without because of the price",
            "left_closed": "customer -> lapsed, whose supplier left the market",
            "prospects_gone": "prospect -> lost because the person left the market",
            "lapsed_gone": "lapsed -> lost because the person left the market",
            "forgave": "lost -> lapsed: who had left in anger and may come back again",
            "replaced": "lost -> nobody: who left the market, and whose place a newcomer took",
        },
    ),
)


class Movement(Section):
    """The decision to switch at a review, and to return after a lapse; both have the logit shape of voice."""

    switch_share: float = share(
        0.05,
        "Base share of reviews that end in switching to an equal rival",
        label="Reviews that end in a switch",
        practical=(0.01, 0.2),
    )
    advantage: float = parameter(
        0.8,
        "Per ten points of the rival's known satisfaction above one's own",
        label="Effect of a better rival",
        unit="logit per 10 points",
        source="Rust, Zahorik & Keiningham 1995 (satisfaction keeps); assumption (comparing with a rival, size)",
        allowed=(0.0, 20.0),
        practical=(0.0, 2.0),
    )
    opinion: float = parameter(
        1.0,
        "Per unit of opinion of the rival minus opinion of one's own supplier",
        label="Effect of opinion",
        unit="logit per unit",
        allowed=(0.0, 20.0),
        practical=(0.0, 2.0),
    )
    price: float = parameter(
        4.0,
        "Per unit of the supplier's price index above the rival's",
        label="Effect of price",
        unit="logit per unit",
        allowed=(0.0, 100.0),
        practical=(0.0, 12.0),
    )
    price_on_adoption: float = parameter(
        4.0,
        "Per unit of a firm's price index above the market's, on adopting it",
        label="Effect of price on adoption",
        unit="logit per unit",
        source="assumption: as in switching",
        allowed=(0.0, 100.0),
        practical=(0.0, 12.0),
    )
    price_on_return: float = parameter(
        4.0,
        "Per unit of a firm's price index above the present supplier's, or doing without, on returning to it",
        label="Effect of price on return",
        unit="logit per unit",
        source="assumption: as in switching",
        allowed=(0.0, 100.0),
        practical=(0.0, 12.0),
    )
    price_memory: float = parameter(
        0.5,
        "Time constant with which customers get used to a price",
        label="Memory of prices",
        unit="years",
        source="Winer 1986; Mazumdar, Raj & Sinha 2005 (form); assumption (size)",
        allowed=(0.0, 100.0),
        practical=(0.1, 2.0),
    )
    switching_cost: float = parameter(
        -2.0,
        "Per unit of switching cost above 0.5",
        label="Effect of switching cost",
        unit="logit per unit",
        source="Burnham, Frels & Mahajan 2003 (sign); assumption (size)",
        allowed=(-20.0, 0.0),
        practical=(-5.0, 0.0),
    )
    loyalty: float = parameter(
        -0.8,
        "Per unit of the loyalty index",
        label="Effect of loyalty",
        unit="logit per unit",
        source="Dick & Basu 1994 (sign); assumption (size)",
        allowed=(-20.0, 0.0),
        practical=(-2.5, 0.0),
    )
    contract: float = parameter(
        -0.6,
        "Per year for which the contract of a firm would bind, in switching to it, adopting it, returning to it",
        label="Effect of being bound",
        unit="logit per year",
        source="assumption: where nobody else binds, a year of it weighs as a price 15% higher",
        allowed=(-20.0, 0.0),
        practical=(-1.5, 0.0),
    )
    freedom: float = parameter(
        5.0,
        "What not to be bound for a month is worth to whoever wants to leave, on average",
        label="Worth of being free",
        unit="money per month",
        allowed=(0.0, 1e6),
        practical=(0.0, 50.0),
    )
    promise: float = parameter(
        1.0,
        "Per point that a firm promises above what the person predicts, in switching and in adoption",
        label="Effect of promises",
        unit="logit per point",
        allowed=(0.0, 20.0),
        source="notes 'Atención y servicio al cliente' (promises form expectations); assumption (size: modesty costs)",
        practical=(0.0, 2.5),
    )
    promise_reach: float = parameter(
        0.5,
        "How far above what people predict of any supplier a promise is believed at most; 0 believes everything",
        label="Reach of promises",
        unit="points (1-7)",
        allowed=(0.0, 6.0),
        source="Anderson 1973 (beyond some point a gap to what is given is not accepted); assumption (form and size)",
        practical=(0.2, 2.0),
    )
    parting_neutral: float = parameter(
        70.0,
        "Satisfaction with which one parts with a neutral opinion",
        label="Neutral satisfaction at parting",
        unit="points (0-100)",
        allowed=(0.0, 100.0),
        practical=(50.0, 85.0),
    )
    parting_scale: float = parameter(
        30.0,
        "Satisfaction below that which makes the opinion at parting as bad as can be",
        label="Scale of opinion at parting",
        unit="points (0-100)",
        gt=0.0,
        le=1000.0,
        practical=(10.0, 60.0),
    )
    return_share: float = share(
        0.25,
        "Base share of lapsed customers who come back when they think of it",
        label="Lapsed who return",
        practical=(0.02, 0.6),
    )
    return_weighing: float = parameter(
        1.0,
        "How far a return weighs the present supplier, as a comparison does; 0 does not see it",
        label="Weighing of the present supplier",
        unit="ratio",
        source="assumption: as in switching",
        allowed=(0.0, 10.0),
        practical=(0.0, 1.5),
    )
    rebuy_weighing: float = parameter(
        1.0,
        "How far leavers weigh the appeal of a rival before they take it at once, as in adoption; 0 is off",
        label="Weighing of the next supplier",
        unit="ratio",
        source="assumption: as in adoption",
        allowed=(0.0, 10.0),
        practical=(0.0, 1.5),
    )
    return_opinion: float = parameter(
        1.0,
        "Shift of a return, or of accepting a win-back offer, per unit of opinion of the firm",
        label="Effect of opinion on return",
        unit="logit per unit",
        allowed=(0.0, 20.0),
        practical=(0.0, 3.0),
    )


@rule
def is_there(environment: Environment, g: int) -> bool:
    """Whether firm g is in the market: whoever is not is in nobody's mind."""
    return environment.firms[g].in_market > 0.0


@rule
def parting_opinion(satisfaction: float, neutral: float, scale: float) -> float:
    """Opinion of the firm that one has just left, from one's own experience, -1 to 1: (S - neutral) / scale.

    >>> parting_opinion(70.0, 70.0, 30.0), parting_opinion(10.0, 70.0, 30.0)
    (0.0, -1.0)
    """
    return clipped((satisfaction - neutral) / scale, -1.0, 1.0)


SILENT, LAPSED, COMPLAINT, SWITCH, NATURAL, WITHOUT, CLOSED = range(len(CAUSES))
"""Causes of leaving, in the order of `CAUSES`."""


@kernel
def leave(state: State, i: int, environment: Environment, books: Books, clock: Clock, cause: int) -> None:
    """The customer of row i leaves the supplier; `cause` is a place in `CAUSES`."""
    person = state.people[i]
    f = int(state.supplier[i])
    firm = environment.firms[f]
    counts = books.tally[f, person.segment]
    counts[O.left_silent + cause] += 1
    settle_up(state, i, environment, books, clock)
    hand_in(state, i, environment, books)
    cohort = 1 if person.flags & NEWCOMER != 0 else 0
    causes = len(CAUSES)
    cohorts = len(COHORTS)
    tenures = books.leavers.shape[0] // (environment.firms.shape[0] * cohorts * causes)
    tenure = max(clock.period, 0) - max(state.joined[i], 0)  # counted from the first period that is counted
    atomic_add(books.leavers, ((f * cohorts + cohort) * causes + cause) * tenures + tenure, 1)
    if cause <= COMPLAINT:
        rates = environment.segments[person.segment].encounters
        demand = environment.prices.demand[f, person.segment]
        margin = yearly_margin(double(state.frequency[i]), double(state.spend[i]), rates, demand, firm)
        money = environment.world[0].money
        value = remaining_value(margin, money.assumed_retention, money.discount_rate)
        if money.estimate_within_run != 0.0:
            years = (tenures - 2 - clock.period) * environment.world[0].years  # tenures: the run's periods and one
            value *= share_within(years, money.assumed_retention, money.discount_rate)
        counts[O.opportunity_estimate] += fixed_point(value)
    if f < state.lost_by.shape[1]:
        state.lost_by[i, f] = cause
    if cause in (LAPSED, SWITCH, WITHOUT, CLOSED):
        state.former[i] = f
    else:
        state.barred[i] |= 1 << f
    if cause != NATURAL:
        parting = environment.world[0].movement
        state.opinion[i, f] = parting_opinion(
            double(state.satisfaction[i]), parting.parting_neutral, parting.parting_scale
        )
    person.flags &= ALL_FLAGS - COMPLAINT_OPEN
    state.leaves[at(state.leaves, i)] = 0
    state.supplier[i] = NOBODY


@kernel
def forgive(state: State, i: int, environment: Environment, books: Books) -> None:
    """The person of row i forgives all firms that it left in anger: they are possible again, opinions stay.

    Without another firm in mind, the person may think of returning to the first of them.
    """
    person = state.people[i]
    for f in range(environment.firms.shape[0]):
        if state.barred[i] & (1 << f) != 0:
            books.tally[f, person.segment, O.forgave] += 1
            if state.former[i] == NOBODY:
                state.former[i] = f
    state.barred[i] = 0


@kernel
def leave_the_market(state: State, i: int, environment: Environment, books: Books, clock: Clock) -> None:
    """The person of row i is gone for reasons that no service can mend: every firm is without the person."""
    person = state.people[i]
    f = state.supplier[i]
    if f != NOBODY:
        leave(state, i, environment, books, clock, NATURAL)
    for g in range(environment.firms.shape[0]):
        bit = 1 << g
        if g != f and state.barred[i] & bit == 0:
            gone = O.lapsed_gone if state.ever[i] & bit != 0 else O.prospects_gone
            books.tally[g, person.segment, gone] += 1
        state.barred[i] |= bit
    person.flags |= GONE


@kernel
def join(state: State, i: int, environment: Environment, books: Books, clock: Clock, f: int, way: int) -> None:
    """The person of row i becomes a customer of firm f; `way` is the observable that counts it."""
    person = state.people[i]
    firm = environment.firms[f]
    segment = environment.segments[person.segment]
    counts = books.tally[f, person.segment]
    counts[way] += 1
    counts[O.welcome_cost] += fixed_point(firm.strategy.welcome_cost)
    add_margin(state, i, f, -firm.strategy.welcome_cost)
    if firm.onboarding.spending > 0.0:
        counts[O.welcome_cost] += fixed_point(firm.onboarding.spending)
        add_margin(state, i, f, -firm.onboarding.spending)
    if f < state.won_by.shape[1]:
        state.won_by[i, f] = way - O.won_advertising
    state.supplier[i] = f
    state.ever[i] |= 1 << f
    state.joined[i] = clock.period
    person.flags = (person.flags | NEWCOMER) & (ALL_FLAGS - COMPLAINT_OPEN - HAS_COMPLAINED)
    if state.former[i] == f:
        state.former[i] = NOBODY
    for d in range(DIMENSION_COUNT):
        person.will[d] = newcomer_will(
            double(person.will[d]), firm.strategy.promise[d], segment.expectations.promise_trust
        )
    state.satisfaction[i] = clipped(segment.judgement.initial_satisfaction + double(person.disposition), 0.0, 100.0)
    person.confirmation = 0.0
    person.history = 0.0
    person.level = LEVEL_SATISFIED
