"""What a page asks for, read strictly: a start, changed parameters, a seed; and the two worlds that come of it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from sim.app.starts import Starts
from sim.model.scenario import Scenario
from sim.parameters.plain_words import shown
from sim.results.amounts import value_shown
from sim.scenario import Loaded
from sim.studies.comparison.comparison_plan import MOST_SEED, ComparedWorld, ComparisonPlan, prepare
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import counted, say

MOST_BYTES = 64 * 1024
"""Of one question; a page with sixty levers moved asks in six thousand."""

MOST_CHANGES = 60
LONGEST_TEXT = 200
NOT_MOVED = ("run.", "name", "question", "asks", "timeline", "market.network.file", "market.people", "money.currency")
"""What a page does not move: the calendar of the run, names, what stands in a file of its own."""

SAMPLE = 10_000
"""People of a page's worlds. A larger market is played by so many: shares, means and money per head are the same."""

MOST_PERSON_PERIODS = 6_000_000
"""People times periods, warm-up included, of one world: a few seconds of a processor."""


class Wish(NamedTuple):
    """A question of a page, not yet looked up.

    Attributes:
        start: Name of the scenario to start from.
        changes: New values by path.
        seed: Key of the luck of both worlds; None as in the file.
        session: Which page asks; a later question of the same page stops an earlier one.
    """

    start: str
    changes: Mapping[str, bool | int | float | str]
    seed: int | None
    session: str

    @property
    def overrides(self) -> tuple[str, ...]:
        """As after `--set`."""
        return tuple(f"{path}={json.dumps(value)}" for path, value in self.changes.items())


class Worlds(NamedTuple):
    """Today and what might be, ready to be lived.

    Attributes:
        today: The scenario started from.
        what_if: The same with the changes.
        seed: Key of the luck of replication 0.
        notes: What a reader must know of how the two are compared.
        doubts: Changed values that are allowed but probably not meant, by path.
        loaded: The file, with the changes.
        before: The file, without them.
    """

    today: ComparedWorld
    what_if: ComparedWorld
    seed: int
    notes: tuple[str, ...]
    doubts: dict[str, str]
    loaded: Loaded
    before: Loaded


def question(body: bytes, most: int = MOST_BYTES) -> dict[str, Any]:
    """The JSON object in the body of a request.

    Raises:
        ScenarioError: If it is none, or holds a number that is not finite.

    >>> question(b'{"seed": 1}')
    {'seed': 1}
    """
    if len(body) > most:
        raise ScenarioError(say("a question of more than {most:,} bytes", most=most))

    def refuse(name: str) -> float:
        raise ValueError(name)

    try:
        asked = json.loads(body.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError):
        raise ScenarioError(say("not JSON, or a number in it that is not finite")) from None
    if not isinstance(asked, dict):
        raise ScenarioError(say("not a JSON object"))
    return asked


def wish(asked: Mapping[str, Any]) -> Wish:
    """The question of a page, each part of the kind that it must be.

    Raises:
        ScenarioError: With every part that is not; the key of a problem is a path, `seed`, `start` or `session`.

    >>> wish({"start": "baseline", "changes": {"firm.desk.ease": 2}, "seed": None, "session": "a"}).overrides
    ('firm.desk.ease=2',)
    """
    problems = []
    start, changes, seed, session = (asked.get(key) for key in ("start", "changes", "seed", "session"))
    for key, value in (("start", start), ("session", session)):
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT:
            problems.append(Problem(say("must be a text"), key, found=shown(value)))
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MOST_SEED):
        problems.append(Problem(say("must be a whole number of 64 bits"), "seed", found=shown(seed)))
    if not isinstance(changes, dict) or len(changes) > MOST_CHANGES:
        allowed = say("an object with at most {most} entries", most=MOST_CHANGES)
        problems.append(Problem(say("not the changes of a page"), "changes", allowed=allowed))
        raise ScenarioError(problems)
    for path, value in changes.items():
        if not _plain(value):
            problems.append(Problem(say("must be a number, a name, true or false"), path[:80], found=shown(value)))
        elif "=" in path or len(path) > LONGEST_TEXT or path.startswith(NOT_MOVED):
            problems.append(Problem(say("cannot be moved on the page"), path[:80]))
    if problems:
        raise ScenarioError(problems)
    return Wish(str(start), changes, seed, str(session))


def _plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT
    return isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value))


def worlds(wanted: Wish, starts: Starts) -> Worlds:
    """Both worlds of a question.

    Raises:
        ScenarioError: If the start is unknown, a change is not allowed, the two cannot be compared, or a world is too
            large for a page.
    """
    before = starts.load(wanted.start)
    loaded = starts.load(wanted.start, wanted.overrides) if wanted.changes else before
    plan: ComparisonPlan = prepare([sampled(before), sampled(loaded)], wanted.seed)
    today, what_if = plan.worlds
    size = max(_person_periods(world.scenario) for world in plan.worlds)
    if size > MOST_PERSON_PERIODS:
        raise ScenarioError(
            say("too long for a page: {size} times a person and a period", size=counted(size)),
            "run.periods",
            allowed=counted(MOST_PERSON_PERIODS),
            hint=say("use sim compare, or shorten the scenario"),
        )
    notes = list(plan.notes)
    people = before.scenario.market.customers
    if (
        loaded.scenario.market.customers != people
        and today.scenario.market.customers == what_if.scenario.market.customers
    ):
        notes.append(
            say(
                "The page plays both worlds with {sample} people, so that it does not show what a market of another "
                "size would change; sim compare does.",
                sample=counted(today.scenario.market.customers),
            )
        )
    elif today.scenario.market.customers < people:
        notes.append(
            say(
                "The page plays with {sample} of the {people} people in the market; sim compare runs all of them.",
                sample=counted(today.scenario.market.customers),
                people=counted(people),
            )
        )
    doubts = {doubt.key: told(doubt) for doubt in (*loaded.doubts, *_dated(loaded)) if doubt.key in wanted.changes}
    return Worlds(today, what_if, plan.seed, tuple(notes), doubts, loaded, before)


def _dated(loaded: Loaded) -> Iterator[Problem]:
    """What a timeline sets anew, whatever it was before: a move of it holds until then."""
    for change in loaded.scenario.timeline:
        for path, value in change.set.items():
            yield Problem(say("holds until the file's own plan sets it to {value}", value=value_shown(value)), path)


def _person_periods(scenario: Scenario) -> int:
    return scenario.market.customers * (scenario.run.periods + scenario.run.warm_up)


def sampled(loaded: Loaded) -> Loaded:
    """The same with a market of a page's size; one with ties from a file stays as it is, for they are those of all."""
    market = loaded.scenario.market
    if market.customers <= SAMPLE or market.network.kind == "edges":
        return loaded
    entrants = market.entrants_per_year * SAMPLE / market.customers
    smaller = market.model_copy(update={"customers": SAMPLE, "entrants_per_year": entrants})
    return replace(loaded, scenario=loaded.scenario.model_copy(update={"market": smaller}))


def told(problem: Problem) -> str:
    """A problem as it stands beside its field: without the place in a file, and without the field's own name."""
    hint = "" if problem.hint == say("remove the quotes") else problem.hint  # nobody typed any into a field
    return str(replace(problem, key="", place="", hint=hint))


def refusal(error: ScenarioError) -> list[dict[str, str]]:
    """The problems of an error for a page: `key` says beside which field each belongs."""
    return [{"key": problem.key, "text": told(problem)} for problem in error.problems]
