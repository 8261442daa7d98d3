"""From scenario files to what is run: each as it is, and for two years at today's price and at one 10% higher."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.model.market import PERIODS_PER_YEAR
from sim.parameters.plain_words import closest
from sim.rules.reading import RuleSource
from sim.runs.experiment.definition import Lever
from sim.runs.experiment.plan import ExperimentPlan, experiment_on
from sim.runs.experiment.reader import plan_experiment
from sim.scenario import load_scenario
from sim.studies.industries.figures import OUTPUTS
from sim.studies.industries.public import public_figures
from sim.vocabulary.errors import ScenarioError
from sim.words import say

REPLICATIONS = 10
PRICE, RISE, PRICED_YEARS = "firm.strategy.price_index", 1.1, 2
UNITS = "purchases.total"
"""Units sold over the run."""


@dataclass(frozen=True)
class IndustryPlan:
    """What is run of one scenario.

    Attributes:
        path: The file.
        industry: Whose public figures stand beside it.
        today: The scenario as it is, with all outputs.
        priced: The same over two years, with units sold, at today's price and at a higher one.
    """

    path: Path
    industry: str
    today: ExperimentPlan
    priced: ExperimentPlan

    @property
    def prices(self) -> tuple[float, float]:
        """Today's price index, and the higher one."""
        today = float(self.today.scenario.firm.strategy.price_index)
        return today, RISE * today

    @property
    def planned(self) -> int:
        """Number of runs."""
        return self.today.experiment.replications + 2 * self.priced.experiment.replications


def scenario_files(given: Sequence[str | os.PathLike[str]]) -> list[Path]:
    """Files as given; a folder stands for those of its files that are called like an industry.

    Raises:
        ScenarioError: If a folder holds none.
    """
    found: list[Path] = []
    for path in map(Path, given):
        if not path.is_dir():
            found.append(path)
            continue
        named = [path / f"{name}.yaml" for name in public_figures().industries]
        there = [file for file in named if file.is_file()]
        if not there:
            raise ScenarioError(
                say("holds no scenario file of an industry"), str(path), allowed=", ".join(file.name for file in named)
            )
        found += there
    return found


def plan_industry(
    file: str | os.PathLike[str],
    *,
    industry: str | None = None,
    replications: int = REPLICATIONS,
    overrides: Sequence[str] = (),
    rules: Sequence[RuleSource] = (),
) -> IndustryPlan:
    """Read a scenario, and lay out what is run of it.

    Args:
        file: The scenario file.
        industry: Whose public figures stand beside it; that of the scenario's name if left out.
        replications: Runs with independent luck.
        overrides: Parameters as `path=value`.
        rules: Files with rules from outside.

    Raises:
        ScenarioError: If the file is not right, or there is no such industry.
    """
    path = Path(file)
    scenario = load_scenario(path, overrides, rules=rules).scenario
    known = list(public_figures().industries)
    named = scenario.name if industry is None else industry
    if named not in known:
        raise ScenarioError(
            say("no public figures of this industry are known"),
            named,
            allowed=", ".join(known),
            suggestion=closest(named, known),
            hint=say("say with --as whose figures shall stand beside it"),
        )
    price = float(scenario.firm.strategy.price_index)
    steps = {PRICE: Lever(values=[price, RISE * price])}
    today = experiment_on(scenario, path, replications, levers=steps, outputs=list(OUTPUTS))
    years = {"run.periods": PRICED_YEARS * PERIODS_PER_YEAR[scenario.run.period]}
    priced = today.model_copy(update={"set": years, "outputs": [UNITS]})
    plans = [plan_experiment(each, path.parent, tuple(overrides), rules) for each in (today, priced)]
    return IndustryPlan(path, named, *plans)
