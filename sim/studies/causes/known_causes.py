"""Causes of churn by name: each names the patch that takes it out of the world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from sim.model.loyalty import Repurchase
from sim.model.scenario import Scenario
from sim.parameters.timeline import PERFECT_ANSWERS, WITHOUT_FAILURES, Patch, get_path, phases, promises_kept
from sim.scenario import several
from sim.scenario.scalars import scalar
from sim.vocabulary.errors import ScenarioError
from sim.words import say, translated

FAILURES, LEVELS, SLOW, POOR, TALK, RIVALS, PRICE = (
    "failures",
    "levels",
    "slow_answers",
    "poor_answers",
    "bad_talk",
    "rivals",
    "price",
)
STRAIN, DISAPPOINTMENT, WITHOUT, DROP_OUT, CLOSING, ATTRITION = (
    "strain",
    "disappointment",
    "doing_without",
    "drop_out",
    "closing",
    "attrition",
)

KNOWN = {
    FAILURES: ("Failures", "no service of the firm fails"),
    LEVELS: ("Levels below the promise", "every level is at least what is promised at any time"),
    SLOW: ("Slow answers", "every complaint that is made to the desk is handled at once"),
    POOR: ("Poor answers", "every complaint is resolved, with apology, full compensation and a call"),
    TALK: ("Bad talk", "nobody tells, or posts, anything bad of any firm"),
    RIVALS: ("Rivals", "no rival is in the market"),
    PRICE: ("Price", "the price is never above its start, nor above that of any rival in the market"),
    STRAIN: (
        "Staff under pressure",
        "staff under pressure serve as well as others: no corners cut, no more mistakes, no wait",
    ),
    DISAPPOINTMENT: (
        "Disappointment",
        "whoever is disappointed, by the service or the answer of any firm, buys again all the same",
    ),
    WITHOUT: ("Doing without", "nobody who compares ends by doing without because of the price"),
    DROP_OUT: (
        "Dropping out after a purchase",
        "nobody drops out after a purchase: the same people with the same chances stay",
    ),
    CLOSING: ("Closing of the firm", "the firm never leaves the market"),
    ATTRITION: (
        "Natural attrition",
        "nobody moves away, dies or needs it no more: the same people with the same chances stay",
    ),
}
"""The causes that have a name, in the order in which they are told: label, and the world in which each is taken out."""

NOT_TO_MEND = (RIVALS, DROP_OUT, ATTRITION)
"""Causes that no firm can take away: they are told, and nobody is told to begin with them."""

USUAL = (FAILURES, LEVELS, SLOW, TALK, RIVALS, PRICE)
"""What is looked at where nothing else is asked for: six, so that all orders can be."""

_OF_STRAIN = ("corner_effect", "mistakes", "morale_effect", "waiting_effect")

_OF_SPEED = ("agents", "handling_hours", "apology_hours", "investigation_days", "patience_days")


class Cause(NamedTuple):
    """A cause of churn.

    Attributes:
        name: A short name.
        label: For people.
        meaning: The world in which it is taken out, in words.
        patch: What takes it out; empty where the world is so already.
    """

    name: str
    label: str
    meaning: str
    patch: Patch


def find_causes(scenario: Scenario, wanted: Sequence[str] | Mapping[str, Patch] | None = None) -> tuple[Cause, ...]:
    """The causes to look at.

    Args:
        scenario: The world as it is.
        wanted: Names of known causes, and causes of one's own as `name: path=value, path=value`; or patches by name;
            the usual ones if left out.

    Raises:
        ScenarioError: If there is no such cause, one stands twice, or two causes want another value of a parameter.

    >>> find_causes(Scenario(), ["failures", "habit: voice.complain_share=0"])[1].patch
    {'voice.complain_share': 0}
    """
    own = dict(wanted) if isinstance(wanted, Mapping) else {}
    found: list[Cause] = []
    for text in several(wanted) if isinstance(wanted, str) else wanted or USUAL:
        name, colon, rest = text.partition(":")
        name = name.strip()
        if text in own:
            patch, label, meaning = own[text], text, ""
        elif colon:
            patch, label, meaning = _patch_of(text, rest), name, ""
        elif name in KNOWN:
            patch, (label, meaning) = _known(scenario, name), map(translated, KNOWN[name])
        else:
            raise ScenarioError(
                say("no such cause"),
                found=name,
                allowed=say("{names}, or 'name: path=value, ...'", names=", ".join(KNOWN)),
            )
        if name in [cause.name for cause in found]:
            raise ScenarioError(say("stands twice"), name)
        so_already = _is_so_already(scenario, patch)
        found.append(Cause(name, label, meaning or _written(patch), {} if so_already else dict(patch)))
    _refuse_disagreement(found)
    return tuple(found)


def _known(scenario: Scenario, name: str) -> Patch:
    if name == FAILURES:
        return WITHOUT_FAILURES
    if name == LEVELS:
        return promises_kept(scenario)
    if name in (SLOW, POOR):
        of_speed = {f"firm.desk.{part}" for part in _OF_SPEED}
        return {path: value for path, value in PERFECT_ANSWERS.items() if (path in of_speed) == (name == SLOW)}
    if name == TALK:
        shares = ("shares.dissatisfied", "shares.failed_recovery", "online.post_share")
        return {f"talk.{part}": 0.0 for part in shares}
    if name == RIVALS:
        return {f"rivals.{number}.in_market": False for number in range(len(scenario.rivals))}
    if name in _SELDOM:
        return _SELDOM[name](scenario)
    prices = [scenario.firm.strategy.price_index]
    for _, stretch in phases(scenario):
        prices += [rival.strategy.price_index for rival in stretch.rivals if rival.in_market]
    return {"firm.strategy.price_index": min(prices)}


def _strain(scenario: Scenario) -> Patch:
    followed = any(stretch.firm.people.followed for _, stretch in phases(scenario))
    return {f"firm.people.{name}": 0.0 for name in _OF_STRAIN} if followed else {}


def _disappointment(scenario: Scenario) -> Patch:
    kept = {f"voice.repurchase.{name}": 1.0 for name in Repurchase.model_fields}
    return {**kept, "voice.lapse_share": 0.0}


def _without(scenario: Scenario) -> Patch:
    return {f"{people}.bonds.doing_without": 0.0 for people in _everybody(scenario)}


def _drop_out(scenario: Scenario) -> Patch:
    some = any(segment.drop_out.per_purchase > 0.0 for segment in scenario.all_segments)
    return {f"{people}.drop_out.happens": False for people in _everybody(scenario)} if some else {}


def _attrition(scenario: Scenario) -> Patch:
    some = any(s.bonds.attrition_per_year > 0.0 or s.bonds.renewal_per_year > 0.0 for s in scenario.all_segments)
    return {f"{people}.bonds.attrition_happens": False for people in _everybody(scenario)} if some else {}


def _closing(scenario: Scenario) -> Patch:
    there = [stretch.firm.in_market for _, stretch in phases(scenario)]
    closes = any(before and not after for before, after in pairwise(there))
    return {"firm.in_market": True} if closes else {}


_SELDOM = {
    STRAIN: _strain,
    DISAPPOINTMENT: _disappointment,
    WITHOUT: _without,
    DROP_OUT: _drop_out,
    CLOSING: _closing,
    ATTRITION: _attrition,
}
"""What takes out the causes that are looked at where they are asked for, and are in few worlds."""


def _everybody(scenario: Scenario) -> list[str]:
    """Where the parameters of all customers stand: by segment, where there are any."""
    return [f"segments.{number}" for number in range(len(scenario.segments))] or ["customers"]


def _is_so_already(scenario: Scenario, patch: Patch) -> bool:
    """Whether a patch changes nothing at any time that is counted."""
    stretches = [stretch for start, stretch in phases(scenario) if start >= 0]
    return all(get_path(stretch, path) == value for stretch in stretches for path, value in patch.items())


def _patch_of(text: str, rest: str) -> Patch:
    patch: dict[str, Any] = {}
    for part in rest.split(","):
        path, equals, value = part.partition("=")
        if not equals or not path.strip():
            raise ScenarioError(say("is no cause"), found=text, allowed=say("name: path=value, path=value"))
        patch[path.strip()] = scalar(value.strip())[0]
    return patch


def _written(patch: Patch) -> str:
    return ", ".join(f"{path} = {value}" for path, value in patch.items())


def _refuse_disagreement(causes: Sequence[Cause]) -> None:
    known: dict[str, tuple[str, Any]] = {}
    for cause in causes:
        for path, value in cause.patch.items():
            other, before = known.setdefault(path, (cause.name, value))
            if before != value:
                message = say("two causes want another value of it: {other}, {name}", other=other, name=cause.name)
                raise ScenarioError(message, path)
