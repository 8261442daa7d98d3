"""Tables as they come from the field: each is read for what it says, with a word on how, or asked about once."""

import datetime as dt
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from sim.data.churn_table import read_tenures
from sim.data.cohorts import read_cohorts
from sim.data.describe import describe
from sim.data.read_table import read_table
from sim.data.table_kinds import CHURN, RETENTION
from sim.data.table_settings import TableSettings
from sim.data.understood import understood
from sim.runs.experiment.definition import CalibrationSettings
from sim.scenario import load_text
from sim.studies.calibration.targets import read_data
from sim.vocabulary.errors import ScenarioError

CASES = Path(__file__).parent / "cases"


def target(name: str, run: str, **settings):
    """The table and what would be fitted, in a small scenario with that run."""
    scenario = load_text(f"market: {{customers: 300}}\nrun: {{{run}}}\n").scenario
    (table,), target = read_data(CASES / name, CalibrationSettings(**settings), scenario)
    return table, target


def told(table) -> str:
    return "\n".join(understood(table).lines())


def refused(name: str, run: str = "period: month, periods: 60", **settings) -> list:
    with pytest.raises(ScenarioError) as caught:
        target(name, run, **settings)
    assert caught.value.exit_status == 2
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("retention_excel_de.csv", ["byte order mark, cells between semicolons", "decimal comma"]),
        ("retention_excel_unicode.txt", ["UTF-16, cells between tabs", "decimal comma"]),
        ("retention_decimal_comma_quoted.csv", ["UTF-8, cells between commas", "'1.000' is 1,000"]),
        ("retention_cp1252.csv", ["Windows-1252", "left aside  column 'größe'"]),
    ],
)
def test_excel_of_europe(name: str, how: list[str]):
    table, fitted = target(name, "period: month, periods: 60", data="retention", unit="years")
    assert fitted.periods == (12, 24, 36, 48)
    assert fitted.trials.tolist() == [1000, 710, 550, 460]
    assert fitted.leavers.tolist() == [290, 160, 90, 60]
    assert all(part in told(table) for part in how), told(table)


@pytest.mark.parametrize("name", ["complaints_month.csv", "complaints_pandas.csv", "complaints_tz.csv"])
def test_dates_that_are_unambiguous(name: str):
    table, fitted = target(name, "period: month, periods: 12, start: 2026-01-01", data="complaints")
    assert fitted.stretches == tuple((month, month + 1) for month in range(12))
    assert fitted.counts.tolist() == [31, 28, 35, 30, 27, 33, 29, 36, 34, 30, 28, 32]
    assert "'date' from 2026-01-01 to 2026-12-01" in told(table)
    assert not table.odd


def test_days_are_counted_in_the_time_zone_that_is_asked_for():
    """Midnight of 1 January in Berlin is still 31 December in London."""
    table, fitted = target(
        "complaints_tz.csv", "period: month, periods: 14, start: 2025-12-01", data="complaints", time_zone="UTC"
    )
    assert fitted.stretches[0] == (0, 1)
    assert "'date' from 2025-12-31 to 2026-11-30 (days counted in UTC)" in told(table)
    assert "do not line up" in told(table)
    (problem,) = refused("complaints_tz.csv", data="complaints", time_zone="Europe/Berlyn")
    assert problem.message == "no such time zone"


def test_day_and_month_are_asked_for():
    (problem,) = refused("complaints_dayfirst.csv", "period: month, periods: 12, start: 2026-01-01", data="complaints")
    assert "may be 2026-02-01 or 2026-01-02" in problem.message
    assert problem.place.endswith("complaints_dayfirst.csv:3")
    assert "dates: day first, or dates: month first" in problem.hint
    _, fitted = target(
        "complaints_dayfirst.csv",
        "period: month, periods: 12, start: 2026-01-01",
        data="complaints",
        dates="day first",
    )
    assert fitted.stretches == tuple((month, month + 1) for month in range(12))


def test_dates_that_do_not_line_up_with_periods_are_said():
    table, fitted = target(
        "complaints_first_of_month_from_february.csv", "period: month, periods: 12", data="complaints"
    )
    assert fitted.stretches[0] == (0, 1)
    assert (
        "'2026-02-01' (1 February 2026 to 28 February 2026) is compared with 5 January 2026 to 4 February 2026"
        in told(table)
    )
    assert "run.start: 2026-02-01" in told(table)
    table, _ = target(
        "complaints_first_of_month_from_february.csv",
        "period: month, periods: 12, start: 2026-02-01",
        data="complaints",
    )
    assert not table.odd


