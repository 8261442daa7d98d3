"""Bad tables: one clear error each, with line and column of what is wrong, what was found and what is allowed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import gammaln
from scipy.stats import CensoredData, ecdf, multinomial, poisson

from sim.runs.experiment.definition import CalibrationSettings
from sim.studies.calibration.targets import read_data
from sim.vocabulary.errors import ScenarioError

MONTHS = "run.periods=36"

WRONG = [
    # kind, settings, text, what the message must say
    ("retention", {}, "", ["data.csv", "the file is empty"]),
    ("retention", {}, "time,survivors\n", ["no rows below the header"]),
    ("retention", {}, "tim,survivors\n0,100\n", ["data.csv:1", "no such column", "did you mean tim?"]),
    ("retention", {}, "time;survivors\n0;100\n1,60\n", ["data.csv:3", "1 cells", "separator: ..."]),
    ("retention", {}, "time,survivors\n0,1.000\n1,800\n", ["data.csv:2", "may be 1 or 1000", "decimal: comma (1000)"]),
    ("retention", {}, 'time,survivors\n0,"1,000"\n1,800\n', ["data.csv:2", "may be 1000 or 1", "decimal: point"]),
    ("retention", {"customers": 90}, 'time,share\n0,1.0\n1,"0,7"\n', ["data.csv:3", "two ways", "'1.0' at", "decimal"]),
    ("retention", {}, "time,survivors\n0,100\n1,abc\n2,60\n", ["data.csv:3", "survivors", "not a number", "'abc'"]),
    ("retention", {}, "time,survivors\n0,100\n1,\n2,60\n", ["data.csv:3", "empty", "a whole number from 0 to"]),
    ("retention", {}, "time,survivors\n0,100\n1,nan\n2,60\n", ["data.csv:3", "not a number", "'nan'"]),
    ("retention", {}, "time,survivors\n0,100\n1,inf\n2,60\n", ["data.csv:3", "not a number", "'inf'"]),
    ("retention", {}, "time,survivors\n0,100\n1,-5\n2,60\n", ["data.csv:3", "too small", "'-5'"]),
    ("retention", {}, "time,survivors\n0,100\n1,70.5\n2,60\n", ["data.csv:3", "not a whole number"]),
    ("retention", {}, "time,survivors\n0,100\n1,1_0\n2,6\n", ["data.csv:3", "not a number"]),
    ("retention", {}, "time,survivors\n0,100\n1,60\n2,70\n", ["data.csv:4", "rises", "at most 60"]),
    ("retention", {}, "time,survivors\n0,100\n2,60\n2,50\n", ["data.csv:4", "time", "not later than the row before"]),
    ("retention", {}, "time,survivors\n0,100\n1,60\n", ["too few rows", "at least 3"]),
    ("retention", {}, "time,survivors\n0,4\n1,3\n2,2\n", ["the cohort is too small", "at least 10"]),
    ("retention", {}, "time,survivors\n1,60\n2,50\n3,40\n", ["data.csv:2", "does not begin with the whole cohort"]),
    ("retention", {}, "time,survivors\n0,100\n1,60,7\n2,50\n", ["data.csv:3", "wrong length", "3 cells"]),
    ("retention", {}, "time,survivors,time\n0,100,0\n1,60,1\n2,50,2\n", ["data.csv:1", "stands twice"]),
    ("retention", {}, "time,share\n0,1\n1,0.6\n2,0.5\n", ["of how many customers?", "calibrate"]),
    ("retention", {"customers": 100}, "time,share\n0,1\n1,63\n2,50\n", ["data.csv:3", "too large", "from 0 to 1"]),
    ("retention", {}, "time,share,customers\n0,1,100\n1,.6,100\n2,.5,90\n", ["data.csv:4", "cohort's size changes"]),
    ("retention", {}, "time\n0\n1\n2\n", ["survivors: no such column", "time, share", "columns: {survivors"]),
    ("retention", {"unit": "days"}, "time,survivors\n0,100\n1,60\n2,50\n", ["closer together than the run's periods"]),
    ("retention", {"unit": "years"}, "time,survivors\n0,100\n3,60\n4,50\n", ["run.periods", "at least 48"]),
    (
        "retention",
        {"columns": {"tme": "x"}},
        "time,survivors\n0,100\n",
        ["columns.tme", "did you mean time?"],
    ),
    ("retention", {"columns": {"time": "month"}}, "time,survivors\n0,9\n", ["data.csv:1", "month", "no such column"]),
    ("churn", {}, "tenure,churned\n1,maybe\n2,no\n", ["data.csv:2", "neither yes nor no", "'maybe'"]),
    ("churn", {}, "tenure,churned\n-1,yes\n2,no\n", ["data.csv:2", "tenure", "too small"]),
    ("churn", {}, "tenure,churned\n1,yes\n2,no\n", ["too little to learn from", "2 customers, 1 of them left"]),
    ("churn", {}, "tenure\n1\n", ["data.csv:1", "churned", "no such column"]),
    ("complaints", {"customers": 100}, "complaints\n1\n2\n3\n", ["no such column", "period, complaints | date"]),
    ("complaints", {}, "period,complaints\n0,3\n1,4\n2,5\n", ["complaints of how many customers?"]),
    ("complaints", {"customers": 100}, "period,complaints\n0,3\n1,-4\n2,5\n", ["data.csv:3", "too small"]),
    ("complaints", {"customers": 100}, "period,complaints\n0,3\n2,4\n3,5\n", ["data.csv:3", "does not follow"]),
    ("complaints", {"customers": 100}, "period,complaints\n0,0\n1,0\n2,1\n", ["too little to learn from"]),
    ("complaints", {"customers": 100}, "date,complaints\n2026-01-05,3\n5.2.26,4\n", ["data.csv:3", "not a date"]),
    (
        "complaints",
        {"customers": 100},
        "date,complaints\n2025-12-05,3\n2026-01-05,4\n2026-02-05,4\n",
        ["data.csv:2", "before the run", "run.start: 2025-12-05"],
    ),
    ("complaints", {"customers": 100, "unit": "years"}, "period,complaints\n0,9\n1,4\n2,5\n3,6\n", ["at least 48"]),
    ("satisfaction", {}, "overall\n" + "11\n" * 20, ["data.csv:2", "too large", "from 1 to 10"]),
    ("satisfaction", {}, "overall,score\n" + "5,50\n" * 20, ["both", "score (0-100) or overall (1-10)"]),
    ("satisfaction", {}, "ideal\n" + "5\n" * 20, ["overall: no such column", "overall | score"]),
    ("satisfaction", {}, "overall\n" + "5\n8\n" * 5, ["too few answers", "at least 20"]),
    ("satisfaction", {}, "overall\n" + "8\n" * 30, ["all answers are the same"]),
    ("satisfaction", {}, "overall,answers\n5,10\n8,-3\n", ["data.csv:3", "too small"]),
    # what the scenario's customers, or any, could not have done
    (
        "complaints",
        {"customers": 10_000},
        "period,complaints\n0,3\n1,1e308\n2,5\n",
        [
            "data.csv:3",
            "complaints",
            "more complaints than 10,000 customers make",
            "'1e308'",
            "at most 304,166, one per",
        ],
    ),
    ("complaints", {"customers": 10_000}, f"period,complaints\n0,3\n1,4\n2,{10**20}\n", ["data.csv:4", "304,166"]),
    ("complaints", {}, "period,complaints,customers\n0,3,9\n1,400,10\n2,5,90\n", ["data.csv:3", "at most 304"]),
    ("complaints", {}, "period,complaints,customers\n0,3,1e300\n1,4,10\n2,5,9\n", ["data.csv:2", "1,000,000,000"]),
    ("complaints", {"customers": 100}, "period,complaints\n0,3\n1,4.5\n2,5\n", ["data.csv:3", "not a whole number"]),
    ("complaints", {"customers": 100}, "period,complaints\n0,3\n1,1e-320\n2,5\n", ["data.csv:3", "too close to 0"]),
    ("complaints", {"customers": 100}, "period,complaints\n0,3\n1,1e-999\n2,5\n", ["data.csv:3", "too close to 0"]),
    ("complaints", {"customers": 100}, "period,complaints\n1e308,3\n", ["data.csv:2", "period", "from 0 to 1,800"]),
    (
        "complaints",
        {"customers": 100},
        "period,complaints\n34,3\n35,4\n36,5\n",
        ["data.csv:4", "period", "run ends before", "run.periods is 36", "at least 37"],
    ),
    ("complaints", {"customers": 100}, "date,complaints\n9999-12-31,3\n", ["too little to learn"]),
    (
        "complaints",
        {"customers": 100},
        "date,complaints\n2090-01-05,3\n2090-02-05,3\n2090-03-05,3\n",
        ["data.csv:4", "date", "run ends before"],
    ),
    ("complaints", {"customers": 100}, "period,complaints\n0,0\n1,0\n2,0\n", ["too little", "0 complaints"]),
    ("complaints", {"customers": 100}, "period,complaints\n0,9\n1,9\n1,9\n", ["data.csv:4", "does not follow"]),
    ("complaints", {"customers": 100}, "period,complaints\n0,9\n", ["too little", "1 rows"]),
    ("complaints", {"customers": 100}, "period,complaints\n0,９\n1,9\n2,9\n", ["data.csv:2", "not a number"]),
    ("retention", {}, "time,survivors\n0,1e300\n1,60\n2,50\n", ["data.csv:2", "survivors", "1,000,000,000"]),
    ("retention", {}, "time,survivors\n0,100\n1,60\n1e308,50\n", ["data.csv:4", "time", "from 0 to 1,800"]),
    ("retention", {}, "time,survivors\n0,100\n1,60\n37,50\n", ["data.csv:4", "time", "run ends before", "at least 37"]),
    ("retention", {}, "time,survivors\n0,100\n1,60\n1,60\n", ["data.csv:4", "not later"]),
    ("retention", {"customers": 90}, "time,survivors\n0,100\n1,60\n2,50\n", ["data.csv:2", "whole cohort", "90"]),
    ("retention", {"customers": 90}, "time,survivors\n1,100\n2,60\n", ["data.csv:2", "more survivors", "at most 90"]),
    ("retention", {"customers": 100}, "time,share\n0,0.9\n1,0.6\n2,0.5\n", ["data.csv:2", "whole cohort", "0.9"]),
    ("retention", {"customers": 100}, "time,share\n0,1\n1,1.01\n2,0.5\n", ["data.csv:3", "too large"]),
    ("retention", {}, "time,survivors\n0,0\n1,0\n2,0\n", ["too small", "at least 10"]),
    ("churn", {}, "tenure,churned\n" + "3,yes\n" * 20 + "1e300,no\n", ["data.csv:22", "tenure", "from 0 to 1,800"]),
    (
        "churn",
        {},
        "tenure,churned\n" + "3,yes\n" * 20 + "40,no\n",
        ["data.csv:22", "tenure", "run ends before", "at least 40"],
    ),
    ("churn", {}, "tenure,churned\n" + "0,no\n" * 20, ["too little", "0 of them left"]),
    ("churn", {}, "tenure,churned\n" + "5e-324,no\n" * 20, ["data.csv:2", "too close to 0"]),
    ("satisfaction", {}, "overall,answers\n5,1e300\n8,30\n", ["data.csv:2", "answers", "1,000,000,000"]),
    ("satisfaction", {}, "score\n" + "50\n" * 20 + "100.5\n", ["data.csv:22", "too large", "from 0 to 100"]),
]


@pytest.mark.parametrize(("kind", "settings", "text", "says"), WRONG)
def test_wrong_table(at_rest, write, kind, settings, text, says):
    with pytest.raises(ScenarioError) as error:
        read_data(write(text), CalibrationSettings(data=kind, **settings), at_rest(MONTHS))
    message = str(error.value)
    assert all(part in message for part in says), message
    assert error.value.exit_status == 2


def test_several_problems_at_once(at_rest, write):
    with pytest.raises(ScenarioError) as error:
        read_data(
            write("tenure,churned\nx,yes\n2,perhaps\n-3,no\n"), CalibrationSettings(data="churn"), at_rest(MONTHS)
        )
    assert [problem.place.rsplit(":", 1)[1] for problem in error.value.problems] == ["2", "4", "3"]


def test_not_utf8_and_missing(at_rest, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"time,\x81\x8d\n")
    for file, says in (
        (bad, "not a text in UTF-8"),
        (tmp_path / "none.csv", "no such file"),
        (tmp_path, "is a folder"),
    ):
        with pytest.raises(ScenarioError, match=says):
            read_data(file, CalibrationSettings(data="retention"), at_rest(MONTHS))


def test_retention_in_other_words_is_the_same(at_rest, write):
    """Counts, shares with a cohort, and a table that leaves the first row to the settings say the same."""
    scenario = at_rest(MONTHS)
    texts = (
        ("time,survivors\n0,200\n12,120\n24,90\n", {}),
        (
            "month,kept,n\n0,1,200\n12,0.6,200\n24,.45,200\n",
            {"columns": {"time": "month", "share": "kept", "customers": "n"}},
        ),
        ("time,survivors\n12,120\n24,90\n", {"customers": 200}),
        ('"time","survivors"\r\n0,200\r\n\r\n1,120\r\n2,90\r\n', {"unit": "years"}),
    )
    targets = [
        read_data(write(text), CalibrationSettings(data="retention", **more), scenario)[1] for text, more in texts
    ]
    for target in targets:
        assert target.periods == (12, 24)
        assert target.trials.tolist() == [200, 120]
        assert target.leavers.tolist() == [80, 30]


def test_churn_table_counts_customer_months(at_rest, write):
    """Exposure and deaths by hand: who left in month 1, 2, 3, 4, 5 and five who have stayed 6 months."""
    rows = "".join(f"{tenure},yes\n" for tenure in (0, 1, 2, 3, 4, 5)) + "6.7,no\n" * 5
    _, target = read_data(write("tenure,churned\n" + rows), CalibrationSettings(data="churn"), at_rest(MONTHS))
    assert target.times.tolist() == [1, 2, 3, 4, 6]
    assert target.leavers.tolist() == [2, 1, 1, 1, 1]
    assert target.trials.tolist() == [11, 9, 8, 7, 6 + 5]
    assert target.widths.tolist() == [1, 1, 1, 1, 2]
    assert target.trials.sum() == 1 + 1 + 2 + 3 + 4 + 5 + 5 * 6


def test_likelihood_of_a_retention_curve_is_multinomial(at_rest, write):
    _, target = read_data(
        write("time,survivors\n0,50\n12,30\n24,21\n"), CalibrationSettings(data="retention"), at_rest(MONTHS)
    )
    kept = np.array([[0.7, 0.8], [0.5, 0.9]])
    logits = np.log(kept / (1 - kept))
    ours = target.log_likelihood(logits, np.zeros((2, 2, 2)))
    exact = [multinomial.logpmf([20, 9, 21], 50, [1 - a, a * (1 - b), a * b]) for a, b in kept]
    assert np.diff(ours) == pytest.approx(np.diff(exact), rel=1e-10)


def test_error_of_the_surface_is_integrated_out(at_rest, write):
    """Against a sum over 20,001 values of the error."""
    _, target = read_data(
        write("time,survivors\n0,40\n12,30\n24,21\n"), CalibrationSettings(data="retention"), at_rest(MONTHS)
    )
    logits, variance = np.array([[1.1, 0.4]]), np.array([[0.09, 0.04]])
    errors = np.linspace(-8, 8, 20_001)
    weights = np.exp(-0.5 * errors**2) / np.exp(-0.5 * errors**2).sum()
    exact = 0.0
    for j in range(2):
        kept = 1 / (1 + np.exp(-(logits[0, j] + np.sqrt(variance[0, j]) * errors)))
        left, risk = target.leavers[j], target.trials[j]
        exact += np.log(np.sum(weights * (1 - kept) ** left * kept ** (risk - left)))
    ours = target.log_likelihood(logits, np.array([np.diag([0.09, 0.04])]))[0]
    assert ours == pytest.approx(exact, abs=0.02)


def test_counts_are_poisson_around_a_rate_that_varies(at_rest, write):
    """Against the Poisson probability, and against a mean over 400,000 draws where rates vary, together and apart."""
    scenario = at_rest(MONTHS)
    settings = CalibrationSettings(data="complaints", customers=1000)
    _, target = read_data(write("period,complaints\n0,3\n1,8\n2,5\n"), settings, scenario)
    rates = np.log(np.array([[0.004, 0.004, 0.004], [0.006, 0.005, 0.004]]))
    none = np.zeros((2, 3, 3))
    expected, counts = 1000 * np.exp(rates), np.array([3, 8, 5])
    exact = poisson.logpmf(counts, expected).sum(axis=1)
    assert np.diff(target.log_likelihood(rates, none)) == pytest.approx(np.diff(exact), rel=1e-9)

    correlation = np.full((3, 3), 0.3) + 0.7 * np.eye(3)
    # runs of a large world: their mean logarithm is the logarithm of the mean
    wider = replace(target, customers=1e9).with_luck(np.array([1.5, 2.0, 2.5]), correlation)
    assert (wider.dispersion, wider.shared) == (2.0, pytest.approx(0.3))
    covariance = np.tile(0.04 * correlation, (2, 1, 1))
    dice = np.random.default_rng(7)
    for row in range(2):
        luck = (2.0 - 1.0) / expected[row]
        common, own = 0.6 * luck + 0.3 * 0.04, 0.4 * luck + 0.7 * 0.04
        shift = dice.standard_normal((400_000, 1)) * np.sqrt(common) - luck / 2
        drawn = np.exp(rates[row] + shift + dice.standard_normal((400_000, 3)) * np.sqrt(own))
        likely = poisson.pmf(counts, 1000 * drawn).prod(axis=1)
        seen = wider.log_likelihood(rates, covariance)[row] - gammaln(counts + 1).sum()
        error = likely.std() / likely.mean() / np.sqrt(len(likely))
        # sums of log densities leave log(count!) out; 6 standard errors and Laplace's own
        assert seen == pytest.approx(np.log(likely.mean()), abs=6 * error + 0.03)

    replicates = wider.replicate(np.repeat(rates[:1], 200_000, axis=0), np.random.default_rng(1))
    assert replicates.mean() == pytest.approx(4.0, rel=0.01)
    assert replicates.var(axis=0) == pytest.approx(8.0, rel=0.2)  # 2 x 4 to first order, and a little more
    assert np.corrcoef(replicates.T)[0, 1] == pytest.approx(0.3, abs=0.05)


def test_survey_by_hand(at_rest, write):
    """Mean and spread, with and without a column that counts the answers."""
    dice = np.random.default_rng(3)
    answers = dice.integers(1, 11, size=(400, 3))
    text = "overall,expectation,ideal\n" + "".join(f"{a},{b},{c}\n" for a, b, c in answers)
    scenario, settings = at_rest(MONTHS), CalibrationSettings(data="satisfaction")
    _, one = read_data(write(text), settings, scenario)
    score = (answers[:, 0] - 1) * 100 / 9
    assert one.observed[0] == pytest.approx(score.mean())
    assert np.exp(one.observed[1]) ** 2 == pytest.approx(score.var(ddof=1) - (100 / 9) ** 2 / 12)
    assert one.observed[2:].tolist() == pytest.approx(answers[:, 1:].mean(axis=0).tolist())
    assert one.covariance[0, 0] == pytest.approx(score.var() / 400, rel=1e-4)
    unique, counts = np.unique(answers, axis=0, return_counts=True)
    text = "answers,overall,expectation,ideal\n" + "".join(
        f"{n},{a},{b},{c}\n" for (a, b, c), n in zip(unique, counts, strict=True)
    )
    _, other = read_data(write(text), settings, scenario)
    assert other.observed.tolist() == pytest.approx(one.observed.tolist())
    assert other.covariance.ravel().tolist() == pytest.approx(one.covariance.ravel().tolist(), abs=1e-9)


def test_observed_is_kaplan_meier_by_hand(at_rest, write):
    """Ties, a censored customer at the time of a death, and times between the rows that are shown.

    12 customers: 1 leaves in month 1; 2 in month 2 and 1 censored there; 1 in month 4; 1 censored at 5; 2 in month 6;
    the other 4 are still there at 6: S = 11/12, 11/12 x 9/11, x 7/8, x 4/6, for 12, 11, 8 and 6 are at risk.
    """
    rows = "1,yes\n2,yes\n2,yes\n2,no\n4,yes\n5.5,no\n6,yes\n5.2,yes\n" + "6,no\n" * 4
    _, target = read_data(write("tenure,churned\n" + rows), CalibrationSettings(data="churn"), at_rest(MONTHS))
    assert target.times.tolist() == [1, 2, 4, 6]
    exact = np.cumprod([11 / 12, 9 / 11, 7 / 8, 4 / 6])
    assert target.observed[0] == pytest.approx(exact)
    summaries = np.zeros((3, 4))
    shown = target.fit(summaries, target.replicate(summaries, np.random.default_rng(1)))
    assert shown["observed"].tolist() == pytest.approx(exact)
    # Greenwood: at 6, 1/(12 11) + 2/(11 9) + 1/(8 7) + 2/(6 4)
    variance = 1 / 132 + 2 / 99 + 1 / 56 + 2 / 24
    wide = np.exp(1.959964 * np.sqrt(variance) / -np.log(exact[-1]))
    assert shown["observed_low"].iloc[-1] == pytest.approx(exact[-1] ** wide)
    assert shown["observed_high"].iloc[-1] == pytest.approx(exact[-1] ** (1 / wide))


def test_observed_does_not_take_hazards_for_constant_between_rows(at_rest, write):
    """All leave in the last month of a long interval that was watched by few at its end: exposure would hide it."""
    rows = "1,yes\n" * 5 + "30,no\n" * 60 + "36,yes\n" * 5 + "36,no\n" * 5
    _, target = read_data(write("tenure,churned\n" + rows), CalibrationSettings(data="churn"), at_rest(MONTHS))
    assert target.observed[0][-1] == pytest.approx(70 / 75 * 0.5)


def test_observed_equals_scipy_on_many_tables(at_rest, write):
    dice = np.random.default_rng(8)
    for _ in range(10):
        tenure, left = dice.integers(1, 37, 80), dice.random(80) < 0.4
        rows = "".join(f"{t},{'yes' if gone else 'no'}\n" for t, gone in zip(tenure, left, strict=True))
        _, target = read_data(write("tenure,churned\n" + rows), CalibrationSettings(data="churn"), at_rest(MONTHS))
        found = ecdf(CensoredData(uncensored=tenure[left], right=tenure[~left])).sf
        assert target.observed[0] == pytest.approx(found.evaluate(target.times))


SEEDS = {
    "retention": ({}, "time,survivors\n0,300\n1,250\n2,221\n3,203\n6,180\n"),
    "churn": ({}, "tenure,churned\n" + "".join(f"{n % 30},{'yes' if n % 3 else 'no'}\n" for n in range(24))),
    "complaints": ({}, "period,complaints,customers\n0,30,1000\n1,25,990\n2,41,980\n3,22,970\n"),
    "satisfaction": ({}, "overall,ideal,answers\n" + "".join(f"{n},{11 - n},{5 * n}\n" for n in range(1, 11))),
}
CELLS = (
    "", "0", "-0", "-1", "1e308", "-1e308", "1e309", "1e-320", "5e-324", "nan", "inf", "-inf", str(10**20), str(2**63),
    str(2**53 + 1), "1e9", "999999999", "0.5", "1.5", "100", "yes", "no", "1_0", " 7 ", "0x10", "１", "1e400", "true",
    "2026-01-05", "=1+1", "1e6", "36", "37", "1800", "3,4",
)  # fmt: skip


def mutated(text, dice):
    """One or two changes of cells or rows."""
    rows = [line.split(",") for line in text.splitlines()]
    for _ in range(dice.integers(1, 3)):
        row, kind = int(dice.integers(1, len(rows))), dice.random()
        if kind < 0.7:
            rows[row][int(dice.integers(len(rows[row])))] = CELLS[int(dice.integers(len(CELLS)))]
        elif kind < 0.8:
            rows.insert(row, list(rows[row]))
        elif kind < 0.9 and len(rows) > 2:
            del rows[row]
        else:
            column = int(dice.integers(len(rows[0])))
            cell = CELLS[int(dice.integers(len(CELLS)))]
            for other in rows[1:]:
                other[min(column, len(other) - 1)] = cell
    return "\n".join(",".join(row) for row in rows) + "\n"


@pytest.mark.parametrize("kind", SEEDS)
def test_mutated_tables_are_refused_or_usable(at_rest, write, kind):
    """150 of each kind: one clear error before any run, or finite numbers for whatever runs may say."""
    settings, text = SEEDS[kind]
    dice = np.random.default_rng([20260102, len(kind)])
    scenario, settings = at_rest(MONTHS), CalibrationSettings(data=kind, **settings)
    accepted = 0
    for _ in range(150):
        table = mutated(text, dice)
        target, problems = read_or_refused(write(table), settings, scenario)
        assert all("data.csv" in problem.place for problem in problems), table
        if target is None:
            continue
        accepted += 1
        rows = pd.DataFrame(possible_runs(target, dice))
        summaries = target.summaries(rows)
        covariance = target.noise(summaries)[:, :, None] * np.eye(summaries.shape[1])
        numbers = (
            summaries,
            covariance,
            target.log_likelihood(summaries, covariance),
            target.sampling_variance(summaries),
            target.discrepancy(None, summaries),
            target.replicate(summaries, dice),
        )
        assert all(np.isfinite(values).all() for values in numbers), table
        fit = target.fit(summaries, numbers[-1])
        assert np.isfinite(fit[["observed", "predicted", "low", "high"]].to_numpy(float)).all(), table
    assert 5 < accepted < 140


def read_or_refused(file, settings, scenario):
    """The target, or why there is none; anything but a `ScenarioError` ends the test."""
    try:
        return read_data(file, settings, scenario)[1], []
    except ScenarioError as error:
        return None, error.problems


def possible_runs(target, dice):
    """Outputs as runs may have them: nobody left, nobody gone, no complaint, a complaint a day, and in between."""
    outputs, count = {}, 12
    survival = np.sort(dice.random((count, len(target.outputs))), axis=1)[:, ::-1]
    survival[0], survival[1] = 0.0, 1.0
    for number, name in enumerate(target.outputs):
        if name.startswith("survival"):
            outputs[name] = survival[:, number]
        elif name.startswith("active"):
            outputs[name] = np.array([0.0, 1.0, *dice.integers(2, 1000, count - 2)])
        elif name.startswith("satisfaction"):
            outputs[name] = dice.random(count) * (100 if "mean" in name else 40)
        elif name.startswith("acsi"):
            outputs[name] = 1 + 9 * dice.random(count)
        else:
            outputs[name] = np.array([0.0, 30_000.0, *dice.integers(0, 100, count - 2)])
    return outputs
