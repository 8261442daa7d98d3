"""A sweep in plain words: where an output is highest and lowest, what each factor does, how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.report.wording import number
from sim.results.outputs import output_label, output_unit
from sim.studies.sweep.best_points import ends_of, main_output, moved_part, points_alike, told_apart
from sim.studies.sweep.factor_words import factor_name, moved_by, of_factors, placed, value_at, where
from sim.studies.sweep.interplay import (
    Setting,
    asked,
    best_everywhere,
    has_own_values,
    highest_of,
    levers,
    of_drawn,
    others_of,
    settings_at,
    values_of,
    varying,
)
from sim.words import Sentences, either, listed, plural, say

if TYPE_CHECKING:
    from sim.runs.experiment.axes import Axis
    from sim.studies.sweep.swept import Sweep

MARGINS = ("margin", "margin.total")
"""Outputs of the run alone, in which what customers are worth at its end does not count."""

MOST_SETTINGS = 6
"""Settings of the other factors that a headline names."""

CERTAINTY = (
    "All points have the same luck, replication by replication, so that they compare better than the intervals of each "
    "say. Who looks for the best of many points finds a lucky one: a choice is judged by new luck (sim optimise). "
    "Intervals are 95% t-intervals over replications."
)


def headline(found: Sweep) -> str:
    """The answer: how far the first lever is to be taken, and whether the other factors change that."""
    output = main_output(found)
    ends = ends_of(found, output)
    if ends is None:
        return say("No run is done, so that nothing can be told")
    values = {"output": output_label(output), "value": value_at(found, output, ends.highest)}
    if found.size == 1:
        return say("{output}: {value}", **values)
    if not told_apart(ends):
        return say("{output} hardly hangs on what was varied: {value}", **values)
    if not levers(found):
        there, at_most = where(found, ends.lowest), where(found, ends.highest)
        lowest = value_at(found, output, ends.lowest)
        said = {**values, "lowest": lowest, "there": there, "where": at_most}
        return say("What was varied moves “{output}” most: {lowest} at {there}, {value} at {where}", **said)
    if others_of(found, asked(found)) and (settings := settings_at(found, output)):
        return _along_asked(found, output, settings)
    if drawn := of_drawn(found, output):
        factor, moved = drawn[0]
        named = {"factor": factor_name(found, factor), "change": moved_by(found, output, moved)}
        return say("{factor} moves {output} most: {change} from its lower to its upper half", **values, **named)
    return say("{output} is highest, {value}, at {where}", **values, where=where(found, ends.highest))


def _along_asked(found: Sweep, output: str, settings: list[Setting]) -> str:
    """Where the output is highest along the factor of the headline, and whether the others change that."""
    axis, everywhere = asked(found), best_everywhere(settings)
    values = {
        "output": output_label(output),
        "factor": factor_name(found, axis),
        "best": _values(found, axis, everywhere),
        "others": listed([factor_name(found, other) for other in others_of(found, axis)]),
    }
    if len(everywhere) == len(settings[0].by_value):
        return say("{factor} hardly moves {output}, whatever {others} may be", **values)
    if len(everywhere) > 1:
        values["top"] = placed(axis, highest_of(everywhere, settings))
        return say(
            "{factor}: {output} is highest at {top}, whatever {others} may be, but {best} cannot be told apart",
            **values,
        )
    if everywhere:
        return say("{factor}: {output} is highest at {best}, whatever {others} may be", **values)
    if len(settings) > MOST_SETTINGS:
        return say("{factor}: where {output} is highest hangs on {others}", **values)
    return say("{factor}: {output} is highest at {cases}", **values, cases=_cases(found, settings))


def _cases(found: Sweep, settings: list[Setting]) -> str:
    """Where the output is highest at each setting; settings with the same in one."""
    axis, at_best = asked(found), dict[tuple[Any, ...], list[str]]()
    for setting in settings:
        there = listed([placed(other, setting.point[other.path]) for other in others_of(found, axis)])
        at_best.setdefault(setting.best, []).append(there)
    told = [
        say("{best} with {there}", best=_values(found, axis, best), there=either(there))
        for best, there in at_best.items()
    ]
    return "; ".join(told)


def _values(found: Sweep, axis: Axis, values: tuple[Any, ...]) -> str:
    """Some values of a factor; three and more numbers that follow on each other by both ends."""
    among = values_of(found, axis)
    follow = among[among.index(values[0]) :][: len(values)] == list(values) if values else False
    shown = [placed(axis, value) for value in values]
    if axis.kind in ("number", "whole") and len(values) > 2 and follow:
        return say("{low} to {high}", low=shown[0], high=shown[-1])
    return either(shown)


def sentences(found: Sweep) -> list[str]:
    """All that is said, the headline first."""
    return [f"{headline(found)}.", *of_outputs(found), *of_factors(found), *how_sure(found)]


def what_to_do(found: Sweep) -> list[str]:
    """What the main output says to choose, as far as luck lets it."""
    output = main_output(found)
    ends = ends_of(found, output)
    if ends is None or found.size == 1:
        return []
    values = {"output": output_label(output), "where": where(found, _chosen(found, output, ends.highest))}
    if not levers(found):
        return _what_to_rely_on(found)
    if not told_apart(ends):
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
    if len(levers(found)) < len(varying(found)):
        settings = settings_at(found, output)
        chosen = [f"{_along_asked(found, output, settings)}."] if settings else _over_what_nobody_chooses(found, output)
        return [*chosen, *harvest]
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


def _chosen(found: Sweep, output: str, highest: pd.Series) -> pd.Series:
    """The highest point; where luck may have put it first, that of its setting with what is best in every setting."""
    settings = settings_at(found, output) if others_of(found, asked(found)) else []
    everywhere, axis = best_everywhere(settings) if settings else (), asked(found)
    if not everywhere or highest[axis.path] in everywhere:
        return highest
    points, same = found.summary(output), pd.Series(True, index=found.summary(output).index)
    for other in others_of(found, axis):
        same &= points[other.path] == highest[other.path]
    there = points[same & points[axis.path].isin(everywhere)]
    return highest if there.empty else there.iloc[int(there["mean"].argmax())]


def _what_to_rely_on(found: Sweep) -> list[str]:
    """Of what nobody chooses: which figures need it known, and which do not."""
    ends = {output: ends_of(found, output) for output in found.outputs}
    spans = {output: 0.0 if each is None else moved_part(found, output, each) for output, each in ends.items()}
    order = sorted(spans, key=lambda output: -spans[output])
    moved, still = ([output_label(name) for name in order if (spans[name] > 0.0) is does] for does in (True, False))
    said = Sentences()
    if moved:
        names = listed([factor_name(found, axis) for axis in varying(found)])
        said.say("Before you rely on {outputs}, find out: {names}.", outputs=listed(moved), names=names)
    if still:
        said.say("Whichever is right, {outputs} hardly changes.", outputs=either(still))
    return said


def _over_what_nobody_chooses(found: Sweep, output: str) -> list[str]:
    """Of levers among what nobody chooses: the side of each that is better over all of it, as far as that is sure."""
    said, name = Sentences(), output_label(output)
    sure = {axis.path: moved.value for axis, moved in of_drawn(found, output)}
    for axis in levers(found):
        if (change := sure.get(axis.path, 0.0)) > 0.0:
            said.say("{factor}: rather in the upper half of what was tried.", factor=factor_name(found, axis))
        elif change < 0.0:
            said.say("{factor}: rather in the lower half of what was tried.", factor=factor_name(found, axis))
    drawn = [axis for axis in levers(found) if has_own_values(found, axis)]  # of others, what moves the output tells
    open_ones = [factor_name(found, axis) for axis in drawn if axis.path not in sure]
    if open_ones:
        said.say("{output} does not say which half is better: {factors}.", output=name, factors=listed(open_ones))
    return said


def of_outputs(found: Sweep) -> list[str]:
    """Where each output is highest and lowest, that of the headline first; of points drawn at random, how far apart."""
    first, drawn = main_output(found), all(has_own_values(found, axis) for axis in varying(found))
    said = []
    for output in [first, *(name for name in found.outputs if name != first)]:
        ends = ends_of(found, output)
        if ends is None or found.size == 1:
            continue
        if drawn:
            said.append(_spread_of(found, output))
            continue
        values = {
            "output": output_label(output),
            "highest": value_at(found, output, ends.highest),
            "lowest": value_at(found, output, ends.lowest),
        }
        said.append(
            say(
                "{output}: highest {highest} at {where}, lowest {lowest} at {there}.",
                **values,
                where=where(found, ends.highest),
                there=where(found, ends.lowest),
            )
            if told_apart(ends)
            else say("{output}: {lowest} to {highest}, no more apart than luck may set them.", **values)
        )
    return said


def _spread_of(found: Sweep, output: str) -> str:
    """Of points that were drawn, of which each is a possible world and none an answer."""
    means, unit = found.summary(output)["mean"].dropna(), output_unit(output, found.scenario)
    low, middle, high = (number(float(value), unit) for value in means.quantile([0.05, 0.5, 0.95]))
    values = {"output": output_label(output), "low": low, "middle": middle, "high": high}
    return say("{output}: {middle} in the middle of all points, {low} to {high} in nine of ten.", **values)


def how_sure(found: Sweep) -> list[str]:
    """How many runs, what failed, and which points cannot be told from the highest."""
    runs = found.replications
    said = Sentences([plural("{n} run at each point.", "{n} runs at each point, all points with the same luck.", runs)])
    output = main_output(found)
    ends = ends_of(found, output)
    if of_drawn(found, output):
        said.say("Halves of a factor's values are compared over points, which differ in all else.")
    elif ends is not None and runs > 1 and found.size > 1:
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
