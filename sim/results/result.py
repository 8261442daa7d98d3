"""What a run leaves behind: tables, key figures, ledger, curves, and how it came about."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results import surfaces
from sim.results.census import build_census
from sim.results.iceberg import build_iceberg
from sim.results.keyfigures import key_figures
from sim.results.series import build_series
from sim.results.survival import build_survival

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.engine.tables import Tables


@dataclass(frozen=True, eq=False)
class Result:
    """A scenario, run once or many times.

    Attributes:
        scenario: What was run, resolved.
        series: A row for each replication, period, firm and segment, see `sim.results.series.build_series`.
        summary: Key figures of the focal firm with 95% t-intervals over replications, see
            `sim.results.keyfigures.key_figures`.
        iceberg: The ledger of dissatisfaction, see `sim.results.iceberg.build_iceberg`.
        survival: Kaplan-Meier curves and incidence by cause, see `sim.results.survival.build_survival`.
        census: Customer types at the end, see `sim.results.census.build_census`.
        manifest: Scenario and its hash, seeds, versions, platform, time: what it takes to do it again.
        panel: The customers followed one by one, with their `replication`, or None.
    """

    scenario: Scenario
    series: pd.DataFrame
    summary: pd.DataFrame
    iceberg: pd.DataFrame
    survival: pd.DataFrame
    census: pd.DataFrame
    manifest: dict[str, Any] = field(default_factory=dict)
    panel: pd.DataFrame | None = None

    @property
    def plot(self) -> Plotter:
        """Figures: `result.plot.iceberg()` returns a matplotlib Axes."""
        return Plotter(self)

    @property
    def replications(self) -> int:
        """Number of runs behind the means and intervals."""
        return int(self.series["replication"].nunique())

    def value(self, figure: str) -> float:
        """A key figure by name, mean over replications: `result.value("yearly_loss")`."""
        return float(self.summary["value"].to_dict()[figure])

    def __repr__(self) -> str:
        """One line: what was run."""
        runs = f"{self.replications} run{'s' if self.replications != 1 else ''}"
        return f"Result({self.scenario.name!r}, {runs}, seed {self.scenario.run.seed})"

    def _repr_html_(self) -> str:
        """The key figures, for notebooks."""
        shown = self.summary[["label", "value", "low", "high", "unit"]].set_index("label")
        return shown.to_html(float_format=lambda value: f"{value:,.4g}")


def show_in_notebook(figure: Any) -> None:
    """Show a figure below the cell that drew it: it is none of pyplot's, which notebooks show by themselves."""
    notebook = sys.modules.get("IPython")
    shell = notebook.get_ipython() if notebook is not None else None
    if hasattr(shell, "kernel"):
        importlib.import_module("IPython.display").display(figure)


class Plotter:
    """The figures of a result: each method draws one and returns its matplotlib Axes.

    `result.plot.iceberg(width=3.8)` gives the narrow form, for a column or a telephone; `result.plot.figure("iceberg")`
    the whole Figure.
    """

    def __init__(self, result: Result) -> None:
        self._result = result

    def figure(self, name: str, **options: Any) -> Any:
        """The matplotlib Figure of that name; a KeyError names those there are."""
        return surfaces.plots().draw(name, self._result, **options)

    def __iter__(self) -> Iterator[str]:
        """Names of all figures."""
        return iter(surfaces.plots().FIGURES)

    def _axes(self, name: str, options: dict[str, Any]) -> Axes:
        figure = self.figure(name, **options)
        show_in_notebook(figure)
        axes: Axes = figure.axes[0]
        return axes

    def iceberg(self, **options: Any) -> Axes:
        """What the firm sees of its customers' dissatisfaction, against what is."""
        return self._axes("iceberg", options)

    def satisfaction(self, **options: Any) -> Axes:
        """Mean satisfaction over time, with its interval."""
        return self._axes("satisfaction", options)

    def retention(self, **options: Any) -> Axes:
        """Yearly loss of customers over time, with its interval."""
        return self._axes("retention", options)

    def survival(self, **options: Any) -> Axes:
        """How long customers stay, and what makes them leave."""
        return self._axes("survival", options)

    def levels(self, **options: Any) -> Axes:
        """Shares of dissatisfying, satisfying and delighting encounters over time."""
        return self._axes("levels", options)

    def gaps(self, **options: Any) -> Axes:
        """SERVQUAL gaps on the five dimensions."""
        return self._axes("gaps", options)

    def word_of_mouth(self, **options: Any) -> Axes:
        """People told something good and something bad."""
        return self._axes("word_of_mouth", options)

    def quality_cost(self, **options: Any) -> Axes:
        """Costs of quality by category, the opportunity cost measured and by rule of thumb."""
        return self._axes("quality_cost", options)

    def customer_types(self, **options: Any) -> Axes:
        """Customers at the end by type."""
        return self._axes("customer_types", options)


def assemble(
    scenario: Scenario,
    tables: Sequence[Tables],
    without_failures: Sequence[Tables] | None = None,
    manifest: dict[str, Any] | None = None,
    *,
    numbers: Sequence[int] | None = None,
) -> Result:
    """Make a `Result` from the engine's tables, one for each replication.

    Args:
        scenario: What was run.
        tables: The worlds as they were.
        without_failures: The same worlds without the focal firm's failures, in the same order, or None.
        manifest: What to record of the circumstances.
        numbers: Numbers of the replications, where not all were done.
    """
    numbers = range(len(tables)) if numbers is None else numbers
    series = build_series(scenario, tables, without_failures, numbers=numbers)
    followed = [
        pd.DataFrame({"replication": number, **table.panel})
        for number, table in zip(numbers, tables, strict=True)
        if table.panel is not None
    ]
    return Result(
        scenario=scenario,
        series=series,
        summary=key_figures(series, scenario),
        iceberg=build_iceberg(series, scenario),
        survival=build_survival(scenario, tables),
        census=build_census(tables),
        manifest=manifest or {},
        panel=pd.concat(followed, ignore_index=True) if followed else None,
    )
