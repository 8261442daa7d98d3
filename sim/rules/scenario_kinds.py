"""Scenarios with rules from outside: a kind of scenario that has a section `rules`, and knows its rules.

A scenario carries its rules in its class. Whoever has the scenario, the engine, the twin, a worker, a report, so has
the rules, and nothing has to be handed along beside it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import create_model

from sim.model.scenario import Scenario
from sim.rules.reading import RuleSource, load_rules, read_rule
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.outside_rule import OutsideRule
from sim.vocabulary.parameter import LONGEST_LABEL, Section, group
from sim.words import say

LABEL, MEANING = "Rules from outside", "Parameters of rules from outside."
"""Of the section `rules` of a scenario."""

_KINDS: dict[tuple[OutsideRule, ...], type[Scenario]] = {}
_LOCK = threading.RLock()


def kind_with(sources: Sequence[RuleSource]) -> type[Scenario]:
    """The kind of scenario that knows the rules of these files; `Scenario` itself where there are none.

    Raises:
        ScenarioError: As `load_rules`.

    >>> kind_with([]) is Scenario
    True
    """
    rules = load_rules(sources)
    if not rules:
        return Scenario
    with _LOCK:
        if rules not in _KINDS:
            _KINDS[rules] = _made(rules)
        return _KINDS[rules]


def with_rules(scenario: Scenario, sources: Sequence[RuleSource]) -> Scenario:
    """A scenario with the rules of these files, whose parameters have their defaults.

    Raises:
        ScenarioError: As `load_rules`; or if the scenario has rules already, and others.

    >>> with_rules(Scenario(), []).outside
    ()
    """
    kind = kind_with(sources)
    if type(scenario) is kind or not sources:
        return scenario
    if scenario.outside:
        names = ", ".join(rule.name for rule in scenario.outside)
        raise ScenarioError(say("has its rules already"), "rules", found=names, hint=say("give them when it is loaded"))
    return kind.model_validate(scenario.model_dump())


def named(rules: Sequence[OutsideRule]) -> list[dict[str, str]]:
    """The rules by name, file and hash, as whatever is kept of a run says which it had."""
    return [{"name": rule.name, "file": rule.path, "sha256": rule.sha256} for rule in rules]


def refuse_other_rules(path: Path | str, kept: Sequence[Mapping[str, str]], rules: Sequence[OutsideRule]) -> None:
    """Refuse to take up what was kept of a run under other rules from outside than it had.

    Raises:
        ScenarioError: With the files of both.
    """
    if [rule["sha256"] for rule in kept] == [rule.sha256 for rule in rules]:
        return
    had = ", ".join(rule["file"] for rule in kept) or say("none")
    given = ", ".join(rule.path for rule in rules) or say("none")
    raise ScenarioError(
        say("had other rules from outside, or another text of them"), place=str(path), found=given, allowed=had
    )


def _made(rules: tuple[OutsideRule, ...]) -> type[Scenario]:
    sections: dict[str, Any] = {}
    for rule in rules:
        title = rule.name.replace("_", " ").capitalize()
        own = create_model(
            f"Rule{title.title().replace(' ', '')}", __base__=rule.section, __doc__=rule.meaning or title
        )
        sections[rule.name] = (own, group(own(), title[:LONGEST_LABEL]))
    section = create_model("Rules", __base__=Section, __doc__=MEANING, **sections)
    fields: dict[str, Any] = {"rules": (section, group(section(), LABEL))}
    kind = create_model("Scenario", __base__=Scenario, __doc__=Scenario.__doc__, **fields)
    kind.outside = rules
    kind.__reduce__ = _reduced  # type: ignore[method-assign,assignment]
    return kind


def _reduced(scenario: Scenario) -> tuple[Any, ...]:
    """How a scenario goes to another process: its rules as texts, its values."""
    return _remade, (tuple((rule.path, rule.text) for rule in scenario.outside), scenario.model_dump())


def _remade(texts: tuple[tuple[str, str], ...], values: dict[str, Any]) -> Scenario:
    return kind_with([read_rule(text, path) for path, text in texts]).model_validate(values)
