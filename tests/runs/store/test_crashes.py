"""The process ends, is interrupted, or the disk is full, at any moment: nothing stored is lost, doubled or torn."""

import errno
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.results.whole_files import StoreError
from sim.runs.store import store as module
from sim.runs.store.store import Store
from tests.runs.store.studies import abandon, filled, finish, points, row, rows, shard_files

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
POINTS, REPLICATIONS = 14, 6


class KilledError(BaseException):
    """Stands for the end of the process."""


@contextmanager
def disk(before: Callable[[str, Any], None]) -> Iterator[None]:
    """Call something before each operation that changes the disk."""
    places = [(os, "fsync"), (os, "write"), (os, "ftruncate"), (Path, "replace"), (Path, "unlink")]
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in places:
            real = getattr(owner, name)

            def watched(*arguments: Any, _name: str = name, _real: Any = real, **options: Any) -> Any:
                before(_name, arguments)
                return _real(*arguments, **options)

            patch.setattr(owner, name, watched)
        yield


# Of all operations, every fourth by default; together with where they begin, the tests meet each kind of operation.
EVERY = pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)], ids=["some", "all"])


def work(folder: Path, on_stored: Callable[[Store], None] = lambda _: None) -> None:
    """Everything that a store does: go on, extend, plan, store, repeat what failed, merge."""
    with Store.open(folder, write=True) as store:
        work_with(store, on_stored)


def work_with(store: Store, on_stored: Callable[[Store], None] = lambda _: None) -> None:
    store.add_points(points(POINTS))
    store.plan(REPLICATIONS)
    store.update_manifest({"extended": True})
    for start in range(0, POINTS, 5):
        todo = [one for one in rows(points(POINTS)[start : start + 5], REPLICATIONS) if not store.is_known(one.key)]
        store.append(todo)
        store.flush()
        on_stored(store)
    failed = [
        one for one in points(POINTS) for r in range(REPLICATIONS) if not store.is_known((one.id, r), retry_failed=True)
    ]
    store.append([row(one, r, attempt=1) for one in failed[:4] for r in range(REPLICATIONS)])
    store.flush()
    on_stored(store)


def operations(folder: Path) -> int:
    """How many operations the work takes."""
    count = [0]

    def before(*_: Any) -> None:
        count[0] += 1

    with disk(before):
        work(folder)
    return count[0]


def check_plain(folder: Path) -> pd.DataFrame:
    """What a reader sees who knows nothing of the ledger: no row twice, and each as it must be."""
    seen = pd.DataFrame(columns=["point", "replication"])
    if files := shard_files(folder):
        seen = pd.concat([pd.read_parquet(file, columns=["point", "replication"]) for file in files])
    assert not seen.duplicated(["point", "replication"]).any()
    return seen


def check(folder: Path, least: int) -> None:
    plain = len(check_plain(folder))
    reader = Store.open(folder)
    assert reader.problems == []
    counts = reader.counts()
    assert least <= counts.done + counts.failed
    assert plain <= counts.done + counts.failed
    assert len(reader.table()) == counts.done + counts.failed
    expected = {(one.point, one.replication): one.seed for one in rows(points(POINTS), REPLICATIONS)}
    runs = reader.runs()
    found = dict(zip(zip(runs["point"], runs["replication"], strict=True), runs["seed"], strict=True))
    assert found.items() <= expected.items()


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("start") / "study"
    filled(folder)
    return folder


@pytest.fixture(scope="module")
def steps(start: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    folder = tmp_path_factory.mktemp("steps") / "study"
    shutil.copytree(start, folder)
    found = operations(folder)
    assert found > 40
    return found


def complete(folder: Path, digest: str) -> None:
    """Do the work once more from the beginning, and the failed runs again: all is as if never interrupted."""
    with Store.open(folder, write=True) as store:
        assert store.problems == []
        work_with(store)
        again = [row(one, r, attempt=1) for one in points(POINTS) for r in range(REPLICATIONS)]
        with Store.open(folder) as reader:
            assert reader.problems == []
        store.append(again)
    final = Store.open(folder)
    assert final.problems == []
    assert final.counts() == (POINTS * REPLICATIONS, POINTS * REPLICATIONS, 0, 0)
    assert final.digest() == digest
    assert len(check_plain(folder)) == POINTS * REPLICATIONS
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        "points.parquet",
        "ledger.jsonl",
        "runs",
        "lock",
    }


