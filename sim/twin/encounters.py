"""Service encounters in the readable twin: how many a customer has in a period, one after the other."""

from __future__ import annotations

import numpy as np

from sim.compiled import single
from sim.model.billing import charge
from sim.model.contexts import Served
from sim.model.dimensions import DIMENSION_COUNT
from sim.model.drop_out import until_drop_out
from sim.model.encounter import draw, serve, tell_of
from sim.model.encounter_table import ROWS, T
from sim.model.guarantee import honour_unasked
from sim.model.judgement import LEVEL_DISSATISFIED
from sim.model.loyalty_points import collect
from sim.model.luck import poisson
from sim.model.moments import MOMENTS
from sim.model.money import add_margin
from sim.model.onboarding import tenure_of
from sim.model.perception import weigh
from sim.model.person import INTENT_STAY
from sim.model.price import asked_of
from sim.model.service import PURCHASE
from sim.model.servqual import rate
from sim.model.tiers import frequency_of
from sim.model.usage import appetite_of
from sim.model.voice import decide, severity_driver
from sim.twin.complaints import Complaint
from sim.twin.customer import Customer
from sim.twin.outside import ask
from sim.vocabulary.streams import ARRIVAL


def have_encounters(customer: Customer) -> None:
    """Bills that fall due, and all encounters of a customer in this period, until the customer decides to leave."""
    if customer.supplier is None:
        return
    model, state = customer.model, customer.state
    charge(state, 0, model.environment, model.books, model.clock)
    expected = frequency_of(state, 0, model.environment) * float(
        model.environment.prices.visits[customer.supplier, customer.segment]
    )
    if customer.traits.encounters.satisfaction_effect > 0.0:
        expected *= appetite_of(state, 0, model.environment)
    comes = poisson(customer.draw(ARRIVAL, 0)[0], expected)
    for k in range(until_drop_out(state, 0, model.environment, model.clock, comes)):
        served = be_served(customer, k)
        given = state, 0, model.environment, model.books, model.clock, served
        tell_of(*given)
        if customer.level == LEVEL_DISSATISFIED and decide(*given):
            severity = severity_driver(served.felt, customer.traits.judgement.tolerance)
            model.desks[customer.supplier].receive(Complaint(customer, model.period, k, single(severity)))
        if customer.intent != INTENT_STAY:
            return


def be_served(customer: Customer, k: int) -> Served:
    """The k-th encounter of the period, in a table of one person."""
    model, f, s = customer.model, int(customer.state.supplier[0]), customer.segment
    table, person, state = np.zeros((len(ROWS), 1)), customer.state.people, customer.state
    will, should = (slice(row, row + DIMENSION_COUNT) for row in (T.will, T.should))
    draw(table, 1, customer.state.luck, model.clock, k)
    table[will, 0], table[should, 0] = person["will"][0], person["should"][0]
    for name in ("confirmation", "history", "level", "standards", "disposition", "satisfaction", "spend"):
        table[getattr(T, name)] = getattr(customer, name)
    table[T.tenure] = tenure_of(customer.state, 0, model.period, model.years)

    firm, segment = model.environment.firms[f], model.environment.segments[s]
    weigh(table, 1, segment)
    serve(table, 1, firm, segment, asked_of(model.environment.prices, f, s), model.books.tally[f, s])
    rate(table, 1, customer.state.luck, firm, model.clock, k, model.books.tally[f, s])

    person["will"][0], person["should"][0] = table[will, 0], table[should, 0]
    person["confirmation"], person["history"], person["level"] = table[[T.confirmation, T.history, T.level], 0]
    state.satisfaction[0] = table[T.satisfaction, 0]
    add_margin(customer.state, 0, f, float(table[T.earned, 0]))
    if table[T.kind, 0] == PURCHASE:
        collect(customer.state, 0, model.environment, model.books, model.clock, float(table[T.spend, 0]))
    mode = int(table[T.failed, 0])
    honour_unasked(customer.state, 0, model.environment, model.books, model.clock, k, mode)
    outcomes = {name: float(table[getattr(T, name), 0]) for name in MOMENTS["after_encounter"].outcomes}
    before = {**outcomes, "satisfaction": customer.satisfaction}
    state.satisfaction[0] = ask(customer, "after_encounter", before, k)["satisfaction"]
    return Served(k, outcomes["felt"], float(table[T.u_talk, 0]), mode)
