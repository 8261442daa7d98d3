"""Service encounters in the readable twin: delivered, perceived, judged; then exit, voice or loyalty."""

from __future__ import annotations

import numpy as np

from sim.model.dimensions import DIMENSIONS
from sim.model.encounter import LUCK_OF_ENCOUNTER, serve
from sim.model.luck import normal, poisson
from sim.model.recovery import RESOLVED_QUICKLY, UNRESOLVED
from sim.model.shares import shifted_share
from sim.model.table import ROWS, T
from sim.model.voice import complaint_shift, repurchase_shift, severity_driver
from sim.twin.complaints import Complaint, settle
from sim.twin.customer import LEVELS, Customer, single
from sim.vocabulary.streams import ARRIVAL, RECOVERY, SERVICE, TALK, VOICE

FIVE = len(DIMENSIONS)


def have_encounters(customer: Customer) -> None:
    """All encounters of a customer in this period, until the customer decides to leave."""
    if customer.supplier is None:
        return
    expected = customer.frequency * customer.model.encounters_per_period[customer.segment]
    for k in range(poisson(customer.draw(ARRIVAL, 0)[0], expected)):
        felt = be_served(customer, k)
        level = LEVELS[customer.level]
        u_talk = customer.draw(TALK, k)[0]
        if u_talk < getattr(customer.model.parameters.talk.shares, level):
            customer.story = level
        if level == "dissatisfied":
            decide(customer, k, felt, u_talk)
        if customer.intent is not None:
            return


def be_served(customer: Customer, k: int) -> float:
    """The k-th encounter of the period, in a table of one person; returns the felt disconfirmation, points."""
    model, f, s = customer.model, customer.supplier, customer.segment
    assert f is not None
    table = np.zeros((len(ROWS), 1))
    what, how, more = (customer.draw(SERVICE, LUCK_OF_ENCOUNTER * k + index) for index in range(3))
    table[T.u_kind : T.u_kind + 4, 0] = what
    table[T.u_warranty] = more[1]
    table[T.scatter : T.scatter + FIVE, 0] = [normal(u) for u in (*how, more[0])]
    table[T.will : T.will + FIVE, 0] = customer.will
    table[T.should : T.should + FIVE, 0] = customer.should
    for name in ("satisfaction", "confirmation", "history", "level", "disposition", "spend"):
        table[getattr(T, name)] = getattr(customer, name)

    serve(table, 1, model.firm_records[f], model.segment_records[s], model.served[f, s])

    customer.will = [single(level) for level in table[T.will : T.will + FIVE, 0]]
    customer.should = [single(level) for level in table[T.should : T.should + FIVE, 0]]
    for name in ("satisfaction", "confirmation", "history"):
        setattr(customer, name, single(table[getattr(T, name), 0]))
    customer.level = int(table[T.level, 0])
    if f == 0:
        customer.margin = single(customer.margin + single(table[T.earned, 0]))
    return float(table[T.felt, 0])


def decide(customer: Customer, k: int, felt: float, u_talk: float) -> None:
    """What a dissatisfied customer does: complain, or leave in silence, or stay in silence."""
    if customer.complaint_open:
        customer.count("pending")
        return
    model, firm, voice = customer.model, customer.firm, customer.model.parameters.voice
    chance = customer.draw(VOICE, k)
    severity = severity_driver(felt, customer.traits.judgement.tolerance)
    if chance[0] >= share_who_complain(customer, severity):
        keep_silent(customer, severity, chance[2], chance[3])
        return

    customer.count("complained")
    customer.has_complained = True
    to_the_desk = chance[1] < voice.headquarters_share
    if to_the_desk:
        customer.count("complained_headquarters")
    else:
        customer.count("complained_front_line")
        remedy = customer.draw(RECOVERY, 4 * k)
        outcome = UNRESOLVED
        if remedy[0] < firm.desk.front_line_resolution:
            outcome = RESOLVED_QUICKLY
            customer.count("front_line_resolved")
        elif remedy[1] < voice.escalation_share:
            to_the_desk = True
            customer.count("escalated")
        if not to_the_desk:
            settle(customer, outcome, 0.0, severity, remedy[2], remedy[3], u_talk)
    if to_the_desk:
        assert customer.supplier is not None
        customer.complaint_open = True
        model.desks[customer.supplier].receive(Complaint(customer, model.period, k, single(severity)))


def share_who_complain(customer: Customer, severity: float) -> float:
    """The published share of the dissatisfied who complain, shifted by what drives this customer."""
    voice, desk = customer.model.parameters.voice, customer.firm.desk
    drivers = voice.complaint_drivers
    shift = complaint_shift(
        desk.ease,
        severity,
        customer.switching_cost,
        customer.loyalty,
        desk.answer_share * desk.resolution_share,
        customer.traits.sociability.complaint_tendency + customer.complaint_tendency,
        drivers.ease,
        drivers.severity,
        drivers.switching_cost,
        drivers.loyalty,
        drivers.expected_success,
        drivers.person,
    )
    share: float = shifted_share(voice.complain_share, shift)
    return share


def keep_silent(customer: Customer, severity: float, u_stay: float, u_lapse: float) -> None:
    """The silent stay, leave for a while or leave for ever; the captive stay whatever they decide."""
    voice = customer.model.parameters.voice
    weights = voice.repurchase_drivers
    shift = repurchase_shift(
        severity,
        customer.switching_cost,
        customer.loyalty,
        0.0,
        weights.severity,
        weights.switching_cost,
        weights.loyalty,
        weights.justice,
    )
    customer.count("silent")
    buys_again = u_stay < shifted_share(voice.repurchase.silent, shift)
    if buys_again and u_lapse >= voice.lapse_share:
        customer.count("silent_stayed")
    elif customer.captive:
        customer.count("silent_captive")
    elif buys_again:
        customer.count("silent_lapsed")
        customer.intent = "lapsed_silent"
    else:
        customer.count("silent_lost")
        customer.intent = "left_silent"
