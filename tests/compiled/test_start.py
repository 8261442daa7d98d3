"""What a start loads, and how a first one shares the work of compiling."""

import json
import os
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess, run

import numba
import pytest

from sim.compiled import PLAIN
from sim.engine import compile_ahead
from sim.engine.compile_ahead import HELPER, KERNELS, SHARES
from sim.kernel_cache import keep_compiled
from sim.kernel_folder import KernelFolder
from sim.model.order import PERIOD

pytestmark = pytest.mark.skipif(PLAIN, reason="plain Python compiles nothing")

ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., CompletedProcess[str]]

WARM = """
import gc, json, sys
from sim import kernel_ready
from sim.cli import main
how = sys.argv[2]
if how == "by numba":
    kernel_ready.find = lambda *_: None
sys.argv = ["sim", "run", "scenarios/baseline.yaml", "--replications", "1", "--no-report", "--no-figures", "-q",
            "--set", "market.customers=400", "--set", "run.periods=30", "--set", "run.settling.years=0",
            "--out", sys.argv[1]]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
modules = sorted(sys.modules)
if how != "by numba":
    print(json.dumps({"modules": modules}))
    raise SystemExit
from sim.kernel_marks import Kernel
from sim.engine.compile_ahead import KERNELS, compile_stage
kernels = {id(thing): thing for thing in gc.get_objects() if isinstance(thing, Kernel)}.values()
def compiled():
    return {kernel.__name__: len(kernel._dispatcher.overloads) for kernel in kernels
            if kernel._dispatcher is not None and kernel._dispatcher.overloads}
before = compiled()
for stage in KERNELS:
    compile_stage(stage)
print(json.dumps({"modules": modules, "before": before, "after": compiled()}))
"""


