"""Points of a design: values of parameters, and the name under which their runs are kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

PointValues = Mapping[str, Any]
"""Values of parameters by path: numbers, truth values or texts."""


def point_id(values: PointValues) -> str:
    """Name of a point: 16 hexadecimal digits of SHA-256 of its values as JSON with sorted keys.

    Equal values have equal names in every sweep, so a run that is known is never done again. Whole numbers that are
    written with a point (2.0) count as what they are.

    >>> point_id({"firm.desk.ease": 2}) == point_id({"firm.desk.ease": 2.0})
    True
    """
    plain = {
        path: float(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for path, value in values.items()
    }
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Point(NamedTuple):
    """A point of a design.

    Attributes:
        number: Position in the design, from 0; stays the same when the design is extended.
        id: Its name, see `point_id`.
        values: Parameters by path.
    """

    number: int
    id: str
    values: PointValues


def point(number: int, values: PointValues) -> Point:
    """A point with its name.

    >>> point(0, {}).id
    '44136fa355b3678a'
    """
    return Point(number, point_id(values), dict(values))
