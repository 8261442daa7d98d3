"""The report of what a page shows: both worlds compared as by `sim compare`, as a page for a meeting."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from dataclasses import replace

from sim.app.turns import REPLICATIONS, PageEvent, Turn
from sim.app.wished import Worlds, sampled
from sim.studies.comparison.compare import compare
from sim.words import say

_ONE_AT_A_TIME = threading.Lock()
"""Figures are drawn in a style that holds for the whole process."""


async def report(turn: Turn, planned: Worlds, name: str, question: str) -> AsyncGenerator[PageEvent, None]:
    """Compare both worlds, and write the report.

    Args:
        turn: The question; where it is stopped, no further run begins.
        planned: Both worlds.
        name: What the what-if is called.
        question: What it asks.

    Yields:
        `progress` after each run, and `report` with the file's name and text.
    """
    loop, told = asyncio.get_running_loop(), asyncio.Queue[PageEvent | None]()
    what_if = sampled(planned.loaded)
    named = what_if.scenario.model_copy(update={"name": name, "question": question or what_if.scenario.question})
    scenarios = [sampled(planned.before), replace(what_if, scenario=named, path=None)]

    def progress(done: int, failed: int, of: int) -> None:
        turn.tick()
        text = say("Report: {done} of {of} runs", done=done + failed, of=of)
        loop.call_soon_threadsafe(told.put_nowait, ("progress", {"text": text}))

    def work() -> str:
        with _ONE_AT_A_TIME:
            turn.tick()
            found = compare(scenarios, replications=REPLICATIONS, seed=planned.seed, progress=progress)
            page = found.presentation.page
            return "" if page is None else page(found)

    job = asyncio.ensure_future(asyncio.to_thread(work))
    job.add_done_callback(lambda _: told.put_nowait(None))
    try:
        while (event := await told.get()) is not None:
            yield event
        text = await job
        yield "report", {"file": f"{name}_against_{planned.before.scenario.name}.html", "text": text}
    finally:
        job.cancel()
