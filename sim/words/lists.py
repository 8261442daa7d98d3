"""Several things in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from sim.words.sentences import say


def listed(parts: Sequence[str]) -> str:
    """Things as they stand in a sentence.

    >>> listed(["today", "A", "B"]), listed(["today"]), listed([])
    ('today, A and B', 'today', '')
    """
    if len(parts) < 2:
        return "".join(parts)
    return say("{parts} and {last}", parts=", ".join(parts[:-1]), last=parts[-1])
