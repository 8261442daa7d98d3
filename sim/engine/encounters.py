"""Service encounters: delivered, paid, perceived and judged."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import kernel, rule
from sim.engine.census import count_customer
from sim.model.contexts import Books, Clock, Market
from sim.model.dimensions import ASSURANCE
from sim.model.expectation import updated_should, updated_will
from sim.model.judgement import (
    disconfirmation,
    encounter_satisfaction,
    learning_step,
    level_of,
    moved_towards,
    perceived,
)
from sim.model.luck import CENTRE, normal, normal_centre, poisson, uniforms
from sim.model.money import add_margin
from sim.model.person import INTENT_STAY, NOBODY
from sim.model.register import O
from sim.model.service import (
    HELP,
    PURCHASE,
    carried_over,
    channel_of_encounter,
    delivered,
    human_touch,
    kind_of_encounter,
)
from sim.model.shares import fixed_point
from sim.model.talk import STORY_DISSATISFIED
from sim.model.voice import decide, severity_driver
from sim.vocabulary.streams import ARRIVAL, SERVICE, TALK

BLOCK = 2048
"""Rows handled together, so that what the dense pass reads is still in the cache for the sparse one."""

MODES = 12

KIND, CHANNEL, FAILURE, INTERCEPTION, SCATTER, WARRANTY, TELLS, DRAWS = 0, 1, 2, 3, 4, 9, 10, 11
"""Rows of the drawn luck of encounters; SCATTER is the first of five."""


@kernel
def encounter_stage(state: Any, market: Market, books: Books, clock: Clock, cases: Any, low: int, high: int) -> int:
    """All encounters of rows `low` to `high` in one period; returns how many complaints go to the desks.

    Staged in blocks: a dense pass draws who may have an encounter, the few are compacted, and only for those the
    rules are computed. `tally` is int64[firms, segments, observables]; new complaints are written to `cases`
    (rows, encounter numbers, severities) from index `low` on, in the order of the rows.
    """
    firms, segments, world, tally = market.firms, market.segments, market.world, books.tally
    seed, period = clock.seed, clock.period
    rows = np.empty(BLOCK, np.int32)
    times = np.empty(BLOCK, np.int32)
    lucks = np.empty(BLOCK, np.uint32)
    means = np.empty(BLOCK, np.float64)
    draws = np.empty(BLOCK, np.float64)
    service = np.empty((DRAWS, BLOCK), np.float64)
    expected = np.empty(segments.shape[0], np.float64)
    for s in range(segments.shape[0]):
        expected[s] = segments[s].encounters_per_period
    opened = 0
    for start in range(low, high, BLOCK):
        size = min(BLOCK, high - start)
        for j in range(size):
            person = state.people[start + j]
            lucks[j] = person.luck
            means[j] = np.float64(person.frequency) * expected[person.segment]
        for j in range(size):
            draws[j] = uniforms(seed, ARRIVAL, lucks[j], period, 0)[0]
        count = 0
        for j in range(size):
            # 1 - mean <= exp(-mean): below it, the Poisson count is surely zero
            rows[count] = j
            count += (draws[j] > 1.0 - means[j]) & (state.supplier[start + j] != NOBODY)
        for c in range(count):
            times[c] = poisson(draws[rows[c]], means[rows[c]])
            rows[c] += start
        k = 0
        while True:
            left = 0
            for c in range(count):
                rows[left] = rows[c]
                times[left] = times[c]
                lucks[left] = state.people[rows[c]].luck
                left += (times[c] > k) & (state.people[rows[c]].intent == INTENT_STAY)
            count = left
            if count == 0:
                break
            draw_service(service, lucks, count, seed, period, k)
            for c in range(count):
                i = rows[c]
                person = state.people[i]
                f = state.supplier[i]
                count_customer(state, segments, tally, f, i, -1)
                level, felt = serve(state, firms, segments, tally, service, c, i)
                talk = service[TELLS, c]
                if talk < world[0].talk.shares[level]:
                    state.story[i] = STORY_DISSATISFIED + level
                if level == 0 and decide(state, i, market, books, clock, k, felt, talk):
                    cases.row[low + opened] = i
                    cases.encounter[low + opened] = k
                    tolerance = segments[person.segment].judgement.tolerance
                    cases.severity[low + opened] = severity_driver(felt, tolerance)
                    opened += 1
                count_customer(state, segments, tally, f, i, 1)
            k += 1
    return opened


@kernel
def draw_service(service: Any, lucks: Any, count: int, seed: int, period: int, k: int) -> None:
    """Luck of the k-th encounter of `count` people, a column of `service` for each.

    Rows: kind, channel, failure, interception; five standard normals of delivery; warranty; whether it is told. Loops
    without branches, so that several people are drawn at once; only the tails of the normals are computed one by one.
    """
    for c in range(count):
        service[KIND, c], service[CHANNEL, c], service[FAILURE, c], service[INTERCEPTION, c] = uniforms(
            seed, SERVICE, lucks[c], period, 4 * k
        )
    for c in range(count):
        service[SCATTER, c], service[SCATTER + 1, c], service[SCATTER + 2, c], service[SCATTER + 3, c] = uniforms(
            seed, SERVICE, lucks[c], period, 4 * k + 1
        )
    for c in range(count):
        fifth = uniforms(seed, SERVICE, lucks[c], period, 4 * k + 2)
        service[SCATTER + 4, c] = fifth[0]
        service[WARRANTY, c] = fifth[1]
    for c in range(count):
        service[TELLS, c] = uniforms(seed, TALK, lucks[c], period, k)[0]
    tails = np.empty(count, np.int32)
    outer = np.empty(count, np.float64)
    for row in range(SCATTER, SCATTER + 5):
        found = 0
        for c in range(count):
            u = service[row, c]
            tails[found] = c
            outer[found] = u
            found += abs(u - 0.5) > CENTRE
        for c in range(count):
            service[row, c] = normal_centre(service[row, c] - 0.5)
        for t in range(found):
            service[row, tails[t]] = normal(outer[t])


@rule
def serve(state: Any, firms: Any, segments: Any, tally: Any, service: Any, c: int, i: int) -> tuple[int, float]:
    """One encounter of row i, with the luck of column c of `service`: delivered, paid, perceived, judged, remembered.

    Returns the level (0 dissatisfied, 1 satisfied, 2 delighted) and the felt disconfirmation in points.
    """
    person = state.people[i]
    f = state.supplier[i]
    s = person.segment
    firm = firms[f]
    segment = segments[s]
    judgement = segment.judgement
    counts = tally[f, s]
    meets = segment.encounters
    kind = kind_of_encounter(
        service[KIND, c], meets.purchases_per_year, meets.help_requests_per_year, meets.repairs_per_year
    )
    touch = human_touch(
        channel_of_encounter(service[CHANNEL, c], firm.systems.channels.chat, firm.systems.channels.telephone),
        firm.systems.channels.filter_strength,
    )
    counts[O.encounters] += 1
    earned = pay(state, counts, firm, i, kind, service[WARRANTY, c])

    ladder = firm.failure_ladder
    mode = -1
    misfortune = service[FAILURE, c]
    if misfortune < ladder[MODES - 1]:
        mode = 0
        while misfortune >= ladder[mode]:
            mode += 1
        if service[INTERCEPTION, c] < firm.systems.interception_share:
            mode = -1
            counts[O.failures_intercepted] += 1
            counts[O.internal_failure_cost] += fixed_point(firm.costs.internal_failure)
            earned -= firm.costs.internal_failure
        else:
            counts[O.failures_felt] += 1
            counts[O.failure_broken_commitment + mode] += 1
            counts[O.failure_effect_cost] += fixed_point(firm.costs.failure_effect)
            earned -= firm.costs.failure_effect
    add_margin(state, i, f, earned)

    failures = firm.systems.failures
    memory = segment.expectations.will_memory
    pull = segment.expectations.promise_pull
    quality = 0.0
    felt = 0.0
    mean_will = 0.0
    mean_should = 0.0
    for d in range(5):
        will = np.float64(person.will[d])
        should = np.float64(person.should[d])
        hurt = failures.severity[mode] * failures.hurts[mode, d] if mode >= 0 else 0.0
        reached = delivered(firm.systems.service[d], firm.systems.staff_variation, service[SCATTER + d, c], hurt)
        if d >= ASSURANCE:  # assurance and empathy, the human dimensions, are the last two
            reached = carried_over(reached, touch)
        seen = perceived(reached, will, should, judgement.will_assimilation, judgement.should_contrast)
        weight = judgement.importance[d]
        quality += weight * seen
        felt += weight * disconfirmation(seen - will, judgement.loss_aversion)
        mean_will += weight * will
        mean_should += weight * should
        counts[O.perceived_tangibles + d] += fixed_point(seen)
        counts[O.will_tangibles + d] += fixed_point(will)
        counts[O.should_tangibles + d] += fixed_point(should)
        person.will[d] = updated_will(will, seen, firm.strategy.promise[d], memory, pull)
        person.should[d] = updated_should(should, seen, segment.expectations.should_ratchet)

    level = level_of(felt, mean_will, mean_should, judgement.tolerance, judgement.delight_margin)
    kind_weight = 1.0
    if kind == HELP:
        kind_weight = meets.help_weight
    elif kind != PURCHASE:
        kind_weight = meets.repair_weight
    history = np.float64(person.history)
    step = learning_step(history, judgement.first_step, judgement.last_step, judgement.history_half, kind_weight)
    now = encounter_satisfaction(
        quality,
        felt,
        np.float64(person.disposition),
        judgement.satisfaction_at_reference,
        judgement.reference_quality,
        judgement.quality_effect,
        judgement.disconfirmation_effect,
        judgement.saturation,
    )
    person.satisfaction = moved_towards(np.float64(person.satisfaction), now, step)
    person.confirmation = moved_towards(np.float64(person.confirmation), felt, step)
    person.history = history + 1.0
    person.level = level
    counts[O.dissatisfied + level] += 1
    return level, felt


@rule
def pay(state: Any, counts: Any, firm: Any, i: int, kind: int, u: float) -> float:
    """Book revenue, goods and service of one encounter; returns the margin it earned, money."""
    person = state.people[i]
    if kind == PURCHASE:
        counts[O.purchases] += 1
        spend = np.float64(person.spend)
        revenue = spend * firm.strategy.price_index
        goods = spend * (1.0 - firm.strategy.gross_margin)
        counts[O.revenue] += fixed_point(revenue)
        counts[O.goods_cost] += fixed_point(goods)
        counts[O.service_cost] += fixed_point(firm.costs.purchase_service)
        return revenue - goods - firm.costs.purchase_service
    if kind == HELP:
        counts[O.help_requests] += 1
        counts[O.service_cost] += fixed_point(firm.costs.help_service)
        return -firm.costs.help_service
    counts[O.repairs] += 1
    if u < firm.costs.warranty_share:
        counts[O.warranty_cost] += fixed_point(firm.costs.repair_service)
        return -firm.costs.repair_service
    counts[O.revenue] += fixed_point(firm.costs.repair_price)
    counts[O.service_cost] += fixed_point(firm.costs.repair_service)
    return firm.costs.repair_price - firm.costs.repair_service
