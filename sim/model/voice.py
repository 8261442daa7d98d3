"""Voice: exit, voice or loyalty (Hirschman 1970): base shares, and the drivers that shift them."""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import rule
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, counts
from sim.vocabulary.parameter import OptionalLine, Section, group, parameter, share

COLUMNS = (Column("complaint_tendency", "f4", 1, "logit", "personal willingness to complain"),)

OBSERVABLES = (
    *counts(
        FLOW,
        "complaints",
        {
            "pending": "dissatisfied again while an earlier complaint is open: no new decision",
            "silent": "dissatisfied customers who said nothing",
            "silent_stayed": "of the silent: stayed",
            "silent_lapsed": "of the silent: left, and may return",
            "silent_lost": "of the silent: left for ever",
            "silent_captive": "of the silent: would have left but cannot",
            "complained": "dissatisfied customers who complained",
            "complained_front_line": "of the complainers: at the front line",
            "complained_headquarters": "of the complainers: straight to the complaint desk",
            "escalated": "front-line complaints carried on to the desk",
        },
    ),
)


_TARP = "TARP, losses under 5 dollars, second-hand; Goodman 2005 on what it is not"


def _share(default: float, meaning: str, source: str = _TARP, *, label: str, practical: tuple[float, float]) -> Any:
    return share(default, meaning, source, label=label, practical=practical)


class Repurchase(Section):
    """Share who will buy again, by what came of their dissatisfaction."""

    silent: float = _share(
        0.37, "Of the dissatisfied who said nothing", label="Silent who buy again", practical=(0.05, 0.8)
    )
    unanswered: float = _share(
        0.37,
        "Of complainers who got no answer",
        "assumption: as the silent",
        label="Unanswered who buy again",
        practical=(0.0, 0.8),
    )
    unresolved: float = _share(
        0.46, "Of complainers whose complaint was not resolved", label="Unresolved who buy again", practical=(0.0, 0.8)
    )
    resolved: float = _share(
        0.70, "Of complainers whose complaint was resolved", label="Resolved who buy again", practical=(0.3, 0.98)
    )
    resolved_quickly: float = _share(
        0.95,
        "Of complainers whose complaint was resolved quickly",
        label="Quickly resolved who buy again",
        practical=(0.4, 1.0),
    )


class ComplaintDrivers(Section):
    """Weights of what shifts the share who complain, on the logit scale; all zero leaves the base share."""

    ease: float = parameter(
        1.0,
        "Per unit of the desk's ease of complaining (0 = average)",
        label="Effect of ease",
        unit="logit per unit",
        source="Fornell & Wernerfelt 1987 (sign); assumption (size)",
        ge=-20.0,
        le=20.0,
        practical=(0.0, 2.0),
    )
    severity: float = parameter(
        0.4,
        "Per point that the encounter fell below adequate, minus one point",
        label="Effect of severity",
        unit="logit per point",
        source="Goodman 1999 (sign); assumption (size)",
        ge=-20.0,
        le=20.0,
        practical=(0.0, 1.5),
    )
    switching_cost: float = parameter(
        0.5,
        "Per unit of switching cost above 0.5",
        label="Effect of switching cost",
        unit="logit per unit",
        source="Hirschman 1970 (sign); assumption (size)",
        ge=-20.0,
        le=20.0,
        practical=(-1.0, 2.0),
    )
    loyalty: float = parameter(
        0.3,
        "Per unit of the loyalty index",
        label="Effect of loyalty",
        unit="logit per unit",
        source="Hirschman 1970 (sign); assumption (size)",
        ge=-20.0,
        le=20.0,
        practical=(-0.5, 1.5),
    )
    expected_success: float = parameter(
        1.0,
        "Per unit of the share of complaints that the firm is known to resolve, minus 0.5",
        label="Effect of expected success",
        unit="logit per unit",
        source="Fornell & Wernerfelt 1987 (sign); assumption (size)",
        ge=-20.0,
        le=20.0,
        practical=(0.0, 3.0),
    )
    person: float = parameter(
        1.0,
        "Weight of segment tendency and personal willingness to complain",
        label="Weight of personal tendency",
        unit="logit per logit",
        source="assumption",
        ge=0.0,
        le=20.0,
        practical=(0.0, 2.0),
    )


