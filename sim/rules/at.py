"""The mark of a function that is asked at a moment of the period."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

MOMENT = "__moment__"
"""Attribute of a function that is marked."""


def at(moment: str) -> Callable[[F], F]:
    """Mark a function of a rule file: it is asked at `moment`, one of `sim.model.moments.MOMENTS`.

    >>> @at("end_of_period")
    ... def content(satisfaction): ...
    >>> content.__moment__
    'end_of_period'
    """

    def marked(function: F) -> F:
        setattr(function, MOMENT, moment)
        return function

    return marked
