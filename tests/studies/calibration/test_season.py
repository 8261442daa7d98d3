"""A season that the timeline says is in what a fit compares: complaints of December stand against a December's."""

from pathlib import Path

import numpy as np
import pandas as pd

from sim.runs.execution.simulate import SimulationTask
from sim.runs.experiment.definition import CalibrationSettings
from sim.scenario import load_text
from sim.studies.calibration.targets import read_data

TABLE = Path(__file__).parents[2] / "data" / "cases" / "complaints_season.csv"
BUYS = "customers.encounters.purchases_per_year"
WORLD = """
market: {customers: 9000}
run: {period: month, periods: 24, start: 2026-01-01}
firm: {systems: {failure_scale: 2}}
voice: {complain_share: 0.6}
"""
SEASON = f"timeline: [{{every: year, set: {{{BUYS}: {{november: x 2, december: x 4}}}}}}]\n"


def log_rates(text: str, buys: float) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of observed and simulated complaints per customer and month, with so many purchases a year."""
    scenario = load_text(text).scenario
    _, target = read_data(TABLE, CalibrationSettings(data="complaints", unit="months"), scenario)
    seen = SimulationTask(target.outputs, {(): scenario})({BUYS: buys}, 7, lambda: None)
    return np.log(target.counts / target.exposure), target.summaries(pd.DataFrame([seen]))[0]


def test_a_fit_of_complaints_by_period_sees_the_season_relative_to_what_is_fitted():
    """The fit compares pairs of months: November and December together have three times the encounters of others."""
    season, others = [5, 11], [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]
    for buys in (12.0, 20.0):
        observed, simulated = log_rates(WORLD + SEASON, buys)
        assert len(simulated) == 12
        assert 2.4 < np.exp(simulated[season].mean() - simulated[others].mean()) < 3.6
        assert np.corrcoef(observed, simulated)[0, 1] > 0.9
    _, flat = log_rates(WORLD, 12.0)
    assert abs(flat[season].mean() - flat[others].mean()) < 0.3
