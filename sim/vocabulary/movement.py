"""Switching and returning: how a customer who looks around decides."""

from __future__ import annotations

from sim.vocabulary.parameter import Section, parameter


class Movement(Section):
    """The decision to switch at a review, and to return after a lapse; both have the logit shape of voice."""

    switch_share: float = parameter(
        0.05, "Base share of reviews that end in switching to an equal rival", unit="share", source="assumption",
        ge=0.0, le=1.0,
    )  # fmt: skip
    advantage: float = parameter(
        0.8, "Per ten points of the rival's known satisfaction above one's own", unit="logit per 10 points",
        source="Rust, Zahorik & Keiningham 1995 (sign); assumption (size)", ge=0.0, le=20.0,
    )  # fmt: skip
    opinion: float = parameter(
        0.5, "Per unit of opinion of the rival minus opinion of one's own supplier", unit="logit per unit",
        source="assumption", ge=0.0, le=20.0,
    )  # fmt: skip
    price: float = parameter(
        4.0, "Per unit of the supplier's price index above the rival's", unit="logit per unit", source="assumption",
        ge=0.0, le=100.0,
    )  # fmt: skip
    switching_cost: float = parameter(
        -2.0, "Per unit of switching cost above 0.5", unit="logit per unit",
        source="Burnham, Frels & Mahajan 2003 (sign); assumption (size)", ge=-20.0, le=0.0,
    )  # fmt: skip
    loyalty: float = parameter(
        -0.8, "Per unit of the loyalty index", unit="logit per unit",
        source="Dick & Basu 1994 (sign); assumption (size)",
        ge=-20.0, le=0.0,
    )  # fmt: skip
    promise: float = parameter(
        0.3, "Per point that a firm promises above what the person predicts, in switching and in adoption",
        unit="logit per point", ge=0.0, le=20.0,
        source="notes 'Atención y servicio al cliente' (promises form expectations); assumption (size)",
    )  # fmt: skip
    parting_neutral: float = parameter(
        70.0, "Satisfaction with which one parts with a neutral opinion", unit="points (0-100)", source="assumption",
        ge=0.0, le=100.0,
    )  # fmt: skip
    parting_scale: float = parameter(
        30.0, "Satisfaction below that which makes the opinion at parting as bad as can be", unit="points (0-100)",
        source="assumption", gt=0.0, le=1000.0,
    )  # fmt: skip
    return_share: float = parameter(
        0.25, "Base share of lapsed customers who come back when they think of it", unit="share", source="assumption",
        ge=0.0, le=1.0,
    )  # fmt: skip
    return_opinion: float = parameter(
        1.0, "Shift of a return, or of accepting a win-back offer, per unit of opinion of the firm",
        unit="logit per unit", source="assumption", ge=0.0, le=20.0,
    )  # fmt: skip
