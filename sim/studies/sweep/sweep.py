"""Run a scenario at many points, and keep every run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.results.failed_work import warn_of_failed_runs
from sim.results.folder import check_answer, write_folder
from sim.results.place import ANSWER, LEDGER, MANIFEST
from sim.rules.reading import RuleSource
from sim.runs.execution.engines import Engine, open_engine
from sim.runs.execution.execute import execute
from sim.runs.execution.task import DONE, RunOfPoint
from sim.runs.experiment.definition import Experiment
from sim.runs.experiment.designs import design_points, design_size
from sim.runs.experiment.experiment_changes import is_extension
from sim.runs.experiment.plan import ExperimentPlan
from sim.runs.experiment.points import Point
from sim.runs.experiment.reader import plan_experiment, read_experiment
from sim.runs.memory import affordable_workers
from sim.runs.precision import replications_needed
from sim.runs.run import replication_seed
from sim.runs.session import (
    Means,
    ResumeError,
    limits_of,
    open_store,
    refuse_another,
    study_differences,
    study_manifest,
    warn_of_damage,
)
from sim.runs.store.store import Store
from sim.studies.sweep import SHOWN, SWEEP
from sim.studies.sweep.parts import PART, PartOfDesign, folders_in, part_of
from sim.studies.sweep.parts import gather as take_in
from sim.studies.sweep.swept import Sweep
from sim.vocabulary.errors import ScenarioError
from sim.words import say

MOST_SHOWN = 200_000
"""Runs up to which a sweep is concluded by a report; more are for tables (`sim results`)."""

STAGES = "stages"
"""In the manifest: how many points the design had before each extension."""


def sweep(
    experiment: str | Path | Experiment | ExperimentPlan,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    engine: str = "auto",
    dask: str | None = None,
    resume: bool = False,
    extend: bool = False,
    retry_failed: bool = False,
    part: str | None = None,
    gather: str | Path | None = None,
    report: bool = False,
    overrides: Sequence[str] = (),
    rules: Sequence[RuleSource] = (),
    progress: Callable[[int, int, int], None] | None = None,
) -> Sweep:
    """Run the design of an experiment file.

    Args:
        experiment: An experiment file, an `Experiment`, or what `read_experiment` made of one.
        out: Folder that keeps every run; a temporary one, gone when the call ends, if left out.
        workers: Workers at a time; all processors if left out. Results do not depend on it.
        engine: Where runs are done: `auto`, `in-process`, `spawn`, `loky`, `mpi`.
        dask: Address of a Dask scheduler, instead of an engine.
        resume: Go on where an earlier call with the same experiment stopped.
        extend: Go on, and add the points or replications by which the experiment has grown.
        retry_failed: When going on, do runs again that failed; what comes of them takes the place of the failure.
        part: Do only this part of the design: `"3/16"` is every sixteenth point, from the third on.
        gather: Folder that holds folders of parts: first take in what they have done, then do what is missing.
        report: Write `report.html` and figures, with the tables, into `analysis` within `out`, as the command does; not
            of a part, nor of more than 200,000 runs.
        overrides: Parameters of the scenario as `path=value`, for a file.
        rules: Files with rules from outside, for a file.
        progress: Told runs done (those known before among them), runs failed, and runs altogether.

    Returns:
        Points and runs, tidy, with summaries and figures. Runs that failed are rows with their reason.

    Raises:
        ScenarioError: For an experiment that is not right, or takes more memory than is free, before anything is run.
        FolderError: If the folder is taken, cannot be written, or holds another study; likewise for what is gathered.
        EngineError: If the engine cannot be had, or is gone for good.

    Warns:
        FailedRunsWarning: Where runs failed, now or in an earlier call that this one goes on with.

    >>> found = sweep("experiments/ease_of_complaining.yaml", workers=2)  # doctest: +SKIP
    >>> found.summary("retention")  # doctest: +SKIP
    """
    plan = _planned(experiment, overrides, rules)
    one = None if part is None else part_of(part)
    means = Means(out, workers, engine, dask, resume or extend or gather is not None, progress)
    if gather is not None:
        folders_in(Path(gather))  # before anything is written
    _first_point(plan)
    concluded = None if out is None or not report or one is not None else Path(out).expanduser() / ANSWER
    if concluded is not None:
        check_answer(concluded)
    fitting = affordable_workers(plan, workers, engine, dask)
    with (
        open_engine(engine, fitting, dask) as opened,  # before anything is written
        _place(out) as folder,
        _store(plan, folder, means, one, extend=extend) as store,
    ):
        if gather is not None:
            take_in(store, Path(gather), _manifest(plan, None))
        _run_all(plan, store, means, opened, one, retry_failed=retry_failed)
        store.flush()
        found = _swept(plan, store, None if out is None else Path(out))
    if concluded is not None and found.counts.done + found.counts.failed <= MOST_SHOWN:
        write_folder(found, concluded, force=True)
    warn_of_failed_runs(found.counts.failed, found.counts.planned, found.reason, most_often=True)
    return found


def _planned(
    experiment: str | Path | Experiment | ExperimentPlan, overrides: Sequence[str], rules: Sequence[RuleSource]
) -> ExperimentPlan:
    if isinstance(experiment, ExperimentPlan):
        return experiment
    if isinstance(experiment, Experiment):
        return plan_experiment(experiment, None, overrides, rules)
    return read_experiment(experiment, overrides, rules)


def _first_point(plan: ExperimentPlan) -> None:
    """Refuse a design that is too large, or has no point."""
    try:
        next(design_points(plan))
    except ScenarioError as error:
        place = "" if plan.path is None else str(plan.path)
        raise ScenarioError(problem.at(problem.place or place) for problem in error.problems) from None


@contextmanager
def _place(out: str | Path | None) -> Iterator[Path]:
    if out is not None:
        yield Path(out).expanduser()
        return
    with tempfile.TemporaryDirectory(prefix="exitvoice-sweep-") as folder:
        yield Path(folder) / "sweep"


@contextmanager
def _store(
    plan: ExperimentPlan, folder: Path, means: Means, part: PartOfDesign | None, *, extend: bool
) -> Iterator[Store]:
    """The folder of the sweep, with its points and replications planned."""
    task = plan.task()
    manifest = _manifest(plan, part)
    factors = [axis.path for axis in plan.axes]
    if extend and any((folder / name).is_file() for name in (MANIFEST, LEDGER)):
        with Store.open(folder, write=True) as store:
            _extend(plan, folder, store, manifest)
            warn_of_damage(store)
            _note_points(plan, store, part)
            yield store
        return
    try:
        with open_store(folder, manifest, factors=factors, outputs=list(task.outputs), resume=means.resume) as store:
            _note_points(plan, store, part)
            yield store
    except ResumeError as error:
        old = Store.open(folder).manifest
        if _has_only_grown(old, plan) and not _differences_beside(old, manifest):
            raise ResumeError(
                say("{error}\nthe experiment has only grown: --extend adds what is new", error=error)
            ) from None
        raise


def _manifest(plan: ExperimentPlan, part: PartOfDesign | None) -> dict[str, Any]:
    also = {STAGES: [design_size(plan)], **({} if part is None else {PART: part._asdict()})}
    return study_manifest(plan, plan.task(), SWEEP.kind, also)


def _has_only_grown(old: Mapping[str, Any], plan: ExperimentPlan) -> bool:
    """Whether the plan's experiment is the one of a manifest, or more of it."""
    try:
        before = Experiment.model_validate(old["definition"])
    except (KeyError, ValidationError):  # of another kind, or written by another version
        return False
    # both as they come back from JSON, where a date is a text
    return is_extension(before, Experiment.model_validate(plan.experiment.model_dump(mode="json")))


