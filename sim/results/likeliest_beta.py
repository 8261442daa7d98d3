"""The search for the beta that goes best with an alpha, compiled: it looks where the exact one would look.

A fit of lifetimes asks for the likelihood some thousand times, only to learn which of two is higher. Compiled code says
that ten times faster and is not equal to the last bit, so it decides only where the difference is beyond what rounding
can do; where it is not, it says so, and whoever asks searches by the exact likelihood. What comes of a fit is therefore
the same whether it is compiled or not.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import PLAIN, kernel
from sim.engine.compile_ahead import AFTERWARDS

if TYPE_CHECKING:
    from sim.results.survival import Curve

_BEFORE_COMPILING = 24
"""So many fits of a process are done without it where it has not been compiled on this machine: a run has few, and
compiling takes as long as fifty."""

_ROUNDING = 64.0 * 2.0**-53
"""Relative error that a logarithm of the gamma function may have in either way of computing it, and more: the best
libraries stay below 4 of the last place."""


def compile_search() -> None:
    """Compile it for what a fit hands it, where it is not on the disk."""
    likeliest_beta(np.array([[0.0, 0.0, -1.0, 0.0], [1.0, 0.0, 1.0, 2.0]]), 1.0, -1.0, 1.0, 0.5, 1)


AFTERWARDS.append(compile_search)


class _Fits:
    """How many were done in this process, and whether the compiled search is used."""

    done = 0
    compiled = False


def is_compiled() -> bool:
    """Whether a fit that begins now is to use the compiled search."""
    if PLAIN:
        return False
    if not _Fits.compiled:
        _Fits.done += 1
        _Fits.compiled = _Fits.done > _BEFORE_COMPILING or (_Fits.done == 1 and _is_kept())
    return _Fits.compiled


def _is_kept() -> bool:
    """Whether its machine code is on the disk."""
    from sim.kernel_ready import FOLDER

    return FOLDER.path is not None and any(FOLDER.path.glob("likeliest_beta-*"))


@kernel
def likeliest_beta(table: Curve, alpha: float, low: float, high: float, golden: float, steps: int) -> float:
    """The logarithm of beta at which the likelihood is highest, by golden sections between `low` and `high`.

    Args:
        table: A row for each edge of an interval, float64[n, 4]: tenure in years; what is added to the logarithm of the
            share who stay since the edge before; who left since then, -1 at the first edge of a cohort; who stayed.
        alpha: The other parameter.
        low: Where it looks from, a logarithm.
        high: And to where.
        golden: What is left of the stretch after a section.
        steps: How many sections.

    Returns:
        One of the places that `golden` gives; NaN where two places were too close to tell.

    >>> import numpy as np
    >>> curve = [1000, 631, 468, 382, 326, 289, 262, 241]
    >>> rows = [[0.0, 0.0, -1.0, 0.0]]
    >>> rows += [[t, 0.0, float(curve[t - 1] - curve[t]), float(curve[t])] for t in range(1, 8)]
    >>> round(math.exp(likeliest_beta(np.array(rows), 0.704, -5.0, 5.0, 0.618, 24)), 2)
    1.18
    """
    left, right = high - golden * (high - low), low + golden * (high - low)
    of_left, blur_left = _likelihood(table, alpha, math.exp(left))
    of_right, blur_right = _likelihood(table, alpha, math.exp(right))
    for _ in range(steps):
        if not abs(of_left - of_right) > blur_left + blur_right:
            return math.nan
        if of_left > of_right:
            high, right, of_right, blur_right = right, left, of_left, blur_left
            left = high - golden * (high - low)
            of_left, blur_left = _likelihood(table, alpha, math.exp(left))
        else:
            low, left, of_left, blur_left = left, right, of_right, blur_right
            right = low + golden * (high - low)
            of_right, blur_right = _likelihood(table, alpha, math.exp(right))
    if not abs(of_left - of_right) > blur_left + blur_right:
        return math.nan
    return left if of_left > of_right else right


@kernel
def _likelihood(table: Curve, alpha: float, beta: float) -> tuple[float, float]:
    """The logarithm of the likelihood, and how far it may be off."""
    total, blur, before, largest = 0.0, 0.0, 0.0, 1.0
    for i in range(table.shape[0]):
        one, other = math.lgamma(beta + table[i, 0]), math.lgamma(alpha + beta + table[i, 0])
        here = one - other
        largest = max(largest, abs(one), abs(other))
        if table[i, 2] >= 0.0:
            kept = min(here - before + table[i, 1], -1e-14)
            gone = -math.expm1(kept)
            total += table[i, 2] * math.log(gone) + table[i, 3] * kept
            blur += table[i, 2] / gone + table[i, 3] * (1.0 - kept)
        before = here
    return total, (blur * largest + abs(total)) * _ROUNDING
