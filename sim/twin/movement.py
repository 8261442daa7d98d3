"""Movement in the readable twin: people leave, switch, return, and become customers."""

from __future__ import annotations

import math

from sim.model.movement import switch_shift
from sim.model.shares import shifted_share
from sim.model.talk import adoption_chance, appeal_of
from sim.twin.customer import Customer, five, weighted
from sim.vocabulary.streams import MOVEMENT


def move(customer: Customer) -> None:
    """At most one move in a period: away from the supplier, back to a former one, or to a first one."""
    if customer.gone or not customer.present:
        return
    u_attrition, u_review, u_return, u_adopt = customer.draw(MOVEMENT, 0)
    moved = False
    if customer.supplier is not None:
        moved = part(customer, u_attrition, u_review)
    if not moved and customer.former is not None:
        moved = think_of_return(customer, u_return)
    if not moved and customer.supplier is None:
        adopt(customer, u_adopt)


def part(customer: Customer, u_attrition: float, u_review: float) -> bool:
    """Carry out a decision to leave, or fall to natural attrition, or compare and perhaps switch."""
    model, f = customer.model, customer.supplier
    assert f is not None
    u_switch, u_rival, u_rebuy, _ = customer.draw(MOVEMENT, 1)
    if customer.intent is not None:
        cause, customer.intent = customer.intent, None
        customer.leave(cause)
        if u_rebuy < model.parameters.market.rebuy_share:
            rival = chosen_rival(customer, f, u_rival)
            if rival is not None:
                switch_to(customer, rival)
        return True
    if u_attrition < customer.attrition:
        leave_the_market(customer, f)
        return True
    if len(model.firms) > 1 and u_review < model.review_chance[customer.segment] and not customer.captive:
        rival = chosen_rival(customer, f, u_rival)
        if rival is not None and u_switch < share_who_switch(customer, f, rival):
            customer.leave("left_switch")
            switch_to(customer, rival)
            return True
    return False


def leave_the_market(customer: Customer, f: int) -> None:
    """Leave firm f for reasons that no service can mend, and every other firm is without the person too."""
    ever_before = set(customer.ever)
    customer.leave("left_natural")
    for g in range(len(customer.model.firms)):
        if g != f and g not in customer.barred:
            customer.count("lapsed_gone" if g in ever_before else "prospects_gone", firm=g)
        customer.barred.add(g)
    customer.gone = True


def share_who_switch(customer: Customer, f: int, rival: int) -> float:
    """The base share of comparisons that end in a switch from firm f, shifted by what the two firms are."""
    model, rule = customer.model, customer.model.parameters.movement
    shift = switch_shift(
        (model.reputation[rival] + customer.disposition - customer.satisfaction) / 10.0,
        customer.opinion[rival] - customer.opinion[f],
        model.firms[f].strategy.price_index - model.firms[rival].strategy.price_index,
        promise_of(customer, rival) - weighted(customer.importance, customer.will),
        customer.switching_cost,
        customer.loyalty,
        rule.advantage,
        rule.opinion,
        rule.price,
        rule.promise,
        rule.switching_cost,
        rule.loyalty,
    )
    share: float = shifted_share(rule.switch_share, shift)
    return share


def switch_to(customer: Customer, rival: int) -> None:
    """Become a customer of a rival, for the first time or again."""
    customer.join(rival, "returned_switch" if rival in customer.ever else "won_switch")


def chosen_rival(customer: Customer, f: int, u: float) -> int | None:
    """The firm other than f that the customer looks at, in proportion to its attraction; None where none is left."""
    candidates = [g for g in range(len(customer.model.firms)) if g != f and g not in customer.barred]
    if len(candidates) <= 1:
        return candidates[0] if candidates else None
    total = 0.0
    for g in candidates:
        total += attraction(customer, g)
    left = u * total
    for g in candidates:
        left -= attraction(customer, g)
        if left < 0.0:
            return g
    return candidates[-1]


def attraction(customer: Customer, g: int) -> float:
    """Weight of firm g among the suppliers that the customer could look at."""
    model, rule = customer.model, customer.model.parameters.movement
    return math.exp(
        rule.advantage * (model.reputation[g] - 75.0) / 10.0
        + rule.opinion * customer.opinion[g]
        - rule.price * (model.firms[g].strategy.price_index - 1.0)
        + rule.promise * promise_of(customer, g)
    )


def promise_of(customer: Customer, g: int) -> float:
    """What firm g promises over all dimensions, as this customer weighs them."""
    return weighted(customer.importance, five(customer.model.firms[g].strategy.promise))


def think_of_return(customer: Customer, u: float) -> bool:
    """A former customer may come back, unasked or because of a win-back offer."""
    model, former = customer.model, customer.former
    assert former is not None
    unasked = model.return_chance[customer.segment]
    if u >= unasked + model.contact_chance[former] or former in customer.barred:
        return False
    if customer.supplier is not None and customer.captive:
        return False
    if u < unasked:
        way, base = "returned", model.parameters.movement.return_share
    else:
        offer = model.firms[former].win_back
        way, base = "won_back", offer.acceptance_share
        customer.book("win_back_cost", offer.cost, firm=former)
    share = shifted_share(base, model.parameters.movement.return_opinion * customer.opinion[former])
    if customer.draw(MOVEMENT, 1)[3] >= share:
        return False
    if customer.supplier is not None:
        customer.leave("left_switch")
    customer.join(former, way)
    return True


def adopt(customer: Customer, u: float) -> None:
    """A person without a supplier may become a customer of a firm, through advertising or through talk."""
    model = customer.model
    chances = [chance_to_adopt(customer, g) for g in range(len(model.firms))]
    nobody, total = 1.0, 0.0
    for chance in chances:
        nobody *= 1.0 - chance
        total += chance
    if u < nobody or total <= 0.0:
        return
    u_way, u_firm, *_ = customer.draw(MOVEMENT, 1)
    left = u_firm * total
    for g, chance in enumerate(chances):
        left -= chance
        if left < 0.0:
            by_talk = u_way * won_over(customer, g, appeal=0.0) >= model.advertising_chance[g]
            customer.join(g, "won_talk" if by_talk else "won_advertising")
            return


def chance_to_adopt(customer: Customer, g: int) -> float:
    """Chance of adopting firm g in this period; none for those who ever were its customers."""
    if g in customer.ever or g in customer.barred:
        return 0.0
    parameters = customer.model.parameters
    appeal = appeal_of(
        customer.opinion[g],
        promise_of(customer, g),
        weighted(customer.importance, customer.will),
        parameters.talk.opinion_on_adoption,
        parameters.movement.promise,
    )
    return won_over(customer, g, appeal)


def won_over(customer: Customer, g: int, appeal: float) -> float:
    """Chance that advertising and the good words heard win the person for firm g, given its appeal."""
    model, talk = customer.model, customer.model.parameters.talk
    words = customer.inbox.get(g)
    chance: float = adoption_chance(
        model.advertising_chance[g],
        words.strong_good if words else 0,
        words.weak_good if words else 0,
        talk.strong_adoption,
        talk.weak_adoption,
        appeal,
    )
    return chance
