"""What a sensitivity analysis leaves behind: tables, figures, and how they came about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results import surfaces
from sim.results.result import show_in_notebook
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import Experiment

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What matters in a scenario.

    Attributes:
        experiment: What was asked.
        scenario: The scenario as it stands, before a factor is moved.
        axes: The factors, levers first.
        indices: For each `output`, `factor` (and `with`, of second order) and `measure`: `value` with its 95% interval
            `low`, `high`, and `reason` where there is none. Measures of Sobol: first_order, total, second_order
            (shares of variance); of Morris: mu_star, mu, sigma (units of the output). See `sobol_indices`,
            `morris_indices`.
        luck: For each `output`: `of_one_run`, `of_means` (see `sim.studies.sensitivity.luck.Luck`), `blocks` of the
            design, and how many were `dropped` because a run of them failed.
        effects: What steps do and what they cost, see `sim.studies.sensitivity.marginal.effects_of`.
        dependence: Mean of each `output` along each `factor`, see `sim.studies.sensitivity.dependence.dependence_of`;
            `at` is the factor's value in the middle of the bin.
        maps: Means over the strongest pair of factors of each `output`; `at` and `with_at` are values.
        regions: Where the condition is met, see `sim.studies.sensitivity.regions.regions_of`; empty without one.
        points: Every point: `part` (design or steps), `index` in it, `block` of the design, `point` (its name), `met`
            (whether it meets the condition; empty where that was not asked or a run failed), and a column for each
            factor (its value, or the scenario's own).
        runs: Every run: `part`, `index`, `point`, `replication`, `seed`, `status`, `reason`, and its outputs.
        manifest: What it takes to do it again.
    """

    experiment: Experiment
    scenario: Scenario
    axes: tuple[Axis, ...]
    indices: pd.DataFrame
    luck: pd.DataFrame
    effects: pd.DataFrame
    dependence: pd.DataFrame
    maps: pd.DataFrame
    regions: pd.DataFrame
    points: pd.DataFrame
    runs: pd.DataFrame
    manifest: dict[str, Any] = field(default_factory=dict)

    @property
    def outputs(self) -> list[str]:
        """The outputs that are explained, in order."""
        return list(dict.fromkeys(self.luck["output"]))

    @property
    def factors(self) -> list[str]:
        """Paths of the factors, levers first."""
        return [axis.path for axis in self.axes]

    @property
    def method(self) -> str:
        """Kind of indices, sobol or morris."""
        return self.experiment.sensitivity.method

    @property
    def main_measure(self) -> str:
        """The measure by which factors are ranked: total or mu_star."""
        return "total" if self.method == "sobol" else "mu_star"

    @property
    def replications(self) -> int:
        """Runs with independent luck at each point of the design."""
        return self.experiment.replications

    def axis(self, factor: str) -> Axis:
        """A factor by its path."""
        return next(axis for axis in self.axes if axis.path == factor)

    def ranked(self, output: str) -> pd.DataFrame:
        """The main measure of each factor for one output, largest first; empty where there are no indices."""
        rows = self.indices[(self.indices["output"] == output) & (self.indices["measure"] == self.main_measure)]
        return rows[rows["value"].notna()].sort_values("value", ascending=False, kind="stable")

    @property
    def failed(self) -> int:
        """Number of runs that failed."""
        return int((self.runs["status"] != "done").sum())

    @property
    def plot(self) -> Plotter:
        """Figures: `found.plot.indices("retention")` returns a matplotlib Axes."""
        return Plotter(self)

    def __repr__(self) -> str:
        """One line: what was done."""
        count = len(self.axes)
        return (
            f"Sensitivity({self.experiment.name!r}, {self.method}, {count} factor{'s' if count != 1 else ''}, "
            f"{len(self.runs)} runs)"
        )

    def _repr_html_(self) -> str:
        """Main measures, outputs by factors, for notebooks."""
        rows = self.indices[self.indices["measure"] == self.main_measure]
        table = rows.pivot(index="output", columns="factor", values="value").loc[self.outputs, self.factors]
        return table.to_html(float_format=lambda value: f"{value:.2f}")


class Plotter:
    """The figures of a sensitivity analysis: each method draws one and returns its first matplotlib Axes.

    `found.plot.tornado("retention", width=3.75)` gives the narrow form; without an output the first one is shown.
    """

    def __init__(self, found: Sensitivity) -> None:
        self._found = found

    def __iter__(self) -> Iterator[str]:
        """Names of the figures that this analysis has."""
        return iter(surfaces.plots_of("sensitivity").available(self._found))

    def figure(self, name: str, output: str | None = None, **options: Any) -> Any:
        """The matplotlib Figure of that name; a KeyError names those there are."""
        return surfaces.plots_of("sensitivity").draw(name, self._found, output or self._found.outputs[0], **options)

    def _axes(self, name: str, output: str | None, options: dict[str, Any]) -> Axes:
        figure = self.figure(name, output, **options)
        show_in_notebook(figure)
        axes: Axes = figure.axes[0]
        return axes

    def indices(self, output: str | None = None, **options: Any) -> Axes:
        """Which factors matter for an output, with intervals."""
        return self._axes("indices", output, options)

    def tornado(self, output: str | None = None, **options: Any) -> Axes:
        """What the next sum of money does to an output, lever by lever."""
        return self._axes("tornado", output, options)

    def swing(self, output: str | None = None, **options: Any) -> Axes:
        """An output with each factor at the ends of its range and all others as they are."""
        return self._axes("swing", output, options)

    def dependence(self, output: str | None = None, **options: Any) -> Axes:
        """Mean of an output along each factor."""
        return self._axes("dependence", output, options)

    def map(self, output: str | None = None, **options: Any) -> Axes:
        """Mean of an output over the two factors that matter most together."""
        return self._axes("map", output, options)

    def regions(self, **options: Any) -> Axes:
        """How the factors are distributed where the condition is met, and where not."""
        return self._axes("regions", None, options)
