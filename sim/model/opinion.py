"""Opinion: what a person holds of each firm, from the words that are heard, and how it fades."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import double, kernel, rule
from sim.model.contexts import Books, Environment
from sim.model.dimensions import DIMENSION_COUNT
from sim.model.expectation import predicted, will_after_talk
from sim.model.inbox import BAD_WORDS, GOOD_WORDS, INBOX_TOLD, STRONG_WORD, WORDS_PER_FIRM
from sim.model.shares import clipped
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FIXED_POINT, STOCK, O, amounts
from sim.vocabulary.parameter import Section, parameter, switch

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from sim.model.state_types import State

COLUMNS = (
    Column(
        "opinion",
        "f4",
        "firms",
        "index (-1 to 1)",
        "opinion of each firm, from talk and from parting",
        apart=True,
        followed=True,
    ),
)

OBSERVABLES = (
    *amounts(
        STOCK,
        "index (-1 to 1)",
        {
            "opinion_sum": "sum of the opinion formed by talk, over customers",
        },
    ),
)


class Opinion(Section):
    """How opinions follow what is heard, and how they fade."""

    by_the_word: bool = switch(
        True,
        "Whether listeners move with every word, so that day, week and month agree; else once in a period with talk",
        "model design",
        label="Listeners move by the word",
    )
    half_life: float = parameter(
        1.0,
        "Time in which half of an opinion that rests on hearsay fades; 0: it never fades",
        label="Half-life of hearsay",
        unit="years",
        allowed=(0.0, 1000.0),
        practical=(0.1, 5.0),
    )
    own_half_life: float = parameter(
        3.0,
        "The same for a firm whose customer the person is or was; 0: it never fades",
        label="Half-life with own experience",
        unit="years",
        source="assumption: what one lived through lasts longer than what one was told",
        allowed=(0.0, 1000.0),
        practical=(0.5, 10.0),
    )


@rule
def tone_heard(good: float, bad: float, negative_impact: float) -> float:
    """Tone of all that was heard about a firm, -1 to 1: (g - k b) / (g + k b), weighted words. Assumption.

    >>> tone_heard(4.5, 1.0, 1.5)
    0.5
    """
    weight = good + negative_impact * bad
    if weight <= 0.0:
        return 0.0
    return (good - negative_impact * bad) / weight


@rule
def opinion_after_talk(opinion: float, tone: float, sway: float) -> float:
    """Opinion of a firm after listening, -1 to 1: it goes the part `sway` of the way to the tone.

    >>> opinion_after_talk(0.5, -0.75, 0.2)
    0.25
    """
    return clipped(opinion + sway * (tone - opinion), -1.0, 1.0)


@rule
def sway_of_words(susceptibility: float, words: float) -> float:
    """Part of the way to what was said that so many weighted words move a listener, each by the same part of the rest.

    1 - (1 - s)^n: the same whether they are heard in one period or one by one. Exponential smoothing.

    >>> round(sway_of_words(0.25, 2.0), 4)
    0.4375
    """
    return 1.0 - math.pow(1.0 - susceptibility, words)


@rule
def share_left(years: float, half_life: float) -> float:
    """Share of an opinion that is left after some time: 2^(-t / half-life); all of it where the half-life is 0.

    >>> share_left(1.5, 0.5), share_left(1.5, 0.0)
    (0.125, 1.0)
    """
    return math.pow(0.5, years / half_life) if half_life > 0.0 else 1.0


SWAYS = 6
"""How many numbers `sways_of_one` gives for each segment."""

IN_EXPECTATION = 4
"""Which of them is the first of expectation."""


@kernel
def sways_of_one(environment: Environment, sways: npt.NDArray[np.float64]) -> None:
    """Fill `sways`, float64[segments, SWAYS], with how far one word moves a listener who hears no other of a firm.

    In opinion a good word over a strong tie and over a weak one, a bad one likewise; then in expectation, a word over
    either tie. Most who hear of a firm in a period hear one word: powers are for the others.
    """
    talk = environment.world[0].talk
    weak, bad = talk.weak_tie_weight, talk.negative_impact
    for s in range(environment.segments.shape[0]):
        habits = environment.segments[s].sociability
        for place, words in enumerate((1.0, weak, bad, bad * weak)):
            sways[s, place] = sway_of_words(habits.opinion_susceptibility, words)
        sways[s, IN_EXPECTATION] = sway_of_words(habits.expectation_susceptibility, 1.0)
        sways[s, IN_EXPECTATION + 1] = sway_of_words(habits.expectation_susceptibility, weak)


@rule
def listen(state: State, i: int, environment: Environment, books: Books, sways: npt.NDArray[np.float64]) -> None:
    """Row i takes in the words of the inbox: opinions of the firms, and what to expect of the own supplier.

    `sways` are those of `sways_of_one`.
    """
    person = state.people[i]
    segment = environment.segments[person.segment]
    habits = segment.sociability
    talk = environment.world[0].talk
    by_the_word = talk.opinion.by_the_word != 0.0
    row = state.heard[i]
    for f in range(environment.firms.shape[0]):
        good = state.inbox[row, GOOD_WORDS + WORDS_PER_FIRM * f]
        bad = state.inbox[row, BAD_WORDS + WORDS_PER_FIRM * f]
        if good == 0 and bad == 0:
            continue
        strong_good, weak_good = good // STRONG_WORD, good % STRONG_WORD
        strong_bad, weak_bad = bad // STRONG_WORD, bad % STRONG_WORD
        books.tally[f, person.segment, O.heard_positive] += strong_good + weak_good
        books.tally[f, person.segment, O.heard_negative] += strong_bad + weak_bad
        praise = strong_good + talk.weak_tie_weight * weak_good
        blame = strong_bad + talk.weak_tie_weight * weak_bad
        if praise + blame <= 0.0:
            continue
        tone = tone_heard(praise, blame, talk.negative_impact)
        alone = strong_good + weak_good + strong_bad + weak_bad == 1
        weak, worse = weak_good + weak_bad, 2 * (strong_bad + weak_bad)
        sway = habits.opinion_susceptibility
        if by_the_word and alone:
            sway = sways[person.segment, worse + weak]
        elif by_the_word:
            sway = sway_of_words(sway, praise + talk.negative_impact * blame)
        state.opinion[i, f] = opinion_after_talk(double(state.opinion[i, f]), tone, sway)
        if f == state.supplier[i]:
            told = state.inbox[row, INBOX_TOLD] / FIXED_POINT / (praise + blame)
            belief = predicted(person, segment.judgement.importance)
            sway = habits.expectation_susceptibility
            if by_the_word and alone:
                sway = sways[person.segment, IN_EXPECTATION + weak]
            elif by_the_word:
                sway = sway_of_words(sway, praise + blame)
            for d in range(DIMENSION_COUNT):
                person.will[d] = will_after_talk(double(person.will[d]), told, belief, sway)


@rule
def fade(state: State, i: int, environment: Environment) -> None:
    """A period's time wears off the opinions of row i, those of firms that the person knows by custom more slowly."""
    left = environment.world[0].opinion_left
    ever = int(state.ever[i])
    for f in range(environment.firms.shape[0]):
        state.opinion[i, f] = double(state.opinion[i, f]) * left[(ever >> f) & 1]
