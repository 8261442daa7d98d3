"""Person: who somebody is, as a row of the state, whatever the firm does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import rule
from sim.model.in_use import KEYS, at
from sim.vocabulary.column import Column
from sim.vocabulary.observables import Observable

if TYPE_CHECKING:
    from sim.model.contexts import Environment
    from sim.model.state_types import State

_NAMES = ("captive", "influential", "has_complained", "complaint_open", "gone", "present", "newcomer", "drops_out")
MARKS = {name: 1 << bit for bit, name in enumerate(_NAMES)}
"""Bits of `flags`, by name."""

CAPTIVE, INFLUENTIAL, HAS_COMPLAINED, COMPLAINT_OPEN, GONE, PRESENT, NEWCOMER, DROPS_OUT = MARKS.values()

ALL_FLAGS = 255

NOBODY = 255
"""Supplier of those who have none."""

INTENT_STAY, INTENT_LEAVE_SILENT, INTENT_LAPSE_SILENT, INTENT_LEAVE_COMPLAINT = range(4)
"""What a person has decided to do when people move; then the order of `CAUSES`."""

COLUMNS = (
    Column("luck", "u4", 1, "id", "key of the person's luck", apart=True, needed_for=KEYS),
    Column("born", "i4", 1, "period", "first period of who took the place of another; 0 for the first in a place"),
    Column("segment", "u1", 1, "index", "segment", followed=True),
    Column(
        "flags",
        "u1",
        1,
        "bits",
        ", ".join(MARKS).replace("_", " "),
        followed=True,
    ),
)


@rule
def luck_of(state: State, i: int) -> int:
    """Key of the luck of the person of row i; of a column that ends before, keys go on from its last, one by one.

    >>> from collections import namedtuple
    >>> import numpy as np
    >>> state = namedtuple("state", "luck")
    >>> int(luck_of(state(np.array([7, 3, 5])), 1)), int(luck_of(state(np.array([2])), 4))
    (3, 6)
    """
    place = at(state.luck, i)
    return state.luck[place] + (i - place)


@rule
def segment_of(state: State, i: int, environment: Environment) -> int:
    """Segment of the person of row i; where there is one, no record is looked at, which may not be in the cache."""
    return 0 if environment.segments.shape[0] == 1 else int(state.people[i].segment)


OBSERVABLES: tuple[Observable, ...] = ()
