"""The rules behind a card: what the rooms of the model say of themselves, read off their sources."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import say

ROOMS = {
    "seen_share": ("voice", "loyalty", "recovery", "shares"),
    "retention": ("choice", "movement", "contract", "price"),
    "satisfaction": ("perception", "judgement", "expectation"),
    "talk_ratio": ("talk", "opinion"),
    "margin": ("money", "quality_cost"),
}
"""For the figure of each card the rooms of `sim/model` that make it, the nearest first."""

MARKS = {"rule", "kernel"}


class RuleShown(NamedTuple):
    """A rule as its source tells it.

    Attributes:
        call: Its name and what it is given.
        told: Its docstring.
    """

    call: str
    told: str


class RoomShown(NamedTuple):
    """A room of the model.

    Attributes:
        file: Where it stands.
        told: What it is about.
        rules: Those that say something of themselves, in their order.
    """

    file: str
    told: str
    rules: tuple[RuleShown, ...]


@cache
def rooms(figure: str) -> tuple[RoomShown, ...]:
    """The rooms behind a card.

    Args:
        figure: The key figure on it.

    Raises:
        ScenarioError: If no card has it.

    >>> [room.file for room in rooms("talk_ratio")]
    ['sim/model/talk.py', 'sim/model/opinion.py']
    """
    if figure not in ROOMS:
        raise ScenarioError(Problem(say("no such card"), "figure", found=repr(figure[:80])))
    return tuple(_room(name) for name in ROOMS[figure])


def _room(name: str) -> RoomShown:
    tree = ast.parse(files("sim.model").joinpath(f"{name}.py").read_text(encoding="utf-8"))
    rules = []
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        marks = {mark.id for mark in node.decorator_list if isinstance(mark, ast.Name)}
        told = ast.get_docstring(node)
        if marks & MARKS and told:
            given = ", ".join(argument.arg for argument in node.args.args)
            rules.append(RuleShown(f"{node.name}({given})", told))
    return RoomShown(f"sim/model/{name}.py", inspect.cleandoc(ast.get_docstring(tree) or ""), tuple(rules))
