"""Several things in one sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sim.words.languages import language
from sim.words.sentences import say

_SPANISH_I = re.compile(r"h?[ií](?!e)", re.IGNORECASE)
_SPANISH_O = re.compile(r"\W*h?[oó]", re.IGNORECASE)


def listed(parts: Sequence[str]) -> str:
    """Things as they stand in a sentence.

    >>> listed(["today", "A", "B"]), listed(["today"]), listed([])
    ('today, A and B', 'today', '')
    """
    if len(parts) < 2:
        return "".join(parts)
    if language().startswith("es") and _SPANISH_I.match(parts[-1]):  # before the same sound y is e
        return f"{', '.join(parts[:-1])} e {parts[-1]}"
    return say("{parts} and {last}", parts=", ".join(parts[:-1]), last=parts[-1])


def either(parts: Sequence[str]) -> str:
    """Things of which each alone is enough.

    >>> either(["today", "A", "B"]), either(["today"])
    ('today, A or B', 'today')
    """
    if len(parts) < 2:
        return "".join(parts)
    if language().startswith("es") and _SPANISH_O.match(parts[-1]):  # before the same sound o is u
        return f"{', '.join(parts[:-1])} u {parts[-1]}"
    return say("{parts} or {last}", parts=", ".join(parts[:-1]), last=parts[-1])
