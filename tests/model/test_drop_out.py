"""Dropping out has no rule of numbers alone: they need luck or a state, see `engine/loops/test_drop_out.py`."""

from tests.model.worked import Example

EXAMPLES: dict[object, list[Example]] = {}
