"""The inbox: the words that a person hears in a period, as they are kept until the person has taken them in.

Few hear anything in a period, so that not everybody has a row there: `heard` says which is a person's. Row 0 is that of
whoever heard nothing, and holds nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import atomic_add_2d, rule
from sim.vocabulary.column import Column
from sim.vocabulary.observables import Observable

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

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


@rule
def column_of(f: int, bad: bool) -> int:
    """Column of the inbox for the words about firm f that are bad, or good.

    >>> column_of(0, False), column_of(2, True)
    (1, 6)
    """
    return WORDS_PER_FIRM * f + (BAD_WORDS if bad else GOOD_WORDS)


@rule
def put_in(inbox: npt.NDArray[np.int64], row: int, column: int, strong: bool, own: bool, belief: int) -> None:
    """A word goes into a row of the inbox; what its teller believes, too, if it is about the listener's supplier.

    Args:
        inbox: Of all listeners.
        row: The listener's.
        column: That of the word, as of `column_of`.
        strong: Over which kind of tie it comes.
        own: Whether it is about the listener's own supplier.
        belief: What the teller predicts of that one, weighted by the tie, in steps of 1/65536.
    """
    if own:
        atomic_add_2d(inbox, row, INBOX_TOLD, belief)
    atomic_add_2d(inbox, row, column, STRONG_WORD if strong else 1)
