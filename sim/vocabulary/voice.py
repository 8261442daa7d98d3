"""Exit, voice or loyalty: base shares and the drivers that shift them (Hirschman 1970)."""

from __future__ import annotations

from typing import Any

from sim.vocabulary.parameter import OptionalLine, Section, parameter

_TARP = "TARP, losses under 5 dollars, second-hand; Goodman 2005 on what it is not"


def _share(default: float, meaning: str, source: str = _TARP) -> Any:
    return parameter(default, meaning, unit="share", source=source, ge=0.0, le=1.0)


class Repurchase(Section):
    """Share who will buy again, by what came of their dissatisfaction."""

    silent: float = _share(0.37, "Of the dissatisfied who said nothing")
    unanswered: float = _share(0.37, "Of complainers who got no answer", "assumption: as the silent")
    unresolved: float = _share(0.46, "Of complainers whose complaint was not resolved")
    resolved: float = _share(0.70, "Of complainers whose complaint was resolved")
    resolved_quickly: float = _share(0.95, "Of complainers whose complaint was resolved quickly")


class ComplaintDrivers(Section):
    """Weights of what shifts the share who complain, on the logit scale; all zero leaves the base share."""

    ease: float = parameter(
        1.0, "Per unit of the desk's ease of complaining (0 = average)", unit="logit per unit",
        source="Fornell & Wernerfelt 1987 (sign); assumption (size)", ge=-20.0, le=20.0,
    )  # fmt: skip
    severity: float = parameter(
        0.4, "Per point that the encounter fell below adequate, minus one point", unit="logit per point",
        source="Goodman 1999 (sign); assumption (size)", ge=-20.0, le=20.0,
    )  # fmt: skip
    switching_cost: float = parameter(
        0.5, "Per unit of switching cost above 0.5", unit="logit per unit",
        source="Hirschman 1970 (sign); assumption (size)", ge=-20.0, le=20.0,
    )  # fmt: skip
    loyalty: float = parameter(
        0.3, "Per unit of the loyalty index", unit="logit per unit", source="Hirschman 1970 (sign); assumption (size)",
        ge=-20.0, le=20.0,
    )  # fmt: skip
    expected_success: float = parameter(
        1.0, "Per unit of the share of complaints that the firm is known to resolve, minus 0.5",
        unit="logit per unit", source="Fornell & Wernerfelt 1987 (sign); assumption (size)", ge=-20.0, le=20.0,
    )  # fmt: skip
    person: float = parameter(
        1.0, "Weight of segment tendency and personal willingness to complain", unit="logit per logit",
        source="assumption", ge=0.0, le=20.0,
    )  # fmt: skip


class RepurchaseDrivers(Section):
    """Weights of what shifts the share who buy again, on the logit scale; all zero leaves the base share."""

    severity: float = parameter(
        -0.3, "Per point that the encounter fell below adequate, minus one point", unit="logit per point",
        source="TARP (minor against major losses, sign); assumption (size)", ge=-20.0, le=20.0,
    )  # fmt: skip
    switching_cost: float = parameter(
        1.0, "Per unit of switching cost above 0.5", unit="logit per unit",
        source="Burnham, Frels & Mahajan 2003 (sign); assumption (size)", ge=-20.0, le=20.0,
    )  # fmt: skip
    loyalty: float = parameter(
        0.6, "Per unit of the loyalty index", unit="logit per unit", source="Hirschman 1970 (sign); assumption (size)",
        ge=-20.0, le=20.0,
    )  # fmt: skip
    justice: float = parameter(
        0.5, "Per unit of perceived justice of the answer (-1 to 1)", unit="logit per unit",
        source="Orsingher, Valentini & de Angelis 2010 (sign); assumption (size)", ge=-20.0, le=20.0,
    )  # fmt: skip


class Voice(Section):
    """What the dissatisfied do."""

    preset: OptionalLine = parameter(
        None, "Named set of base shares: slogan, tarp_minor, tarp_major, goodman_1999, rage_2015", unit="name",
        source="each preset names its own; docs/sources.md",
    )  # fmt: skip
    complain_share: float = _share(0.04, "Base share of the dissatisfied who complain")
    headquarters_share: float = _share(1.0, "Share of complainers who go straight to the complaint desk (headquarters)")
    escalation_share: float = _share(
        0.05, "Share of front-line complaints without remedy that are carried on to the desk", "Goodman 1999: 1-10%"
    )
    lapse_share: float = _share(
        0.0, "Of the silent who will buy again, the share who leave first and may return later",
        "assumption: they stay; the slogan says that they leave",
    )  # fmt: skip
    repurchase: Repurchase = Repurchase()
    complaint_drivers: ComplaintDrivers = ComplaintDrivers()
    repurchase_drivers: RepurchaseDrivers = RepurchaseDrivers()
    loyalty_reference: float = parameter(
        75.0, "Satisfaction at which the loyalty index is 0", unit="points (0-100)", source="assumption: ordinary",
        ge=0.0, le=100.0,
    )  # fmt: skip
    loyalty_scale: float = parameter(
        20.0, "Satisfaction that raises the loyalty index by 1", unit="points (0-100) per index", source="assumption",
        gt=0.0, le=1000.0,
    )  # fmt: skip
    tenure_loyalty: float = parameter(
        0.5, "Loyalty index that ten years as a customer add", unit="index", source="assumption", ge=0.0, le=10.0
    )
