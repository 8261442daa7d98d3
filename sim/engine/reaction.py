"""What the dissatisfied do: exit, voice or loyalty."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.engine.settlement import settle
from sim.model.luck import uniforms
from sim.model.movement import INTENT_LAPSE_SILENT, INTENT_LEAVE_SILENT, INTENT_STAY
from sim.model.person import CAPTIVE, COMPLAINT_OPEN, HAS_COMPLAINED
from sim.model.recovery import RESOLVED_QUICKLY, UNRESOLVED
from sim.model.register import O
from sim.model.shares import shifted_share
from sim.model.voice import complaint_shift, loyalty_index, repurchase_shift, severity_driver
from sim.vocabulary.streams import RECOVERY, VOICE


@kernel
def decide(
    state: Any,
    firms: Any,
    segments: Any,
    world: Any,
    tally: Any,
    seed: int,
    period: int,
    i: int,
    k: int,
    felt: float,
    talk: float,
) -> bool:
    """What the dissatisfied customer of row i does; true when a complaint goes to the desk."""
    person = state.people[i]
    f = state.supplier[i]
    s = person.segment
    counts = tally[f, s]
    if person.flags & COMPLAINT_OPEN != 0:
        counts[O.pending] += 1
        return False
    firm = firms[f]
    segment = segments[s]
    voice = world[0].voice
    luck = person.luck
    chance = uniforms(seed, VOICE, luck, period, k)
    severity = severity_driver(felt, segment.judgement.tolerance)
    switching_cost = np.float64(person.switching_cost)
    tenure = (period - person.joined) * world[0].years
    loyalty = loyalty_index(
        np.float64(person.satisfaction), tenure, voice.loyalty_reference, voice.loyalty_scale, voice.tenure_loyalty
    )
    drivers = voice.complaint_drivers
    speaks_up = shifted_share(
        voice.complain_share,
        complaint_shift(
            firm.desk.ease,
            severity,
            switching_cost,
            loyalty,
            firm.desk.answer_share * firm.desk.resolution_share,
            segment.sociability.complaint_tendency + np.float64(person.complaint_tendency),
            drivers.ease,
            drivers.severity,
            drivers.switching_cost,
            drivers.loyalty,
            drivers.expected_success,
            drivers.person,
        ),
    )
    if chance[0] < speaks_up:
        counts[O.complained] += 1
        person.flags |= HAS_COMPLAINED
        if chance[1] < voice.headquarters_share:
            counts[O.complained_headquarters] += 1
            person.flags |= COMPLAINT_OPEN
            return True
        counts[O.complained_front_line] += 1
        remedy = uniforms(seed, RECOVERY, luck, period, 4 * k)
        outcome = UNRESOLVED
        if remedy[0] < firm.desk.front_line_resolution:
            outcome = RESOLVED_QUICKLY
            counts[O.front_line_resolved] += 1
        elif remedy[1] < voice.escalation_share:
            counts[O.escalated] += 1
            person.flags |= COMPLAINT_OPEN
            return True
        settle(state, firms, world, counts, period, i, outcome, 0.0, severity, remedy[2], remedy[3], talk)
        return False
    counts[O.silent] += 1
    weights = voice.repurchase_drivers
    stays = shifted_share(
        voice.repurchase.silent,
        repurchase_shift(
            severity, switching_cost, loyalty, 0.0,
            weights.severity, weights.switching_cost, weights.loyalty, weights.justice,
        ),
    )  # fmt: skip
    intent = INTENT_STAY
    if chance[2] >= stays:
        intent = INTENT_LEAVE_SILENT
    elif chance[3] < voice.lapse_share:
        intent = INTENT_LAPSE_SILENT
    if intent == INTENT_STAY:
        counts[O.silent_stayed] += 1
    elif person.flags & CAPTIVE != 0:
        counts[O.silent_captive] += 1
    else:
        counts[O.silent_lost if intent == INTENT_LEAVE_SILENT else O.silent_lapsed] += 1
        person.intent = intent
    return False
