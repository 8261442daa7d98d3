"""Movement in the readable twin: at most one move of each person in a period."""

from __future__ import annotations

from sim.model.choice import Draws, move
from sim.model.population import is_replaced
from sim.twin.customer import Customer
from sim.twin.outside import ask
from sim.vocabulary.streams import MOVEMENT


def review_chance(customer: Customer) -> float:
    """The chance that a customer compares suppliers in this period, after rules from outside."""
    model = customer.model
    if customer.supplier is None:
        return 0.0
    chance = float(model.environment.prices.reviews[customer.supplier, customer.segment])
    return ask(customer, "before_moving", {"review_chance": chance})["review_chance"]


def move_on(customer: Customer, reviews: float) -> None:
    """Whoever is in the market may leave, switch, return, or become a customer; `reviews` is the chance to compare."""
    if customer.present and not customer.gone:
        model = customer.model
        move(
            customer.state, 0, model.environment, model.books, model.clock, Draws(*customer.draw(MOVEMENT, 0), reviews)
        )
        if is_replaced(customer.state, 0, model.environment):
            customer.take_place_of_the_old()
