"""Answers from 0 to 10 to whether one would recommend the firm, and the net promoter score (Reichheld 2003)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.data.churn_table import tell_together, worth
from sim.data.life_table import Array
from sim.data.users_table import MOST, UsersTable
from sim.vocabulary.errors import ScenarioError
from sim.words import say

FEWEST_ANSWERS = 20

MOST_DETRACTING, LEAST_PROMOTING, HIGHEST = 6.0, 9.0, 10.0


@dataclass(frozen=True)
class Recommendations:
    """Answers on 0 to 10.

    Attributes:
        table: Where they come from.
        answers: 0 to 10, float64[n].
        times: How many answers each row stands for, float64[n]; not whole with weights.
        promoters: Share of 9 and 10.
        detractors: Share of 0 to 6.
    """

    table: UsersTable
    answers: Array
    times: Array
    promoters: float
    detractors: float

    @property
    def score(self) -> float:
        """The net promoter score, -100 to 100."""
        return 100.0 * (self.promoters - self.detractors)

    @property
    def half_width(self) -> float:
        """Half of its 95% interval, as of independent answers: 1.96 sqrt((p + d - (p - d)^2) / n)."""
        apart = self.promoters + self.detractors - (self.promoters - self.detractors) ** 2
        return 196.0 * math.sqrt(apart / self.times.sum())


def read_recommendations(table: UsersTable) -> Recommendations:
    """From one row an answer, or several equal ones with `answers`; with `weight` of a survey.

    Args:
        table: Of the kind `nps`.

    Raises:
        ScenarioError: With line and column of what is wrong; of any scale but 0 to 10.
    """
    stated = table.settings.scale_ends
    if stated is not None and stated != (0.0, HIGHEST):
        raise ScenarioError(
            say("a net promoter score is of answers from 0 to 10"),
            "scale",
            found=str(table.settings.scale),
            allowed="0-10",
            hint=say("answers on another scale are of the kind satisfaction"),
        )
    answers = table.numbers(
        "recommend", low=0.0, high=HIGHEST, whole=True, hint=say("cells that say nothing: missing: [99]")
    )
    times = table.numbers("answers", low=0.0, high=MOST, whole=True) if "answers" in table else np.ones(len(table))
    table.check()
    if times.sum() < FEWEST_ANSWERS:
        raise ScenarioError(
            say("too few answers"),
            place=table.label,
            found=f"{times.sum():g}",
            allowed=say("at least {fewest_answers}", fewest_answers=FEWEST_ANSWERS),
        )
    if "weight" in table:
        times = times * worth(table, times)
    table.repeated("customer")
    tell_together(table)
    shares = [
        float(times[chosen].sum() / times.sum()) for chosen in (answers >= LEAST_PROMOTING, answers <= MOST_DETRACTING)
    ]
    found = Recommendations(table, answers, times, *shares)
    _tell(found)
    return found


def _tell(found: Recommendations) -> None:
    table = found.table
    table.tell(
        say("answers"),
        say(
            "{count:,.6g}, mean {mean:,.3g} of 10: promoters (9, 10) {promoters:.1%}, detractors (0 to 6) "
            "{detractors:.1%}",
            count=found.times.sum(),
            mean=float(found.times @ found.answers / found.times.sum()),
            promoters=found.promoters,
            detractors=found.detractors,
        ),
    )
    table.tell(
        say("score"),
        say("net promoter score {score:.1f} ± {half:.1f} (95%)", score=found.score, half=found.half_width),
    )
    used = found.answers[found.times > 0]
    if used.max() <= 7.0:  # ends of usual narrower scales
        table.odd.append(
            say("nobody answers above {most:g} of 10: are these answers on another scale?", most=used.max())
        )
    elif used.min() >= 1.0 and len(used) >= 100:
        table.odd.append(say("nobody answers 0: is the scale 1 to 10? A net promoter score is of 0 to 10"))
