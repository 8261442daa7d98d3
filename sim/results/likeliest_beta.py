"""The search for the beta that goes best with an alpha, compiled: it looks where the exact one would look.

A fit of lifetimes asks for the likelihood some thousand times, only to learn which of two is higher. Compiled code says
that ten times faster and is not equal to the last bit, so it decides only where the difference is beyond what rounding
can do; where it is not, it says so, and whoever asks compares by the exact likelihood. What comes of a fit is therefore
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

ROUNDING = 64.0 * 2.0**-53
"""Relative error that a logarithm of the gamma function may have in either way of computing it, and more: the best
libraries stay below 4 of the last place."""


def compile_search() -> None:
    """Compile it for what a fit hands it, where it is not on the disk."""
    table = np.array([[0.0, 0.0, -1.0, 0.0], [1.0, 0.0, 1.0, 2.0]])
    likeliest_beta(table, 1.0, 0.5, 1, np.array([-1.0, 1.0, 0.0, 0.0]))


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
def likeliest_beta(table: Curve, alpha: float, golden: float, steps: int, stretch: Curve) -> int:
    """Look for the logarithm of beta at which the likelihood is highest, by golden sections.

    Args:
        table: A row for each edge of an interval, float64[n, 4]: tenure in years; what is added to the logarithm of the
            share who stay since the edge before; who left since then, -1 at the first edge of a cohort; who stayed.
        alpha: The other parameter.
        golden: What is left of the stretch after a section.
        steps: How many sections.
        stretch: From where and to where, and the two places between that are compared, logarithms, as sections leave
            them. In the end the place that was found, the logarithm of the likelihood there, and how far that may be
            off. float64[4].

    Returns:
        -1 where it was found; else two places were too close to tell, and so many sections are left.

    >>> import numpy as np
    >>> curve = [1000, 631, 468, 382, 326, 289, 262, 241]
    >>> rows = [[0.0, 0.0, -1.0, 0.0]]
    >>> rows += [[t, 0.0, float(curve[t - 1] - curve[t]), float(curve[t])] for t in range(1, 8)]
    >>> stretch = np.array([-5.0, 5.0, 5.0 - 6.18, -5.0 + 6.18])
    >>> likeliest_beta(np.array(rows), 0.704, 0.618, 24, stretch), round(math.exp(stretch[0]), 2)
    (-1, 1.18)
    """
    low, high, left, right = stretch[0], stretch[1], stretch[2], stretch[3]
    of_left, blur_left = _likelihood(table, alpha, math.exp(left))
    of_right, blur_right = _likelihood(table, alpha, math.exp(right))
    for done in range(steps + 1):
        if not abs(of_left - of_right) > blur_left + blur_right:
            stretch[0], stretch[1], stretch[2], stretch[3] = low, high, left, right
            return steps - done
        if done == steps:
            break
        if of_left > of_right:
            high, right, of_right, blur_right = right, left, of_left, blur_left
            left = high - golden * (high - low)
            of_left, blur_left = _likelihood(table, alpha, math.exp(left))
        else:
            low, left, of_left, blur_left = left, right, of_right, blur_right
            right = low + golden * (high - low)
            of_right, blur_right = _likelihood(table, alpha, math.exp(right))
    if of_left > of_right:
        stretch[0], stretch[1], stretch[2] = left, of_left, blur_left
    else:
        stretch[0], stretch[1], stretch[2] = right, of_right, blur_right
    return -1


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
    return total, (blur * largest + abs(total)) * ROUNDING