def _differences_beside(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """How two studies differ beside their definition."""
    return study_differences({**old, "definition": None}, {**new, "definition": None})


def _extend(plan: ExperimentPlan, folder: Path, store: Store, manifest: Mapping[str, Any]) -> None:
    """Let the study be what the experiment has grown to."""
    if not _has_only_grown(store.manifest, plan) or _differences_beside(store.manifest, manifest):
        refuse_another(folder, store.manifest, manifest)
    stages = [*store.manifest[STAGES]]
    if design_size(plan) > stages[-1]:
        stages.append(design_size(plan))
    kept = ("definition", "definition_text", "definition_sha256")
    store.update_manifest({**{key: manifest[key] for key in kept}, STAGES: stages})


def _note_points(plan: ExperimentPlan, store: Store, part: PartOfDesign | None) -> None:
    store.add_points(_points(plan, store, part))
    store.plan(plan.experiment.replications)


def _points(plan: ExperimentPlan, store: Store, part: PartOfDesign | None) -> Iterator[Point]:
    """The design's points, or a part of them; those that an extension has left behind come no more."""
    points = design_points(plan, store.manifest[STAGES][:-1])
    return (point for point in points if part is None or part.has(point))


def _run_all(
    plan: ExperimentPlan, store: Store, means: Means, engine: Engine, part: PartOfDesign | None, *, retry_failed: bool
) -> None:
    """Do what is not known: all replications at all points, then those that the stopping rule asks for."""
    counts = store.counts()
    total = counts.planned
    again = counts.failed if retry_failed else 0

    def pending(needed: Callable[[Point], range]) -> Iterator[RunOfPoint]:
        seed = plan.scenario.run.seed
        for point in _points(plan, store, part):
            for replication in needed(point):
                if not store.is_known((point.id, replication), retry_failed=retry_failed):
                    yield RunOfPoint(point.id, replication, replication_seed(seed, replication), point.values)

    def do(needed: Callable[[Point], range], runs: int, again: int = 0) -> None:
        before = store.counts()
        still_failed = before.failed - again

        def tell(done: int, failed: int, _: int) -> None:
            if means.progress is not None:
                means.progress(before.done + still_failed + done + failed, still_failed + failed, total)

        tell(0, 0, 0)
        execute(
            pending(needed),
            plan.task(),
            engine,
            limits=limits_of(plan),
            sink=store.append,
            on_progress=tell,
            total=runs,
        )
        store.flush()

    do(lambda _: range(plan.experiment.replications), counts.pending + again, again)
    if plan.experiment.stopping is not None:
        wanted = replications_wanted(plan, store)
        known = store.counts()
        extra = sum(not store.is_known((name, number)) for name, most in wanted.items() for number in range(most))
        total = known.done + known.failed + extra
        do(lambda point: range(wanted.get(point.id, 0)), extra)


def replications_wanted(plan: ExperimentPlan, store: Store) -> dict[str, int]:
    """Replications that the stopping rule asks for at each point, by Stein's two-stage rule.

    The first stage are the experiment's own `replications`. A point with fewer than two runs done stays as it is.
    """
    stopping = plan.experiment.stopping
    if stopping is None:
        return {}
    runs = store.runs()
    first = runs[(runs["status"] == DONE) & (runs["replication"] < plan.experiment.replications)]
    spread = first.groupby("point", sort=False)[stopping.output].agg(["count", "std"])
    return {
        str(name): min(stopping.at_most, replications_needed(float(row["std"]), int(row["count"]), stopping.half_width))
        for name, row in spread.iterrows()
        if row["count"] >= 2 and row["std"] == row["std"]
    }


def _swept(plan: ExperimentPlan, store: Store, folder: Path | None) -> Sweep:
    """The result of a sweep from its folder."""
    return Sweep(
        experiment=plan.experiment,
        axes=plan.axes,
        scenario=plan.scenario,
        size=len(store),
        counts=store.counts(),
        reasons=store.reasons(),
        digest=store.digest(),
        folder=folder,
        manifest=store.manifest,
        presentation=SHOWN,
        _tables=(store.points(), store.runs()) if folder is None else None,
    )
