"""The end of a complaint, at the front line or at the desk: justice, satisfaction, talk, and buying again or not."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.model.movement import INTENT_LEAVE_COMPLAINT
from sim.model.person import CAPTIVE
from sim.model.recovery import (
    RESOLVED,
    UNANSWERED,
    distributive_justice,
    interactional_justice,
    justice_of,
    procedural_justice,
    satisfaction_after_answer,
)
from sim.model.register import O
from sim.model.shares import fixed_point, shifted_share
from sim.model.talk import STORY_FAILED_RECOVERY, STORY_RECOVERED
from sim.model.voice import loyalty_index, repurchase_shift


@kernel
def settle(
    state: Any,
    firms: Any,
    world: Any,
    counts: Any,
    period: int,
    i: int,
    outcome: int,
    days: float,
    severity: float,
    u_repurchase: float,
    u_call: float,
    u_talk: float,
) -> None:
    """Settle the complaint of row i with its present supplier.

    `counts` is the tally of the customer's firm and segment; `days` the time from complaint to answer.
    """
    person = state.people[i]
    f = state.supplier[i]
    desk = firms[f].desk
    recovery = world[0].recovery
    voice = world[0].voice
    called_back = outcome != UNANSWERED and u_call < desk.follow_up
    justice = justice_of(
        distributive_justice(outcome, desk.compensation, recovery.remedy, recovery.no_remedy),
        interactional_justice(outcome, desk.apology, called_back, recovery.call_back),
        procedural_justice(outcome, days, desk.speed_target_days),
        recovery.distributive,
        recovery.interactional,
        recovery.procedural,
    )
    satisfaction = satisfaction_after_answer(
        np.float64(person.satisfaction), justice, recovery.gain, recovery.double_deviation
    )
    person.satisfaction = satisfaction
    counts[O.unanswered + outcome] += 1
    counts[O.justice_sum] += fixed_point(justice)
    cost = 0.0
    if outcome >= RESOLVED:
        cost = desk.compensation * np.float64(person.spend)
        counts[O.compensation_cost] += fixed_point(cost)
    if called_back:
        counts[O.complaint_cost] += fixed_point(desk.follow_up_cost)
        cost += desk.follow_up_cost
    if f == 0:
        person.margin -= np.float32(cost)

    tenure = (period - person.joined) * world[0].years
    weights = voice.repurchase_drivers
    shift = repurchase_shift(
        severity,
        np.float64(person.switching_cost),
        loyalty_index(
            np.float64(person.satisfaction), tenure, voice.loyalty_reference, voice.loyalty_scale, voice.tenure_loyalty
        ),
        justice,
        weights.severity,
        weights.switching_cost,
        weights.loyalty,
        weights.justice,
    )
    bases = (
        voice.repurchase.unanswered,
        voice.repurchase.unresolved,
        voice.repurchase.resolved,
        voice.repurchase.resolved_quickly,
    )
    kept = u_repurchase < shifted_share(bases[outcome], shift)
    if kept:
        counts[O.unanswered_kept + outcome] += 1
    elif person.flags & CAPTIVE != 0:
        counts[O.complaint_captive] += 1
    else:
        counts[O.complaint_lost] += 1
        person.intent = INTENT_LEAVE_COMPLAINT
    if outcome < RESOLVED and u_talk < world[0].talk.shares[STORY_FAILED_RECOVERY - 1]:
        state.story[i] = STORY_FAILED_RECOVERY
    elif outcome >= RESOLVED and kept and u_talk < world[0].talk.shares[STORY_RECOVERED - 1]:
        state.story[i] = STORY_RECOVERED
