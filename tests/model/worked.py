"""Worked examples: a rule, its arguments, and the value that the formula in docs/odd.md gives for them.

The value is worked out where it stands, from the numbers, in plain arithmetic or in mpmath: the code under test is
never asked for it. `numbers` is mpmath with 40 digits, apart from what other users of mpmath set.
"""

import math
from collections.abc import Callable
from typing import Any

import mpmath
import pytest

numbers: Any = mpmath.mp.__class__()
numbers.dps = 40

Value = Any
Example = tuple[tuple[Any, ...], Value]
Examples = dict[Callable[..., Any], list[Example]]

CLOSE = 1e-12
"""Largest relative distance from the worked value: float64 has 1e-16, and some rules take a handful of steps."""


class Exactly(float):
    """A value that has to come out to the last bit."""


class Near:
    """A value that has to come out within a distance, where a rule says that it is no nearer."""

    def __init__(self, value: Any, distance: float) -> None:
        self.value, self.distance = value, distance


def agrees(found: Any, worked: Value) -> bool:
    """Whether what was found is the worked value: whole numbers and infinities equal, others within `CLOSE`.

    >>> agrees(0.30000000000000004, 0.3), agrees(2, 2), agrees(2.0, 2), agrees((1.5, 2), (1.5, 3))
    (True, True, False, False)
    """
    if isinstance(worked, tuple):
        return len(found) == len(worked) and all(map(agrees, found, worked))
    if isinstance(worked, Near):
        return bool(abs(numbers.mpf(float(found)) - worked.value) <= worked.distance)
    if isinstance(worked, int):
        return not isinstance(found, float) and bool(found == worked)
    if isinstance(worked, Exactly) or math.isinf(worked):
        return bool(found == worked)
    return bool(abs(numbers.mpf(float(found)) - worked) <= CLOSE * abs(worked))


def worked(examples: Examples) -> Any:
    """The test of a table of worked examples."""
    rows = [
        pytest.param(rule, arguments, value, id=f"{rule.__name__}-{n}")
        for rule, table in examples.items()
        for n, (arguments, value) in enumerate(table)
    ]

    @pytest.mark.parametrize(("rule", "arguments", "value"), rows)
    def test(rule: Callable[..., Any], arguments: tuple[Any, ...], value: Value) -> None:
        found = rule(*arguments)
        assert agrees(found, value), f"{rule.__name__}{arguments} is {found}, worked out: {value}"

    return test
