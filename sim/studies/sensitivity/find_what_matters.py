"""`sim.sensitivity`: from an experiment file to what matters."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.model.market import PERIODS_PER_YEAR
from sim.results.folder import keep_answer
from sim.results.manifest import Stopwatch
from sim.rules.reading import RuleSource
from sim.runs.evaluation import Progress
from sim.runs.execution.simulate import presets_of
from sim.runs.experiment.designs import refuse_runs
from sim.runs.experiment.plan import ExperimentPlan
from sim.runs.experiment.reader import read_experiment
from sim.runs.session import Means, open_evaluation, study_manifest
from sim.studies.lever_costs import LeverBooks
from sim.studies.sensitivity import SENSITIVITY
from sim.studies.sensitivity.analysis import MOST_RUNS, Evaluate, analyse, recorded_outputs, refuse, runs_needed
from sim.studies.sensitivity.sensitivity import Sensitivity


def find_what_matters(
    plan: ExperimentPlan, evaluate: Evaluate, *, manifest: dict[str, Any] | None = None
) -> Sensitivity:
    """Run the points of an experiment's analysis, and conclude.

    Args:
        plan: The experiment on its scenario.
        evaluate: Does the runs of `plan.task(recorded_outputs(plan.experiment))`.
        manifest: What to record of the circumstances.

    Raises:
        ScenarioError: If the experiment cannot be analysed.
        TooManyFailedError: If so many runs failed that nothing can be said.
    """
    run, money = plan.scenario.run, plan.scenario.money
    books = LeverBooks(run.periods, PERIODS_PER_YEAR[run.period], money.discount_rate)
    bases = plan.task(recorded_outputs(plan.experiment)).bases
    return analyse(
        plan.experiment,
        plan.axes,
        plan.scenario,
        evaluate,
        charge=books.charge,
        possible=lambda values: presets_of(values) in bases,
        manifest=manifest,
    )


def sensitivity(
    file: str | os.PathLike[str] | ExperimentPlan,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    engine: str = "auto",
    dask: str | None = None,
    resume: bool = False,
    report: bool = True,
    overrides: Sequence[str] = (),
    rules: Sequence[RuleSource] = (),
    progress: Progress | None = None,
) -> Sensitivity:
    """Find what matters: indices, effects per unit of money, dependence, regions.

    Args:
        file: The experiment file, or what `read_experiment` made of one; its section `sensitivity` says how.
        out: Folder that keeps every run, and in `analysis` within it the tables, figures and report; nothing is written
            if left out.
        workers: Workers at a time; all processors if left out. The result does not depend on it.
        engine: `auto`, `in-process`, `spawn`, `loky` or `mpi`.
        dask: Address of a Dask scheduler.
        resume: Go on with the runs in `out`; only with the same experiment.
        report: Write `report.html` and figures.
        overrides: Parameters of the scenario as `path=value`, for a file.
        rules: Files with rules from outside, for a file.
        progress: Called with runs done, runs failed and runs altogether.

    Raises:
        ScenarioError: If the experiment is not as it must be, or cannot be analysed.
        FolderError: If the folder is taken, cannot be written or holds another study.
        TooManyFailedError: If so many runs failed that nothing can be said.

    Example:
        >>> found = sensitivity("experiments/what_matters_most.yaml")  # doctest: +SKIP
        >>> found.indices, found.plot.tornado("retention")  # doctest: +SKIP
    """
    plan = file if isinstance(file, ExperimentPlan) else read_experiment(file, overrides, rules)
    refuse(plan.experiment, plan.axes)
    planned = runs_needed(plan.experiment, plan.axes)
    refuse_runs(plan, planned, MOST_RUNS)
    task, clock = plan.task(recorded_outputs(plan.experiment)), Stopwatch()

    means = Means(out, workers, engine, dask, resume, progress, planned)
    manifest = study_manifest(plan, task, SENSITIVITY.kind)
    with open_evaluation(plan, task, SENSITIVITY.kind, means) as evaluation:
        found = find_what_matters(plan, evaluation.evaluate, manifest=manifest)
    manifest |= {**clock.told(), "engine": engine, "workers": workers}
    return keep_answer(found, out, report=report)
