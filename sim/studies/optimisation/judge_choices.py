"""Judging choices, and what they must meet: all of them meet the same draws of uncertainties with the same luck."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.runs.execution.task import DONE
from sim.runs.experiment.conditions import Condition
from sim.runs.experiment.points import PointValues
from sim.studies.lever_costs import AFTER_COST, SPENDING, LeverBooks
from sim.words import say

_SIMPLE = re.compile(r"^\s*`?([^\s`<>=]+)`?\s*(<=|>=|<|>)\s*([+-]?[\d.]+(?:[eE][+-]?\d+)?)\s*$")


@dataclass(frozen=True)
class Requirement:
    """A condition on outputs, of a choice's expected value or of its worst case.

    Attributes:
        condition: What must hold.
        output: The output that is bounded, where the condition is of the form `output >= number`; else empty.
        least: Whether the bound is a lower one.
        bound: The bound.

    >>> Requirement.parse("satisfaction >= 70").shortfall({"satisfaction": 63.0})
    0.1
    """

    condition: Condition
    output: str = ""
    least: bool = True
    bound: float = math.nan

    @classmethod
    def parse(cls, text: str) -> Requirement:
        """Read a requirement.

        Raises:
            ScenarioError: If it is not a condition.
        """
        condition = Condition.parse(text)
        found = _SIMPLE.match(text)
        if found is None:
            return cls(condition)
        return cls(condition, found[1], found[2].startswith(">"), float(found[3]))

    def __str__(self) -> str:
        return self.condition.text

    def shortfall(self, values: Mapping[str, float]) -> float:
        """By how much it is missed: 0 where it is met, else a share of the bound; 1 of any other condition."""
        if self.condition.holds(values):
            return 0.0
        if not self.output or not math.isfinite(values[self.output]):
            return 1.0
        return max(abs(values[self.output] - self.bound) / (abs(self.bound) or 1.0), 1e-12)


Cube = NDArray[np.float64]
"""Numbers of one choice: a row a draw of the uncertainties, a column a replication."""

_KEYS = ("index", "point", "replication", "seed", "status", "reason")

EvaluateReplications = Callable[[Sequence[PointValues], range], pd.DataFrame]
"""`Evaluation.evaluate`."""

EXPECTED = "expected"


@dataclass(frozen=True)
class Aim:
    """A goal.

    Attributes:
        output: Name of an output.
        larger: Whether more is better.
    """

    output: str
    larger: bool

    def better(self, value: float) -> float:
        """The value with its sign such that more is better."""
        return value if self.larger else -value


@dataclass(frozen=True)
class JudgingTerms:
    """By what choices are judged.

    Attributes:
        aims: One goal or two.
        over: `expected`, the mean over the draws of the uncertainties, or `worst`, the worst of them.
        requirements: What must be met, in expectation or in the worst case likewise; the budget among them.
        outputs: All outputs that are looked at.
    """

    aims: tuple[Aim, ...]
    over: str
    requirements: tuple[Requirement, ...]
    outputs: tuple[str, ...]

    def sense(self, output: str) -> bool:
        """Whether more of an output is better: of its goal, else of its requirement; of spending, less is."""
        for aim in self.aims:
            if aim.output == output:
                return aim.larger
        for requirement in self.requirements:
            if requirement.output == output:
                return requirement.least
        return output != SPENDING

    def value(self, output: str, cube: Cube) -> float:
        """Expected value or worst case of an output: of its means over replications, the mean or the worst draw."""
        means = cube.mean(axis=1)
        if self.over == EXPECTED:
            return float(means.mean())
        return float(means.min() if self.sense(output) else means.max())

    def shortfalls(self, cubes: Mapping[str, Cube]) -> tuple[float, ...]:
        """By how much each requirement is missed: of the expected values, or in the worst draw."""
        if self.over == EXPECTED:
            means = {output: float(cube.mean()) for output, cube in cubes.items()}
            return tuple(requirement.shortfall(means) for requirement in self.requirements)
        draws = [
            {output: float(cube[draw].mean()) for output, cube in cubes.items()}
            for draw in range(len(next(iter(cubes.values()))))
        ]
        return tuple(max(requirement.shortfall(means) for means in draws) for requirement in self.requirements)


@dataclass(frozen=True)
class JudgedChoice:
    """What came of a choice.

    Attributes:
        values: The levers.
        spent: The levers' own cost, money a year.
        estimates: Expected value or worst case of each output that is looked at; empty where a run failed.
        shortfalls: By how much each requirement is missed.
        means: Mean over draws and replications of every recorded output.
        reason: Why it cannot be judged; empty where it can.
        cubes: The numbers of each output that is looked at, a row a draw, a column a replication.
    """

    values: dict[str, Any]
    spent: float
    estimates: dict[str, float] = field(default_factory=dict)
    shortfalls: tuple[float, ...] = ()
    means: dict[str, float] = field(default_factory=dict)
    reason: str = ""
    cubes: dict[str, Cube] = field(default_factory=dict, repr=False)

    @property
    def missing(self) -> float:
        """Sum of the shortfalls: 0 where all requirements are met, infinite where it cannot be judged."""
        return math.inf if self.reason else sum(self.shortfalls)

    @property
    def meets(self) -> bool:
        """Whether all requirements are met."""
        return self.missing == 0.0


class Judge:
    """Judges choices by the same draws of the uncertainties and the same luck.

    Args:
        evaluate: Does the runs.
        terms: Goals and requirements.
        draws: Values of the uncertainties, each met by every choice; `[{}]` where there are none.
        replications: Which runs with the same luck of each choice and draw.
        spent: The levers' own cost of a choice, money a year.
        books: How that cost is booked in a draw.
    """

    def __init__(
        self,
        evaluate: EvaluateReplications,
        terms: JudgingTerms,
        draws: Sequence[PointValues],
        replications: range,
        spent: Callable[[PointValues], float],
        books: Callable[[PointValues], LeverBooks],
    ) -> None:
        self.evaluate, self.terms, self.draws, self.replications = evaluate, terms, list(draws), replications
        self.spent = spent
        self._charges = [
            {name: books(draw).charge(name, 1.0) for name in AFTER_COST if name in terms.outputs} for draw in self.draws
        ]

    @property
    def runs(self) -> int:
        """Runs behind the judgement of one choice."""
        return len(self.draws) * len(self.replications)

    def __call__(self, choices: Sequence[PointValues], *, keep: bool = False) -> list[JudgedChoice]:
        """Judge choices, in one go.

        Args:
            choices: Values of the levers.
            keep: Keep the single numbers, for intervals.
        """
        points = [
            {path: value for path, value in {**choice, **draw}.items() if value is not None}  # None: no preset
            for choice in choices
            for draw in self.draws
        ]
        rows = self.evaluate(points, self.replications)
        judged = []
        for number, choice in enumerate(choices):
            own = rows.iloc[number * self.runs : (number + 1) * self.runs]
            judged.append(self._judge(dict(choice), own, keep))
        return judged

    def _judge(self, choice: dict[str, Any], rows: pd.DataFrame, keep: bool) -> JudgedChoice:
        spent = self.spent(choice)
        failed = rows[rows["status"] != DONE]
        if len(failed):
            reason = say(
                "{failed} of {rows} runs failed: {reason}",
                failed=len(failed),
                rows=len(rows),
                reason=failed["reason"].iloc[0],
            )
            return JudgedChoice(choice, spent, reason=reason)
        shape = (len(self.draws), len(self.replications))
        cubes = {}
        for output in self.terms.outputs:
            cube = rows[output].to_numpy(np.float64).reshape(shape)
            if not np.isfinite(cube).all():
                gaps = int((~np.isfinite(cube)).sum())
                return JudgedChoice(
                    choice,
                    spent,
                    reason=say(
                        "{output} has no value in {gaps} of {size} runs", output=output, gaps=gaps, size=cube.size
                    ),
                )
            charge = np.array([charges.get(output, 0.0) for charges in self._charges])
            cubes[output] = cube + spent * charge[:, np.newaxis]
        recorded = [name for name in rows.columns if name not in _KEYS]
        means = {str(name): float(rows[name].mean()) for name in recorded}
        means |= {name: float(cube.mean()) for name, cube in cubes.items()}
        estimates = {output: self.terms.value(output, cube) for output, cube in cubes.items()}
        shortfalls = self.terms.shortfalls(cubes)
        return JudgedChoice(choice, spent, estimates, shortfalls, means, cubes=cubes if keep else {})
