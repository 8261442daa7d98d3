"""`sim.balance`: from a scenario file to a start from which today stays as it is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.parameters.paths import locate
from sim.parameters.plain_words import information, registry_path
from sim.parameters.timeline import get_path
from sim.results.drift import FIGURES, drift_table, judged, verdict_of
from sim.results.folder import keep_answer
from sim.results.manifest import Stopwatch
from sim.rules.reading import RuleSource
from sim.runs.evaluation import Evaluation, Progress
from sim.runs.execution.simulate import Base
from sim.runs.execution.task import DONE
from sim.runs.session import Means, open_evaluation, study_manifest
from sim.studies.balance import BALANCE, SHOWN
from sim.studies.balance.balance_plan import REPLICATIONS, ROUNDS, YEARS, BalancePlan, plan_balance
from sim.studies.balance.balanced import Balanced
from sim.studies.balance.start import next_start, paths_of
from sim.studies.balance.world import BalanceTask, output_names
from sim.vocabulary.errors import ExitVoiceError
from sim.vocabulary.files import write_whole
from sim.words import say, translated

SURE = 0.99
"""Coverage of the intervals that verdicts rest on."""


class BalanceError(ExitVoiceError):
    """So many runs failed that nothing can be said; the message gives the first reason."""


def balance(
    file: str | os.PathLike[str] | BalancePlan,
    *,
    replications: int = REPLICATIONS,
    years: int = YEARS,
    rounds: int = ROUNDS,
    warm_up: float | None = None,
    overrides: Sequence[str] | None = None,
    rules: Sequence[RuleSource] = (),
    write: str | Path | None = None,
    force: bool = False,
    out: str | Path | None = None,
    workers: int | None = None,
    engine: str = "auto",
    dask: str | None = None,
    resume: bool = False,
    report: bool = True,
    progress: Progress | None = None,
) -> Balanced:
    """Find the shares and beliefs with which a scenario begins so that today stays as it is.

    Today, without its timeline, is run for many years; a new start is made of what became of people; and so on until
    key figures stay where they are. Whether they do is then judged with luck that the search has not met.

    Args:
        file: The scenario file, or what `plan_balance` made of one; then the next six are those of the plan.
        replications: Runs with independent luck of each start.
        years: Length of the runs, instead of the scenario's own.
        rounds: Starts that are tried after the file's own, at most.
        warm_up: Years that are lived before each run, instead of the scenario's own warm-up; the new file has them too.
        overrides: Parameters of the scenario as `path=value`.
        rules: Files with rules from outside.
        write: A file for the balanced scenario, besides `balanced.yaml` in the folder.
        force: Replace that file if it is there.
        out: Folder that keeps every run, and in `analysis` within it the tables and report; nothing is written if left
            out.
        workers: Workers at a time; all processors if left out. The result does not depend on it.
        engine: `auto`, `in-process`, `spawn`, `loky` or `mpi`.
        dask: Address of a Dask scheduler.
        resume: Go on with the runs in `out`; only with the same scenario and the same question.
        report: Write `report.html`.
        progress: Called with runs done, runs failed and runs altogether.

    Raises:
        ScenarioError: If the file or an override is not right, or memory does not suffice.
        FolderError: If the folder is taken, cannot be written or holds another study.
        FileError: If the file to write is there already, is named otherwise or cannot be written.
        BalanceError: If fewer than two runs of a start were done.

    Warns:
        FailedRunsWarning: Where runs failed; they are left out.

    Example:
        >>> found = balance("scenarios/baseline.yaml", years=20)  # doctest: +SKIP
        >>> found.verdict, found.drift  # doctest: +SKIP
    """
    plan = file
    if not isinstance(plan, BalancePlan):
        plan = plan_balance(
            plan,
            replications=replications,
            years=years,
            rounds=rounds,
            warm_up=warm_up,
            overrides=overrides,
            rules=rules,
        )
    task = BalanceTask(plan.task(()), output_names(plan.scenario))
    clock = Stopwatch()
    means = Means(out=out, workers=workers, engine=engine, dask=dask, resume=resume, progress=progress)
    with open_evaluation(plan, task, BALANCE.kind, means) as evaluation:
        tried, fresh = _search(plan, evaluation)
        manifest = study_manifest(plan, task, BALANCE.kind) | clock.told() | {"engine": engine, "workers": workers}
        found = _concluded(plan, tried, fresh, evaluation, manifest)
    keep_answer(found, out, report=report)
    if write is not None:
        path = Path(write)
        write_whole(path, found.text(path.parent), (".yaml", ".yml"), force=force)
    return found


class _TriedStart:
    """A start with what came of it."""

    def __init__(self, values: dict[str, Any], rows: pd.DataFrame) -> None:
        done = rows[rows["status"] == DONE]
        if len(done) < 2:
            reason = str(rows.loc[rows["status"] != DONE, "reason"].iloc[0])
            raise BalanceError(say("too many runs failed, so that nothing can be said: {reason}", reason=reason))
        names = [figure.name for figure in FIGURES]
        runs = [
            {name: (float(row[f"first.{name}"]), float(row[f"last.{name}"])) for name in names}
            for row in done.to_dict(orient="records")
        ]
        self.values = values
        self.seen = {str(name): float(value) for name, value in done.filter(regex=r"\.").mean().items()}
        self.drift = drift_table(runs, SURE)

    @property
    def worst(self) -> pd.Series:
        """The figure that moved most, relative to how far it may."""
        excess = (self.drift["change"].abs() / self.drift["most"]).fillna(0.0)
        return self.drift.assign(excess=excess).iloc[int(excess.argmax())]

    @property
    def excess(self) -> float:
        """How far it went, over how far it may."""
        return float(self.worst["excess"])


def _search(plan: BalancePlan, evaluation: Evaluation) -> tuple[list[_TriedStart], _TriedStart]:
    """The starts that were tried, and the best of them with new luck; where none was sought, what it was run with."""
    each = plan.experiment.replications
    base = Base(plan.scenario)

    def tried(values: dict[str, Any], replications: range) -> _TriedStart:
        return _TriedStart(values, evaluation.evaluate([values], replications))

    found = [tried({}, range(each))]
    if plan.rounds == 0:
        return found, found[0]
    for _ in range(plan.rounds):
        if found[-1].excess <= 1.0:
            break
        last = found[-1]
        found.append(tried({**last.values, **next_start(base.at(last.values), last.seen)}, range(each)))
    best = min(found, key=lambda item: item.excess)
    return found, tried(best.values, range(each, 2 * each))


def _concluded(
    plan: BalancePlan,
    tried: Sequence[_TriedStart],
    fresh: _TriedStart,
    evaluation: Evaluation,
    manifest: dict[str, Any],
) -> Balanced:
    given, values = plan.as_given, dict(fresh.values)
    balanced = Base(given).at(values)
    name = say("{name}, balanced", name=given.name) if values else given.name
    balanced = balanced.model_copy(update={"name": name[:80]})
    drift = _drift(tried[0].drift, fresh.drift)
    return Balanced(
        scenario=given,
        balanced=balanced,
        base=plan.loaded.path,
        values=values if plan.loaded.scenario.run.warm_up == 0 else {"run.warm_up": given.run.warm_up, **values},
        years=plan.years,
        replications=plan.experiment.replications,
        drift=drift,
        start=_start(plan, values),
        rounds=pd.DataFrame(
            [(number, item.worst["figure"], item.worst["change"], item.excess) for number, item in enumerate(tried)],
            columns=["round", "figure", "change", "excess"],
        ),
        verdict=verdict_of(drift["verdict"]),
        runs=evaluation.asked,
        failed=evaluation.failed,
        reason=evaluation.reason,
        manifest=manifest,
        presentation=SHOWN,
    )


def _drift(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    table = after[["figure", "label", "unit"]].copy()
    for told, side in (("before", before), ("after", after)):
        table[told], table[f"{told}_low"], table[f"{told}_high"] = side["change"], side["low"], side["high"]
    table["first"], table["last"], table["most"] = after["first"], after["last"], after["most"]
    table["verdict"] = [judged(row["low"], row["high"], row["most"]) for _, row in after.iterrows()]
    order = [
        "figure",
        "label",
        "unit",
        "before",
        "before_low",
        "before_high",
        "first",
        "last",
        "after",
        "after_low",
        "after_high",
        "most",
        "verdict",
    ]
    return table[order]


def _start(plan: BalancePlan, values: dict[str, Any]) -> pd.DataFrame:
    scenario = plan.as_given
    tree, kind = scenario.model_dump(), type(scenario)
    rows = []
    for path in paths_of(scenario):
        info = information(registry_path(locate(tree, path, kind)[0]), kind)
        label, unit = (translated(info.label), translated(info.unit)) if info is not None else (path, "")
        before = float(get_path(scenario, path))
        rows.append((path, label, unit, before, float(values.get(path, before))))
    return pd.DataFrame(rows, columns=["path", "label", "unit", "before", "after"]).astype(
        {"before": np.float64, "after": np.float64}
    )
