"""The task of this program: simulate a scenario at a point, and return the recorded outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.scenario.checks import demands
from sim.studies.execution.task import Tick
from sim.studies.experiment.points import Values
from sim.studies.outputs import measure, needs_world_without_failures
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.paths import assign, is_preset, validated
from sim.vocabulary.scenario import Scenario

Presets = tuple[tuple[str, str], ...]
"""Presets that a point asks for: pairs of path and name, sorted."""


def presets_of(values: Values) -> Presets:
    """The presets among the values.

    >>> presets_of({"firm.culture": "poor", "firm.desk.ease": 1.0})
    (('firm.culture', 'poor'),)
    """
    return tuple(sorted((path, str(value)) for path, value in values.items() if is_preset(path)))


@dataclass(frozen=True)
class SimulationTask:
    """Simulate a scenario with some parameters changed.

    Attributes:
        outputs: Names of the recorded outputs, see `sim.studies.outputs`.
        bases: The scenario before the point's values are put in, for each combination of presets that occurs.
        base_dir: Folder that an edge list is relative to.
    """

    outputs: tuple[str, ...]
    bases: Mapping[Presets, Scenario]
    base_dir: Path | None = None

    def scenario(self, values: Values) -> Scenario:
        """The scenario at a point.

        Raises:
            ScenarioError: If a value is not allowed, by itself or together with the others, or asks for more than the
                machine has.
        """
        base = self.bases[presets_of(values)]
        tree = base.model_dump()
        for path, value in values.items():
            if not is_preset(path):
                assign(tree, path, value)
        scenario = validated(tree)
        problems = list(demands(scenario))
        if problems:
            raise ScenarioError(problems)
        return scenario

    def __call__(self, values: Values, seed: int, tick: Tick) -> Mapping[str, float]:
        """Simulate once, or twice where an output needs the world without failures."""
        from sim.engine.simulation import Simulation

        scenario = self.scenario(values)

        def world(failures: bool) -> Simulation:
            return Simulation(scenario, seed=seed, threads=1, base_dir=self.base_dir, failures=failures)

        tables = world(True).run(lambda _: tick())
        without = world(False).run(lambda _: tick()) if needs_world_without_failures(self.outputs, scenario) else None
        return measure(scenario, tables, without, self.outputs)
