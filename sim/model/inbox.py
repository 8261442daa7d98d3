"""The inbox: the words that a person hears in a period, as they are kept until the person has taken them in."""

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
    Column("heard", "u1", 1, "yes/no", "somebody told the person something this period", apart=True),
    Column("inbox", "i8", "inbox", "fixed point", "what was heard this period", apart=True),
)

OBSERVABLES: tuple[Observable, ...] = ()
