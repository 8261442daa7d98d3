"""Sentences that are told one after another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.words.sentences import plural as in_form
from sim.words.sentences import say as whole


class Sentences(list[str]):
    """A list of sentences that says what is added to it.

    >>> told = Sentences(["Today's choice is the best."])
    >>> told.say("{name} comes next.", name="B")
    >>> told.plural("{n} run failed.", "{n} runs failed.", 2)
    >>> told
    ["Today's choice is the best.", 'B comes next.', '2 runs failed.']
    """

    def say(self, sentence: str, /, **values: Any) -> None:
        """Add a whole sentence; arguments as of `sim.words.say`."""
        self.append(whole(sentence, **values))

    def plural(self, one: str, many: str, n: int, /, **values: Any) -> None:
        """Add the form that goes with a number; arguments as of `sim.words.plural`."""
        self.append(in_form(one, many, n, **values))


class Saying:
    """Says what is handed on: to a table of facts, to a terminal.

    >>> Saying(print).say("{name} comes next.", name="B")
    B comes next.
    """

    def __init__(self, take: Callable[[str], object]) -> None:
        self._take = take

    def say(self, sentence: str, /, **values: Any) -> None:
        """Hand on a whole sentence; arguments as of `sim.words.say`."""
        self._take(whole(sentence, **values))

    def plural(self, one: str, many: str, n: int, /, **values: Any) -> None:
        """Hand on the form that goes with a number; arguments as of `sim.words.plural`."""
        self._take(in_form(one, many, n, **values))
