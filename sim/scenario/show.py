"""A resolved scenario as text: each value, what it was before, and where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.parameters.plain_words import information
from sim.scenario.loader import Loaded
from sim.scenario.plan_words import plan_lines, written_value
from sim.words import Sentences, say, translated


@dataclass(frozen=True)
class ShownLine:
    """One parameter of a resolved scenario.

    Attributes:
        path: The parameter.
        value: Its value.
        before: The values it had before, oldest first.
        origin: Where the value came from.
        unit: Its unit.
    """

    path: str
    value: Any
    before: tuple[Any, ...]
    origin: str
    unit: str


def resolved(loaded: Loaded, *, everything: bool = False) -> Iterator[ShownLine]:
    """The parameters of a scenario, in the order of the file.

    Args:
        loaded: What `load_scenario` returned.
        everything: Also those that have their defaults.

    Yields:
        One line for each parameter.

    >>> from sim.scenario import load_text
    >>> [(line.path, line.before, line.value) for line in resolved(load_text("firm: {desk: {ease: 1}}", name="a"))]
    [('name', ('scenario',), 'a'), ('firm.desk.ease', (0.0,), 1)]
    """
    for path, steps in loaded.origins.items():
        if not everything and len(steps) == 1 and steps[0].origin == "default":
            continue
        before: list[Any] = []
        for step in steps[:-1]:
            if step.value != steps[-1].value and (not before or before[-1] != step.value):
                before.append(step.value)
        info = information(_listed(path), type(loaded.scenario))
        unit = "" if info is None or info.unit in ("name", "text", "yes/no") else info.unit
        yield ShownLine(path, steps[-1].value, tuple(before), steps[-1].origin, unit)


def _listed(path: str) -> str:
    tokens = path.split(".")
    return f"{tokens[0]}[].{'.'.join(tokens[2:])}" if tokens[0] in ("rivals", "segments") else path


def text(loaded: Loaded, *, everything: bool = False) -> str:
    """The resolved scenario for a terminal: old -> new, origin, presets with their notes, timeline.

    >>> from sim.scenario import load_text
    >>> print(text(load_text("firm: {desk: {ease: 1}}", name="a")).splitlines()[-1])
    firm.desk.ease  0.0 -> 1     a.yaml:1   index
    """
    lines = list(resolved(loaded, everything=everything))
    rows = [
        (
            line.path,
            " -> ".join(written_value(value) for value in (*line.before, line.value)),
            line.origin,
            translated(line.unit),
        )
        for line in lines
        if line.path not in ("name", "question", "asks")
    ]
    widths = [min(max(len(row[column]) for row in rows), 60) for column in range(3)] if rows else [0, 0, 0]
    parts = Sentences([say("Scenario {name}", name=loaded.scenario.name)])
    if loaded.scenario.question:
        parts[0] += f": {translated(loaded.scenario.question)}"
    if loaded.files:
        parts.say("Files: {files}", files=" <- ".join(loaded.files))
    parts.append("")
    parts += [
        "  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)).rstrip() for row in rows
    ]
    if not everything:
        left = sum(len(steps) == 1 and steps[0].origin == "default" for steps in loaded.origins.values())
        parts.insert(
            len(parts) - len(rows), say("{left} more parameters have their defaults (--all shows them).\n", left=left)
        )
    parts += _timeline(loaded)
    for path, preset in loaded.presets:
        parts += ["", f"{path} = {preset.name}: {translated(preset.title)}"]
        parts.append(f"  {say('Note: {note}', note=translated(preset.note))}")
    return "\n".join(parts)


def _timeline(loaded: Loaded) -> Iterator[str]:
    if loaded.scenario.timeline:
        yield ""
        yield say("Timeline:")
    for line in plan_lines(loaded):
        yield f"  {line}"
