"""The first run on a machine compiles its stages side by side, in processes of their own.

Compiling takes one processor as long as numba takes, whatever the number of threads, for numba lets only one compile.
So a run that finds none of its compiled code on the disk starts helpers, as many as there are processors to spare.
Each compiles a part of the stages into the folder that everybody reads (`sim.kernel_folder`), and the run, which
compiles the rest, waits for a stage that a helper has in hand. A helper calls the very methods of `Simulation` with
stages that are only compiled, so that types of arguments stand nowhere twice.

Where the folder cannot be written, on one processor, and in processes that others started, nothing is started: all is
compiled where it is called. A helper that fails, or takes too long, is not waited for. It ends with the run: its
standard input ends then, and Ctrl-C reaches it like the run itself.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NoReturn

from sim.compiled import PLAIN
from sim.engine.free import usable_cores
from sim.kernel_marks import Kernel
from sim.words import say

if TYPE_CHECKING:
    from sim.kernel_folder import KernelFolder

KERNELS: Final = {
    "encounters": "encounter_stage",
    "complaint_desk": "desk_period",
    "word_of_mouth": "talk_stage",
    "movement": "movement_stage",
    "accounts": "accounts.close_period",
    "customer_types": "census.count_kinds",
}
"""The kernel of a stage of `sim.model.order.PERIOD`, and of the last look at customers, in `sim.engine.simulation`."""

_SMALL: Final = ("complaint_desk", "word_of_mouth", "accounts", "customer_types")

SHARES: Final = {
    1: (("movement", *_SMALL),),
    2: (("movement",), _SMALL),
    3: (("movement",), _SMALL, ("encounters",)),
}
"""Which stages each of so many helpers compiles, the longest first; the run itself compiles the rest."""

AFTERWARDS: Final[list[Callable[[], None]]] = []
"""Functions that compile what is called after a run: whoever has the small stages calls them too."""

HELPER: Final = "EXITVOICE_COMPILES"
"""Set in the environment of helpers, so that they start none themselves."""

PATIENCE_SECONDS: Final = 300.0

FEW: Final = 10
"""Customers of a run for which stages are compiled: types do not depend on how many there are."""

_CODE: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from sim.engine import compile_ahead; compile_ahead.compile_all(sys.argv[3:], sys.argv[2])"
)
"""What a helper runs, which must find the modules that the run finds."""

_FIRST: Final = threading.Lock()
"""Taken by the first run of a process, and never given back."""


def begin() -> None:
    """Start helpers and say so, if this is the process's first run and finds no compiled stages."""
    if PLAIN or not _FIRST.acquire(blocking=False):
        return
    if os.environ.get(HELPER) or multiprocessing.parent_process() is not None:
        return
    from sim.kernel_ready import FOLDER

    if not is_cold(FOLDER):
        return
    if sys.stderr is not None and sys.stderr.isatty():
        print(
            say(
                "The simulation is being compiled for this computer. That takes half a minute and happens once; "
                "later runs begin at once."
            ),
            file=sys.stderr,
            flush=True,
        )
    helpers = min(usable_cores() - 1, max(SHARES))
    if helpers > 0 and FOLDER.path is not None and os.access(FOLDER.path, os.W_OK) and sys.executable:
        FOLDER.made_elsewhere = _Helpers(SHARES[helpers]).have_in_hand


def is_cold(folder: KernelFolder) -> bool:
    """Whether no stage has been compiled yet."""
    return folder.path is None or not any(folder.path.glob(f"{KERNELS['movement']}-*"))


class _Helpers:
    """Processes that compile stages, and what each has in hand."""

    def __init__(self, shares: tuple[tuple[str, ...], ...]) -> None:
        self._until = time.monotonic() + PATIENCE_SECONDS
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        for stages in shares:
            afterwards = pickle.dumps(AFTERWARDS if _SMALL[0] in stages else []).hex()  # by their names
            with contextlib.suppress(OSError):  # no process to be had: compiled here
                process = subprocess.Popen(
                    [sys.executable, "-c", _CODE, json.dumps(sys.path), afterwards, *stages],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={**os.environ, HELPER: "1"},
                )
                self._processes |= {KERNELS[stage].rpartition(".")[2]: process for stage in stages}
        atexit.register(self._end)

    def have_in_hand(self, kernel: str) -> bool:
        """Whether a helper that runs will compile this kernel, or just has."""
        process = self._processes.get(kernel)
        return process is not None and process.poll() is None and time.monotonic() < self._until

    def _end(self) -> None:
        for process in set(self._processes.values()):
            with contextlib.suppress(OSError):
                process.stdin.close()  # type: ignore[union-attr]
                process.terminate()
            process.wait()


class _CompiledError(Exception):
    """A kernel is compiled, and what comes after it need not be done."""


class _CompiledOnly:
    """Stands for a kernel: a call compiles it for these arguments, and ends there."""

    def __init__(self, kernel: Kernel) -> None:
        self._dispatcher = kernel.dispatcher

    def __call__(self, *arguments: Any) -> NoReturn:
        self._dispatcher.compile(tuple(self._dispatcher.typeof_pyval(argument) for argument in arguments))
        raise _CompiledError


def compile_all(stages: list[str], afterwards: str) -> None:
    """Compile all that these stages call, and `AFTERWARDS`, into the folder of compiled code; what a helper does."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_the_run, daemon=True).start()
    from sim.kernel_ready import FOLDER

    for stage in stages:
        compile_stage(stage)
        if not FOLDER.writes:
            return
    for compile_more in pickle.loads(bytes.fromhex(afterwards)):
        compile_more()


def compile_stage(stage: str) -> None:
    """Compile what a stage calls, for the types of arguments that `Simulation` hands it."""
    import numpy as np

    from sim.engine import simulation
    from sim.engine.encounters import Found
    from sim.engine.layout import FOUND
    from sim.model.market import Market, Network, Run
    from sim.model.scenario import Scenario

    class Unborn(simulation.Simulation):
        """A run before anything was done, so that nothing is compiled for it."""

        def _populate(self) -> None: ...

        def _recounted(self) -> Any:
            return self.tallies[0].copy()

    market = Market(customers=FEW, network=Network(kind="complete"))
    run: Any = Unborn(Scenario(market=market, run=Run(periods=1)), threads=1)
    run._begin()
    run._found = Found(*(np.zeros(1, FOUND[name]) for name in Found._fields))
    module, _, name = KERNELS[stage].rpartition(".")
    where = getattr(simulation, module) if module else simulation
    kernel = getattr(where, name)
    setattr(where, name, _CompiledOnly(kernel))
    try:
        with contextlib.suppress(_CompiledError):
            getattr(run, f"_{stage}")()
    finally:
        setattr(where, name, kernel)


def _end_with_the_run() -> None:
    """Wait until the run ends, which closes this process's standard input, and end with it."""
    sys.stdin.buffer.read()
    os._exit(1)
