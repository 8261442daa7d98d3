"""Compiled code that is called without numba: the same arguments go to the same code, and all else goes to numba."""

import pickle
import sys
import threading
import weakref
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, count
from pathlib import Path

import numba
import numpy as np
import pytest

from sim import compiled, kernel_cache, kernel_ready
from sim.kernel_cache import keep_compiled
from sim.kernel_folder import KernelFolder
from sim.kernel_marks import Kernel
from sim.kernel_ready import Ready, UnplainError, find, kind_of

pytestmark = pytest.mark.skipif(compiled.PLAIN, reason="plain Python has no compiled code to keep")

Pair, Other = namedtuple("Pair", "one two"), namedtuple("Other", "one two")
RECORD = np.dtype([("a", "f8"), ("b", "i4")])
SHIFTED = np.dtype({"names": ["a", "b"], "formats": ["f8", "i4"], "offsets": [0, 12], "itemsize": 16})
INNER = np.dtype([("a", "f8", (5,)), ("b", "i4")])


def _read_only() -> np.ndarray:
    array = np.zeros(3)
    array.flags.writeable = False
    return array


VALUES = (
    *(True, 1, -1, 2.0, np.float32(2), np.uint8(1), np.int64(1), np.float64(1), np.uint64(1), np.bool_(True)),
    *(np.zeros(3), np.zeros(3, np.float32), np.zeros(3, np.int64), np.zeros((2, 3)), np.zeros((2, 3), order="F")),
    *(np.zeros((4, 4))[::2, ::2], _read_only(), np.zeros(0), np.zeros(3, bool)),
    *(np.zeros(2, kind) for kind in (RECORD, SHIFTED, INNER, np.dtype(RECORD.descr, align=True))),
    *((1, 2), (1, 2.0), (1,), Pair(1, 2), Other(1, 2), Pair(np.zeros(3), 2), Pair(_read_only(), 2), ((1, 2), 3)),
)


def test_what_numba_tells_apart_is_told_apart() -> None:
    """Else code for other types would read memory that is not there."""
    for one, other in combinations(VALUES, 2):
        if numba.typeof(one) != numba.typeof(other):
            assert kind_of(one) != kind_of(other), (one, other)
        if kind_of(one) != kind_of(other):
            assert seen_in(one) != seen_in(other), (one, other)


def seen_in(value: object) -> list[object]:
    seen: list[object] = []
    kernel_ready._look((value,), seen)
    return seen


def test_a_context_is_seen_again_as_it_was_seen() -> None:
    """It is told by where it lies, so nothing else may come to lie there; a large one is let go."""
    contexts = [Pair(np.zeros(3, kind), number) for kind in ("f8", "f4", RECORD) for number in (1, 2.0)]
    contexts += [Other(np.zeros(3), 1), Pair(np.zeros((3, 1)), 1), Pair(_read_only(), 1), Pair(contexts[0], 1)]
    first = [seen_in(each) for each in contexts]
    assert [seen_in(each) for each in contexts] == first
    assert [seen_in(type(each)(*each)) for each in contexts] == first
    for _ in range(2 * kernel_ready._MOST_CONTEXTS):
        for number, kind in enumerate(("f8", "f4")):
            assert seen_in(Pair(np.zeros(3, kind), 1)) == first[2 * number]
    assert len(kernel_ready._CONTEXTS) <= kernel_ready._MOST_CONTEXTS


def test_no_array_of_many_people_is_held() -> None:
    many, few = np.zeros(100_000), np.zeros(3)
    watched = [weakref.ref(many), weakref.ref(few)]
    for context in (Pair(many, 1), Pair(many[:3], 1), Pair(Other(many, few), 1)):
        for _ in range(2):
            seen_in(context)
    seen_in(Pair(few, 1))
    del many, few, context
    assert [each() is None for each in watched] == [True, False]


@pytest.mark.parametrize("value", ["text", [1], {1: 2}, 2**63, np.ma.zeros(3), None, len, 1j, np.recarray(2, RECORD)])
def test_what_is_not_plain_is_left_to_numba(value: object) -> None:
    with pytest.raises(UnplainError):
        kind_of(value)
    with pytest.raises(UnplainError):
        seen_in(value)


def _halves(values, lowest):
    made = np.zeros(values.size)
    for i in range(values.size):
        made[i] = max(0.5 * values[i], lowest)
    return made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KernelFolder:
    monkeypatch.setenv("EXITVOICE_CACHE_DIR", str(tmp_path))
    own = KernelFolder(lambda: f"kernels-{2:016x}")
    if own.path is None:
        pytest.skip("the folders of the tests are not private")
    monkeypatch.setattr(kernel_ready, "FOLDER", own)
    monkeypatch.setattr(kernel_ready, "_KNOWN", {})
    return own


def _kernel(folder: KernelFolder) -> Kernel:
    from sim.kernel_compiler import compile_kernel

    def compile_here(function, *, inlined):
        made = compile_kernel(function, inlined=inlined)
        keep_compiled(made, folder)
        return made

    return Kernel(_halves, inlined=False, compiler=lambda: compile_here, found=compiled._found, kept=compiled._kept)


def _never() -> None:
    raise AssertionError("numba was asked for")


