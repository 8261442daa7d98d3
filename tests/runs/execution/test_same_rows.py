"""The same rows on every engine, for any chunks and any order; bad runs are rows, and the others go on."""

import tracemalloc

import pytest

from sim.model.market import Market, Run
from sim.model.scenario import Scenario
from sim.runs.execution.engines import EngineError, EngineWarning, open_engine
from sim.runs.execution.execute import Pace, execute
from sim.runs.execution.simulate import SimulationTask
from sim.runs.execution.task import Limits, Row, RunOfPoint
from tests.runs.execution.bad_tasks import Mischief, Nothing, Sums, Unpicklable, runs_of
from tests.runs.execution.doing_runs import do, done_with, plain

ENGINES = [("in-process", 2), ("spawn", 1), ("spawn", 2), ("spawn", 7), ("auto", 2), ("auto", 1)]
RUNS = runs_of(60)
REFERENCE = plain(done_with("in-process", 1, RUNS, Sums()))


def test_the_reference_is_what_the_task_says():
    task = Sums()
    assert len(REFERENCE) == 60
    for run in RUNS:
        outputs = task(run.values, run.seed, lambda: None)
        expected = tuple((name, float(outputs[name]).hex()) for name in task.outputs)
        assert (run.point, run.replication, run.seed, "done", "", expected) in REFERENCE


@pytest.mark.parametrize(("kind", "workers"), ENGINES)
def test_same_rows_on_every_engine(kind, workers):
    assert plain(done_with(kind, workers, RUNS, Sums())) == REFERENCE


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_same_rows_in_any_chunks_and_order(chunk):
    with open_engine("spawn", 2) as engine:
        assert plain(do(engine, reversed(RUNS), Sums(), chunk=chunk)) == REFERENCE
        assert plain(do(engine, iter(RUNS), Sums(), chunk=chunk)) == REFERENCE


def test_same_rows_of_simulations():
    scenario = Scenario(market=Market(customers=200), run=Run(periods=4))
    task = SimulationTask(("retention", "satisfaction", "revenue"), {(): scenario})
    runs = [RunOfPoint(f"p{ease}", r, 2**63 + r, {"firm.desk.ease": ease}) for ease in (0.5, 2.0) for r in range(3)]
    runs.append(RunOfPoint("wrong", 0, 1, {"voice.complain_share": 2.0}))
    reference = plain(done_with("in-process", 1, runs, task))
    assert [row[3] for row in reference] == ["done"] * 6 + ["failed"]
    for kind, workers in (("in-process", 2), ("spawn", 2), ("loky", 2), ("auto", 2)):
        assert plain(done_with(kind, workers, runs, task)) == reference, kind


def test_no_runs_no_rows_no_workers():
    assert done_with("spawn", 2, [], Nothing()) == []


BAD = {
    "raises": "ValueError: this is wrong",
    "leaves": "SystemExit: 3",
    "wrong": "ValueError: the run returned without x and with y, z",
    "text": "ValueError: could not convert string to float: 'no number'",
    "forever": "took longer than 1 s",
}
UNRULY = {
    "deaf": "took longer than 1 s",
    "eats": "needed more memory than 100 MiB",
    "eats_much": "needed more memory than 100 MiB",
    "dies": "its worker died (signal 9) three times",
    "exits": "its worker died (exit status 7) three times",
}
HARMLESS = ("says", "reads", "nan")


def bad_runs(kinds):
    return [RunOfPoint(kind, 0, 1, {"x": 100.0 + n, "do": kind}) for n, kind in enumerate(kinds)]


def check_bad(rows, expected, harmless, good):
    by_point = {row.point: row for row in rows}
    assert len(rows) == len(by_point) == len(expected) + len(harmless) + good
    assert {name: (by_point[name].status, by_point[name].reason) for name in expected} == {
        name: ("failed", reason) for name, reason in expected.items()
    }
    assert all(by_point[name].outputs == {} for name in expected)
    assert sum(row.status == "done" for row in rows) == good + len(harmless)


@pytest.mark.parametrize(("kind", "workers"), [("in-process", 1), ("in-process", 2), ("auto", 2)])
def test_bad_runs_are_rows_in_process(kind, workers):
    runs = bad_runs([*BAD, "nan"])
    rows = done_with(kind, workers, [*runs_of(10), *runs, *runs_of(20)[10:]], Mischief(), Limits(seconds=1.0), chunk=4)
    check_bad(rows, BAD, ["nan"], 20)


def test_the_main_thread_ends_a_run_that_does_not_tick():
    [row] = done_with("in-process", 1, bad_runs(["deaf"]), Mischief(), Limits(seconds=1.0))
    assert row.reason == UNRULY["deaf"]


@pytest.mark.parametrize("chunk", [None, 50])
def test_bad_runs_are_rows_in_workers_and_their_neighbours_survive(chunk, tmp_path):
    runs = bad_runs([*BAD, *UNRULY, *HARMLESS])
    limits = Limits(seconds=1.0, memory=100 * 2**20)
    task = Mischief(str(tmp_path))
    rows = done_with("spawn", 2, [*runs_of(10), *runs, *runs_of(20)[10:]], task, limits, chunk=chunk)
    check_bad(rows, BAD | UNRULY, HARMLESS, 20)
    deadly = tmp_path / f"{next(run.values['x'] for run in runs if run.point == 'dies'):g}"
    assert len(deadly.read_text().splitlines()) in (3, 4)  # once in company, at most


