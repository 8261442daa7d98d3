"""A satisfaction survey against satisfaction at the end of the run: mean and spread, and the ACSI's two other items.

Sample means of n answers vary around the model's with covariance C / n (C of the answers); the logarithm of the sample
standard deviation with variance (kurtosis - 1) / (4 n). Answers on 1-10 become 100 (answer - 1) / 9, and the spread
that rounding to whole points adds, 1/12 of a squared step, is taken off (Sheppard's correction).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.data.survey_answers import SurveyAnswers
from sim.model.scenario import Scenario
from sim.studies.calibration.target import Array, quantiles
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import say, translated

if TYPE_CHECKING:
    import pandas as pd

STEP = 100.0 / 9.0
"""Points (0-100) between two answers on 1-10."""

ITEMS = {"expectation": "acsi_expectation.end", "ideal": "acsi_ideal.end"}
WORDS = {
    "mean": "mean satisfaction (0-100)",
    "spread": "standard deviation of satisfaction",
    "expectation": "compared with expectations (1-10)",
    "ideal": "compared with the ideal (1-10)",
}


@dataclass(frozen=True)
class Survey:
    """A satisfaction survey as a `Target`.

    Attributes:
        items: Of mean, spread, expectation, ideal those that the data have.
        observed: Their values, the spread as its logarithm, float64[m].
        covariance: Of the sampling error of these, float64[m, m].
        customers: Customers of a run.
    """

    items: tuple[str, ...]
    observed: Array
    covariance: Array
    customers: float

    @property
    def outputs(self) -> tuple[str, ...]:
        """Satisfaction at the end of the run."""
        return ("satisfaction_mean.end", "satisfaction_sd.end", *(ITEMS[item] for item in self.items if item in ITEMS))

    @property
    def names(self) -> tuple[str, ...]:
        """In words."""
        return tuple(translated(WORDS[item]) for item in self.items)

    @property
    def drawn(self) -> int:
        """Items."""
        return len(self.observed)

    def summaries(self, rows: pd.DataFrame) -> Array:
        """Mean, logarithm of the standard deviation, means of the other items."""
        mean, sd = rows["satisfaction_mean.end"].to_numpy(), rows["satisfaction_sd.end"].to_numpy()
        columns = [mean, np.log(np.maximum(sd, 0.01))]
        columns += [rows[ITEMS[item]].to_numpy() for item in self.items if item in ITEMS]
        return np.stack(columns, axis=1).astype(np.float64)

    def noise(self, summaries: Array) -> Array:
        """As of independent customers."""
        sd = np.exp(np.clip(summaries[:, 1], -2.0, 4.5))
        steps = sd / STEP
        columns = [sd**2, np.full(len(sd), 0.5), *([steps**2] * (len(self.items) - 2))]
        return np.stack(columns, axis=1) / self.customers

    def averaged(self, summaries: Array) -> Array:
        """Their mean."""
        mean: Array = summaries.mean(axis=-2)
        return mean

    def with_luck(self, scale: Array, correlation: Array) -> Survey:
        """The same: the spread of answers is known from the answers."""
        return self

    def _squared_distance(self, difference: Array, covariance: Array) -> tuple[Array, Array]:
        """Mahalanobis distance and log determinant, with a covariance of the errors for every row."""
        whole = self.covariance + covariance
        solved = np.linalg.solve(whole, difference[:, :, None])[:, :, 0]
        return np.sum(difference * solved, axis=1), np.linalg.slogdet(whole)[1]

    def log_likelihood(self, summaries: Array, covariance: Array) -> Array:
        """Normal; the errors of the summaries add to the sampling error."""
        distance, log_determinant = self._squared_distance(self.observed - summaries, covariance)
        return -0.5 * (distance + log_determinant)

    def sampling_variance(self, summaries: Array) -> Array:
        """Of the answers, whatever the model says."""
        return np.broadcast_to(np.diag(self.covariance), summaries.shape)

    def replicate(self, summaries: Array, generator: np.random.Generator) -> Array:
        """Means and spread of new samples."""
        root = np.linalg.cholesky(self.covariance)
        drawn: Array = summaries + generator.standard_normal(summaries.shape) @ root.T
        return drawn

    def discrepancy(self, data: Array | None, summaries: Array) -> Array:
        """Mahalanobis distance."""
        found = np.broadcast_to(self.observed, summaries.shape) if data is None else data
        return self._squared_distance(found - summaries, np.zeros(self.covariance.shape))[0]

    def fit(self, summaries: Array, replicates: Array) -> pd.DataFrame:
        """Each item on its own scale, the spread as standard deviation."""
        import pandas as pd

        def plain(values: Array) -> Array:
            shown = np.array(values, dtype=np.float64)
            shown[..., 1] = np.exp(shown[..., 1])
            return shown

        predicted, _, _ = quantiles(plain(summaries))
        _, low, high = quantiles(plain(replicates))
        error = 1.96 * np.sqrt(np.diag(self.covariance))
        return pd.DataFrame(
            {
                "quantity": self.names,
                "x": np.arange(len(self.items), dtype=np.float64),
                "observed": plain(self.observed),
                "observed_low": plain(self.observed - error),
                "observed_high": plain(self.observed + error),
                "predicted": predicted,
                "low": low,
                "high": high,
            }
        )


def satisfaction_target(found: SurveyAnswers, scenario: Scenario) -> Survey:
    """From answers in points, with what each row counts.

    Raises:
        ScenarioError: If all answers are the same.
    """
    answers, times, squares, rounding = found.answers, found.times, found.squares, found.rounding
    count = times.sum()
    means = times @ answers / count
    apart = answers - means
    spread = (apart * times[:, None]).T @ apart / (count - 1.0)
    if spread[0, 0] <= rounding:
        raise ScenarioError(
            Problem(say("all answers are the same"), place=found.table.label, allowed=say("answers that differ"))
        )
    deviation2 = spread[0, 0] - rounding
    # The log of the sample sd: by the delta method its influence on an answer is ((x - mean)^2 / var - 1) / 2.
    influence = 0.5 * (apart[:, 0] ** 2 - spread[0, 0]) / deviation2
    felt = np.stack([apart[:, 0], influence, *apart[:, 1:].T], axis=1)
    covariance = (felt * squares[:, None]).T @ felt / count**2
    covariance += np.diag(np.maximum(np.diag(covariance), 1e-9) * 1e-6)
    return Survey(
        items=("mean", "spread", *found.items),
        observed=np.array([means[0], 0.5 * np.log(deviation2), *means[1:]]),
        covariance=covariance,
        customers=scenario.market.customers * scenario.firm.initial_share,
    )
