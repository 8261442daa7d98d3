"""A scenario file made from another one: what a study found, ready to be run."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from sim.model.scenario import Scenario
from sim.parameters.paths import find_in_list, put_under
from sim.scenario import load_text
from sim.scenario.scalars import scalar
from sim.vocabulary.errors import ScenarioError

WIDTH = 110


def derived_text(
    scenario: Scenario, values: Mapping[str, Any], *, head: Sequence[str], folder: Path, base: Path | None
) -> str:
    """The text of a scenario file.

    It extends the base where both lie in the working folder, so that they can be moved together; else, and where an
    extension would not give exactly this scenario, it states every value itself.

    Args:
        scenario: What the file shall give.
        values: Parameters in which it differs from the base, by path.
        head: Lines of comment.
        folder: Where the file will stand.
        base: The scenario file that it was made from.

    >>> print(derived_text(Scenario(), {}, head=["Made by hand."], folder=Path(), base=None)[:31])
    # Made by hand.
    name: scenario
    """
    lines = [part for line in head for part in textwrap.wrap(line, WIDTH - 2, break_long_words=False) or [""]]
    comment = "".join(f"# {line}".rstrip() + "\n" for line in lines)
    if base is not None and _together(folder, base):
        text = comment + file_text(_extension(scenario, values, folder, base))
        try:
            if load_text(text, base_dir=folder).scenario == scenario:
                return text
        except ScenarioError:
            pass
    return comment + file_text(scenario.model_dump())


def _together(folder: Path, base: Path) -> bool:
    here = Path.cwd().resolve()
    return folder.resolve().is_relative_to(here) and base.resolve().is_relative_to(here)


def _extension(scenario: Scenario, values: Mapping[str, Any], folder: Path, base: Path) -> dict[str, Any]:
    tree: dict[str, Any] = {
        "extends": Path(os.path.relpath(base.resolve(), folder.resolve())).as_posix(),
        "name": scenario.name,
        "question": scenario.question,
    }
    if scenario.asks != "anything":
        tree["asks"] = scenario.asks
    for path, value in values.items():
        put_parameter(tree, scenario, path, value)
    return tree


def put_parameter(tree: dict[str, Any], scenario: Scenario, path: str, value: Any) -> None:
    """Write a value under its path into the content of a file that extends another one.

    A list in a file replaces the inherited one, so that all its names are listed.

    Args:
        tree: Content of the file.
        scenario: What the other file gives.
        path: Of a parameter.
        value: Of it.
    """
    node, tokens = tree, path.split(".")
    if tokens[0] in ("rivals", "segments") and len(tokens) > 2:
        entries = tree.setdefault(tokens[0], [{"name": member.name} for member in getattr(scenario, tokens[0])])
        index = find_in_list(entries, tokens[1])
        if index is None:
            return
        node, tokens = entries[index], tokens[2:]
    put_under(node, tokens, value)


class _Dumper(yaml.SafeDumper):
    """Quotes each text that our own reader would take for something else, such as `1e3`."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        value, hint = scalar(text)
        style = None if isinstance(value, str) and not hint else "'"
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _Dumper.represent_text)


def file_text(tree: dict[str, Any]) -> str:
    """Plain values as a file of ours."""
    return yaml.dump(tree, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)
