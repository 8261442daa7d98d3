"""What a factor does at each setting of the others, and whether they change it."""

from __future__ import annotations

import math
from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.results.intervals import Interval, mean_interval, t_quantile
from sim.runs.execution.task import DONE

if TYPE_CHECKING:
    from sim.runs.experiment.axes import Axis
    from sim.studies.sweep.swept import Sweep

LEAST_DRAWN = 8
"""Points in each half of a factor's values, below which a difference of their means tells nothing."""


ByValue = dict[Any, NDArray[np.float64]]


class Setting(NamedTuple):
    """A value of each other factor, and what the factor in question does there.

    Attributes:
        point: One of its points, a row of `Sweep.points`.
        best: Values of the factor at which the output cannot be told from its highest, in their order.
        moved: The output at the factor's last value less that at its first, replication by replication.
        by_value: The output by value of the factor, replication by replication; NaN where a run failed.
    """

    point: pd.Series
    best: tuple[Any, ...]
    moved: Interval
    by_value: ByValue


def varying(found: Sweep) -> list[Axis]:
    """Factors that have more than one value among the points; all where none has."""
    return [axis for axis in found.axes if found.points[axis.path].nunique() > 1] or list(found.axes)


def levers(found: Sweep) -> list[Axis]:
    """Factors that the firm decides, of those that vary."""
    return [axis for axis in varying(found) if axis.lever]


def asked(found: Sweep) -> Axis:
    """The factor that the headline is about: the first lever, else the first factor."""
    return next(iter(levers(found)), varying(found)[0])


def others_of(found: Sweep, axis: Axis) -> list[Axis]:
    """The other factors that vary."""
    return [other for other in varying(found) if other.path != axis.path]


def has_own_values(found: Sweep, axis: Axis) -> bool:
    """Whether nearly every point has a value of its own of a factor, so that an end of it is one point's."""
    points = len(found.points)
    return len(varying(found)) > 1 and found.points[axis.path].nunique() > points / 2 > 1


def runs_by_point(found: Sweep, output: str) -> pd.DataFrame:
    """A row a replication, a column a point; NaN where a run failed."""
    done = found.runs[found.runs["status"] == DONE]
    return done.pivot(index="replication", columns="point", values=output)


def values_of(found: Sweep, axis: Axis) -> list[Any]:
    """The values of a factor among the points: numbers upwards, choices as the experiment has them."""
    values = list(dict.fromkeys(found.points[axis.path]))
    return sorted(values) if axis.kind in ("number", "whole") else values


def settings_of(found: Sweep, output: str, axis: Axis, others: list[Axis]) -> list[Setting]:
    """What a factor does at each setting of the others.

    Args:
        found: What was run.
        output: An output.
        axis: The factor in question.
        others: The other factors that vary.

    Returns:
        A setting each, in the order of the design; none unless each value of the factor was run once at each setting,
        so that nothing but the factor differs.
    """
    runs, values = runs_by_point(found, output), values_of(found, axis)
    points, paths = found.points[found.points["point"].isin(runs.columns)], [other.path for other in others]
    if len(values) < 2 or points.empty:
        return []
    settings = []
    for _, group in points.groupby(paths, sort=False) if paths else [((), points)]:
        if sorted(group[axis.path].map(values.index)) != list(range(len(values))):
            return []
        named = group.set_index(axis.path)["point"]
        by_value = {value: runs[named[value]].to_numpy(np.float64) for value in values}
        settings.append(Setting(group.iloc[0], best_of(by_value), mean_interval(_moves(by_value)), by_value))
    return settings


def best_of(by_value: ByValue) -> tuple[Any, ...]:
    """Values that cannot be told from the one with the highest mean, itself among them.

    >>> runs = {1: [5.0, 9.0, 7.0], 2: [6.0, 10.0, 8.1], 3: [6.1, 9.9, 8.2]}
    >>> best_of({value: np.array(each) for value, each in runs.items()})
    (2, 3)
    >>> best_of({1: np.array([5.0]), 2: np.array([6.0])})
    (2,)
    """
    highest = max(by_value, key=lambda value: _mean(by_value[value]))
    apart = {value: mean_interval(by_value[highest] - runs) for value, runs in by_value.items()}
    alike = [value for value, each in apart.items() if each.value == 0.0 or each.low <= 0.0]
    return tuple(value for value in by_value if value == highest or value in alike)


