"""Typology: the kinds of customers that the notes name, and the marks that part them (docs/sources.md).

The marks are conventions of measuring, not parameters: they move nothing in the model.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.compiled import double, rule
from sim.model.choice import advantage_of
from sim.model.contexts import Environment
from sim.model.dimensions import TEN_POINTS
from sim.model.in_use import at
from sim.model.judgement import LEVEL_DELIGHTED, LEVEL_SATISFIED
from sim.model.movement import LAPSED, SILENT
from sim.model.person import CAPTIVE, GONE, HAS_COMPLAINED, PRESENT
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

VOICE_TYPES = ("praisers", "returners", "complainers", "silent", "fleers")
"""The four of the notes 'Servicio al cliente', of whom fleers have gone, and who is dissatisfied and silent."""
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

TYPOLOGIES = {
    "satisfaction x voice": VOICE_TYPES,
    "level": LEVEL_TYPES,
    "loyalty type": LOYALTY_TYPES,
    "profitability": PROFIT_TYPES,
    "frequency": FREQUENCY_TYPES,
    "volume": VOLUME_TYPES,
    "activity": ACTIVITY_TYPES,
    "lifecycle stage": PROSPECT_STAGES + CUSTOMER_STAGES,
}
"""The typologies by name, in the order of `Kind`."""

SUSTAINABLE, LATENT, SPURIOUS, NONE = range(len(LOYALTY_TYPES))
FLEER = VOICE_TYPES.index("fleers")


@rule
def voice_type(content: bool, satisfaction: float, has_complained: bool) -> int:
    """Place in `VOICE_TYPES` of a customer; `content` are those whom the last encounter did not dissatisfy.

    >>> [VOICE_TYPES[voice_type(content, 84.5, True)] for content in (True, False)]
    ['returners', 'complainers']
    """
    if content:
        return 0 if satisfaction >= PROMOTER else 1
    return 2 if has_complained else 3


@rule
def profit_type(margin: float, upper: float) -> int:
    """Place in `PROFIT_TYPES` by margin a year; `upper` is the upper quarter of all margins.

    >>> [PROFIT_TYPES[profit_type(margin, 50.0)] for margin in (-0.5, 0.0, 51.0)]
    ['not profitable', 'little profitable', 'very profitable']
    """
    if margin < LITTLE_PROFITABLE:
        return 2
    return 0 if margin > upper else 1


@rule
def quarter(value: float, lower: float, upper: float) -> int:
    """Upper quarter (0), middle half (1) or lower quarter (2), between whose marks the half lies.

    >>> [quarter(value, 2.0, 5.0) for value in (5.5, 5.0, 1.5)]
    [0, 1, 2]
    """
    if value > upper:
        return 0
    return 2 if value < lower else 1


def stage_reached(history: Any, satisfaction: Any, tenure: Any, frequency: Any) -> Any:
    """The highest stage whose mark is met, each only after those before: a place in `CUSTOMER_STAGES`; tenure in years.

    Of one customer, or of arrays of them.

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


stage_of = rule(stage_reached)
"""The same for one customer, compiled."""


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


@rule
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
    return weights.advantage * (HIGH_ATTITUDE - double(state.satisfaction[i])) / TEN_POINTS


@rule
def loyalty_type_of(state: State, i: int, environment: Environment) -> int:
    """Type of loyalty of the customer of row i. Captives, and who waits for the end of a contract, are held."""
    person = state.people[i]
    f = int(state.supplier[i])
    if state.leaves[at(state.leaves, i)] != 0:
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


class Quarters(NamedTuple):
    """Where the quarters of the firm's customers lie: of margin a year, of frequency, of spend per purchase."""

    profitable: float
    occasional: float
    frequent: float
    low: float
    high: float


class Kind(NamedTuple):
    """Of which types somebody is to the focal firm, places in the `TYPOLOGIES`, in their order; -1 of none of them."""

    voice: int
    level: int
    loyalty: int
    profit: int
    frequency: int
    volume: int
    activity: int
    stage: int


@rule
def years_of_custom(joined: int, periods: int, years: float) -> float:
    """Years as a customer at the end of so many periods, each of a length in years: at least one period.

    >>> years_of_custom(2, 8, 0.25), years_of_custom(8, 8, 0.25)
    (1.5, 0.25)
    """
    return max((periods - joined) * years, years)


@rule
def margin_a_year(state: State, i: int, environment: Environment, periods: int) -> float:
    """Margin a year of custom of the focal firm's customer of row i, money: it is counted from the start of the run."""
    years = environment.world[0].years
    custom = years_of_custom(state.joined[i], periods, years)
    return double(state.margin[i, 0]) / min(custom, max(periods, 1) * years)


@rule
def kind_of(state: State, i: int, environment: Environment, periods: int, quarters: Quarters) -> Kind:
    """Of which types the person of row i is to the focal firm at the end of so many periods."""
    person = state.people[i]
    ever = state.ever[i] & 1 != 0
    if state.supplier[i] != 0:
        activity = -1
        stage = -1
        voice = -1
        if ever:
            voice = FLEER if state.lost_by[i, 0] in (SILENT, LAPSED) else -1
            activity = 2 if state.barred[i] & 1 != 0 else 1
        elif person.flags & (PRESENT | GONE) == PRESENT:
            stage = 1 if state.opinion[i, 0] != 0.0 else 0
        return Kind(voice, -1, -1, -1, -1, -1, activity, stage)
    satisfaction, frequency = double(state.satisfaction[i]), double(state.frequency[i])
    tenure = years_of_custom(state.joined[i], periods, environment.world[0].years)
    return Kind(
        voice_type(person.level >= LEVEL_SATISFIED, satisfaction, person.flags & HAS_COMPLAINED != 0),
        LEVEL_DELIGHTED - int(person.level),
        loyalty_type_of(state, i, environment),
        profit_type(margin_a_year(state, i, environment, periods), quarters.profitable),
        quarter(frequency, quarters.occasional, quarters.frequent),
        quarter(double(state.spend[i]), quarters.low, quarters.high),
        0,
        len(PROSPECT_STAGES) + stage_of(double(person.history), satisfaction, tenure, frequency),
    )
