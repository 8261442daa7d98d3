"""The rules behind a card: what the rooms of the model say of themselves, read off their sources."""

from __future__ import annotations

import ast
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from sim.vocabulary.errors import ScenarioError
from sim.words import say

ROOMS = {
    "seen_share": ("voice", "loyalty", "recovery", "shares"),
    "retention": ("choice", "movement", "contract", "price"),
    "satisfaction": ("perception", "judgement", "expectation"),
    "talk_ratio": ("talk", "opinion"),
    "margin": ("money", "quality_cost"),
}
"""For the figure of each card the rooms of `sim/model` that make it, the nearest first."""

ABOUT = {
    "voice": "Who complains, who leaves in silence and who stays, and what moves these shares (Hirschman 1970).",
    "loyalty": "What attitude and habit make of a customer, and whether somebody buys again (Dick & Basu 1994).",
    "recovery": "What the complaint desk answers, and by which kinds of justice the answer is judged.",
    "shares": "The one shape that every decision has, and how rates a year become chances in a period.",
    "choice": "Whose customer to be: comparing, switching, and thinking of a former supplier.",
    "movement": "What binds customers and what takes them away.",
    "contract": "Until when a decision to leave has to wait, and what it costs not to wait.",
    "price": "What customers are used to pay, and what another price does to them.",
    "perception": "From what was delivered to what is seen and felt, against what was expected (Boulding et al. 1993).",
    "judgement": "How an encounter is judged, and what satisfaction it leaves.",
    "expectation": "What customers predict, and what they think is owed to them (Boulding et al. 1993).",
    "talk": "Who tells what to how many.",
    "opinion": "What a person comes to hold of each firm by what is heard, and how that fades.",
    "money": "What service and its failures cost, what a customer is worth, and what a lost one costs.",
    "quality_cost": "What levels of service, uniform delivery, prevention and inspection cost and bring.",
}
"""What each room is about, for those who do not read code."""

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
        told: What it is about, for a template to translate.
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
        raise ScenarioError(say("no such card"), "figure", found=repr(figure[:80]))
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
    return RoomShown(f"sim/model/{name}.py", ABOUT[name], tuple(rules))
