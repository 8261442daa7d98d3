"""Answers from 0 to 10 to whether one would recommend the firm, and the net promoter score (Reichheld 2003)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.data.churn_table import tell_together, worth
from sim.data.life_table import Array
from sim.data.survey_answers import refuse_few
from sim.data.users_table import MOST, UsersTable
from sim.vocabulary.errors import ScenarioError
from sim.words import say

GROUPS = ("promoters", "passives", "detractors")
"""Our names of the columns of a table of counts."""

ROUNDED = 1.0
"""By how much per cent that were rounded may miss 100."""

MOST_DETRACTING, LEAST_PROMOTING, HIGHEST = 6.0, 9.0, 10.0


@dataclass(frozen=True)
class Recommendations:
    """Answers on 0 to 10.

    Attributes:
        table: Where they come from.
        answers: 0 to 10, float64[n]; None of counts of promoters, passives and detractors.
        times: How many answers each row stands for, float64[n]; not whole with weights.
        promoters: Share of 9 and 10.
        detractors: Share of 0 to 6.
    """

    table: UsersTable
    answers: Array | None
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
    if "recommend" not in table:
        return _counted(table)
    answers = table.numbers(
        "recommend",
        low=0.0,
        high=HIGHEST,
        whole=True,
        hint=say("an answer is 0 to 10: net promoter scores, -100 to 100, hold none"),
    )
    times = table.numbers("answers", low=0.0, high=MOST, whole=True) if "answers" in table else np.ones(len(table))
    table.check()
    refuse_few(table, times)
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


def _counted(table: UsersTable) -> Recommendations:
    """From one row, such as a week, how many promoters, passives and detractors, or with `answers` which per cent."""
    given = np.stack([table.numbers(name, low=0.0, high=MOST) for name in GROUPS])
    everybody, sums = given.sum(axis=0), given.sum(axis=0)
    if "answers" in table:
        everybody = table.numbers("answers", low=0.0, high=MOST, whole=True)
    table.check()
    shares = bool((np.abs(sums - 100.0) <= ROUNDED).all())
    for row in np.flatnonzero((sums != everybody) & ~(shares & (sums > 0.0))):
        table.complain(
            int(row),
            "answers",
            say("not as many as promoters, passives and detractors"),
            f"{everybody[row]:g}",
            say("{n:g}, or per cent of them that make 100", n=sums[row]),
        )
    table.check()
    if shares and "answers" not in table:
        table.odd.say("every row makes 100: are these per cent, and of how many? A column `answers` says it")
    times = everybody * (worth(table, everybody) if "weight" in table else 1.0)
    totals = given @ (times / np.where(sums > 0.0, sums, 1.0))
    refuse_few(table, totals)
    table.about(say("rows")).plural("{n:,} row is counted together", "{n:,} rows are counted together", len(table))
    tell_together(table)
    promoters, _, detractors = (float(total) for total in totals / totals.sum())
    found = Recommendations(table, None, totals, promoters, detractors)
    _tell(found)
    return found


def _tell(found: Recommendations) -> None:
    table = found.table
    shares = {"count": found.times.sum(), "promoters": found.promoters, "detractors": found.detractors}
    table.tell(
        say("answers"),
        say("{count:,.6g}: promoters (9, 10) {promoters:.1%}, detractors (0 to 6) {detractors:.1%}", **shares)
        if found.answers is None
        else say(
            "{count:,.6g}, mean {mean:,.3g} of 10: promoters (9, 10) {promoters:.1%}, detractors (0 to 6) "
            "{detractors:.1%}",
            mean=float(found.times @ found.answers / found.times.sum()),
            **shares,
        ),
    )
    table.about(say("score")).say(
        "net promoter score {score:.1f} ± {half:.1f} (95%)", score=found.score, half=found.half_width
    )
    if found.answers is None:
        return
    used = found.answers[found.times > 0]
    if used.max() <= 7.0:  # ends of usual narrower scales
        table.odd.say("nobody answers above {most:g} of 10: are these answers on another scale?", most=used.max())
    elif used.min() >= 1.0 and len(used) >= 100:
        table.odd.say("nobody answers 0: is the scale 1 to 10? A net promoter score is of 0 to 10")
