"""What happens between the times at which a curve is compared: customers who leave early in an interval, or late.

A run is reduced to the cumulative hazard at the ends of at most twelve intervals. Within them the cumulative hazard is
a monotone cubic through these points (Fritsch & Butland 1984), so that a hazard that falls or rises falls or rises
within a wide interval too; taken as constant it would count as misfit what is none. The data enter in parts of each
interval, at most six, each with its own customers at risk and leavers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.data.life_table import LifeTable
from sim.studies.calibration.target import Array

MOST_PARTS = 6


@dataclass(frozen=True)
class IntervalParts:
    """The data in parts of the intervals.

    Attributes:
        owner: Interval to which each part belongs, int64[s], rising.
        ends: Where a part begins and ends within its interval, 0 to 1, float64[2, s].
        ticks: Trials with equal hazards in each part, float64[s].
        trials: Customers at risk, summed over the ticks, float64[s].
        leavers: Customers who left, float64[s].
        spans: Length of each interval, in the data's units, float64[m].
    """

    owner: npt.NDArray[np.int64]
    ends: Array
    ticks: Array
    trials: Array
    leavers: Array
    spans: Array

    def total(self, values: Array) -> Array:
        """Sums over the parts of each interval, float64[..., m], of float64[..., s]."""
        first = np.searchsorted(self.owner, np.arange(len(self.spans)))
        return np.add.reduceat(values, first, axis=-1)

    def shares(self, hazard: Array) -> Array:
        """Part of an interval's cumulative hazard that falls into each part: float64[k, s].

        Args:
            hazard: Cumulative hazard of each interval, float64[k, m], above 0.
        """
        if (self.ends[0] == 0.0).all() and (self.ends[1] == 1.0).all():
            return np.ones((len(hazard), len(self.owner)))
        rate = hazard / self.spans
        slope = monotone_slopes(rate, self.spans)
        before, after = slope[:, :-1] / rate, slope[:, 1:] / rate

        def reached(x: Array) -> Array:
            cubic = x**2 * (3.0 - 2.0 * x)
            return cubic + before[:, self.owner] * (x * (1.0 - x) ** 2) - after[:, self.owner] * (x**2 * (1.0 - x))

        return np.maximum(reached(self.ends[1]) - reached(self.ends[0]), 1e-12)


def monotone_slopes(rate: Array, spans: Array) -> Array:
    """Slopes of a monotone cubic at the ends of the intervals: weighted harmonic means of the rates on both sides.

    Source: Fritsch & Butland 1984; as in `scipy.interpolate.PchipInterpolator`.

    Args:
        rate: Mean slope in each interval, float64[k, m], above 0.
        spans: Length of each, float64[m].

    >>> monotone_slopes(np.array([[1.0, 2.0]]), np.array([1.0, 1.0])).round(4).tolist()
    [[0.5, 1.3333, 2.5]]
    """
    if rate.shape[1] == 1:
        return np.repeat(rate, 2, axis=1)
    one, other = 2.0 * spans[1:] + spans[:-1], spans[1:] + 2.0 * spans[:-1]
    inner = (one + other) / (one / rate[:, :-1] + other / rate[:, 1:])

    def end(here: int, beside: int) -> Array:
        a, b = spans[here], spans[beside]
        return np.maximum(((2.0 * a + b) * rate[:, here] - a * rate[:, beside]) / (a + b), 0.0)

    return np.concatenate([end(0, 1)[:, None], inner, end(-1, -2)[:, None]], axis=1)


def parts_of(found: LifeTable, last: list[int], *, exact: bool) -> IntervalParts:
    """The data of intervals that end with these times.

    Args:
        found: The data by their own times.
        last: Positions of the times that end an interval.
        exact: Where nobody is watched for less than the whole interval, take it as one part with one trial.
    """
    owner, ends, ticks, trials, left, spans = [], [], [], [], [], []
    first, begun = 0, 0.0
    starts = np.concatenate([[0.0], found.times[:-1]])
    for number, end in enumerate(last):
        span = float(found.times[end]) - begun
        spans.append(span)
        one = found.one_trial(first, end) if exact else False
        steps = np.arange(first, end + 1)
        for part in [steps] if one else np.array_split(steps, min(len(steps), MOST_PARTS)):
            owner.append(number)
            ends.append(((starts[part[0]] - begun) / span, (found.times[part[-1]] - begun) / span))
            ticks.append(1.0 if one else float(len(part)))
            trials.append(float(found.at_risk[first] if one else found.at_risk[part].sum()))
            left.append(float(found.left[part].sum()))
        first, begun = end + 1, float(found.times[end])
    return IntervalParts(np.array(owner), np.array(ends).T, *(np.array(each) for each in (ticks, trials, left, spans)))
