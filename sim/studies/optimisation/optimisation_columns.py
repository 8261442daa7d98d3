"""What the columns of an optimisation's tables mean."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sim.results.answer import TableColumn
from sim.words import say

_MEANINGS = {
    "number": "position in the search, 0 is today's choice",
    "origin": "today, every (all combinations were tried), first (spread over the space) or search",
    "allowed": "whether it lies within the levers' ranges and conditions",
    "eligible": "whether it is allowed and meets all requirements in the search",
    "reason": "why it cannot be judged; empty where it can",
    "lever_cost": "the levers' own cost, money a year; part of spending, margin and present value",
    "shortfall": "sum over the requirements of the shares by which they are missed",
    "choice": "today, or a letter: better ones first",
    "role": "today, finalist, or front: on the way from cheap to good",
    "meets": "whether it meets the requirements by new draws and new luck: yes, no, not sure",
    "best": "whether it is the best choice",
    "like_best": "whether it cannot be told apart from the best",
    "front": "whether no other choice beats it in both goals, or in the goal and spending",
    "one": "a choice",
    "other": "another choice",
    "output": "what is compared",
    "unit": "its unit",
    "difference": "one minus other, by the same draws and the same luck",
    "low": "lower end of its interval; those of the goals hold all together at 95%",
    "high": "upper end of its interval",
    "told_apart": "whether the interval excludes 0",
}
_SUFFIXES = {
    "low": "95% interval, lower end",
    "high": "95% interval, upper end",
    "change": "paired change against today",
    "change_low": "95% interval of the change, lower end",
    "change_high": "95% interval of the change, upper end",
    "search": "what the search saw",
}


def column(
    name: str, levers: Collection[str], labels: Mapping[str, str], units: Mapping[str, str], *, expected: bool
) -> TableColumn:
    """What a column means: one of every optimisation, a lever, or an output with what is told of it.

    Args:
        name: Of the column.
        levers: Paths of the levers.
        labels: Outputs in words, by name.
        units: Units of outputs, by name.
        expected: Whether choices are judged by the expected value, not by the worst case.

    >>> column("margin:low", (), {"margin": "Margin"}, {"margin": "EUR"}, expected=True)[:3]
    ('margin:low', 'Margin: 95% interval, lower end', 'EUR')
    """
    if name in levers:
        return TableColumn(name, say("value of the lever"))
    if name in _MEANINGS:
        return TableColumn(name, _MEANINGS[name])
    if name.startswith("mean:"):
        return TableColumn(
            name, say("mean of {name} over draws and replications of the search", name=name.removeprefix("mean:"))
        )
    output, _, suffix = name.partition(":")
    told = _SUFFIXES[suffix] if suffix else say("expected value") if expected else say("worst case")
    return TableColumn(name, f"{labels[output]}: {told}", units[output])
