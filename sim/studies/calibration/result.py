"""What a calibration leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results import surfaces
from sim.results.result import show_in_notebook
from sim.runs.experiment.axes import Axis
from sim.studies.calibration.convergence import Convergence
from sim.studies.calibration.judgement import Goodness

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class CalibrationResult:
    """Parameters fitted to data: not one point but an ensemble, with what stays unidentified.

    Attributes:
        name: Name of the experiment.
        question: Its question.
        kind: `retention`, `churn`, `complaints` or `satisfaction`.
        data: File name of the data.
        sha256: Of the data, in hexadecimal digits.
        scenario: What was fitted, before.
        calibrated: The same with the values of the middle member, and the section `calibration`.
        axes: The parameters with their prior.
        ensemble: Members, equally likely: `member`, `point`, a column a parameter, `log_likelihood` (as predicted, up
            to a constant), `weight` (they sum to 1), `converged`.
        posterior: A row a parameter, see `sim.studies.calibration.judgement.posterior_table`; without numbers after
            the data where the search has not converged.
        correlations: Of the parameters in the posterior, by path.
        fit: Observed against predicted: `quantity`, `x`, `observed`, `observed_low`, `observed_high`, `predicted`,
            `low`, `high`; nothing is predicted where the search has not converged.
        goodness: Whether the model can reproduce the data.
        convergence: Whether the search has come to an end that a direct search on simulated points confirms. Where it
            has not, nothing here is a fit.
        sentences: The findings in plain words.
        values: The middle member: values of the parameters by path.
        trials: Points that were simulated.
        seed: Of the search.
        axis_of_time: Unit of `fit`'s x, or empty where it is not time.
        manifest: How it came about.
    """

    name: str
    question: str
    kind: str
    data: str
    sha256: str
    scenario: Scenario
    calibrated: Scenario
    axes: tuple[Axis, ...]
    ensemble: pd.DataFrame
    posterior: pd.DataFrame
    correlations: pd.DataFrame
    fit: pd.DataFrame
    goodness: Goodness
    convergence: Convergence
    sentences: tuple[str, ...]
    values: Mapping[str, Any]
    trials: int
    seed: int
    axis_of_time: str = ""
    manifest: dict[str, Any] = field(default_factory=dict)

    @property
    def converged(self) -> bool:
        """Whether what is here is a fit."""
        return self.convergence.converged

    @property
    def plot(self) -> CalibrationPlotter:
        """Figures: `result.plot.fit()` returns a matplotlib Axes."""
        return CalibrationPlotter(self)

    @property
    def replications(self) -> int:
        """Runs at each point."""
        return int(self.manifest.get("replications", 1))

    def __repr__(self) -> str:
        """One line: what was fitted to what."""
        return f"CalibrationResult({', '.join(self.values)} to {self.data}: {self.goodness.verdict})"

    def _repr_html_(self) -> str:
        """What is known of the parameters, for notebooks."""
        return str(self.posterior.set_index("parameter").to_html(float_format=lambda value: f"{value:.4g}"))


class CalibrationPlotter:
    """The figures of a calibration: each method draws one and returns its first matplotlib Axes."""

    def __init__(self, result: CalibrationResult) -> None:
        self._result = result

    def figure(self, name: str, **options: Any) -> Any:
        """The matplotlib Figure of that name; a KeyError names those there are."""
        return surfaces.plots_of("calibration").draw(name, self._result, **options)

    def __iter__(self) -> Iterator[str]:
        """Names of all figures."""
        return iter(surfaces.plots_of("calibration").FIGURES)

    def _axes(self, name: str, options: dict[str, Any]) -> Axes:
        figure = self.figure(name, **options)
        show_in_notebook(figure)
        axes: Axes = figure.axes[0]
        return axes

    def fit(self, **options: Any) -> Axes:
        """The data against what the ensemble predicts."""
        return self._axes("fit", options)

    def posterior(self, **options: Any) -> Axes:
        """Each parameter before and after the data."""
        return self._axes("posterior", options)

    def identification(self, **options: Any) -> Axes:
        """The members by pairs of parameters: what can stand in for what."""
        return self._axes("identification", options)
