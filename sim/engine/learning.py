"""Learning of all firms: what they hear of failures in a period, what they correct, and what that does to the next one.

As with the load, there is no person in it: the twin does the same by the same functions. Firms that do not steer, and
have corrected nothing, are left as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from sim.model.certificate import audited
from sim.model.contexts import Clock, Environment
from sim.model.corrective_action import (
    NO_MODE,
    NOVICE,
    Evidence,
    as_row,
    believed,
    corrected,
    cost_of_correcting,
    heard,
    of_row,
    worn,
)
from sim.model.failures import FAILURE_MODES
from sim.model.firm import Firm
from sim.model.listening import cost_of_listening, encounters_heard_of, reported_by_shoppers, visits_of
from sim.model.records import copied
from sim.model.rooms import O
from sim.model.shares import fixed_point
from sim.model.systems import rarer

MODES = len(FAILURE_MODES)
LEARNER: Final = np.dtype(("f8", len(as_row(NOVICE))))
"""What a firm carries: a row of `sim.model.corrective_action.as_row`."""

UNTAUGHT = np.array(as_row(NOVICE))
"""The row of a firm that has not heard or corrected anything."""

REPORTED = slice(O.reported_broken_commitment, O.reported_broken_commitment + MODES)
RECORDED = (O.complained_headquarters, O.escalated, O.logged)
"""Complaints that come upon the register."""


def no_learners(firms: int) -> Any:
    """What firms carry before they hear anything: float64[firms, length of a row]."""
    return np.tile(UNTAUGHT, (firms, 1))


def with_corrections(environment: Environment, learners: Any) -> Environment:
    """The environment in which failures are as much rarer as firms have corrected them."""
    corrected_of = learners[:, -MODES:]
    if not corrected_of.any():
        return environment
    before: Any = environment.firms
    firms = copied(before)
    for f in np.flatnonzero(corrected_of.any(axis=1)):
        firms["failure_ladder"][f] = rarer(firms["failure_ladder"][f].tolist(), corrected_of[f].tolist())
    return environment._replace(firms=firms)


def learning_stage(environment: Environment, firms: Sequence[Firm], learners: Any, tally: Any, clock: Clock) -> None:
    """A period of hearing and correcting of each firm: learners are moved on, and what is heard, done and paid counted.

    Args:
        environment: Of the period.
        firms: The firms' parameters.
        learners: float64[firms, length of a row], changed.
        tally: int64[firms, segments, observables] of the period.
        clock: Seed and period.
    """
    if not any(firm.learning.steering != "none" for firm in firms) and (learners == UNTAUGHT).all():
        return
    years = float(environment.world[0]["years"])
    shares = [float(segment["share"]) for segment in environment.segments]
    for f, firm in enumerate(map(audited, firms)):
        if firm.learning.steering == "none" and (learners[f] == UNTAUGHT).all():
            continue
        learning, learner, counts = firm.learning, of_row(learners[f].tolist()), tally[f]
        there = firm.in_market or counts[:, O.encounters].any()
        if learning.steering == "none" or not there:
            learners[f] = as_row(NOVICE._replace(corrected=worn(learner, learning, years).corrected))
            continue
        visits = visits_of(learning, clock.period, years)
        for mode in reported_by_shoppers(environment.firms[f], f, visits, clock):  # counted in the first segment
            counts[0, O.reported_broken_commitment + mode] += 1
        encounters, recorded = float(counts[:, O.encounters].sum()), float(counts[:, RECORDED].sum())
        reports = tuple(map(float, counts[:, REPORTED].sum(axis=0).tolist()))
        evidence = Evidence(reports, encounters_heard_of(learning, encounters, visits))
        learner = heard(learner, evidence, learning, years)
        rates, cycle = believed(learner, learning), corrected(learner, evidence, firm, years)
        spent = cost_of_correcting(cycle, firm, years)
        listening = cost_of_listening(learning, encounters, recorded, visits, years)
        for s, share in enumerate(shares):
            for mode, rate in enumerate(rates):
                counts[s, O.believed_broken_commitment + mode] += fixed_point(rate * float(counts[s, O.encounters]))
            counts[s, O.corrections] += fixed_point((cycle.implemented != NO_MODE) * share)
            counts[s, O.corrections_kept] += fixed_point(cycle.kept * share)
            counts[s, O.corrections_undone] += fixed_point(cycle.undone * share)
            counts[s, O.appraisal_cost] += fixed_point(listening * share)
            counts[s, O.prevention_cost] += fixed_point(spent * share)
        learners[f] = as_row(cycle.learner)
