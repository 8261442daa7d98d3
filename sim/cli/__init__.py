"""The command line. Nothing heavy is imported before a command needs it, so that `sim --help` answers at once."""

from __future__ import annotations

from sim.cli.ending import flushed, say
from sim.cli.printing import printing_safely
from sim.vocabulary.errors import ExitVoiceError
from sim.vocabulary.exit_status import ExitStatus


@printing_safely
def main() -> None:
    """Run the command line and end the process with one of `sim.vocabulary.exit_status.ExitStatus`."""
    raise SystemExit(flushed(_status()))


def _status() -> int:
    try:
        from sim.cli.study_commands import app

        app(prog_name="sim")
    except SystemExit as end:
        return int(end.code or 0)
    except KeyboardInterrupt:
        say("interrupted; nothing was written")
        return int(ExitStatus.INTERRUPTED)
    except ExitVoiceError as error:
        say(f"error: {error}" if "\n" not in str(error) else f"errors:\n{error}")
        return int(error.exit_status)
    except MemoryError as error:
        say(f"error: out of memory: {error}")
    except OSError as error:
        say(f"error: {error.strerror or error}" + (f": {error.filename}" if error.filename else ""))
    return int(ExitStatus.FAILED)