def test_weeks_stamped_on_sundays():
    """Before the run: asked for with both remedies, once. With either of them each week has its place."""
    (problem,) = refused(
        "complaints_week_sunday.csv", "period: week, periods: 12, start: 2026-01-05", data="complaints"
    )
    assert "before the run begins" in problem.message
    assert "run.start: 2026-01-04" in problem.hint
    assert "stamps: end" in problem.hint
    for start, stamps in (("2026-01-04", "start"), ("2025-12-29", "end")):
        table, fitted = target(
            "complaints_week_sunday.csv",
            f"period: week, periods: 12, start: {start}",
            data="complaints",
            stamps=stamps,
        )
        assert fitted.stretches[-1][1] == 12
        assert not table.odd, told(table)


def test_tenure_from_two_dates_and_the_day_of_the_export():
    (problem,) = refused("signup_cancel.csv", data="churn", unit="months")
    assert "The day of the export is needed" in problem.message
    assert "exported: 2026-04-26 (the latest date in the table), or later" in problem.hint
    settings = TableSettings(exported=dt.date(2026, 4, 30))
    table = read_table(CASES / "signup_cancel.csv", CHURN, settings)
    found = read_tenures(table, "months")
    first = dict(zip(table.columns["customer"], zip(found.tenure, found.left, strict=True), strict=True))
    assert first["C000"] == (
        pytest.approx(5 + 29 / 31),
        True,
    )  # 6 February to 6 July, and 29 of the 31 days to 6 August
    assert first["C003"] == (pytest.approx(21 + 4 / 30), False)  # 26 July 2024 to 26 April 2026, and 4 of 30 days
    rows = (CASES / "signup_cancel.csv").read_text().splitlines()[1:]
    assert found.left.sum() == sum(not row.endswith(",") for row in rows)
    assert "joined = 'signup', left = 'cancelled'" in told(table)
    assert "2026-04-30: whoever has no date of leaving was a customer then" in told(table)


@pytest.mark.parametrize(
    "name",
    [
        "churn_ibm_v2.csv",
        "churn_mlc_dot.csv",
        "churn_pandas_float.csv",
        "churn_postgres.csv",
        "churn_spanish.csv",
        "churn_upper.csv",
    ],
)
def test_codes_of_churn(name: str):
    found = read_tenures(read_table(CASES / name, CHURN), "months")
    usual = {"stayed": False, "no": False, "false": False, "false.": False, "0.0": False, "f": False}
    expected = [
        usual.get(row.split(",")[1].strip().lower(), True)
        for row in (CASES / name).read_text(encoding="utf-8").splitlines()[1:]
    ]
    assert found.left.tolist() == expected
    assert 0 < sum(expected) < len(expected)


def test_codes_of_ones_own(tmp_path: Path):
    file = tmp_path / "churn.csv"
    file.write_text("tenure,churned\n" + "3,2\n4,1\n" * 10)
    with pytest.raises(ScenarioError) as caught:
        read_tenures(read_table(file, CHURN), "months")
    (problem,) = caught.value.problems
    assert "neither yes nor no, in 10 rows" in problem.message
    assert "left: [...], stayed: [...]" in problem.hint
    found = read_tenures(read_table(file, CHURN, TableSettings(left=[1], stayed=[2])), "months")
    assert found.left.tolist() == [False, True] * 10


@pytest.mark.parametrize("name", ["cohorts_wide.csv", "cohorts_long.csv"])
def test_several_cohorts_are_fitted_together(name: str):
    """At risk and leavers of each month by hand, from the triangle; the youngest cohort has nothing to tell yet."""
    table = read_table(CASES / name, RETENTION)
    found = read_cohorts(table, "months", None)
    assert found.times.tolist() == [1, 2, 3, 4, 5]
    assert found.at_risk.tolist() == [
        400 + 420 + 440 + 460 + 480,
        280 + 294 + 308 + 322,
        210 + 220 + 231,
        168 + 175,
        142,
    ]
    assert found.left.tolist() == [
        120 + 126 + 132 + 138 + 144,
        70 + 74 + 77 + 81,
        42 + 45 + 47,
        26 + 27,
        15,
    ]
    assert "2,700 in 6 cohorts of 400 to 500, fitted together" in told(table)
    _, fitted = target(name, "period: month, periods: 24", data="retention")
    assert fitted.periods == (1, 2, 3, 4, 5)
    assert fitted.observed[0][0] == pytest.approx(1 - 660 / 2200)


