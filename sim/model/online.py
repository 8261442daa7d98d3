"""Online: some who have a bad story post it, and strangers read it for some days."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.compiled import kernel, rule
from sim.model.contexts import Books, Clock, Environment
from sim.model.desk import DAYS_PER_YEAR
from sim.model.expectation import predicted
from sim.model.in_use import POSTS, at
from sim.model.luck import uniforms
from sim.model.money import add_margin
from sim.model.person import luck_of
from sim.model.shares import chance_of_event, fixed_point
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, O, counts
from sim.vocabulary.parameter import Section, parameter, share
from sim.vocabulary.streams import TALK

if TYPE_CHECKING:
    from sim.model.state_types import State

POST = 1_000_000
READERS = 1_000_001
"""Indexes of the stream TALK: whether one posts, how many will read, whether it is answered, a fraction; who reads."""

ANSWERED = 0.5
"""What a public answer leaves of those who will read a post (assumption)."""

COLUMNS = (
    Column(
        "post",
        "u2",
        1,
        "people",
        "readers whom the person's last post is still to find",
        apart=True,
        needed_for=POSTS,
    ),
    Column("posted_about", "u1", 1, "index", "firm that the last post is about", apart=True, needed_for=POSTS),
)

OBSERVABLES = (
    *counts(FLOW, "posts", {"posts": "bad stories posted online", "posts_answered": "of these: answered in public"}),
    *counts(FLOW, "people told", {"readers": "of those told something bad about the firm: strangers who read a post"}),
)


class Online(Section):
    """Posts that strangers read."""

    post_share: float = share(
        0.0,
        "Share of those who tell a bad story who also post it online; 0: nobody does",
        "model design: an option, off",
        label="Bad stories posted",
        practical=(0.0, 0.5),
    )
    fewest_readers: float = parameter(
        5.0,
        "Readers whom every post finds, from where the tail begins",
        label="Fewest readers of a post",
        unit="people",
        allowed=(1.0, 1000.0),
        practical=(1.0, 50.0),
    )
    tail: float = parameter(
        1.2,
        "Exponent of the tail: a post finds more than x readers with probability (fewest / x)^tail",
        label="Tail of readers",
        unit="exponent",
        source="assumption: heavy, as the spread of news in networks is",
        gt=0.0,
        le=20.0,
        practical=(0.8, 3.0),
    )
    most_readers: float = parameter(
        500.0,
        "Readers whom no post exceeds",
        label="Most readers of a post",
        unit="people",
        allowed=(1.0, 60_000.0),
        practical=(50.0, 5000.0),
    )
    days: float = parameter(
        3.0,
        "Mean time after which a reader finds the post, exponential: it fades",
        label="Days that a post is read",
        unit="days",
        gt=0.0,
        le=3650.0,
        practical=(0.5, 30.0),
    )


class Reading(NamedTuple):
    """What strangers read in a period.

    Attributes:
        readers: People who read it.
        firm: Firm that it is about.
        belief: What the author predicts of the own supplier by now, points (1-7).
    """

    readers: int
    firm: int
    belief: float


@rule
def readers_found(u: float, fewest: float, tail: float, most: float) -> int:
    """Readers of a post, Pareto and capped: min(most, fewest (1 - u)^(-1 / tail)), in whole people.

    >>> readers_found(0.75, 4.0, 1.0, 500.0), readers_found(0.999, 4.0, 1.0, 500.0)
    (16, 500)
    """
    return int(min(most, fewest * math.pow(1.0 - u, -1.0 / tail)))


@rule
def readers_now(left: int, years: float, days: float, u: float) -> int:
    """Of the readers that are left, those of a period: left (1 - e^(-t / days)), the fraction decided by the draw u.

    >>> readers_now(10, 0.0, 3.0, 0.5), readers_now(10, 1.0, 3.0, 0.5)
    (0, 10)
    """
    return int(left * chance_of_event(DAYS_PER_YEAR / days, years) + u)


def mean_readers(online: Online) -> float:
    """Mean of the readers of a post, Pareto and capped: f + the integral of (f / x)^tail from the fewest f to the most.

    >>> round(mean_readers(Online(fewest_readers=10.0, tail=2.0, most_readers=20.0)), 6)
    15.0
    """
    fewest, most, tail = online.fewest_readers, max(online.most_readers, online.fewest_readers), online.tail
    if tail == 1.0:
        return fewest * (1.0 + math.log(most / fewest))
    return fewest * (1.0 + (1.0 - math.pow(fewest / most, tail - 1.0)) / (tail - 1.0))


@rule
def would_find(state: State, i: int, environment: Environment, clock: Clock) -> int:
    """Readers whom a bad story of the customer of row i finds online if nobody answers it; 0: it is not posted."""
    online = environment.world[0].talk.online
    draw = uniforms(clock.seed, TALK, luck_of(state, i), clock.period, POST)
    if draw[0] >= online.post_share:
        return 0
    return readers_found(draw[1], online.fewest_readers, online.tail, online.most_readers)


@rule
def post(state: State, i: int, environment: Environment, books: Books, clock: Clock) -> None:
    """The customer of row i, who tells a bad story, may post it; a later post takes the place of an earlier one."""
    person = state.people[i]
    f = int(state.supplier[i])
    readers = would_find(state, i, environment, clock)
    if readers == 0:
        return
    u_answered = uniforms(clock.seed, TALK, luck_of(state, i), clock.period, POST)[2]
    counts = books.tally[f, person.segment]
    counts[O.posts] += 1
    desk = environment.firms[f].desk
    if u_answered < desk.public_answers:
        readers = int(ANSWERED * readers)
        counts[O.posts_answered] += 1
        counts[O.complaint_cost] += fixed_point(desk.public_answer_cost)
        add_margin(state, i, f, -desk.public_answer_cost)
    state.post[at(state.post, i)] = readers
    state.posted_about[at(state.post, i)] = f


@kernel
def be_read(state: State, i: int, environment: Environment, books: Books, clock: Clock, others: int) -> Reading:
    """Some of the readers who are left find the post of row i in this period; who they are is drawn by the caller.

    Args:
        state: The people.
        i: Row of the author.
        environment: Parameters.
        books: Where it is counted.
        clock: Seed and period.
        others: People in the market but the author.
    """
    person, place = state.people[i], at(state.post, i)
    f = int(state.posted_about[place])
    u = uniforms(clock.seed, TALK, luck_of(state, i), clock.period, POST)[3]
    now = readers_now(int(state.post[place]), environment.world[0].years, environment.world[0].talk.online.days, u)
    state.post[place] -= now
    if others == 0:
        now = 0
    counts = books.tally[f, person.segment]
    counts[O.readers] += now
    counts[O.told_negative] += now
    return Reading(now, f, predicted(person, environment.segments[person.segment].judgement.importance))
