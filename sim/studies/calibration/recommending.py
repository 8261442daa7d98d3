"""Answers from 0 to 10 to whether one would recommend the firm, against its promoters, passives and detractors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.data.recommendations import Recommendations
from sim.model.scenario import Scenario
from sim.results.output_names import of_segment
from sim.studies.calibration.categories import Categories
from sim.studies.calibration.span import customers_of
from sim.studies.calibration.target import Array, plainly, quantiles
from sim.words import say

if TYPE_CHECKING:
    import pandas as pd

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

    def with_luck(self, scale: Array, correlation: Array) -> Recommending:
        """The same: people answer one by one, whatever the luck of the runs."""
        return self

    def fit(self, summaries: Array, replicates: Array) -> pd.DataFrame:
        """The three shares, and the net promoter score."""
        import pandas as pd

        names = [say("detractors (0 to 6)"), say("passives (7, 8)"), say("promoters (9, 10)")]
        shares, everybody = self.counts / self.counts.sum(), self.counts.sum()
        score = 100.0 * (shares[2] - shares[0])
        half = SCORE_HALF_WIDTH * np.sqrt((shares[2] + shares[0] - (shares[2] - shares[0]) ** 2) / everybody)
        told, drawn = self._shares(summaries), replicates / replicates.sum(axis=-1, keepdims=True)
        middle = quantiles(100.0 * (told[:, 2] - told[:, 0]))[0]
        _, low, high = quantiles(100.0 * (drawn[:, 2] - drawn[:, 0]))
        last = {
            "quantity": [say("net promoter score")],
            "x": [3.0],
            "observed": [score],
            "observed_low": [score - half],
            "observed_high": [score + half],
            "predicted": [float(middle)],
            "low": [float(low)],
            "high": [float(high)],
        }
        return pd.concat([self._table(names, summaries, replicates), pd.DataFrame(last)], ignore_index=True)


def recommending_target(found: Recommendations, scenario: Scenario, segment: str = "") -> Recommending:
    """From answers on 0 to 10, with what each row counts; with weights as many as they are worth (Kish 1965)."""
    share = np.array([found.detractors, 1.0 - found.detractors - found.promoters, found.promoters])
    return Recommending(np.maximum(share, 0.0) * found.times.sum(), customers_of(scenario, segment), segment)
