"""The command line. Nothing heavy is imported before a command needs it, so that `sim --help` answers at once."""

from __future__ import annotations

import os
import sys

from sim.cli.printing import printing_safely

INTERRUPTED = 130


@printing_safely
def main() -> None:
    """Run the command line and end the process: 0 done, 2 bad input, 1 other errors, 130 interrupted."""
    try:
        from sim.cli.study_commands import app

        app(prog_name="sim")
    except KeyboardInterrupt:
        _say("interrupted; nothing was written")
        _leave(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _leave(1)
    except Exception as error:
        # Known by name, so that the errors' module is not imported where nothing goes wrong.
        if not any(kind.__name__ == "ExitVoiceError" for kind in type(error).__mro__):
            if isinstance(error, MemoryError):
                _say(f"error: out of memory: {error}")
                _leave(1)
            raise
        _say(f"error: {error}" if "\n" not in str(error) else f"errors:\n{error}")
        _leave(int(getattr(error, "exit_status", 1)))


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _leave(status: int) -> None:
    raise SystemExit(status)
