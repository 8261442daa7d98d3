"""Compiled code is kept between starts, and whatever becomes of the folder, programs give the same results."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numba
import numpy as np
import pytest

from sim import compiled, kernel_cache
from sim.kernel_cache import KernelCache, keep_compiled
from sim.kernel_folder import NOTICE_GIVEN, KernelFolder, _head

pytestmark = pytest.mark.skipif(compiled.PLAIN, reason="plain Python has no compiled code to keep")

Start = Callable[..., CompletedProcess[str]]
NAME = f"kernels-{1:016x}"
FROM_DISK, COMPILED = "[0, 5, 0] 1\n", "[0, 5, 0] 0\n"

posix = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no owners and modes here")


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def zeroed(data: bytes) -> bytes:
    return bytes(len(data))


def flipped(data: bytes) -> bytes:
    """Changed in one bit amid the machine code."""
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 0x10]) + data[len(data) // 2 + 1 :]


class Bomb:
    """Whoever unpacks it makes a folder."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self):
        return os.mkdir, (str(self.trace),)


def said(done: CompletedProcess[str]) -> int:
    """How many notices there are, and nothing else."""
    lines = done.stderr.splitlines()
    assert all(line.startswith("note: compiled code is not kept on disk") for line in lines), done.stderr
    return len(lines)


# --- a package's kernel, from start to start --------------------------------------------------------------------------


def test_the_second_start_takes_the_code_from_the_disk_in_silence(start: Start, cache: Path) -> None:
    before = files_in(cache)
    assert before
    done = start()
    assert (done.stdout, done.stderr) == (FROM_DISK, "")
    assert files_in(cache) == before


@pytest.mark.parametrize("damage", [cut, zeroed, flipped])
def test_damaged_files_are_found_and_made_again_in_silence(
    start: Start, cache: Path, damage: Callable[[bytes], bytes]
) -> None:
    whole = {path: path.read_bytes() for path in files_in(cache)}
    for path, data in whole.items():
        path.write_bytes(damage(data))
    done = start()
    assert (done.stdout, done.stderr) == (COMPILED, "")
    assert files_in(cache) == sorted(whole)
    assert all(path.read_bytes() != damage(data) for path, data in whole.items())


def test_nothing_is_unpacked_that_is_not_known_to_be_ours(start: Start, cache: Path, here: Path) -> None:
    for path in files_in(cache):
        path.write_bytes(pickle.dumps(Bomb(here / "trace")))
    assert start().stdout == COMPILED
    for path in files_in(cache):
        head = path.read_bytes()[: len(_head("", b""))]
        path.write_bytes(head + pickle.dumps(Bomb(here / "trace")))
    assert start().stdout == COMPILED
    assert not (here / "trace").exists()
    assert start().stdout == FROM_DISK


# --- folders that cannot be used --------------------------------------------------------------------------------------

THREE = """
import os, shutil, sys
from pathlib import Path
import numpy as np
from sim.compiled import atomic_add, atomic_add_2d
counts, table = np.zeros(3, np.int64), np.zeros((2, 2), np.int64)
atomic_add(counts, 1, 5)
{obstacle}
atomic_add_2d(table, 1, 1, 7)
atomic_add(counts, np.uint32(2), 6)
print(counts.tolist(), table.tolist())
"""
OBSTACLES = {
    "gone": "shutil.rmtree(os.environ['EXITVOICE_CACHE_DIR'])",
    "a file": "shutil.rmtree(os.environ['EXITVOICE_CACHE_DIR']); Path(os.environ['EXITVOICE_CACHE_DIR']).touch()",
    "full": "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))",
    "closed": """
folder = next(Path(os.environ['EXITVOICE_CACHE_DIR']).iterdir())
folder.chmod(0o000)
if os.geteuid() == 0:
    os.chown(folder, 65534, 65534)
    os.setuid(65534)
""",
}


@posix
@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_a_folder_that_fails_amid_a_run_costs_one_notice_and_no_result(start: Start, here: Path, obstacle: str) -> None:
    done = start(THREE.format(obstacle=OBSTACLES[obstacle]))
    assert done.stdout == "[0, 5, 6] [[0, 0], [0, 7]]\n"
    assert said(done) == 1
    assert not list(here.rglob("*.part"))


@posix
def test_a_full_folder_is_still_read(start: Start, cache: Path, addition: str) -> None:
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))"
    done = start(full + addition)
    assert (done.stdout, said(done)) == (FROM_DISK, 0)


def test_a_file_in_the_place_of_the_folder_costs_one_notice(start: Start, here: Path) -> None:
    (here / "cache").write_text("")
    done = start(THREE.format(obstacle=""), env={"TMPDIR": str(here)})
    assert done.stdout == "[0, 5, 6] [[0, 0], [0, 7]]\n"
    assert said(done) == 1
    assert files_in(here) == [here / "cache"]


def test_nothing_is_put_where_another_user_was_first(start: Start, shared: Path) -> None:
    """What was found: the folder to fall back on lay in the shared temporary one, and anyone could make its parent."""
    temporary = shared / "tmp"
    temporary.mkdir()
    temporary.chmod(0o1777)
    taken = temporary / f"exitvoice-{os.getuid()}"
    taken.mkdir(mode=0o777)
    taken.chmod(0o777)
    os.chown(taken, 65534, 65534)
    done = start(env={"EXITVOICE_CACHE_DIR": "", "HOME": str(shared / "none"), "TMPDIR": str(temporary)})
    assert list(taken.iterdir()) == []
    assert (done.stdout, said(done)) == (COMPILED, 1)


