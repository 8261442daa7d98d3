"""How a command ends: what failed is said at the very end, also with `--quiet`, and is in the exit status."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from sim.vocabulary.exit_status import ExitStatus
from sim.words import say


def end_interrupted(interruption: KeyboardInterrupt, again: str) -> SystemExit:
    """Tell that all that was done is kept, and that the command `again` goes on; what ends this one then."""
    tell(
        say(
            "{interruption}; every run that was done is kept: {command} goes on",
            interruption=str(interruption) or say("interrupted"),
            command=again,
        )
    )
    return SystemExit(int(getattr(interruption, "exit_status", ExitStatus.INTERRUPTED)))


AnyCommand = TypeVar("AnyCommand", bound=Callable[..., Any])


class CommandEnding:
    """What of a command's work failed.

    Attributes:
        lines: What will be said, a line each.
        look: Where to find out more about failed runs, such as `sim results DIR --failed`.
    """

    def __init__(self, look: str = "") -> None:
        self.lines: list[str] = []
        self.look = look

    def failed(self, line: str) -> None:
        """Note that something of what was asked for failed: a sentence without a full stop."""
        self.add(say("error: {line}", line=line))

    def add(self, line: str) -> None:
        """Note a whole line on what failed; an empty one says that nothing did."""
        if line and line not in self.lines:
            self.lines.append(line)


@contextmanager
def ending(look: str = "") -> Iterator[CommandEnding]:
    """The work of a command: what fails within is said when it is over, and ends the program with status 1.

    Runs that failed and pages that could not be written are noted by themselves, for studies warn of them
    (`sim.results.failed_work`); other failures are noted with `CommandEnding.failed`. An error says for itself
    what is wrong.

    Args:
        look: Where to find out more about failed runs.

    Yields:
        What takes note of failures.

    Raises:
        SystemExit: With status 1 where anything failed.

    >>> with ending() as end:
    ...     print("a table")
    ...     end.failed("not converged")
    Traceback (most recent call last):
    ...
    SystemExit: 1
    """
    end = CommandEnding(look)
    try:
        with _noted(end):
            yield end
    except BrokenPipeError:
        if not end.lines:
            raise
        _close_output()
    for line in end.lines:
        tell(line)
    if end.lines:
        raise SystemExit(int(ExitStatus.FAILED))


@contextmanager
def _noted(end: CommandEnding) -> Iterator[None]:
    """Turn warnings of failed work into lines of the ending, and those of damage or memory into lines at once."""
    from sim.results.failed_work import DamageWarning, FailedRunsWarning, FailedWorkWarning
    from sim.runs.memory import MemoryNotice

    def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if issubclass(category, FailedRunsWarning) and end.look:
            end.failed(say("{message}; see: {look}", message=message, look=end.look))
        elif issubclass(category, FailedWorkWarning):
            end.failed(str(message))
        elif issubclass(category, DamageWarning | MemoryNotice):
            tell(say("warning: {message}", message=message))
        else:
            others(message, category, *where, **more)

    with warnings.catch_warnings():
        others = warnings.showwarning
        for kind in (FailedWorkWarning, DamageWarning, MemoryNotice):
            warnings.simplefilter("always", kind)
        warnings.showwarning = show
        yield


def look_into(folder: Path) -> str:
    """The command that lists the failed runs of a study's folder."""
    import shlex

    return say("sim results {folder} --failed", folder=shlex.quote(str(folder)))


def tell(line: str) -> None:
    """Print a line on standard error; where that is closed, there is nobody to tell."""
    with suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)


def interruptible(command: AnyCommand) -> AnyCommand:
    """A command that ends with its own status on Ctrl-C, on SIGTERM and where its output is no longer read.

    The command line's library would say 1 to each.
    """

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        from sim.runs.execution.signals import orderly_end

        try:
            with orderly_end(of_process=True):
                return command(*args, **kwargs)
        except KeyboardInterrupt as interruption:
            tell(say("{interruption}; nothing was written", interruption=str(interruption) or say("interrupted")))
            status = getattr(interruption, "exit_status", ExitStatus.INTERRUPTED)
        except BrokenPipeError:
            _close_output()
            status = ExitStatus.UNREAD
        raise SystemExit(int(status))

    return wrapped  # type: ignore[return-value]


def flushed(status: int) -> int:
    """The status to end with, once all output has arrived; what cannot be printed has failed.

    Args:
        status: Of the command.
    """
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _close_output()
        return status or int(ExitStatus.UNREAD)
    except OSError as error:
        _close_output()
        tell(say("error: standard output cannot be written: {strerror}", strerror=error.strerror or error))
        return status or int(ExitStatus.FAILED)
    return status


def _close_output() -> None:
    """Let nothing be printed any more, so that the interpreter's own end does not stumble over it."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
