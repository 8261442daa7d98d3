"""Every parameter has a short label of its own, and every quantity a practical range within the allowed one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from sim.parameters.registry import ParameterInfo, parameters
from sim.vocabulary.parameter import amount, group, parameter, share

ALL = parameters()
NO_QUANTITY = {"run.seed"}
"""Numbers of which each value is as good as any other."""


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def info(path: str) -> ParameterInfo:
    return next(item for item in ALL if item.path == path)


def test_every_label_is_short_and_written_as_a_sentence_begins() -> None:
    wrong = [item.label for item in ALL if not (1 < len(item.label) <= 32 and item.label[0].isupper())]
    assert wrong == []
    assert [item.label for item in ALL if item.label != item.label.strip(" .:")] == []


def test_labels_differ_within_a_section_and_with_those_of_the_sections_everywhere() -> None:
    within = Counter((item.path.rpartition(".")[0], item.label) for item in ALL)
    everywhere = Counter((*item.groups, item.label) for item in ALL)
    assert [key for key, times in (within + everywhere).items() if times > 1] == []


def test_every_section_has_a_label() -> None:
    for item in ALL:
        assert len(item.groups) == item.path.count(".")
        assert all(label.strip() for label in item.groups), item.path


def test_what_is_declared_once_and_used_often_says_what_it_is_where_it_is_used() -> None:
    assert (*info("firm.systems.failures.brush_off.hurts.empathy").groups, "Harm to empathy") == (
        "Firm",
        "Systems",
        "Failure modes",
        "Brush-off",
        "What it hurts",
        "Harm to empathy",
    )
    assert info("customers.expectations.should.empathy").practical == (4.5, 7.0)
    assert info("rivals[].systems.service.empathy").practical == (2.0, 6.8)
    assert info("segments[].expectations.will.empathy").groups[-1] == "What customers predict"


def test_every_quantity_has_a_practical_range_and_nothing_else_has() -> None:
    quantities = {item.path for item in ALL if is_number(item.default)} - NO_QUANTITY
    assert {item.path for item in ALL if item.practical is not None} == quantities


def test_every_practical_range_lies_within_the_allowed_one_and_holds_the_default() -> None:
    for item in ALL:
        if item.practical is None:
            continue
        low, high = item.practical
        assert item.low is not None, item.path
        assert item.high is not None, item.path
        assert item.low <= low < high <= item.high, item.path
        assert low <= item.default <= high, item.path


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"practical": (0.2, 1.5)}, "is no part of what is allowed, 0 to 1"),
        ({"practical": (-0.1, 0.9)}, "is no part of what is allowed, 0 to 1"),
        ({"practical": (0.9, 0.1)}, "is no part of what is allowed"),
        ({"practical": (0.7, 0.9)}, "the default 0.6 lies outside the practical range, 0.7 to 0.9"),
        ({"label": " "}, "a label has 1 to 32 characters"),
        ({"label": "S" * 33}, "a label has 1 to 32 characters"),
    ],
)
def test_a_bad_range_or_label_is_refused_where_it_is_declared(given: dict[str, Any], found: str) -> None:
    with pytest.raises(ValueError, match=found):
        share(0.6, "Share of something", **{"label": "Something", "practical": (0.1, 0.9), **given})


def test_what_must_be_above_a_bound_is_not_practical_at_it() -> None:
    given: dict[str, Any] = {"label": "Scale", "unit": "ratio", "source": "assumption", "gt": 0.0, "le": 10.0}
    assert parameter(1.0, "A scale", practical=(0.1, 2.0), **given).title == "Scale"
    with pytest.raises(ValueError, match="is no part of what is allowed"):
        parameter(1.0, "A scale", practical=(0.0, 2.0), **given)


def test_amounts_and_groups_carry_their_labels() -> None:
    assert amount(5.0, "Cost", "money per call", label="Cost of a call", practical=(1.0, 9.0)).title == "Cost of a call"
    assert group(None, "Promised quality").json_schema_extra == {}
    with pytest.raises(ValueError, match="a label has"):
        group(None, "")
