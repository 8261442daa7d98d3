"""What of the work that was asked for failed: a warning to whoever calls from Python, a line and a status to others."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.words import plural, say


class FailedWorkWarning(UserWarning):
    """Something of what was asked for failed; the rest was done. The command line ends with status 1."""


class FailedRunsWarning(FailedWorkWarning):
    """Some runs failed."""


class DamageWarning(UserWarning):
    """A folder that goes on held something damaged; the runs that were lost with it are done again."""


LONGEST_REASON = 1000


def one_line(error: BaseException) -> str:
    r"""An error as the reason of a row.

    >>> one_line(ValueError("no\n   such thing")), one_line(KeyError())
    ('ValueError: no such thing', 'KeyError')
    """
    try:
        text = " ".join(str(error).split())
    except Exception:
        text = say("(its message cannot be shown)")
    name = type(error).__name__
    line = f"{name}: {text}" if text else name
    return line if len(line) <= LONGEST_REASON else f"{line[: LONGEST_REASON - 1]}…"


def failed_runs_told(failed: int, total: int, reason: str, *, most_often: bool = False) -> str:
    """The sentence on failed runs.

    Args:
        failed: How many.
        total: Of how many that were asked for.
        reason: Why one of them failed.
        most_often: Whether it is the most frequent reason, else that of the first.

    >>> failed_runs_told(4, 16, "took longer than 1 s")
    '4 of 16 runs failed; the first: took longer than 1 s'
    >>> failed_runs_told(1, 1, "MemoryError", most_often=True)
    '1 of 1 run failed; most often: MemoryError'
    """
    if most_often:
        return plural(
            "{failed:,} of {n:,} run failed; most often: {reason}",
            "{failed:,} of {n:,} runs failed; most often: {reason}",
            total,
            failed=failed,
            reason=reason,
        )
    return plural(
        "{failed:,} of {n:,} run failed; the first: {reason}",
        "{failed:,} of {n:,} runs failed; the first: {reason}",
        total,
        failed=failed,
        reason=reason,
    )


def warn_of_failed_runs(failed: int, total: int, reason: str, *, most_often: bool = False) -> None:
    """Warn of failed runs, where there are any; arguments as of `failed_runs_told`."""
    if failed:
        warnings.warn(FailedRunsWarning(failed_runs_told(failed, total, reason, most_often=most_often)), stacklevel=3)


@contextmanager
def besides_the_tables(path: Path) -> Iterator[None]:
    """Write what only shows the tables: figures, a page. Where that fails, it is left out, and a warning says so.

    Hours of simulation are not thrown away for a figure that cannot be drawn.

    Args:
        path: The file or folder that the block writes.

    >>> with warnings.catch_warnings(record=True, action="always") as told, besides_the_tables(Path("figures")):
    ...     raise ValueError("no such colour")
    >>> str(told[0].message)
    'figures could not be written: ValueError: no such colour'
    """
    try:
        yield
    except Exception as error:
        shutil.rmtree(path, ignore_errors=True)
        with suppress(OSError):
            path.unlink(missing_ok=True)
        message = say("{name} could not be written: {error}", name=path.name, error=one_line(error))
        warnings.warn(FailedWorkWarning(message), stacklevel=3)
