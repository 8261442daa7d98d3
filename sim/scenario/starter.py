"""A commented scenario file to start from, written from what the registry knows."""

from __future__ import annotations

import textwrap
from typing import Any

from sim.parameters.paths import put_under
from sim.parameters.plain_words import allowed_range, information, shown
from sim.words import translated

# The levers that a strategist reaches for first, in the order of the file.
LEVERS = (
    "run.period",
    "run.periods",
    "market.customers",
    "customers.encounters.purchases_per_year",
    "customers.encounters.spend_per_purchase",
    "customers.bonds.switching_cost",
    "customers.bonds.captive_share",
    "voice.preset",
    "firm.culture",
    "firm.initial_share",
    "firm.strategy.promise.reliability",
    "firm.strategy.price_index",
    "firm.systems.service.reliability",
    "firm.systems.failure_scale",
    "firm.desk.agents",
    "firm.desk.ease",
    "firm.desk.resolution_share",
    "firm.desk.front_line_resolution",
    "firm.desk.compensation",
)
# Written out in the starter file; the others stand behind a #, so that a culture is not overruled unawares.
_STATED = ("run.period", "run.periods", "market.customers", "voice.preset")
_NAMED = {"preset": "tarp_minor", "culture": "normal"}
_HEAD = """\
# Question: what do we want to know? Write it here and below: the report begins with it.
#
# Everything is optional: what is left out has its default. The lines behind a # show the defaults of the
# main levers: take the # away to change one.
#   sim show FILE        every value and where it came from
#   sim explain WORD     what a parameter means, its unit, range and source
#   sim run FILE         tables, figures and a report
# To start from another file:  extends: baseline.yaml
name: {name}
question: What happens if ...?
"""
_TAIL = """\

# Rivals under the same parameters as the firm; [] for none.
rivals:
  - name: rival
    initial_share: 0.4
    # culture: normal

# Parts of the market with customer parameters of their own; the shares sum to 1.
# segments:
#   - {name: private, share: 0.8}
#   - {name: business, share: 0.2, bonds: {switching_cost: 0.8}}

# Dated changes: `at` and `until` are period numbers (0 is the first) or dates.
# timeline:
#   - at: 26
#     until: 52
#     set: {firm.desk.agents: 1}
"""


def starter_text(name: str = "my_scenario") -> str:
    """A scenario file that runs as it is, with the defaults of the main levers and what they mean.

    >>> from sim.scenario import load_text
    >>> load_text(starter_text("mine")).scenario.name
    'mine'
    """
    tree: dict[str, Any] = {}
    for path in LEVERS:
        put_under(tree, path.split("."), path)
    return (
        _HEAD.format(name=name if name and name.isascii() and name.isidentifier() else repr(name))
        + _lines(tree, 0)
        + _TAIL
    )


def _lines(tree: dict[str, Any], depth: int) -> str:
    indent = "  " * depth
    text = ""
    for key, item in tree.items():
        if isinstance(item, dict):
            text += ("\n" if depth == 0 else "") + f"{indent}{key}:\n" + _lines(item, depth + 1)
            continue
        info = information(item)
        assert info is not None
        value = shown(info.default).strip("'")
        allowed = allowed_range(info) or translated(info.unit)
        if key in _NAMED:
            value, allowed = _NAMED[key], ""
        about = textwrap.wrap(translated(info.meaning) + (f"; {allowed}" if allowed else ""), 104 - len(indent))
        text += "".join(f"{indent}# {line}\n" for line in about)
        text += f"{indent}{'' if item in _STATED else '#'}{key}: {value}\n"
    return text
