"""The state of a customer: named columns with type and unit. One row of each column is one person."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np

NOBODY = 255
"""Supplier of those who have none."""

LEVEL_DISSATISFIED, LEVEL_SATISFIED, LEVEL_DELIGHTED = 0, 1, 2

# What a person has to tell this period; the order of `talk.shares` and `talk.reach`, shifted by one.
STORY_NONE, STORY_DISSATISFIED, STORY_SATISFIED, STORY_DELIGHTED, STORY_RECOVERED, STORY_FAILED_RECOVERY = range(6)

# What a person has decided to do when people move; then the order of `CAUSES`.
INTENT_STAY, INTENT_LEAVE_SILENT, INTENT_LAPSE_SILENT, INTENT_LEAVE_COMPLAINT = range(4)

# Bits of `flags`.
CAPTIVE, INFLUENTIAL, HAS_COMPLAINED, COMPLAINT_OPEN, GONE, PRESENT, NEWCOMER = (1 << bit for bit in range(7))

# Columns of the inbox: told quality, then for each firm the good and the bad words.
INBOX_TOLD = 0
STRONG_WORD = 1 << 32
"""Words are counted in one int64: strong ties above bit 32, weak ties below."""


@dataclass(frozen=True)
class Column:
    """One column of the state.

    Attributes:
        name: Name of the column.
        dtype: NumPy type.
        width: Values per person: 1, 5 (dimensions), or "firms", "inbox" (1 + 2 x firms).
        apart: True for an array of its own: what others look up or write at random, packed densely.
        unit: Unit.
        meaning: One sentence.
    """

    name: str
    dtype: type[np.generic]
    width: int | str
    unit: str
    meaning: str
    apart: bool = False


COLUMNS: tuple[Column, ...] = (
    Column("luck", np.uint32, 1, "id", "key of the person's luck"),
    Column("segment", np.uint8, 1, "index", "segment"),
    Column("supplier", np.uint8, 1, "index", "firm whose customer the person is; 255 none", apart=True),
    Column("former", np.uint8, 1, "index", "firm left last that the person may return to; 255 none"),
    Column("ever", np.uint16, 1, "bits", "firms whose customer the person is or was"),
    Column("barred", np.uint16, 1, "bits", "firms that the person will never buy from again"),
    Column(
        "flags", np.uint8, 1, "bits", "captive, influential, has complained, complaint open, gone, present, newcomer"
    ),
    Column("level", np.uint8, 1, "code", "level of the last encounter: dissatisfied, satisfied, delighted"),
    Column("story", np.uint8, 1, "code", "what the person has to tell this period", apart=True),
    Column("intent", np.uint8, 1, "code", "decision to leave, carried out when people move"),
    Column("heard", np.uint8, 1, "yes/no", "somebody told the person something this period", apart=True),
    Column("won_by", np.uint8, 1, "code", "how the focal firm won the person last: index of FLOWS_IN; 255 it did not"),
    Column("lost_by", np.uint8, 1, "code", "how the focal firm lost the person last: index of CAUSES; 255 it did not"),
    Column("joined", np.int32, 1, "period", "period in which the person became a customer of the supplier"),
    Column("will", np.float32, 5, "points (1-7)", "expectation of what will be, per dimension"),
    Column("should", np.float32, 5, "points (1-7)", "expectation of what should be, per dimension"),
    Column("satisfaction", np.float32, 1, "points (0-100)", "cumulative satisfaction with the supplier"),
    Column("disposition", np.float32, 1, "points (0-100)", "personal disposition to be satisfied"),
    Column("confirmation", np.float32, 1, "points (1-7)", "cumulative disconfirmation: better or worse than expected"),
    Column("history", np.float32, 1, "encounters", "encounters with the supplier so far"),
    Column("frequency", np.float32, 1, "ratio", "personal frequency of encounters, 1 is average"),
    Column("spend", np.float32, 1, "money", "personal spend per purchase"),
    Column("attrition", np.float32, 1, "per period", "hazard of leaving for reasons that no service can mend"),
    Column("switching_cost", np.float32, 1, "index (0-1)", "personal switching cost"),
    Column("complaint_tendency", np.float32, 1, "logit", "personal willingness to complain"),
    Column("margin", np.float32, 1, "money", "margin that the person has brought the focal firm so far"),
    Column(
        "opinion",
        np.float32,
        "firms",
        "index (-1 to 1)",
        "opinion of each firm, from talk and from parting",
        apart=True,
    ),
    Column("inbox", np.int64, "inbox", "fixed point", "what was heard this period", apart=True),
)

APART = tuple(column.name for column in COLUMNS if column.apart)

_fields = ["people", *APART]


_Record: Any = np.record


class PlainRecord(_Record):
    """One person where code is not compiled: a column wins over NumPy's own attribute of that name, as `flags`."""

    def __getattribute__(self, name: str) -> Any:
        """The column of that name, else the attribute."""
        columns = np.void.__getattribute__(self, "dtype").fields
        return self[name] if name in columns else super().__getattribute__(name)


State: Any = namedtuple("State", _fields)  # type: ignore[misc]
State.__doc__ = "All people: one record each in `people`, and the columns that stand apart as arrays of their own."


def columns_apart(firms: int) -> dict[str, np.dtype[Any]]:
    """Types of the columns that stand apart, one element a person, in a market of `firms` firms.

    >>> columns_apart(2)["opinion"].shape
    (2,)
    """
    widths: dict[int | str, tuple[int, ...]] = {1: (), "firms": (firms,), "inbox": (1 + 2 * firms,)}
    return {column.name: np.dtype((column.dtype, widths[column.width])) for column in COLUMNS if column.apart}


def person_type() -> np.dtype[Any]:
    """Type of the record of one person: the columns that do not stand apart, widest first.

    >>> person_type()["will"].shape
    (5,)
    """
    widths: dict[int | str, tuple[int, ...]] = {1: (), 5: (5,)}
    fields: list[Any] = [
        (column.name, column.dtype, widths[column.width])
        for column in sorted(COLUMNS, key=lambda column: -np.dtype(column.dtype).itemsize)
        if not column.apart
    ]
    return np.dtype(fields, align=True)


def empty_state(people: int, firms: int) -> Any:
    """Allocate the state of `people` persons in a market of `firms` firms, all zero.

    A person's own columns lie together in one record, since whoever touches one of them touches most; the columns
    that other people look up or write to stand apart, packed densely.

    >>> state = empty_state(3, 2)
    >>> state.people["will"].shape, state.supplier.shape
    ((3, 5), (3,))
    """
    from sim.compiled import PLAIN  # here, so that sizes are known without a compiler

    kind = person_type()
    records = np.zeros(people, np.dtype((PlainRecord, kind)) if PLAIN else kind)
    apart = [np.zeros(people, kind) for kind in columns_apart(firms).values()]
    return State(*[records, *apart])


def bytes_per_person(firms: int) -> int:
    """Memory of one person's state.

    >>> bytes_per_person(2) < 200
    True
    """
    return person_type().itemsize + sum(kind.itemsize for kind in columns_apart(firms).values())
