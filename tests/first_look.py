"""Of workers that look for tests where nobody has looked before, the first compiles the sources for all of them.

All at once, each would compile the same modules and rewrite the same assertions. `wait` is called before anything else
is imported, and `done` when all tests are found; where sources are compiled already, and on Windows, nobody waits.
"""

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

_LATE = Path(__file__).parent / "words" / "__pycache__"
"""Among the last things that are made."""

_held: list[tuple[int, Path]] = []


def wait() -> None:
    """Go first, or wait for whoever does."""
    workers = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if workers is None or sys.dont_write_bytecode or _LATE.exists():
        return
    with suppress(ImportError, OSError):
        import fcntl

        place = Path(tempfile.gettempdir()) / f"exitvoice-tests-{workers}"
        number = os.open(place, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _held.append((number, place))
        except BlockingIOError:
            fcntl.flock(number, fcntl.LOCK_SH)
            os.close(number)


def done() -> None:
    """Let the others look."""
    while _held:
        number, place = _held.pop()
        with suppress(OSError):
            place.unlink()
        os.close(number)
