"""Voice: exit, voice or loyalty (Hirschman 1970): base shares, and the drivers that shift them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.compiled import double, rule
from sim.model.contexts import Books, Clock, Environment, Served
from sim.model.contract import periods_left
from sim.model.guarantee import claimable, honour
from sim.model.in_use import at
from sim.model.learning import note, propensity
from sim.model.loyalty import (
    AVERAGE_SWITCHING_COST,
    Grounds,
    Repurchase,
    RepurchaseDrivers,
    SilentDrivers,
    held_shift,
    loyalty_of,
    published_share,
    repurchase_shift,
)
from sim.model.luck import uniforms
from sim.model.person import (
    CAPTIVE,
    COMPLAINT_OPEN,
    HAS_COMPLAINED,
    INTENT_LAPSE_SILENT,
    INTENT_LEAVE_SILENT,
    INTENT_STAY,
    luck_of,
)
from sim.model.recovery import LOGGED, RECOVERY_DRAWS, RESOLVED_QUICKLY, UNRESOLVED, ComplaintAnswer, Fate, settle
from sim.model.shares import shifted_share
from sim.model.tiers import switching_cost_of
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, O, counts
from sim.vocabulary.parameter import OptionalLine, Section, group, logit, parameter
from sim.vocabulary.streams import RECOVERY, VOICE

if TYPE_CHECKING:
    from sim.model.state_types import State

COLUMNS = (
    Column("complaint_tendency", "f4", 1, "logit", "personal willingness to complain", apart=True),
    Column("complaints", "u1", 1, "complaints", "complaints so far, to whomever; 255 are as many", followed=True),
)

OBSERVABLES = (
    *counts(
        FLOW,
        "complaints",
        {
            "pending": "dissatisfied again while an earlier complaint is open: no new decision",
            "silent": "dissatisfied customers who said nothing",
            "silent_stayed": "of the silent: stayed",
            "silent_lapsed": "of the silent: left, and may return",
            "silent_lost": "of the silent: left in anger",
            "silent_captive": "of the silent: would have left but cannot, or not yet",
            "complained": "dissatisfied customers who complained",
            "complained_again": "of the complainers: had complained before, to whomever",
            "complained_front_line": "of the complainers: at the front line",
            "complained_headquarters": "of the complainers: straight to the complaint desk",
            "escalated": "front-line complaints carried on to the desk",
        },
    ),
)


class ComplaintDrivers(Section):
    """Weights of what shifts the share who complain, on the logit scale; all zero leaves the base share."""

    ease: float = logit(
        1.0,
        "Per unit of the desk's ease of complaining (0 = average)",
        "Hirschman 1970 (sign); assumption (size)",
        label="Effect of ease",
        practical=(0.0, 2.0),
    )
    severity: float = parameter(
        0.4,
        "Per point that the encounter fell below adequate, minus one point",
        label="Effect of severity",
        unit="logit per point",
        source="Goodman 1999 (sign: large problems are carried on more often); assumption (size)",
        allowed=(-20.0, 20.0),
        practical=(0.0, 1.5),
    )
    switching_cost: float = logit(
        0.5,
        "Per unit of switching cost above 0.5",
        "Hirschman 1970 (sign); assumption (size)",
        label="Effect of switching cost",
        practical=(-1.0, 2.0),
    )
    loyalty: float = logit(
        0.3,
        "Per unit of the loyalty index",
        "Hirschman 1970 (sign); assumption (size)",
        label="Effect of loyalty",
        practical=(-0.5, 1.5),
    )
    expected_success: float = logit(
        1.0,
        "Per unit of the share of complaints that the firm is known to resolve, minus 0.5",
        "Hirschman 1970 (sign); assumption (size)",
        label="Effect of expected success",
        practical=(0.0, 3.0),
    )
    captive: float = parameter(
        0.8,
        "Of somebody who cannot leave: voice is what is left where exit is closed",
        label="Effect of being captive",
        unit="logit",
        source="Hirschman 1970 (sign); assumption (size)",
        allowed=(-20.0, 20.0),
        practical=(0.0, 2.0),
    )
    experience: float = parameter(
        0.0,
        "Per complaint that the person has made before, up to three: who knows the way takes it again, or never again",
        label="Effect of earlier complaints",
        unit="logit per complaint",
        source="assumption: off; either sign is possible",
        allowed=(-20.0, 20.0),
        practical=(-1.0, 1.0),
    )
    person: float = parameter(
        1.0,
        "Weight of segment tendency and personal willingness to complain",
        label="Weight of personal tendency",
        unit="logit per logit",
        allowed=(0.0, 20.0),
        practical=(0.0, 2.0),
    )


class Voice(Section):
    """What the dissatisfied do."""

    preset: OptionalLine = parameter(
        None,
        "Named set of base shares: slogan, tarp_minor, tarp_major, goodman_1999, rage_2015",
        label="Set of base shares",
        unit="name",
        source="each preset names its own; docs/sources.md",
    )
    complain_share: float = published_share(
        0.04, "Base share of the dissatisfied who complain", label="Share who complain", practical=(0.01, 0.8)
    )
    headquarters_share: float = published_share(
        1.0,
        "Share of complainers who go straight to the complaint desk (headquarters)",
        label="Complaints to headquarters",
        practical=(0.0, 1.0),
    )
    escalation_share: float = published_share(
        0.05,
        "Share of front-line complaints without remedy that are carried on to the desk",
        "Goodman 1999: 1-10%; assumption (value)",
        label="Complaints escalated",
        practical=(0.0, 0.3),
    )
    lapse_share: float = published_share(
        0.0,
        "Of the silent who will buy again, the share who leave first and may return later",
        "assumption: they stay; the slogan says that they leave",
        label="Silent who lapse",
        practical=(0.0, 1.0),
    )
    repurchase: Repurchase = group(Repurchase(), "Who buys again")
    complaint_drivers: ComplaintDrivers = group(ComplaintDrivers(), "What makes people complain")
    repurchase_drivers: RepurchaseDrivers = group(RepurchaseDrivers(), "What makes people buy again")
    silent_drivers: SilentDrivers = group(SilentDrivers(), "What holds the silent")
    loyalty_reference: float = parameter(
        75.0,
        "Satisfaction at which the loyalty index is 0",
        label="Satisfaction at loyalty zero",
        unit="points (0-100)",
        source="assumption: ordinary",
        allowed=(0.0, 100.0),
        practical=(60.0, 85.0),
    )
    loyalty_scale: float = parameter(
        20.0,
        "Satisfaction that raises the loyalty index by 1",
        label="Satisfaction per loyalty unit",
        unit="points (0-100) per index",
        gt=0.0,
        le=1000.0,
        practical=(10.0, 40.0),
    )
    tenure_loyalty: float = parameter(
        0.5,
        "Loyalty index that ten years as a customer add",
        label="Loyalty from ten years",
        unit="index",
        allowed=(0.0, 10.0),
        practical=(0.0, 1.5),
    )


@rule
def severity_driver(felt: float, tolerance: float) -> float:
    """How far below adequate the encounter fell, in points, minus one point (the reference).

    >>> severity_driver(-3.0, 1.0)
    1.0
    """
    return -felt - tolerance - 1.0


class Drivers(NamedTuple):
    """What moves a dissatisfied customer to complain; fields as the weights in `voice.complaint_drivers`.

    Attributes:
        ease: Of complaining to the supplier's desk, 0 is average.
        severity: Points that the encounter fell below adequate, minus one.
        switching_cost: Personal switching cost, 0 to 1.
        loyalty: Loyalty index.
        expected_success: Share of complaints that the desk answers and resolves.
        captive: 1 for whoever cannot leave, else 0.
        experience: Complaints made before, at most `KNOWS_THE_WAY`.
        person: Willingness of the person and its segment, logit.
    """

    ease: float
    severity: float
    switching_cost: float
    loyalty: float
    expected_success: float
    captive: float
    experience: float
    person: float


KNOWS_THE_WAY = 3
"""Complaints after which another one teaches nothing."""

MOST_COMPLAINTS = 255
"""Complaints that are counted of a person."""

AVERAGE_SUCCESS = 0.5
"""Expected success of a complaint at which it shifts nothing, share."""


@rule
def complaint_shift(drivers: Drivers, weights: ComplaintDrivers) -> float:
    """Shift of the share who complain, logit: the weighted sum of the drivers, each 0 at its reference.

    `weights` has the fields of `Drivers`, logit per unit. Sources of the signs: Hirschman 1970 (effort, prospect
    of success, loyalty, ties); Goodman 1999 (severity).

    >>> drivers, weights = (
    ...     Drivers(0.5, 2.0, 0.75, -0.5, 0.25, 1.0, 2.0, 1.5),
    ...     Drivers(0.8, 0.4, 0.6, 0.3, 1.2, 0.9, 0.1, 0.7),
    ... )
    >>> round(complaint_shift(drivers, weights), 2)
    3.05
    """
    return (
        weights.ease * drivers.ease
        + weights.severity * drivers.severity
        + weights.switching_cost * (drivers.switching_cost - AVERAGE_SWITCHING_COST)
        + weights.loyalty * drivers.loyalty
        + weights.expected_success * (drivers.expected_success - AVERAGE_SUCCESS)
        + weights.captive * drivers.captive
        + weights.experience * drivers.experience
        + weights.person * drivers.person
    )


@rule
def closure(ease: float, success: float, weights: ComplaintDrivers) -> float:
    """How far a desk closes voice, or opens it, logit: the part of `complaint_shift` that is the firm's own.

    `ease` is that of the desk, `success` the share of complaints that it answers and resolves; 0 where both are
    average. Below 0 there are people who would complain at an average desk, and here find no way or no use in it.

    >>> from collections import namedtuple
    >>> weights = namedtuple("weights", "ease expected_success")(0.8, 1.2)
    >>> closure(-0.5, 0.25, weights)
    -0.7
    """
    return weights.ease * ease + weights.expected_success * (success - AVERAGE_SUCCESS)


@rule
def decide(
    state: State,
    i: int,
    environment: Environment,
    books: Books,
    clock: Clock,
    served: Served,
) -> bool:
    """What the dissatisfied customer of row i does: complain, or leave in silence, or stay in silence.

    Args:
        state: The people; row i is a customer whose last encounter dissatisfied.
        i: Row of the customer.
        environment: Parameters.
        books: Where it is counted.
        clock: Seed and period.
        served: The encounter.

    Returns:
        Whether a complaint goes to the desk.
    """
    person = state.people[i]
    firm = environment.firms[state.supplier[i]]
    segment = environment.segments[person.segment]
    counts = books.tally[state.supplier[i], person.segment]
    if person.flags & COMPLAINT_OPEN != 0:
        counts[O.pending] += 1
        return False
    voice, encounter, mode = environment.world[0].voice, served.encounter, served.mode
    luck = luck_of(state, i)
    u_complain, u_headquarters, u_stay, u_lapse = uniforms(clock.seed, VOICE, luck, clock.period, encounter)
    severity = severity_driver(served.felt, segment.judgement.tolerance)
    switching_cost = switching_cost_of(state, i, environment)
    loyalty = loyalty_of(state, i, environment, clock)
    due = claimable(firm, luck, clock, encounter, mode)
    drivers = Drivers(
        firm.desk.ease + firm.guarantee.invites * due,
        severity,
        switching_cost,
        loyalty,
        firm.desk.answer_share * firm.desk.resolution_share,
        1.0 if person.flags & CAPTIVE != 0 else 0.0,
        double(min(int(person.complaints), KNOWS_THE_WAY)),
        segment.sociability.complaint_tendency + double(state.complaint_tendency[i]),
    )
    shift = complaint_shift(drivers, voice.complaint_drivers)
    if u_complain < propensity(firm, mode) * shifted_share(voice.complain_share, shift):
        counts[O.complained] += 1
        counts[O.complained_again] += person.complaints > 0
        person.complaints = min(int(person.complaints) + 1, MOST_COMPLAINTS)
        person.flags |= HAS_COMPLAINED
        if due > 0.0:
            honour(state, i, environment, books)
        if u_headquarters < voice.headquarters_share:
            counts[O.complained_headquarters] += 1
            note(counts, firm, mode)
            person.flags |= COMPLAINT_OPEN
            return True
        counts[O.complained_front_line] += 1
        u_resolved, u_escalated, u_repurchase, u_call = uniforms(
            clock.seed, RECOVERY, luck_of(state, i), clock.period, RECOVERY_DRAWS * encounter
        )
        outcome = UNRESOLVED
        if u_resolved < firm.desk.front_line_resolution:
            outcome = RESOLVED_QUICKLY
            counts[O.front_line_resolved] += 1
        elif u_escalated < voice.escalation_share:
            counts[O.escalated] += 1
            note(counts, firm, mode)
            person.flags |= COMPLAINT_OPEN
            return True
        u_logged, u_case, u_upheld, _ = uniforms(
            clock.seed, RECOVERY, luck_of(state, i), clock.period, RECOVERY_DRAWS * encounter + LOGGED
        )
        if u_logged < firm.desk.logged_share:
            counts[O.logged] += 1
            note(counts, firm, mode)
        answer = ComplaintAnswer(outcome, 0.0, severity, firm.desk.front_line_resolution)
        fate = Fate(u_repurchase, u_call, served.u_talk, u_case, u_upheld)
        settle(state, i, environment, books, clock, answer, fate)
        return False
    counts[O.silent] += 1
    grounds = Grounds(severity, switching_cost, loyalty, 0.0)
    years_left = periods_left(state, i, environment, clock) * environment.world[0].years
    held = 0.0  # captives are held already: what is asked is whether they would leave
    if person.flags & CAPTIVE == 0:
        held = held_shift(switching_cost, years_left, voice.silent_drivers)
    closed = closure(firm.desk.ease, drivers.expected_success, voice.complaint_drivers)
    if closed < 0.0 and u_complain < propensity(firm, mode) * shifted_share(voice.complain_share, shift - closed):
        held += voice.silent_drivers.barrier
    stays = shifted_share(voice.repurchase.silent, repurchase_shift(grounds, voice.repurchase_drivers) + held)
    intent = INTENT_STAY
    if u_stay >= stays:
        intent = INTENT_LEAVE_SILENT
    elif u_lapse < voice.lapse_share:
        intent = INTENT_LAPSE_SILENT
    if intent == INTENT_STAY and state.leaves[at(state.leaves, i)] == 0:
        counts[O.silent_stayed] += 1
    elif person.flags & CAPTIVE != 0 or state.leaves[at(state.leaves, i)] != 0:
        counts[O.silent_captive] += 1
    else:
        counts[O.silent_lost if intent == INTENT_LEAVE_SILENT else O.silent_lapsed] += 1
        state.intent[i] = intent
    return False
