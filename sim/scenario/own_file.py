"""A scenario written out as a file of one's own: every value that it sets, each with what it means."""

from __future__ import annotations

import datetime as dt
import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from sim.parameters.paths import put_under
from sim.parameters.plain_words import allowed_range, information
from sim.scenario.layers import LayerStep
from sim.scenario.loader import Loaded
from sim.words import say, translated

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ ]*")
_WIDTH = 110
_LISTS = ("rivals", "segments")
_QUESTION = "What happens if ...?"


def own_text(loaded: Loaded, name: str, origin: str) -> str:
    """A file that says what a scenario says, and stands alone: it extends nothing.

    Args:
        loaded: The scenario.
        name: Name of the new one.
        origin: What the old one is called, for the comment.

    >>> from sim.scenario import load_text
    >>> print(own_text(load_text("firm: {desk: {ease: 1}}"), "mine", "a").split("question")[1].strip())
    : What happens if ...?
    <BLANKLINE>
    firm:
      desk:
        # Ease of complaining: number and visibility of channels, 0 average; a number from -10 to 10 (index)
        ease: 1
    """
    scenario = loaded.scenario
    question = translated(scenario.question) or _QUESTION
    lines = [
        f"# {say('Question: {question}', question=' '.join(question.split()))}",
        "#",
        *(f"# {line}" for line in textwrap.wrap(_how(origin), _WIDTH)),
        _line("name", name),
        _line("question", question),
    ]
    tree: dict[str, Any] = {}
    for path, steps in loaded.origins.items():
        value = None if _is_of_all(path, steps, loaded) else _own_value(steps)
        if value is not None and path not in ("name", "question"):
            put_under(tree, path.split("."), value[0])
    told: set[str] = set()
    alone = {key: item for key, item in tree.items() if key not in _LISTS and not isinstance(item, dict)}
    lines += _group(alone, (), 0, told)
    for key, item in tree.items():
        if key in _LISTS:
            lines += ["", f"{key}:", *_entries(key, item, told)]
        elif isinstance(item, dict):
            lines += ["", f"{key}:", *_group(item, (key,), 1, told)]
    if not scenario.rivals:
        lines += ["", "rivals: []"]
    if scenario.timeline:
        lines += ["", "timeline:"]
        for change in scenario.timeline:
            until = {} if change.until is None else {"until": change.until}
            lines.append(f"  - {_flow({'at': change.at, **until, 'set': change.set})}")
    return "\n".join(lines) + "\n"


def _how(origin: str) -> str:
    return say(
        "Written out from the scenario {origin}: every value that it sets, with what it means; all others have their "
        "defaults. Change what is yours: sim explain WORD tells more, sim show FILE every value.",
        origin=origin,
    )


def _own_value(steps: Sequence[LayerStep]) -> tuple[Any] | None:
    """The value that a file sets; none where it is a default, or what a preset brings."""
    last = steps[-1]
    return None if last.origin == "default" or last.family else (last.value,)


def _is_of_all(path: str, steps: Sequence[LayerStep], loaded: Loaded) -> bool:
    """Whether a segment has a value only because all customers have it."""
    tokens = path.split(".", 2)
    return tokens[0] == "segments" and loaded.origins.get(f"customers.{tokens[2]}") == tuple(steps)


def _entries(key: str, items: dict[str, Any], told: set[str]) -> Iterator[str]:
    """Rivals or segments, their names first."""
    for name, item in items.items():
        yield f"  - {_line('name', name)}"
        yield from _group({part: value for part, value in item.items() if part != "name"}, (f"{key}[]",), 2, told)


def _group(tree: dict[str, Any], path: tuple[str, ...], depth: int, told: set[str]) -> Iterator[str]:
    indent = "  " * depth
    for key, item in tree.items():
        here = (*path, key)
        if isinstance(item, dict):
            yield f"{indent}{key}:"
            yield from _group(item, here, depth + 1, told)
            continue
        yield from (f"{indent}# {line}" for line in _about(here, len(indent), told))
        yield f"{indent}{_line(key, item)}"


def _about(path: tuple[str, ...], indent: int, told: set[str]) -> list[str]:
    """What a parameter means, told where it comes first: of a rival's it is what it is of the firm's."""
    info = information(".".join(path))
    if info is None or info.meaning in told:
        return []
    told.add(info.meaning)
    allowed = allowed_range(info) or translated(info.unit)
    return textwrap.wrap(f"{translated(info.meaning)}; {allowed}", _WIDTH - indent)


def _line(key: str, value: Any) -> str:
    return f"{key}: {_scalar(value)}"


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value.lower() not in ("true", "false", "null", "yes", "no", "on", "off")
        return value if plain or value == _QUESTION else json.dumps(value, ensure_ascii=False)
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else json.dumps(value)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    return _scalar(value)