class RepurchaseDrivers(Section):
    """Weights of what shifts the share who buy again, on the logit scale; all zero leaves the base share."""

    severity: float = parameter(
        -0.3,
        "Per point that the encounter fell below adequate, minus one point",
        label="Effect of severity",
        unit="logit per point",
        source="TARP (minor against major losses, sign); assumption (size)",
        ge=-20.0,
        le=20.0,
        practical=(-1.5, 0.0),
    )
    switching_cost: float = parameter(
        1.0,
        "Per unit of switching cost above 0.5",
        label="Effect of switching cost",
        unit="logit per unit",
        source="Burnham, Frels & Mahajan 2003 (sign); assumption (size)",
        ge=-20.0,
        le=20.0,
        practical=(0.0, 3.0),
    )
    loyalty: float = parameter(
        0.6,
        "Per unit of the loyalty index",
        label="Effect of loyalty",
        unit="logit per unit",
        source="Hirschman 1970 (sign); assumption (size)",
        ge=-20.0,
        le=20.0,
        practical=(0.0, 2.0),
    )
    justice: float = parameter(
        0.5,
        "Per unit of perceived justice of the answer (-1 to 1)",
        label="Effect of justice",
        unit="logit per unit",
        source="Orsingher, Valentini & de Angelis 2010 (sign); assumption (size)",
        ge=-20.0,
        le=20.0,
        practical=(0.0, 2.0),
    )


class Voice(Section):
    """What the dissatisfied do."""

    preset: OptionalLine = parameter(
        None,
        "Named set of base shares: slogan, tarp_minor, tarp_major, goodman_1999, rage_2015",
        label="Set of base shares",
        unit="name",
        source="each preset names its own; docs/sources.md",
    )
    complain_share: float = _share(
        0.04, "Base share of the dissatisfied who complain", label="Share who complain", practical=(0.01, 0.8)
    )
    headquarters_share: float = _share(
        1.0,
        "Share of complainers who go straight to the complaint desk (headquarters)",
        label="Complaints to headquarters",
        practical=(0.0, 1.0),
    )
    escalation_share: float = _share(
        0.05,
        "Share of front-line complaints without remedy that are carried on to the desk",
        "Goodman 1999: 1-10%",
        label="Complaints escalated",
        practical=(0.0, 0.3),
    )
    lapse_share: float = _share(
        0.0,
        "Of the silent who will buy again, the share who leave first and may return later",
        "assumption: they stay; the slogan says that they leave",
        label="Silent who lapse",
        practical=(0.0, 1.0),
    )
    repurchase: Repurchase = group(Repurchase(), "Who buys again")
    complaint_drivers: ComplaintDrivers = group(ComplaintDrivers(), "What makes people complain")
    repurchase_drivers: RepurchaseDrivers = group(RepurchaseDrivers(), "What makes people buy again")
    loyalty_reference: float = parameter(
        75.0,
        "Satisfaction at which the loyalty index is 0",
        label="Satisfaction at loyalty zero",
        unit="points (0-100)",
        source="assumption: ordinary",
        ge=0.0,
        le=100.0,
        practical=(60.0, 85.0),
    )
    loyalty_scale: float = parameter(
        20.0,
        "Satisfaction that raises the loyalty index by 1",
        label="Satisfaction per loyalty unit",
        unit="points (0-100) per index",
        source="assumption",
        gt=0.0,
        le=1000.0,
        practical=(10.0, 40.0),
    )
    tenure_loyalty: float = parameter(
        0.5,
        "Loyalty index that ten years as a customer add",
        label="Loyalty from ten years",
        unit="index",
        source="assumption",
        ge=0.0,
        le=10.0,
        practical=(0.0, 1.5),
    )


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
    return (satisfaction - reference) / scale + tenure_weight * math.log1p(tenure_years) / 2.3978952727983707


@rule
def severity_driver(felt: float, tolerance: float) -> float:
    """How far below adequate the encounter fell, in points, minus one point (the reference).

    >>> severity_driver(-3.0, 1.0)
    1.0
    """
    return -felt - tolerance - 1.0


@rule
def complaint_shift(
    ease: float,
    severity: float,
    switching_cost: float,
    loyalty: float,
    success: float,
    person: float,
    w_ease: float,
    w_severity: float,
    w_switching_cost: float,
    w_loyalty: float,
    w_success: float,
    w_person: float,
) -> float:
    """Shift of the share who complain, logit: the weighted sum of the drivers, each 0 at its reference.

    Sources: Hirschman 1970; Fornell & Wernerfelt 1987 (ease, expected success); Goodman 1999 (severity).

    >>> round(complaint_shift(0.5, 2.0, 0.75, -0.5, 0.25, 1.5, 0.8, 0.4, 0.6, 0.3, 1.2, 0.7), 2)
    1.95
    """
    return (
        w_ease * ease
        + w_severity * severity
        + w_switching_cost * (switching_cost - 0.5)
        + w_loyalty * loyalty
        + w_success * (success - 0.5)
        + w_person * person
    )


@rule
def repurchase_shift(
    severity: float,
    switching_cost: float,
    loyalty: float,
    justice: float,
    w_severity: float,
    w_switching_cost: float,
    w_loyalty: float,
    w_justice: float,
) -> float:
    """Shift of the share who buy again, logit; `justice` is 0 for those who did not complain.

    >>> round(repurchase_shift(2.0, 0.75, -0.5, 0.4, -0.3, 1.2, 0.6, 0.5), 2)
    -0.4
    """
    return w_severity * severity + w_switching_cost * (switching_cost - 0.5) + w_loyalty * loyalty + w_justice * justice
