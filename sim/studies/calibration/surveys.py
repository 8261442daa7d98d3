"""Surveys of which means are fitted: a run's customers beside the answers, normal around them with their covariance.

A satisfaction survey is set against satisfaction at the end of the run: mean, spread, and the ACSI's two other items.
Sample means of n answers vary around the model's with covariance C / n (C of the answers); the logarithm of the sample
standard deviation with variance (kurtosis - 1) / (4 n). Answers on 1-10 become 100 (answer - 1) / 9, and the spread
that rounding to whole points adds, 1/12 of a squared step, is taken off (Sheppard's correction).

A SERVQUAL survey is set against what customers perceive and hold to be owed, dimension by dimension. Its answers are
taken as given after encounters: means over those of the run's last year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.data.service_items import ServiceItems
from sim.data.survey_answers import SurveyAnswers
from sim.model.dimensions import DIMENSIONS
from sim.model.scenario import Scenario
from sim.results.output_names import of_segment
from sim.studies.calibration.target import Array, Target, against_data, customers_of, plainly
from sim.vocabulary.errors import ScenarioError
from sim.words import say, translated


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


FEWEST_ANSWERS = 20.0
"""To a dimension, so that it is fitted."""

PERCEIVED, OWED = "perceived", "should"
ENCOUNTERS = "encounters.last_year"


@dataclass(frozen=True)
class ServiceSurvey(NormalMeans):
    """Items of a SERVQUAL survey as a `Target`: means on 1 to 7.

    Attributes:
        asked: Of each mean: `perceived` or `should` (what is owed), and the dimension.
    """

    asked: tuple[tuple[str, str], ...] = ()

    @property
    def outputs(self) -> tuple[str, ...]:
        """Sums over the encounters of the last year, and how many these were."""
        sums = (f"{what}_{dimension}.last_year" for what, dimension in self.asked)
        return of_segment((*sums, ENCOUNTERS), self.segment)

    @property
    def names(self) -> tuple[str, ...]:
        """In words."""
        return tuple(
            say("{dimension}, perceived (1-7)", dimension=dimension)
            if what == PERCEIVED
            else say("{dimension}, expected (1-7)", dimension=dimension)
            for what, dimension in self.asked
        )

    def summaries(self, rows: pd.DataFrame) -> Array:
        """Means per encounter; not a number in a run without encounters."""
        own = plainly(rows, self.segment)
        served = own[ENCOUNTERS].to_numpy(np.float64)
        sums = own[[f"{what}_{dimension}.last_year" for what, dimension in self.asked]].to_numpy(np.float64)
        return np.where(served[:, None] > 0.0, sums / np.maximum(served, 1e-9)[:, None], np.nan)

    def noise(self, summaries: Array) -> Array:
        """As of independent customers who differ by a point."""
        return np.full(summaries.shape, 1.0 / self.customers)


def service_target(found: ServiceItems, scenario: Scenario, segment: str = "") -> ServiceSurvey:
    """From the items of a survey: of each dimension that enough were asked of, what was perceived, and expected.

    Raises:
        ScenarioError: If nothing was asked often enough.
    """
    means = np.concatenate([found.perceived, found.expected])
    kinds = [(what, dimension) for what in (PERCEIVED, OWED) for dimension in DIMENSIONS]
    often = np.tile(found.answers >= FEWEST_ANSWERS, 2) & np.isfinite(means)
    few = [name for name, n in zip(DIMENSIONS, found.answers, strict=True) if 0.0 < n < FEWEST_ANSWERS]
    for name in few:
        found.table.odd.say("too few answers to {dimension}: it is not fitted", dimension=name)
    if not often.any():
        raise ScenarioError(
            say("too few answers"),
            place=found.table.label,
            found=f"{found.answers.max():g}",
            allowed=say("at least {fewest_answers}", fewest_answers=FEWEST_ANSWERS),
        )
    return ServiceSurvey(
        observed=means[often],
        covariance=kept_from_zero(found.covariance[np.ix_(often, often)]),
        customers=customers_of(scenario, segment),
        segment=segment,
        asked=tuple(one for one, chosen in zip(kinds, often, strict=True) if chosen),
    )
