"""Looking around: a word that praises a rival or blames the own supplier makes a customer compare suppliers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import rule
from sim.model.contexts import Environment
from sim.model.inbox import BAD_WORDS, GOOD_WORDS, STRONG_WORD, WORDS_PER_FIRM
from sim.vocabulary.parameter import Section, parameter

if TYPE_CHECKING:
    from sim.model.state_types import State

_SOURCE = "Keaveney 1995 (sign: half of those who replaced a service heard of the new one by talk); assumption (size)"


class LookingAround(Section):
    """What a word does to looking around; 0 is nothing."""

    strong_ties: float = parameter(
        0.35,
        "q_s: probability that one word over a strong tie, praise of a rival or blame of the own supplier, makes a"
        " customer compare suppliers in the period in which it is heard",
        label="Comparing after strong ties",
        unit="per word",
        source=_SOURCE,
        allowed=(0.0, 1.0),
        practical=(0.0, 0.6),
    )
    weak_ties: float = parameter(
        0.15,
        "q_w: the same over a weak tie",
        label="Comparing after weak ties",
        unit="per word",
        source=_SOURCE,
        allowed=(0.0, 1.0),
        practical=(0.0, 0.3),
    )
    praise: float = parameter(
        1.0,
        "How much more likely a rival is the one that is looked at, per weighted word of praise in the period",
        label="Looking at the rival praised",
        unit="logit per word",
        source="assumption: one friend's word makes a rival e times as likely, as ten points of satisfaction do",
        allowed=(0.0, 20.0),
        practical=(0.0, 3.0),
    )


@rule
def chance_after_words(chance: float, strong: int, weak: int, q_strong: float, q_weak: float) -> float:
    """Chance of comparing suppliers in a period, after words that speak for it: 1 - (1 - r)(1 - q_s)^j (1 - q_w)^m.

    `chance` is r, that without a word; j words came over strong ties and m over weak ones. The form is that of adoption
    (Goldenberg, Libai & Muller 2001); source of the idea: Keaveney 1995.

    >>> round(chance_after_words(0.2, 1, 2, 0.5, 0.25), 3)
    0.775
    """
    return 1.0 - (1.0 - chance) * math.pow(1.0 - q_strong, float(strong)) * math.pow(1.0 - q_weak, float(weak))


@rule
def review_chance(state: State, i: int, environment: Environment, f: int, chance: float) -> float:
    """Chance that the customer of firm f in row i compares suppliers, given the words in the inbox."""
    looking = environment.world[0].talk.looking_around
    if looking.strong_ties <= 0.0 and looking.weak_ties <= 0.0:
        return chance
    row = state.heard[i]
    strong = 0
    weak = 0
    for g in range(environment.firms.shape[0]):
        words = state.inbox[row, (BAD_WORDS if g == f else GOOD_WORDS) + WORDS_PER_FIRM * g]
        strong += words // STRONG_WORD
        weak += words % STRONG_WORD
    if strong == 0 and weak == 0:
        return chance
    return chance_after_words(chance, strong, weak, looking.strong_ties, looking.weak_ties)


@rule
def praise_heard(state: State, i: int, environment: Environment, g: int) -> float:
    """What the words of praise of firm g in the inbox of row i add to its attraction, logit."""
    talk = environment.world[0].talk
    good = state.inbox[state.heard[i], GOOD_WORDS + WORDS_PER_FIRM * g]
    return talk.looking_around.praise * (good // STRONG_WORD + talk.weak_tie_weight * (good % STRONG_WORD))
