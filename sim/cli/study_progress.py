"""Progress of a study: runs done, rate, time left, failures; a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sim.cli import printing
from sim.words import Sentences, say, written

EVERY_SECONDS = 30.0
"""Where standard error is no terminal: how often a line is written."""

Update = Callable[[int, int, int], None]
"""Called with runs done, runs failed and runs to do altogether; those known before count as done."""


def words(done: int, failed: int, total: int, seconds: float, known: int = 0) -> str:
    """One line of progress.

    Args:
        done: Runs done or failed so far, with those known before.
        failed: Of them, failed.
        total: Runs altogether.
        seconds: Time since the start.
        known: Runs that were known before.

    >>> words(50, 1, 200, 10.0, known=10)
    '50 of 200 runs, 4.0 a second, 38 s left, 1 failed'
    >>> words(0, 0, 200, 0.0)
    '0 of 200 runs'
    """
    parts = Sentences([say("{done:,} of {total:,} runs", done=done, total=total)])
    rate = (done - known) / seconds if seconds > 0 else 0.0
    if rate > 0:
        parts += [say("{rate:.1f} a second", rate=rate), say("{time} left", time=lasting((total - done) / rate))]
    if failed:
        parts.say("{failed:,} failed", failed=failed)
    return ", ".join(parts)


def lasting(seconds: float) -> str:
    """A time in words.

    >>> lasting(38.2), lasting(150), lasting(9000)
    ('38 s', '2.5 min', '2.5 h')
    """
    if seconds < 90:
        return f"{written(seconds, '.0f')} s"
    return say("{seconds:.1f} min", seconds=seconds / 60) if seconds < 5400 else f"{written(seconds / 3600, '.1f')} h"


@contextmanager
def study_progress(*, quiet: bool) -> Iterator[Update | None]:
    """Show progress on standard error while the block runs.

    Yields:
        What to call with runs done, failed and altogether; None where nothing is to be shown.
    """
    if quiet:
        yield None
        return
    start = time.monotonic()
    known: int | None = None

    def line(done: int, failed: int, total: int) -> str:
        nonlocal known
        known = done if known is None else known
        return words(done, failed, total, time.monotonic() - start, known)

    if sys.stderr.isatty():
        with _bar(line) as update:
            yield update
    else:
        yield _lines(line)


def _lines(line: Callable[[int, int, int], str]) -> Update:
    last = time.monotonic()

    def update(done: int, failed: int, total: int) -> None:
        nonlocal last
        told = line(done, failed, total)
        if time.monotonic() - last >= EVERY_SECONDS:
            last = time.monotonic()
            print(told, file=sys.stderr, flush=True)

    return update


@contextmanager
def _bar(line: Callable[[int, int, int], str]) -> Iterator[Update]:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    with Progress(
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.description}"),
        console=printing.console(stderr=True),
        transient=True,
    ) as progress:
        task = progress.add_task("preparing", total=None)

        def update(done: int, failed: int, total: int) -> None:
            progress.update(task, completed=done, total=total, description=line(done, failed, total))

        yield update
