"""What a calibration leaves behind."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from sim.data.understood import Understood
from sim.model.scenario import Scenario
from sim.results.answer import Answer, AnswerTable, TableColumn
from sim.results.declared_tables import declared_tables
from sim.results.whole_files import json_ready
from sim.runs.experiment.axes import Axis
from sim.scenario import load_text
from sim.studies.calibration.convergence import Convergence
from sim.studies.calibration.forecast import errors
from sim.studies.calibration.goodness import Goodness
from sim.studies.derived import derived_text
from sim.words import say

TOGETHER = " + "
"""Between the names of tables that were fitted together."""


@dataclass(frozen=True)
class FittedTo:
    """A table that parameters were fitted to.

    Attributes:
        kind: `retention`, `churn`, `complaints`, `satisfaction`, `transactions`, `nps` or `servqual`.
        sha256: Of the file, in hexadecimal digits.
        understood: How it was read.
        axis_of_time: Unit of its x in the fit, or empty where that is not time.
    """

    kind: str
    sha256: str
    understood: Understood
    axis_of_time: str = ""

    @property
    def shares(self) -> bool:
        """Whether it tells how many stay."""
        return self.kind in ("retention", "churn")


@dataclass(frozen=True, eq=False)
class CalibrationResult(Answer):
    """Parameters fitted to data: not one point but an ensemble, with what stays unidentified.

    Attributes:
        name: Name of the experiment.
        question: Its question.
        fitted_to: The tables.
        scenario: What was fitted, before.
        calibrated: The same with the values of the likeliest point, and the section `calibration`.
        axes: The parameters with their prior.
        ensemble: Members, equally likely: `member`, `point`, a column a parameter, `log_likelihood` (as predicted, up
            to a constant), `weight` (they sum to 1), `converged`.
        posterior: A row a parameter, see `sim.studies.calibration.goodness.posterior_table`; without numbers after
            the data where the search has not converged.
        correlations: Of the parameters in the posterior, by path.
        fit: Observed against predicted: `quantity`, `x`, `observed`, `observed_low`, `observed_high`, `predicted`,
            `low`, `high`, `table`; nothing is predicted where the search has not converged.
        forecast: Beyond the fitted data: `x`, `observed` with limits (where data were held out), `predicted`,
            `low`, `high` by the members' runs, and two simple rules, `last_retention` and `beta_geometric`; empty where
            nothing is.
        goodness: Whether the model can reproduce the data.
        convergence: Whether the search has come to an end that a direct search on simulated points confirms. Where it
            has not, nothing here is a fit.
        findings: What was found in plain words, which its `sentences` give.
        values: The likeliest point that was found, by path; the middle member without convergence.
        trials: Points that were simulated.
        seed: Of the search.
        base: The scenario file that was fitted, for `calibrated.yaml` to extend.
        changes: Parameters that the experiment sets, by path.
        manifest: How it came about.
    """

    name: str
    question: str
    fitted_to: tuple[FittedTo, ...]
    scenario: Scenario
    calibrated: Scenario
    axes: tuple[Axis, ...]
    ensemble: pd.DataFrame
    posterior: pd.DataFrame
    correlations: pd.DataFrame
    fit: pd.DataFrame
    goodness: Goodness
    convergence: Convergence
    findings: tuple[str, ...]
    values: Mapping[str, Any]
    trials: int
    seed: int
    forecast: pd.DataFrame = field(default_factory=pd.DataFrame)
    base: Path | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What the tables hold."""
        return TOGETHER.join(one.kind for one in self.fitted_to)

    @property
    def data(self) -> str:
        """File names of the tables."""
        return TOGETHER.join(one.understood.name for one in self.fitted_to)

    @property
    def sha256(self) -> str:
        """Of the data; of several tables that of their hashes."""
        return hash_of([one.sha256 for one in self.fitted_to])

    @property
    def converged(self) -> bool:
        """Whether what is here is a fit."""
        return self.convergence.converged

    @property
    def replications(self) -> int:
        """Runs at each point."""
        return int(self.manifest.get("replications", 1))

    def __repr__(self) -> str:
        """One line: what was fitted to what."""
        return f"CalibrationResult({', '.join(self.values)} to {self.data}: {self.goodness.verdict})"

    def tables(self) -> list[AnswerTable]:
        """Ensemble, posterior, correlations and fit."""
        told = {table.name: table for table in declared_tables(self)}
        values = [TableColumn(axis.path, say("value of the parameter"), axis.unit) for axis in self.axes]
        with_that = say("correlation with that parameter in the posterior, -1 to 1")
        between = [TableColumn(axis.path, with_that) for axis in self.axes]
        ensemble, correlations = told["ensemble"].columns, told["correlations"].columns
        told["ensemble"] = told["ensemble"]._replace(columns=[*ensemble[:2], *values, *ensemble[2:]])
        told["correlations"] = AnswerTable(
            "correlations", self.correlations.rename_axis("parameter").reset_index(), [*correlations, *between]
        )
        return [table for table in told.values() if table.name != "forecast" or len(table.rows)]

    def as_json(self) -> dict[str, Any]:
        """The findings as plain values, without anything that changes from call to call."""
        return {
            "name": self.name,
            "question": self.question,
            "data": self.data,
            "sha256": self.sha256,
            "kind": self.kind,
            "table": self.fitted_to[0].understood.as_json(),
            "also": [{"sha256": one.sha256, **one.understood.as_json()} for one in self.fitted_to[1:]],
            "trials": self.trials,
            "members": len(self.ensemble),
            "seed": self.seed,
            "verdict": self.goodness.verdict,
            "converged": self.converged,
            "convergence": json_ready(asdict(self.convergence)),
            "goodness": json_ready(asdict(self.goodness)),
            "sentences": self.sentences,
            "values": json_ready(dict(self.values)),
            "posterior": json_ready(self.posterior.to_dict(orient="records")),
            "correlations": json_ready(self.correlations.to_dict(orient="index")) if self.converged else None,
            "fit": json_ready(self.fit.to_dict(orient="records")),
            "forecast": json_ready(self.forecast.to_dict(orient="records")),
            "forecast_errors": errors(self.forecast),
        }

    def other_files(self, folder: Path) -> dict[str, str]:
        """`calibrated.yaml`: values of the likeliest point, the section `calibration`, what was fitted as comment."""
        carried = {f"calibration.{key}": value for key, value in self.calibrated.calibration.model_dump().items()}
        values = {**self.changes, **self.values, **carried}
        text = derived_text(self.calibrated, values, head=_head(self), folder=folder, base=self.base)
        load_text(text, base_dir=folder)  # whoever runs it must not be the first to read it
        return {"calibrated.yaml": text}


