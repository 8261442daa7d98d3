"""Dated changes: when they begin, how they nest, what they reach, and what a change of preset brings."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.market import Run
from sim.model.scenario import Change, Scenario
from sim.parameters.timeline import first_day, get_path, period_of, phases, set_path
from sim.scenario import load_text
from sim.vocabulary.errors import ScenarioError


def course(text: str, path: str, *overrides: str) -> list[tuple[int, object]]:
    return [(start, get_path(stretch, path)) for start, stretch in phases(load_text(text, overrides).scenario)]


def test_without_a_timeline_there_is_one_stretch():
    assert phases(Scenario()) == ((0, Scenario()),)


def test_the_latest_change_wins_and_what_lies_beneath_comes_back():
    text = """
    timeline:
      - {at: 10, until: 50, set: {firm.desk.ease: 1}}
      - {at: 20, until: 30, set: {firm.desk.ease: 2}}
      - {at: 25, until: 60, set: {firm.desk.ease: 3}}
      - {at: 55, set: {firm.desk.ease: 4}}
    """
    assert course(text, "firm.desk.ease") == [(0, 0.0), (10, 1.0), (20, 2.0), (25, 3.0), (55, 4.0)]


def test_a_temporary_change_over_a_lasting_one():
    text = "timeline: [{at: 5, set: {firm.desk.ease: 1}}, {at: 10, until: 12, set: {firm.desk.ease: 2}}]"
    assert course(text, "firm.desk.ease") == [(0, 0.0), (5, 1.0), (10, 2.0), (12, 1.0)]


def test_a_lasting_change_within_a_temporary_one_stays():
    text = "timeline: [{at: 5, until: 15, set: {firm.desk.ease: 1}}, {at: 10, set: {firm.desk.ease: 2}}]"
    assert course(text, "firm.desk.ease") == [(0, 0.0), (5, 1.0), (10, 2.0)]


def test_of_changes_in_one_period_the_last_in_the_list_wins():
    text = "timeline: [{at: 5, set: {firm.desk.ease: 1}}, {at: 5, set: {firm.desk.ease: 2}}]"
    assert course(text, "firm.desk.ease") == [(0, 0.0), (5, 2.0)]


def test_a_change_at_the_first_period_and_one_after_the_last():
    text = "run: {periods: 10}\ntimeline: [{at: 0, set: {firm.desk.ease: 1}}, {at: 10, set: {firm.desk.ease: 2}}]"
    assert course(text, "firm.desk.ease") == [(0, 1.0)]
    (warning,) = load_text(text).warnings
    assert "timeline.1: begins at period 10, after the last one (9), and has no effect" in warning


@pytest.mark.parametrize(
    ("period", "date", "expected"),
    [
        ("week", dt.date(2026, 1, 5), 0),
        ("week", dt.date(2026, 1, 11), 0),
        ("week", dt.date(2026, 1, 12), 1),
        ("week", dt.date(2026, 1, 4), -1),
        ("day", dt.date(2026, 2, 5), 31),
        ("month", dt.date(2026, 2, 4), 0),
        ("month", dt.date(2026, 2, 5), 1),
        ("month", dt.date(2027, 1, 5), 12),
        ("month", dt.date(2026, 1, 4), -1),
    ],
)
def test_a_date_lies_in_the_period_that_contains_it(period: str, date: dt.date, expected: int):
    assert period_of(Run(period=period), date) == expected


@given(
    st.sampled_from(["day", "week", "month"]),
    st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)),
    st.integers(0, 2000),
)
def test_the_first_day_of_a_period_lies_in_it_and_the_day_before_does_not(period: str, start: dt.date, number: int):
    run = Run(period=period, start=start)
    day = first_day(run, number)
    assert period_of(run, day) == number
    assert period_of(run, day - dt.timedelta(days=1)) == number - 1


def test_a_change_of_the_customers_reaches_the_segments_that_do_not_differ():
    text = """
    segments: [{name: a, share: 0.5}, {name: b, share: 0.5, judgement: {tolerance: 2}}]
    timeline:
      - {at: 5, set: {customers.judgement: {tolerance: 1}}}
      - {at: 8, set: {segments.a.judgement.tolerance: 3}}
      - {at: 9, set: {customers.judgement.tolerance: 0.5}}
    """
    usual = Scenario().customers.judgement.tolerance
    assert course(text, "segments.a.judgement.tolerance") == [(0, usual), (5, 1.0), (8, 3.0), (9, 3.0)]
    assert {value for _, value in course(text, "segments.b.judgement.tolerance")} == {2.0}
    assert course(text, "customers.judgement.tolerance")[-1] == (9, 0.5)


def test_several_weights_change_together():
    text = "timeline: [{at: 5, set: {firm.systems.channels: {chat: 0.5, telephone: 0.5, counter: 0}}}]"
    assert course(text, "firm.systems.channels.counter") == [(0, 0.5), (5, 0.0)]


def test_a_change_of_preset_brings_its_values_beneath_the_keys_of_the_change():
    text = """
    voice: {preset: rage_2015}
    timeline:
      - {at: 5, until: 9, set: {voice.complain_share: 0.2, voice.preset: slogan}}
      - {at: 7, until: 9, set: {firm.culture: awful, rivals.rival.culture: exceptional}}
    """
    assert course(text, "voice.complain_share") == [(0, 0.79), (5, 0.2), (7, 0.2), (9, 0.79)]
    assert course(text, "voice.lapse_share") == [(0, 0.0), (5, 1.0), (7, 1.0), (9, 0.0)]
    assert course(text, "voice.preset") == [(0, "rage_2015"), (5, "slogan"), (7, "slogan"), (9, "rage_2015")]
    # What only the preset before had set goes back, as when a file replaces the preset of another.
    assert course(text, "firm.desk.front_line_resolution") == [(0, 0.37), (5, 0.4), (7, 0.05), (9, 0.37)]
    assert course(text, "rivals.0.systems.failure_scale") == [(0, 1.0), (5, 1.0), (7, 0.3), (9, 1.0)]


def test_a_change_of_preset_without_values_is_refused_not_ignored():
    with pytest.raises(ScenarioError, match="must carry the preset's values"):
        phases(Scenario(timeline=[Change(at=3, set={"voice.preset": "slogan"})]))


def test_a_change_is_refused_with_its_path_when_built_in_python():
    with pytest.raises(ScenarioError, match=r"timeline\.0: firm\.desk\.eese: unknown parameter"):
        phases(Scenario(timeline=[Change(at=3, set={"firm.desk.eese": 1})]))
    with pytest.raises(ScenarioError, match=r"timeline\.0\.set\.firm\.desk\.agents: too small"):
        phases(Scenario(timeline=[Change(at=3, set={"firm.desk.agents": -1})]))


def test_paths_read_and_write():
    scenario = set_path(Scenario(), "rivals.rival.desk", {"ease": 1.0, "agents": 9.0})
    assert (get_path(scenario, "rivals.0.desk.ease"), get_path(scenario, "rivals.rival.desk.agents")) == (1.0, 9.0)
    assert Scenario().rivals[0].desk.ease == 0.0
    assert get_path(scenario, "firm.desk") == scenario.firm.desk
    for path, value, message in [
        ("firm.desk.eese", 1, r"did you mean firm\.desk\.ease"),
        ("firm.desk.ease", "high", "not a number"),
        ("firm.desk.ease", float("nan"), "finite"),
        ("voice.preset", "slogan", "applied when a scenario is loaded"),
        ("market.customers", 0, "too small"),
        ("rivals", [], "no such rival"),
        ("", 1, "unknown parameter"),
    ]:
        with pytest.raises(ScenarioError, match=message):
            set_path(Scenario(), path, value)
