"""Typology: the kinds of customers that the notes name, and the marks that part them (docs/sources.md).

The marks are conventions of measuring, not parameters: they move nothing in the model.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.compiled import double, kernel, rule
from sim.model.choice import TEN_POINTS, advantage_of
from sim.model.contexts import Environment
from sim.model.person import CAPTIVE
from sim.model.standing import PROMOTER
from sim.model.tiers import switching_cost_of

if TYPE_CHECKING:
    from sim.model.state_types import State

HIGH_ATTITUDE = 75.0
"""Satisfaction from which attitude is high, and the stage of satisfaction reached, points (0-100)."""

HIGH_PATRONAGE = 1.0
"""Personal frequency from which the stage of development is reached, ratio to the average."""

USUAL_PATRONAGE = 0.95
"""Purchases, relative to one's own at the price that one is used to, from which patronage is as usual."""

LITTLE_PROFITABLE = 0.0
"""Margin a year from which a customer is profitable at all, money."""

LOWER_QUARTER, UPPER_QUARTER = 0.25, 0.75
"""Below the one, customers are occasional or of low volume, above the other frequent, of high volume, or, where they
are profitable at all, very profitable: a quarter of the customers, whatever the trade and its money."""

LOYAL_YEARS = 1.0
"""Years of custom from which the stage of loyalty is reached."""

VOICE_TYPES = ("praisers", "returners", "complainers", "fleers")
LEVEL_TYPES = ("delighted", "satisfied", "dissatisfied")
LOYALTY_TYPES = ("sustainable", "latent", "spurious", "none")
PROFIT_TYPES = ("very profitable", "little profitable", "not profitable")
FREQUENCY_TYPES = ("frequent", "average", "occasional")
VOLUME_TYPES = ("high volume", "average volume", "low volume")
ACTIVITY_TYPES = ("active", "inactive, may return", "inactive, lost")
PROSPECT_STAGES = ("identification", "information and attraction")
CUSTOMER_STAGES = ("sale", "service", "satisfaction", "loyalty", "development", "community")
"""The eight stages of the notes 'Plan de calidad': a customer stands at the highest whose mark is met, each only after
those before: sale (no encounter yet), service (has been served), satisfaction (high attitude), loyalty (and a year of
custom), development (and high patronage), community (and a promoter)."""

SUSTAINABLE, LATENT, SPURIOUS, NONE = range(len(LOYALTY_TYPES))

Switch = Any
"""Whether something holds, of one customer or of an array of them: NumPy's, whose `~` is 'not'."""


def voice_types(content: Switch, satisfaction: Any, has_complained: Switch) -> tuple[Switch, ...]:
    """Who is of which of the `VOICE_TYPES`; `content` are those whom the last encounter did not dissatisfy.

    >>> import numpy as np
    >>> [bool(whether) for whether in voice_types(np.True_, 84.5, np.True_)]
    [False, True, False, False]
    """
    praises = content & (satisfaction >= PROMOTER)
    return praises, content & ~praises, ~content & has_complained, ~content & ~has_complained


def profit_types(margin: Any, upper: float) -> tuple[Switch, ...]:
    """Who is of which of the `PROFIT_TYPES` by margin a year; `upper` is the upper quarter of all margins.

    >>> import numpy as np
    >>> [whether.tolist() for whether in profit_types(np.array([-0.5, 0.0, 51.0]), 50.0)]
    [[False, False, True], [False, True, False], [True, False, False]]
    """
    little = margin >= LITTLE_PROFITABLE
    very = little & (margin > upper)
    return very, little & ~very, ~little


def stage_reached(history: Any, satisfaction: Any, tenure: Any, frequency: Any) -> Any:
    """The highest stage whose mark is met, each only after those before: a place in `CUSTOMER_STAGES`; tenure in years.

    >>> CUSTOMER_STAGES[stage_reached(3.0, 80.0, 2.0, 0.5)], CUSTOMER_STAGES[stage_reached(0.0, 90.0, 2.0, 2.0)]
    ('loyalty', 'sale')
    """
    met = history > 0.0
    reached = met * 1
    for mark in (
        satisfaction >= HIGH_ATTITUDE,
        tenure >= LOYAL_YEARS,
        frequency >= HIGH_PATRONAGE,
        satisfaction >= PROMOTER,
    ):
        met = met & mark
        reached = reached + met
    return reached


@rule
def loyalty_type(pull: float, barrier: float, patronage: float) -> int:
    """Type of loyalty by relative attitude and by behaviour, a place in `LOYALTY_TYPES` (Dick & Basu 1994).

    Whom no other firm pulls is loyal by attitude, sustainable where the patronage is as usual, else latent. Whom one
    does pull is held by barriers as long as they are higher, spurious, and would leave if switching cost nothing;
    beyond them there is no loyalty.

    Args:
        pull: Of the best other firm against one's own, barriers and habit left out, logit.
        barrier: What leaving costs, logit.
        patronage: Purchases relative to one's own usual ones.

    >>> [LOYALTY_TYPES[loyalty_type(pull, 0.75, 0.9)] for pull in (-0.5, 0.5, 1.5)]
    ['latent', 'spurious', 'none']
    """
    if pull <= 0.0:
        return SUSTAINABLE if patronage >= USUAL_PATRONAGE else LATENT
    return SPURIOUS if pull <= barrier else NONE


@kernel
def pull_of_others(state: State, i: int, environment: Environment) -> float:
    """How much the best other firm pulls at the customer of row i, logit, barriers and habit left out.

    Where no other firm is open, it is how far satisfaction falls short of `HIGH_ATTITUDE`.
    """
    weights = environment.world[0].movement
    found = False
    best = 0.0
    for g in range(environment.firms.shape[0]):
        if g == state.supplier[i] or state.barred[i] & (1 << g) != 0:
            continue
        rival = advantage_of(state, i, environment, g, 0.0)
        pull = (
            weights.advantage * rival.advantage
            + weights.opinion * rival.opinion
            + weights.price * rival.price
            + weights.promise * rival.promise
        )
        if not found or pull > best:
            best = pull
        found = True
    if found:
        return best
    return weights.advantage * (HIGH_ATTITUDE - double(state.people[i].satisfaction)) / TEN_POINTS


@kernel
def loyalty_type_of(state: State, i: int, environment: Environment) -> int:
    """Type of loyalty of the customer of row i. Captives, and who waits for the end of a contract, are held."""
    person = state.people[i]
    f = int(state.supplier[i])
    if state.leaves[i] != 0:
        return SPURIOUS
    pull = pull_of_others(state, i, environment)
    barrier = (
        pull
        if person.flags & CAPTIVE != 0
        else -environment.world[0].movement.switching_cost * switching_cost_of(state, i, environment)
    )
    elasticity = environment.segments[person.segment].encounters.price_elasticity
    usual = math.pow(environment.firms[f].strategy.price_index / environment.prices.usual[f], -elasticity)
    return loyalty_type(pull, barrier, usual)