def hash_of(hashes: Sequence[str]) -> str:
    r"""One SHA-256 for tables: the only one's own, else that of theirs as lines.

    >>> hash_of(["ab"]), hash_of(["ab", "cd"])[:8]
    ('ab', '41b72d4b')
    """
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def _head(result: CalibrationResult) -> list[str]:
    told = {"name": result.scenario.name, "data": result.data, "kind": result.kind}
    if not result.converged:
        return [
            say("NOT CONVERGED: a search for {name} fitted to {data} ({kind}).", **told),
            "",
            say(
                "These are values that `sim calibrate` tried last, not a fit. Why, and what to try, stands "
                "in report.html."
            ),
        ]
    return [
        say("{name}, fitted to {data} ({kind}) by `sim calibrate`.", **told),
        "",
        say(
            "These are the values of the likeliest point that was found. One point is not what the data say: "
            "ensemble.csv holds"
        ),
        say("all members, posterior.csv the intervals, report.html the fit; manifest.json says when this was done."),
        "",
        *(
            "  "
            + say(
                "{parameter}: median {median:.4g}, 95% interval {low:.4g} to {high:.4g}, identified: {identified}",
                **{name: row[name] for name in ("parameter", "median", "low", "high", "identified")},
            )
            for _, row in result.posterior.iterrows()
        ),
    ]
