"""What a plan comes to: each entry of the timeline with its periods, their dates, and the values that then hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sim.model.scenario import Scenario
from sim.parameters.paths import is_preset
from sim.parameters.plain_words import shown
from sim.parameters.timeline import first_day, get_path, phases, span
from sim.scenario.loader import Loaded
from sim.words import plural, say

MOST_TOLD = 6
"""Steps of one entry that are told one by one; of more, the first and the last ones."""


@dataclass(frozen=True)
class Planned:
    """One change of a plan.

    Attributes:
        entry: Number of the entry in the file's timeline.
        path: The parameter.
        said: What the file says, or what a ramp or a series comes to.
        value: The value that holds when the change begins; None where it has no effect.
        begin: First period.
        begins: The first day of that.
        end: First period after it, or None.
        ends: The first day of that.
    """

    entry: int
    path: str
    said: Any
    value: Any
    begin: int
    begins: dt.date
    end: int | None
    ends: dt.date | None


def planned(loaded: Loaded) -> list[Planned]:
    """Every change of a scenario's timeline with its value.

    >>> from sim.scenario import load_text
    >>> plan = load_text("timeline: [{at: March 2026, set: {firm.strategy.price_index: +3%}}]")
    >>> [(one.begin, str(one.begins), one.said, one.value) for one in planned(plan)]
    [(7, '2026-02-23', '+3%', 1.03)]
    """
    scenario = loaded.scenario
    stretches = phases(scenario)
    found = []
    numbers = loaded.plan or tuple(range(len(scenario.timeline)))
    for entry, change in zip(numbers, scenario.timeline, strict=True):
        begin, end = span(scenario.run, change)
        then = None
        if begin < scenario.run.periods:
            then = next(stretch for start, stretch in reversed(stretches) if start <= begin)
        for path, said in change.set.items():
            value = None if then is None else _value(then, path, said)
            last = None if end is None else first_day(scenario.run, end)
            found.append(Planned(entry, path, said, value, begin, first_day(scenario.run, begin), end, last))
    return found


def _value(then: Scenario, path: str, said: Any) -> Any:
    return said if isinstance(said, Mapping) else get_path(then, path)


def plan_lines(loaded: Loaded) -> Iterator[str]:
    r"""The plan for a terminal.

    >>> from sim.scenario import load_text
    >>> plan = load_text("timeline: [{at: 10, until: 20, set: {firm.strategy.price_index: x 0.5}}]")
    >>> print("\n".join(plan_lines(plan)))
    from period 10 (2026-03-16) until period 20 (2026-05-25):
      firm.strategy.price_index = 0.5 (x 0.5)
    """
    for _, rows in groupby(planned(loaded), key=lambda one: one.entry):
        steps = [list(group) for _, group in groupby(rows, key=lambda one: one.begin)]
        told = steps if len(steps) <= MOST_TOLD else [*steps[: MOST_TOLD - 2], *steps[-1:]]
        for step in told:
            if len(told) < len(steps) and step is told[-1]:
                yield f"... {plural('{n} more change', '{n} more changes', len(steps) - len(told))}"
            yield from _step_lines(step)


def _step_lines(step: list[Planned]) -> Iterator[str]:
    first = step[0]
    if first.end is None:
        yield say("from period {begin} ({day}):", begin=first.begin, day=first.begins)
    else:
        yield say(
            "from period {begin} ({day}) until period {end} ({last}):",
            begin=first.begin,
            day=first.begins,
            end=first.end,
            last=first.ends,
        )
    named = [one for one in step if is_preset(one.path)]
    if named:
        presets = ", ".join(f"{one.path} = {written_value(one.said)}" for one in named)
        yield f"  {say('{presets}, with:', presets=presets)}"
    for one in step:
        if one not in named:
            yield f"  {one.path} = {_told(one)}"


def _told(one: Planned) -> str:
    if one.value is None:
        return written_value(one.said)
    if isinstance(one.said, str) and isinstance(one.value, int | float) and not isinstance(one.value, bool):
        return f"{one.value:.10g} ({one.said})"
    if one.value != one.said:
        return say("{value} (another change that begins then wins)", value=written_value(one.value))
    return written_value(one.said)


def written_value(value: Any) -> str:
    """A value as it would stand in a file.

    >>> written_value({"ease": 1})
    '{ease: 1}'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {written_value(item)}" for key, item in value.items()) + "}"
    return value if isinstance(value, str) else shown(value)
