"""Open a study: its experiment, the folder that keeps its runs, the engine that does them."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.results.failed_work import DamageWarning, warn_of_failed_runs
from sim.results.folder import check_answer
from sim.results.manifest import Stopwatch, circumstances, rules_named, scenario_hash
from sim.results.place import ANSWER, FolderError
from sim.runs.evaluation import Evaluation, InMemory, Progress, RowMemory
from sim.runs.execution.engines import open_engine
from sim.runs.execution.task import Limits, Task
from sim.runs.experiment.designs import refuse_runs
from sim.runs.experiment.experiment_changes import changed_leaves
from sim.runs.experiment.plan import ExperimentPlan
from sim.runs.experiment.points import PointValues
from sim.runs.memory import affordable_workers
from sim.runs.store.store import Store
from sim.words import say

if TYPE_CHECKING:
    import pandas as pd

MOST_SHOWN = 10


class ResumeError(FolderError):
    """A folder holds another study than the one that is to go on."""


def warn_of_damage(store: Store) -> None:
    """Tell what was found damaged when a store was opened, a warning each."""
    for problem in store.problems:
        warnings.warn(f"{store.folder}: {problem}", DamageWarning, stacklevel=2)


@dataclass(frozen=True)
class Means:
    """With what runs are done, and where they are kept.

    Attributes:
        out: Folder; None keeps runs in memory only.
        workers: Workers at a time; None for all processors.
        engine: `auto`, `in-process`, `spawn`, `loky` or `mpi`.
        dask: Address of a Dask scheduler, instead of an engine.
        resume: Go on with a folder that holds the same study.
        progress: Told runs done, runs failed, and runs asked for.
        planned: Runs that will be asked for altogether, where that is known before all of them are.
    """

    out: str | Path | None = None
    workers: int | None = None
    engine: str = "auto"
    dask: str | None = None
    resume: bool = False
    progress: Progress | None = None
    planned: int = 0

    def told(self, done: int, failed: int, asked: int) -> None:
        """Tell how far it is."""
        if self.progress is not None:
            self.progress(done, failed, max(asked, self.planned))


def study_manifest(
    plan: ExperimentPlan, task: Task, kind: str, also: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What a study is, for its folder: all that its rows depend on, and how it came about.

    Args:
        plan: The experiment on its scenario.
        task: What is done at a point.
        kind: One of the kinds of studies.
        also: Whatever else the rows or the answer depend on, such as the hash of data.
    """
    experiment, path = plan.experiment, plan.loaded.path
    file = None
    if path is not None and path.is_file():
        file = {
            "name": path.name,
            "path": Path(os.path.normpath(path)).as_posix(),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
    return {
        **circumstances(),
        "kind": kind,
        "name": experiment.name,
        "question": experiment.question,
        "definition": experiment.model_dump(mode="json"),
        "definition_text": plan.text,
        "definition_sha256": plan.sha256,
        "overrides": list(plan.overrides),
        "scenario_file": file,
        **rules_named(plan.scenario),
        "scenario": plan.scenario.model_dump(mode="json"),
        "scenario_sha256": scenario_hash(plan.scenario),
        "seed": plan.scenario.run.seed,
        "recorded": list(task.outputs),
        "began": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        **(also or {}),
    }


# What of a manifest may differ when a study goes on: circumstances, texts, and what only the scenario's hash sums up.
_FREE = {
    "version",
    "python",
    "platform",
    "git_commit",
    "packages",
    "began",
    "definition_text",
    "definition_sha256",
    "overrides",
    "scenario_file",
    "scenario_sha256",
    "store",
    "stages",
    "question",
    "program",
}


def study_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """How the study in a folder differs from the one that is asked for, a line each; nothing where rows agree.

    >>> study_differences({"seed": 1, "version": "1"}, {"seed": 2, "version": "2"})
    ['seed: 1 -> 2']
    """
    kept = [{key: value for key, value in side.items() if key not in _FREE} for side in (old, new)]
    for side in kept:
        if isinstance(side.get("definition"), dict):
            side["definition"] = {key: value for key, value in side["definition"].items() if key != "question"}
    lines = changed_leaves(*kept)
    return [line.removeprefix("definition.") for line in lines]


def refuse_another(folder: str | Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Refuse to go on with a folder that holds another study.

    Raises:
        ResumeError: With the differences, ten at most.
    """
    found = study_differences(old, new)
    if found:
        shown = [f"  {line}" for line in found[:MOST_SHOWN]]
        if len(found) > MOST_SHOWN:
            shown.append(f"  ... {say('and {more} more', more=len(found) - MOST_SHOWN)}")
        raise ResumeError(
            "\n".join(
                [
                    say("{folder}: holds another study, so it cannot go on; different (there -> now):", folder=folder),
                    *shown,
                    say("take another --out, or restore what was changed"),
                ]
            )
        )


@contextmanager
def open_store(
    folder: str | Path, manifest: Mapping[str, Any], *, factors: list[str], outputs: list[str], resume: bool
) -> Iterator[Store]:
    """The store of a study: a new folder, or with `resume` the one of an earlier call, if there is one.

    Raises:
        FolderError: If the folder is taken, or cannot be written.
        ResumeError: If it holds another study.
        StoreError: If another process writes there.
    """
    if not (resume and Path(folder).expanduser().exists()):
        with Store.create(folder, manifest=manifest, factors=factors, outputs=outputs) as store:
            yield store
        return
    with Store.open(folder, write=True) as store:
        refuse_another(folder, store.manifest, manifest)
        warn_of_damage(store)
        yield store


def limits_of(plan: ExperimentPlan) -> Limits:
    """What one run of the experiment may use."""
    limits = plan.experiment.limits
    return Limits(limits.seconds, None if limits.memory_mib is None else int(limits.memory_mib * 2**20))


@contextmanager
def open_evaluation(
    plan: ExperimentPlan, task: Task, kind: str, means: Means, also: Mapping[str, Any] | None = None
) -> Iterator[Evaluation]:
    """What does the runs of a study that asks for points as it goes: a search, an analysis.

    Args:
        plan: The experiment on its scenario.
        task: What is done at a point; its outputs are what the folder keeps.
        kind: One of the kinds of studies.
        means: Folder and engine.
        also: For the manifest: whatever else the rows depend on.

    Raises:
        FolderError: If the folder is taken, cannot be written, or holds another study.
        EngineError: If the engine cannot be had.
        ScenarioError: If the runs take more memory than is free.

    Warns:
        FailedRunsWarning: At the end, where runs failed.
    """

    @contextmanager
    def memory() -> Iterator[RowMemory]:
        if means.out is None:
            yield InMemory()
            return
        factors = [axis.path for axis in plan.axes]
        manifest = study_manifest(plan, task, kind, also)
        with open_store(means.out, manifest, factors=factors, outputs=list(task.outputs), resume=means.resume) as store:
            yield store

    if means.out is not None:
        check_answer(Path(means.out) / ANSWER)
    # the engine first: where it cannot be had, nothing is written
    workers = affordable_workers(plan, means.workers, means.engine, means.dask)
    with open_engine(means.engine, workers, means.dask) as engine, memory() as rows:
        evaluation = Evaluation(
            task,
            seed=plan.scenario.run.seed,
            limits=limits_of(plan),
            memory=rows,
            engine=engine,
            progress=means.told,
        )
        yield evaluation
        warn_of_failed_runs(evaluation.failed, evaluation.asked, evaluation.reason)


@dataclass(frozen=True)
class Done:
    """The runs of a study that asks for all its points at once.

    Attributes:
        rows: As of `Evaluation.evaluate`.
        runs: Number of different runs.
        failed: How many of them failed.
        reason: Why the first of them failed.
        manifest: What the study is, and when and with what it was done.
    """

    rows: pd.DataFrame
    runs: int
    failed: int
    reason: str
    manifest: dict[str, Any]


def do_runs(
    plan: ExperimentPlan,
    task: Task,
    kind: str,
    means: Means,
    points: Sequence[PointValues],
    also: Mapping[str, Any] | None = None,
    then: Callable[[Evaluation, pd.DataFrame], None] | None = None,
) -> Done:
    """Do all runs of a study: each point, as often as the plan's experiment says. Arguments as of `open_evaluation`.

    `then` is given the rows, and what further runs can be asked of.

    Raises:
        FolderError: If the folder is taken, cannot be written, or holds another study.
        EngineError: If the engine cannot be had.
        ScenarioError: If there are too many runs, or they take more memory than is free.

    Warns:
        FailedRunsWarning: At the end, where runs failed.
    """
    refuse_runs(plan, len(points) * plan.experiment.replications)
    clock = Stopwatch()
    manifest = study_manifest(plan, task, kind, also)
    with open_evaluation(plan, task, kind, means, also) as evaluation:
        rows = evaluation.evaluate(points, plan.experiment.replications)
        if then is not None:
            then(evaluation, rows)
    manifest |= {**clock.told(), "engine": means.engine, "workers": means.workers}
    return Done(rows, evaluation.asked, evaluation.failed, evaluation.reason, manifest)