def test_one_cohort_of_several():
    table = read_table(CASES / "cohorts_long.csv", RETENTION, TableSettings(only={"cohort": "2025-02"}))
    assert read_cohorts(table, "months", None).at_risk.tolist() == [420, 294, 220, 175]
    assert "'cohort' = 2025-02: 5 of 21 rows" in told(table)


def test_days_in_months_are_put_together_and_said():
    table, fitted = target("churn_days.csv", "period: month, periods: 24", data="churn", unit="days")
    rows = [row.split(",") for row in (CASES / "churn_days.csv").read_text().splitlines()[1:]]
    months = np.ceil(np.array([int(days) for days, left in rows if left == "yes"]) / (365 / 12))
    edges = np.array([0, *fitted.periods])
    expected = [((months > low) & (months <= high)).sum() for low, high in pairwise(edges)]
    assert fitted.leavers.tolist() == expected
    assert fitted.leavers.sum() == sum(left == "yes" for _, left in rows)
    assert "days are put together into the run's months" in told(table)


def test_days_in_weeks_and_weeks_in_months():
    table, fitted = target("churn_days.csv", "period: week, periods: 110", data="churn", unit="days")
    assert fitted.periods[-1] <= 110
    assert "the run's weeks, of 7.019 each" in told(table)
    table, fitted = target("retention_weeks.csv", "period: month, periods: 13", data="retention", unit="weeks")
    assert fitted.periods == tuple(range(1, 13))
    assert fitted.times.tolist() == [4, 9, 13, 17, 22, 26, 30, 35, 39, 43, 48, 52]  # whole weeks nearest to 52/12 each
    assert "52 times in weeks are compared at the ends of 12 months, by the nearest of them" in told(table)


def test_months_in_weeks():
    _, fitted = target("complaints_monthly.csv", "period: week, periods: 52", data="complaints", unit="months")
    assert fitted.stretches[0] == (0, 4)
    assert fitted.stretches[-1][1] == 52
    assert fitted.counts.sum() == 373


def test_weeks_of_complaints_in_months_are_put_together(tmp_path: Path):
    file = tmp_path / "weeks.csv"
    days = [dt.date(2026, 1, 1) + dt.timedelta(weeks=n) for n in range(13)]
    file.write_text("week,complaints,customers\n" + "".join(f"{day},7,1300\n" for day in days))
    scenario = load_text("run: {period: month, periods: 3, start: 2026-01-01}\nmarket: {customers: 300}\n").scenario
    (table,), fitted = read_data(file, CalibrationSettings(data="complaints"), scenario)
    assert fitted.counts.tolist() == [35, 28, 28]
    assert fitted.exposure.sum() == pytest.approx(13 * 1300 * 12 / 52)
    assert "13 weeks are put together into 3 months of the run" in told(table)


def test_a_run_that_begins_with_customers_who_have_stayed_is_said():
    """Tables follow customers from their first day; in a market that renews itself most who leave early have left."""
    run = "period: month, periods: 24"
    table, _ = target("churn_days.csv", run, data="churn", unit="days")
    assert "set: {customers.bonds.renewal_per_year: 0, customers.judgement.initial_history: 0}" in told(table)
    table, _ = target("churn_days.csv", f"{run}, settling: {{years: 40}}", data="churn", unit="days")
    assert "set: {run.settling.years: 0, customers.bonds.renewal_per_year: 0" in told(table)
    scenario = load_text(f"customers: {{bonds: {{renewal_per_year: 0}}}}\nrun: {{{run}}}\n").scenario
    (table,), _ = read_data(CASES / "churn_days.csv", CalibrationSettings(data="churn", unit="days"), scenario)
    assert not table.odd


def test_five_points():
    """The scale is asked for; once stated, a mean of 4.08 on 1 to 5 is 77 of 100 and not 34."""
    (problem,) = refused("csat5.csv", data="satisfaction")
    assert "on which scale? The answers go from 1 to 5" in problem.message
    assert "scale: 1-5" in problem.hint
    table, fitted = target("csat5.csv", "period: month, periods: 24", data="satisfaction", scale="1-5")
    values = np.array([float(row) for row in (CASES / "csat5.csv").read_text().split()[1:]])
    assert fitted.observed[0] == pytest.approx((values.mean() - 1) * 25)
    assert np.exp(fitted.observed[1]) ** 2 == pytest.approx(625 * values.var(ddof=1) - 625 / 12)
    assert "mean 4.0" in told(table)
    assert "77.0 of 100" in told(table)


def test_seasonal_complaints_are_read_with_their_counts():
    shown = "\n".join(describe(CASES / "complaints_season.csv", "complaints").lines())
    assert "964 complaints of 2,000 customers" in shown
    assert "24 months, numbered 0 to 23" in shown
