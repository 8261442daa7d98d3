"""What goes in comes out: rows, points, counts; repetitions, extensions, merges."""

import dataclasses
import json
import math
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sim.results.place import FolderError
from sim.results.whole_files import StoreError, waiting_name
from sim.runs.execution.task import DONE, FAILED, Row
from sim.runs.experiment.points import point
from sim.runs.store import points_table, shards
from sim.runs.store import store as module
from sim.runs.store.digest import digest_of
from sim.runs.store.store import Store
from tests.runs.store.studies import FACTORS, OUTPUTS, abandon, filled, finish, new, points, row, rows, shard_files


def same(one: Row, other: Row) -> bool:
    return repr(dataclasses.astuple(one)) == repr(dataclasses.astuple(other))


def test_rows_come_back_as_they_were(tmp_path: Path) -> None:
    filled(tmp_path / "study")
    store = Store.open(tmp_path / "study")
    expected = rows(points(12), 5)
    found = store.lookup([one.key for one in expected])
    assert list(found) != []
    assert all(same(found[one.key], one) for one in expected)
    table = store.table()
    assert list(table.columns) == [
        "number",
        "point",
        *FACTORS,
        "replication",
        "seed",
        "status",
        "reason",
        "seconds",
        *OUTPUTS,
    ]
    assert table["seed"].dtype == np.uint64
    assert table[["number", "replication"]].to_numpy().tolist() == [[at, r] for at in range(12) for r in range(5)]
    assert table["firm.culture"].tolist() == [("poor", "good")[at % 2] for at in range(12) for _ in range(5)]
    assert [int(seed) for seed in table["seed"]] == [one.seed for one in expected]
    assert table["retention"].isna().tolist() == [one.status == FAILED for one in expected]
    pd.testing.assert_frame_equal(store.runs(), table.drop(columns=["number", *FACTORS]))
    assert sum(len(batch) for batch in store.batches()) == 60
    assert store.lookup([("0" * 16, 0)]) == {}


def test_counts_and_what_is_known_include_rows_that_wait(tmp_path: Path) -> None:
    (one, two) = points(2)
    with new(tmp_path / "study") as store:
        assert store.add_points([one, two, one]) == 2
        assert store.add_points([two]) == 0
        store.plan(3)
        assert store.counts() == (6, 0, 0, 6)
        store.append([Row(one.id, 0, 1, DONE), Row(one.id, 1, 2, FAILED, "over"), Row(two.id, 7, 3, DONE)])
        assert shard_files(tmp_path / "study") == []
        for _ in range(2):
            assert store.counts() == (7, 2, 1, 4)
            assert store.is_known((one.id, 1))
            assert not store.is_known((one.id, 1), retry_failed=True)
            assert store.is_known((two.id, 7), retry_failed=True)
            assert not store.is_known((two.id, 0))
            store.flush()
        assert len(store) == 2
    assert Store.open(tmp_path / "study").counts() == (7, 2, 1, 4)


def test_a_failed_run_gives_way_to_its_repetition_and_a_done_one_to_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    filled(folder, shards=4)
    with Store.open(folder, write=True) as store:
        failed = store.counts().failed
        assert failed > 2
        again = [row(one, r, attempt=1) for one in points(12) for r in range(5)]
        store.append([dataclasses.replace(one, seconds=99.0) for one in again])
        assert store.counts() == (60, 60, 0, 0)
        store.append([Row(again[0].point, 0, 1, FAILED, "too late")])
        store.flush()
        abandon(store)
    store = Store.open(folder)
    runs = store.runs()
    assert len(runs) == 60
    assert (runs["status"] == DONE).all()
    assert (runs["seconds"] == 99.0).sum() == failed
    assert store.problems == []
    assert sum(len(pd.read_parquet(file)) for file in shard_files(folder)) == 60


def test_the_first_of_two_rows_of_a_run_stands(tmp_path: Path) -> None:
    (one,) = points(1)
    with new(tmp_path / "study") as store:
        store.add_points([one])
        first, second = (
            Row(one.id, 0, 1, DONE, outputs={"margin": 1.0}),
            Row(one.id, 0, 1, DONE, outputs={"margin": 2.0}),
        )
        store.append([first, second])
        store.flush()
        store.append([second])
        assert store.lookup([first.key])[first.key].outputs["margin"] == 1.0
        assert store.counts().done == 1


def test_missing_numbers_infinities_and_odd_texts_survive(tmp_path: Path) -> None:
    (one,) = points(1)
    with new(tmp_path / "study") as store:
        store.add_points([one])
        done = Row(one.id, 0, 2**64 - 1, DONE, outputs={"retention": math.inf, "margin": -0.0, "unasked": 5.0})
        failed = Row(one.id, 1, 0, FAILED, "bad bytes \udcff, zero \0, two\nlines, «ü»")
        store.append([done, failed])
    found = Store.open(tmp_path / "study").lookup([done.key, failed.key])
    outputs = found[done.key].outputs
    assert found[done.key].seed == 2**64 - 1
    assert outputs["retention"] == math.inf
    assert math.copysign(1.0, outputs["margin"]) == -1.0
    assert math.isnan(outputs["talk_ratio"])
    assert "unasked" not in outputs
    assert found[failed.key].reason == "bad bytes ?, zero \0, two\nlines, «ü»"


