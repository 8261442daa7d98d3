"""What a comparison leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results import surfaces
from sim.results.result import show_in_notebook

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INTERVAL = "95% t-interval of the mean paired difference"


@dataclass(frozen=True, eq=False)
class Comparison:
    """Scenarios under the same luck, the first of them today's.

    Attributes:
        scenarios: What was run, by name, today's first.
        differences: Every key figure of every later scenario against the first, see
            `sim.studies.comparison.differences.build_differences`.
        runs: A row for each scenario and replication: `scenario`, `replication`, `seed`, `status`, `reason`, then every
            key figure; NaN in failed rows.
        persons: Person by person, who is a customer at the end in one world and not in the other, and through what, see
            `sim.studies.comparison.persons.build_persons`; empty where people cannot be matched.
        money: Revenue, costs, spending, margin and the return on spending, see
            `sim.studies.comparison.money.build_money`.
        trajectories: Yearly loss, satisfaction and margin over time, with paired differences, see
            `sim.studies.comparison.paths.Paths.table`.
        changed: What differs between the scenarios: `path`, `meaning`, `unit`, `first`, and a column for each later
            scenario by its name.
        notes: What a reader must know of how they are compared.
        manifest: Scenarios and their hashes, seeds, versions, platform, time.
        precision: Half-width that was asked for, with its figure; None where a number of replications was.
    """

    scenarios: dict[str, Scenario]
    differences: pd.DataFrame
    runs: pd.DataFrame
    persons: pd.DataFrame
    money: pd.DataFrame
    trajectories: pd.DataFrame
    changed: pd.DataFrame
    notes: tuple[str, ...] = ()
    manifest: dict[str, Any] = field(default_factory=dict)
    precision: tuple[str, float] | None = None

    @property
    def labels(self) -> list[str]:
        """Names of the scenarios, today's first."""
        return list(self.scenarios)

    @property
    def scenario(self) -> Scenario:
        """Today's scenario."""
        return next(iter(self.scenarios.values()))

    @property
    def replications(self) -> int:
        """Number of replications that every scenario has done."""
        done = self.runs[self.runs["status"] == "done"]
        return int((done.groupby("replication").size() == len(self.scenarios)).sum())

    @property
    def seed(self) -> int:
        """Seed of replication 0."""
        return self.scenario.run.seed

    def difference(self, figure: str, scenario: str | None = None) -> pd.Series:
        """The row of one key figure; of the second scenario where none is named.

        Raises:
            KeyError: If there is no such row.
        """
        name = self.labels[1] if scenario is None else scenario
        rows = self.differences
        found = rows[(rows["scenario"] == name) & (rows["figure"] == figure)]
        if found.empty:
            raise KeyError(f"no difference of {figure!r} for {name!r}")
        return found.iloc[0]

    @property
    def plot(self) -> Plotter:
        """Figures: `comparison.plot.differences()` returns a matplotlib Axes."""
        return Plotter(self)

    def __repr__(self) -> str:
        """One line: what was compared."""
        return f"Comparison({' | '.join(self.labels)}, {self.replications} replications, seed {self.seed})"

    def _repr_html_(self) -> str:
        """The differences, for notebooks."""
        columns = ["scenario", "label", "first", "value", "difference", "low", "high", "excludes_zero", "unit"]
        return self.differences[columns].to_html(index=False, float_format=lambda value: f"{value:,.4g}")


class Plotter:
    """The figures of a comparison: each method draws one and returns its matplotlib Axes.

    `comparison.plot.money(width=3.8)` gives the narrow form; `comparison.plot.figure("money")` the whole Figure.
    """

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison

    def figure(self, name: str, **options: Any) -> Any:
        """The matplotlib Figure of that name; a KeyError names those there are."""
        return surfaces.plots_of("comparison").draw(name, self._comparison, **options)

    def __iter__(self) -> Iterator[str]:
        """Names of all figures."""
        return iter(surfaces.plots_of("comparison").FIGURES)

    def _axes(self, name: str, options: dict[str, Any]) -> Axes:
        figure = self.figure(name, **options)
        show_in_notebook(figure)
        axes: Axes = figure.axes[0]
        return axes

    def differences(self, **options: Any) -> Axes:
        """Changes of the main key figures in per cent of today's value, with intervals."""
        return self._axes("differences", options)

    def yearly_loss(self, **options: Any) -> Axes:
        """Customers lost over time in each world, and the paired difference."""
        return self._axes("yearly_loss", options)

    def satisfaction(self, **options: Any) -> Axes:
        """Satisfaction over time in each world, and the paired difference."""
        return self._axes("satisfaction", options)

    def persons(self, **options: Any) -> Axes:
        """Who is kept and who is lost, and through what."""
        return self._axes("persons", options)

    def money(self, **options: Any) -> Axes:
        """From today's margin to the other's, cost by cost."""
        return self._axes("money", options)

    def payback(self, **options: Any) -> Axes:
        """Change in margin since the start, as it adds up."""
        return self._axes("payback", options)
