"""Who went straight from one firm to another, in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from sim.results.flows import who_moved
from sim.results.result import Result
from sim.words import counted, say

MOST = 3
"""So many firms are named, those with the most people first; the table of flows has them all."""


def flow_sentences(result: Result) -> list[str]:
    """To which firms customers went straight over in a run, and from which they came; nothing where nobody did.

    Who left for no supplier and took another firm later is not counted here.
    """
    own = result.scenario.firm.name
    moved = who_moved(result.flows)
    names = [firm.name for firm in result.scenario.rivals]
    gone = {name: float(moved[name][own]) for name in names}
    came = {name: float(moved[own][name]) for name in names}
    if not any([*gone.values(), *came.values()]):
        return []
    if len(names) == 1:
        return [
            say(
                "Of the firm's customers {gone} went straight over to {firm} in a run, and {came} came straight from "
                "it.",
                gone=counted(gone[names[0]]),
                came=counted(came[names[0]]),
                firm=names[0],
            )
        ]
    return [
        say(
            "Of the firm's customers {gone} went straight over to other firms in a run, most to: {to}. From other "
            "firms {came} came straight to it, most from: {origin}.",
            gone=counted(sum(gone.values())),
            to=_most(gone),
            came=counted(sum(came.values())),
            origin=_most(came),
        )
    ]


def newcomer_next_step(result: Result) -> list[str]:
    """How to find out what a firm takes that enters during the run; nothing where none does."""
    found = [rival.name for rival in result.scenario.rivals if not rival.in_market]
    return [
        say(
            "Who goes over to {firm} might have left for another: what it takes by itself is told by sim causes FILE "
            "--cause '{firm}: rivals.{firm}.in_market=false'.",
            firm=firm,
        )
        for firm in found
        if any(f"rivals.{firm}.in_market" in change.set for change in result.scenario.timeline)
    ]


def _most(people: Mapping[str, float]) -> str:
    """The firms with the most people, and how many.

    >>> _most({"a": 3.0, "b": 1200.0})
    'b (1,200), a (3)'
    """
    first = sorted(people, key=lambda name: -people[name])[:MOST]
    return ", ".join(f"{name} ({counted(people[name])})" for name in first)
