"""How far today drifts: values by hand, and where nothing is told."""

import numpy as np
import pandas as pd
import pytest

from sim.model.market import Market, Run
from sim.model.scenario import Change, Scenario
from sim.report.drift_words import drift_sentence
from sim.report.run_page import write_report
from sim.results.drift import BY_NAME, FIGURES, drift_table, first_and_last, moved
from sim.results.measures import TallyColumns
from sim.runs.run import run

MONTHS = 12


def columns(years: int = 3) -> TallyColumns:
    """A firm that loses ten customers a year of a hundred, with other figures that can be worked out by hand."""
    year = np.repeat(np.arange(years), MONTHS)
    active = 100.0 - 10.0 * year
    return {
        "active": active,
        "market_share": active / 200.0,
        "satisfaction_sum": active * (70.0 + 2.0 * year),
        "promoters": 0.4 * active,
        "detractors": (0.1 + 0.05 * year) * active,
        "encounters": 10.0 * active,
        "dissatisfied": (1.0 + 0.2 * year) * active,
        "loss": np.where(year == 0, 0.01, 0.02),
        "revenue": 20.0 * active,
        "margin": 5.0 * active - 450.0,
    }


def test_first_and_last_year_by_hand():
    found = first_and_last(columns(), MONTHS)
    assert found["customers"] == (100.0, 80.0)
    assert found["market_share"] == pytest.approx((0.5, 0.4))
    assert found["satisfaction"] == pytest.approx((70.0, 74.0))
    assert found["nps"] == pytest.approx((30.0, 20.0))
    assert found["dissatisfied_share"] == pytest.approx((0.1, 0.14))
    assert found["retention"] == pytest.approx((0.99**12, 0.98**12))
    assert found["revenue"] == pytest.approx((12 * 2000.0, 12 * 1600.0))
    assert found["margin"] == pytest.approx((50.0 / 2000.0, -50.0 / 1600.0))
    assert set(found) == {figure.name for figure in FIGURES}


def test_a_change_is_relative_to_the_size_of_what_it_changes():
    assert moved(BY_NAME["revenue"], 600.0, 300.0) == -0.5
    assert moved(BY_NAME["revenue"]._replace(name="loss"), -600.0, -300.0) == 0.5
    assert moved(BY_NAME["margin"], 0.1, -0.1) == pytest.approx(-0.2)
    assert np.isnan(moved(BY_NAME["customers"], 0.0, 5.0))
    assert moved(BY_NAME["market_share"], 0.5, 0.4) == pytest.approx(-0.1)


def test_the_interval_is_over_replications():
    """Changes of -10% and -6%: their mean is -8%, and with one degree of freedom the half-width is 12.706 x 2%."""
    table = drift_table([dict.fromkeys(BY_NAME, (100.0, last)) for last in (90.0, 94.0)]).set_index("figure")
    row = table.loc["customers"]
    assert row["change"] == pytest.approx(-0.08)
    assert row["high"] - row["change"] == pytest.approx(12.7062 * 0.02, rel=1e-4)
    assert table.loc["satisfaction", "change"] == pytest.approx(-8.0)
    assert (table["most"] == [0.03, 0.01, 1.0, 1.0, 0.01, 0.01, 0.03, 0.01]).all()


def today(periods: int = 36, **given: object) -> Scenario:
    calendar = Run(period="month", periods=periods, replications=2)
    return Scenario(market=Market(customers=150), run=calendar, **given)


def test_a_run_tells_how_far_it_drifts_in_sentence_report_and_summary():
    result = run(today())
    assert result.drift is not None
    rows = result.series.query("firm == 'focal' and replication == 0")["active"].to_numpy()
    others = result.series.query("firm == 'focal' and replication == 1")["active"].to_numpy()
    by_hand = np.mean([each[-12:].mean() / each[:12].mean() - 1.0 for each in (rows, others)])
    assert result.drift.loc[0, "change"] == pytest.approx(by_hand)
    said = drift_sentence(result)
    assert said.startswith("Nothing is changed in this run.")
    for name in ("customers", "market share", "satisfaction", "margin"):
        assert name in said
    assert said in result.sentences
    assert said[:60] in write_report(result)
    assert pd.DataFrame(result.as_json()["drift"])["figure"].tolist() == [figure.name for figure in FIGURES]


@pytest.mark.parametrize(
    ("ends", "told"),
    [((101.0, 101.2), "today holds"), ((120.0, 121.0), "today drifts"), ((98.0, 107.0), "no figure surely moves")],
)
def test_the_sentence_says_whether_today_holds(ends: tuple[float, float], told: str):
    """Customers move from 100 to these in two replications: 95% intervals by hand are inside, beyond and around."""

    class Seen:
        drift = drift_table([dict.fromkeys(BY_NAME, (100.0, 100.0)) | {"customers": (100.0, end)} for end in ends])

    assert told in drift_sentence(Seen())  # type: ignore[arg-type]


def test_nothing_is_told_where_something_is_done_or_there_are_no_two_years():
    change = Change(at=5, set={"firm.desk.ease": 1.0})
    for scenario in (today(23), today(timeline=[change])):
        result = run(scenario)
        assert result.drift is None
        assert drift_sentence(result) == ""
        assert result.as_json()["drift"] is None
    assert run(today(timeline=[change.model_copy(update={"at": 36})])).drift is not None
