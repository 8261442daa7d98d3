"""What a class predicts: kept in memory while the page is served, for the teacher to see beside what came."""

from __future__ import annotations

import secrets
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.app.picture import WAYS
from sim.app.wished import Wish
from sim.vocabulary.errors import ScenarioError
from sim.words import say

FIGURES = ("retention", "satisfaction", "margin")
"""What is predicted, as the script of the page asks it."""

MOST_QUESTIONS = 30
"""Of which the latest are kept."""

MOST_PREDICTIONS = 300
"""Of one question: a large lecture."""

CODE_BYTES = 9


@dataclass
class PredictedChange:
    """One change that was predicted.

    Attributes:
        changed: Tells what was changed, in a sentence in the language of whoever looks.
        guesses: What each page said last: figure to way, by page.
        came: Which way each figure went, once all runs are done.
    """

    changed: Callable[[], str]
    guesses: dict[str, dict[str, str]] = field(default_factory=dict)
    came: dict[str, str] = field(default_factory=dict)

    def counts(self, figure: str) -> list[tuple[str, int]]:
        """How many said which way.

        >>> PredictedChange(str, {"a": {"margin": "up"}, "b": {"margin": "up"}}).counts("margin")
        [('up', 2), ('open', 0), ('down', 0)]
        """
        found = Counter(guess[figure] for guess in self.guesses.values())
        return [(way, found[way]) for way in WAYS]


class Predictions:
    """All predictions of a class, by what was changed. Nobody's name is kept: a page is a number of its own making.

    Attributes:
        code: Without it nobody sees them.
    """

    def __init__(self) -> None:
        self.code = secrets.token_urlsafe(CODE_BYTES)
        self._asked: OrderedDict[tuple[Any, ...], PredictedChange] = OrderedDict()
        self._lock = threading.Lock()

    def opens(self, code: str) -> bool:
        """Whether somebody who shows this code may see them."""
        return secrets.compare_digest(code.encode(), self.code.encode())

    def predicted(self, wanted: Wish, guesses: Mapping[str, str], changed: Callable[[], str]) -> None:
        """Note what one page predicts; what it said before of the same change no longer counts.

        Raises:
            ScenarioError: If there are as many of this change as are kept.
        """
        with self._lock:
            asked = self._asked.setdefault(_key(wanted), PredictedChange(changed))
            if wanted.session not in asked.guesses and len(asked.guesses) >= MOST_PREDICTIONS:
                raise ScenarioError(say("the class is full: {most} predictions", most=MOST_PREDICTIONS))
            asked.guesses[wanted.session] = dict(guesses)
            self._asked.move_to_end(_key(wanted))
            while len(self._asked) > MOST_QUESTIONS:
                self._asked.popitem(last=False)

    def came(self, wanted: Wish, cards: Sequence[Mapping[str, Any]]) -> None:
        """Note what came of a change that was predicted; of others nothing is kept."""
        with self._lock:
            asked = self._asked.get(_key(wanted))
            if asked is not None:
                asked.came = {card["name"]: card["sure"] for card in cards if card["name"] in FIGURES}

    def latest(self) -> list[PredictedChange]:
        """All changes that were predicted, the latest first."""
        with self._lock:
            return list(reversed(self._asked.values()))


def guessed(asked: Mapping[str, Any]) -> dict[str, str] | None:
    """The predictions in the question of a page; None where it has none.

    Raises:
        ScenarioError: If they are none that the page could have sent.

    >>> guessed({"guesses": {"retention": "up", "satisfaction": "open", "margin": "down"}})["margin"]
    'down'
    """
    guesses = asked.get("guesses")
    if guesses is None:
        return None
    if (
        not isinstance(guesses, dict)
        or set(guesses) != set(FIGURES)
        or not all(way in tuple(WAYS) for way in guesses.values())  # a tuple, since what was sent may have no hash
    ):
        allowed = say("one of {ways} for each of {figures}", ways=", ".join(WAYS), figures=", ".join(FIGURES))
        raise ScenarioError(say("not the predictions of a page"), "guesses", allowed=allowed)
    return guesses


def _key(wanted: Wish) -> tuple[Any, ...]:
    return wanted.start, tuple(sorted(wanted.changes.items())), wanted.seed
