"""The last round: the best choices meet new draws and new luck, and are compared pair by pair.

The best of many noisy numbers is, on average, better than it deserves: the winner's curse. So what is said of a choice
in the end rests on no run that helped to pick it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sim.results.intervals import Interval
from sim.studies.lever_costs import SPENDING
from sim.studies.optimisation.choice_search import Tried
from sim.studies.optimisation.doubt import difference_interval, same_sign, simultaneous, value_interval
from sim.studies.optimisation.judge_choices import Aim, JudgedChoice, JudgingTerms
from sim.studies.optimisation.space import Space
from sim.words import say

TODAY, FINALIST, FRONT = "today", "finalist", "front"
YES, NO, UNSURE = "yes", "no", "not sure"
DIFFERENT = 0.05
"""Finalists differ by at least this share of a lever's range, as long as there are such."""


def called(name: str) -> str:
    """What a choice is called in the reader's language: a letter is one in all.

    >>> called("today"), called("A")
    ('today', 'A')
    """
    return say("today") if name == TODAY else name


@dataclass(frozen=True)
class Entrant:
    """A choice of the last round.

    Attributes:
        name: `today`, or a letter.
        role: `today`; `finalist`, one of the best; `front`, on the way from cheap to good.
        tried: What the search saw of it.
        judgement: What new draws and new luck made of it, with its single numbers.
        intervals: Of each output that is looked at, by those.
        meets: Whether it meets the requirements: `yes`, `no`, `not sure` where an interval holds a bound.
    """

    name: str
    role: str
    tried: Tried
    judgement: JudgedChoice
    intervals: dict[str, Interval]
    meets: str

    @property
    def called(self) -> str:
        """Its name in the reader's language."""
        return called(self.name)

    @property
    def eligible(self) -> bool:
        """Whether it may be chosen: it is allowed, and no requirement is clearly missed."""
        return self.tried.allowed and not self.judgement.reason and self.meets != NO


@dataclass(frozen=True)
class Pair:
    """Two choices compared.

    Attributes:
        one: Name of the first.
        other: Name of the second.
        output: What is compared.
        difference: First minus second, with its interval; those of goals hold together at 95%.
        told_apart: Whether the interval excludes 0.
    """

    one: str
    other: str
    output: str
    difference: Interval
    told_apart: bool


@dataclass(frozen=True)
class Decision:
    """What comes of it all.

    Attributes:
        entrants: Today's choice, then the others, the better ones first.
        pairs: Today's choice and all finalists, two by two, for every goal and for spending.
        front: Names of the choices that no other beats in both goals (with one goal: in it and in spending).
        best: Name of the best choice; None where none meets the requirements.
        group: Names of the choices that cannot be told apart from the best, that included. The choice that is truly
            best of those compared is among them with 95% confidence, for one goal.
    """

    entrants: tuple[Entrant, ...]
    pairs: tuple[Pair, ...]
    front: tuple[str, ...]
    best: str | None
    group: tuple[str, ...]

    def entrant(self, name: str) -> Entrant:
        """The choice of that name."""
        return next(entrant for entrant in self.entrants if entrant.name == name)

    def pair(self, one: str, other: str, output: str) -> Pair:
        """Two choices compared, first minus second."""
        for pair in self.pairs:
            if pair.output == output and (pair.one, pair.other) == (one, other):
                return pair
            if pair.output == output and (pair.one, pair.other) == (other, one):
                value, low, high = pair.difference
                return Pair(one, other, output, Interval(-value, -high, -low), pair.told_apart)
        raise KeyError((one, other, output))


