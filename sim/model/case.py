"""Case: a complaint at the desk, from its arrival to its end; whoever is served when is the queue's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.compiled import double, rule
from sim.model.contexts import Books, Clock, Environment
from sim.model.desk import ANSWER_TALK, BY_VALUE, DAYS_PER_YEAR, DESK_DRAWS, pay_for_handling, time_of_work
from sim.model.luck import exponential, uniforms
from sim.model.person import ALL_FLAGS, COMPLAINT_OPEN, luck_of
from sim.model.recovery import ANSWERED, LOGGED, RECOVERY_DRAWS, ComplaintAnswer, Fate, outcome_of, settle
from sim.model.shares import fixed_point
from sim.model.waiting import pace
from sim.vocabulary.observables import O
from sim.vocabulary.streams import DESK, RECOVERY, TALK

if TYPE_CHECKING:
    from sim.model.record_types import Counts, FirmRecord
    from sim.model.state_types import State


class Case(NamedTuple):
    """What the desk does not decide about a complaint; times are in years since the start.

    Attributes:
        arrival: When it reaches the desk.
        handling: Time that it takes of somebody of the desk.
        inquiry: Elapsed time that it needs beyond that.
        gives_up: When the sender's patience ends.
        ignored: Whether it will never be taken up.
        rank: What it is queued by, the lowest first: its arrival, or what the sender is worth.
    """

    arrival: float
    handling: float
    inquiry: float
    gives_up: float
    ignored: bool
    rank: float


@rule
def registered(state: State, i: int, firm: FirmRecord, years: float, seed: int, period: int, encounter: int) -> Case:
    """The complaint of row i about an encounter of a period, when the desk hears of it."""
    desk = firm.desk
    draw = uniforms(seed, DESK, luck_of(state, i), period, DESK_DRAWS * encounter)
    arrival = (period + draw[0]) * years
    u_answer = uniforms(seed, RECOVERY, luck_of(state, i), period, RECOVERY_DRAWS * encounter + ANSWERED)[0]
    ignored = u_answer >= desk.answer_share
    gives_up = math.inf
    if desk.patience_days > 0.0:
        # who is not taken up hears nothing either
        felt = 1.0 if ignored else pace(firm.waiting.word, firm.waiting.unfelt)
        gives_up = arrival + exponential(draw[2], desk.patience_days / DAYS_PER_YEAR) / felt
    elif ignored:
        gives_up = arrival
    rank = arrival
    if desk.queue == BY_VALUE:
        rank = -double(state.spend[i]) * double(state.frequency[i])
    handling = time_of_work(draw[1], desk, firm.desk_hours)
    inquiry = exponential(draw[3], desk.investigation_days / DAYS_PER_YEAR)
    return Case(arrival, handling, inquiry, gives_up, ignored, rank)


@rule
def write_down(counts: Counts, firm: FirmRecord, ignored: bool) -> None:
    """A complaint has reached the desk, which will let its sender know how it goes unless it is ignored."""
    counts[O.registered] += 1
    if not ignored:
        counts[O.complaint_cost] += fixed_point(firm.waiting.word * firm.waiting.word_cost)


@rule
def take_up(counts: Counts, firm: FirmRecord, waited: float, handling: float) -> None:
    """Somebody takes up a complaint that has waited and will be handled for so many years: what is counted and paid."""
    counts[O.desk_started] += 1
    counts[O.desk_waited] += waited > 0.0
    counts[O.desk_wait_days] += fixed_point(waited * DAYS_PER_YEAR)
    counts[O.complaint_cost] += fixed_point(pay_for_handling(handling * firm.desk_hours, firm.desk))


class Ended(NamedTuple):
    """A complaint to the desk that is over.

    Attributes:
        period, encounter: Period of the complaint, and number of the encounter within it: the key of its luck.
        severity: How far the encounter fell below adequate, points.
        answered: Whether there is an answer.
        years: Time from complaint to answer, or to the end of patience.
    """

    period: int
    encounter: int
    severity: float
    answered: bool
    years: float


@rule
def end(state: State, i: int, books: Books, f: int, ended: Ended) -> bool:
    """The complaint that row i sent to firm f ends, with an answer or with patience; counts it.

    Returns whether there is somebody to settle it with: not if the sender has left meanwhile, even if only to return.
    """
    person = state.people[i]
    counts = books.tally[f, person.segment]
    if ended.answered:
        counts[O.desk_answered] += 1
        counts[O.desk_answer_days] += fixed_point(ended.years * DAYS_PER_YEAR)
    if state.supplier[i] != f or person.flags & COMPLAINT_OPEN == 0 or state.joined[i] > ended.period:
        counts[O.complaint_moot] += 1
        return False
    return True


@rule
def close(
    state: State,
    i: int,
    environment: Environment,
    books: Books,
    clock: Clock,
    ended: Ended,
) -> None:
    """The complaint of row i, a customer still, is settled.

    Args:
        state: The people.
        i: Row of the sender.
        environment: Parameters.
        books: Where it is counted.
        clock: Seed and period.
        ended: The complaint.
    """
    person, firm = state.people[i], environment.firms[state.supplier[i]]
    desk, days = firm.desk, ended.years * DAYS_PER_YEAR
    seed, luck, period, encounter = clock.seed, luck_of(state, i), ended.period, ended.encounter
    person.flags &= ALL_FLAGS - COMPLAINT_OPEN
    draw = uniforms(seed, RECOVERY, luck, period, RECOVERY_DRAWS * encounter + ANSWERED)
    further = uniforms(seed, RECOVERY, luck, period, RECOVERY_DRAWS * encounter + LOGGED)
    u_talk = uniforms(seed, TALK, luck, period, ANSWER_TALK + encounter)[0]
    outcome = outcome_of(ended.answered, draw[1] < desk.resolution_share, days, desk.speed_target_days)
    felt = days * pace(firm.waiting.word, firm.waiting.unfelt)
    answer = ComplaintAnswer(outcome, felt, ended.severity, desk.resolution_share)
    fate = Fate(draw[2], draw[3], u_talk, further[1], further[2])
    settle(state, i, environment, books, clock, answer, fate)


@rule
def finish(state: State, i: int, environment: Environment, books: Books, clock: Clock, f: int, ended: Ended) -> None:
    """The complaint that row i sent to firm f is over, and is settled if there is somebody to settle it with."""
    if end(state, i, books, f, ended):
        close(state, i, environment, books, clock, ended)
