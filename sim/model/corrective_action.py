"""Corrective action: what a firm believes of its failures, which it takes up, and the four steps of correcting it.

Identify, investigate, implement, verify (notes 'Plan de calidad'). All of it is about one firm in one period; modes are
in the order of `FAILURE_MODES`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.model.dimensions import DIMENSIONS, Importance
from sim.model.failures import FAILURE_MODES
from sim.model.luck import normal
from sim.model.market import WEEKS_PER_YEAR
from sim.model.work_pressure import passed

if TYPE_CHECKING:
    from sim.model.firm import Firm
    from sim.model.learning import Learning

IDENTIFY, INVESTIGATE, IMPLEMENT, VERIFY = range(4)
NO_MODE = -1
SLACK = 1e-9
"""Weeks: a step is over though its periods do not quite add up in float64."""

Modes = tuple[float, ...]
"""A number for each failure mode."""


class Evidence(NamedTuple):
    """What an instrument tells in some time.

    Attributes:
        reports: Reports of each failure mode.
        encounters: Encounters that could have been reported on.
    """

    reports: Modes
    encounters: float


class Learner(NamedTuple):
    """What a firm carries from period to period about what it hears and corrects.

    Attributes:
        step: The step it is at, from `IDENTIFY` to `VERIFY`.
        weeks: How long it has been at it.
        mode: Number of the mode taken up, or NO_MODE.
        before, encounters_before: Reports of that mode until the action acts, and encounters that they are of.
        after, encounters_after: The same while it is verified.
        encounters: Encounters that belief rests on.
        coming_encounters: Encounters of which the reports are not yet evaluated.
        known: Reports of each mode that belief rests on.
        coming: Reports of each mode that are not yet evaluated.
        corrected: Share of each mode's failures that has been taken away.
    """

    step: float
    weeks: float
    mode: float
    before: float
    encounters_before: float
    after: float
    encounters_after: float
    encounters: float
    coming_encounters: float
    known: Modes
    coming: Modes
    corrected: Modes


NOTHING: Modes = (0.0,) * len(FAILURE_MODES)
NOVICE = Learner(IDENTIFY, 0.0, NO_MODE, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, NOTHING, NOTHING, NOTHING)
"""Of a firm that has not heard or corrected anything."""

_NUMBERS = len(NOVICE) - 3


def as_row(learner: Learner) -> list[float]:
    """A learner as one row of numbers.

    >>> of_row(as_row(NOVICE)) == NOVICE
    True
    """
    numbers: Any = learner[:_NUMBERS]
    return [*numbers, *learner.known, *learner.coming, *learner.corrected]


def of_row(row: Sequence[float]) -> Learner:
    """The learner of a row of numbers, see `as_row`."""
    count = len(FAILURE_MODES)
    known, coming, corrected = (tuple(row[_NUMBERS + n * count : _NUMBERS + (n + 1) * count]) for n in range(3))
    numbers: Any = row[:_NUMBERS]
    return Learner._make([*numbers, known, coming, corrected])


def delay_of(learning: Learning) -> float:
    """Weeks until what the firm's instrument tells is evaluated; the truth is known at once.

    >>> from sim.model.learning import Learning
    >>> delay_of(Learning(steering="survey")), delay_of(Learning(steering="truth"))
    (3.0, 0.0)
    """
    return float(getattr(learning, f"{learning.steering}_weeks", 0.0))


def heard(learner: Learner, evidence: Evidence, learning: Learning, years: float) -> Learner:
    """A firm that has heard what a period tells: it is evaluated with the delay's time constant, and then fades."""
    arrives, left = passed(years, delay_of(learning)), 1.0 - passed(years, learning.memory_weeks)

    def moved(known: float, coming: float, new: float) -> tuple[float, float]:
        return known * left + (coming + new) * arrives, (coming + new) * (1.0 - arrives)

    seen, coming_seen = moved(learner.encounters, learner.coming_encounters, evidence.encounters)
    modes = [moved(*each) for each in zip(learner.known, learner.coming, evidence.reports, strict=True)]
    known, coming = zip(*modes, strict=True)
    return learner._replace(encounters=seen, coming_encounters=coming_seen, known=known, coming=coming)


def believed(learner: Learner, learning: Learning) -> Modes:
    """Rate of each mode per encounter as the firm believes it: the mean of a Beta posterior.

    (rate at first x its weight + reports) / (weight + encounters). It is the rate of what is *told*.

    >>> from sim.model.learning import Learning
    >>> learner = NOVICE._replace(encounters=1000.0, known=(7.0, *NOTHING[1:]))
    >>> believed(learner, Learning(prior_rate=0.001, prior_encounters=3000.0))[0]
    0.0025
    """
    weight = learning.prior_encounters
    return tuple((learning.prior_rate * weight + n) / (weight + learner.encounters) for n in learner.known)


def worth(firm: Firm) -> Modes:
    """What one failure less of each mode is worth, per money of the action: severity x its cost / cost of the action.

    Severity is what a failure takes from weighted quality, points; its cost is `firm.costs.failure_effect`.
    """
    weights = Importance()
    values = []
    for name in FAILURE_MODES:
        mode = getattr(firm.systems.failures, name)
        severity = mode.severity * sum(getattr(weights, d) * getattr(mode.hurts, d) for d in DIMENSIONS)
        values.append(severity * firm.costs.failure_effect / action_cost(firm, name))
    return tuple(values)


def action_cost(firm: Firm, mode: str) -> float:
    """What an action against a failure mode costs, money."""
    return firm.learning.action_cost * float(getattr(firm.systems.failures, mode).correction_cost)


