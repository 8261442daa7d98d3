import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from sim.model.customer import Segment
from sim.model.firm import Firm
from sim.model.market import Run
from sim.model.money import Money
from sim.model.movement import CAUSES, FLOWS_IN, FLOWS_OUT
from sim.model.rooms import OBSERVABLES, O
from sim.model.scenario import Scenario
from sim.parameters.timeline import first_day
from sim.results.keyfigures import key_figures
from sim.results.measures import MEASURES, add_measures
from sim.results.result import assemble
from sim.results.series import build_series, focal, period_starts, total_segment
from sim.vocabulary.observables import FIXED_POINT


class HandMade:
    """Tables of two months with numbers that a reader can check by heart: one firm, one segment."""

    seed, census, panel = 5, {"loyalty type": {"none": 3, "latent": 1}}, None

    def __init__(self, **changes):
        tally = np.zeros((2, 1, 1, len(OBSERVABLES)), np.int64)
        counts = {
            "active": (90, 81),
            "promoters": (45, 40),
            "detractors": (9, 4),
            "left_natural": (10, 9),
            "encounters": (200, 100),
            "dissatisfied": (20, 30),
            "complained": (2, 3),
            "registered": (1, 3),
            "silent": (18, 27),
            "silent_lost": (8, 12),
            "complaint_lost": (1, 1),
            "told_positive": (30, 30),
            "told_negative": (10, 10),
        } | changes
        amounts = {
            "satisfaction_sum": (90 * 75, 81 * 75),
            "satisfaction_squares": (90 * 5641, 81 * 5641),
            "acsi_expectation_sum": (90 * 7, 81 * 7),
            "acsi_ideal_sum": (90 * 6.25, 81 * 6.25),
            "perceived_empathy": (1000, 500),
            "will_empathy": (1100, 550),
            "should_empathy": (1200, 600),
            "revenue": (1000, 900),
            "goods_cost": (400, 400),
            "advertising_cost": (50, 50),
            "prevention_cost": (10, 10),
            "complaint_cost": (40, 60),
            "opportunity_estimate": (7, 3),
        }
        for name, values in counts.items():
            tally[:, 0, 0, getattr(O, name)] = values
        for name, values in amounts.items():
            tally[:, 0, 0, getattr(O, name)] = np.array(values) * FIXED_POINT
        self.tallies = tally
        self.initial = np.zeros((1, 1, len(OBSERVABLES)), np.int64)
        self.flows = np.zeros((2, 3, 3), np.int64)
        self.initial[0, 0, O.active] = 100
        self.leavers = np.zeros((1, 2, len(CAUSES), 3), np.int64)
        self.stayers = np.zeros((1, 2, 3), np.int64)


SCENARIO = Scenario(
    run=Run(period="month", periods=2), rivals=[], money=Money(discount_rate=0.1, currency="CHF"), firm=Firm(name="one")
)


@pytest.fixture(scope="module")
def table():
    return build_series(SCENARIO, [HandMade()])


@pytest.mark.parametrize(
    ("column", "first"),
    [
        ("active_start", 100),
        ("departed", 10),
        ("loss", 0.1),
        ("retention", 0.9**12),
        ("customer_years", 95 / 12),
        ("market_share", 1.0),
        ("satisfaction_mean", 75.0),
        ("satisfaction_sd", 4.0),
        ("acsi", 100 * ((7.75 + 7 + 6.25) / 3 - 1) / 9),
        ("nps", 40.0),
        ("dissatisfied_share", 0.1),
        ("gap_empathy", -1.0),
        ("gap_will_empathy", -0.5),
        ("gap_mean", -0.2),
        ("complaint_share", 0.1),
        ("seen_share", 0.05),
        ("talk_ratio", 3.0),
        ("operating_cost", 500.0),
        ("running_cost", 100.0),
        ("margin", 500.0),
        ("external_failure_cost", 40.0),
        ("quality_cost", 50.0),
        ("opportunity_cost", 7.0),
        ("poor_quality_cost", 57.0),
        ("spending", 100.0),
    ],
)
def test_a_measure_is_what_its_formula_says(table, column, first):
    assert table[column].iloc[0] == pytest.approx(first)


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("satisfaction", 75.0),
        ("nps", 100 * (85 - 13) / 171),
        ("retention", 0.9**12),
        ("yearly_loss", 1 - 0.9**12),
        ("dissatisfied_share", 50 / 300),
        ("complaint_share", 0.1),
        ("seen_share", 0.08),
        ("silent_lost_ratio", 10.0),
        ("market_share", 1.0),
        ("revenue", 1900.0),
        ("margin", 1900 - 1020.0),
        ("net_present_value", 500 / 1.1 ** (1 / 12) + 380 / 1.1 ** (2 / 12)),
        ("margin_per_customer_year", (880 + 100) / ((95 + 85.5) / 12)),
        ("cost_of_keeping", 120 / ((95 + 85.5) / 12)),
        ("quality_cost_share", 130 / (1020 - 800)),  # goods apart
    ],
)
def test_a_key_figure_is_what_its_meaning_says(table, figure, value):
    figures = key_figures(table, SCENARIO, [HandMade()])
    assert figures.loc[figure, "value"] == pytest.approx(value)
    assert math.isnan(figures.loc[figure, "low"])
    assert "one replication" in figures.attrs["note"]


def test_retention_weighs_customers_alike():
    """Ten of 100 leave, then 27 of 90: 37 of 190, and not the mean of a tenth and three tenths."""
    series = build_series(SCENARIO, [HandMade(left_natural=(10, 27), active=(90, 63))])
    assert key_figures(series, SCENARIO, [HandMade()]).loc["retention", "value"] == pytest.approx((153 / 190) ** 12)


