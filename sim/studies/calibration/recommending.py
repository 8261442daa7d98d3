"""Answers from 0 to 10 to whether one would recommend the firm, against its promoters, passives and detractors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.data.recommendations import Recommendations
from sim.model.scenario import Scenario
from sim.results.output_names import of_segment
from sim.studies.calibration.categories import Categories
from sim.studies.calibration.span import customers_of
from sim.studies.calibration.target import Array, against_data, plainly
from sim.words import say

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
