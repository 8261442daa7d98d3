"""How many replications a wanted half-width needs: Stein's two-stage rule, guarded against a lucky first stage."""

from __future__ import annotations

import math

from sim.results.intervals import t_quantile
from sim.vocabulary.errors import ExitVoiceError
from sim.vocabulary.exit_status import ExitStatus
from sim.words import say

PILOT = 20
"""Replications of the first stage: fewer make t, and with it the second stage, larger."""

MOST_REPLICATIONS = 10_000

MOST_RATIO = 2.0**31
"""Of half-width now to half-width wanted: beyond it nobody counts the replications, which all are too many."""


class PrecisionError(ExitVoiceError):
    """A half-width that would need more replications than are run; the message says how many, and what can be had."""

    exit_status = ExitStatus.BAD_INPUT


def replications_needed(deviation: float, pilot: int, half_width: float) -> int:
    """Replications after which the interval mean +- t s / sqrt(N) is no wider than asked for.

    N = max(n0, ceil((t s / w)^2)) with the standard deviation s of the n0 differences of the first stage, t of n0 - 1
    degrees of freedom and the half-width w. The interval of the mean of all N differences with the first stage's s
    covers the truth with 95% exactly for normal differences, whatever their true deviation; a rule that stops as soon
    as the interval is narrow does not. Source: Stein 1945.

    After the second stage the same is asked of all differences, with their own s, and more are added where the usual
    interval is still too wide. It can only add: N never falls below Stein's, and depends on deviations alone, of which
    the mean of normal differences is independent, so that the coverage stays at least 95%. It is for differences that
    are not normal, whose first stage may look calmer than they are.

    Args:
        deviation: s, in the figure's unit.
        pilot: n0, or the number of differences that s is of; at least 2.
        half_width: w, in the figure's unit.

    >>> replications_needed(0.01, 20, 0.002), replications_needed(0.01, 20, 1.0)
    (110, 20)
    >>> replications_needed(1.0, 20, 1e-320) > MOST_REPLICATIONS
    True
    """
    ratio = t_quantile(pilot - 1) * deviation / half_width
    return max(pilot, math.ceil(ratio**2 if ratio < MOST_RATIO else MOST_RATIO**2))


def refuse_too_many(wanted: int, pilot: int, half_width: float, figure: str, unit: str) -> None:
    """Say at once that a half-width cannot be had.

    Raises:
        PrecisionError: If more than `MOST_REPLICATIONS` are wanted.
    """
    if wanted <= MOST_REPLICATIONS:
        return
    # The half-width goes with the root of the number; rounded up so that asking for it is enough.
    reachable = half_width * math.sqrt(wanted / MOST_REPLICATIONS)
    digits = 1 - math.floor(math.log10(reachable))
    reachable = math.ceil(reachable * 10**digits) / 10**digits
    raise PrecisionError(
        say(
            "a half-width of {half_width:g} ({unit}) for {figure} needs about {wanted:,} replications, "
            "as the first {pilot:,} show; at most {most_replications:,} are run: ask for {reachable:g} "
            "or more",
            half_width=half_width,
            unit=unit,
            figure=figure,
            wanted=wanted,
            pilot=pilot,
            most_replications=MOST_REPLICATIONS,
            reachable=reachable,
        )
    )
