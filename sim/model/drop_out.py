"""Dropping out: after a purchase some customers have had enough, for good and for no reason that service could mend.

It is what a firm without contracts loses most of its customers by, and never sees: nobody says goodbye to a shop.
Customers differ in the chance, as they do in how often they buy. With nothing else at work, purchases follow the
BG/NBD model. Source: Fader, Hardie & Lee 2005.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import double, kernel, rule
from sim.model.contexts import Clock, Environment
from sim.model.encounter import LUCK_OF_ENCOUNTER
from sim.model.gammas import beta
from sim.model.in_use import DROPPING_OUT, at
from sim.model.luck import uniforms
from sim.model.person import ALL_FLAGS, DROPS_OUT, INTENT_STAY, luck_of
from sim.model.service import PURCHASE, kind_of_encounter
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, counts
from sim.vocabulary.parameter import Section, parameter, switch
from sim.vocabulary.streams import INITIAL, SERVICE

if TYPE_CHECKING:
    from sim.model.luck import Seed
    from sim.model.state_types import State

DROP_OUT_DRAWS = 30_000_000
"""Where the indexes of the stream INITIAL begin of the chance to drop out, beyond those of attrition."""

DROP_OUT_INDEX = 2
"""Of the indexes of the stream SERVICE that an encounter has to itself, the one whose last draw decides."""

COLUMNS = (
    Column(
        "drop_out",
        "f4",
        1,
        "share",
        "chance of dropping out after each purchase",
        apart=True,
        needed_for=DROPPING_OUT,
    ),
)

OBSERVABLES = counts(
    FLOW, "people", {"dropped_out": "customers who dropped out after a purchase; they are among left_natural"}
)


class DropOut(Section):
    """How many customers have had enough after a purchase, and how unequal they are in that."""

    per_purchase: float = parameter(
        0.0,
        "Mean chance a / (a + b) that a customer drops out for good after a purchase; 0 is off",
        label="Dropping out after a purchase",
        unit="share",
        source="Fader, Hardie & Lee 2005 (form; .246 in their data, CDNOW); assumption (off: a firm with contracts)",
        setup=True,
        allowed=(0.0, 0.999999),
        practical=(0.0, 0.4),
    )
    polarization: float = parameter(
        0.0,
        "Polarization 1 / (1 + a + b) of the beta distribution of that chance; 0 is the same for all",
        label="Inequality of dropping out",
        unit="index (0-1)",
        source="Fader, Hardie & Lee 2005 (form; .237 in their data); Sabavala & Morrison 1977 (index); "
        "assumption (off)",
        setup=True,
        allowed=(0.0, 0.99),
        practical=(0.0, 0.6),
    )
    happens: bool = switch(
        True,
        "Whether anybody drops out: if not, the same people with the same chances stay",
        "assumption: on; off is a world to compare with (sim causes)",
        label="Dropping out happens",
    )


@rule
def chance_of_anybody(seed: Seed, luck: int, born: int, drop_out: DropOut) -> float:
    """Chance of dropping out after a purchase of a person who comes into the market: beta, or the same for all."""
    mean = drop_out.per_purchase
    if drop_out.polarization <= 0.0 or mean <= 0.0:
        return mean
    size = 1.0 / drop_out.polarization - 1.0
    return beta(seed, INITIAL, luck, born, DROP_OUT_DRAWS, mean * size, (1.0 - mean) * size)


@rule
def kind_served(state: State, i: int, environment: Environment, clock: Clock, f: int, k: int) -> int:
    """Kind of the k-th encounter of the person of row i with firm f in a period, by the luck of that encounter."""
    person = state.people[i]
    meets = environment.segments[person.segment].encounters
    purchases = meets.purchases_per_year * environment.prices.demand[f, person.segment]
    u = uniforms(clock.seed, SERVICE, luck_of(state, i), clock.period, LUCK_OF_ENCOUNTER * k)[0]
    return kind_of_encounter(u, purchases, meets.help_requests_per_year, meets.repairs_per_year)


@kernel
def until_drop_out(state: State, i: int, environment: Environment, clock: Clock, encounters: int) -> int:
    """Of so many encounters in a period those that the customer of row i has: the one who drops out has no more.

    Whoever does is marked, and leaves when people move. Where dropping out does not happen, all have all encounters.
    """
    person = state.people[i]
    chance = double(state.drop_out[at(state.drop_out, i)])
    if chance <= 0.0 or environment.segments[person.segment].drop_out.happens <= 0.0:
        return encounters
    for k in range(encounters):
        if kind_served(state, i, environment, clock, int(state.supplier[i]), k) == PURCHASE:
            index = LUCK_OF_ENCOUNTER * k + DROP_OUT_INDEX
            if uniforms(clock.seed, SERVICE, luck_of(state, i), clock.period, index)[3] < chance:
                person.flags |= DROPS_OUT
                return k + 1
    return encounters


@rule
def has_had_enough(state: State, i: int) -> bool:
    """Whether the customer of row i has dropped out in this period; the mark is taken away.

    Who decided to leave in this period did so before that purchase, or because of it: that is the cause then.
    """
    person = state.people[i]
    marked = person.flags & DROPS_OUT != 0
    person.flags &= ALL_FLAGS - DROPS_OUT
    return marked and state.intent[i] == INTENT_STAY
