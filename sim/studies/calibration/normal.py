"""Means of a survey against those of a run: normal around them, with the covariance that the answers show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.studies.calibration.target import Array, Target, against_data


@dataclass(frozen=True)
class NormalMeans(Target):
    """What is common to the surveys of which means are fitted.

    Attributes:
        observed: Values of the data, on the scale of the summaries, float64[m].
        covariance: Of the sampling error of these, float64[m, m].
        customers: Customers of a run.
        segment: Segment of the scenario that was asked; empty where the whole firm was.
    """

    observed: Array
    covariance: Array
    customers: float
    segment: str = ""

    def fit(self, summaries: Array, replicates: Array) -> pd.DataFrame:
        """Each mean on the scale on which it is shown."""
        return self._table(self.names, summaries, replicates)

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
        """Values of new samples."""
        root = np.linalg.cholesky(self.covariance)
        return summaries + generator.standard_normal(summaries.shape) @ root.T

    def discrepancy(self, data: Array | None, summaries: Array) -> Array:
        """Mahalanobis distance."""
        found = np.broadcast_to(self.observed, summaries.shape) if data is None else data
        return self._squared_distance(found - summaries, np.zeros(self.covariance.shape))[0]

    def _plain(self, values: Array) -> Array:
        """Values on the scale on which they are shown."""
        return values

    def _table(self, names: tuple[str, ...], summaries: Array, replicates: Array) -> pd.DataFrame:
        """Observed against predicted, a row for each name."""
        error = 1.96 * np.sqrt(np.diag(self.covariance))
        observed = [self._plain(end) for end in (self.observed, self.observed - error, self.observed + error)]
        places = np.arange(len(names), dtype=np.float64)
        return against_data(names, places, observed, self._plain(summaries), self._plain(replicates))


def kept_from_zero(covariance: Array) -> Array:
    """A covariance with a millionth of its diagonal added, so that it can be inverted.

    >>> kept_from_zero(np.array([[1.0, 1.0], [1.0, 1.0]])).tolist()
    [[1.000001, 1.0], [1.0, 1.000001]]
    """
    return covariance + np.diag(np.maximum(np.diag(covariance), 1e-9) * 1e-6)
