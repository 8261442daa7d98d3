"""The inbox: the words that a person hears in a period, as they are kept until the person has taken them in.

Few hear anything in a period, so that not everybody has a row there: `heard` says which is a person's. Row 0 is that of
whoever heard nothing, and holds nothing.
"""

from __future__ import annotations

from sim.vocabulary.column import Column
from sim.vocabulary.observables import Observable

INBOX_TOLD = 0
GOOD_WORDS, BAD_WORDS = 1, 2
WORDS_PER_FIRM = 2
"""Columns of the inbox: told quality; behind it, for each firm, the good and the bad words."""

STRONG_WORD = 1 << 32
"""Words are counted in one int64: strong ties above bit 32, weak ties below."""

COLUMNS = (
    Column("heard", "u4", 1, "row", "row of the inbox with what the person heard this period; 0 nothing", apart=True),
    Column("inbox", "i8", "inbox", "fixed point", "what was heard this period, a row for each listener", apart=True),
)

OBSERVABLES: tuple[Observable, ...] = ()
