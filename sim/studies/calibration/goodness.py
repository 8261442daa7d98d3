"""What a fit is worth: does the model reproduce the data, what did they tell about each parameter, what not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.studies.calibration.fit_search import FoundFit, Runs
from sim.studies.calibration.prior import Prior, to_cube, to_scores
from sim.studies.calibration.several import apart
from sim.studies.calibration.target import Array

IDENTIFIED, WEAKLY, NOT, UNKNOWN = "yes", "weakly", "no", "unknown"
NOT_CONVERGED = "not converged"
"""Verdict on a fit about which nothing else can be said."""

WELL_BELOW, HARDLY_BELOW = 0.5, 0.8
"""Posterior over prior standard deviation below which a parameter counts as identified, and above which it does not."""

STRONG = 0.7
"""Correlation from which two parameters are said to stand in for each other."""

REFUTED, DOUBTFUL = 0.01, 0.05
PRESSING = 0.1
DRAWS = 2000
PRIOR_DRAWS = 4001


@dataclass(frozen=True)
class Goodness:
    """Whether the model can reproduce the data.

    Attributes:
        p_value: Posterior predictive p-value: how often data drawn from the fitted model lie at least as far from it as
            the user's (Gelman, Meng & Stern 1996). It errs towards 0.5: the parameters have seen the data. NaN where
            the fit has not converged: it says nothing of the model then.
        p_values: The same of each table by itself, where several are fitted together.
        simulated_error: Root mean square of (simulated - predicted) / its standard deviation over the members' own
            runs, which the surfaces have not seen: about 1 where these can be trusted.
        simulation_share: Share of the uncertainty about the summaries that comes from the simulations and not from the
            data.
        effective: Effective size of the sample from the posterior.
    """

    p_value: float
    simulated_error: float
    simulation_share: float
    effective: float
    p_values: tuple[float, ...] = ()

    @property
    def verdict(self) -> str:
        """In words: `fits`, `doubtful` or `refuted`, or `not converged`."""
        if math.isnan(self.p_value):
            return NOT_CONVERGED
        return "refuted" if self.p_value < REFUTED else "doubtful" if self.p_value < DOUBTFUL else "fits"


def _said(found: FoundFit, dice: np.random.Generator) -> tuple[Array, Array, Array]:
    """Summaries drawn from the posterior, errors of the surfaces among them; their means and error variances."""
    mean, variance = found.emulator.components(to_cube(found.sample.scores[found.sample.draw(DRAWS)]))
    drawn = mean + dice.standard_normal(mean.shape) * np.sqrt(variance)
    turn = found.emulator.turn
    return drawn @ turn, mean @ turn, variance @ turn**2


def goodness(found: FoundFit, members: Runs, seed: int, *, converged: bool = True) -> Goodness:
    """Judge a search by draws from its posterior and by the members' own runs.

    Args:
        found: What the search ended with.
        members: The members, simulated.
        seed: Of the replicated data.
        converged: Whether the search has converged.
    """
    dice = np.random.default_rng([seed, 77])
    said, mean, variance = _said(found, dice)
    own = apart(found.target, None, said)
    drawn = apart(found.target, found.target.replicate(said, dice), said)
    expected, error = found.emulator.components(members.cube)
    noise = found.target.noise(expected @ found.emulator.turn) / members.counts[:, None]
    luck = noise @ found.emulator.luck
    seen = np.linalg.solve(found.emulator.turn.T, members.summaries.T).T
    off = (seen - expected) ** 2 / (error + luck)
    share = variance / (variance + found.target.sampling_variance(mean))
    return Goodness(
        p_value=float(np.mean(drawn.sum(axis=0) >= own.sum(axis=0))) if converged else math.nan,
        simulated_error=float(np.sqrt(off.mean())),
        simulation_share=float(share.mean()),
        effective=found.sample.effective,
        p_values=tuple(np.mean(drawn >= own, axis=1).tolist()) if converged and len(own) > 1 else (),
    )


def fit_table(found: FoundFit, seed: int) -> pd.DataFrame:
    """Observed against predicted, see `Target.fit`; `table` is the number of the table."""
    dice = np.random.default_rng([seed, 78])
    said, _, _ = _said(found, dice)
    fit = found.target.fit(said, found.target.replicate(said, dice))
    return fit if "table" in fit else fit.assign(table=0)


def posterior_table(found: FoundFit, prior: Prior) -> pd.DataFrame:
    """What is known of each parameter after the data, a row each.

    Columns: `parameter`, `unit`, `median`, `low`, `high` (central 95%), `prior_low`, `prior_high` (the same before the
    data), `sd_ratio` (standard deviation after over before), `shrinkage` (1 - sd_ratio, not below 0), `identified`
    (`yes`, `weakly`, `no`), `at_edge` (whether the posterior presses against an end of the range: its central 95% begin
    there, measured by the distance from there to the median). Where it does, and the parameter is identified, the
    interval reaches to that end, and holds 95% from there.
    """
    cube = to_cube(found.sample.scores)
    values, weights = prior.parameters(cube), found.sample.weights
    even = (np.arange(PRIOR_DRAWS) + 0.5) / PRIOR_DRAWS
    before = prior.parameters(np.repeat(even[:, None], len(prior.axes), axis=1))
    rows = []
    for i, axis in enumerate(prior.axes):
        low, middle, high = weighted_quantiles(values[:, i], weights, (0.025, 0.5, 0.975))
        mean = float(weights @ values[:, i])
        sd = float(np.sqrt(weights @ (values[:, i] - mean) ** 2))
        ratio = sd / max(float(before[:, i].std()), 1e-300)
        first, half, last = weighted_quantiles(cube[:, i], weights, (0.025, 0.5, 0.975))
        at_low, at_high = first < PRESSING * (half - first), 1.0 - last < PRESSING * (last - half)
        if ratio < HARDLY_BELOW and at_low != at_high:
            if at_low:
                low, high = float(axis.from_unit(0.0)), weighted_quantiles(values[:, i], weights, (0.95,))[0]
            else:
                low, high = weighted_quantiles(values[:, i], weights, (0.05,))[0], float(axis.from_unit(1.0))
        rows.append(
            {
                "parameter": axis.path,
                "unit": axis.unit,
                "median": middle,
                "low": low,
                "high": high,
                "prior_low": float(np.quantile(before[:, i], 0.025)),
                "prior_high": float(np.quantile(before[:, i], 0.975)),
                "sd_ratio": ratio,
                "shrinkage": max(0.0, 1.0 - ratio),
                "identified": IDENTIFIED if ratio < WELL_BELOW else WEAKLY if ratio < HARDLY_BELOW else NOT,
                "at_edge": at_low or at_high,
            }
        )
    return pd.DataFrame(rows)


def middle_member(found: FoundFit, chosen: np.ndarray[Any, np.dtype[np.int64]]) -> Array:
    """Normal scores of the member nearest to the posterior's mean.

    Its parameters are likely together, as medians need not be. Distances are Mahalanobis distances of normal scores.

    Args:
        found: What the search ended with.
        chosen: Positions of the members in its sample.
    """
    scores, weights = found.sample.scores, found.sample.weights
    mean = weights @ scores
    apart = scores - mean
    covariance = (apart * weights[:, None]).T @ apart + np.eye(scores.shape[1]) * 1e-12
    distance = np.einsum("ij,ij->i", apart[chosen], np.linalg.solve(covariance, apart[chosen].T).T)
    return scores[chosen[int(np.argmin(distance))]]


def unknown_posterior(posterior: pd.DataFrame) -> pd.DataFrame:
    """The same rows for a search that has not converged: what was believed before, and nothing after."""
    rows = posterior.copy()
    rows[["median", "low", "high", "sd_ratio", "shrinkage"]] = math.nan
    rows["identified"], rows["at_edge"] = UNKNOWN, False
    return rows


def unknown_fit(fit: pd.DataFrame) -> pd.DataFrame:
    """The data without what a search that has not converged predicts."""
    rows = fit.copy()
    rows[["predicted", "low", "high"]] = math.nan
    return rows


def weighted_quantiles(values: Array, weights: Array, levels: tuple[float, ...]) -> list[float]:
    """Quantiles of a weighted sample, interpolated between its values.

    >>> weighted_quantiles(np.array([1.0, 2.0, 3.0]), np.array([0.25, 0.5, 0.25]), (0.5,))
    [2.0]
    """
    order = np.argsort(values, kind="stable")
    middles = np.cumsum(weights[order]) - 0.5 * weights[order]
    return [float(np.interp(level, middles, values[order])) for level in levels]


def correlations(found: FoundFit, prior: Prior) -> pd.DataFrame:
    """Correlations of the parameters in the posterior, on the scale of normal scores, by path."""
    scores, weights = to_scores(to_cube(found.sample.scores)), found.sample.weights
    apart = scores - weights @ scores
    covariance = (apart * weights[:, None]).T @ apart
    sd = np.sqrt(np.maximum(np.diag(covariance), 1e-300))
    return pd.DataFrame(covariance / np.outer(sd, sd), index=list(prior.paths), columns=list(prior.paths))