def taken_up(rates: Modes, worths: Modes) -> int:
    """Mode with the largest believed rate x worth, the first of equals; NO_MODE where none is worth anything.

    >>> taken_up((0.001, 0.003, 0.002), (1.0, 2.0, 4.0)), taken_up((0.0, 0.5), (1.0, 0.0))
    (2, -1)
    """
    gains = [rate * value for rate, value in zip(rates, worths, strict=True)]
    best = max(gains)
    return gains.index(best) if best > 0.0 else NO_MODE


def effect_seen(learner: Learner, level: float) -> bool:
    """Whether the reports of the mode have become fewer: a one-sided test of two rates, at a level.

    Of T reports before and after, without an effect a share p = encounters after / all is expected after; the effect is
    seen where (T p - after) / sqrt(T p (1 - p)) exceeds the normal quantile of 1 - level.

    >>> few = NOVICE._replace(before=40.0, encounters_before=3000.0, after=10.0, encounters_after=2000.0)
    >>> effect_seen(few, 0.05), effect_seen(few._replace(after=20.0), 0.05)
    (True, False)
    """
    total, encounters = learner.before + learner.after, learner.encounters_before + learner.encounters_after
    if total <= 0.0 or not 0.0 < learner.encounters_after < encounters:
        return False
    expected = total * learner.encounters_after / encounters
    spread = math.sqrt(expected * learner.encounters_before / encounters)
    return expected - learner.after > -normal(level) * spread


class Cycle(NamedTuple):
    """A firm a period later: what it carries, and what it did.

    Attributes:
        learner: What it carries.
        implemented: Mode against which an action was implemented, or NO_MODE.
        kept, undone: Actions verified, with and without a visible effect.
    """

    learner: Learner
    implemented: int = NO_MODE
    kept: int = 0
    undone: int = 0


def _changed(corrected: Modes, mode: int, factor: float) -> Modes:
    """Failures of a mode multiplied by a factor; never more than there were at first."""
    return tuple(max(0.0, 1.0 - (1.0 - c) * factor) if m == mode else c for m, c in enumerate(corrected))


def worn(learner: Learner, learning: Learning, years: float) -> Learner:
    """What was corrected comes undone, as far as it is not kept up: by (1 - decay)^(years (1 - upkeep))."""
    left = (1.0 - learning.decay_per_year) ** (years * (1.0 - learning.upkeep))
    return learner._replace(corrected=tuple(left * c for c in learner.corrected))


def corrected(learner: Learner, evidence: Evidence, firm: Firm, years: float) -> Cycle:
    """A period of the four steps; what is changed at its end acts from the next one on.

    Identify, then take up the mode that is worth most of those that were told of; investigate; implement; verify, once
    it is evaluated, by what is told of failures after it against before; what shows no effect is undone. At most one of
    each step in a period.
    """
    learning, learner = firm.learning, worn(learner, firm.learning, years)
    mode, weeks = int(learner.mode), learner.weeks + years * WEEKS_PER_YEAR
    if learner.step in (INVESTIGATE, IMPLEMENT):
        learner = learner._replace(
            before=learner.before + evidence.reports[mode],
            encounters_before=learner.encounters_before + evidence.encounters,
        )
    elif learner.step == VERIFY and learner.weeks < learning.verify_weeks - SLACK:
        learner = learner._replace(
            after=learner.after + evidence.reports[mode],
            encounters_after=learner.encounters_after + evidence.encounters,
        )
    done = Cycle(learner)
    lasts = (
        learning.identify_weeks,
        learning.investigate_weeks,
        learning.implement_weeks,
        learning.verify_weeks + delay_of(learning),
    )
    for step, weeks_of_step in enumerate(lasts):
        if done.learner.step == step and weeks >= weeks_of_step - SLACK:
            done, weeks = _finished(done, firm), weeks - weeks_of_step
    return done._replace(learner=done.learner._replace(weeks=weeks))


def _finished(done: Cycle, firm: Firm) -> Cycle:
    """What the end of a step brings."""
    learner, learning = done.learner, firm.learning
    mode = int(learner.mode)
    if learner.step == IDENTIFY:
        rates = zip(believed(learner, learning), learner.known, strict=True)
        mode = taken_up(tuple(rate if told > 0.0 else 0.0 for rate, told in rates), worth(firm))
        if mode == NO_MODE:
            return done
        nothing: dict[str, Any] = dict.fromkeys(("before", "encounters_before", "after", "encounters_after"), 0.0)
        return done._replace(learner=learner._replace(step=INVESTIGATE, mode=mode, **nothing))
    if learner.step == INVESTIGATE:
        return done._replace(learner=learner._replace(step=IMPLEMENT))
    if learner.step == IMPLEMENT:
        acted = _changed(learner.corrected, mode, 1.0 - learning.action_effect)
        return done._replace(learner=learner._replace(step=VERIFY, corrected=acted), implemented=mode)
    learner = learner._replace(step=IDENTIFY, mode=NO_MODE)
    if effect_seen(learner, learning.verify_level):
        return done._replace(learner=learner, kept=1)
    back = _changed(learner.corrected, mode, 1.0 / (1.0 - learning.action_effect))
    return done._replace(learner=learner._replace(corrected=back), undone=1)


def cost_of_correcting(cycle: Cycle, firm: Firm, years: float) -> float:
    """What a firm pays in a period for actions implemented and for upkeep, money; booked as prevention."""
    action = 0.0 if cycle.implemented == NO_MODE else action_cost(firm, FAILURE_MODES[cycle.implemented])
    return action + upkeep_cost(cycle.learner, firm.learning, years)


def upkeep_cost(learner: Learner, learning: Learning, years: float) -> float:
    """What keeping up costs in a period: upkeep x cost x what has been corrected, money."""
    return learning.upkeep * learning.upkeep_cost * sum(learner.corrected) * years
