"""The task of this program: simulate a scenario at a point, and return the recorded outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from sim.model.scenario import Scenario
from sim.parameters.paths import assign, is_preset, locate, validated, value_at
from sim.parameters.plain_words import Place, information, registry_path
from sim.parameters.timeline import WITHOUT_FAILURES
from sim.results.output_names import buyers_asked, needs_following
from sim.results.outputs import measure, needs_world_without_failures
from sim.runs.execution.task import Tick
from sim.runs.experiment.points import PointValues
from sim.scenario.checks import busy_periods, demands, edge_file, large_amounts
from sim.vocabulary.errors import Problems, ScenarioError
from sim.words import say

if TYPE_CHECKING:
    from sim.engine.tables import Tables

Presets = tuple[tuple[str, str], ...]
"""Presets that a point asks for: pairs of path and name, sorted."""


def presets_of(values: PointValues) -> Presets:
    """The presets among the values.

    >>> presets_of({"firm.culture": "poor", "firm.desk.ease": 1.0})
    (('firm.culture', 'poor'),)
    """
    return tuple(sorted((path, str(value)) for path, value in values.items() if is_preset(path)))


TERM = "firm.contract.months"


class Base:
    """A scenario, ready to be changed at many points.

    The scenario at a point is the one that `assign` and `validated` give. Since sections are frozen and each checks
    nothing but itself and what is in it, only those on the way to a changed parameter are made, and checked, anew.

    Args:
        scenario: A valid scenario.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._tree = scenario.model_dump()
        self._known: dict[str, _WhereWritten] = {}

    def at(self, values: PointValues) -> Scenario:
        """The scenario at a point.

        Paths are assigned in alphabetical order, as a point is known by its values and not by their order: what is
        said of one segment holds against what is said of all customers.

        Raises:
            ScenarioError: If there is no such parameter, or a value is not allowed.
        """
        paths = sorted(path for path in values if not is_preset(path))
        targets = {path: self._target(path) for path in paths}
        assigned = {path: targets[path].native(values[path]) for path in paths}
        changes: dict[str | int, Any] = {}
        for path, value in assigned.items():
            if not targets[path].sure or isinstance(value, Mapping):
                return self._assigned_one_by_one(assigned)
            for place in targets[path].places:
                node = changes
                for part in place[:-1]:
                    node = node.setdefault(part, {})
                node[place[-1]] = value
        try:
            changed: Scenario = _rebuilt(self.scenario, changes)
        except ValidationError:
            return self._assigned_one_by_one(assigned)  # which says in plain words what is wrong, and where
        return changed

    def _assigned_one_by_one(self, assigned: PointValues) -> Scenario:
        tree = self.scenario.model_dump()
        names: dict[Place, str] = {}
        for path, value in assigned.items():
            places = assign(tree, path, value, type(self.scenario))
            names |= dict.fromkeys(places, path) if self._known[path].sure else {}
        return validated(tree, names, type(self.scenario))

    def _target(self, path: str) -> _WhereWritten:
        if path not in self._known:
            place, section = locate(self._tree, path, type(self.scenario))
            old = value_at(self._tree, place)
            sure = section is None and place[-1] != "name"  # later paths may use the new name
            places = assign(self.scenario.model_dump(), path, old, type(self.scenario)) if sure else []
            self._known[path] = _WhereWritten(tuple(places), sure, type(old) is int)
        return self._known[path]


class _WhereWritten(NamedTuple):
    """Where the value of a path is written, whether that is sure beforehand, and whether it is a whole number."""

    places: tuple[Place, ...]
    sure: bool
    whole: bool

    def native(self, value: Any) -> Any:
        """A whole number written with a point as the whole number that is wanted: they name the same point."""
        return int(value) if self.whole and isinstance(value, float) and value.is_integer() else value


def _rebuilt(section: Any, changes: Mapping[str | int, Any]) -> Any:
    """A section, or a list of them, with changes within; what is not changed is shared with the old one."""
    if isinstance(section, list):
        items = list(section)
        for index, inner in changes.items():
            items[int(index)] = _rebuilt(items[int(index)], inner)
        return items
    values = {name: getattr(section, name) for name in type(section).model_fields}
    for key, inner in changes.items():
        name = str(key)
        values[name] = _rebuilt(values[name], inner) if type(inner) is dict else inner
    return type(section).model_validate(values)


def _shapes_people(scenario: Scenario, path: str) -> bool:
    """Whether a parameter is fixed before the first period."""
    if is_preset(path):
        return False
    place, _ = locate(scenario.model_dump(), path, type(scenario))
    info = information(registry_path(place), type(scenario))
    return info is not None and info.setup


