"""Arguments that are values and elements that are looked up plainly: what comes out is what Python gives."""

import sys
from collections import namedtuple
from typing import Any

import numba
import numpy as np
import pytest
from numba.core.runtime import _nrt_python, rtsys

from sim.compiled import PLAIN, double, kernel, rule

pytestmark = pytest.mark.skipif(PLAIN, reason="plain Python has no lowering")

PERSON = np.dtype([("age", np.int32), ("shares", np.float32, 3), ("known", np.bool_)])
Street = namedtuple("Street", ["people", "rooms", "open", "counts"])


def _street() -> Street:
    people = np.zeros(4, PERSON)
    people["age"] = 7, 20, 33, 60
    people["shares"] = np.arange(12.0).reshape(4, 3) / 7.0
    rooms = np.arange(24.0).reshape(2, 3, 4)
    return Street(people, rooms, np.array([True, False, True, False]), np.array([3, 2**32 - 1, 5], np.uint32))


@kernel
def _walked(street: Any, at: Any, i: int, f: int) -> float:
    total = 0.0
    if street.open[i]:
        total += street.rooms[f, i, -1]
    else:
        total -= street.rooms[f, -2, i - 2]
    for k in range(-2, 2):
        total = 3.0 * total + street.people[k].age + double(street.people[k].shares[at[0]])
        if street.open[k]:
            total += street.counts[k]
    return total


@kernel
def _moved(street: Any, i: int) -> None:
    street.counts[-1] += street.people[i].age
    street.counts[0] = 2**32 + 9
    street.rooms[1, -1, i] = i
    street.open[i] = not street.open[i]
    street.people[i - 1].shares[-1] = 0.1
    street.people[-1].age = 2
    street.people[-1].known = street.open[0]


@pytest.mark.parametrize("kind", [np.int64, np.int16, np.uint8, np.uint64])
@pytest.mark.parametrize(("i", "f"), [(0, 0), (1, 1), (2, 0)])
def test_elements_are_those_that_python_finds(kind: Any, i: int, f: int) -> None:
    at = np.array([i % 3], kind)
    street = _street()
    by_python: Any = _walked.__wrapped__  # type: ignore[attr-defined]
    plain = street._replace(people=street.people.view(np.recarray))
    assert _walked(street, at, i, f) == by_python(plain, at, i, f)
    for array in (np.arange(5.0)[::-2], np.asfortranarray(np.arange(6.0).reshape(2, 3))[0]):
        assert _picked(array, at) == array[at[0]]


@rule
def _picked(values: Any, at: Any) -> float:
    return values[at[0]]


def test_elements_are_assigned_to_as_in_python() -> None:
    compiled, plain = _street(), _street()
    _moved(compiled, 2)
    plain.counts[:] = 9, 2**32 - 1, 5 + 33
    plain.rooms[1, -1, 2] = 2.0
    plain.open[2] = False
    plain.people[1]["shares"][-1] = 0.1
    plain.people[-1]["age"] = 2
    plain.people[-1]["known"] = True
    for mine, theirs in zip(compiled, plain, strict=True):
        assert np.array_equal(mine, theirs)


@kernel
def _longest(values: Any, others: Any, n: int) -> Any:
    """Is done with its arguments now in a loop, now before it, and hands one of them back."""
    first = values[0]
    n = n + 1
    found = np.zeros(2)
    for k in range(n):
        if k == 1:
            found[0] = others[k]
        if k == 2:
            return others
    found[1] = first
    return found if n > 1 else values


def test_references_to_arguments_come_out_even() -> None:
    _longest(np.zeros(2), np.ones(3), 1)  # compiled
    counted: Any = _nrt_python
    counted.memsys_enable_stats()
    before = rtsys.get_allocation_stats()
    for n in (0, 1, 2):
        for _ in range(3):
            values, others = np.full(5, 4.0), np.arange(6.0)
            given = _longest(values, others, n)
            assert given.tolist() == [[4.0] * 5, [1.0, 4.0], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]][n]
            assert sys.getrefcount(values) == 2 + (given is values)
            assert sys.getrefcount(others) == 2 + (given is others)
            del given
    after = rtsys.get_allocation_stats()
    counted.memsys_disable_stats()
    assert after.alloc - before.alloc == after.free - before.free > 0
    assert after.mi_alloc - before.mi_alloc == after.mi_free - before.mi_free > 0


@kernel
def _first_two(values: Any, i: int) -> float:
    return values[i] + values[i + 1]


@kernel
def _pairs(values: Any, rows: Any) -> float:
    return _first_two(values, 0) + _first_two(values, rows[0]) + _first_two(values, rows[1])


def test_whole_numbers_of_all_kinds_share_one_function() -> None:
    values = np.arange(8.0)
    assert _pairs(values, np.array([2, 5], np.int32)) + _pairs(values, np.array([2, 5], np.uint8)) == 34.0
    (shared,) = _first_two.dispatcher.part.overloads
    assert shared[1] == numba.int64
