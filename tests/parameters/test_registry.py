"""The vocabulary keeps its promises: every number has a unit, a meaning, a source and a default within its range."""

import re

import pytest

from sim.engine.state import bytes_per_person
from sim.model.dimensions import DIMENSIONS
from sim.model.failures import FAILURE_MODES
from sim.model.movement import CAUSES, FLOWS_IN, FLOWS_OUT
from sim.model.order import PERIOD
from sim.model.rooms import COLUMNS, OBSERVABLES, O
from sim.model.scenario import Scenario
from sim.parameters.paths import get_path
from sim.parameters.registry import ParameterInfo, parameters
from sim.vocabulary.parameter import parameter
from sim.vocabulary.streams import STREAMS

ALL = parameters()
EMPTY_WORDS = {"", "?", "-", "n/a", "na", "none", "tbd", "todo", "unknown", "source", "see above", "literature", "xxx"}
YEAR = re.compile(r"\b(?:18|19|20)\d\d\b")
WITHOUT_YEAR = (
    "assumption",
    "notes '",
    "docs/sources.md",
    "tarp",
    "model design",
    "user's data",
    "acsi",
    "juran",
    "erlang",
)
STATE_BYTES_OF_TWO_FIRMS = 179
"""Of the 250 bytes a customer that the whole engine may take, network and buffers included."""


def test_there_are_parameters_and_no_path_twice() -> None:
    paths = [info.path for info in ALL]
    assert len(paths) > 200
    assert len(set(paths)) == len(paths)


def has_a_source(info: ParameterInfo) -> bool:
    told = info.source.strip().lower().rstrip(".")
    return told not in EMPTY_WORDS and bool(YEAR.search(told) or any(word in told for word in WITHOUT_YEAR))


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def test_every_parameter_has_a_unit_and_a_meaning() -> None:
    assert [info.path for info in ALL if not info.unit.strip() or len(info.meaning.strip()) < 4] == []


def test_every_parameter_has_a_source_with_a_year_or_says_that_it_is_assumed() -> None:
    assert {info.path: info.source for info in ALL if not has_a_source(info)} == {}


def test_every_default_lies_in_its_range() -> None:
    outside = []
    for info in ALL:
        if info.choices and info.default not in info.choices:
            outside.append(info.path)
        elif is_number(info.default):
            above = info.low is None or info.default >= info.low
            below = info.high is None or info.default <= info.high
            if not (above and below):
                outside.append(info.path)
    assert outside == []


def test_every_number_is_bounded_on_both_sides() -> None:
    numbers = [info for info in ALL if is_number(info.default)]
    assert len(numbers) > 200
    assert [i.path for i in numbers if i.low is None or i.high is None or i.low >= i.high] == []


def test_the_registry_reads_the_defaults_of_a_scenario() -> None:
    scenario = Scenario()
    for info in ALL:
        if "[]" not in info.path:
            assert get_path(scenario, info.path) == info.default, info.path


def test_a_parameter_without_source_unit_or_meaning_is_refused() -> None:
    for missing in ({"unit": " "}, {"source": ""}, {"meaning": ""}):
        given = {"meaning": "Share", "unit": "share", "source": "assumption"} | missing
        with pytest.raises(ValueError, match="needs a meaning"):
            parameter(0.5, given["meaning"], label="Share", unit=given["unit"], source=given["source"])


def test_streams_are_numbered_by_their_place_and_named_once() -> None:
    assert [stream.number for stream in STREAMS] == list(range(len(STREAMS)))
    assert len({stream.name for stream in STREAMS}) == len(STREAMS)
    assert all(stream.meaning.strip() for stream in STREAMS)


def test_the_numbers_of_the_streams_are_frozen() -> None:
    frozen = ["INITIAL", "ARRIVAL", "SERVICE", "VOICE", "RECOVERY", "TALK", "MOVEMENT", "NETWORK", "DESK"]
    assert [stream.name for stream in STREAMS][: len(frozen)] == frozen


def test_columns_of_the_state_are_named_once_and_explained() -> None:
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)
    for column in COLUMNS:
        assert column.unit.strip()
        assert column.meaning.strip()


def test_observables_are_named_once_and_explained() -> None:
    assert len({row.name for row in OBSERVABLES}) == len(OBSERVABLES)
    for row in OBSERVABLES:
        assert row.kind in ("stock", "flow")
        assert row.form in ("count", "amount")
        assert row.unit.strip()
        assert row.meaning.strip()


def test_blocks_of_observables_that_the_loops_count_on_lie_together() -> None:
    names = [row.name for row in OBSERVABLES]
    felt = names.index("failure_broken_commitment")
    assert names[felt : felt + len(FAILURE_MODES)] == [f"failure_{mode}" for mode in FAILURE_MODES]
    for item in ("perceived", "will", "should"):
        first = names.index(f"{item}_tangibles")
        assert names[first : first + 5] == [f"{item}_{name}" for name in DIMENSIONS]
    for block in (
        ("dissatisfied", "satisfied", "delighted"),
        ("level_dissatisfied", "level_satisfied", "level_delighted"),
        ("unanswered", "unresolved", "resolved", "resolved_quickly"),
        ("unanswered_kept", "unresolved_kept", "resolved_kept", "resolved_quickly_kept"),
        CAUSES,
    ):
        assert tuple(names[names.index(block[0]) :][: len(block)]) == tuple(block)


def test_flows_are_observables() -> None:
    for name in (*FLOWS_IN, *FLOWS_OUT):
        assert OBSERVABLES[getattr(O, name)].kind == "flow"


def test_the_order_of_a_period_begins_with_policy_and_ends_with_the_accounts() -> None:
    assert len(set(PERIOD)) == len(PERIOD)
    assert (PERIOD[0], PERIOD[-1]) == ("policy", "accounts")


def test_a_person_fits_into_the_budget() -> None:
    assert bytes_per_person(2) <= STATE_BYTES_OF_TWO_FIRMS


def test_a_further_firm_costs_what_is_known_of_each_firm() -> None:
    assert bytes_per_person(9) - bytes_per_person(8) == 4 + 2 * 8  # opinion, inbox
