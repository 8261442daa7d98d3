"""What ends a run amid compiled code, and what is left of threads when an execution ends badly."""

import os
import signal
import threading
import time

import pytest

from sim.runs.execution.engines import open_engine
from sim.runs.execution.execute import execute
from sim.runs.execution.signals import Interrupted
from sim.runs.execution.task import Limits, RunOfPoint

RUNS = [RunOfPoint(f"p{number}", 0, 1, {"x": float(number)}) for number in range(4)]


class Disguised:
    """Runs for ever, and turns what ends it into another error, as compiled code does with a raising signal handler."""

    outputs = ("x",)

    def __call__(self, values, seed, tick):
        try:
            while True:
                tick()
                time.sleep(0.005)
        except BaseException as error:
            raise SystemError("<compiled function> returned a result with an exception set") from error


class LastForever:
    """The first run is short, the others tick for ever."""

    outputs = ("x",)

    def __call__(self, values, seed, tick):
        while values["x"] > 0:
            tick()
            time.sleep(0.005)
        return {"x": 0.0}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_over_its_time_says_so_whatever_comes_out_of_it(workers):
    rows = []
    with open_engine("in-process", workers) as engine:
        execute(RUNS[:2], Disguised(), engine, limits=Limits(seconds=0.2), sink=rows.extend)
    assert [row.reason for row in rows] == ["took longer than 0.2 s"] * 2


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_run_is_no_failed_row_whatever_comes_out_of_it(workers):
    rows = []
    timer = threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGINT))
    with open_engine("in-process", workers) as engine:
        timer.start()
        with pytest.raises(Interrupted):
            execute(RUNS, Disguised(), engine, limits=Limits(), sink=rows.extend)
    timer.join()
    assert rows == []


def test_no_thread_goes_on_when_the_sink_cannot_take_a_row():
    """A thread at work amid the interpreter's end can bring the process down (a full disk ended with SIGABRT so)."""

    def sink(rows):
        raise OSError("no space left")

    with open_engine("in-process", 3) as engine, pytest.raises(OSError, match="no space left"):
        execute(RUNS, LastForever(), engine, limits=Limits(), sink=sink)
    assert [thread for thread in threading.enumerate() if thread.name == "runs"] == []
