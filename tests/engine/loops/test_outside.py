"""Rules from outside, one call at a time."""

from typing import Any

import numpy as np
import pytest

from sim.compiled import AT
from sim.engine.outside import ask, nobody_outside
from sim.model.moments import FIELDS, NO_LUCK, W
from tests.engine.loops.small import Small


def comes_to_its_end(table: Any, people: int, parameters: Any) -> None:
    table[W.done, 0] = 1.0


def fails(table: Any, people: int, parameters: Any) -> None:
    """Compiled, an error in a rule leaves its loop without a word."""


def test_a_rule_that_fails_between_others_is_a_flaw_for_all_it_was_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    small, outside = Small(), nobody_outside()
    monkeypatch.setitem(AT, -5, comes_to_its_end)
    monkeypatch.setitem(AT, -6, fails)
    rules = np.array([(-5, NO_LUCK), (-6, NO_LUCK), (-5, NO_LUCK)])
    table = np.full((len(FIELDS), 6), 7.0)
    ask(small.state, small.clock(3), outside, rules, np.arange(4), 4, table, 0)
    assert outside.flaws.tolist() == [4]
