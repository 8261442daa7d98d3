"""A SERVQUAL survey against what a run's customers perceive and hold to be owed, dimension by dimension.

The answers are taken as given after encounters: means over those of the run's last year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.data.service_items import ServiceItems
from sim.model.dimensions import DIMENSIONS
from sim.model.scenario import Scenario
from sim.results.output_names import of_segment
from sim.studies.calibration.normal import NormalMeans, kept_from_zero
from sim.studies.calibration.span import customers_of
from sim.studies.calibration.target import Array, plainly
from sim.vocabulary.errors import ScenarioError
from sim.words import say

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
