"""Certificate: a quality management that others have certified, as a sign to customers and as a discipline.

By itself it raises no level of service. What is published is that certified firms grow, and that it is not by their
quality (Levine & Toffel 2010; Terlaak & King 2006). Whatever it does, it does where parameters become what compiled
code reads, so that no rule knows of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.vocabulary.parameter import Section, price_paid, share, switch

if TYPE_CHECKING:
    from sim.model.firm import Firm

_WHAT_IT_BRINGS = "what a certificate brings, and no decision"


class Certificate(Section):
    """A certified quality management, as by ISO 9001."""

    held: bool = switch(
        False,
        "Whether the firm's quality management is certified",
        "notes 'Plan de calidad' (certified quality); assumption: off",
        label="Certified",
    )
    fee: float = price_paid(
        20_000.0,
        "Audits, documents, the certificate, and the hours of the firm's own people for all that; booked as appraisal",
        "money per year",
        label="Cost of a certificate",
        practical=(0.0, 100_000.0),
    )
    trust: float = share(
        0.3,
        "Of what is promised and not believed, the part that a certificate makes believed",
        "Terlaak & King 2006 (sign: it tells buyers what they cannot see); assumption (form and size)",
        label="Trust by a certificate",
        practical=(0.0, 0.6),
        no_lever=_WHAT_IT_BRINGS,
    )
    steadier: float = share(
        0.1,
        "Part of the variation of service that written procedures take away",
        "assumption (that they do, and how much: plants that are certified do not gain by quality, "
        "Terlaak & King 2006)",
        label="Variation less by procedures",
        practical=(0.0, 0.3),
        no_lever=_WHAT_IT_BRINGS,
    )
    audit: float = share(
        0.7,
        "How far audits keep up what was corrected, at least (see `firm.learning.upkeep`)",
        label="Upkeep by audits",
        practical=(0.0, 1.0),
        no_lever=_WHAT_IT_BRINGS,
    )


def trusted(promise: float, believed: float, certificate: Certificate) -> float:
    """What is believed of a promise, points (1-7): with a certificate, a part of what is not believed besides.

    >>> trusted(6.5, 6.0, Certificate(held=True, trust=0.5)), trusted(6.5, 6.0, Certificate())
    (6.25, 6.0)
    """
    return believed + certificate.trust * (promise - believed) if certificate.held else believed


def steadied(firm: Firm) -> float:
    """Variation of service by which a firm delivers, points.

    >>> from sim.model.firm import Firm
    >>> certified = {"certificate": {"held": True, "steadier": 0.25}, "systems": {"staff_variation": 0.5}}
    >>> steadied(Firm.model_validate(certified)), steadied(Firm())
    (0.375, 0.45)
    """
    variation = firm.systems.staff_variation
    return variation * (1.0 - firm.certificate.steadier) if firm.certificate.held else variation


def audited(firm: Firm) -> Firm:
    """The firm as it learns: where it is certified, audits see to it that what was corrected is kept up.

    >>> from sim.model.firm import Firm
    >>> audited(Firm.model_validate({"certificate": {"held": True, "audit": 0.6}})).learning.upkeep
    0.6
    """
    if not firm.certificate.held or firm.learning.upkeep >= firm.certificate.audit:
        return firm
    learning = firm.learning.model_copy(update={"upkeep": firm.certificate.audit})
    return firm.model_copy(update={"learning": learning})


def yearly_fee(certificate: Certificate) -> float:
    """What the certificate costs, money per year.

    >>> yearly_fee(Certificate(held=True, fee=5000.0)), yearly_fee(Certificate(fee=5000.0))
    (5000.0, 0.0)
    """
    return certificate.fee if certificate.held else 0.0
