"""Dates on the axis of time, and what the timeline changes."""

import datetime as dt

import pytest
from matplotlib.figure import Figure

from sim.model.market import Run
from sim.model.scenario import Change, Scenario
from sim.plots.calendar_axis import calendar_axis, event_name, events
from sim.plots.told_values import values_of


def axis(run, *scenarios, width=8.0):
    axes = Figure(figsize=(width, 3.0), dpi=100).add_axes((0.0, 0.0, 1.0, 1.0))
    calendar_axis(axes, run, scenarios)
    return axes


@pytest.mark.parametrize(
    ("run", "labels"),
    [
        (Run(start=dt.date(2026, 1, 1), periods=104), ["Jan 2026", "Jul 2026", "Jan 2027", "Jul 2027"]),
        (Run(start=dt.date(2026, 2, 3), period="month", periods=60), ["2027", "2028", "2029", "2030", "2031"]),
        (Run(start=dt.date(2026, 1, 1), period="day", periods=59), ["Jan 2026", "Feb 2026"]),
    ],
)
def test_ticks_are_firsts_of_months(run, labels):
    assert [text.get_text() for text in axis(run).get_xticklabels()] == labels


def test_a_tick_stands_where_its_period_begins():
    axes = axis(Run(start=dt.date(2026, 1, 1), periods=104))
    assert axes.get_xticks()[2] == pytest.approx(52 / 52)  # 365 days are 52 whole weeks
    assert axes.get_xlim() == (0.0, 2.0)


def test_a_calendar_that_ends_before_the_run_does_counts_years():
    assert axis(Run(start=dt.date(9998, 1, 1), periods=520)).get_xlabel() == "years since the start"


def test_what_the_timeline_changes_is_named_where_it_does():
    change = Change(at=26, until=dt.date(2027, 1, 5), set={"firm.desk.ease": 1.0})
    scenario = Scenario(run=Run(start=dt.date(2026, 1, 1)), timeline=[change])
    assert [(event.years, event.name) for event in events(scenario)] == [
        (0.5, "Ease of complaining"),
        (pytest.approx(1.0), "end: Ease of complaining"),
    ]
    assert [text.get_text() for text in axis(scenario.run, scenario).texts] == [
        event.name for event in events(scenario)
    ]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"firm.systems.service": {"tangibles": 5.9, "empathy": 5.9}}, "Delivered quality"),
        ({"firm.desk.ease": 1.0, "firm.costs.prevention": 4.0}, "2 changes"),
        ({"rivals.rival.strategy.price_index": 0.9}, "rival: Price index"),
    ],
)
def test_several_changes_are_called_by_what_they_share(change, name):
    assert event_name(change) == name


def boxes(axes):
    """Where names lie, in points from the upper left corner; each letter as wide as the layout takes it to be."""
    found = []
    for text in axes.texts:
        x = axes.transData.transform((text.xy[0], 0.0))[0] * 72 / axes.figure.dpi + text.xyann[0]
        length = len(text.get_text()) * 0.62 * text.get_size()
        found.append((x - length, x, -text.xyann[1]) if text.get_ha() == "right" else (x, x + length, -text.xyann[1]))
    return found


def dated(*at):
    paths = ["firm.desk.agents", "firm.desk.ease", "firm.desk.resolution_share", "firm.strategy.price_index"]
    timeline = [Change(at=when, set={paths[i % 4]: 0.1 * (1 + i)}) for i, when in enumerate(at)]
    return Scenario(run=Run(start=dt.date(2026, 1, 1)), timeline=timeline)


@pytest.mark.parametrize("width", [3.6, 8.0])
@pytest.mark.parametrize("at", [(8, 10, 12, 15), (90, 92, 94, 99), (50, 51, 53, 54)])
def test_names_of_events_close_together_lie_in_rows_and_none_on_another(at, width):
    scenario = dated(*at)
    axes = axis(scenario.run, scenario, width=width)
    found = sorted(boxes(axes))
    assert len(found) == len(at)
    for one, (left, right, row) in enumerate(found):
        assert not any(row == below and left < end and start < right for start, end, below in found[one + 1 :])
    assert axes.get_ylim()[1] > 1.0  # values end below them


def test_what_no_row_has_room_for_is_among_the_values():
    scenario = dated(*range(20, 32))
    axes = axis(scenario.run, scenario, width=3.6)
    assert len(axes.texts) < 12
    assert [value.where for value in values_of(axes.figure)][:2] == ["21 May 2026", "28 May 2026"]
    assert len(values_of(axes.figure)) == len(axes.lines) == 12


def test_two_worlds_that_change_at_one_moment_are_both_named():
    one, other = dated(20), dated(20)
    other = other.model_copy(update={"timeline": [Change(at=20, set={"firm.strategy.price_index": 1.1})]})
    assert [text.get_text() for text in axis(one.run, one, other).texts] == ["Desk staff; Price index"]
