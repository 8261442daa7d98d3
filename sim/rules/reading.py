"""Reading rule files: a text is run as a module of its own, and whatever is wrong with it is told by file and line."""

from __future__ import annotations

import hashlib
import linecache
import os
import sys
import threading
import traceback
import types
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.rules import checking
from sim.vocabulary.errors import Problems, ScenarioError
from sim.vocabulary.files import read_limited
from sim.vocabulary.outside_rule import OutsideRule
from sim.vocabulary.parameter import Section
from sim.words import say

RuleSource = str | os.PathLike[str] | OutsideRule
"""A rule file by its name, or one that has been read."""

MOST_BYTES = 2**20

_READ: dict[tuple[str, str], OutsideRule] = {}
_LOCK = threading.RLock()


def load_rules(sources: Sequence[RuleSource]) -> tuple[OutsideRule, ...]:
    """Read rule files, and check them by themselves and against each other.

    Args:
        sources: The files, in the order in which they are asked at a moment.

    Raises:
        ScenarioError: If one cannot be read or run, or breaks the contract: file, line, what was found, what is
            allowed.
        FileError: If there is no such file.

    >>> load_rules(["docs/rules/habit.py"])[0].name  # doctest: +SKIP
    'habit'
    """
    found = tuple(item if isinstance(item, OutsideRule) else _of_file(Path(item)) for item in sources)
    for name, times in Counter(rule.name for rule in found).items():
        if times > 1:
            files = ", ".join(rule.path for rule in found if rule.name == name)
            raise ScenarioError(say("two rules of the same name"), f"rules.{name}", found=files)
    Problems(checking.collisions(found)).check()
    return found


def _of_file(path: Path) -> OutsideRule:
    if path.suffix != ".py":
        raise ScenarioError(say("not a rule file"), place=str(path), allowed=say("a Python file: NAME.py"))
    data = read_limited(path, MOST_BYTES, say("a rule file"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(say("not text in UTF-8: {error}", error=error), place=str(path)) from None
    return read_rule(text, str(path))


def read_rule(text: str, path: str) -> OutsideRule:
    """The rule that a text says; the same text under the same name is run once in a process.

    Args:
        text: Of the rule file.
        path: Its name, for messages; the rule is called as the file is, without its ending.

    Raises:
        ScenarioError: As `load_rules`.
    """
    digest = hashlib.sha256(text.encode()).hexdigest()
    with _LOCK:
        if (path, digest) not in _READ:
            _READ[path, digest] = _read(text, path, digest)
        return _READ[path, digest]


def _read(text: str, path: str, digest: str) -> OutsideRule:
    name = Path(path).stem
    checking.check_name(name, path)
    module = _run(text, path, f"sim_rule_{name}_{digest[:16]}")
    findings = checking.Findings(path)
    findings.version(module)
    section = findings.section(module, name)
    columns, observables = findings.columns(module), findings.observables(module)
    steps = findings.steps(module, section, columns, observables)
    findings.raise_any()
    meaning = (module.__doc__ or "").strip().partition("\n")[0]
    return OutsideRule(name, path, digest, text, meaning, section or Section, columns, observables, steps)


def _run(text: str, path: str, name: str) -> Any:
    """The module that the text makes.

    Raises:
        ScenarioError: If it cannot be run, at the line of the file that fails.
    """
    module = types.ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module  # sections and named tuples look their own module up
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    try:
        exec(compile(text, path, "exec", dont_inherit=True), module.__dict__)
    except SyntaxError as error:
        del sys.modules[name]
        raise ScenarioError(say("not Python: {error}", error=error.msg), place=f"{path}:{error.lineno or 1}") from None
    except BaseException as error:
        del sys.modules[name]
        if isinstance(error, KeyboardInterrupt):
            raise
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
        said = " ".join(f"{type(error).__name__}: {error}".split())
        place = f"{path}:{lines[-1] if lines else 1}"
        raise ScenarioError(say("cannot be run: {error}", error=said), place=place) from None
    return module
