"""Firms beside each other, and segments, from a series set by hand."""

from dataclasses import replace

import pandas as pd
import pytest

from sim.model.customer import Segment
from sim.model.firm import Firm
from sim.model.market import Run
from sim.model.scenario import Scenario
from sim.report.firms_and_segments import firms, moves, segments

SEGMENTS = [Segment(name="private", share=0.75), Segment(name="business", share=0.25)]


def rows(firm, segment, replication, before, after, departed, satisfaction, margin):
    """Two periods of a year's weeks: customers at the end of each, who left in each, points of each customer."""
    keys = {"firm": firm, "segment": segment, "replication": replication}
    each = ((0, before, before), (1, before, after))
    return [
        {
            **keys,
            "period": period,
            "active_start": start,
            "active": end,
            "departed": departed,
            "satisfaction_sum": satisfaction * end,
            "margin": margin / 2,
        }
        for period, start, end in each
    ]


@pytest.fixture
def two_firms(single):
    scenario = Scenario(
        run=Run(period="month", periods=2), segments=SEGMENTS, rivals=[Firm(name="other", initial_share=0.4)]
    )
    series = pd.DataFrame(
        [
            *rows("focal", "private", 0, 80, 60, 8, 70, 100_000),
            *rows("focal", "business", 0, 20, 20, 0, 90, 200_000),
            *rows("focal", "all", 0, 100, 80, 8, 75, 300_000),
            *rows("other", "all", 0, 100, 120, 1, 80, 50_000),
        ]
    )
    return replace(single, **{"scenario": scenario, "series": series})


def test_firms_stand_beside_each_other_with_their_share_of_all_customers(two_firms):
    focal, other = firms(two_firms)
    assert (focal.name, focal.customers, focal.share, focal.satisfaction) == ("the firm", "80", "40.0%", "75.0")
    assert focal.loss == f"{1 - (1 - 16 / 200) ** 12:.1%}"
    assert focal.margin == "EUR 0.300 M"
    assert (other.name, other.customers, other.share) == ("other", "120", "60.0%")


def test_segments_are_shares_of_the_firms_own_customers(two_firms):
    private, business = segments(two_firms)
    assert (private.name, private.customers, private.share) == ("private", "60", "75.0%")
    assert (business.name, business.share, business.loss, business.margin) == (
        "business",
        "25.0%",
        "0.0%",
        "EUR 0.200 M",
    )


def test_one_segment_is_no_table(single):
    assert segments(single) == []
    assert [group.name for group in firms(single)] == ["the firm", "rival"]


def test_who_went_where_is_the_mean_over_runs_and_of_places_that_have_names(single):
    """Two runs of two periods: 3, 5, 0 and 4 go from the firm to the other, 1 to nobody; who stays is left out."""
    told = [
        *((run, "focal", "other", people) for run, people in ((0, 3), (0, 5), (1, 0), (1, 4))),
        (0, "focal", "focal", 90),
        (0, "focal", "(nobody)", 2),
        (0, "focal", "(outside)", 0),
        *((0, origin, "focal", 0) for origin in ("other", "(nobody)", "(outside)")),
    ]
    flows = pd.DataFrame(told, columns=["replication", "origin", "destination", "people"])
    first, *others = moves(replace(single, **{"flows": flows}))
    assert first == ("the firm", ["", "6", "1", "0"])
    assert [row.origin for row in others] == ["other", "without a supplier", "out of the market"]