@pytest.fixture(scope="module")
def all_done(start: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("all") / "study"
    shutil.copytree(start, folder)
    with Store.open(folder, write=True) as store:
        store.add_points(points(POINTS))
        store.append([row(one, r, attempt=1) for one in points(POINTS) for r in range(REPLICATIONS)])
        return store.digest()


def test_a_file_is_on_the_disk_before_the_ledger_and_the_ledger_before_its_name(start: Path, tmp_path: Path) -> None:
    """What a computer that loses power depends on, and no kill shows."""
    folder = tmp_path / "study"
    shutil.copytree(start, folder)
    seen: list[tuple[str, str]] = []

    def before(name: str, arguments: Any) -> None:
        what = arguments[0]
        path = Path(f"/proc/self/fd/{what}").readlink() if isinstance(what, int) else what
        seen.append((name, path.suffix or path.name))

    with Store.open(folder, write=True) as store:
        store.add_points(points(POINTS))
        store.append([one for one in rows(points(POINTS), REPLICATIONS) if not store.is_known(one.key)])
        with disk(before):
            store.flush()
    assert seen == [
        ("fsync", ".new"),
        ("fsync", "runs"),
        ("write", ".jsonl"),
        ("fsync", ".jsonl"),
        ("replace", ".new"),
    ]


@EVERY
def test_killed_before_each_operation(start: Path, steps: int, all_done: str, tmp_path: Path, every: int) -> None:
    """From the chosen operation on nothing reaches the disk; what was not yet forced to it is half there."""
    for step in range(0, steps, every):
        folder = tmp_path / str(step)
        shutil.copytree(start, folder)
        count, stored = [0], [60]

        def before(name: str, arguments: Any, step: int = step, count: list[int] = count) -> None:
            count[0] += 1
            if count[0] <= step:
                return
            if count[0] == step + 1 and name == "fsync":
                size = os.fstat(arguments[0]).st_size
                path = Path(f"/proc/self/fd/{arguments[0]}").readlink()
                if path.name.endswith(".new"):
                    os.truncate(path, size // 2)
            raise KilledError

        store = None
        with disk(before), suppress(KilledError):
            store = Store.open(folder, write=True)
            work_with(store, lambda store, stored=stored: stored.append(sum(store.counts()[1:3])))
            store.close()
        if store is not None:
            abandon(store)
        check(folder, least=stored[-1])
        complete(folder, all_done)


@EVERY
def test_interrupted_before_each_operation(start: Path, steps: int, all_done: str, tmp_path: Path, every: int) -> None:
    """Ctrl-C strikes, the store is closed in order: what was handed over is stored."""
    for step in range(1 % every, steps, every):
        folder = tmp_path / str(step)
        shutil.copytree(start, folder)
        count = [0]

        def before(*_: Any, step: int = step, count: list[int] = count) -> None:
            count[0] += 1
            if count[0] == step + 1:
                raise KeyboardInterrupt

        with disk(before), suppress(KeyboardInterrupt):
            work(folder)
        check(folder, least=60)
        complete(folder, all_done)


def test_a_reader_beside_a_writer_sees_whole_rows_at_each_operation(start: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(start, folder)
    stored, looked, inside = [60], [0], [False]

    def before(*_: Any) -> None:
        if not inside[0]:
            inside[0] = True
            check(folder, least=stored[-1])
            looked[0] += 1
            inside[0] = False

    with disk(before):
        work(folder, lambda store: stored.append(sum(store.counts()[1:3])))
    assert looked[0] > 40


@EVERY
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "for good"])
def test_disk_full_at_each_operation(
    start: Path, steps: int, all_done: str, tmp_path: Path, lasting: bool, every: int
) -> None:
    for step in range((2 + lasting) % every, steps, every):
        folder = tmp_path / str(step)
        shutil.copytree(start, folder)
        count, stored, hit = [0], [60], [False]

        def before(
            name: str, arguments: Any, step: int = step, count: list[int] = count, hit: list[bool] = hit
        ) -> None:
            count[0] += 1
            if name in ("fsync", "write") and count[0] > step and (lasting or not hit[0]):
                hit[0] = True
                if name == "write" and arguments[0] > 2:
                    os.pwrite(arguments[0], bytes(arguments[1][:9]), os.lseek(arguments[0], 0, os.SEEK_CUR))
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        said = None
        with disk(before):
            try:
                work(folder, lambda store, stored=stored: stored.append(sum(store.counts()[1:3])))
            except StoreError as error:
                said = error
        if hit[0] and said is not None:
            assert "No space left on device; all runs that were stored before are safe" in str(said)
        check(folder, least=stored[-1])
        complete(folder, all_done)


def test_a_full_disk_that_gets_room_again_loses_nothing(start: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(start, folder)
    full = [True]

    def before(name: str, _: Any) -> None:
        if full[0] and name == "fsync":
            raise OSError(errno.ENOSPC, "No space left on device")

    with Store.open(folder, write=True) as store:
        store.add_points(points(POINTS))
        with disk(before):
            store.append(rows(points(POINTS), REPLICATIONS))
            for _ in range(3):
                with pytest.raises(StoreError, match="No space left"):
                    store.flush()
            full[0] = False
            store.flush()
    check(folder, least=POINTS * REPLICATIONS)


def test_what_does_not_fit_as_a_whole_leaves_no_part(
    start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST", 10)
    folder = tmp_path / "study"
    shutil.copytree(start, folder)
    files = []

    def before(name: str, arguments: Any) -> None:
        if name == "fsync" and Path(f"/proc/self/fd/{arguments[0]}").readlink().suffix == ".new":
            files.append(arguments)
            if len(files) == 3:
                raise OSError(errno.ENOSPC, "No space left on device")

    with Store.open(folder, write=True) as store:
        store.add_points(points(POINTS))
        store.append([one for one in rows(points(POINTS), REPLICATIONS) if not store.is_known(one.key)])
        with disk(before), pytest.raises(StoreError, match="No space left"):
            store.flush()
        assert len(files) == 3
        assert sorted((folder / "runs").iterdir()) == shard_files(folder)
    check(folder, least=POINTS * REPLICATIONS)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs to mount a small file system")
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", small], capture_output=True)
    if mounted.returncode:
        pytest.skip("this system does not let us mount")
    try:
        filled(small / "study")
        stored: list[int] = []

        def fill() -> None:
            with Store.open(small / "study", write=True) as store:
                store.add_points(points(400))
                for replication in range(100):
                    store.append([row(one, replication) for one in points(400)])
                    store.flush()
                    stored.append(sum(store.counts()[1:3]))

        with pytest.raises(StoreError, match="No space left on device"):
            fill()
        reader = Store.open(small / "study")
        assert reader.problems == []
        assert 60 < stored[-1] <= len(reader.runs())
        shutil.copytree(small / "study", tmp_path / "roomy")
        assert finish(tmp_path / "roomy", 400, 100)[1] == 40_000 - stored[-1]
    finally:
        subprocess.run(["umount", small], check=True)


KILLER = """
    import os, random, signal, sys, time
    from pathlib import Path
    from sim.runs.store import store as module
    from sim.runs.store.store import Store
    from studies import new, points, row

    folder, times, luck = Path(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
    module.MOST_WAITING, module.LARGEST, module.SMALL, module.MANY = 7, 300, 150, 6
    design = points(400)
    with new(folder) as store:
        store.add_points(design[:200])
        store.plan(10)

    def child(pipe):
        with Store.open(folder, write=True) as store:
            os.write(pipe, b"0\\n")
            store.add_points(design)
            for replication in range(10):
                for one in design:
                    if not store.is_known((one.id, replication)):
                        store.append([row(one, replication)])
                        if not store._waiting:
                            counts = store.counts()
                            os.write(pipe, f"{counts.done + counts.failed}\\n".encode())

    for _ in range(times):
        ours, theirs = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(ours)
            child(theirs)
            os._exit(0)
        os.close(theirs)
        os.read(ours, 2)
        time.sleep(luck.uniform(0.0, 0.25))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        with os.fdopen(ours) as pipe:
            said = [int(line) for line in pipe.read().splitlines(keepends=True) if line.endswith("\\n")]
        reader = Store.open(folder)
        assert reader.problems == [], reader.problems
        runs = reader.runs()
        assert len(runs) >= max(said, default=0), (len(runs), said[-1])
        assert not runs.duplicated(["point", "replication"]).any()
        print(len(runs), flush=True)

    with Store.open(folder, write=True) as store:
        assert store.problems == []
        store.add_points(design)
        store.append(one for point in design for replication in range(10)
                     if not store.is_known((one := row(point, replication)).key))
    print(Store.open(folder).digest())
"""


def killed(folder: Path, times: int, seed: int) -> list[str]:
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(KILLER), str(folder), str(times), str(seed)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(HERE)])},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("times", [10, pytest.param(50, marks=pytest.mark.slow)], ids=["10 times", "50 times"])
def test_killed_at_random_moments(tmp_path: Path, times: int) -> None:
    *rows_after_each, digest = killed(tmp_path / "study", times, seed=times)
    grown = [int(count) for count in rows_after_each]
    assert len(grown) == times
    assert grown == sorted(grown)
    assert grown[0] < grown[-1]
    filled(tmp_path / "never killed", number=400, replications=10)
    assert Store.open(tmp_path / "never killed").digest() == digest
