"""Counts of people in categories against the shares that a run has in them: multinomial.

The summaries of a run are the logits of each category's share of those who are in it or in a later one, which factor
the multinomial into binomials; errors of the summaries are integrated out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.studies.calibration.durations import log_expit
from sim.studies.calibration.target import Array, Target, against_data, integrated


@dataclass(frozen=True)
class Categories(Target):
    """What is common to data that are counts of people in categories.

    Attributes:
        counts: People in each category, float64[c]; not whole where a survey weighs them.
        customers: Customers of a run.
        segment: Segment of the scenario that they are of; empty where they are of all customers.
    """

    counts: Array
    customers: float
    segment: str = ""

    @property
    def drawn(self) -> int:
        """Categories."""
        return len(self.counts)

    def _logits(self, shares: Array) -> Array:
        """Of each category against all later ones, half a customer added to both, float64[..., c - 1]."""
        people = np.maximum(shares, 0.0) * self.customers
        later = np.cumsum(people[..., ::-1], axis=-1)[..., ::-1]
        return np.log(people[..., :-1] + 0.5) - np.log(later[..., 1:] + 0.5)

    def _shares(self, summaries: Array) -> Array:
        """Shares of the categories, float64[..., c]."""
        here, later = np.exp(log_expit(summaries)), np.exp(np.cumsum(log_expit(-summaries), axis=-1))
        start = np.ones((*summaries.shape[:-1], 1))
        before = np.concatenate([start, later], axis=-1)
        return before * np.concatenate([here, start], axis=-1)

    def noise(self, summaries: Array) -> Array:
        """Binomial: 1 / (n q (1 - q)), where n of the run's customers are in the category or a later one."""
        share = np.exp(log_expit(summaries))
        before = np.cumsum(self._shares(summaries)[..., ::-1], axis=-1)[..., ::-1][..., :-1]
        return 1.0 / np.maximum(np.maximum(before * self.customers, 1.0) * share * (1.0 - share), 0.2)

    def averaged(self, summaries: Array) -> Array:
        """Logits of the shares of all runs together."""
        return self._logits(self._shares(summaries).mean(axis=-2))

    @property
    def _trials(self) -> Array:
        return np.cumsum(self.counts[::-1])[::-1][:-1]

    def log_likelihood(self, summaries: Array, covariance: Array) -> Array:
        """Multinomial, errors of the summaries integrated out."""
        return integrated(self._density, summaries, covariance)

    def _density(self, summaries: Array) -> tuple[Array, Array, Array]:
        own, trials, share = self.counts[:-1], self._trials, np.exp(log_expit(summaries))
        value = own * log_expit(summaries) + (trials - own) * log_expit(-summaries)
        return value, own - trials * share, np.maximum(trials * share * (1.0 - share), 1e-12)

    def sampling_variance(self, summaries: Array) -> Array:
        """From the number of people, by the expected information."""
        return 1.0 / self._density(summaries)[2]

    def replicate(self, summaries: Array, generator: np.random.Generator) -> Array:
        """Counts of as many people."""
        shares = self._shares(summaries)
        drawn = generator.multinomial(round(self.counts.sum()), shares / shares.sum(axis=-1, keepdims=True))
        return drawn.astype(np.float64)

    def discrepancy(self, data: Array | None, summaries: Array) -> Array:
        """Pearson's chi-square over the categories."""
        found = self.counts if data is None else data
        expected = found.sum(axis=-1, keepdims=True) * self._shares(summaries)
        return ((found - expected) ** 2 / np.maximum(expected, 1e-9)).sum(axis=-1)

    def _table(self, names: list[str], summaries: Array, replicates: Array) -> pd.DataFrame:
        """Shares observed, with Clopper and Pearson's limits, against predicted."""
        from scipy.special import betaincinv

        everybody = self.counts.sum()
        there, others = np.maximum(self.counts, 1e-9), np.maximum(everybody - self.counts, 1e-9)
        low = np.where(self.counts > 0.0, betaincinv(there, others + 1.0, 0.025), 0.0)
        high = np.where(self.counts < everybody, betaincinv(there + 1.0, others, 0.975), 1.0)
        observed = (self.counts / everybody, low, high)
        drawn = replicates / replicates.sum(axis=-1, keepdims=True)
        return against_data(names, np.arange(len(names), dtype=np.float64), observed, self._shares(summaries), drawn)
