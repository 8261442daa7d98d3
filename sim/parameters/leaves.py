"""Parameters as a flat list: every leaf of a scenario's tree by its path, and its value as a reader sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Path and value of everything that is no section.

    >>> list(leaves({"run": {"periods": 104, "seed": 1}, "name": "base"}))
    [('run.periods', 104), ('run.seed', 1), ('name', 'base')]
    """
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def value_text(value: Any) -> str:
    """A value in words.

    >>> value_text(None), value_text(True), value_text(0.50), value_text({"weight": 2.0})
    ('none', 'yes', '0.5', 'weight 2')
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {value_text(item)}" for key, item in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)
