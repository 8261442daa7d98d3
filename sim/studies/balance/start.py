"""The start of a scenario: which parameters say how it begins, what a run says of them, and where they settle.

What people are like is not touched; only how many belong to whom, what customers expect and how satisfied they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.model.dimensions import DIMENSIONS, SCALE_HIGH, SCALE_LOW
from sim.model.scenario import Scenario
from sim.parameters.timeline import get_path

Values = npt.NDArray[np.float64]

BELIEFS = ("satisfaction", *(f"will.{name}" for name in DIMENSIONS), *(f"should.{name}" for name in DIMENSIONS))
"""What is seen of the customers of a segment, as means."""

DOUBLINGS = 50
"""2^50 years of moves: whatever settles at all has settled."""

DIGITS = {"share": 4, "satisfaction": 2, "will": 3, "should": 3}
"""To which digit a start is written: finer than luck lets anybody know it."""


def share_paths(scenario: Scenario) -> list[str]:
    """The parameters with the firms' shares of people.

    >>> share_paths(Scenario())
    ['firm.initial_share', 'rivals.rival.initial_share']
    """
    return ["firm.initial_share", *(f"rivals.{rival.name}.initial_share" for rival in scenario.rivals)]


def belief_paths(scenario: Scenario) -> list[dict[str, str]]:
    """The parameters with which customers of each segment begin, by belief.

    >>> belief_paths(Scenario())[0]["satisfaction"], belief_paths(Scenario())[0]["will.empathy"]
    ('customers.judgement.initial_satisfaction', 'customers.expectations.will.empathy')
    """
    owners = [f"segments.{item.name}" for item in scenario.segments] or ["customers"]
    return [
        {
            belief: f"{owner}.judgement.initial_satisfaction"
            if belief == "satisfaction"
            else f"{owner}.expectations.{belief}"
            for belief in BELIEFS
        }
        for owner in owners
    ]


def paths_of(scenario: Scenario) -> list[str]:
    """All parameters of a start."""
    return [*share_paths(scenario), *(path for paths in belief_paths(scenario) for path in paths.values())]


def stationary(moves: Values) -> Values:
    """The shares that yearly moves between places lead to, if they go on for ever: those that they leave as they are.

    Where places are cut off from one another, each group of them keeps the people that it has.

    Args:
        moves: How many were in place i at the beginning of a year and in place j at its end.

    Returns:
        Shares by place, which sum to 1.

    Closed form with two places: p12 of the first leave a year and p21 come, and the first holds p21 / (p12 + p21).

    >>> stationary(np.array([[90.0, 10.0], [20.0, 20.0]])).round(4).tolist()
    [0.8333, 0.1667]
    """
    count = moves.sum(axis=1)
    some = count > 0.0
    chances = np.eye(len(moves))
    chances[some] = moves[some] / count[some, None]
    chances = (chances + np.eye(len(moves))) / 2.0  # half of the moves, so that nothing swings to and fro for ever
    for _ in range(DOUBLINGS):
        chances = chances @ chances
        chances /= chances.sum(axis=1, keepdims=True)
    return np.asarray(count / count.sum() @ chances)


def next_start(scenario: Scenario, seen: Mapping[str, float]) -> dict[str, Any]:
    """Where a start would settle, by what runs from it say.

    Shares are those that the moves of the run's second half leave as they are. Satisfaction and what customers think
    that they are owed move by as much as they moved in the run; what they expect is what they came to expect.

    Args:
        scenario: From which the runs began.
        seen: Means of the outputs of `sim.studies.balance.world`.

    Returns:
        Parameters by path, rounded; those that nothing is known of are left out.
    """
    firms = len(scenario.firms)
    moves = np.array([[seen[f"moves.{i}.{j}"] for j in range(firms + 1)] for i in range(firms + 1)])
    found: dict[str, Any] = {}
    if np.isfinite(moves).all() and moves.sum() > 0.0:
        shares = np.floor(stationary(moves)[:firms] * 10.0 ** DIGITS["share"]) / 10.0 ** DIGITS["share"]
        found |= {path: round(float(share), 4) for path, share in zip(share_paths(scenario), shares, strict=True)}
    for s, paths in enumerate(belief_paths(scenario)):
        for belief, path in paths.items():
            begin, late = seen[f"begin.{s}.{belief}"], seen[f"late.{s}.{belief}"]
            if not (np.isfinite(begin) and np.isfinite(late)):
                continue
            kind = belief.split(".", maxsplit=1)[0]
            value = late if kind == "will" else get_path(scenario, path) + late - begin
            low, high = (0.0, 100.0) if kind == "satisfaction" else (SCALE_LOW, SCALE_HIGH)
            found[path] = round(float(min(max(value, low), high)), DIGITS[kind])
    return found
