"""Normal and gamma variates of many people at once: each is what `sim.model.luck` draws of one, to the last bit.

Loops without branches, which a processor does for eight people at a time, and then one by one the few of whom more is
to be known: normals in the tails, and gamma variates whose first attempt is not surely taken.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.compiled import kernel
from sim.model.gammas import gamma_frame, gamma_parts, log_boost, surely_taken
from sim.model.luck import CENTRE, MIDDLE, normal, normal_centre, uniforms

FIRST, SECOND, THIRD, DEVIATE = range(4)
OF_GAMMAS = 4
"""Rows of a table of draws that `draw_gammas` needs for itself, and how many these are."""


class Many(NamedTuple):
    """Those who are drawn together.

    Attributes:
        keys: uint32[people], their keys of luck.
        people: So many of them count.
        draws: float64[rows, people], what is drawn; the first `OF_GAMMAS` rows are room for `draw_gammas`.
        few: int32[people], room for places.
    """

    keys: Any
    people: int
    draws: Any
    few: Any


@kernel
def draw_normals(many: Many, uniform: int, deviate: int) -> None:
    """Fill the row `deviate` with the normal quantiles of the row `uniform`, as `normal` has them."""
    draws, count, few = many.draws, many.people, many.few
    for j in range(count):
        draws[deviate, j] = normal_centre(draws[uniform, j] - MIDDLE)
    found = 0
    for j in range(count):
        few[found] = j
        found += abs(draws[uniform, j] - MIDDLE) > CENTRE
    for n in range(found):
        draws[deviate, few[n]] = normal(draws[uniform, few[n]])


@kernel
def draw_gammas(many: Many, seed: int, stream: int, index: int, shape: float, variate: int) -> None:
    """Gamma variates of period 0 in their parts, as `gamma_parts` has them.

    Args:
        many: Who they are for.
        seed: Key of the run's luck.
        stream: Of luck.
        index: The first of luck.
        shape: Of the distribution.
        variate: Row of the variates, to be filled; what boosts them down, in logarithms, comes into the next.
    """
    keys, count, draws, few = many.keys, many.people, many.draws, many.few
    d, c = gamma_frame(shape)
    for j in range(count):
        u = uniforms(seed, stream, keys[j], 0, index)
        draws[FIRST, j], draws[SECOND, j], draws[THIRD, j] = u[0], u[1], u[2]
    draw_normals(many, FIRST, DEVIATE)
    for j in range(count):
        root = 1.0 + c * draws[DEVIATE, j]
        draws[variate, j] = d * (root * root * root)
    for j in range(count):
        draws[variate + 1, j] = log_boost(draws[THIRD, j], shape) if shape < 1.0 else 0.0
    found = 0
    for j in range(count):
        few[found] = j
        found += (draws[variate, j] <= 0.0) | (not surely_taken(draws[SECOND, j], draws[DEVIATE, j], d))
    for n in range(found):
        j = few[n]
        draws[variate, j], draws[variate + 1, j] = gamma_parts(seed, stream, keys[j], 0, index, shape)
