"""The sBG: from the Regular segment's first seven years to alpha .704, beta 1.182 (Fader & Hardie 2007).

Their maximum likelihood estimates for a cohort of 1,000. The model's yearly attrition is beta distributed with mean
alpha / (alpha + beta) and polarization 1 / (1 + alpha + beta); with all other rules off the simulator is the sBG, so
the exact posterior is known on a grid, and the fit must agree with it up to the luck of the runs: 8,000 customers in
each of 64 runs against 1,000 customers in the data, less than 1% of the variance. Of larger worlds fewer are needed at
each point of a climb.
"""

import numpy as np
import pytest

from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import CalibrationSettings, Factor
from sim.studies.calibration.targets import read_data

ALPHA, BETA = 0.704, 1.182
SURVIVORS = (1000, 631, 468, 382, 326, 289, 262, 241)


def table(years=7):
    """The survivors after each year; two of the tests below need no more than the first three."""
    rows = enumerate(SURVIVORS[: years + 1])
    return "time,survivors\n" + "".join(f"{year},{count}\n" for year, count in rows)


ATTRITION, POLARIZATION = "customers.bonds.attrition_per_year", "customers.bonds.attrition_polarization"
AXES = [
    Axis(ATTRITION, Factor(low=0.05, high=0.8), False, "number", 0.3),
    Axis(POLARIZATION, Factor(low=0.02, high=0.9), False, "number", 0.3),
]
SETTINGS = CalibrationSettings(data="retention", unit="years", trials=64, members=64)
FEW = CalibrationSettings(data="retention", unit="years", trials=24, members=16)


def alpha_beta(attrition, polarization):
    size = 1 / polarization - 1
    return attrition * size, (1 - attrition) * size


def exact(target):
    """Grid of attrition and polarization with its posterior weights, from the closed form."""
    attrition, polarization = np.meshgrid(np.linspace(0.05, 0.8, 601), np.linspace(0.02, 0.9, 601), indexing="ij")
    alpha, beta = alpha_beta(attrition, polarization)
    log = np.zeros(alpha.shape)
    for year in range(1, 8):
        kept = (beta + year - 1) / (alpha + beta + year - 1)
        left = target.leavers[year - 1]
        log += left * np.log(1 - kept) + (target.trials[year - 1] - left) * np.log(kept)
    weights = np.exp(log - log.max())
    return attrition, polarization, weights / weights.sum()


def test_alpha_and_beta_come_back(at_rest, write, fit):
    scenario = at_rest("market.customers=8000", "run.periods=84")
    file = write(table())
    result = fit(file, SETTINGS, scenario, AXES)
    attrition, polarization, weights = exact(read_data(file, SETTINGS, scenario)[1])

    # the published estimates are the mode of the likelihood
    mode = np.unravel_index(np.argmax(weights), weights.shape)
    assert alpha_beta(attrition[mode], polarization[mode]) == pytest.approx((ALPHA, BETA), rel=0.01)

    # the ensemble is the exact posterior: means within a quarter, spreads within 15% of a standard deviation
    posterior = result.posterior.set_index("parameter")
    for path, grid in ((ATTRITION, attrition), (POLARIZATION, polarization)):
        mean = float((weights * grid).sum())
        sd = float(np.sqrt((weights * (grid - mean) ** 2).sum()))
        assert abs(posterior["median"][path] - mean) < sd / 4
        assert posterior["high"][path] - posterior["low"][path] == pytest.approx(2 * 1.96 * sd, rel=0.15)
        members = result.ensemble[path].to_numpy()
        assert abs(members.mean() - mean) < sd / 4
        assert members.std() == pytest.approx(sd, rel=0.2)

    # the intervals cover, and the best member lies within the tolerance that the runs' luck leaves
    true = {ATTRITION: ALPHA / (ALPHA + BETA), POLARIZATION: 1 / (1 + ALPHA + BETA)}
    assert all(posterior["low"][path] < value < posterior["high"][path] for path, value in true.items())
    alphas, betas = alpha_beta(result.ensemble[ATTRITION].to_numpy(), result.ensemble[POLARIZATION].to_numpy())
    for members, value in ((alphas, ALPHA), (betas, BETA)):
        low, high = np.quantile(members, (0.025, 0.975))
        assert low < value < high
        best = members[int(np.argmax(result.ensemble["log_likelihood"].to_numpy()))]
        assert abs(best - value) < members.std() / 2

    assert result.goodness.verdict == "fits"
    assert result.goodness.simulated_error < 1.5
    assert result.goodness.simulation_share < 0.05
    assert (result.posterior["identified"] == "yes").all()


def test_what_the_data_cannot_tell_is_said(at_rest, write, fit):
    """Two parameters of which retention knows only the first: nobody looks around in this world."""
    axes = [AXES[0], Axis("customers.bonds.switching_cost", Factor(low=0.1, high=0.9), False, "number", 0.5)]
    result = fit(write(table(3)), FEW, at_rest("market.customers=20000", "run.periods=36"), axes)
    identified = result.posterior.set_index("parameter")["identified"]
    assert identified["customers.bonds.switching_cost"] == "no"
    assert identified[ATTRITION] == "yes"
    assert any("next to nothing about Switching cost" in text for text in result.sentences)


def test_a_model_that_cannot_do_it_is_refuted(at_rest, write, fit):
    """A constant hazard (no polarization) cannot show retention that rises from 63% to 82%."""
    result = fit(write(table(3)), FEW, at_rest("market.customers=20000", "run.periods=36"), AXES[:1])
    assert result.goodness.verdict == "refuted"
    assert result.goodness.p_value < 0.001
    assert result.sentences[0].startswith("Nothing in the given ranges reproduces the data")
