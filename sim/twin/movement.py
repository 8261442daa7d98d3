"""Movement in the readable twin: at most one move of each person in a period."""

from __future__ import annotations

from sim.model.choice import Draws, move
from sim.twin.customer import Customer
from sim.vocabulary.streams import MOVEMENT


def move_on(customer: Customer) -> None:
    """Whoever is in the market may leave, switch, return, or become a customer."""
    if customer.present and not customer.gone:
        model = customer.model
        move(customer.state, 0, model.environment, model.books, model.clock, Draws(*customer.draw(MOVEMENT, 0)))
