"""Bad tables: one clear error each, with line and column of what is wrong, what was found and what is allowed."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import gammaln
from scipy.stats import multinomial, poisson

from sim.studies.calibration.calibrate import read_data
from sim.studies.experiment.definition import CalibrationSettings
from sim.vocabulary.errors import ScenarioError

MONTHS = "run.periods=36"

WRONG = [
    # kind, settings, text, what the message must say
    ("retention", {}, "", ["data.csv", "the file is empty"]),
    ("retention", {}, "time,survivors\n", ["no rows below the header"]),
    ("retention", {}, "tim,survivors\n0,100\n", ["data.csv:1", "no such column", "did you mean tim?"]),
    ("retention", {}, "time;survivors\n0;100\n", ["data.csv:1", "separate the cells with commas"]),
    ("retention", {}, "time,survivors\n0,100\n1,abc\n2,60\n", ["data.csv:3", "survivors", "not a number", "'abc'"]),
    ("retention", {}, "time,survivors\n0,100\n1,\n2,60\n", ["data.csv:3", "empty", "a whole number of at least 0"]),
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
    ("retention", {}, "time\n0\n1\n2\n", ["no such column", "survivors, or share"]),
    ("retention", {"unit": "days"}, "time,survivors\n0,100\n1,60\n2,50\n", ["closer together than the run's periods"]),
    ("retention", {"unit": "years"}, "time,survivors\n0,100\n3,60\n4,50\n", ["run.periods", "at least 48"]),
    (
        "retention",
        {"columns": {"tme": "x"}},
        "time,survivors\n0,100\n",
        ["calibrate.columns.tme", "did you mean time?"],
    ),
    ("retention", {"columns": {"time": "month"}}, "time,survivors\n0,9\n", ["data.csv:1", "month", "no such column"]),
    ("churn", {}, "tenure,churned\n1,maybe\n2,no\n", ["data.csv:2", "neither yes nor no", "'maybe'"]),
    ("churn", {}, "tenure,churned\n-1,yes\n2,no\n", ["data.csv:2", "tenure", "too small"]),
    ("churn", {}, "tenure,churned\n1,yes\n2,no\n", ["too little to learn from", "2 customers, 1 of them left"]),
    ("churn", {}, "tenure\n1\n", ["data.csv:1", "churned", "no such column"]),
    ("complaints", {"customers": 100}, "complaints\n1\n2\n3\n", ["no such column", "period, or date"]),
    ("complaints", {}, "period,complaints\n0,3\n1,4\n2,5\n", ["complaints of how many customers?"]),
    ("complaints", {"customers": 100}, "period,complaints\n0,3\n1,-4\n2,5\n", ["data.csv:3", "too small"]),
    ("complaints", {"customers": 100}, "period,complaints\n0,3\n2,4\n3,5\n", ["data.csv:3", "does not follow"]),
    ("complaints", {"customers": 100}, "period,complaints\n0,0\n1,0\n2,1\n", ["too little to learn from"]),
    ("complaints", {"customers": 100}, "date,complaints\n2026-01-05,3\n5.2.2026,4\n", ["data.csv:3", "not a date"]),
    (
        "complaints",
        {"customers": 100},
        "date,complaints\n2025-01-05,3\n2026-02-05,4\n",
        ["data.csv:2", "before the run"],
    ),
    ("complaints", {"customers": 100, "unit": "weeks"}, "period,complaints\n0,3\n1,4\n2,5\n", ["finer than the run's"]),
    ("complaints", {"customers": 100, "unit": "years"}, "period,complaints\n0,9\n1,4\n2,5\n3,6\n", ["at least 48"]),
    ("satisfaction", {}, "overall\n" + "11\n" * 20, ["data.csv:2", "too large", "from 1 to 10"]),
    ("satisfaction", {}, "overall,score\n" + "5,50\n" * 20, ["both", "score (0-100) or overall (1-10)"]),
    ("satisfaction", {}, "ideal\n" + "5\n" * 20, ["neither"]),
    ("satisfaction", {}, "overall\n" + "5\n6\n" * 5, ["too few answers", "at least 20"]),
    ("satisfaction", {}, "overall\n" + "5\n" * 30, ["all answers are the same"]),
    ("satisfaction", {}, "overall,answers\n5,10\n6,-3\n", ["data.csv:3", "too small"]),
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
    bad = tmp_path / "latin.csv"
    bad.write_bytes("time,Zufriedenheit übrig\n".encode("latin-1"))
    for file, says in ((bad, "not UTF-8"), (tmp_path / "none.csv", "no such file"), (tmp_path, "is a folder")):
        with pytest.raises(ScenarioError, match=says):
            read_data(file, CalibrationSettings(data="retention"), at_rest(MONTHS))


def test_retention_in_other_words_is_the_same(at_rest, write):
    """Counts, shares with a cohort, and a table that leaves the first row to the settings say the same."""
    scenario = at_rest(MONTHS)
    texts = (
        ("time,survivors\n0,200\n12,120\n24,90\n", {}),
        ("month,kept,n\n0,1,200\n12,0.6,200\n24,.45,200\n",
         {"columns": {"time": "month", "share": "kept", "customers": "n"}}),
        ("time,survivors\n12,120\n24,90\n", {"customers": 200}),
        ('"time","survivors"\r\n0,200\r\n\r\n1,120\r\n2,90\r\n', {"unit": "years"}),
    )  # fmt: skip
    targets = [read_data(write(text), CalibrationSettings(data="retention", **more), scenario)[1]
               for text, more in texts]  # fmt: skip
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