def test_rows_are_stored_after_a_while_or_when_there_are_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 10)
    now = [0.0]
    folder = tmp_path / "study"
    with new(folder, clock=lambda: now[0]) as store:
        store.add_points(points(12))
        todo = rows(points(12), 5)
        store.append(todo[:9])
        assert shard_files(folder) == []
        now[0] = 1.9
        store.append(todo[9:10])  # the tenth
        assert len(shard_files(folder)) == 1
        store.append(todo[10:11])
        now[0] = 3.8
        store.append(todo[11:12])
        assert len(shard_files(folder)) == 1
        now[0] = 3.9
        store.append([])
        assert len(shard_files(folder)) == 2
        store.append(todo[12:37])
        assert len(shard_files(folder)) == 4


def test_many_small_shards_become_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 50)
    monkeypatch.setattr(module, "SMALL", 25)
    folder = tmp_path / "study"
    most = 0
    todo = rows(points(40), 5)
    with new(folder) as store:
        store.add_points(points(40))
        for one in todo:
            store.append([one])
            store.flush()
            most = max(most, len(shard_files(folder)))
        assert most <= module.MANY + 5
        assert store.lookup([one.key for one in todo]).keys() == {one.key for one in todo}
    assert len(shard_files(folder)) <= 8
    assert max(len(pd.read_parquet(file)) for file in shard_files(folder)) <= 50
    assert sorted(path.name for path in (folder / "runs").iterdir()) == [path.name for path in shard_files(folder)]
    with new(tmp_path / "other") as other:
        other.add_points(points(40))
        other.append(todo)
        digest = other.digest()
    assert Store.open(folder).digest() == digest


def test_a_study_is_extended_without_doing_anything_again(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    filled(folder)
    digest, done, _ = finish(folder, number=20, replications=7)
    assert done == 20 * 7 - 12 * 5
    filled(tmp_path / "at once", number=20, replications=7)
    assert Store.open(tmp_path / "at once").digest() == digest
    pd.testing.assert_frame_equal(Store.open(tmp_path / "at once").table(), Store.open(folder).table())


def test_points_keep_their_types_and_columns_widen(tmp_path: Path) -> None:
    with Store.create(tmp_path / "s", manifest={}, factors=["a", "b", "c", "d", "e"], outputs=["x"]) as store:
        store.add_points([point(0, {"a": 1, "b": True, "c": "poor", "d": 1})])
        store.add_points([point(1, {"a": 2, "b": False, "c": "good", "d": 2.5}), point(2, {"a": 3})])
        frame = store.points()
        assert [str(frame[name].dtype) for name in ("number", "d")] == ["int64", "float64"]
        assert frame["a"].tolist() == [1, 2, 3]
        store.add_points([point(3, {"a": "all", "e": np.float64(2.0)})])
        frame = store.points()
        assert frame["a"].tolist() == [1, 2, 3, "all"]
        assert frame["e"].tolist()[3] == 2.0
        names = frame["point"].tolist()
        assert store.values_of(names) == {
            names[0]: {"a": 1, "b": True, "c": "poor", "d": 1.0},
            names[1]: {"a": 2, "b": False, "c": "good", "d": 2.5},
            names[2]: {"a": 3},
            names[3]: {"a": "all", "e": 2.0},
        }
        assert all(point(0, values).id == name for name, values in store.values_of(names).items())
    assert Store.open(tmp_path / "s").points()["a"].tolist() == [1, 2, 3, "all"]
    assert [path.name for path in (tmp_path / "s").iterdir() if "new" in path.name] == []


def test_a_table_of_points_that_gets_its_name_while_it_is_read_is_read(tmp_path: Path) -> None:
    """Between the look at where it is and its opening."""
    filled(tmp_path / "study")
    with Store.open(tmp_path / "study") as store:
        assert len(points_table.frame(waiting_name(store.points_file()))) == len(store.points())


def test_what_is_no_point_or_no_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="same name"):
        Store.create(tmp_path / "s", manifest={}, factors=["seed"], outputs=["x"])
    with new(tmp_path / "s") as store:
        with pytest.raises(ValueError, match="not a point"):
            store.add_points([*points(3), point(3, {"firm.desk.else": 1.0})])
        assert len(store) == 0
        with pytest.raises(ValueError, match="not a point"):
            store.append([row(points(1)[0], 0)])
        assert store.add_points(points(3)) == 3
        assert len(store.points()) == 3


