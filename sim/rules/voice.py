"""Exit, voice or loyalty (Hirschman 1970): the drivers that shift the base shares."""

import math

from sim.compiled import rule


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
