"""What the factors of a sweep do to its main output, in words, and a point's values as a reader sees them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.parameters.labels import short_label
from sim.report.signed_changes import changed_by, is_money
from sim.report.wording import interval, number, with_interval
from sim.results.amounts import rounded, unit_words, value_shown
from sim.results.intervals import Interval
from sim.results.outputs import output_label, output_unit
from sim.studies.sweep.best_points import main_output
from sim.studies.sweep.interplay import (
    asked,
    does_move,
    has_own_values,
    most_apart,
    moved_over_others,
    others_of,
    settings_at,
    values_of,
    varying,
)
from sim.words import Sentences, listed, say

if TYPE_CHECKING:
    from sim.runs.experiment.axes import Axis
    from sim.studies.sweep.swept import Sweep


def factor_name(found: Sweep, axis: Axis) -> str:
    """What a factor is called among those that vary."""
    return short_label(axis.path, [other.path for other in varying(found)], type(found.scenario))


def of_factors(found: Sweep) -> list[str]:
    """What each factor of numbers does to the main output, over all the others, and whether they change the first.

    The surest first; what cannot be told from nothing is named in one sentence.
    """
    output = main_output(found)
    moved = [(axis, each) for axis in varying(found) if (each := moved_over_others(found, output, axis)) is not None]
    sure = [one for one in moved if does_move(one[1])]
    unsure = [factor_name(found, axis) for axis, each in moved if not does_move(each)]
    said, name = Sentences(), output_label(output)
    for axis, each in sorted(sure, key=lambda one: -abs(one[1].value)):
        told = {"factor": factor_name(found, axis), "output": name, "change": moved_by(found, output, each)}
        if has_own_values(found, axis):
            said.say("{factor}, from its lower to its upper half: {output} changes by {change}.", **told)
        else:
            values = values_of(found, axis)
            told |= {"low": placed(axis, values[0]), "high": placed(axis, values[-1])}
            said.say("{factor} {low} → {high}: {output} changes by {change} on average.", **told)
    if unsure:
        named = {"output": name, "names": listed(unsure)}
        said.say("What these do to {output} cannot be told from nothing: {names}.", **named)
    return [*said, *_of_interplay(found, output)]


def _of_interplay(found: Sweep, output: str) -> list[str]:
    """Whether the other factors change what that of the headline does."""
    axis = asked(found)
    settings = settings_at(found, output) if axis.kind in ("number", "whole") else []
    if len(settings) < 2 or found.replications < 2:
        return []
    least, most, apart = most_apart(settings)
    values, others = values_of(found, axis), others_of(found, axis)
    named = {
        "factor": factor_name(found, axis),
        "low": placed(axis, values[0]),
        "high": placed(axis, values[-1]),
        "output": output_label(output),
    }
    if apart.low <= 0.0:
        names = listed([factor_name(found, other) for other in others])
        return [say("{factor} {low} → {high}: whatever {others} may be, it does the same.", **named, others=names)]
    return [
        say(
            "{factor} {low} → {high}: {output} changes by {change} at {where}, but by {least} at {there}.",
            **named,
            change=moved_by(found, output, most.moved),
            where=at(others, most.point, found),
            least=moved_by(found, output, least.moved),
            there=at(others, least.point, found),
        )
    ]


def moved_by(found: Sweep, output: str, moved: Interval) -> str:
    """A change of an output with its interval, in the output's unit."""
    unit = output_unit(output, found.scenario)
    return changed_by(pd.Series({"difference": moved.value, "low": moved.low, "high": moved.high, "unit": unit}))


def where(found: Sweep, point: pd.Series) -> str:
    """A point in words: the value of each factor that varies."""
    return at(varying(found), point, found)


def at(axes: list[Axis], point: pd.Series, found: Sweep) -> str:
    """Some factors and their values at a point, in words."""
    return listed([f"{factor_name(found, axis)} {placed(axis, point[axis.path])}" for axis in axes])


def placed(axis: Axis, value: Any) -> str:
    """The value of a factor as a reader sees it."""
    return rounded(float(value), 4) if axis.kind == "number" else value_shown(axis.native(value))


def value_at(found: Sweep, output: str, point: pd.Series) -> str:
    """An output at a point, with its interval."""
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
