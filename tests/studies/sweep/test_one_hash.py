"""One hash of all rows, however they were computed."""

import json
import math
import random
import shlex
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from sim.runs.evaluation import Evaluation
from sim.runs.execution.engines import open_engine
from sim.runs.execution.execute import execute
from sim.runs.execution.task import Limits, RunOfPoint
from sim.runs.experiment.designs import design_points
from sim.runs.experiment.plan import ExperimentPlan
from sim.runs.experiment.reader import read_experiment
from sim.runs.run import replication_seed
from sim.runs.store.store import Store
from sim.studies.sweep.sweep import sweep
from tests.studies.sweep.sweeping import check, check_part, counted, do, finish, undisturbed

pytestmark = pytest.mark.filterwarnings("ignore::sim.results.failed_work.FailedRunsWarning")
"""A quarter of the experiment's runs fails, see conftest.py."""

slow = pytest.mark.slow


def test_the_reference_has_rows_of_every_kind(experiment):
    found = undisturbed(experiment())
    assert (len(found.points), len(found.runs)) == (12, 36)
    failed = found.failures
    assert len(failed) == 9
    assert (failed["firm.systems.failures.apathy.probability"] == 0.6).all()
    assert (failed["firm.systems.failures.wrong_answer.probability"] == 0.6).all()
    assert failed["reason"].str.contains("must sum to at most 1, found 1.2").all()
    done = found.runs[found.runs["status"] == "done"]
    assert done["complainers_kept"].isna().any()
    assert done["complained.total"].nunique() > 5
    assert done["satisfaction"].nunique() > 15


@pytest.mark.parametrize(
    ("engine", "workers"),
    [
        ("in-process", 2),
        ("spawn", 2),
        ("auto", 2),
        pytest.param("loky", 2, marks=slow),
        pytest.param("spawn", 1, marks=slow),
        pytest.param("spawn", 7, marks=slow),
        pytest.param("auto", 1, marks=slow),
    ],
)
def test_on_every_engine(engine, workers, experiment, tmp_path):
    file = experiment()
    found = sweep(file, out=tmp_path / "out", engine=engine, workers=workers)
    assert found.digest == undisturbed(file).digest
    check(tmp_path / "out", file)


def executed(
    plan: ExperimentPlan, folder: Path, *, chunk: int | None, backwards: bool, engine: str, workers: int
) -> str:
    """The sweep's runs into a store, in chunks and an order of our own; the digest."""
    points, task = list(design_points(plan)), plan.task()
    runs = [
        RunOfPoint(point.id, replication, replication_seed(plan.scenario.run.seed, replication), point.values)
        for point in points
        for replication in range(plan.experiment.replications)
    ]
    factors = [axis.path for axis in plan.axes]
    with Store.create(folder, manifest={}, factors=factors, outputs=list(task.outputs)) as store:
        store.add_points(points)
        with open_engine(engine, workers) as opened:
            execute(runs[::-1] if backwards else runs, task, opened, limits=Limits(), sink=store.append, chunk=chunk)
        return store.digest()


@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
@pytest.mark.parametrize("chunk", [1, 3, 1000])
@pytest.mark.parametrize(("engine", "workers"), [("in-process", 2), pytest.param("spawn", 2, marks=slow)])
def test_in_any_chunks_and_order(engine, workers, chunk, backwards, experiment, tmp_path):
    file = experiment()
    how = {"chunk": chunk, "backwards": backwards, "engine": engine, "workers": workers}
    assert executed(read_experiment(file), tmp_path / "out", **how) == undisturbed(file).digest


def interrupt_after(runs: int):
    """A progress that presses Ctrl-C when so many runs are done."""

    def progress(done: int, failed: int, total: int) -> None:
        if done >= runs:
            signal.raise_signal(signal.SIGINT)

    return progress


