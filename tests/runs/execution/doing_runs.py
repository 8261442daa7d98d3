"""How tests do runs: with an end in sight, and a look at what is left behind."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable
from typing import Any

import psutil

from sim.runs.execution.engines import Engine, open_engine
from sim.runs.execution.execute import execute
from sim.runs.execution.task import Limits, Row, RunOfPoint, Task

LONGEST = 600.0


def do(engine: Engine, runs: Iterable[RunOfPoint], task: Task, limits: Limits | None = None, **more: Any) -> list[Row]:
    """The rows, in the order of arrival; an error if that takes for ever."""
    rows: list[Row] = []
    late = threading.Event()
    timer = threading.Timer(LONGEST, late.set)
    timer.daemon = True
    timer.start()
    try:
        execute(runs, task, engine, limits=limits or Limits(), sink=rows.extend, stop=late, **more)
    finally:
        timer.cancel()
    assert not late.is_set(), f"still at it after {LONGEST} s, with {len(rows)} rows"
    return rows


def done_with(
    kind: str, workers: int | None, runs: Iterable[RunOfPoint], task: Task, limits: Limits | None = None, **more: Any
):
    with open_engine(kind, workers) as engine:
        rows = do(engine, runs, task, limits, **more)
    assert not workers_left(), workers_left()
    return rows


def plain(rows: Iterable[Row]) -> list[tuple[Any, ...]]:
    """Rows as they may be compared, sorted; twins stay, so that a doubled row shows."""
    return sorted(
        (
            row.point,
            row.replication,
            row.seed,
            row.status,
            row.reason,
            tuple((name, "nan" if math.isnan(value) else value.hex()) for name, value in row.outputs.items()),
        )
        for row in rows
    )


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def is_worker(process: psutil.Process) -> bool:
    try:
        line = " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False
    return is_alive(process) and ("sim.runs.execution.worker" in line or "popen_loky_posix" in line)


def workers_of(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [child for child in process.children(recursive=True) if is_worker(child)]
    except psutil.NoSuchProcess:
        return []


def left(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Which of some processes are still there after some time."""
    until = time.monotonic() + seconds
    while (found := [process for process in processes if is_alive(process)]) and time.monotonic() < until:
        time.sleep(0.02)
    return found


def workers_left(seconds: float = 10.0) -> list[psutil.Process]:
    """Workers of this process that are still there after some time."""
    return left(workers_of(psutil.Process()), seconds)
