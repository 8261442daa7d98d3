"""A calibration from its experiment file to its folder, on any engine, and going on where it was stopped."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.studies.calibration.calibrate import fit_to_data, read_data
from sim.studies.calibration.folder import write_calibration
from sim.studies.calibration.prior import Allowed, prior_of
from sim.studies.calibration.result import CalibrationResult
from sim.studies.calibration.search import Evaluator
from sim.studies.evaluation import Evaluation, Progress
from sim.studies.execution.engines import open_engine
from sim.studies.execution.simulate import SimulationTask
from sim.studies.execution.task import Limits, Task
from sim.studies.experiment.definition import CalibrationSettings
from sim.studies.experiment.plan import Plan
from sim.studies.experiment.reader import read_experiment
from sim.studies.folder import plain
from sim.studies.manifest import circumstances, scenario_hash
from sim.studies.place import MANIFEST, FolderError, check_folder
from sim.studies.store.store import Store
from sim.vocabulary.errors import Problem, ScenarioError

WHAT = "calibration"
"""Entry of the manifest that says what is fitted to what: going on needs it to be the same."""


def settings_of(plan: Plan) -> CalibrationSettings:
    """The section `calibrate` of an experiment.

    Raises:
        ScenarioError: If there is none.
    """
    if plan.experiment.calibrate is None:
        place = "" if plan.path is None else str(plan.path)
        raise ScenarioError(
            Problem("says nothing of the data", "calibrate", place, allowed="data: retention, churn, complaints or "
                    "satisfaction", hint="such as `calibrate: {data: retention, unit: months}`")
        )  # fmt: skip
    return plan.experiment.calibrate


def calibrate(
    file: str | os.PathLike[str] | Plan,
    data: str | os.PathLike[str],
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    engine: str = "auto",
    dask: str | None = None,
    resume: bool = False,
    figures: bool = True,
    report: bool = True,
    progress: Progress | None = None,
) -> CalibrationResult:
    """Fit the uncertainties of an experiment to a user's table: an ensemble that fits, and what stays unidentified.

    Their distributions in the experiment are the prior. Levers keep the scenario's values.

    Args:
        file: The experiment file, or what `read_experiment` made of one; its section `calibrate` says what the table
            holds.
        data: The table, CSV with a header; see docs/calibration.md.
        out: Folder to write: every run, the ensemble, the fit, `calibrated.yaml`, figures and report. None for none.
        workers: Workers at a time; all cores if left out. The result does not depend on it.
        engine: `auto`, `in-process`, `spawn`, `loky` or `mpi`.
        dask: Address of a Dask scheduler.
        resume: Go on with the runs in `out`; only with the same experiment and data.
        figures: Write figures as files.
        report: Write `report.html`.
        progress: Called with runs done, runs failed and runs altogether.

    Raises:
        ScenarioError: If the experiment or the table is not as it must be.
        FolderError: If the folder is taken, cannot be written or holds another calibration.
        CalibrationError: If too many runs fail.

    Example:
        >>> result = calibrate("experiments/calibrate_retention.yaml", "ours.csv")  # doctest: +SKIP
        >>> result.posterior, result.sentences, result.plot.fit()  # doctest: +SKIP
    """
    plan = file if isinstance(file, Plan) else read_experiment(file)
    settings = settings_of(plan)
    table, target = read_data(Path(data), settings, plan.scenario)
    prior_of(plan.uncertainties)
    what = identity(plan, table.sha256)
    task = task_of(plan, target.outputs)
    planned = (settings.trials + settings.members) * plan.experiment.replications

    def tell(done: int, failed: int, total: int) -> None:
        if progress is not None:
            progress(done, failed, max(total, planned))

    with ExitStack() as stack:
        store = None
        if out is not None:
            paths = [axis.path for axis in plan.uncertainties]
            store = stack.enter_context(_opened(Path(out), what, paths, target.outputs, resume=resume))
        running = stack.enter_context(open_engine(engine, workers, dask))

        def evaluation_of(task: Task) -> Evaluator:
            limits = plan.experiment.limits
            memory = None if limits.memory_mib is None else int(limits.memory_mib * 2**20)
            return Evaluation(
                task, seed=plan.scenario.run.seed, limits=Limits(limits.seconds, memory), memory=store, engine=running,
                progress=tell,
            )  # fmt: skip

        result = fit_to_data(
            Path(data), settings, plan.scenario, plan.uncertainties, lambda outputs: replace(task, outputs=outputs),
            evaluation_of, at=task.scenario, allowed=_allowed(plan), replications=plan.experiment.replications,
            name=plan.experiment.name, question=plan.experiment.question,
        )  # fmt: skip
        result.manifest[WHAT] = what
        if store is not None:
            store.update_manifest(result.manifest)
            write_calibration(
                result, store.folder, base=plan.loaded.path, changes=plan.experiment.set, figures=figures, report=report
            )
    return result


def task_of(plan: Plan, outputs: tuple[str, ...]) -> SimulationTask:
    """What is done at a point: the scenario with its own levers, whatever presets the levers ask for elsewhere."""
    task = plan.task(outputs)
    return replace(task, bases={(): plan.scenario})


def identity(plan: Plan, sha256: str) -> dict[str, Any]:
    """What a calibration is: everything that its runs and its result depend on."""
    experiment = plan.experiment
    dumped: dict[str, Any] = plain(
        {
            "data_sha256": sha256,
            "scenario_sha256": scenario_hash(plan.scenario),
            "model_hash": circumstances()["model_hash"],
            "replications": experiment.replications,
            "constraints": list(experiment.constraints),
            "settings": settings_of(plan).model_dump(mode="json"),
            "uncertainties": {
                path: factor.model_dump(mode="json", exclude_unset=True)
                for path, factor in experiment.uncertainties.items()
            },
        }
    )
    return dumped


def _opened(folder: Path, what: dict[str, Any], factors: list[str], outputs: tuple[str, ...], *, resume: bool) -> Store:
    """The store in the folder, new or gone on with.

    Raises:
        FolderError: If it holds something else.
    """
    if resume and (folder / MANIFEST).is_file():
        store = Store.open(folder, write=True)
        different = _differences(store.manifest.get(WHAT), what)
        if different:
            store.close()
            raise FolderError(f"{folder}: holds another calibration; different: {', '.join(different)}")
        return store
    check_folder(folder)
    manifest = {**circumstances(), "kind": "calibration", WHAT: what}
    return Store.create(folder, manifest=manifest, factors=factors, outputs=outputs)


def _differences(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> list[str]:
    """Names of what differs, with both values where they are short."""
    if not isinstance(old, Mapping):
        return ["kind of study"]
    found = []
    for key, value in new.items():
        before = old.get(key)
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            for name in sorted({*value, *before}):
                if value.get(name) != before.get(name):
                    found.append(f"{key}.{name} ({before.get(name)} -> {value.get(name)})")
        elif value != before:
            short = not key.endswith(("sha256", "hash"))
            found.append(f"{key} ({before} -> {value})" if short else key)
    return found


def _allowed(plan: Plan) -> Allowed | None:
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
