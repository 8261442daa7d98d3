"""What can be moved on the page: every parameter of a scenario with its words, unit, ranges and source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.app.wished import NOT_MOVED
from sim.model.scenario import Scenario
from sim.parameters.labels import label, unit_in, without_paths
from sim.parameters.paths import get_path, is_preset
from sim.parameters.registry import ParameterInfo, parameters
from sim.parameters.synonyms import called
from sim.scenario import Loaded
from sim.scenario.presets import CULTURE, VOICE, names
from sim.vocabulary.parameter import ASSUMPTION
from sim.words import say, translated, written

MOST_FIRST = 12
"""Levers that are shown before anybody searches."""

USUAL = (
    "firm.desk.ease",
    "firm.desk.agents",
    "firm.desk.answer_share",
    "firm.desk.resolution_share",
    "firm.desk.front_line_resolution",
    "firm.desk.compensation",
    "firm.strategy.promise.reliability",
    "firm.systems.service.reliability",
    "firm.systems.service.responsiveness",
    "firm.systems.interception_share",
    "firm.costs.prevention",
    "firm.strategy.price_index",
)
"""Shown first where the scenario changes less than twelve of its own: desk, promise, quality, price."""

NEVER_WITHOUT = (
    "firm.strategy.price_index",
    "firm.desk.agents",
    "firm.systems.service.reliability",
    "firm.strategy.promise.reliability",
    "firm.desk.ease",
)
"""Those of them that come first where there is room for a few only: what every firm decides on."""

POLICIES = ("firm.learning.steering", "firm.programme.offered")
"""What a firm decides on in no number: offered where the file itself sets it."""

PARTS_OF_A_WHOLE = ("systems.channels.chat", "systems.channels.telephone", "systems.channels.counter")
"""Shares that are one together: one alone cannot be moved, so that it is searched for and not offered."""


def levers(loaded: Loaded) -> list[dict[str, Any]]:
    """All levers of a scenario, those of its rivals and segments by their names.

    Returns:
        Plain values for the page: `path`, `label`, `name` (with whose it is and where it belongs), `group`, `unit`,
        `value`, `kind` (`number`, `switch`, `choice`), `low` and `high` (the practical range, widened to hold today's
        value), `step`, `least` and `most` (what is allowed), `choices`, `meaning`, `called` (what else people call
        it), `source`, `first` (its place among those shown first, or None).
    """
    scenario = loaded.scenario
    found = dict(_paths(scenario))
    shown = _first(loaded, found)
    made = []
    for path, info in found.items():
        lever = _lever(path, info, get_path(scenario, path), scenario.money.currency)
        if lever is not None:
            made.append({**lever, "first": shown.index(path) if path in shown else None})
    return made


def _paths(scenario: Scenario) -> Iterator[tuple[str, ParameterInfo]]:
    for info in parameters(type(scenario)):
        if info.path.startswith(NOT_MOVED):
            continue
        head, many, rest = info.path.partition("[].")
        if not many:
            yield info.path, info
        elif rest not in ("name", "share"):
            for member in getattr(scenario, head):
                yield f"{head}.{member.name}.{rest}", info


def _first(loaded: Loaded, found: dict[str, ParameterInfo]) -> list[str]:
    """The twelve levers shown first: what the file itself sets and a firm decides, then the usual ones.

    A file that sets one of the kind or none may set what surrounds such levers, as the work that staff have: those come
    first. Else it is about people or rivals, and what it says of them does.
    """
    own = [
        path
        for path, steps in loaded.origins.items()
        if path in found and steps[-1].origin.startswith(str(loaded.path))
    ]
    policies = [path for path in own if path in POLICIES]
    decided = [path for path in own if _is_decided(path, found[path])]
    touched = {path.rpartition(".")[0] for path in own if path.count(".") > 1}
    touched -= {path.rpartition(".")[0] for path in decided}
    around = [path for path, info in found.items() if path.rpartition(".")[0] in touched and _is_decided(path, info)]
    others = [path for path in own if not path.startswith(("firm.", "market.")) and found[path].practical is not None]
    first = (policies + (decided if len(decided) > 1 else around + decided) or others)[
        : MOST_FIRST - len(NEVER_WITHOUT)
    ]
    chosen = list(dict.fromkeys([*first, *(path for path in (*NEVER_WITHOUT, *USUAL) if path in found)]))[:MOST_FIRST]
    return [*first, *(path for path in USUAL if path in chosen and path not in first)]


def _is_decided(path: str, info: ParameterInfo) -> bool:
    """Whether a firm decides on it, in a number that can be moved alone."""
    known = info.practical is not None and not (info.no_lever or info.setup)
    return known and path.startswith("firm.") and not path.endswith(PARTS_OF_A_WHOLE)


def _lever(path: str, info: ParameterInfo, value: Any, currency: str) -> dict[str, Any] | None:
    told = {
        "path": path,
        "label": translated(info.label),
        "name": label(path),
        "group": [translated(group) for group in info.groups],
        "unit": unit_in(info.unit, currency),
        "value": value,
        "meaning": _meaning(info),
        "called": called(info.path),
        "source": _source(info.source),
    }
    if isinstance(value, bool):
        return {**told, "kind": "switch"}
    if is_preset(path):
        return {**told, "kind": "choice", "choices": names(VOICE if path == "voice.preset" else CULTURE)}
    if info.choices:
        return {**told, "kind": "choice", "choices": list(info.choices)}
    if info.practical is None or not isinstance(value, int | float):
        return None
    low, high = (min(info.practical[0], value), max(info.practical[1], value))
    whole = isinstance(info.default, int)
    return {
        **told,
        "kind": "number",
        "percent": info.unit == "ratio" or info.unit.startswith("share"),
        "low": low,
        "high": high,
        "step": 1 if whole else step(low, high),
        "least": info.low,
        "most": info.high,
        "shown": {
            name: written(number, ",.6g").replace("-", "−")
            for name, number in (("value", value), ("low", low), ("high", high))
        },
    }


def _meaning(info: ParameterInfo) -> str:
    """What it means, and of what nobody decides on, or whose effect is not in the model, why it is no lever."""
    meaning = without_paths(translated(info.meaning))
    if not info.no_lever:
        return meaning
    return say("{meaning}. No lever: {reason}", meaning=meaning, reason=without_paths(translated(info.no_lever)))


def _source(source: str) -> str:
    """Where a default comes from, as a sentence.

    >>> _source("assumption"), _source("assumption: a guess"), _source("Bass 1969")
    ('An assumption of ours.', 'An assumption of ours: a guess', 'Source: Bass 1969')
    """
    if source in (ASSUMPTION, f"{ASSUMPTION}: none"):
        return say("An assumption of ours.")
    if source.startswith(f"{ASSUMPTION}: "):
        return say("An assumption of ours: {reason}", reason=translated(source).partition(": ")[2])
    return say("Source: {source}", source=translated(source))


def step(low: float, high: float) -> float:
    """A step of a slider: a round number, about a hundredth of the range.

    >>> step(0.0, 1.0), step(-1.0, 4.0), step(0.0, 30000.0)
    (0.01, 0.05, 250.0)
    """
    wanted = (high - low) / 100.0
    size = 10.0 ** len(str(int(wanted))) if wanted >= 1.0 else 1.0
    while size > wanted:
        size /= 10.0
    return float(f"{next(size * part for part in (5.0, 2.5, 1.0) if size * part <= wanted * 1.0001):.6g}")
