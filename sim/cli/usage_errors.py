"""What is wrong with a command line, in the program's own words: Typer's usage errors know English only."""

from __future__ import annotations

import re
import sys
from difflib import get_close_matches
from typing import Any, TextIO

import typer

from sim.vocabulary.text import escaped
from sim.words import Sentences, say, translated
from sim.words.numbers import filled

SAID = {
    r"Missing (?:argument|option|parameter) '?(?P<name>.+?)'?\.": "{name} is missing",
    r"Missing command\.": "a command is missing",
    r"No such command '(?P<name>.+)'\. Did you mean (?P<near>.+)\?": "no such command: {name}; did you mean {near}?",
    r"No such command '(?P<name>.+)'\.": "no such command: {name}",
    r"No such option: (?P<name>.+)": "no such option: {name}",
    r"Option '(?P<name>.+)' requires an argument\.": "{name}: needs a value behind it",
    r"Option '(?P<name>.+)' does not take a value\.": "{name}: takes no value",
    r"Got unexpected extra arguments?(?:\(s\))? \((?P<words>.*)\)": "more than is asked for: {words}",
    r"Invalid value for '?(?P<name>.+?)'?: (?P<why>.*)": "{name}: {why}",
}
"""What Typer says, and what is said in its place; anything else comes as Typer says it."""

ALIKE = 0.7
"""From how much in common on another option is offered; Typer offers also what is not alike."""


def speak_of_usage_errors() -> None:
    """Let Typer say what is wrong with a command line as the program says what is wrong with a file."""
    usage_error: Any = typer.BadParameter.__mro__[1]
    usage_error.show = _show


def _show(error: Any, file: TextIO | None = None) -> None:
    """In place of Typer's own `show`: usage, where to find help, and what is wrong."""
    lines = Sentences()
    if error.ctx is not None:
        help_command = f"{error.ctx.command_path} {error.ctx.help_option_names[0]}"
        lines = Sentences([error.ctx.get_usage(), say("For help: {command}", command=help_command), ""])
    lines.say("error: {error}", error=told(error))
    print("\n".join(lines), file=file or sys.stderr)


def told(error: Any) -> str:
    """A usage error in a sentence without a full stop.

    Args:
        error: As Typer raises it.

    >>> told(typer.BadParameter("cannot be", param_hint="--seed"))
    '--seed: cannot be'
    """
    found = getattr(error.__cause__, "errors", None)
    if found is not None and error.param is not None:
        from sim.parameters.plain_words import alone

        name = str(error.param.get_error_hint()).strip("'")
        return str(alone(error.__cause__).at("", name))
    near = get_close_matches(getattr(error, "option_name", ""), getattr(error, "possibilities", None) or (), 1, ALIKE)
    if near:
        return escaped(say("no such option: {name}; did you mean {near}?", name=error.option_name, near=near[0]))
    message = (
        str(error.message or error.format_message()) if hasattr(error, "possibilities") else error.format_message()
    )
    for pattern, sentence in SAID.items():
        parts = re.fullmatch(pattern, message, re.DOTALL)
        if parts:
            return escaped(filled(translated(sentence), {key: _bare(part) for key, part in parts.groupdict().items()}))
    return escaped(message)


def _bare(names: str) -> str:
    """Names without the quotes that Typer puts around each.

    >>> _bare("'run', 'show'")
    'run, show'
    """
    return re.sub(r"'([^',]*)'", r"\1", names)