def _run(folder: Path, how: str) -> dict[str, object]:
    done = run(
        [sys.executable, "-c", WARM, str(folder / how), how], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a process has loaded after a run without report and figures, and what helpers would have compiled for it."""
    return _run(tmp_path_factory.mktemp("warm"), "by numba")


def test_a_run_that_is_ready_does_not_load_numba(tmp_path: Path) -> None:
    """Once its machine code has been called for by a run: a kind of argument that only numba knows would load it."""
    _run(tmp_path, "first")
    assert [name for name in _run(tmp_path, "again")["modules"] if name.partition(".")[0] in ("numba", "scipy")] == []
    kept = [{path.name: path.read_bytes() for path in (tmp_path / how).glob("*.csv")} for how in ("first", "again")]
    assert kept[0] == kept[1]


INTERRUPTED = """
import signal, sys
from sim.engine.simulation import Simulation
from sim.scenario.loader import load_scenario
changes = ["market.customers=4000", "run.periods=30", "run.settling.years=0"]
scenario = load_scenario("scenarios/baseline.yaml", changes).scenario
Simulation(scenario, seed=1, threads=1).run()
if sys.argv[1] == "first":
    raise SystemExit
assert "numba" not in sys.modules, "this is about code that is called without it"
def hear(*_):
    raise InterruptedError
signal.signal(signal.SIGALRM, hear)
heard = 0
for number in range(200):
    try:
        simulation = Simulation(scenario, seed=1, threads=1)
        signal.setitimer(signal.ITIMER_REAL, 0.002 + 1e-4 * (number % 50))
        simulation.run()
        signal.setitimer(signal.ITIMER_REAL, 0)
    except InterruptedError:
        heard += 1
print(heard)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs timers")
def test_a_signal_in_the_midst_of_compiled_code_ends_the_run_and_not_the_process() -> None:
    """As Ctrl-C: what it raises may not meet code that asks Python for the class of an array that it returns."""
    for how in ("first", "interrupted"):
        program = [sys.executable, "-c", INTERRUPTED, how]
        done = run(program, cwd=ROOT, capture_output=True, text=True, check=True)
    assert (int(done.stdout) > 100, done.stderr) == (True, "")


@pytest.mark.parametrize(
    "library",
    [
        *("scipy", "matplotlib", "jinja2", "mesa", "SALib", "sklearn", "IPython", "loky", "dask"),
        *("sim.plots.style", "sim.data.edge_list", "sim.data.calendar_dates"),
    ],
)
def test_a_run_without_report_and_figures_does_not_load(warm, library: str) -> None:
    assert library not in warm["modules"]


def test_a_run_makes_machine_code_of_few_functions(warm) -> None:
    """Each is read from the disk at every start. In 0.1.0 there were 118, before parts were linked 217."""
    assert sum(warm["before"].values()) <= 24


def test_helpers_compile_for_the_types_of_a_run(warm) -> None:
    """Else a run would wait for a helper in vain, and then compile the same once more."""
    named = [kernel.rpartition(".")[2] for kernel in KERNELS.values()]
    assert {kernel: warm["after"][kernel] for kernel in named} == dict.fromkeys(named, 1)


def test_every_stage_is_given_to_one_helper_at_most() -> None:
    for helpers, shares in SHARES.items():
        given = [stage for share in shares for stage in share]
        assert len(shares) == helpers
        assert len(set(given)) == len(given)
        assert set(given) <= set(KERNELS)
    assert set(KERNELS) <= {*PERIOD, "customer_types"}


def _plus(x, y):
    return x + y


def _kept(folder: KernelFolder):
    fresh = numba.njit(_plus)
    keep_compiled(fresh, folder)
    return fresh


@pytest.fixture
def folder(here: Path, monkeypatch: pytest.MonkeyPatch) -> KernelFolder:
    monkeypatch.setenv("EXITVOICE_CACHE_DIR", str(here / "cache"))
    return KernelFolder(lambda: f"kernels-{1:016x}")


def test_what_a_helper_has_in_hand_is_waited_for(folder: KernelFolder, here: Path) -> None:
    _kept(folder)(1, 2)
    (entry,) = [path for path in folder.path.iterdir() if path.name.startswith("_plus")]
    shutil.move(entry, here / "not yet")
    asked = []

    def made(function: str) -> bool:
        asked.append(function)
        if len(asked) == 3:
            shutil.move(here / "not yet", entry)
        return len(asked) < 3

    folder.made_elsewhere = made
    again = _kept(folder)
    assert again(3, 4) == 7
    assert sum(again.stats.cache_hits.values()) == 1
    assert asked == ["_plus"] * 3


def test_what_a_helper_did_not_make_is_compiled_here(folder: KernelFolder) -> None:
    answers = iter([True, True, False])
    folder.made_elsewhere = lambda _: next(answers)
    function = _kept(folder)
    assert function(3, 4) == 7
    assert sum(function.stats.cache_misses.values()) == 1


def test_a_folder_is_cold_until_a_stage_is_in_it(folder: KernelFolder) -> None:
    assert compile_ahead.is_cold(folder)
    folder.write("movement_stage-00", "x", b"x")
    assert not compile_ahead.is_cold(folder)


@pytest.fixture
def first(folder: KernelFolder, monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[str, ...], ...]]:
    """A process that has done nothing yet on four processors, and the helpers that it starts: none, but noted."""
    started: list[tuple[tuple[str, ...], ...]] = []

    class Noted:
        def __init__(self, shares: tuple[tuple[str, ...], ...]) -> None:
            started.append(shares)

        def have_in_hand(self, kernel: str) -> bool:
            return False

    monkeypatch.setattr("sim.kernel_ready.FOLDER", folder)
    monkeypatch.setattr(compile_ahead, "_FIRST", threading.Lock())
    monkeypatch.setattr(compile_ahead, "_Helpers", Noted)
    monkeypatch.setattr(compile_ahead, "usable_cores", lambda: 4)
    monkeypatch.setattr(compile_ahead.multiprocessing, "parent_process", lambda: None)
    monkeypatch.delenv(HELPER, raising=False)
    return started


def test_the_first_run_starts_helpers_once_and_says_why_one_waits(first, monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    compile_ahead.begin()
    compile_ahead.begin()
    assert first == [SHARES[3]]
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "happens once" in said


@pytest.mark.parametrize("why", ["warm", "one processor", "a helper itself", "a worker", "cannot be written"])
def test_no_helper_is_started_where_it_would_not_help(first, folder, monkeypatch, why: str) -> None:
    if why == "warm":
        folder.write("movement_stage-00", "x", b"x")
    elif why == "one processor":
        monkeypatch.setattr(compile_ahead, "usable_cores", lambda: 1)
    elif why == "a helper itself":
        monkeypatch.setenv(HELPER, "1")
    elif why == "a worker":
        monkeypatch.setattr(compile_ahead.multiprocessing, "parent_process", object)
    else:
        monkeypatch.setattr(compile_ahead.os, "access", lambda *_: False)
    compile_ahead.begin()
    assert first == []


def test_a_helper_ends_with_the_run(monkeypatch) -> None:
    """Its standard input ends then, however the run ended."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    code = "import time; from sim.engine import compile_ahead as it; it.compile_stage = time.sleep; "
    code += "it.compile_all([3600], '')"
    done = run([sys.executable, "-c", code], cwd=ROOT, input=b"", timeout=300, check=False)
    assert done.returncode == 1


def test_a_helper_that_has_ended_is_not_waited_for(monkeypatch) -> None:
    monkeypatch.setattr(compile_ahead.sys, "executable", sys.executable + " that is not there")
    lost = compile_ahead._Helpers((("movement",),))
    assert not lost.have_in_hand("movement_stage")
    lost._end()
