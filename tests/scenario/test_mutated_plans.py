"""Plans that were changed on their way: refused with a line, or understood otherwise, which is told; never in silence.

A hundred mutants are tried each time, ten thousand by `pytest -m slow tests/scenario/test_mutated_plans.py`.
"""

from __future__ import annotations

import copy
import datetime as dt
from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import load_text
from sim.scenario.plan_words import planned
from sim.vocabulary.errors import ScenarioError

PRICE, AGENTS = "firm.strategy.price_index", "firm.desk.agents"
BUYING, FAILING = "customers.encounters.purchases_per_year", "firm.systems.failure_scale"
PLAN: list[dict[str, Any]] = [
    {"at": "month 3", "set": {PRICE: "+3%", AGENTS: "2 more"}},
    {"at": "July 2026", "until": "2026-10-01", "set": {"firm.desk.answer_share": "-2 points"}},
    {"at": 9, "until": "month 15", "ramp": "linear", "set": {AGENTS: 5}},
    {"every": "December", "at": 13, "set": {BUYING: "x 3"}},
    {"every": "year", "set": {FAILING: {"january": "+50%", "august": "half"}}},
]
"""A plan in which every word counts."""

CELLS = (
    "",
    None,
    0,
    -1,
    1.5,
    1e308,
    float("nan"),
    "x",
    "x 2",
    "+3%",
    "3%",
    "-200%",
    "3/4",
    "month 0",
    "month 99",
    "July",
    "1.7.2026",
    "2026-13-01",
    "99999-01-01",
    [],
    {},
    [1],
    {"a": 1},
    True,
    "１",
    "\x07",
    "+5 points",
    "december",
    "2 of the way to 3",
    "1/0 of the way to 2",
    "every",
    "=1+1",
    "x 1e9",
    "-0",
    "&a",
)


@cache
def unchanged() -> list[Any]:
    """What the plan comes to as it is."""
    found, refused = understood(PLAN)
    assert found, refused
    return found


def understood(plan: Any) -> tuple[list[Any] | None, str]:
    """What changes when, and to what; a refusal gives None and its message."""
    text = yaml.safe_dump({"run": {"period": "month", "periods": 24, "start": dt.date(2026, 1, 1)}, "timeline": plan})
    try:
        found = planned(load_text(text))
    except ScenarioError as error:
        return None, str(error)
    return [(one.path, one.value, one.begin, one.end) for one in found], ""


def places(plan: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where in the plan something stands: keys and numbers from the outside in."""
    here = list(plan.items()) if isinstance(plan, dict) else list(enumerate(plan)) if isinstance(plan, list) else []
    return [place for key, value in here for place in ((*above, key), *places(value, (*above, key)))]


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, Any]:
    """A kind of change, and the plan after it."""
    plan = copy.deepcopy(PLAN)
    *above, last = draw(st.sampled_from(places(plan)))
    inner: Any = plan
    for key in above:
        inner = inner[key]
    change = draw(st.sampled_from(["drop", "cell", "rename", "rescale", "turn", "move"]))
    if change == "drop":
        del inner[last]
    elif change == "cell":
        inner[last] = draw(st.sampled_from(CELLS))
    elif change == "rename" and isinstance(inner, dict):
        cut = str(last)[:-1] if last != "january" else "janu"  # "januar" is the same month, in German
        name = draw(st.sampled_from([f"{last}s", cut, "x", "", "untl", AGENTS, "march", 7, None]))
        inner[name] = inner.pop(last)
    elif change == "rescale" and isinstance(inner[last], int):
        inner[last] *= draw(st.sampled_from([0, -1, 2, 1000, 0.5, 10**400]))
    elif change == "turn" and isinstance(inner, dict):
        pairs = list(inner.items())
        inner.clear()
        inner.update(reversed(pairs))
    elif change == "move" and isinstance(inner, dict):
        value = inner.pop(last)
        plan[draw(st.integers(0, len(plan) - 1))].setdefault(
            draw(st.sampled_from(["set", "at", "until", str(last)])), value
        )
    return ("same" if plan == PLAN else change), plan


def check_a_mutant(mutant: tuple[str, Any]) -> None:
    change, plan = mutant
    before = unchanged()
    after, message = understood(plan)
    if after is None:
        assert "scenario.yaml" in message
    elif change in ("same", "turn"):
        assert sorted(map(repr, after)) == sorted(map(repr, before))
    elif change in ("drop", "rename", "move"):
        assert after != before, f"{change}: nothing was said of it"


@settings(max_examples=100, deadline=None)
@given(mutant=mutations())
def test_no_change_of_a_plan_passes_in_silence(mutant: tuple[str, Any]) -> None:
    check_a_mutant(mutant)


@pytest.mark.slow
@settings(max_examples=10_000, derandomize=False, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutant=mutations())
def test_no_change_among_ten_thousand_passes_in_silence(mutant: tuple[str, Any]) -> None:
    check_a_mutant(mutant)