def test_a_run_that_cannot_be_ended_is_ended_with_its_worker(monkeypatch):
    monkeypatch.setattr("sim.runs.execution.execute.GRACE_SECONDS", 1.0)
    rows = done_with("spawn", 2, [*bad_runs(["stubborn"]), *runs_of(9)], Mischief(), Limits(seconds=1.0), chunk=5)
    check_bad(rows, {"stubborn": "took longer than 1 s"}, [], 9)


def test_auto_goes_to_workers_where_runs_do_not_tick_and_time_is_limited():
    with open_engine("auto", 2) as engine:
        rows = do(engine, [*runs_of(3), *bad_runs(["deaf"]), *runs_of(9)[3:]], Mischief(), Limits(seconds=1.0))
        assert engine.chosen == "spawn"
    check_bad(rows, {"deaf": "took longer than 1 s"}, [], 9)


def test_auto_stays_in_process_for_a_small_study():
    with open_engine("auto", 2) as engine:
        do(engine, RUNS, Sums(), Limits(seconds=5.0))
        assert engine.chosen == "in-process"


def test_auto_goes_to_workers_where_threads_wait_for_each_other(monkeypatch):
    monkeypatch.setattr("sim.runs.execution.engines.STARTING_SECONDS", 0.1)
    with open_engine("auto", 2) as engine:  # sleeping counts as waiting here: no processor time is spent
        rows = do(engine, RUNS, Sums(0.02), total=60, chunk=1)
        assert engine.chosen == "spawn"
    assert plain(rows) == REFERENCE


def test_auto_goes_to_workers_after_the_first_run_where_much_is_left_that_ticks():
    with open_engine("auto", 2) as engine:
        rows = do(engine, RUNS[:3], Sums(), total=10**6, chunk=1)
        assert engine.chosen == "spawn"
    assert set(plain(rows)) <= set(REFERENCE)


def test_where_memory_cannot_be_limited_it_is_said():
    with open_engine("in-process", 1) as engine, pytest.warns(EngineWarning, match="cannot limit the memory"):
        do(engine, RUNS[:2], Nothing(), Limits(memory=2**30))


def test_a_task_that_cannot_be_sent_is_one_clear_error():
    with open_engine("spawn", 1) as engine, pytest.raises(Exception, match="cannot be sent to workers: not this one"):
        do(engine, RUNS, Unpicklable())
    with open_engine("auto", 2) as engine:
        assert len(do(engine, RUNS, Unpicklable())) == 60


@pytest.mark.parametrize(
    "asked", [("threads", 2, None), ("spawn", 0, None), ("dask", 1, None), ("spawn", 1, "tcp://x")]
)
def test_wrong_engines_are_refused(asked):
    with pytest.raises(EngineError), open_engine(*asked):
        pass


def test_what_the_sink_raises_ends_it_and_no_row_comes_twice():
    rows = []

    def sink(found):
        rows.extend(found)
        if len(rows) > 10:
            raise OSError("no space")

    with open_engine("spawn", 2) as engine:
        with pytest.raises(OSError, match="no space"):
            execute(RUNS, Sums(0.01), engine, limits=Limits(), sink=sink, chunk=2)
        assert plain(rows) == sorted(set(plain(rows)))
        rest = [run for run in RUNS if run.key not in {row.key for row in rows}]
        assert plain(rows + do(engine, rest, Sums())) == REFERENCE


def test_chunks_grow_to_half_a_second_and_shrink_towards_the_end():
    pace, left, sizes = Pace(None), 40, []
    while left:
        sizes.append(pace.size(left))
        left -= sizes[-1]
        pace.note([Row("p", 0, 1, "done", seconds=0.0625)] * sizes[-1])
    assert sizes == [1, 2, 4, 8, 8, 8, 5, 2, 1, 1]
    assert Pace(7).size(1) == 7
    assert Pace(None).size(-3) == 1


def test_runs_are_taken_as_they_are_needed_and_progress_adds_up():
    taken, told = 0, []

    def runs():
        nonlocal taken
        for taken, run in enumerate(runs_of(2000), 1):  # noqa: B007
            yield run

    def progress(done, failed, in_flight):
        told.append((done, failed, in_flight))
        assert taken <= done + failed + in_flight <= 2000
        assert in_flight <= 2 * 256

    rows = done_with("in-process", 2, runs(), Nothing(), on_progress=progress)
    assert len(rows) == 2000
    assert told[-1] == (2000, 0, 0)
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


def test_memory_stays_flat():
    """A list of the runs or rows of this test would take more than 20 MB."""
    task, limits, count = Nothing(), Limits(), 0
    runs = (RunOfPoint(f"point {n}", 0, n, {"x": float(n)}) for n in range(50_000))

    def sink(rows):
        nonlocal count
        count += len(rows)

    tracemalloc.start()
    try:
        with open_engine("in-process", 2) as engine:
            execute(runs, task, engine, limits=limits, sink=sink)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 50_000
    assert most < 5e6
