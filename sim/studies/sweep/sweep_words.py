"""A sweep in plain words: where an output is highest and lowest, what each factor does, how sure that is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from sim.parameters.labels import label
from sim.report.signed_changes import changed_by, is_money
from sim.report.wording import interval, number, with_interval
from sim.results.amounts import rounded, unit_words, value_shown
from sim.results.intervals import Interval, mean_interval
from sim.results.outputs import output_label, output_unit
from sim.runs.execution.task import DONE
from sim.words import Sentences, listed, plural, say

if TYPE_CHECKING:
    from sim.runs.experiment.axes import Axis
    from sim.studies.sweep.swept import Sweep

FIRST = ("profit", "margin", "margin.total")
"""What a firm asks first, where it is recorded; else it is the first output of the experiment."""

MARGINS = ("margin", "margin.total")
"""Outputs of the run alone, in which what customers are worth at its end does not count."""

CERTAINTY = (
    "All points have the same luck, replication by replication, so that they compare better than the intervals of each "
    "say. Who looks for the best of many points finds a lucky one: a choice is judged by new luck (sim optimise). "
    "Intervals are 95% t-intervals over replications."
)


class Ends(NamedTuple):
    """The points at which an output is highest and lowest, rows of `Sweep.summary`, and how they differ."""

    highest: pd.Series
    lowest: pd.Series
    apart: Interval


def main_output(found: Sweep) -> str:
    """The output that the headline is about."""
    return next((name for name in FIRST if name in found.outputs), found.outputs[0])


def headline(found: Sweep) -> str:
    """Where the main output is highest."""
    output = main_output(found)
    ends = ends_of(found, output)
    if ends is None:
        return say("No run is done, so that nothing can be told")
    values = {"output": output_label(output), "value": _value(found, output, ends.highest)}
    if found.size == 1:
        return say("{output}: {value}", **values)
    if not _told_apart(ends):
        return say("{output} hardly hangs on what was varied: {value}", **values)
    return say("{output} is highest, {value}, at {where}", **values, where=where(found, ends.highest))


def sentences(found: Sweep) -> list[str]:
    """All that is said, the headline first."""
    return [f"{headline(found)}.", *of_outputs(found), *of_factors(found), *how_sure(found)]


def what_to_do(found: Sweep) -> list[str]:
    """What the main output says to choose, as far as luck lets it."""
    output = main_output(found)
    ends = ends_of(found, output)
    if ends is None or found.size == 1:
        return []
    values = {"output": output_label(output), "where": where(found, ends.highest)}
    if not _told_apart(ends):
        return [say("{output}: what was varied hardly moves it, so that other figures decide.", **values)]
    alike = points_alike(found, output)
    harvest = (
        [
            say(
                "Margin alone rewards whoever lives on the customers in hand: with profit among the outputs of the "
                "experiment, what they are worth at the end counts too."
            )
        ]
        if output in MARGINS
        else []
    )
    if alike == 1:
        return [say("For the highest {output}: {where}.", **values), *harvest]
    return [
        say("For the highest {output}: {where}.", **values),
        *harvest,
        say(
            "{alike} of the {size} points cannot be told from it: among them choose by what else matters, or add runs "
            "(replications in the experiment, and sim sweep --extend).",
            alike=alike,
            size=found.size,
        ),
    ]


def points_alike(found: Sweep, output: str) -> int:
    """How many points cannot be told from the highest, itself among them; one where there is one run at each."""
    ends = ends_of(found, output)
    if ends is None or found.replications < 2:
        return 1
    runs_by_point = _by_point(found, output)
    highest = runs_by_point[ends.highest["point"]]
    return sum(not _above(mean_interval(highest - runs_by_point[point])) for point in runs_by_point)


def of_outputs(found: Sweep) -> list[str]:
    """Where each output is highest and lowest; that of the headline first."""
    first = main_output(found)
    said = []
    for output in [first, *(name for name in found.outputs if name != first)]:
        ends = ends_of(found, output)
        if ends is None or found.size == 1:
            continue
        values = {
            "output": output_label(output),
            "highest": _value(found, output, ends.highest),
            "lowest": _value(found, output, ends.lowest),
        }
        said.append(
            say(
                "{output}: highest {highest} at {where}, lowest {lowest} at {there}.",
                **values,
                where=where(found, ends.highest),
                there=where(found, ends.lowest),
            )
            if _told_apart(ends)
            else say("{output}: {lowest} to {highest}, no more apart than luck may set them.", **values)
        )
    return said


def of_factors(found: Sweep) -> list[str]:
    """What each factor of numbers does to the main output, from its least value to its most, over all the others."""
    output = main_output(found)
    by_point, unit = _by_point(found, output), output_unit(output, found.scenario)
    points = found.points[found.points["point"].isin(by_point.columns)].set_index("point")
    said = Sentences()
    for axis in varying(found):
        values = sorted(points[axis.path].unique()) if axis.kind in ("number", "whole") else []
        if len(values) < 2 or len(values) > len(points) / 2 > 1 < len(found.axes):
            continue  # where nearly every point has its own value, an end of the factor is one point's
        first, last = (by_point[points.index[points[axis.path] == values[end]]].mean(axis=1) for end in (0, -1))
        moved = mean_interval(last - first)
        named = {
            "factor": label(axis.path, type(found.scenario)),
            "low": placed(axis, values[0]),
            "high": placed(axis, values[-1]),
            "output": output_label(output),
        }
        if moved.low <= 0.0 <= moved.high:
            said.say("{factor} {low} → {high}: what it does to {output} cannot be told from nothing.", **named)
            continue
        row = pd.Series({"difference": moved.value, "low": moved.low, "high": moved.high, "unit": unit})
        told = changed_by(row)
        said.say("{factor} {low} → {high}: {output} changes by {change} on average.", **named, change=told)
    return said


def how_sure(found: Sweep) -> list[str]:
    """How many runs, what failed, and which points cannot be told from the highest."""
    runs = found.replications
    said = Sentences([plural("{n} run at each point.", "{n} runs at each point, all points with the same luck.", runs)])
    output = main_output(found)
    ends = ends_of(found, output)
    if ends is not None and runs > 1 and found.size > 1:
        alike, name = points_alike(found, output), output_label(output)
        if alike == 1:
            said.say("{output}: one point is the highest, and all others lie surely below it.", output=name)
        else:
            said.say(
                "{output}: {n} of {size} points cannot be told from the highest, itself among them.",
                output=name,
                n=alike,
                size=found.size,
            )
    if found.counts.failed:
        failed = plural("{n:,} run failed", "{n:,} runs failed", found.counts.failed)
        said.say("{failed}; most often: {reason}", failed=failed, reason=found.reason)
    return said


def where(found: Sweep, point: pd.Series) -> str:
    """A point in words: the value of each factor that varies."""
    kind = type(found.scenario)
    return listed([f"{label(axis.path, kind)} {placed(axis, point[axis.path])}" for axis in varying(found)])


def placed(axis: Axis, value: Any) -> str:
    """The value of a factor as a reader sees it."""
    return rounded(float(value), 4) if axis.kind == "number" else value_shown(axis.native(value))


def varying(found: Sweep) -> list[Axis]:
    """Factors that have more than one value among the points; all where none has."""
    return [axis for axis in found.axes if found.points[axis.path].nunique() > 1] or list(found.axes)


def ends_of(found: Sweep, output: str) -> Ends | None:
    """Where an output is highest and lowest; None where no run is done."""
    points = found.summary(output).dropna(subset="mean").reset_index(drop=True)
    if points.empty:
        return None
    highest, lowest = points.iloc[int(points["mean"].argmax())], points.iloc[int(points["mean"].argmin())]
    return Ends(highest, lowest, pair_by_pair(found, output, highest["point"], lowest["point"]))


def pair_by_pair(found: Sweep, output: str, one: str, other: str) -> Interval:
    """One point minus another, replication by replication with the same luck."""
    by_point = _by_point(found, output)
    return mean_interval(by_point[one] - by_point[other])


def _by_point(found: Sweep, output: str) -> pd.DataFrame:
    """A row a replication, a column a point; NaN where a run failed."""
    done = found.runs[found.runs["status"] == DONE]
    return done.pivot(index="replication", columns="point", values=output)


def _above(apart: Interval) -> bool:
    return apart.low > 0.0


def _told_apart(ends: Ends) -> bool:
    """Whether the highest is surely above the lowest; of one run a point, whether it is above at all."""
    return _above(ends.apart) if math.isfinite(ends.apart.low) else ends.apart.value > 0.0


def _value(found: Sweep, output: str, point: pd.Series) -> str:
    row = _row(found, output, point)
    if _is_plain(found, row["unit"]):
        value, limits = cell(found, output, point)
        return f"{value} ({limits})" if limits else value
    return with_interval(row)


def cell(found: Sweep, output: str, point: pd.Series) -> tuple[str, str]:
    """An output at a point of `Sweep.summary`, and its interval, which is empty where there is none."""
    row = _row(found, output, point)
    if not _is_plain(found, row["unit"]):
        return number(row["value"], row["unit"]), interval(row)
    limits = say("{low} to {high}", low=rounded(row["low"]), high=rounded(row["high"]))
    return f"{rounded(row['value'])} {unit_words(row['unit'])}", limits if math.isfinite(row["low"]) else ""


def _row(found: Sweep, output: str, point: pd.Series) -> dict[str, Any]:
    """Value, limits and unit of an output at a point; no share is told to be below nothing or above all."""
    unit = output_unit(output, found.scenario)
    at = Interval(*(float(point[name]) for name in ("mean", "low", "high")))
    at = at.within(0.0, 1.0) if unit.startswith("share") else at
    return {**at._asdict(), "unit": unit}  # hundreds of rows are asked for, and a Series takes long to make


def _is_plain(found: Sweep, unit: str) -> bool:
    """Whether a unit is a count of something else than the key figures are: of complaints, say, or hours."""
    return is_money(unit) and not unit.startswith(found.scenario.money.currency)
