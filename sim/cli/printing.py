"""What reaches the terminal: text from outside is shown and never obeyed, whoever prints it.

Names of files, texts of other libraries, tables that were tampered with: whatever the gate for text (see
`sim.vocabulary.text`) would refuse is written by its number. This is done where the streams are, so that a new `print`
needs to know nothing of it; a console draws past it, with what it draws cleaned before.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, TextIO

from sim.vocabulary.text import escaped
from sim.words import say

if TYPE_CHECKING:
    from rich.console import Console


class SafeStream:
    r"""A stream that escapes what a terminal would obey; all else is done by the stream beneath.

    >>> import io
    >>> beneath = io.StringIO()
    >>> print("a" + chr(27) + "[31m", file=SafeStream(beneath))
    >>> beneath.getvalue()
    'a\\u001b[31m\n'
    """

    def __init__(self, beneath: TextIO) -> None:
        self.beneath = beneath

    def write(self, text: str) -> int:
        """Write a text, and return its length as it was given."""
        self.beneath.write(escaped(text, lines=True))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.beneath, name)


def printing_safely(command: Callable[[], None]) -> Callable[[], None]:
    """Let a command write to standard output and standard error through safe streams."""

    @wraps(command)
    def wrapped() -> None:
        out, err = sys.stdout, sys.stderr
        for stream in (out, err):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")  # a name that the terminal's encoding lacks
        sys.stdout, sys.stderr = SafeStream(out), SafeStream(err)
        try:
            command()
        finally:
            sys.stdout, sys.stderr = out, err

    return wrapped


def shown_json(value: Any) -> str:
    """A value as strict JSON: what is no number is null, and what JSON has no form for, such as a date, is its text.

    >>> print(shown_json([0.5, float("nan")]))
    [
      0.5,
      null
    ]
    """
    import json

    from sim.results.whole_files import json_ready

    return json.dumps(json_ready(value), indent=2, ensure_ascii=False, allow_nan=False, default=str)


def print_warnings(warnings: Iterable[str]) -> None:
    """Print what is odd and hinders nothing on standard error, a line each."""
    for warning in warnings:
        print(say("warning: {warning}", warning=warning), file=sys.stderr)


def console(*, stderr: bool = False) -> Console:
    """A console of rich to which every text is text: no markup, no emoji codes, no highlighting, nothing obeyed.

    Args:
        stderr: Draw on standard error instead of standard output.
    """
    from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
    from rich.segment import Segment

    class Cleaned:
        def __init__(self, renderable: ConsoleRenderable) -> None:
            self.renderable = renderable

        def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
            for segment in console.render(self.renderable, options):
                if segment.control:
                    yield segment
                else:
                    yield Segment(escaped(segment.text, lines=True), segment.style)

    class Hook(RenderHook):
        def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
            return [Cleaned(renderable) for renderable in renderables]

    class Unbroken(Console):
        def on_broken_pipe(self) -> None:
            """Let whoever ends the command say how it ended; rich ends it with status 1, as if something had failed."""
            raise BrokenPipeError

    stream = sys.stderr if stderr else sys.stdout
    made = Unbroken(file=getattr(stream, "beneath", stream), markup=False, emoji=False, highlight=False)
    made.push_render_hook(Hook())
    return made