def test_what_was_called_is_ready(folder: KernelFolder) -> None:
    """Arrays that it makes included; they are numba's own otherwise."""
    by_numba = _kernel(folder)(np.arange(3.0), 0.25)
    again = Kernel(_halves, inlined=False, compiler=_never, found=compiled._found, kept=compiled._kept)
    for _ in range(3):
        assert again(np.arange(3.0), 0.25).tolist() == by_numba.tolist() == [0.25, 0.5, 1.0]
    assert again.once_called((np.arange(3.0), 0.25))(np.arange(4.0), 1.0).tolist() == [1.0, 1.0, 1.0, 1.5]
    with pytest.raises(AssertionError, match="numba was asked for"):
        again(np.arange(3), 0.25)


def test_what_numba_has_compiled_is_called_without_it_too(folder: KernelFolder) -> None:
    """To look at the arguments takes numba longer."""
    here = _kernel(folder)
    assert here(np.arange(3.0), 0.25).tolist() == [0.25, 0.5, 1.0]
    here._dispatcher = _never
    assert here(np.arange(3.0), 0.25).tolist() == [0.25, 0.5, 1.0]


def test_what_numba_has_read_from_its_own_entry_is_ready_the_next_time(folder: KernelFolder, monkeypatch) -> None:
    """A helper has compiled it, say; and a worker that is to have one thread calls it."""
    for number in range(2):
        assert _kernel(folder)(np.arange(3.0), 0.25).tolist() == [0.25, 0.5, 1.0]
        [ready] = folder.path.glob("ready-*")  # type: ignore[union-attr]
        if number == 0:
            ready.unlink()
            kernel_ready._KNOWN.clear()
    monkeypatch.setenv("NUMBA_NUM_THREADS", "1")
    kernel_ready._KNOWN.clear()
    again = Kernel(_halves, inlined=False, compiler=_never, found=compiled._found, kept=compiled._kept)
    assert again(np.arange(3.0), 0.25).tolist() == [0.25, 0.5, 1.0]


@pytest.mark.parametrize(
    ("constant", "plain"),
    [(np.dtype("i4"), True), (np.dtype([("a", "f8")]), False), (np.dtype("O"), False), (3, False)],
)
def test_types_of_numbers_may_stand_in_code_that_is_ready(constant: object, plain: bool) -> None:
    """Also such as were read from the disk, of which NumPy does not say that they are built in."""
    assert kernel_cache._is_number(constant) == kernel_cache._is_number(pickle.loads(pickle.dumps(constant))) == plain


def test_other_types_are_kept_as_well(folder: KernelFolder) -> None:
    here = _kernel(folder)
    for values in (np.arange(3.0), np.arange(3), np.arange(3.0)):
        assert here(values, 0.25).tolist() == [0.25, 0.5, 1.0]
    assert len(list(folder.path.glob("ready-*"))) == 2  # type: ignore[union-attr]


def test_one_thread_compiles_while_others_call(folder: KernelFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a page is served."""
    monkeypatch.setattr(kernel_ready, "_KNOWN", {(_never, number): None for number in range(20_000)})
    _kernel(folder)(np.arange(3.0), 0.25)
    done = threading.Event()

    def call(first: int) -> None:
        for number in count(first):
            function = (_halves, _never)[number % 2]
            assert kernel_ready.ready_for(function, (np.zeros(3, f"V{number % 1000 + 1}"), 0.25)) is None
            if done.is_set():
                return

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(3) as pool:
            callers = [pool.submit(call, 300 * first) for first in range(3)]
            try:
                for _ in range(50):
                    kernel_ready.keep(_halves, (np.arange(3.0), 0.25), Ready(b"", "", (), (), ()))
            finally:
                done.set()
    finally:
        sys.setswitchinterval(before)
    assert [each.exception() for each in callers] == [None] * 3


def test_a_damaged_entry_is_as_good_as_none(folder: KernelFolder) -> None:
    _kernel(folder)(np.arange(3.0), 0.25)
    (entry,) = folder.path.glob("ready-*")  # type: ignore[union-attr]
    entry.write_bytes(entry.read_bytes()[:-1])
    assert find(_halves, (kind_of(np.arange(3.0)), kind_of(0.25))) is None
    assert not entry.exists()


def test_code_that_refers_to_what_is_not_there_is_not_loaded(folder: KernelFolder, monkeypatch) -> None:
    """The linker would end the process."""
    _kernel(folder)(np.arange(3.0), 0.25)
    loads = kernel_ready.pickle.loads
    strange = lambda packed: Ready(*loads(packed))._replace(names=("no_such_function_anywhere",))  # noqa: E731
    monkeypatch.setattr(kernel_ready.pickle, "loads", strange)
    assert find(_halves, (kind_of(np.arange(3.0)), kind_of(0.25))) is None


def test_what_nobody_needs_any_more_is_held_up_to_a_size() -> None:
    """As the ties of a small world are, of which each of many runs makes its own."""
    size = kernel_ready._MOST_HELD // 2
    for _ in range(3 * kernel_ready._MOST_TOGETHER // size):
        seen_in(Pair(np.zeros(size, np.uint8), 1))
        held = sum(kernel_ready._held(value) for value, _ in kernel_ready._CONTEXTS.values())
        assert held == kernel_ready._TOGETHER[0] <= kernel_ready._MOST_TOGETHER
