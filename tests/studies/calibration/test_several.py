"""Several tables in one fit: the likelihood is theirs together, each tells its parameter, and all is said of each."""

from pathlib import Path

import numpy as np
import pytest

from sim.results.folder import write_folder
from sim.runs.evaluation import Evaluation
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import CalibrationSettings, Factor
from sim.studies.calibration.fit_search import OwnLuck
from sim.studies.calibration.fit_to_data import fit_to_data
from sim.studies.calibration.targets import read_data
from sim.vocabulary.errors import ScenarioError

TRUTH = {
    "customers.bonds.attrition_per_year": 0.3,
    "customers.judgement.initial_satisfaction": 70.0,
}
SPREAD, COMPLAINING, PEOPLE, MONTHS = 15.0, 0.1, 2000, 12


def counted(values, generator, people=PEOPLE):
    """A world in closed form: a constant hazard, normal satisfaction, complaints of those who are there."""
    hazard, satisfaction = values.values()
    left = np.ceil(generator.exponential(-12.0 / np.log1p(-hazard), people))
    stay = np.array([(left > month).sum() for month in range(MONTHS + 1)])
    felt = generator.normal(satisfaction, SPREAD, people)
    return stay, felt, generator.poisson(COMPLAINING * stay[:-1])


class World:
    """The engine's place is taken by that."""

    def __init__(self, outputs):
        self.outputs = outputs

    def __call__(self, values, seed, tick):
        stay, felt, complaints = counted(values, np.random.default_rng(seed))
        known = {"satisfaction_mean.end": felt.mean(), "satisfaction_sd.end": felt.std()}
        for month in range(MONTHS):
            known[f"survival@{month + 1}"] = stay[month + 1] / PEOPLE
            known[f"active@{month}"], known[f"registered@{month}"] = stay[month], complaints[month]
        return {name: float(known[name]) for name in self.outputs}


@pytest.fixture
def tables(tmp_path) -> Path:
    """A folder with a cohort, a survey and a register of one firm."""
    stay, felt, complaints = counted(TRUTH, np.random.default_rng(5), 1500)
    (tmp_path / "cohort.csv").write_text("time,survivors\n" + "".join(f"{n},{k}\n" for n, k in enumerate(stay)))
    (tmp_path / "survey.csv").write_text("score\n" + "".join(f"{v:.1f}\n" for v in np.clip(felt[:400], 0, 100)))
    rows = "".join(f"{n},{c},{k}\n" for n, (c, k) in enumerate(zip(complaints, stay, strict=False)))
    (tmp_path / "register.csv").write_text("period,complaints,customers\n" + rows)
    return tmp_path


def test_cohorts_in_two_tables_are_as_likely_as_in_one(at_rest, tmp_path):
    for name, counts in {"a": (400, 350, 330, 200), "b": (100, 90, 80, 70), "both": (500, 440, 410, 270)}.items():
        rows = "".join(f"{time},{count}\n" for time, count in zip((0, 1, 2, 6), counts, strict=True))
        (tmp_path / f"{name}.csv").write_text("time,survivors\n" + rows)
    scenario = at_rest("run.periods=12")
    settings = CalibrationSettings(data="retention", also=[{"data": "retention", "file": "b.csv"}])
    _, two = read_data(tmp_path / "a.csv", settings, scenario, tmp_path)
    _, one = read_data(tmp_path / "both.csv", CalibrationSettings(data="retention"), scenario)
    tried = np.random.default_rng(1).normal(1.0, 1.0, (5, 3))
    twice = np.concatenate([tried, tried], axis=1)
    told = two.log_likelihood(twice, np.zeros((5, 6, 6)))
    assert told == pytest.approx(one.log_likelihood(tried, np.zeros((5, 3, 3))), abs=1e-9)
    assert two.outputs == one.outputs
    drawn = two.replicate(twice, np.random.default_rng(2))
    assert drawn.shape == (5, two.drawn)
    parts = [
        target.discrepancy(drawn[:, place], tried)
        for target, place in zip(two.targets, (slice(0, 3), slice(3, 6)), strict=True)
    ]
    assert two.discrepancy(drawn, twice) == pytest.approx(parts[0] + parts[1])


def test_faults_of_all_tables_are_told_at_once(at_rest, tmp_path):
    (tmp_path / "a.csv").write_text("time,survivors\n0,100\n1,120\n2,90\n")
    settings = CalibrationSettings(data="retention", also=[{"data": "satisfaction", "file": "no.csv"}])
    with pytest.raises(ScenarioError) as caught:
        read_data(tmp_path / "a.csv", settings, at_rest("run.periods=12"), tmp_path)
    assert "a.csv:3: survivors: rises" in str(caught.value)
    assert "no.csv: no such file" in str(caught.value)


def test_three_tables_tell_two_parameters(at_rest, tables):
    also = [
        {"data": "satisfaction", "file": "survey.csv", "scale": "0-100"},
        {"data": "complaints", "file": "register.csv"},
    ]
    settings = CalibrationSettings(data="retention", unit="months", trials=32, members=16, also=also)
    scenario = at_rest(f"market.customers={PEOPLE}", f"run.periods={MONTHS}")
    read, target = read_data(tables / "cohort.csv", settings, scenario, tables)
    ranges = [(0.05, 0.8), (40.0, 95.0)]
    axes = [
        Axis(path, Factor(low=low, high=high), False, "number", low)
        for path, (low, high) in zip(TRUTH, ranges, strict=True)
    ]
    evaluation = Evaluation(OwnLuck.of(World(target.outputs), 0), seed=0)
    result = fit_to_data(read, target, settings, scenario, axes, evaluation, at=lambda values: scenario)
    assert result.converged, result.convergence.reasons
    assert result.goodness.verdict == "fits"
    for (_, row), truth in zip(result.posterior.iterrows(), TRUTH.values(), strict=True):
        assert row["low"] < truth < row["high"]
        assert row["identified"] == "yes"
    assert result.data == "cohort.csv + survey.csv + register.csv"
    assert result.fit.groupby("table").size().tolist() == [12, 2, 12]
    assert len(result.goodness.p_values) == 3
    assert any(said.startswith("Table by table: cohort.csv in ") for said in result.sentences)
    told = result.as_json()
    assert [told["table"]["kind"], *(one["kind"] for one in told["also"])] == [
        "retention",
        "satisfaction",
        "complaints",
    ]
    write_folder(result, tables / "answer")
    page = (tables / "answer" / "report.html").read_text(encoding="utf-8")
    for text in (
        "<h3>survey.csv</h3>",
        "<h3>register.csv (complaints)</h3>",
        "months as a customer",
        "0 to 100, as stated",
    ):
        assert text in page
