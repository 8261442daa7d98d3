"""The command line. Nothing heavy is imported before a command needs it, so that `sim --help` answers at once."""

from __future__ import annotations

import atexit
import gc
import sys

from sim.cli.ending import flushed, tell
from sim.cli.printing import printing_safely
from sim.vocabulary.errors import ExitVoiceError
from sim.vocabulary.exit_status import ExitStatus
from sim.words import say

OBJECTS = 500_000
"""More objects than there were: when to look for garbage in rings."""


@printing_safely
def main() -> None:
    """Run the command line and end the process with one of `sim.vocabulary.exit_status.ExitStatus`.

    Python looks for garbage in rings after each 700 objects more, and a short command makes 300,000 that all stay: an
    eighth of it went into looking. Here it looks after each `OBJECTS` more, and no more when the process ends, which
    took a fifth of a short command: all memory goes back then.
    """
    gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])
    atexit.register(gc.freeze)
    raise SystemExit(flushed(_status()))


def _status() -> int:
    try:
        from sim.cli.help import called_alone, in_words, speak

        speak(sys.argv[1:])
        from sim.cli.study_commands import app

        in_words(called_alone(app, sys.argv[1:]))(prog_name="sim")
    except SystemExit as end:
        return int(end.code or 0)
    except KeyboardInterrupt:
        tell(say("interrupted; nothing was written"))
        return int(ExitStatus.INTERRUPTED)
    except ExitVoiceError as error:
        tell(say("error: {error}", error=error) if "\n" not in str(error) else say("errors:\n{error}", error=error))
        return int(error.exit_status)
    except MemoryError as error:
        tell(say("error: out of memory: {error}", error=error))
    except OSError as error:
        told = f"{error.strerror or error}: {error.filename}" if error.filename else f"{error.strerror or error}"
        tell(say("error: {error}", error=told))
    return int(ExitStatus.FAILED)
