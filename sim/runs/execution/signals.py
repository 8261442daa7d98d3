"""Ending in order: Ctrl-C and SIGTERM stop the handing out of runs, keep what is done, and then raise."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from sim.words import say


class Interrupted(KeyboardInterrupt):
    """The user, or the system, asked for an end; what was done until then is kept.

    Attributes:
        exit_status: 130 after Ctrl-C, 143 after SIGTERM: 128 and the signal's number, as shells have it.

    >>> Interrupted(signal.SIGTERM).exit_status
    143
    """

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__(say("interrupted") if number == signal.SIGINT else say("terminated"))
        self.exit_status = 128 + int(number)


class _OrderlyEnd:
    """What signals do inside `orderly_end`."""

    def __init__(self) -> None:
        self.begun = False
        self._again = 0

    def heard(self, number: int, frame: FrameType | None) -> None:
        if not self.begun:
            self.begun = True
            raise Interrupted(number)
        self._again += 1
        if self._again > 1:
            os._exit(128 + number)


@contextmanager
def orderly_end(*, of_process: bool = False) -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does: `Interrupted`, with status 143 or 130.

    While the block is being left for that reason (workers end, rows are written), one more signal is passed over, since
    people press twice; after a third the process ends on the spot. Outside the main thread, where no handler can be
    set, this does nothing.

    Args:
        of_process: The process ends next. Once interrupted, it passes over whatever comes after the block: a signal
            amid the interpreter's own end would replace the exit status.

    >>> with orderly_end():
    ...     pass
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    end = _OrderlyEnd()
    before = {number: signal.signal(number, end.heard) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if of_process and end.begun else handler)


class Listener:
    """Takes Ctrl-C, and SIGTERM inside `orderly_end`, while runs are done.

    The first one is noted, the second raises `Interrupted` at once, but never amid a `whole` block. Handlers that the
    application has set for itself are left alone.

    Args:
        wake: Called when something was noted; must be safe in a signal handler.

    Attributes:
        number: The signal that was noted, or None.
        noting: Whether a first signal is noted; until then, nothing being in flight, it raises like the second.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self.number: int | None = None
        self.noting = False
        self._wake = wake
        self._again = self._whole = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Listener:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                handler = signal.getsignal(number)
                if handler is signal.default_int_handler or isinstance(getattr(handler, "__self__", None), _OrderlyEnd):
                    self._before[number] = handler
                    signal.signal(number, self._heard)
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            end = getattr(handler, "__self__", None)
            if isinstance(end, _OrderlyEnd):
                end.begun |= self.number is not None
            signal.signal(number, handler)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if self.number is None:
            self.number = number
            if not self.noting:
                raise Interrupted(number)
            self._wake()
        elif self._whole:
            self._again = True
        else:
            raise Interrupted(self.number)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """A block that is not broken off, even when asked twice."""
        self._whole = True
        try:
            yield
        finally:
            self._whole = False
        if self._again:
            raise Interrupted(self.number or signal.SIGINT)
