"""Loyalty: attitude and habit, and whether somebody buys again (Hirschman 1970; Dick & Basu 1994)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.compiled import double, rule
from sim.model.contexts import Clock, Environment
from sim.vocabulary.parameter import Section, logit, parameter, share

if TYPE_CHECKING:
    from sim.model.state_types import State

TARP = "TARP, losses under 5 dollars, second-hand; Goodman 2005 on what it is not"


def published_share(
    default: float, meaning: str, source: str = TARP, *, label: str, practical: tuple[float, float]
) -> Any:
    """A share that TARP published, if no other source is given; arguments as of `share`."""
    return share(default, meaning, source, label=label, practical=practical)


class Repurchase(Section):
    """Share who will buy again, by what came of their dissatisfaction."""

    silent: float = published_share(
        0.37, "Of the dissatisfied who said nothing", label="Silent who buy again", practical=(0.05, 0.8)
    )
    unanswered: float = published_share(
        0.37,
        "Of complainers who got no answer",
        "assumption: as the silent",
        label="Unanswered who buy again",
        practical=(0.0, 0.8),
    )
    unresolved: float = published_share(
        0.46, "Of complainers whose complaint was not resolved", label="Unresolved who buy again", practical=(0.0, 0.8)
    )
    resolved: float = published_share(
        0.70, "Of complainers whose complaint was resolved", label="Resolved who buy again", practical=(0.3, 0.98)
    )
    resolved_quickly: float = published_share(
        0.95,
        "Of complainers whose complaint was resolved quickly",
        label="Quickly resolved who buy again",
        practical=(0.4, 1.0),
    )


class RepurchaseDrivers(Section):
    """Weights of what shifts the share who buy again, on the logit scale; all zero leaves the base share."""

    severity: float = parameter(
        -0.3,
        "Per point that the encounter fell below adequate, minus one point",
        label="Effect of severity",
        unit="logit per point",
        source="TARP (minor against major losses, sign); assumption (size)",
        allowed=(-20.0, 20.0),
        practical=(-1.5, 0.0),
    )
    switching_cost: float = logit(
        1.0,
        "Per unit of switching cost above 0.5",
        "Burnham, Frels & Mahajan 2003 (sign); assumption (size)",
        label="Effect of switching cost",
        practical=(0.0, 3.0),
    )
    loyalty: float = logit(
        0.6,
        "Per unit of the loyalty index",
        "Hirschman 1970 (sign); assumption (size)",
        label="Effect of loyalty",
        practical=(0.0, 2.0),
    )
    justice: float = logit(
        0.5,
        "Per unit of perceived justice of the answer (-1 to 1)",
        "assumption: who was treated justly buys again more often",
        label="Effect of justice",
        practical=(0.0, 2.0),
    )


class SilentDrivers(Section):
    """Weights of what holds the silent beyond the base share, on the logit scale; all zero leaves it as measured.

    The published shares are of purchases that bind nobody: what binds weighs more with exit, which is a decision about
    the relation, than with what an answer makes of a complaint.
    """

    switching_cost: float = logit(
        4.0,
        "Per unit of switching cost above 0.5, on those who would leave in silence; below it nothing binds",
        "Burnham, Frels & Mahajan 2003 (sign); assumption (size)",
        label="Silent held by switching cost",
        practical=(0.0, 8.0),
    )
    contract: float = parameter(
        0.5,
        "Per year that a contract still runs, on those who would leave in silence",
        label="Silent held by a contract",
        unit="logit per year",
        allowed=(-20.0, 20.0),
        practical=(0.0, 2.0),
    )
    barrier: float = logit(
        -1.0,
        "Of somebody who would have complained at an average desk: exit is what is left where voice is closed",
        "Hirschman 1970 (sign); assumption (size)",
        label="Silent kept from complaining",
        practical=(-2.5, 0.0),
    )


LOG_OF_ELEVEN = 2.3978952727983707
"""ln(1 + 10 years): ten years of custom make a habit of 1."""

AVERAGE_SWITCHING_COST = 0.5
"""Switching cost at which it shifts nothing, index (0-1)."""


class Grounds(NamedTuple):
    """What moves a dissatisfied customer to buy again or not; fields as the weights in `voice.repurchase_drivers`.

    Attributes:
        severity: Points that the encounter fell below adequate, minus one.
        switching_cost: Personal switching cost, 0 to 1.
        loyalty: Loyalty index.
        justice: Perceived justice of the answer, -1 to 1; 0 for those who did not complain.
    """

    severity: float
    switching_cost: float
    loyalty: float
    justice: float


@rule
def loyalty_index(
    satisfaction: float, tenure_years: float, reference: float, scale: float, tenure_weight: float
) -> float:
    """Loyalty: attitude, (S - reference) / scale, plus habit, w ln(1 + tenure) / ln 11.

    0 is an ordinary customer; ten years of custom add the tenure weight. Source: Dick & Basu 1994 (attitude and repeat
    patronage); form and sizes are assumptions.

    >>> loyalty_index(70.0, 10.0, 75.0, 20.0, 0.75), loyalty_index(85.0, 120.0, 75.0, 20.0, 0.75)
    (0.5, 2.0)
    """
    return (satisfaction - reference) / scale + tenure_weight * math.log1p(tenure_years) / LOG_OF_ELEVEN


@rule
def loyalty_of(state: State, i: int, environment: Environment, clock: Clock) -> float:
    """The loyalty index of the customer of row i at present."""
    voice = environment.world[0].voice
    tenure = (clock.period - state.joined[i]) * environment.world[0].years
    return loyalty_index(
        double(state.satisfaction[i]), tenure, voice.loyalty_reference, voice.loyalty_scale, voice.tenure_loyalty
    )


@rule
def held_shift(switching_cost: float, years_left: float, weights: SilentDrivers) -> float:
    """Shift of the share of the silent who stay, logit, beyond that of all who decide to buy again or not.

    `weights` has the fields of `SilentDrivers`; `years_left` is for how long a contract would still hold. A low
    switching cost lets nobody go: it is where the shares were measured.

    >>> from collections import namedtuple
    >>> weights = namedtuple("weights", "switching_cost contract")(4.0, 0.5)
    >>> held_shift(0.75, 1.5, weights), held_shift(0.25, 1.5, weights)
    (1.75, 0.75)
    """
    above = switching_cost - AVERAGE_SWITCHING_COST
    return weights.switching_cost * (above if above > 0.0 else 0.0) + weights.contract * years_left


@rule
def repurchase_shift(grounds: Grounds, weights: RepurchaseDrivers) -> float:
    """Shift of the share who buy again, logit: the weighted sum of the grounds, each 0 at its reference.

    `weights` has the fields of `Grounds`, logit per unit.

    >>> round(repurchase_shift(Grounds(2.0, 0.75, -0.5, 0.4), Grounds(-0.3, 1.2, 0.6, 0.5)), 2)
    -0.4
    """
    return (
        weights.severity * grounds.severity
        + weights.switching_cost * (grounds.switching_cost - AVERAGE_SWITCHING_COST)
        + weights.loyalty * grounds.loyalty
        + weights.justice * grounds.justice
    )
