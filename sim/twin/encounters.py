"""Service encounters in the readable twin: delivered, perceived, judged; then exit, voice or loyalty."""

from __future__ import annotations

from sim.model.dimensions import DIMENSIONS
from sim.model.expectation import updated_should, updated_will
from sim.model.failures import FAILURE_MODES
from sim.model.judgement import (
    disconfirmation,
    encounter_satisfaction,
    learning_step,
    level_of,
    moved_towards,
    perceived,
)
from sim.model.luck import normal, poisson
from sim.model.recovery import RESOLVED_QUICKLY, UNRESOLVED
from sim.model.service import (
    HELP,
    NO_FAILURE,
    PURCHASE,
    carried_over,
    channel_of_encounter,
    delivered,
    human_touch,
    kind_of_encounter,
)
from sim.model.shares import shifted_share
from sim.model.voice import complaint_shift, repurchase_shift, severity_driver
from sim.twin.complaints import Complaint, settle
from sim.twin.customer import LEVELS, Customer, five, single
from sim.vocabulary.streams import ARRIVAL, RECOVERY, SERVICE, TALK, VOICE


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
    """The k-th encounter of the period; returns the felt disconfirmation, points."""
    firm, me = customer.firm, customer.traits
    what, how, more = (customer.draw(SERVICE, 4 * k + index) for index in range(3))
    meets = me.encounters
    kind = kind_of_encounter(what[0], meets.purchases_per_year, meets.help_requests_per_year, meets.repairs_per_year)
    channels = firm.systems.channels
    channel = channel_of_encounter(what[1], channels.chat, channels.telephone)
    touch = human_touch(channel, channels.filter_strength)
    customer.count("encounters")
    earned = pay(customer, kind, more[1])

    mode = failure(customer, what[2])
    if mode != NO_FAILURE and what[3] < firm.systems.interception_share:
        mode = NO_FAILURE
        customer.count("failures_intercepted")
        customer.book("internal_failure_cost", firm.costs.internal_failure)
        earned -= firm.costs.internal_failure
    elif mode != NO_FAILURE:
        customer.count("failures_felt")
        customer.count(f"failure_{FAILURE_MODES[mode]}")
        customer.book("failure_effect_cost", firm.costs.failure_effect)
        earned -= firm.costs.failure_effect
    if customer.supplier == 0:
        customer.margin = single(customer.margin + single(earned))

    scatter = [normal(u) for u in (*how, more[0])]
    return judge(customer, kind, service_delivered(customer, mode, touch, scatter))


def failure(customer: Customer, u: float) -> int:
    """The failure mode that strikes the encounter, or NO_FAILURE."""
    assert customer.supplier is not None
    for mode, up_to in enumerate(customer.model.failure_ladder[customer.supplier]):
        if u < up_to:
            return mode
    return NO_FAILURE


def pay(customer: Customer, kind: int, u: float) -> float:
    """Book revenue, goods and service of the encounter; returns the margin that it earned."""
    strategy, costs = customer.firm.strategy, customer.firm.costs
    if kind == PURCHASE:
        revenue = customer.spend * strategy.price_index
        goods = customer.spend * (1.0 - strategy.gross_margin)
        customer.count("purchases")
        customer.book("revenue", revenue)
        customer.book("goods_cost", goods)
        customer.book("service_cost", costs.purchase_service)
        return revenue - goods - costs.purchase_service
    if kind == HELP:
        customer.count("help_requests")
        customer.book("service_cost", costs.help_service)
        return -costs.help_service
    customer.count("repairs")
    if u < costs.warranty_share:
        customer.book("warranty_cost", costs.repair_service)
        return -costs.repair_service
    customer.book("revenue", costs.repair_price)
    customer.book("service_cost", costs.repair_service)
    return costs.repair_price - costs.repair_service


def service_delivered(customer: Customer, mode: int, touch: float, scatter: list[float]) -> list[float]:
    """What reaches the customer on each dimension: service level, scatter, failure, and the channel's filter."""
    systems = customer.firm.systems
    broken = None if mode == NO_FAILURE else getattr(systems.failures, FAILURE_MODES[mode])
    reached = []
    for d, name in enumerate(DIMENSIONS):
        hurt = 0.0 if broken is None else broken.severity * getattr(broken.hurts, name)
        quality = delivered(five(systems.service)[d], systems.staff_variation, scatter[d], hurt)
        reached.append(carried_over(quality, touch) if name in ("assurance", "empathy") else quality)
    return reached


def judge(customer: Customer, kind: int, reached: list[float]) -> float:
    """Compare with expectations, then update level, satisfaction and both expectations; returns what was felt."""
    me = customer.traits
    judgement, importance, promise = me.judgement, customer.importance, five(customer.firm.strategy.promise)
    quality = felt = mean_will = mean_should = 0.0
    for d, name in enumerate(DIMENSIONS):
        will, should = customer.will[d], customer.should[d]
        seen = perceived(reached[d], will, should, judgement.will_assimilation, judgement.should_contrast)
        quality += importance[d] * seen
        felt += importance[d] * disconfirmation(seen - will, judgement.loss_aversion)
        mean_will += importance[d] * will
        mean_should += importance[d] * should
        customer.book(f"perceived_{name}", seen)
        customer.book(f"will_{name}", will)
        customer.book(f"should_{name}", should)
        expects = me.expectations
        customer.will[d] = single(updated_will(will, seen, promise[d], expects.will_memory, expects.promise_pull))
        customer.should[d] = single(updated_should(should, seen, expects.should_ratchet))

    customer.level = level_of(felt, mean_will, mean_should, judgement.tolerance, judgement.delight_margin)
    customer.count(LEVELS[customer.level])
    weight = 1.0
    if kind != PURCHASE:
        weight = me.encounters.help_weight if kind == HELP else me.encounters.repair_weight
    step = learning_step(customer.history, judgement.first_step, judgement.last_step, judgement.history_half, weight)
    now = encounter_satisfaction(
        quality,
        felt,
        customer.disposition,
        judgement.satisfaction_at_reference,
        judgement.reference_quality,
        judgement.quality_effect,
        judgement.disconfirmation_effect,
        judgement.saturation,
    )
    customer.satisfaction = single(moved_towards(customer.satisfaction, now, step))
    customer.confirmation = single(moved_towards(customer.confirmation, felt, step))
    customer.history = single(customer.history + 1.0)
    return felt


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