def test_captives_bear_what_the_firm_does_not():
    """Three in silence and one after a complaint, then two: six times two and a half hours at 8."""
    made = HandMade(silent_captive=(3, 2), complaint_captive=(1, 0))
    scenario = SCENARIO.model_copy(update={"money": Money(value_of_time=8.0, hours_lost=2.5)})
    figures = key_figures(build_series(scenario, [made]), scenario, [made])
    assert figures.loc["captive_loss", "value"] == 120.0


def test_money_has_the_name_of_the_scenarios_currency(table):
    assert key_figures(table, SCENARIO, [HandMade()]).loc["lifetime_value", "unit"] == "CHF per customer"


def test_a_firm_without_customers_has_no_mean_and_no_error():
    empty = HandMade()
    empty.tallies[...] = 0
    empty.initial[...] = 0
    result = assemble(SCENARIO, [empty, empty])
    assert math.isnan(result.series["satisfaction_mean"].iloc[0])
    assert math.isnan(result.value("yearly_loss"))
    assert result.iceberg["per_1000"].isna().all()


def test_running_the_service_is_taken_from_what_never_came():
    """1,000 more of revenue that cost 150 to run: 850, and not 1,000."""
    better = HandMade()
    better.tallies[:, 0, 0, O.revenue] += int(1000 * FIXED_POINT)
    better.tallies[:, 0, 0, O.operation_cost] += int(150 * FIXED_POINT)
    assert build_series(SCENARIO, [HandMade()], [better])["opportunity_measured"].tolist() == [850.0, 850.0]


def test_opportunity_cost_is_the_margin_before_failure_costs_that_never_came():
    better = HandMade()
    better.tallies[:, 0, 0, O.revenue] += int(100 * FIXED_POINT)
    better.tallies[:, 0, 0, O.service_cost] += int(30 * FIXED_POINT)
    better.tallies[:, 0, 0, O.complaint_cost] = 0
    table = build_series(SCENARIO, [HandMade()], [better])
    assert table["opportunity_measured"].tolist() == [70.0, 70.0]
    assert table["opportunity_cost"].tolist() == [70.0, 70.0]
    direct = table["failure_cost"].sum()
    gain = build_series(SCENARIO, [better])["margin"].sum() - table["margin"].sum()
    assert gain == pytest.approx(table["opportunity_measured"].sum() + direct)


def test_names_of_measures_are_unique_and_no_tally_is_overwritten():
    names = [measure.name for measure in MEASURES]
    assert len(set(names)) == len(names)
    assert not set(names) & {row.name for row in OBSERVABLES}


def test_rows_of_all_segments_are_the_sums_of_the_segments(result):
    tallies = [row.name for row in OBSERVABLES]
    parts = result.series[result.series["segment"] != "all"].groupby(["replication", "period", "firm"])[tallies].sum()
    whole = result.series[result.series["segment"] == "all"].set_index(["replication", "period", "firm"])[tallies]
    pd.testing.assert_frame_equal(whole.sort_index(), parts.sort_index(), check_dtype=False)


def test_stocks_are_previous_stocks_plus_flows(result):
    series = result.series
    flows = series[list(FLOWS_IN)].sum(axis=1) - series[list(FLOWS_OUT)].sum(axis=1)
    assert (series["active"] == series["active_start"] + flows).all()


def test_the_ledger_is_complete(result):
    count = result.iceberg["count"]
    assert count["dissatisfied"] == pytest.approx(count["complained"] + count["silent"] + count["pending"])
    silent = ("silent_stayed", "silent_lapsed", "silent_captive", "silent_lost")
    assert count["silent"] == pytest.approx(sum(count[name] for name in silent))
    assert result.iceberg.loc["dissatisfied", "per_1000"] == pytest.approx(1000)


def test_counts_are_whole_numbers_and_amounts_are_not(result):
    assert result.series["active"].dtype == np.int64
    assert result.series["revenue"].dtype == np.float64


def test_a_segment_called_all_does_not_hide_the_total():
    names = [Segment(name="all", share=0.5), Segment(name="none", share=0.5)]
    assert total_segment(Scenario(segments=names)) == "(all)"


@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_dates_are_those_of_the_timeline(period):
    scenario = Scenario(run=Run(period=period, periods=40, start=dt.date(2026, 1, 31)))
    expected = [first_day(scenario.run, number) for number in range(40)]
    assert [day.item().date() for day in period_starts(scenario)] == expected


def test_dates_go_beyond_the_year_9999():
    assert str(period_starts(Scenario(run=Run(period="month", periods=100_000)))[-1]).startswith("10359")


def test_focal_rows_are_one_for_each_replication_and_period(result, scenario):
    rows = focal(result.series, scenario)
    assert len(rows) == 90
    assert set(rows["firm"]) == {scenario.firm.name}


def test_measures_of_nothing_are_an_empty_table(table):
    assert add_measures(table.iloc[:0][[c for c in table if c not in {m.name for m in MEASURES}]], 12).empty


def test_spending_is_all_that_the_firm_decides_to_spend_staff_and_rewards_too():
    """No budget hires for nothing: in each month one unit more of each of the costs is one of spending."""
    names = ("staff_cost", "programme_cost", "appraisal_cost", "compensation_cost", "welcome_cost", "win_back_cost")
    dear = HandMade(**dict.fromkeys(names, (FIXED_POINT, FIXED_POINT)))
    spending = [build_series(SCENARIO, [one])["spending"] for one in (HandMade(), dear)]
    assert (spending[1] - spending[0]).tolist() == [6.0, 6.0]
