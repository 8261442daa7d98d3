"""Values that are allowed but lie outside the range in which a practitioner would move them: told, never refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.model.scenario import Change, Scenario
from sim.parameters.leaves import leaves
from sim.parameters.paths import get_path, locate
from sim.parameters.paths import leaves as assigned
from sim.parameters.plain_words import information, range_text, registry_path
from sim.parameters.registry import ParameterInfo
from sim.parameters.relative import spoken
from sim.vocabulary.errors import Problem
from sim.words import say, translated

WORTH_ABOUT_A_EURO = ("EUR", "USD", "GBP")
"""Currencies in which the practical ranges of amounts of money make sense."""


class ScenarioWarning(UserWarning):
    """Something in a scenario is allowed but probably not meant: an unusual value, a change that comes too late."""


def unusual_values(scenario: Scenario) -> Iterator[Problem]:
    """The values of a scenario, without its timeline, that lie outside their practical range or contradict each other.

    A segment's value that is that of all customers is told once, as theirs.

    Yields:
        Problems with their key and without place.

    >>> from sim.model.money import Money
    >>> [str(problem) for problem in unusual_values(Scenario(money=Money(discount_rate=0.4)))]
    ['money.discount_rate: outside the practical range; found 0.4; practical: 0.02 to 0.25 (per year)']
    """
    yield from _tiers_the_wrong_way_round(scenario)
    yield from _staff_for_nobody(scenario)
    tree, kind = scenario.model_dump(exclude={"timeline"}), type(scenario)
    rivals, segments = tree.pop("rivals"), tree.pop("segments")
    currency = scenario.money.currency
    yield from _unusual(tree, "", "", currency, kind)
    for rival in rivals:
        yield from _unusual(rival, "rivals[].", f"rivals.{rival['name']}.", currency, kind)
    of_all = dict(leaves(tree["customers"]))
    for segment in segments:
        for problem in _unusual(segment, "segments[].", f"segments.{segment['name']}.", currency, kind):
            path = problem.key.split(".", 2)[2]
            if path not in of_all or dict(leaves(segment))[path] != of_all[path]:
                yield problem


def _tiers_the_wrong_way_round(scenario: Scenario) -> Iterator[Problem]:
    """Loyalty programmes whose upper tier begins below the lower one: whoever reaches it would be in the lower."""
    for index, firm in enumerate(scenario.firms):
        programme = firm.programme
        if programme.offered and programme.gold < programme.silver:
            yield Problem(
                say("the upper tier begins below the lower one"),
                "firm.programme.gold" if index == 0 else f"rivals.{firm.name}.programme.gold",
                found=f"{programme.gold:.15g}",
                hint=say("the lower tier begins at {silver:.15g}", silver=programme.silver),
            )


def _staff_for_nobody(scenario: Scenario) -> Iterator[Problem]:
    """Firms without customers at the start whose staff is followed, and is that for the first few who come."""
    for index, firm in enumerate(scenario.firms):
        if firm.people.followed and firm.initial_share == 0.0 and firm.people.expected_share == 0.0:
            own = "firm" if index == 0 else f"rivals.{firm.name}"
            yield Problem(
                say("the staff of a firm that has no customers at the start is that for the first few who come"),
                f"{own}.people.followed",
                found=say("yes"),
                hint=say("for how many customers it is there: {path}", path=f"{own}.people.expected_share"),
            )


def unusual_changes(scenario: Scenario, change: Change) -> Iterator[tuple[str, Problem]]:
    """The new values of a valid change that lie outside their practical range.

    Args:
        scenario: The scenario that it changes.
        change: From its timeline.

    Yields:
        The path as it stands in the change, which may name a whole section, and the problem with the path of the value.
    """
    tree, kind = scenario.model_dump(), type(scenario)
    for given, value in change.set.items():
        for path, single in assigned(given, value, locate(tree, given, kind)[1]):
            info = information(registry_path(locate(tree, path, kind)[0]), kind)
            said = spoken(single, info) if isinstance(single, str) else None
            meant = single if said is None else said.applied(get_path(scenario, path), info)
            problem = _problem(path, meant, info, scenario.money.currency)
            if problem is not None:
                yield given, problem


def doubts(scenario: Scenario) -> Iterator[Problem]:
    """All that lies outside its practical range in a scenario that was made in Python.

    Yields:
        Problems with their key and without place.
    """
    yield from unusual_values(scenario)
    for index, change in enumerate(scenario.timeline):
        for _, problem in unusual_changes(scenario, change):
            yield problem.at("", f"timeline.{index}.set.{problem.key}")


def meant_otherwise(key: str, value: Any, written: str, info: ParameterInfo | None) -> Problem | None:
    """Whether a number is probably meant otherwise than it is read: `38.000` as thousands, `+2` as two more.

    Thousands are meant where the three digits behind the point are zeros, which nobody writes for nothing, or where
    only the number a thousand times as large lies within the practical range. So much more is meant where a parameter
    cannot be below 0: nobody writes its sign for nothing.

    >>> info = information("customers.encounters.spend_per_purchase")
    >>> print(meant_otherwise("spend", 38.0, "38.000", info))
    spend: read as 38; found 38.000; if thousands are meant write 38000, if not 38
    >>> print(meant_otherwise("agents", 2, "+2", information("firm.desk.agents")))
    agents: read as 2; found +2; if 2 more than before is meant write: 2 more; if not: 2
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if written.startswith("+"):
        return _meant_as_more(key, value, written, info)
    large = int(written.replace(".", ""))
    low, high = (None, None) if info is None or info.practical is None else info.practical
    only_large = low is not None and high is not None and not low <= value <= high and low <= large <= high
    if not (written.endswith("000") or only_large):
        return None
    return Problem(
        say("read as {value:.15g}", value=value),
        key,
        found=written,
        hint=say("if thousands are meant write {large}, if not {value:.15g}", large=large, value=value),
    )


def _meant_as_more(key: str, value: float, written: str, info: ParameterInfo | None) -> Problem | None:
    if info is None or info.low is None or info.low < 0.0:
        return None
    return Problem(
        say("read as {value:.15g}", value=value),
        key,
        found=written,
        hint=say(
            "if {value:.15g} more than before is meant write: {value:.15g} more; if not: {value:.15g}", value=value
        ),
    )


def _unusual(
    tree: Mapping[str, Any], registered: str, shown_as: str, currency: str, kind: type[Scenario]
) -> Iterator[Problem]:
    for path, value in leaves(tree):
        problem = _problem(f"{shown_as}{path}", value, information(f"{registered}{path}", kind), currency)
        if problem is not None:
            yield problem


def _problem(key: str, value: Any, info: ParameterInfo | None, currency: str) -> Problem | None:
    if info is None or info.practical is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    low, high = info.practical
    if low <= value <= high or (info.unit.startswith("money") and currency not in WORTH_ABOUT_A_EURO):
        return None
    return Problem(
        say("outside the practical range"),
        key,
        found=f"{value:.15g}",
        hint=say("practical: {range} ({unit})", range=range_text((low, high)), unit=translated(info.unit)),
    )
