"""Which points of a sweep have the highest and the lowest of an output, and which output is asked about first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from sim.report.signed_changes import negligible
from sim.results.intervals import Interval, mean_interval
from sim.results.outputs import output_unit
from sim.studies.sweep.interplay import levers, runs_by_point

if TYPE_CHECKING:
    from sim.studies.sweep.swept import Sweep

FIRST = ("profit", "margin", "margin.total")
"""What a firm asks first, where it is recorded; else it is the first output of the experiment."""


class Ends(NamedTuple):
    """The points at which an output is highest and lowest, rows of `Sweep.summary`, and how they differ."""

    highest: pd.Series
    lowest: pd.Series
    apart: Interval


def main_output(found: Sweep) -> str:
    """The output that the headline is about.

    Of levers it is what a firm asks first. Where nothing is the firm's to choose, it is what hangs on it most: that
    which moves by the largest part of itself.
    """
    if not levers(found) and found.size > 1:
        spans = {name: moved_part(found, name, ends) for name in found.outputs if (ends := ends_of(found, name))}
        if spans and max(spans.values()) > 0.0:
            return max(spans, key=lambda output: spans[output])
    return next((name for name in FIRST if name in found.outputs), found.outputs[0])


def moved_part(found: Sweep, output: str, ends: Ends) -> float:
    """How far an output moves, as a part of its larger end; 0 where luck may do as much, or it is negligible."""
    high, low = (float(end["mean"]) for end in (ends.highest, ends.lowest))
    moved = {"first": low, "difference": ends.apart.value, "low": ends.apart.low, "high": ends.apart.high}
    if not told_apart(ends) or negligible(pd.Series({**moved, "unit": output_unit(output, found.scenario)})):
        return 0.0
    return (high - low) / (max(abs(high), abs(low)) or 1.0)


def points_alike(found: Sweep, output: str) -> int:
    """How many points cannot be told from the highest, itself among them; one where there is one run at each."""
    ends = ends_of(found, output)
    if ends is None or found.replications < 2:
        return 1
    by_point = runs_by_point(found, output)
    highest = by_point[ends.highest["point"]]
    return sum(not surely_above(mean_interval(highest - by_point[point])) for point in by_point)


def ends_of(found: Sweep, output: str) -> Ends | None:
    """Where an output is highest and lowest; None where no run is done."""
    points = found.summary(output).dropna(subset="mean").reset_index(drop=True)
    if points.empty:
        return None
    highest, lowest = points.iloc[int(points["mean"].argmax())], points.iloc[int(points["mean"].argmin())]
    return Ends(highest, lowest, pair_by_pair(found, output, highest["point"], lowest["point"]))


def pair_by_pair(found: Sweep, output: str, one: str, other: str) -> Interval:
    """One point minus another, replication by replication with the same luck."""
    by_point = runs_by_point(found, output)
    return mean_interval(by_point[one] - by_point[other])


def surely_above(apart: Interval) -> bool:
    """Whether a difference is one that luck does not make."""
    return apart.low > 0.0


def told_apart(ends: Ends) -> bool:
    """Whether the highest is surely above the lowest; of one run a point, whether it is above at all."""
    return surely_above(ends.apart) if math.isfinite(ends.apart.low) else ends.apart.value > 0.0
