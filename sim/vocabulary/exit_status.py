"""With which status the program ends: one list, which the commands, their help and the documentation go by."""

from __future__ import annotations

from enum import IntEnum

from sim.words import translated


class ExitStatus(IntEnum):
    """How a command ended.

    What failed outweighs what was done: a sweep of which one run in a thousand failed ends with `FAILED`, although all
    others are stored. Ended by a signal, a program has 128 and the signal's number, as shells have it.

    >>> int(ExitStatus.FAILED), ExitStatus(143).name
    (1, 'TERMINATED')
    """

    DONE = 0
    FAILED = 1
    BAD_INPUT = 2
    INTERRUPTED = 130
    UNREAD = 141
    TERMINATED = 143

    @property
    def meaning(self) -> str:
        """What it says, in words."""
        return translated(_MEANINGS[self])


_MEANINGS = {
    ExitStatus.DONE: "all that was asked for is done",
    ExitStatus.FAILED: "something of it failed; what was done is stored, and a line on standard error says what failed",
    ExitStatus.BAD_INPUT: "a file, an option or an output's name is not right; nothing was done",
    ExitStatus.INTERRUPTED: "stopped by Ctrl-C (SIGINT)",
    ExitStatus.UNREAD: "whoever read the output closed it (SIGPIPE); the work itself was done",
    ExitStatus.TERMINATED: "stopped by SIGTERM",
}