class _AtPoint(NamedTuple):
    """What a task simulates at a point."""

    values: dict[str, Any]
    scenario: Scenario
    today: Scenario | None


def _without_panel(scenario: Scenario) -> Scenario:
    """The scenario in which nobody is looked at one by one."""
    if scenario.run.panel == 0:
        return scenario
    return scenario.model_copy(update={"run": scenario.run.model_copy(update={"panel": 0})})


@dataclass(frozen=True)
class SimulationTask:
    """Simulate a scenario with some parameters changed.

    Attributes:
        outputs: Names of the recorded outputs, see `sim.results.outputs`.
        bases: The scenario before the point's values are put in, for each combination of presets that occurs.
        base_dir: Folder that an edge list is relative to.
        levers: Paths of what is decided today: where the scenario has a warm-up, they have the scenario's own values
            in it, unless they shape the population. Everything else of a point has held for ever.

    >>> task = SimulationTask(("customers",), {(): Scenario()})
    >>> task({"market.customers": 50, "run.periods": 1, "firm.initial_share": 0.0}, 1, lambda: None)
    {'customers': ...}
    """

    outputs: tuple[str, ...]
    bases: Mapping[Presets, Scenario]
    base_dir: Path | None = None
    levers: tuple[str, ...] = ()

    @cached_property
    def _ready(self) -> dict[Presets, Base]:
        return {}

    @cached_property
    def _latest(self) -> list[_AtPoint]:
        """What was simulated last: replications of a point follow each other."""
        return []

    def __getstate__(self) -> dict[str, Any]:
        """What is sent to workers: not what was made ready."""
        return {"outputs": self.outputs, "bases": self.bases, "base_dir": self.base_dir, "levers": self.levers}

    def today(self, values: PointValues) -> Scenario | None:
        """What holds before the first period at a point, where that is not the scenario at the point."""
        scenario = next(iter(self.bases.values()))
        past = scenario.run.has_a_past or {"run.warm_up", "run.settling.years"} & set(values)
        if (
            not past and TERM not in values
        ):  # without a past all that it decides of the start is what people have signed
            return None
        decided = {path for path in values if path in self.levers and not _shapes_people(scenario, path)}
        if not decided:
            return None
        return self.scenario({path: value for path, value in values.items() if path not in decided})

    def scenario(self, values: PointValues) -> Scenario:
        """The scenario at a point.

        Raises:
            ScenarioError: If a value is not allowed, by itself or together with the others, or asks for more than the
                machine has.
        """
        presets = presets_of(values)
        if presets not in self._ready:
            if presets not in self.bases:
                asked = ", ".join(f"{path}={name}" for path, name in presets) or "none"
                raise ScenarioError(say("no scenario was made ready with these presets"), found=asked)
            self._ready[presets] = Base(self.bases[presets])
        scenario = self._ready[presets].at(values)
        Problems([*demands(scenario, self.base_dir), *edge_file(scenario, self.base_dir or Path())]).check()
        return scenario

    def __call__(self, values: PointValues, seed: int, tick: Tick) -> Mapping[str, float]:
        """Simulate once, or twice where an output needs the world without failures.

        Raises:
            ScenarioError: As `scenario` does, in one line.
        """
        try:
            here = next((kept for kept in self._latest if kept.values == values), None)
            if here is None:
                here = _AtPoint(dict(values), _without_panel(self.scenario(values)), self.today(values))
                self._latest[:] = [here]
            return self._outputs(here.scenario, here.today, seed, tick)
        except ScenarioError as error:
            raise ScenarioError(" | ".join(str(problem) for problem in error.problems)) from None

    def _outputs(self, scenario: Scenario, today: Scenario | None, seed: int, tick: Tick) -> Mapping[str, float]:
        from sim.engine.simulation import Simulation

        how: dict[str, Any] = {"seed": seed, "threads": 1, "base_dir": self.base_dir, "today": today}

        def lived(simulation: Simulation) -> Tables:
            Problems(
                replace(problem, message=say("{message} (from period {start})", message=problem.message, start=start))
                for start, stretch in simulation.phases[1:]
                for problem in (*busy_periods(stretch), *large_amounts(stretch))
            ).check()
            return simulation.run(lambda _: tick(), census=False)  # no output is a type of customers

        followed = None
        if needs_following(self.outputs):
            from sim.engine.followed import FollowedSimulation

            following = FollowedSimulation(scenario, asked=buyers_asked(self.outputs), **how)
            tables, followed = lived(following), following.followed
        else:
            tables = lived(Simulation(scenario, **how))
        without = None
        if needs_world_without_failures(self.outputs, scenario):
            without = lived(Simulation(scenario, patch=WITHOUT_FAILURES, **how))
        return measure(scenario, tables, without, self.outputs, followed)
