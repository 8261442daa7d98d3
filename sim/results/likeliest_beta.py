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
from sim.results.logarithms import LOT, SHIFT, risen, shifted_log_gamma, take_gone, take_logs

if TYPE_CHECKING:
    from sim.results.survival import Curve

_BEFORE_COMPILING = 24
"""So many fits of a process are done without it where it has not been compiled on this machine: a run has few, and
compiling takes as long as fifty."""

ROUNDING = 64.0 * 2.0**-53
"""Relative error that a logarithm of the gamma function may have in either way of computing it, and more: the best
libraries stay below 4 of the last place; ours, a difference of two that are computed eight further on, below 26."""

HEIGHT = 11
"""Rows of room for `_likelihood`: four of the table, and what is worked out."""


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
    room = np.zeros((HEIGHT, (table.shape[0] + LOT - 1) // LOT * LOT), np.float64)
    for i in range(table.shape[0]):
        room[0, i], room[1, i], room[3, i] = table[i, 0], table[i, 1], table[i, 3]
        room[2, i] = max(table[i, 2], 0.0)  # nobody left before the first edge of a cohort
    low, high, left, right = stretch[0], stretch[1], stretch[2], stretch[3]
    of_left, blur_left = _likelihood(room, alpha, math.exp(left))
    of_right, blur_right = _likelihood(room, alpha, math.exp(right))
    for done in range(steps + 1):
        if not abs(of_left - of_right) > blur_left + blur_right:
            stretch[0], stretch[1], stretch[2], stretch[3] = low, high, left, right
            return steps - done
        if done == steps:
            break
        if of_left > of_right:
            high, right, of_right, blur_right = right, left, of_left, blur_left
            left = high - golden * (high - low)
            of_left, blur_left = _likelihood(room, alpha, math.exp(left))
        else:
            low, left, of_left, blur_left = left, right, of_right, blur_right
            right = low + golden * (high - low)
            of_right, blur_right = _likelihood(room, alpha, math.exp(right))
    if of_left > of_right:
        stretch[0], stretch[1], stretch[2] = left, of_left, blur_left
    else:
        stretch[0], stretch[1], stretch[2] = right, of_right, blur_right
    return -1


@kernel
def _likelihood(room: Curve, alpha: float, beta: float) -> tuple[float, float]:
    """The logarithm of the likelihood, and how far it may be off.

    In loops without branches, which do eight rows of the table at once; `room` has its columns in its first rows, lots
    of `LOT` in length. Rows at which nobody left or stayed count nothing, whatever is worked out for them.
    """
    tenure, besides, left, stayed = room[0], room[1], room[2], room[3]
    of_stay, of_all, here, largest, kept, gone, logs = room[4], room[5], room[6], room[7], room[8], room[9], room[10]
    for i in range(tenure.size):
        stay = beta + tenure[i]
        kept[i] = risen(alpha + stay) / risen(stay)
        of_stay[i] = here[i] = stay + SHIFT
        of_all[i] = largest[i] = alpha + stay + SHIFT
    take_logs(of_stay, logs)
    for i in range(tenure.size):
        here[i] = shifted_log_gamma(here[i], logs[i])
    take_logs(of_all, logs)
    for i in range(tenure.size):
        of_stay[i] = shifted_log_gamma(largest[i], logs[i])
    take_logs(kept, logs)
    for i in range(tenure.size):
        largest[i] = max(here[i], of_stay[i], logs[i])
        here[i] += logs[i] - of_stay[i]
    kept[0] = -1.0
    for i in range(1, tenure.size):
        kept[i] = min(here[i] - here[i - 1] + besides[i], -1e-14)
    take_gone(kept, gone, of_stay)
    for i in range(tenure.size):
        here[i] = gone[i]
    take_logs(here, logs)
    total, blur, most = 0.0, 0.0, 1.0
    for i in range(tenure.size):
        total += left[i] * logs[i] + stayed[i] * kept[i]
        blur += left[i] / gone[i] + stayed[i] * (1.0 - kept[i])
        most = max(most, largest[i])
    return total, (blur * most + abs(total)) * ROUNDING
