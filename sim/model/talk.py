"""Talk: who tells what to how many."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.compiled import kernel, rule
from sim.model.contexts import Books, Clock, Environment
from sim.model.expectation import predicted
from sim.model.in_use import at
from sim.model.looking_around import LookingAround
from sim.model.luck import uniforms
from sim.model.online import Online, post, readers_now, would_find
from sim.model.opinion import Opinion
from sim.model.person import INFLUENTIAL, luck_of
from sim.model.shares import fixed_point
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, O, counts
from sim.vocabulary.parameter import Section, Vector, group, parameter, share
from sim.vocabulary.streams import TALK

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import numpy.typing as npt

    from sim.model.luck import Seed
    from sim.model.state_types import State

STORY_NONE, STORY_DISSATISFIED, STORY_SATISFIED, STORY_DELIGHTED, STORY_RECOVERED, STORY_FAILED_RECOVERY = range(6)
"""What a person has to tell this period; the order of `talk.shares` and `talk.reach`, shifted by one."""

REACH = 2000
MIX = 3000
"""Indexes of the stream TALK: how many are told and with whom one begins; who is told in a complete mix."""

COLUMNS = (Column("story", "u1", 1, "code", "what the person has to tell this period", apart=True),)

OBSERVABLES = (
    *counts(
        FLOW,
        "people",
        {
            "talkers_positive": "people who told something good",
            "talkers_negative": "people who told something bad",
        },
    ),
    *counts(
        FLOW,
        "people told",
        {
            "told_positive": "people told something good about the firm",
            "told_negative": "people told something bad about the firm",
            "told_recovered": "of those told something good: by recovered complainers",
            "heard_positive": "good words about the firm, by the listener's segment",
            "heard_negative": "bad words about the firm, by the listener's segment",
        },
    ),
)


def _talks(default: float, who: str, source: str, *, label: str, practical: tuple[float, float]) -> Any:
    return share(default, f"Share of {who} who talk about it", source, label=label, practical=practical)


def _reach(default: float, who: str, source: str, *, label: str, practical: tuple[float, float]) -> Any:
    return parameter(
        default,
        f"People told by one of {who} who talks",
        label=label,
        unit="people",
        source=source,
        allowed=(0.0, 1000.0),
        practical=practical,
    )


class Stories(Vector):
    """One number for each sort of story that a customer can tell."""

    dissatisfied: float = 0.0
    satisfied: float = 0.0
    delighted: float = 0.0
    recovered: float = 0.0
    failed_recovery: float = 0.0


class TalkShares(Stories):
    """Who talks."""

    dissatisfied: float = _talks(
        0.70,
        "dissatisfying encounters",
        "Anderson 1998 (U shape); assumption (size)",
        label="Dissatisfied who talk",
        practical=(0.1, 0.9),
    )
    satisfied: float = _talks(
        0.04,
        "satisfying encounters",
        "Anderson 1998 (U shape); assumption (size)",
        label="Satisfied who talk",
        practical=(0.0, 0.3),
    )
    delighted: float = _talks(
        0.20,
        "delighting encounters",
        "Anderson 1998 (U shape); assumption (size)",
        label="Delighted who talk",
        practical=(0.0, 0.6),
    )
    recovered: float = _talks(
        0.50,
        "recovered complainers",
        "notes 'Servicio al cliente'; assumption (size)",
        label="Recovered who talk",
        practical=(0.1, 0.9),
    )
    failed_recovery: float = _talks(
        0.70,
        "complainers answered badly",
        "assumption: let down twice, they talk most",
        label="Answered badly who talk",
        practical=(0.2, 1.0),
    )


class Reach(Stories):
    """To how many."""

    dissatisfied: float = _reach(
        8.0,
        "the dissatisfied",
        "TARP: nine to ten (second-hand); assumption: somewhat fewer",
        label="Told by one dissatisfied",
        practical=(2.0, 15.0),
    )
    satisfied: float = _reach(3.0, "the satisfied", "assumption", label="Told by one satisfied", practical=(1.0, 8.0))
    delighted: float = _reach(
        3.5,
        "the delighted",
        "TARP: four to five (second-hand); assumption: somewhat fewer",
        label="Told by one delighted",
        practical=(1.0, 10.0),
    )
    recovered: float = _reach(
        5.0,
        "the recovered",
        "notes 'Servicio al cliente': at most five",
        label="Told by one recovered",
        practical=(1.0, 10.0),
    )
    failed_recovery: float = _reach(
        9.0,
        "those answered badly",
        "TARP: nine to ten, second-hand",
        label="Told by one answered badly",
        practical=(2.0, 20.0),
    )


class Talk(Section):
    """Word of mouth over strong and weak ties."""

    shares: TalkShares = group(TalkShares(), "Who talks")
    reach: Reach = group(Reach(), "To how many")
    opinion: Opinion = group(Opinion(), "Opinions")
    looking_around: LookingAround = group(LookingAround(), "Looking around after a word")
    online: Online = group(Online(), "Posts online")
    weak_tie_weight: float = parameter(
        0.5,
        "Weight of what a weak tie says, a strong tie being 1",
        label="Weight of weak ties",
        unit="ratio",
        source="Goldenberg, Libai & Muller 2001 (order); assumption (size)",
        allowed=(0.0, 1.0),
        practical=(0.1, 1.0),
    )
    strong_adoption: float = parameter(
        0.07,
        "b_s: probability that one good word over a strong tie wins a prospect",
        label="Adoption by strong ties",
        unit="per tie that talks",
        source="Goldenberg, Libai & Muller 2001 (form; 0.01-0.07 in their simulations); assumption (size)",
        allowed=(0.0, 1.0),
        practical=(0.005, 0.1),
    )
    weak_adoption: float = parameter(
        0.025,
        "b_w: the same over a weak tie",
        label="Adoption by weak ties",
        unit="per tie that talks",
        source="Goldenberg, Libai & Muller 2001 (form; 0.005-0.015 in their simulations); assumption (size)",
        allowed=(0.0, 1.0),
        practical=(0.001, 0.05),
    )
    negative_impact: float = parameter(
        1.2,
        "Weight of a bad word on opinion, a good one being 1",
        label="Weight of bad words",
        unit="ratio",
        source="assumption: losses weigh more; East, Hammond & Lomax 2008 found praise to move purchase generally more",
        allowed=(0.0, 10.0),
        practical=(0.5, 3.0),
    )
    opinion_on_adoption: float = parameter(
        1.5,
        "Shift of the odds of adoption per unit of opinion (-1 to 1)",
        label="Effect of opinion on adoption",
        unit="logit per unit",
        allowed=(0.0, 20.0),
        practical=(0.0, 3.0),
    )


@rule
def people_told(reach: float, u: float) -> int:
    """A whole number of people with mean `reach`: the fraction decides by the draw u.

    >>> people_told(2.5, 0.4), people_told(2.5, 0.6)
    (3, 2)
    """
    whole = math.floor(reach)
    return int(whole) + (1 if u < reach - whole else 0)


@rule
def somebody_else(u: float, others: int, own: int) -> int:
    """Place of anybody but the person at the place `own`, one of so many `others`, by the draw u.

    >>> [somebody_else(u, 3, 1) for u in (0.2, 0.5, 0.9)]
    [0, 2, 3]
    """
    place = int(u * others)
    return place + 1 if place >= own else place


NUMBERS_A_DRAW = 4
"""Random numbers that one index of a stream gives."""


@rule
def strangers(seed: Seed, luck: int, period: int, index: int, others: int, own: int) -> tuple[int, int, int, int]:
    """Places of four people, anybody but the one at the place `own`, perhaps some of them twice, by an index of TALK.

    Args:
        seed: Key of the run's luck.
        luck: Key of the person who speaks to them.
        period: When.
        index: Of the draw: they are the next four of those from `MIX` or `READERS` on.
        others: How many people there are besides.
        own: Place of the person who speaks.
    """
    u, v, w, x = uniforms(seed, TALK, luck, period, index)
    return (
        somebody_else(u, others, own),
        somebody_else(v, others, own),
        somebody_else(w, others, own),
        somebody_else(x, others, own),
    )


@rule
def belief_over(belief: float, strong: bool, weak_weight: float) -> int:
    """What a teller believes as it goes over a tie, in steps of 1/65536: a weak one takes a part of its weight.

    >>> belief_over(5.0, True, 0.5), belief_over(5.0, False, 0.5)
    (327680, 163840)
    """
    return fixed_point(belief) if strong else fixed_point(weak_weight * belief)


def most_told(reach: float, influence: Iterable[float]) -> int:
    """To how many people a story is told at most: as if its teller were the most influential there may be.

    Args:
        reach: To how many it is told on average.
        influence: How many times as many the influential of each segment tell.

    >>> most_told(2.5, [0.5]), most_told(2.5, [0.5, 3.0])
    (3, 8)
    """
    return math.floor(reach * max(1.0, *influence)) + 1


class Telling(NamedTuple):
    """What somebody tells.

    Attributes:
        told: People who are told.
        bad: Whether it is bad.
        belief: What the teller predicts of the supplier, points (1-7).
        place: Draw that says with whom of the people known the telling begins.
    """

    told: int
    bad: bool
    belief: float
    place: float


@rule
def is_bad(story: int) -> bool:
    """Whether a story speaks ill of the supplier.

    >>> is_bad(STORY_DISSATISFIED), is_bad(STORY_RECOVERED)
    (True, False)
    """
    return story in (STORY_DISSATISFIED, STORY_FAILED_RECOVERY)


@kernel
def words_of_posts(
    state: State, environment: Environment, clock: Clock, low: int, high: int, tellers: npt.NDArray[np.int32]
) -> int:
    """How many strangers may read in this period what rows `low` to `high` have posted, or `tellers` will post."""
    years, days = environment.world[0].years, environment.world[0].talk.online.days
    words = 0
    for i in range(low, high):
        left = int(state.post[at(state.post, i)])
        if left != 0:
            words += readers_now(left, years, days, 1.0)
    for i in tellers:
        found = would_find(state, i, environment, clock) if is_bad(state.story[i]) else 0
        if found != 0:
            words += readers_now(found, years, days, 1.0)
    return words


@rule
def tell(state: State, i: int, environment: Environment, books: Books, clock: Clock, ties: int) -> Telling:
    """The story of row i is told, and is then no more; a bad one may be posted. Whom it reaches is up to the network.

    Args:
        state: The people; row i is a customer with a story.
        i: Row of the teller.
        environment: Parameters.
        books: Where it is counted.
        clock: Seed and period.
        ties: People whom the teller knows.
    """
    person = state.people[i]
    f = state.supplier[i]
    segment = environment.segments[person.segment]
    counts = books.tally[f, person.segment]
    story = state.story[i]
    state.story[i] = STORY_NONE
    draw = uniforms(clock.seed, TALK, luck_of(state, i), clock.period, REACH)
    reach = environment.world[0].talk.reach[story - 1]
    if person.flags & INFLUENTIAL != 0:
        reach *= segment.sociability.influencer_factor
    told = min(people_told(reach, draw[0]), ties)
    bad = is_bad(story)
    counts[O.talkers_negative if bad else O.talkers_positive] += 1
    counts[O.told_negative if bad else O.told_positive] += told
    if story == STORY_RECOVERED:
        counts[O.told_recovered] += told
    if bad:
        post(state, i, environment, books, clock)
    return Telling(told, bad, predicted(person, segment.judgement.importance), draw[1])
