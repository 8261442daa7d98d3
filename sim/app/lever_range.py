"""Try a range: one lever at nine values, everything else as on the page, each against today with the same luck."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.app.picture import CARDS, UP, axis, label_of, plain, row
from sim.app.single_world import ShownWorld
from sim.app.starts import Starts
from sim.app.turns import PageEvent, Turn, Turns
from sim.app.wished import Wish, Worlds, worlds
from sim.parameters.labels import label
from sim.parameters.paths import get_path
from sim.parameters.plain_words import shown
from sim.report.signed_changes import change
from sim.results.amounts import change_unit
from sim.results.outputs import PROFIT
from sim.studies.comparison.captives_words import is_about_captives
from sim.vocabulary.errors import ScenarioError
from sim.words import listed, say, written

Pairs = list[list[tuple[ShownWorld, ShownWorld]]]
"""Today and what-if of each run at each point."""

POINTS = 9
REPLICATIONS = 4
"""Runs of each point with the same luck; a sweep of the experiment file takes more."""


@dataclass(frozen=True)
class LeverRange:
    """One lever and where it is tried.

    Attributes:
        path: The parameter.
        values: From the lowest to the highest.
        today: Its value in the scenario started from.
    """

    path: str
    values: tuple[float, ...]
    today: float


def lever_range(asked: Mapping[str, Any], wanted: Wish, starts: Starts) -> LeverRange:
    """What of a question is about the range.

    Raises:
        ScenarioError: If the path is no number's, or the ends are no numbers in order.
    """
    path, low, high = asked.get("path"), asked.get("low"), asked.get("high")
    scenario = starts.load(wanted.start).scenario
    today = get_path(scenario, path) if isinstance(path, str) else None
    if isinstance(today, bool) or not isinstance(today, int | float):
        raise ScenarioError(say("only a number has a range"), "path", found=shown(path))
    numbers = all(isinstance(end, int | float) and not isinstance(end, bool) for end in (low, high))
    if low is None or high is None or not numbers or not low < high:
        raise ScenarioError(
            say("must be two numbers, the lower one first"), str(path), found=f"{shown(low)}, {shown(high)}"
        )
    values = np.linspace(low, high, POINTS)
    if isinstance(today, int):
        values = np.unique(np.round(values))
    return LeverRange(str(path), tuple(int(v) if isinstance(today, int) else float(f"{v:.6g}") for v in values), today)


async def points(turns: Turns, turn: Turn, wanted: Wish, tried: LeverRange, starts: Starts) -> AsyncIterator[PageEvent]:
    """Live the points.

    Yields:
        `point` after each of them, and `range` with a curve for each card.
    """
    planned = [worlds(wanted._replace(changes={**wanted.changes, tried.path: value}), starts) for value in tried.values]
    jobs = [
        [asyncio.ensure_future(turns.pair(turn, plan, number)) for number in range(REPLICATIONS)] for plan in planned
    ]
    found: Pairs = []
    try:
        for of_point in jobs:
            found.append([await job for job in of_point])
            text = say("{done} of {points} points", done=len(found), points=len(planned))
            yield "point", {"done": len(found), "of": len(planned), "text": text}
    finally:
        for job in (job for of_point in jobs for job in of_point):
            job.cancel()
    yield "range", await asyncio.to_thread(_told, tried, planned[0], found)


def _told(tried: LeverRange, plan: Worlds, found: Pairs) -> dict[str, Any]:
    currency = plan.today.scenario.money.currency
    return {
        "path": tried.path,
        "label": label(tried.path),
        "values": list(tried.values),
        "texts": [_text(value) for value in tried.values],
        "today": tried.today,
        "curves": [_curve(name, found, currency) for name in (*(card.figure for card in CARDS), *_judged_by(found))],
        **_best(tried, found, currency, captives=is_about_captives(plan.today.scenario)),
    }


def _judged_by(found: Pairs) -> tuple[str, ...]:
    """Margin and the value of customers together, where that value has an end at every point."""
    known = all(math.isfinite(world.figures[PROFIT]) for point in found for pair in point for world in pair)
    return (PROFIT,) if known else ()


def _best(tried: LeverRange, found: Pairs, currency: str, *, captives: bool = False) -> dict[str, Any]:
    """Which value to choose: `best`, its place among them, and `said`, whether it is surely better than today.

    By money; by satisfaction where customers cannot leave, as the page's sentence judges there.
    """
    name = "satisfaction" if captives else (*_judged_by(found), "margin")[0]
    rows = [row(name, *_sides(point), currency) for point in found]
    best = int(np.argmax([each.difference for each in rows]))
    figure, value = rows[best].label, _text(tried.values[best])
    if rows[best].sure != UP:
        return {"best": best, "said": say("“{figure}” is at none of them surely higher than today.", figure=figure)}
    chosen = _sides(found[best])[1]
    against = [row(name, _sides(point)[1], chosen, currency) for point in found]
    alike = [_text(tried.values[n]) for n, each in enumerate(against) if n != best and each.sure != UP]
    told = {"figure": figure, "value": value, "change": rows[best].change, "interval": rows[best].interval}
    if not alike:
        said = say("“{figure}” is highest at {value}: {change} against today ({interval}).", **told)
    else:
        said = say(
            "“{figure}” is highest at {value}: {change} against today ({interval}). Not to be told from it: {values}.",
            values=listed(alike),
            **told,
        )
    return {"best": best, "said": said}


def _sides(point: list[tuple[ShownWorld, ShownWorld]]) -> tuple[list[ShownWorld], list[ShownWorld]]:
    return [pair[0] for pair in point], [pair[1] for pair in point]


def _text(value: float) -> str:
    return written(value, ",.6g").replace("-", "−")


def _curve(name: str, found: Pairs, currency: str) -> dict[str, Any]:
    rows = [row(name, *_sides(point), currency) for point in found]
    limits = np.array([[each.difference, each.low, each.high] for each in rows])
    unit = rows[0].unit
    y = axis(np.append(limits, 0.0), "ratio")
    apart = (y["high"] - y["low"]) / (len(y["ticks"]) - 1)
    return {
        "name": name,
        "title": say("{figure}: difference to today", figure=label_of(name)),
        "line": [plain(column) for column in limits.T],
        "texts": [f"{each.change} ({each.interval})" if each.interval else each.change for each in rows],
        "y": {**y, "ticks": [[tick, change(tick, unit, 10.0 * apart, bare=True)] for tick, _ in y["ticks"]]},
        "unit": change_unit(unit),
    }
