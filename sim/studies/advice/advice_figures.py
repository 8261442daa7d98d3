"""The figures of advice, in the order of its report."""

from __future__ import annotations

from sim.plots import Drawing, Gallery
from sim.studies.advice import draw_price, draw_profit
from sim.studies.advice.advice import Advice
from sim.studies.advice.levers import PRICE


def _has_price(found: Advice) -> bool:
    return not found.steps_of(PRICE).empty


FIGURES = Gallery({"profit": Drawing(draw_profit.draw), "price": Drawing(draw_price.draw, has=_has_price)})