@pytest.mark.parametrize("luck", [1, 2, 3])
@pytest.mark.parametrize(("engine", "workers"), [("in-process", 1), ("in-process", 2)])
def test_stopped_and_resumed_several_times(engine, workers, luck, experiment, tmp_path):
    file, folder, dice = experiment(), tmp_path / "out", random.Random(luck)
    undisturbed(file)
    stops = 0
    with counted() as calls:
        for at in sorted(dice.sample(range(1, 36), 4)):
            with suppress(KeyboardInterrupt):
                sweep(file, out=folder, engine=engine, workers=workers, resume=True, progress=interrupt_after(at))
            stops += len(Store.open(folder)) and check_part(folder, file) < 36
        sweep(file, out=folder, engine=engine, workers=workers, resume=True)
    assert stops >= 2
    check(folder, file)
    if workers == 1:
        assert len(calls) == len(set(calls)) == 36  # nothing that was done is done again


def test_resuming_what_is_complete_does_nothing(experiment, tmp_path):
    file, folder = experiment(), tmp_path / "out"
    sweep(file, out=folder, engine="in-process", workers=1)
    undisturbed(file)
    with counted() as calls:
        finish(folder, file)
    assert calls == []


def test_extended_by_points(experiment, tmp_path):
    folder, grown = tmp_path / "out", experiment("0, 1, 2")
    sweep(experiment("0", name="small.yaml"), out=folder, engine="in-process", workers=1)
    sweep(experiment("0, 1", name="small.yaml"), out=folder, engine="in-process", workers=1, extend=True)
    undisturbed(grown)
    with counted() as calls:
        sweep(grown, out=folder, engine="in-process", workers=1, extend=True)
    assert len(calls) == len(set(calls)) == 12
    check(folder, grown)


def test_extended_by_replications(experiment, tmp_path):
    folder, grown = tmp_path / "out", experiment(replications=3)
    sweep(experiment(replications=1, name="small.yaml"), out=folder, engine="in-process", workers=1)
    undisturbed(grown)
    with counted() as calls:
        sweep(grown, out=folder, engine="in-process", workers=1, extend=True)
    assert len(calls) == len(set(calls)) == 24
    check(folder, grown)


def test_each_run_by_itself(experiment):
    """A fresh evaluation for every single run, last one first."""
    file = experiment()
    plan, reference = read_experiment(file), undisturbed(file)
    rows = reference.table.iloc[::-1]
    for row in rows.to_dict(orient="records"):
        alone = Evaluation(plan.task(), seed=plan.scenario.run.seed).evaluate(
            [{path: row[path] for path in reference.factors}], range(row["replication"], row["replication"] + 1)
        )
        (found,) = alone.to_dict(orient="records")
        for name in ("point", "replication", "seed", "status", "reason"):
            assert found[name] == row[name], name
        for name in reference.outputs:
            assert same_number(found[name], row[name]), (name, row)


def same_number(one: float | None, other: float | None) -> bool:
    """Whether two numbers are the same to the last bit; no number is as good as another."""
    missing = [value is None or math.isnan(value) for value in (one, other)]
    return all(missing) if any(missing) else float(one).hex() == float(other).hex()


@pytest.mark.parametrize("which", ["some", pytest.param("all", marks=slow)])
def test_each_row_again_by_the_command_that_is_printed(which, experiment, tmp_path):
    """`sim results DIR --again` prints a command; in a process of its own it gives the row's numbers, bit for bit."""
    from sim.cli.results_command import command_for

    file, folder = experiment(more="set: {firm.systems.interception_share: 0.1}"), tmp_path / "out"
    found = sweep(file, out=folder, engine="in-process", workers=2, overrides=["firm.desk.agents=30"])
    rows = found.runs.to_dict(orient="records")
    done = [row for row in rows if row["status"] == "done"]
    failed = [row for row in rows if row["status"] != "done"]
    figures = ("satisfaction", "retention", "complaint_share", "complainers_kept", "margin")
    store = Store.open(folder)
    for row in rows if which == "all" else [done[-1], failed[0]]:
        words = shlex.split(command_for(store, row["point"], row["replication"]))
        assert words[:2] == ["sim", "run"]
        out = tmp_path / "alone" / f"{row['point']}-{row['replication']}"
        status, output, errors = do(*words[1:], "--json", "--out", out, "--no-report", "--no-figures")
        if row["status"] == "failed":
            assert status == 2
            assert "must sum to at most 1, found 1.2" in errors
            assert "must sum to at most 1, found 1.2" in row["reason"]
            continue
        assert status == 0, errors
        answer = json.loads(output)["summary"]
        for name in figures:
            assert same_number(answer[name]["value"], row[name]), (name, answer[name], row)