def _mean(runs: NDArray[np.float64]) -> float:
    done = runs[~np.isnan(runs)]
    return float(done.mean()) if done.size else -math.inf


def best_everywhere(settings: list[Setting]) -> tuple[Any, ...]:
    """Values that are among the best at each setting; none where the best hangs on the others."""
    return tuple(value for value in settings[0].by_value if all(value in each.best for each in settings))


def highest_of(values: tuple[Any, ...], settings: list[Setting]) -> Any:
    """Of some values of the factor the one with the highest mean over all settings."""
    return max(values, key=lambda value: fmean(_mean(each.by_value[value]) for each in settings))


def _moves(by_value: ByValue) -> NDArray[np.float64]:
    """What the factor does from its first value to its last, replication by replication."""
    runs = list(by_value.values())
    return runs[-1] - runs[0]


def most_apart(settings: list[Setting]) -> tuple[Setting, Setting, Interval]:
    """The settings at which the factor moves the output least and most, and the difference with its interval."""
    least, most = (pick(settings, key=lambda each: each.moved.value) for pick in (min, max))
    return least, most, mean_interval(_moves(most.by_value) - _moves(least.by_value))


def between_halves(found: Sweep, output: str, axis: Axis) -> Interval | None:
    """Mean of an output over the points in the upper half of a factor's values less that in the lower half.

    For designs that draw every factor anew at each point, so that the others differ in both halves alike by chance.

    Returns:
        The difference with its 95% interval by Welch's t over points; None of choices, and of too few points.
    """
    if axis.kind not in ("number", "whole"):
        return None
    means = found.summary(output).dropna(subset="mean").sort_values(axis.path, kind="stable")
    lower, upper = (half["mean"].to_numpy(float) for half in (means[: len(means) // 2], means[(len(means) + 1) // 2 :]))
    if min(len(lower), len(upper)) < LEAST_DRAWN:
        return None
    return _welch(lower, upper)


def _welch(lower: NDArray[np.float64], upper: NDArray[np.float64]) -> Interval:
    """95% interval of a difference of means of two samples that need not scatter alike.

    Source: Welch 1947, with degrees of freedom rounded down.
    """
    apart = float(upper.mean() - lower.mean())
    errors = [float(half.var(ddof=1)) / len(half) for half in (lower, upper)]
    if sum(errors) == 0.0:
        return Interval(apart, apart, apart)
    freedom = sum(errors) ** 2 / sum(
        error**2 / (len(half) - 1) for error, half in zip(errors, (lower, upper), strict=True)
    )
    reach = t_quantile(int(freedom)) * math.sqrt(sum(errors))
    return Interval(apart, apart - reach, apart + reach)


def settings_at(found: Sweep, output: str) -> list[Setting]:
    """What the factor of the headline does at each setting of the others, see `settings_of`."""
    return settings_of(found, output, asked(found), others_of(found, asked(found)))


def of_drawn(found: Sweep, output: str) -> list[tuple[Axis, Interval]]:
    """Levers that surely move an output from the lower half of their values to the upper, the furthest first."""
    drawn = [(axis, between_halves(found, output, axis)) for axis in levers(found) if has_own_values(found, axis)]
    sure = [(axis, moved) for axis, moved in drawn if moved is not None and does_move(moved)]
    return sorted(sure, key=lambda one: -abs(one[1].value))


def does_move(moved: Interval) -> bool:
    """Whether a change is surely none of nothing."""
    return not moved.low <= 0.0 <= moved.high


def moved_over_others(found: Sweep, output: str, axis: Axis) -> Interval | None:
    """What a factor of numbers does to an output over all that the others are.

    Returns:
        From its least value to its most, or, where each point has its own, from the lower half of them to the upper;
        None of choices, and where there is too little to tell.
    """
    if has_own_values(found, axis):
        return between_halves(found, output, axis)
    values = values_of(found, axis) if axis.kind in ("number", "whole") else []
    if len(values) < 2:
        return None
    runs = runs_by_point(found, output)
    points = found.points[found.points["point"].isin(runs.columns)].set_index("point")[axis.path]
    first, last = (runs[points.index[points == values[end]]].mean(axis=1) for end in (0, -1))
    return mean_interval(last - first)
