"""Switching, returning and parting."""

from sim.compiled import rule
from sim.rules.shares import clipped


@rule
def switch_shift(
    advantage: float,
    opinion_gap: float,
    price_gap: float,
    promise_gap: float,
    switching_cost: float,
    loyalty: float,
    w_advantage: float,
    w_opinion: float,
    w_price: float,
    w_promise: float,
    w_switching_cost: float,
    w_loyalty: float,
) -> float:
    """Shift of the share of reviews that end in a switch, logit.

    `advantage` is the satisfaction to expect of the rival minus one's own, in units of ten points; `price_gap` is own
    minus rival's price index; `promise_gap` is the rival's promise minus what one predicts of one's own supplier.
    Sources (signs): Rust, Zahorik & Keiningham 1995; Dick & Basu 1994; of promises, the notes 'Atención y servicio al
    cliente'.

    >>> round(switch_shift(1.5, -0.4, 0.1, 0.5, 0.75, 0.25, 0.8, 0.5, 4.0, 0.3, -2.0, -0.8), 2)
    0.85
    """
    return (
        w_advantage * advantage
        + w_opinion * opinion_gap
        + w_price * price_gap
        + w_promise * promise_gap
        + w_switching_cost * (switching_cost - 0.5)
        + w_loyalty * loyalty
    )


@rule
def parting_opinion(satisfaction: float, neutral: float, scale: float) -> float:
    """Opinion of the firm that one has just left, from one's own experience, -1 to 1: (S - neutral) / scale.

    >>> parting_opinion(70.0, 70.0, 30.0), parting_opinion(10.0, 70.0, 30.0)
    (0.0, -1.0)
    """
    return clipped((satisfaction - neutral) / scale, -1.0, 1.0)
