"""What quality costs: unit costs, and what levels, uniform delivery, prevention and inspection cost and bring.

The costs of quality are booked where they arise (Feigenbaum 1956; Juran). It is possible to spend too much on quality
(Rust, Zahorik & Keiningham 1995): whatever is better for customers costs, and more so the better it is already.
"""

from __future__ import annotations

import math

from sim.compiled import rule
from sim.model.dimensions import DIMENSIONS, SCALE_HIGH, Importance, Levels
from sim.vocabulary.parameter import Section, amount, parameter, price_paid, share

NEARLY_ALL = 0.999
"""No effort finds, or resolves, more: what would reach all costs as much as what reaches this share."""


LEAST_MISSING = 0.01
"""Points: nobody comes nearer to the end of the scale, and what would costs as much as what does."""


class QualityCosts(Section):
    """Unit costs by which the costs of quality are booked where they arise (Feigenbaum 1956, Juran)."""

    purchase_service: float = price_paid(
        2.5,
        "Cost to serve a purchase",
        "money per purchase",
        label="Serving a purchase",
        practical=(0.0, 50.0),
    )
    help_service: float = price_paid(
        7.0,
        "Cost to serve a 'help me' request",
        "money per request",
        label="Serving a help request",
        practical=(0.0, 100.0),
    )
    repair_service: float = price_paid(
        28.0,
        "Cost to serve a 'fix it' request",
        "money per repair",
        label="Serving a repair",
        practical=(0.0, 500.0),
    )
    warranty_share: float = share(
        0.5,
        "Share of repairs within warranty, paid by the firm",
        label="Repairs within warranty",
        practical=(0.0, 1.0),
        no_lever="what it does to demand is not in the model",
    )
    repair_price: float = amount(
        45.0,
        "Price of a repair out of warranty",
        "money per repair",
        label="Price of a repair",
        practical=(0.0, 500.0),
        no_lever="what it does to demand is not in the model",
    )
    prevention: float = amount(
        2.0,
        "Training and process design against failures",
        "money per customer and year",
        label="Prevention",
        practical=(0.0, 30.0),
        paid_by="firm.costs.prevention",
    )
    prevention_reference: float = amount(
        2.0,
        "Prevention with which failures are as probable as `systems.failures` says",
        "money per customer and year",
        label="Prevention as it is",
        practical=(0.0, 20.0),
        no_lever="how costs and failures follow, and no decision",
        definition=True,
    )
    prevention_scale: float = amount(
        4.0,
        "p0: so much more prevention divides the failures by e; 0 prevents nothing",
        "money per customer and year",
        "assumption: about a thirtieth of what serving a customer costs in a year, in every shipped industry",
        label="Prevention that divides by e",
        practical=(1.0, 20.0),
        no_lever="how costs and failures follow, and no decision",
    )
    unpreventable_share: float = share(
        0.0,
        "Part of the failures at the reference spending that no prevention takes away, such as those of the weather",
        "assumption: none",
        label="Failures that nothing prevents",
        practical=(0.0, 0.9),
        no_lever="how costs and failures follow, and no decision",
    )
    appraisal: float = amount(
        2.0,
        "Surveys, checks and audits that steer nothing; those that corrective action goes by cost what they cost there",
        "money per customer and year",
        label="Appraisal",
        practical=(0.0, 20.0),
        no_lever="it steers nothing; what surveys bring that do, firm.learning says",
    )
    inspection: float = amount(
        14.0,
        "Cost of inspecting so much that all but 1/e of the failures are found; it rises as -ln(1 - share found)",
        "money per customer and year",
        label="Inspection effort",
        practical=(0.0, 60.0),
        no_lever="how costs and failures follow, and no decision",
    )
    internal_failure: float = price_paid(
        15.0,
        "Rework of a failure found before the customer felt it",
        "money per failure",
        label="Failure found in time",
        practical=(0.0, 200.0),
    )
    failure_effect: float = price_paid(
        25.0,
        "Direct effects of a failure that reached the customer: redo, refunds, staff time",
        "money per failure",
        "notes 'El buen y mal servicio' ('costes efectos'); assumption (size)",
        label="Failure that was felt",
        practical=(0.0, 500.0),
    )
    operation_share: float = share(
        0.15,
        "Running the service (crew, shop, network): part of a purchase at the market's price, at the reference level",
        label="Operating cost",
        practical=(0.0, 0.5),
        no_lever="what running the service takes; levels and variation move it",
    )
    overhead_share: float = share(
        0.12,
        "Overheads, which do not follow the number of customers: part of what the firm's customers at the start spend",
        label="Overheads",
        practical=(0.0, 0.4),
        no_lever="what running the service takes; levels and variation move it",
    )
    level_cost: float = parameter(
        0.35,
        "kappa: cost of service goes with exp(kappa x weighted points above the reference level)",
        label="Cost of a higher level",
        unit="per point (1-7)",
        source="Rust, Zahorik & Keiningham 1995 (one can spend too much); assumption (form; doubles in two points)",
        allowed=(0.0, 5.0),
        practical=(0.0, 1.0),
        no_lever="how costs and failures follow, and no decision",
    )
    level_reference: float = parameter(
        5.6,
        "Service level at which the costs of service are as stated",
        label="Level of stated costs",
        unit="points (1-7)",
        source="assumption: the average firm's",
        allowed=(1.0, 7.0),
        practical=(4.0, 6.5),
        no_lever="how costs and failures follow, and no decision",
        definition=True,
    )
    perfection_cost: float = parameter(
        0.25,
        "Beyond the level of mastery, cost of service goes also with (what the scale still had there / has left)^s",
        label="Cost of perfection",
        unit="exponent",
        source="Schneiderman 1986 (of the model of Juran, which he disputes: conformance costs rise without bound "
        "towards perfection); assumption (form; halving what is missing costs a fifth more)",
        allowed=(0.0, 5.0),
        practical=(0.0, 3.0),
        no_lever="how costs and failures follow, and no decision",
    )
    mastery: float = parameter(
        6.6,
        "Level beyond which it costs more and more to come nearer to perfection, 7",
        label="Level of mastery",
        unit="points (1-7)",
        source="assumption: the best that an exceptional culture delivers",
        allowed=(1.0, 6.9),
        practical=(6.0, 6.9),
        no_lever="how costs and failures follow, and no decision",
    )
    uniformity_cost: float = parameter(
        0.5,
        "Cost of service goes with exp(c x points of variation below the reference variation)",
        label="Cost of uniform service",
        unit="per point (1-7)",
        allowed=(0.0, 5.0),
        practical=(0.0, 2.0),
        no_lever="how costs and failures follow, and no decision",
    )
    variation_reference: float = parameter(
        0.45,
        "Variation of service at which the costs of service are as stated",
        label="Variation of stated costs",
        unit="points (1-7)",
        source="assumption: the average firm's",
        allowed=(0.0, 6.0),
        practical=(0.1, 1.2),
        no_lever="how costs and failures follow, and no decision",
        definition=True,
    )


