"""What a firm is called where a person reads of it."""

from __future__ import annotations

from sim.words import say

NAMELESS = "focal"
"""Name of the firm of a scenario that gives it none, in files and tables."""


def shown_name(firm: str) -> str:
    """A firm by its name; the scenario's own, where it has none, as the firm.

    >>> shown_name("focal"), shown_name("rival")
    ('the firm', 'rival')
    """
    return say("the firm") if firm == NAMELESS else firm
