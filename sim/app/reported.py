"""What a page shows, compared at length as by `sim compare`: a report for a meeting, and which lever does it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from typing import Any

from sim.app.turns import REPLICATIONS, PageEvent, Turn
from sim.app.wished import Worlds, sampled
from sim.results.amounts import change_unit
from sim.studies.changed_levers import find_changed
from sim.studies.comparison.captives_words import is_about_captives
from sim.studies.comparison.compare import compare
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.comparison_rows import earned_of, surely
from sim.studies.comparison.levers_words import beside_shares, better_part, paying_part, shared_of
from sim.studies.shapley import MOST_EXACT
from sim.studies.shared_output import share_lines
from sim.vocabulary.errors import ScenarioError
from sim.words import say

_ONE_AT_A_TIME = ThreadPoolExecutor(1, "report")
"""Figures are drawn in a style that holds for the whole process; whoever waits for another report keeps no thread."""


def report(turn: Turn, planned: Worlds, name: str, question: str) -> AsyncGenerator[PageEvent, None]:
    """Compare both worlds, and write the report.

    Args:
        turn: The question; where it is stopped, no further run begins.
        planned: Both worlds.
        name: What the what-if is called.
        question: What it asks.

    Returns:
        Events: `progress` after each run, and `report` with the file's name and text.
    """

    def written(found: Comparison) -> PageEvent:
        page = found.presentation.page
        text = "" if page is None else page(found)
        return "report", {"file": f"{name}_against_{planned.before.scenario.name}.html", "text": text}

    return _compared(turn, planned, name, question, None, written)


def check_levers(planned: Worlds) -> None:
    """Refuse to share out what a page changes, where that cannot be done, or would take too many worlds.

    Raises:
        ScenarioError: With the reason; of what shapes the people, beside its field.
    """
    count = len(find_changed(planned.today.scenario, planned.what_if.scenario))
    if not 2 <= count <= MOST_EXACT:
        raise ScenarioError(
            say("not a number of levers that a page shares out"),
            found=f"{count}",
            allowed=say("{least} to {most}", least=2, most=MOST_EXACT),
            hint=say("dimensions of one thing are one lever; use sim shares for more") if count > 1 else "",
        )


def which_lever(turn: Turn, planned: Worlds) -> AsyncGenerator[PageEvent, None]:
    """Live the worlds between both, and share out what is changed among the levers.

    Returns:
        Events: `progress` after each run; then `shares`: a line for each lever and for all together, and what to do
        with it; `problem` where some levers only go together.
    """

    def told(found: Comparison) -> PageEvent:
        label = found.labels[1]
        shared = shared_of(found, label)
        if shared is None:
            text = say("Some of these levers only go together, so that they cannot be shared out one by one.")
            return "problem", {"text": text}
        lines = [{"label": line.label, "cells": [_cell(cell) for cell in line.cells]} for line in share_lines(shared)]
        said = _what_to_do(found, label)
        of = f"{shared.total['label']}, {change_unit(str(shared.total['unit']))}"
        return "shares", {"of": of, "lines": lines, "said": said}

    return _compared(turn, planned, planned.what_if.label, "", True, told)


def _what_to_do(found: Comparison, label: str) -> list[str]:
    """Which part of a plan to do; of one that does not surely pay, none, unless a part of it does.

    Where customers cannot leave money does not say which, and the shares of it are left to speak.
    """
    if is_about_captives(found.scenario):
        return beside_shares(found, label)
    if surely(earned_of(found, label)) <= 0:
        return [paying_part(found, label) or say("No part of it surely brings more than what is done today.")]
    best = better_part(found, label)
    return [*([best] if best else []), *beside_shares(found, label)]


def _cell(cell: Any) -> dict[str, str]:
    return {"text": cell, "interval": ""} if isinstance(cell, str) else {"text": cell.value, "interval": cell.interval}


async def _compared(
    turn: Turn,
    planned: Worlds,
    name: str,
    question: str,
    shares: bool | None,
    concluded: Callable[[Comparison], PageEvent],
) -> AsyncGenerator[PageEvent, None]:
    """Compare both worlds: `progress` after each run, then what is made of the comparison."""
    loop, told = asyncio.get_running_loop(), asyncio.Queue[PageEvent | None]()
    what_if = sampled(planned.loaded)
    named = what_if.scenario.model_copy(update={"name": name, "question": question or what_if.scenario.question})
    scenarios = [sampled(planned.before), replace(what_if, scenario=named, path=None)]

    def progress(done: int, failed: int, of: int) -> None:
        turn.tick()
        text = say("{done} of {of} runs", done=done + failed, of=of)
        loop.call_soon_threadsafe(told.put_nowait, ("progress", {"text": text}))

    def work() -> PageEvent:
        turn.tick()
        # a report says what its answer rests on: looked at in this process alone, so that a stop is at once
        measured, threads = (None, 1) if shares is None else (False, None)
        found = compare(
            scenarios,
            replications=REPLICATIONS,
            seed=planned.seed,
            shares=shares,
            assumptions=measured,
            threads=threads,
            progress=progress,
        )
        return concluded(found)

    job = loop.run_in_executor(_ONE_AT_A_TIME, copy_context().run, work)  # told in the language of its page
    job.add_done_callback(lambda _: told.put_nowait(None))
    try:
        while (event := await told.get()) is not None:
            yield event
        yield await job
    finally:
        job.cancel()
