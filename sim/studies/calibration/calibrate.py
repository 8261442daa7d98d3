"""A calibration from its experiment file to its folder, on any engine, and going on where it was stopped."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.data.users_table import UsersTable
from sim.results.folder import keep_answer
from sim.rules.reading import RuleSource
from sim.runs.evaluation import Progress
from sim.runs.experiment.definition import CalibrationSettings
from sim.runs.experiment.designs import refuse_runs
from sim.runs.experiment.plan import ExperimentPlan
from sim.runs.experiment.reader import read_experiment
from sim.runs.experiment.table_options import with_options
from sim.runs.session import Means, open_evaluation
from sim.studies.calibration import CALIBRATE
from sim.studies.calibration.convergence import most_runs
from sim.studies.calibration.fit import CalibrationResult, hash_of
from sim.studies.calibration.fit_search import MOST_REPEATED, OwnLuck
from sim.studies.calibration.fit_to_data import fit_to_data
from sim.studies.calibration.prior import Allowed, prior_of
from sim.studies.calibration.targets import read_data
from sim.vocabulary.errors import ScenarioError
from sim.words import say


def settings_of(plan: ExperimentPlan) -> CalibrationSettings:
    """The section `calibrate` of an experiment.

    Raises:
        ScenarioError: If there is none.
    """
    if plan.experiment.calibrate is None:
        place = "" if plan.path is None else str(plan.path)
        raise ScenarioError(
            say("says nothing of the data"),
            "calibrate",
            place,
            allowed=say("data: retention, churn, movements, complaints, satisfaction, transactions, nps or servqual"),
            hint=say("such as `calibrate: {{data: retention, unit: months}}`"),
        )
    return plan.experiment.calibrate


def folder_of(plan: ExperimentPlan) -> Path | None:
    """Where names of further tables begin: the folder of the experiment file."""
    return None if plan.path is None else Path(plan.path).parent


def tables_of(
    plan: ExperimentPlan, data: str | os.PathLike[str], reading: Sequence[str] | None = None, kind: str | None = None
) -> list[UsersTable]:
    """The tables that an experiment would be fitted to, read as it says.

    Args:
        plan: The experiment.
        data: The table that is named beside it.
        reading: How that is to be read, beside what the experiment says, as `key=value`.
        kind: What kind of table it must be; any if left out.

    Raises:
        ScenarioError: If the experiment is of no fit or reads another kind, or with what is wrong with the tables.
    """
    settings = with_options(settings_of(plan), reading or ())
    if kind not in (None, settings.data):
        raise ScenarioError(say("the experiment reads another kind"), "--as", str(plan.path), kind, settings.data)
    return read_data(Path(data), settings, plan.scenario, folder_of(plan))[0]


def calibrate(
    file: str | os.PathLike[str] | ExperimentPlan,
    data: str | os.PathLike[str],
    *,
    reading: Sequence[str] | None = None,
    out: str | Path | None = None,
    workers: int | None = None,
    engine: str = "auto",
    dask: str | None = None,
    resume: bool = False,
    report: bool = True,
    rules: Sequence[RuleSource] = (),
    progress: Progress | None = None,
) -> CalibrationResult:
    """Fit the uncertainties of an experiment to a user's table: an ensemble that fits, and what stays unidentified.

    Their distributions in the experiment are the prior. Levers keep the scenario's values.

    Args:
        file: The experiment file, or what `read_experiment` made of one; its section `calibrate` says what the table
            holds.
        data: The table: CSV in any usual form, .xlsx or .parquet; see docs/data.md. Further ones stand in the
            experiment (`also`).
        reading: How it is to be read, as `key=value`, over what the experiment says.
        out: Folder that keeps every run, and in `analysis` within it the ensemble, the fit, `calibrated.yaml`, figures
            and report; nothing is written if left out.
        workers: Workers at a time; all cores if left out. The result does not depend on it.
        engine: `auto`, `in-process`, `spawn`, `loky` or `mpi`.
        dask: Address of a Dask scheduler.
        resume: Go on with the runs in `out`; only with the same experiment and data.
        report: Write `report.html` and figures.
        rules: Files with rules from outside, for a file.
        progress: Called with runs done, runs failed and runs altogether.

    Raises:
        ScenarioError: If the experiment or the table is not as it must be.
        FolderError: If the folder is taken, cannot be written or holds another calibration.
        CalibrationError: If too many runs fail.

    Example:
        >>> result = calibrate("experiments/calibrate_retention.yaml", "ours.csv")  # doctest: +SKIP
        >>> result.posterior, result.sentences, result.plot.fit()  # doctest: +SKIP
    """
    plan = file if isinstance(file, ExperimentPlan) else read_experiment(file, rules=rules)
    settings = with_options(settings_of(plan), reading or ())
    plan = replace(plan, experiment=plan.experiment.model_copy(update={"calibrate": settings}))
    tables, target = read_data(Path(data), settings, plan.scenario, folder_of(plan))
    prior_of(plan.uncertainties)
    simulation = plan.task(target.outputs)
    planned = (settings.trials + settings.members) * plan.experiment.replications
    refuse_runs(plan, planned + settings.trials * MOST_REPEATED + most_runs(len(plan.uncertainties)))

    means = Means(out, workers, engine, dask, resume, progress, planned)
    also = {"data_sha256": hash_of([table.sha256 for table in tables])}
    with open_evaluation(
        plan, OwnLuck.of(simulation, plan.scenario.run.seed), CALIBRATE.kind, means, also=also
    ) as evaluation:
        result = fit_to_data(
            tables,
            target,
            settings,
            plan.scenario,
            plan.uncertainties,
            evaluation,
            at=simulation.scenario,
            allowed=_allowed(plan),
            replications=plan.experiment.replications,
            name=plan.experiment.name,
            question=plan.experiment.question,
        )
    result = replace(result, base=plan.loaded.path, changes=plan.experiment.set)
    return keep_answer(result, out, report=report)


def _allowed(plan: ExperimentPlan) -> Allowed | None:
    """The constraints as a function of many values at once; levers have the scenario's values."""
    if not plan.constraints:
        return None

    def allowed(values: Mapping[str, Any]) -> Any:
        count = len(next(iter(values.values())))
        everything = {**plan.base_values, **values}
        inside = np.ones(count, dtype=bool)
        for condition in plan.constraints:
            inside &= np.broadcast_to(np.asarray(condition.holds(everything), dtype=bool), (count,))
        return inside

    return allowed