def missing(level: float) -> float:
    """Points that a level leaves to perfection, `LEAST_MISSING` at least.

    >>> round(missing(6.75), 12), missing(7.0)
    (0.25, 0.01)
    """
    return max(SCALE_HIGH - level, LEAST_MISSING)


def service_effort(levels: Levels, variation: float, costs: QualityCosts) -> float:
    """Cost of service relative to that at the reference: exp(kappa sum w (L - L0) + s sum w m + c (v0 - v)).

    m is ln((7 - B) / (7 - L)) where the level L is beyond that of mastery, B, else 0: with all levels there, halving
    what is missing to perfection multiplies the cost by 2^s. So it costs without bound to be perfect.

    Args:
        levels: Service level L of each dimension, points (1-7); the weights w are the published importances, so that
            no dimension is a bargain for all.
        variation: Standard deviation v of delivery, points.
        costs: kappa, s, c, and the references.

    Source: Rust, Zahorik & Keiningham 1995 (that costs rise ever more); Juran (without bound towards perfection);
        assumption (form).

    >>> round(service_effort(Levels.of(6.6), 0.25, QualityCosts()), 4)
    1.5683
    >>> twice = service_effort(Levels.of(6.8), 0.25, QualityCosts(level_cost=0.0, perfection_cost=1.0))
    >>> round(twice / math.exp(0.5 * 0.2), 4)
    2.0
    """
    weights = Importance()
    above = sum(getattr(weights, name) * (getattr(levels, name) - costs.level_reference) for name in DIMENSIONS)
    mastered = missing(costs.mastery)
    beyond = sum(
        getattr(weights, name) * max(0.0, math.log(mastered / missing(getattr(levels, name)))) for name in DIMENSIONS
    )
    return math.exp(
        costs.level_cost * above
        + costs.perfection_cost * beyond
        + costs.uniformity_cost * (costs.variation_reference - variation)
    )


def prevented(costs: QualityCosts) -> float:
    """Failures relative to those at the reference spending: u + (1 - u) exp(-(spent - reference) / p0).

    u is the part that nothing prevents. With F the failure cost at the reference, the best spending is
    max(0, reference + p0 ln((1 - u) F / p0)).

    >>> round(prevented(QualityCosts(prevention=6.0)), 4), prevented(QualityCosts(prevention=6.0, prevention_scale=0.0))
    (0.3679, 1.0)
    """
    if costs.prevention_scale <= 0.0:
        return 1.0
    left = math.exp(-(costs.prevention - costs.prevention_reference) / costs.prevention_scale)
    return costs.unpreventable_share + (1.0 - costs.unpreventable_share) * left


@rule
def effort_for(share_reached: float) -> float:
    """Effort that reaches a share of all cases, the easiest first, relative to a small share's: -ln(1 - share).

    Whoever works independently of the others reaches the same share of what they left (assumption).

    >>> round(effort_for(0.5), 4)
    0.6931
    """
    return -math.log(1.0 - min(share_reached, NEARLY_ALL))


@rule
def inspection_cost(share_found: float, costs: QualityCosts) -> float:
    """Cost of finding a share of the failures in time, money per customer and year: the effort for it x unit cost.

    `costs` has the fields of `QualityCosts`.
    """
    return effort_for(share_found) * costs.inspection
