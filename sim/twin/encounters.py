"""Service encounters in the readable twin: how many a customer has in a period, one after the other."""

from __future__ import annotations

import numpy as np

from sim.engine.encounters import DRAWS, draw_service, serve
from sim.model.judgement import LEVEL_DISSATISFIED
from sim.model.luck import poisson
from sim.model.person import INTENT_STAY
from sim.model.talk import STORY_DISSATISFIED
from sim.model.voice import decide, severity_driver
from sim.twin.complaints import Complaint
from sim.twin.customer import Customer
from sim.vocabulary.streams import ARRIVAL, TALK


def have_encounters(customer: Customer) -> None:
    """All encounters of a customer in this period, until the customer decides to leave."""
    model = customer.model
    if customer.supplier is None:
        return
    expected = customer.frequency * model.market.segments[customer.segment]["encounters_per_period"]
    for k in range(poisson(customer.draw(ARRIVAL, 0)[0], expected)):
        service = np.empty((DRAWS, 1))
        draw_service(service, np.array([customer.luck], np.uint32), 1, model.key, model.period, k)
        level, felt = serve(customer.state, model.market.firms, model.market.segments, model.books.tally, service, 0, 0)
        u_talk = customer.draw(TALK, k)[0]
        if u_talk < model.market.world[0]["talk"]["shares"][level]:
            customer.state.story[0] = STORY_DISSATISFIED + level
        if level == LEVEL_DISSATISFIED and decide(
            customer.state, 0, model.market, model.books, model.clock, k, felt, u_talk
        ):
            severity = severity_driver(felt, customer.traits.judgement.tolerance)
            model.desks[customer.supplier].receive(Complaint(customer, model.period, k, float(np.float32(severity))))
        if customer.intent != INTENT_STAY:
            return
