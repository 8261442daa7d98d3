"""A satisfaction survey against satisfaction at the end of the run: mean and spread, and the ACSI's two other items.

Sample means of n answers vary around the model's with covariance C / n (C of the answers); the logarithm of the sample
standard deviation with variance (kurtosis - 1) / (4 n). Answers on 1-10 become 100 (answer - 1) / 9, and the spread
that rounding to whole points adds, 1/12 of a squared step, is taken off (Sheppard's correction).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.data.survey_answers import SurveyAnswers
from sim.model.scenario import Scenario
from sim.results.output_names import of_segment
from sim.studies.calibration.normal import NormalMeans, kept_from_zero
from sim.studies.calibration.span import customers_of
from sim.studies.calibration.target import Array
from sim.vocabulary.errors import ScenarioError
from sim.words import say, translated

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
class Survey(NormalMeans):
    """A satisfaction survey as a `Target`; the observed spread stands as its logarithm.

    Attributes:
        items: Of mean, spread, expectation, ideal those that the data have.
    """

    items: tuple[str, ...] = ()

    @property
    def _plain_outputs(self) -> tuple[str, ...]:
        return ("satisfaction_mean.end", "satisfaction_sd.end", *(ITEMS[item] for item in self.items if item in ITEMS))

    @property
    def outputs(self) -> tuple[str, ...]:
        """Satisfaction at the end of the run."""
        return of_segment(self._plain_outputs, self.segment)

    @property
    def names(self) -> tuple[str, ...]:
        """In words."""
        return tuple(translated(WORDS[item]) for item in self.items)

    def summaries(self, rows: pd.DataFrame) -> Array:
        """Mean, logarithm of the standard deviation, means of the other items."""
        columns = np.array(rows[list(self.outputs)], dtype=np.float64)
        columns[:, 1] = np.log(np.maximum(columns[:, 1], 0.01))
        return columns

    def noise(self, summaries: Array) -> Array:
        """As of independent customers."""
        sd = np.exp(np.clip(summaries[:, 1], -2.0, 4.5))
        steps = sd / STEP
        columns = [sd**2, np.full(len(sd), 0.5), *([steps**2] * (len(self.items) - 2))]
        return np.stack(columns, axis=1) / self.customers

    def _plain(self, values: Array) -> Array:
        """Each item on its own scale, the spread as standard deviation."""
        shown = np.array(values, dtype=np.float64)
        shown[..., 1] = np.exp(shown[..., 1])
        return shown


def satisfaction_target(found: SurveyAnswers, scenario: Scenario, segment: str = "") -> Survey:
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
            say("all answers are the same"), place=found.table.label, allowed=say("answers that differ")
        )
    deviation2 = spread[0, 0] - rounding
    # The log of the sample sd: by the delta method its influence on an answer is ((x - mean)^2 / var - 1) / 2.
    influence = 0.5 * (apart[:, 0] ** 2 - spread[0, 0]) / deviation2
    felt = np.stack([apart[:, 0], influence, *apart[:, 1:].T], axis=1)
    covariance = (felt * squares[:, None]).T @ felt / count**2
    covariance = kept_from_zero(covariance)
    return Survey(
        items=("mean", "spread", *found.items),
        observed=np.array([means[0], 0.5 * np.log(deviation2), *means[1:]]),
        covariance=covariance,
        customers=customers_of(scenario, segment),
        segment=segment,
    )
