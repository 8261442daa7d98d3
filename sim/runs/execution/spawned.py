"""A lane with a worker process of its own, started afresh by the interpreter."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing.spawn import get_executable
from typing import IO, Any, cast

from sim.runs.execution.lanes import Lane, P, T, WorkerDiedError
from sim.runs.execution.worker import THREAD_VARIABLES

START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from sim.runs.execution.worker import do_jobs; do_jobs()"
)
STOP_MESSAGE = pickle.dumps(None)


class Worker:
    """A process, and the thread of the parent that speaks with it.

    The process knows nothing of the script that started it, so scripts need no guard against being run twice. Parent
    and worker speak through the worker's standard input and output: whoever dies, the other reads the end of the
    stream. (`ProcessPoolExecutor` keeps both ends open in the parent, and so waits for ever where a worker is killed
    halfway through an answer.) Of a terminal's Ctrl-C the worker hears nothing, since it is in a session of its own.
    """

    def __init__(self) -> None:
        flags = [f"-X{key}" if value is True else f"-X{key}={value}" for key, value in sys._xoptions.items()]
        command = [os.fsdecode(get_executable() or sys.executable), *flags, "-c", START, json.dumps(sys.path)]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | dict.fromkeys(THREAD_VARIABLES, "1"),
            start_new_session=True,
        )
        self._requests, self._answers = cast(IO[bytes], self.process.stdin), cast(IO[bytes], self.process.stdout)
        self._jobs: queue.SimpleQueue[tuple[Future[Any], bytes] | None] = queue.SimpleQueue()
        self._accepting, self._writing = threading.Lock(), threading.Lock()
        self.over = False
        self._thread = threading.Thread(target=self._speak, daemon=True, name="worker")
        self._thread.start()

    def accept(self, future: Future[Any], data: bytes) -> bool:
        """Take a job, unless the process has ended."""
        with self._accepting:
            if not self.over:
                self._jobs.put((future, data))
            return not self.over

    def stop(self) -> None:
        """Tell the process, which reads also during a run."""
        self._send(STOP_MESSAGE)

    def kill(self) -> None:
        """Kill the process, which has nothing to put in order, and wait until it is gone."""
        self.process.kill()
        self.process.wait()
        self._jobs.put(None)
        self._thread.join()

    def _send(self, data: bytes) -> None:
        with self._writing, contextlib.suppress(OSError, ValueError):  # a dead worker shows where its answer is read
            self._requests.write(data)
            self._requests.flush()

    def _speak(self) -> None:
        """Hand jobs to the process and its answers to their futures, until either ends."""
        alive = True
        while alive and (job := self._jobs.get()) is not None:
            future, data = job
            if not future.set_running_or_notify_cancel():
                continue
            self._send(data)
            try:
                worked, result = pickle.load(self._answers)
            except Exception:
                alive = False
                self._fail(future)
            else:
                if worked:
                    future.set_result(result)
                else:
                    future.set_exception(result)
                del result
            del job, future, data
        with self._accepting:
            self.over = True
        while not self._jobs.empty():
            job = self._jobs.get()
            if job is not None and job[0].set_running_or_notify_cancel():
                self._fail(job[0])
        self.process.kill()
        self.process.wait()
        with self._writing, contextlib.suppress(OSError):
            self._requests.close()
        self._answers.close()

    def _fail(self, future: Future[Any]) -> None:
        self.process.kill()
        future.set_exception(WorkerDiedError(self.process.wait()))


class SpawnedLane(Lane):
    """Work is done by a process that this lane starts when it is first needed, and again whenever it has died."""

    has_workers = True

    def __init__(self) -> None:
        super().__init__()
        self._worker: Worker | None = None

    @property
    def pid(self) -> int | None:
        """Number of the worker process."""
        return None if self._worker is None else self._worker.process.pid

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Send it to the worker; the future fails with `WorkerDiedError` if the worker does not live to answer."""
        future: Future[T] = Future()
        data = pickle.dumps((fn, args, kwargs), pickle.HIGHEST_PROTOCOL)
        while self._worker is None or not self._worker.accept(future, data):
            self._worker = Worker()
        return future

    def ask_to_stop(self) -> None:
        """Let what is being done end at its next tick."""
        if self._worker is not None:
            self._worker.stop()

    def kill(self) -> None:
        """Kill the worker; the next job finds a new one."""
        if self._worker is not None:
            self._worker.kill()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the worker."""
        self.kill()
        self._worker = None
