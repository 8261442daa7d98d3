"""Counts of people in categories against the shares that a run has in them: multinomial; so are answers of the NPS.

The summaries of a run are the logits of each category's share of those who are in it or in a later one, which factor
the multinomial into binomials; errors of the summaries are integrated out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.data.recommendations import Recommendations
from sim.model.scenario import Scenario
from sim.results.output_names import of_segment
from sim.studies.calibration.durations import log_expit
from sim.studies.calibration.target import Array, Target, against_data, customers_of, integrated, plainly
from sim.words import say


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


SCORE_HALF_WIDTH = 196.0
"""Standard deviations that hold 95%, in points of the score."""


@dataclass(frozen=True)
class Recommending(Categories):
    """Answers to the question of the net promoter score as a `Target`: detractors, passives, promoters.

    The shares are those of customers at the end of the run.
    """

    @property
    def outputs(self) -> tuple[str, ...]:
        """Who would recommend the firm, at the end of the run."""
        return of_segment(("detractors.end", "promoters.end", "active.end"), self.segment)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the logits."""
        return say("detractors"), say("passives among the others")

    def summaries(self, rows: pd.DataFrame) -> Array:
        """Logits of detractors among all, and of passives among the others."""
        own = plainly(rows, self.segment)
        against, for_it, there = (
            own[name].to_numpy(np.float64) for name in ("detractors.end", "promoters.end", "active.end")
        )
        shares = np.stack([against, there - against - for_it, for_it], axis=1) / np.maximum(there, 1.0)[:, None]
        return np.where(there[:, None] > 0.0, self._logits(shares), np.nan)

    def fit(self, summaries: Array, replicates: Array) -> pd.DataFrame:
        """The three shares, and the net promoter score."""
        names = [say("detractors (0 to 6)"), say("passives (7, 8)"), say("promoters (9, 10)")]
        shares, everybody = self.counts / self.counts.sum(), self.counts.sum()
        score = 100.0 * (shares[2] - shares[0])
        half = SCORE_HALF_WIDTH * np.sqrt((shares[2] + shares[0] - (shares[2] - shares[0]) ** 2) / everybody)
        told, drawn = self._shares(summaries), replicates / replicates.sum(axis=-1, keepdims=True)
        observed = ([score], [score - half], [score + half])
        scores = [100.0 * (part[:, 2:] - part[:, :1]) for part in (told, drawn)]
        last = against_data(say("net promoter score"), [3.0], observed, *scores)
        return pd.concat([self._table(names, summaries, replicates), last], ignore_index=True)


def recommending_target(found: Recommendations, scenario: Scenario, segment: str = "") -> Recommending:
    """From answers on 0 to 10, with what each row counts; with weights as many as they are worth (Kish 1965)."""
    share = np.array([found.detractors, 1.0 - found.detractors - found.promoters, found.promoters])
    return Recommending(np.maximum(share, 0.0) * found.times.sum(), customers_of(scenario, segment), segment)
