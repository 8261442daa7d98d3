"""The state of all people in memory, laid out by the columns that the rooms of the model declare."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Container, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from sim.model.dimensions import DIMENSION_COUNT
from sim.model.rooms import COLUMNS

APART = tuple(column.name for column in COLUMNS if column.apart)

_fields = ["people", *APART, "outside"]

_Record: Any = np.record


class PlainRecord(_Record):
    """One person where code is not compiled: a column wins over NumPy's own attribute of that name, as `flags`."""

    def __getattribute__(self, name: str) -> Any:
        """The column of that name, else the attribute."""
        columns = np.void.__getattribute__(self, "dtype").fields
        return self[name] if name in columns else super().__getattribute__(name)


State: Any = namedtuple("State", _fields)  # type: ignore[misc]
State.__doc__ = """All people: one record each in `people`, and the columns that stand apart as arrays of their own.

`outside` is float64[people, columns]: what rules from outside know of a person, none if there are no such rules.
"""


LINE = 64
"""Bytes of a line of the cache, and of the record of a person (`person_type`)."""

WATCHED = 1
"""Firms of a run whose customers are known one by one, from the first on: no output asks how much a person has brought
a rival, or how the rival won and lost the person."""


def columns_apart(firms: int, watched: int = WATCHED) -> dict[str, np.dtype[Any]]:
    """Types of the columns that stand apart, one element a person, in a market of `firms` firms.

    The first `watched` of them are those whose customers are known one by one.

    >>> columns_apart(2)["opinion"].shape
    (2,)
    """
    each = {"firms": firms, "watched": watched, "inbox": 1 + 2 * firms}
    widths: dict[int | str, tuple[int, ...]] = {1: ()} | {name: (width,) for name, width in each.items()}
    return {column.name: np.dtype((column.dtype, widths[column.width])) for column in COLUMNS if column.apart}


def person_type() -> np.dtype[Any]:
    """Type of the record of one person: the columns that do not stand apart, widest first.

    >>> person_type()["will"].shape, person_type().itemsize == LINE
    ((5,), True)
    """
    widths: dict[int | str, tuple[int, ...]] = {1: (), DIMENSION_COUNT: (DIMENSION_COUNT,)}
    fields: list[Any] = [
        (column.name, column.dtype, widths[column.width])
        for column in sorted(COLUMNS, key=lambda column: -np.dtype(column.dtype).itemsize)
        if not column.apart
    ]
    return np.dtype(fields, align=True)


def empty_state(
    people: int,
    firms: int,
    outside: int = 0,
    listeners: int | None = None,
    unused: Container[str] = (),
    watched: int = WATCHED,
) -> Any:
    """Allocate the state of `people` persons in a market of `firms` firms, all zero.

    `outside` is the number of columns of rules from outside, `listeners` that of people who may hear something in one
    period, for whom the inbox has rows; everybody if left out. `unused` says what nobody needs columns for, see
    `sim.model.in_use`: these have one element, for whomever it is asked. The first `watched` firms know their customers
    one by one.

    A person's own columns lie together in one record, since whoever touches one of them touches most; the columns
    that other people look up or write to stand apart, packed densely.

    >>> state = empty_state(3, 2)
    >>> state.people["will"].shape, state.supplier.shape
    ((3, 5), (3,))
    """
    from sim.compiled import PLAIN  # here, so that sizes are known without a compiler

    rows = {"inbox": 1 + (people if listeners is None else listeners)}
    rows |= {column.name: min(people, 1) for column in COLUMNS if column.apart and column.needed_for in unused}
    wanted = [(people, person_type())]
    wanted += [(rows.get(name, people), kind) for name, kind in columns_apart(firms, watched).items()]
    columns = _on_lines(wanted)
    if PLAIN:
        columns[0] = columns[0].view(np.dtype((PlainRecord, columns[0].dtype)))
    return State(*[*columns, np.zeros((people, outside))])


def _on_lines(wanted: Sequence[tuple[int, np.dtype[Any]]]) -> list[Any]:
    """Arrays of so many elements of such types, all zero, each from where a line of the cache begins.

    A record of a line's length then takes one line, not two. They lie in one piece of memory, which the system gives in
    large pages, where it would give those for a million people in small ones, column by column.
    """
    places = [0, *accumulate(-(-rows * kind.itemsize // LINE) * LINE for rows, kind in wanted)]
    whole = np.zeros(places[-1] + LINE, np.uint8)
    first = -whole.__array_interface__["data"][0] % LINE
    return [
        np.ndarray((rows, *kind.shape), kind.base, whole, first + place)
        for (rows, kind), place in zip(wanted, places, strict=False)
    ]


def bytes_per_person(firms: int, unused: Container[str] = ()) -> int:
    """Memory of one person's state, columns left out that are needed for what is in `unused`.

    >>> bytes_per_person(2, {"contract"}) < bytes_per_person(2) < 200
    True
    """
    left_out = {column.name for column in COLUMNS if column.apart and column.needed_for in unused}
    kinds = {name: kind for name, kind in columns_apart(firms).items() if name not in left_out}
    return person_type().itemsize + sum(kind.itemsize for kind in kinds.values())