def test_the_manifest_is_kept_and_extended(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    with new(folder) as store:
        assert store.manifest["name"] == "test"
        store.update_manifest({"extended": [{"points": 3, "share": float("nan")}], "store": "not this"})
    for store in (Store.open(folder), Store.open(folder, write=True)):
        assert store.manifest["extended"] == [{"points": 3, "share": None}]
        assert store.manifest["seed"] == 1
        assert store.outputs == list(OUTPUTS)
        assert store.manifest == json.loads((folder / "manifest.json").read_text())
        store.close() if store._lock else None


def test_a_folder_that_holds_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mum.txt").write_text("dear")
    with pytest.raises(FolderError, match="holds files"):
        new(tmp_path / "letters")
    filled(tmp_path / "study")
    with pytest.raises(FolderError, match="holds a study already"):
        new(tmp_path / "study")
    for other in ("letters", "nowhere"):
        for write in (False, True):
            with pytest.raises(StoreError, match="holds no study"):
                Store.open(tmp_path / other, write=write)
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["mum.txt"]
    (tmp_path / "empty").mkdir()
    new(tmp_path / "empty").close()


def test_a_result_of_a_single_run_is_no_study(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"schema_version": 1}')
    for write in (False, True):
        with pytest.raises(StoreError, match="holds no study"):
            Store.open(tmp_path, write=write)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json"]


def test_another_layout_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    with new(folder) as store:
        store.manifest["store"]["layout"] = 2
        store.update_manifest({})
    for write in (False, True):
        with pytest.raises(StoreError, match="layout 2, this program reads layout 1"):
            Store.open(folder, write=write)


def test_a_closed_store_and_a_reader_do_not_write(tmp_path: Path) -> None:
    filled(tmp_path / "study")
    before = {path: path.read_bytes() for path in (tmp_path / "study").rglob("*") if path.is_file()}
    store = Store.open(tmp_path / "study")
    for write in (store.flush, lambda: store.plan(2), lambda: store.append([]), lambda: store.add_points([])):
        with pytest.raises(StoreError, match="not open for writing"):
            write()
    store.close()
    assert {path: path.read_bytes() for path in (tmp_path / "study").rglob("*") if path.is_file()} == before


def test_the_digest_knows_neither_order_nor_shards_nor_time(tmp_path: Path) -> None:
    many = [
        Row(one.id, r, r, DONE, "", 0.5, {"margin": float(one.number + r)}) for one in points(200) for r in range(60)
    ]
    digests = []
    for number, size in enumerate((84, 492, module.MOST_WAITING + 1)):
        with new(tmp_path / str(number)) as store:
            shuffled = random.Random(number).sample(many, len(many))
            store.add_points(reversed(points(200)))
            for start in range(0, len(many), size):
                store.append(dataclasses.replace(one, seconds=float(number)) for one in shuffled[start : start + size])
                store.flush()
        digests.append(Store.open(tmp_path / str(number)).digest())
    assert len(set(digests)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"replication": 1},
        {"seed": 2},
        {"status": FAILED},
        {"reason": "x"},
        {"outputs": {"margin": math.nextafter(1, 2)}},
        {"outputs": {"retention": 1.0}},
        {"outputs": {}},
        {"point": points(2)[1].id},
    ],
)
def test_the_digest_knows_everything_else(tmp_path: Path, change: dict[str, object]) -> None:
    base = Row(points(1)[0].id, 0, 1, DONE, outputs={"margin": 1.0})
    digests = []
    for number, one in enumerate((base, dataclasses.replace(base, seconds=3.0), dataclasses.replace(base, **change))):
        with new(tmp_path / str(number)) as store:
            store.add_points(points(2))
            store.append([one])
            digests.append(store.digest())
    assert digests[0] == digests[1] != digests[2]


def test_the_digest_takes_zeros_and_missing_numbers_for_what_they_are(tmp_path: Path) -> None:
    def digest(name: str, **outputs: float) -> str:
        with new(tmp_path / name) as store:
            store.add_points(points(1))
            store.append([Row(points(1)[0].id, 0, 1, DONE, outputs=outputs)])
            return store.digest()

    odd = np.array([0xFFF8000000000001], np.uint64).view(np.float64)
    other_nan = float(odd[0])
    assert digest("a", margin=0.0, retention=math.nan) == digest("b", margin=-0.0, retention=other_nan)
    table = shards.table_of([Row("0" * 16, 0, 1, DONE)], ["x"])
    as_nan = table.set_column(len(shards.KEYS), table.field("x"), pa.chunked_array([pa.array(odd)]))
    assert as_nan.column("x").null_count == 0
    assert digest_of([table], ["x"]) == digest_of([as_nan], ["x"])
    assert digest("c", margin=math.inf) != digest("d", margin=-math.inf)


def test_a_study_without_runs_answers_too(tmp_path: Path) -> None:
    with new(tmp_path / "study") as store:
        assert store.table().empty
        assert store.points().empty
        store.add_points(points(2))
    store = Store.open(tmp_path / "study")
    assert list(store.runs().columns[:3]) == ["point", "replication", "seed"]
    assert len(store.points()) == 2
    assert store.counts() == (0, 0, 0, 0)
    assert store.seconds >= 0.0