def letter(number: int) -> str:
    """Name of a choice by its position.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    return (letter(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)


def trade_off(terms: JudgingTerms) -> tuple[Aim, Aim]:
    """The two things that are weighed against each other: both goals, or the goal and spending.

    Where spending is the only goal, it is weighed against what the first requirement asks for; where nothing is asked,
    against itself.
    """
    if len(terms.aims) == 2:
        return terms.aims[0], terms.aims[1]
    aim = terms.aims[0]
    if aim.output != SPENDING:
        return aim, Aim(SPENDING, False)
    bounded = [item for item in terms.requirements if item.output not in ("", SPENDING)]
    return aim, Aim(bounded[0].output, bounded[0].least) if bounded else aim


def scores(judgement: JudgedChoice, aims: Sequence[Aim]) -> tuple[float, ...]:
    """Goals of a choice, larger better."""
    return tuple(aim.better(judgement.estimates[aim.output]) for aim in aims)


def nondominated(points: Sequence[tuple[float, ...]]) -> list[int]:
    """Positions of the points that no other equals or beats in everything and beats in something; larger is better.

    >>> nondominated([(1.0, 3.0), (2.0, 2.0), (1.0, 2.0), (3.0, 1.0)])
    [0, 1, 3]
    """
    table = np.array(points, np.float64)
    kept = []
    for position, point in enumerate(table):
        beaten = (table >= point).all(axis=1) & (table > point).any(axis=1)
        if not beaten.any():
            kept.append(position)
    return kept


def spread_out(points: Sequence[tuple[float, ...]], count: int) -> list[int]:
    """Positions of `count` points: those best in each goal, then always the one farthest from those taken.

    >>> spread_out([(0.0, 10.0), (1.0, 9.0), (5.0, 5.0), (10.0, 0.0)], 3)
    [0, 2, 3]
    """
    table = np.array(points, np.float64)
    size = np.ptp(table, axis=0)
    table = table / np.where(size > 0.0, size, 1.0)
    taken: list[int] = list(dict.fromkeys(int(column.argmax()) for column in table.T))[:count]
    while len(taken) < min(count, len(table)):
        far = np.abs(table[:, None, :] - table[None, taken, :]).max(axis=2).min(axis=1)
        far[taken] = -1.0
        taken.append(int(far.argmax()))
    return sorted(taken)


def shortlist(tried: Sequence[Tried], terms: JudgingTerms, space: Space, count: int) -> list[tuple[Tried, str]]:
    """Who meets new luck: today's choice, `count` finalists, and with one goal up to `count` more of the front.

    With one goal the finalists are the best that meet the requirements and differ enough from each other; with two
    goals they are spread over the front. Where nothing meets the requirements, they are those that miss them least.
    """
    others = [item for item in tried if item.number and item.allowed and not item.judgement.reason]
    chosen = [(tried[0], TODAY)]
    eligible = [item for item in others if item.eligible]
    if not eligible:
        nearest = sorted(others, key=lambda item: (item.judgement.missing, item.number))
        return chosen + [(item, FINALIST) for item in _different(nearest, space, count)]
    aims = trade_off(terms)
    if len(terms.aims) == 1:
        ranked = sorted(eligible, key=lambda item: (-scores(item.judgement, terms.aims)[0], item.number))
        best = _different(ranked, space, count)
        chosen += [(item, FINALIST) for item in best]
        role = FRONT
    else:
        best, role = [], FINALIST
    points = [scores(item.judgement, aims) for item in eligible]
    front = [eligible[position] for position in nondominated(points)]
    along = spread_out([scores(item.judgement, aims) for item in front], count)
    taken = {item.number for item in best}
    return chosen + [(front[position], role) for position in along if front[position].number not in taken]


def _different(ranked: Sequence[Tried], space: Space, count: int) -> list[Tried]:
    """The first `count` that differ enough from each other, filled up with the next best where there are too few."""
    kept: list[Tried] = []
    for item in ranked:
        if len(kept) == count:
            break
        if all(space.apart(item.judgement.values, other.judgement.values) >= DIFFERENT for other in kept):
            kept.append(item)
    rest = [item for item in ranked if item not in kept]
    return sorted(kept + rest[: count - len(kept)], key=ranked.index)


def decide(shortlisted: Sequence[tuple[Tried, str]], judged: Sequence[JudgedChoice], terms: JudgingTerms) -> Decision:
    """Compare what new draws and new luck made of the choices.

    Args:
        shortlisted: What `shortlist` picked.
        judged: Their judgements on new draws with new luck, with their cubes, in the same order.
        terms: Goals and requirements.
    """
    aims = trade_off(terms)
    order = sorted(range(1, len(judged)), key=lambda i: (_rank(judged[i], terms), shortlisted[i][0].number))
    names = {0: TODAY} | {position: letter(place) for place, position in enumerate(order)}
    entrants = []
    for position in (0, *order):
        tried, role = shortlisted[position]
        judgement = judged[position]
        intervals = {
            output: value_interval(cube, terms.over, terms.sense(output)) for output, cube in judgement.cubes.items()
        }
        meets = NO if judgement.reason else _meets(judgement, intervals, terms)
        entrants.append(Entrant(names[position], role, tried, judgement, intervals, meets))
    eligible = [entrant for entrant in entrants if entrant.eligible]
    points = [scores(entrant.judgement, aims) for entrant in eligible]
    on_front = [eligible[position] for position in nondominated(points)] if eligible else []
    pairs = _compare([entrant for entrant in entrants if entrant.role != FRONT], terms)
    best = _best(entrants, on_front, terms)
    group = _group(best, entrants, pairs, terms)
    along = sorted(on_front, key=lambda entrant: scores(entrant.judgement, aims))
    return Decision(
        tuple(entrants), tuple(pairs), tuple(entrant.name for entrant in along), best.name if best else None, group
    )


def _rank(judgement: JudgedChoice, terms: JudgingTerms) -> tuple[float, float]:
    if judgement.reason:
        return math.inf, 0.0
    return judgement.missing, -scores(judgement, terms.aims)[0]


def _meets(judgement: JudgedChoice, intervals: dict[str, Interval], terms: JudgingTerms) -> str:
    """Whether all requirements are met; a bound inside an interval leaves doubt."""
    verdict = YES
    for requirement, shortfall in zip(terms.requirements, judgement.shortfalls, strict=True):
        low, high = intervals[requirement.output][1:] if requirement.output in intervals else (math.nan, math.nan)
        if low <= requirement.bound <= high:
            verdict = UNSURE
        elif shortfall > 0.0:
            return NO
    return verdict


def _compare(entrants: Sequence[Entrant], terms: JudgingTerms) -> list[Pair]:
    """All pairs; the intervals of the goals hold together."""
    outputs = list(dict.fromkeys([*(aim.output for aim in terms.aims), SPENDING]))
    judged = [entrant for entrant in entrants if not entrant.judgement.reason]
    both = list(combinations(judged, 2))
    level = simultaneous(len(both) * len(terms.aims))
    pairs = []
    for output in outputs:
        for one, other in both:
            cubes = one.judgement.cubes[output], other.judgement.cubes[output]
            difference = difference_interval(*cubes, terms.over, terms.sense(output), level)
            pairs.append(Pair(one.name, other.name, output, difference, same_sign(difference)))
    return pairs


def _best(entrants: Sequence[Entrant], front: Sequence[Entrant], terms: JudgingTerms) -> Entrant | None:
    """The best of those that meet the requirements; of those where it is not sure, only if there are no others.

    With two goals, the choice of the front that comes nearest to the best of both, each measured by the front's width.
    """
    candidates = [entrant for entrant in entrants if entrant.eligible and entrant.role != FRONT]
    sure = [entrant for entrant in candidates if entrant.judgement.meets]
    candidates = sure or candidates
    if not candidates:
        return None
    if len(terms.aims) == 1:
        return max(candidates, key=lambda entrant: scores(entrant.judgement, terms.aims)[0])
    choices = [entrant for entrant in front if entrant in candidates] or candidates
    table = np.array([scores(entrant.judgement, terms.aims) for entrant in choices])
    size = np.ptp(table, axis=0)
    gap = (table.max(axis=0) - table) / np.where(size > 0.0, size, 1.0)
    return choices[int(np.hypot(gap[:, 0], gap[:, 1]).argmin())]


def _group(
    best: Entrant | None, entrants: Sequence[Entrant], pairs: Sequence[Pair], terms: JudgingTerms
) -> tuple[str, ...]:
    if best is None:
        return ()
    goals = {aim.output for aim in terms.aims}
    apart = {
        name
        for pair in pairs
        if pair.told_apart and pair.output in goals and best.name in (pair.one, pair.other)
        for name in (pair.one, pair.other)
    } - {best.name}
    compared = [entrant for entrant in entrants if entrant.eligible and entrant.role != FRONT]
    return tuple(entrant.name for entrant in compared if entrant.name not in apart)
