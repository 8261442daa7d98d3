"""Beyond the data: what is held out, the two simple rules against closed forms, and a whole fit without the engine."""

from math import log

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaln

from sim.data.life_table import LifeTable
from sim.runs.evaluation import Evaluation
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import CalibrationSettings, Factor
from sim.studies.calibration.between_times import parts_of
from sim.studies.calibration.calibration_page import page
from sim.studies.calibration.fit_search import OwnLuck
from sim.studies.calibration.fit_to_data import fit_to_data
from sim.studies.calibration.forecast import Ahead, beta_geometric, errors, forecast_sentences, forecast_table
from sim.studies.calibration.targets import read_data
from sim.vocabulary.errors import ScenarioError

from .test_telco import ATTRITION, ClosedForm

ALPHA, BETA = 0.704, 1.182
SHARES = np.exp(betaln(ALPHA, BETA + np.arange(13)) - betaln(ALPHA, BETA))
"""Fader & Hardie's Regular segment: 100, 62.7, 47.4, 38.8, 33.2, 29.2, 26.2% ..."""


def parts(years=7, customers=100_000.0):
    risk, left = customers * SHARES[:years], -customers * np.diff(SHARES[: years + 1])
    found = LifeTable(None, "years", "time", np.arange(1.0, years + 1.0), risk, left)
    return parts_of(found, list(range(years)), exact=True)


def test_the_beta_geometric_model_comes_back():
    assert beta_geometric(parts()) == pytest.approx((ALPHA, BETA), rel=1e-3)


def test_what_is_forecast_and_how_far_off():
    """Year 7 keeps 23.9 of 26.2%, which is carried on; the model gives 22.0% after eight years, 17.0 after twelve."""
    times = Ahead(np.array([8.0, 12.0]), (96, 144), SHARES[8] * np.array([[1, np.nan], [0.99, np.nan], [1.01, np.nan]]))
    rows = pd.DataFrame({"survival@96": [0.2, 0.3, 0.25], "survival@144": [0.1, 0.2, np.nan]})
    table = forecast_table(times, 7.0, SHARES[7], parts(), rows)
    assert table["predicted"].tolist() == pytest.approx([0.25, 0.1])
    retention = SHARES[7] / SHARES[6]
    assert table["last_retention"].tolist() == pytest.approx([SHARES[7] * retention, SHARES[7] * retention**5])
    assert table["beta_geometric"].tolist() == pytest.approx([SHARES[8], SHARES[12]], rel=2e-3)
    off = errors(table)
    assert off["predicted"] == pytest.approx(abs(0.25 - SHARES[8]))
    assert off["beta_geometric"] < 0.001 < off["last_retention"]
    assert "A simple rule forecasts better" in forecast_sentences(table)[1]
    assert errors(table.iloc[1:]) == errors(pd.DataFrame()) == {}


def test_carried_on_where_an_interval_has_several_units():
    """Of 100 customers 10 leave in each of the two months that were put together: 19 of 190 customer-months."""
    found = LifeTable(None, "months", "tenure", np.array([1.0, 2.0]), np.array([100.0, 90.0]), np.array([10.0, 9.0]))
    times = Ahead(np.array([4.0]), (4,), np.full((3, 1), np.nan))
    table = forecast_table(times, 2.0, 0.81, parts_of(found, [1], exact=False), pd.DataFrame({"survival@4": [0.5]}))
    assert log(table["last_retention"][0] / 0.81) == pytest.approx(2 * log(0.9))


COHORT = "time,survivors\n" + "".join(f"{year},{round(1000 * SHARES[year])}\n" for year in range(8))


def test_the_end_of_the_data_is_held_out(at_rest, write):
    settings = CalibrationSettings(data="retention", unit="years", hold_out=3)
    _, target = read_data(write(COHORT), settings, at_rest("run.periods=84"))
    assert target.times.tolist() == [1, 2, 3, 4]
    assert target.ahead.times.tolist() == [5, 6, 7]
    share, low, high = target.ahead.observed
    assert share == pytest.approx([0.292, 0.262, 0.239], abs=1e-3)
    greenwood = np.log(np.log([low[2], high[2]]) / log(0.239)) * log(0.239) / 1.96  # of log S, sqrt((1 - S) / (n S))
    assert greenwood == pytest.approx([-0.0564, 0.0564], rel=0.01)
    assert target.outputs[-1] == "survival@84"
    with pytest.raises(ScenarioError, match="holds out too much"):
        read_data(write(COHORT), settings.model_copy(update={"hold_out": 6.5}), at_rest("run.periods=84"))


def test_nothing_is_held_out_of_a_run_that_ends_with_the_data(at_rest, write):
    settings = CalibrationSettings(data="retention", unit="years")
    assert read_data(write(COHORT), settings, at_rest("run.periods=84"))[1].ahead is None
    longer = read_data(write(COHORT), settings, at_rest("run.periods=108"))[1].ahead
    assert longer.times.tolist() == [8, 9]
    assert np.isnan(longer.observed).all()


def test_a_fit_forecasts_what_was_held_out(at_rest, write):
    """Data of the model's own kind: the ensemble is off by less than the last retention carried on."""
    settings = CalibrationSettings(data="retention", unit="years", hold_out=3, trials=48, members=32)
    scenario = at_rest("market.customers=2000", "run.periods=84")
    table, target = read_data(write(COHORT), settings, scenario)
    axes = [Axis(path, Factor(low=0.05, high=0.8), False, "number", 0.3) for path in ATTRITION]
    evaluation = Evaluation(OwnLuck.of(ClosedForm(target.outputs), 0), seed=0)
    result = fit_to_data(table, target, settings, scenario, axes, evaluation, at=lambda values: scenario)
    assert result.converged, result.convergence.reasons
    told = result.as_json()
    assert [row["x"] for row in told["forecast"]] == [5, 6, 7]
    assert told["forecast_errors"]["predicted"] < told["forecast_errors"]["last_retention"]
    assert any("On the data held out" in sentence for sentence in result.sentences)
    text = page(result)
    assert "Last retention carried on" in text
    assert text.count("Mean absolute error") == 1
    assert text.count("95% limits of the data</th>") == 2
    assert "forecast" in [each.name for each in result.tables()]
