"""Made-up worlds with a known best choice, in the place of the simulator."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.runs.experiment.points import PointValues, point_id
from sim.studies.lever_costs import LeverBooks
from sim.studies.optimisation.judge_choices import Aim, Judge, JudgedChoice, JudgingTerms, Requirement
from sim.studies.optimisation.space import Dimension, Space

BOOKS = LeverBooks(periods=2, per_year=1, discount=0.0)
ProfitOf = Callable[[PointValues], dict[str, float]]


def square(*costs: float, **conditions: Any) -> Space:
    """Two levers from 0 to 1, today at 0."""
    named = zip(("x", "y"), costs or (0.0, 0.0), strict=True)
    return Space(tuple(Dimension(path, 0.0, 0.0, 1.0, cost=cost) for path, cost in named), **conditions)


class World:
    """Outputs as a function of the values, with luck that choices share and luck of their own."""

    def __init__(self, outputs: ProfitOf, shared: float = 0.0, own: float = 0.0) -> None:
        self.outputs, self.shared, self.own = outputs, shared, own
        self.asked: list[tuple[str, int]] = []

    def evaluate(self, points: Sequence[PointValues], replications: range) -> pd.DataFrame:
        rows = []
        for index, values in enumerate(points):
            name = point_id(values)
            for replication in replications:
                self.asked.append((name, replication))
                luck = self.shared * np.random.default_rng([7, replication]).normal()
                luck += self.own * np.random.default_rng([int(name, 16), replication]).normal()
                try:
                    found = {output: value + luck for output, value in self.outputs(values).items()}
                    rows.append((index, name, replication, 0, "done", "", found))
                except ValueError as error:
                    rows.append((index, name, replication, 0, "failed", str(error), {}))
        head = pd.DataFrame(
            [row[:6] for row in rows], columns=["index", "point", "replication", "seed", "status", "reason"]
        )
        return pd.concat([head, pd.DataFrame([row[6] for row in rows])], axis=1)


def judge_of(
    world: World,
    terms: JudgingTerms,
    space: Space,
    draws: Sequence[PointValues] = ({},),
    replications: range = range(1),
) -> Judge:
    return Judge(world.evaluate, terms, draws, replications, space.spent, lambda _: BOOKS)


def terms(*aims: Aim, over: str = "expected", requirements: Sequence[str] = ()) -> JudgingTerms:
    parsed = tuple(Requirement.parse(text) for text in requirements)
    outputs = [*(aim.output for aim in aims), *(name for item in parsed for name in item.condition.names), "spending"]
    return JudgingTerms(aims, over, parsed, tuple(dict.fromkeys(outputs)))


def judgement(values: PointValues, estimates: dict[str, float], shortfalls: tuple[float, ...] = ()) -> JudgedChoice:
    return JudgedChoice(dict(values), 0.0, estimates, shortfalls)
