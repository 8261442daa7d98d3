"""The other end of a spawned worker: reads jobs from standard input, writes what came of them.

The worker ends by itself as soon as its input ends, which the operating system brings about whenever and however the
parent goes, even amid a long run.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import threading
from typing import Any, BinaryIO

from sim.kernel_folder import NOTICE_GIVEN
from sim.runs.execution.chunk import STOP
from sim.runs.execution.guard import OwnProcess

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMBA_NUM_THREADS",
)
"""What libraries read to know how many threads to start: one in a worker, so that workers do not fight over cores."""


def become_a_worker() -> None:
    """Make this process a worker: one thread a library; Ctrl-C and notices are the parent's business."""
    for name in (*THREAD_VARIABLES, NOTICE_GIVEN):
        os.environ[name] = "1"
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    OwnProcess.yes = True


def _read(source: BinaryIO, jobs: queue.SimpleQueue[Any]) -> None:
    """Take messages as they come, also during a run: a job, None for stop; the end of input ends the process."""
    while True:
        try:
            message = pickle.load(source)
        except (EOFError, OSError, pickle.UnpicklingError):
            os._exit(0)
        except BaseException as error:  # a job that cannot be unpacked here: say so in place of its answer
            jobs.put(error)
            continue
        if message is None:
            STOP.set()
        else:
            STOP.clear()
            jobs.put(message)


def do_jobs() -> None:
    """Do one job after the other.

    A job is (function, arguments, named arguments); its answer is (whether it worked, result or error).
    """
    become_a_worker()
    # What tasks print must not get between the answers, and they must not read the parent's messages.
    source, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    jobs: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(source, jobs), daemon=True).start()
    while True:
        job = jobs.get()
        if isinstance(job, BaseException):
            _answer(answers, False, job)
            continue
        function, arguments, named = job
        try:
            result = function(*arguments, **named)
        except Exception as error:
            _answer(answers, False, error)
        else:
            _answer(answers, True, result)


def _answer(answers: BinaryIO, worked: bool, result: Any) -> None:
    try:
        data = pickle.dumps((worked, result), pickle.HIGHEST_PROTOCOL)
        if not worked:
            pickle.loads(data)  # some errors can be packed but not unpacked
    except Exception:
        data = pickle.dumps((False, RuntimeError(f"{type(result).__name__}: {result}")))
    with contextlib.suppress(BrokenPipeError):
        answers.write(data)
        answers.flush()