@posix
def test_code_that_others_could_have_put_there_is_not_run(start: Start, cache: Path, here: Path) -> None:
    cache.chmod(0o777)
    done = start(env={"TMPDIR": str(here)})
    assert (done.stdout, said(done)) == (COMPILED, 1)
    assert "can be written to by others" in done.stderr


@posix
def test_the_workers_of_a_study_say_nothing_of_their_own(start: Start, here: Path) -> None:
    (here / "cache").mkdir()
    (here / "cache").chmod(0o777)
    code = """
from sim.runs.execution.engines import open_engine
from sim.runs.execution.execute import execute
from sim.runs.execution.task import Limits, RunOfPoint
from tests.compiled.adding import Adding
rows = []
with open_engine("spawn", 2) as engine:
    runs = [RunOfPoint(f"p{n}", 0, n, {"x": float(n)}) for n in range(4)]
    execute(runs, Adding(), engine, limits=Limits(), sink=rows.extend)
print(sorted(row.outputs["total"] for row in rows))
"""
    done = start(code, env={"TMPDIR": str(here)})
    assert done.stdout == "[0.0, 1.0, 2.0, 3.0]\n"
    assert said(done) == 1


# --- numba's side -----------------------------------------------------------------------------------------------------


def plus(x, y):
    return x + y


def times(x, y):
    return x * y


@pytest.fixture
def folder(here: Path, monkeypatch: pytest.MonkeyPatch) -> KernelFolder:
    monkeypatch.setenv("EXITVOICE_CACHE_DIR", str(here / "cache"))
    monkeypatch.setenv(NOTICE_GIVEN, "")
    return KernelFolder(lambda: NAME)


def kept(function, folder: KernelFolder):
    """A fresh compilation of a function, as a new start makes it."""
    fresh = numba.njit(function)
    keep_compiled(fresh, folder)
    return fresh


def hits(function) -> int:
    return sum(function.stats.cache_hits.values())


def test_each_combination_of_types_is_an_entry(folder: KernelFolder) -> None:
    first = kept(plus, folder)
    assert (first(1, 2), first(1.5, 2.0)) == (3, 3.5)
    assert hits(first) == 0
    assert folder.path is not None
    assert len(files_in(folder.path)) == 2
    second = kept(plus, folder)
    assert (second(1, 2), second(1.5, 2.0), second(np.arange(2), 1).tolist()) == (3, 3.5, [1, 2])
    assert hits(second) == 2
    assert second.stats.cache_path == str(folder.path)


def test_the_entry_of_another_function_or_other_types_is_never_taken(folder: KernelFolder) -> None:
    kept(plus, folder)(3, 4)
    kept(times, folder)(3, 4)
    kept(plus, folder)(3.0, 4.0)
    assert folder.path is not None
    files = files_in(folder.path)
    entries = [path.read_bytes() for path in files]
    for path, entry in zip(files, entries[1:] + entries[:1], strict=True):
        path.write_bytes(entry)
    again = kept(plus, folder), kept(times, folder)
    assert [function(3, 4) for function in again] == [7, 12]
    assert again[0](3.0, 4.0) == 7.0
    assert [hits(function) for function in again] == [0, 0]


@pytest.mark.parametrize(
    "content", [b"not packed at all", pickle.dumps(None), pickle.dumps((None, ())), pickle.dumps(((), (1, 2, 3)))]
)
def test_an_entry_that_is_whole_and_yet_of_no_use_is_made_again(folder: KernelFolder, content: bytes) -> None:
    function = kept(plus, folder)
    types = (numba.types.int64, numba.types.int64)
    entry, identity = function._cache._entry(types, function.targetctx)
    folder.write(entry, identity, content)
    assert function(1, 2) == 3
    assert hits(function) == 0
    again = kept(plus, folder)
    assert (again(1, 2), hits(again)) == (3, 1)


def test_a_function_that_is_compiled_again_on_request_is_not_taken_from_the_disk(folder: KernelFolder) -> None:
    kept(plus, folder)(1, 2)
    function = kept(plus, folder)
    function(1, 2)
    function.recompile()
    assert function(1, 2) == 3
    assert sum(function.stats.cache_misses.values()) == 1


def test_closures_are_compiled_at_each_start(folder: KernelFolder) -> None:
    def adding(number):
        def add(x):
            return x + number

        return kept(add, folder)

    assert (adding(1)(1), adding(2)(1)) == (2, 3)
    assert folder.path is not None
    assert files_in(folder.path) == []


def test_a_numba_without_the_known_place_compiles_and_says_so(
    folder: KernelFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(kernel_cache, "_PLACE", None)
    assert [kept(function, folder)(3, 4) for function in (plus, times)] == [7, 12]
    assert capsys.readouterr().err.count("has no known place for it") == 1


def test_code_that_cannot_be_packed_is_used_and_that_is_said(
    folder: KernelFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr(kernel_cache.compiler.CompileResult, "_reduce")
    assert [kept(function, folder)(3, 4) for function in (plus, times)] == [7, 12]
    assert capsys.readouterr().err.count("cannot be packed: AttributeError") == 1


def test_only_functions_of_this_package_are_kept() -> None:
    assert not isinstance(compiled.kernel(plus).dispatcher._cache, KernelCache)
    assert isinstance(compiled.atomic_add.dispatcher._cache, KernelCache)


def test_numbas_own_settings_are_left_alone(start: Start) -> None:
    done = start("import numba, sim.compiled; print(repr(numba.config.CACHE_DIR))")
    assert done.stdout == "''\n"
