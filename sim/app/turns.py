"""Who is running what: each page has one question at a time, a later one stops it, and their number is limited."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any
from weakref import WeakSet, WeakValueDictionary

from sim.app.headline import sentences
from sim.app.picture import cards, fates, years
from sim.app.single_world import ShownWorld, WorldMemory
from sim.app.wished import Wish, Worlds
from sim.results.failed_work import one_line
from sim.studies.comparison.comparison_plan import ComparedWorld
from sim.vocabulary.errors import ExitVoiceError, ScenarioError
from sim.words import say

REPLICATIONS = 10
"""Runs of each world behind a picture; the first is shown at once."""

MOST_TURNS = 16
"""Questions that are worked on at the same time, of all pages together."""

PageEvent = tuple[str, dict[str, Any]]


class TooManyTurnsError(ExitVoiceError):
    """As many questions are being worked on as the server takes."""


class Turn:
    """One question being worked on.

    Attributes:
        session: Which page asked.
    """

    def __init__(self, session: str) -> None:
        self.session = session
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End its runs at the end of their period."""
        self._stopped.set()

    def tick(self) -> None:
        """Called at the end of each period.

        Raises:
            InterruptedError: If it was stopped.
        """
        if self._stopped.is_set():
            raise InterruptedError


class Turns:
    """All questions of all pages, the worlds that were lived for them, and the threads that live them.

    Args:
        threads: Worlds that are lived side by side.
    """

    def __init__(self, threads: int) -> None:
        self.memory = WorldMemory()
        # First pictures have threads of their own: a run that settles cannot be stopped before it has begun.
        self._pools = ThreadPoolExecutor(threads, "first"), ThreadPoolExecutor(threads, "further")
        # Held by whoever answers: a question whose answer is never begun to be read takes no place.
        self._running: WeakValueDictionary[str, Turn] = WeakValueDictionary()
        self._all: WeakSet[Turn] = WeakSet()
        self._lock = threading.Lock()

    def begin(self, session: str) -> Turn:
        """Begin a question; an earlier one of the same page is stopped.

        Raises:
            TooManyTurnsError: If other pages ask as many as the server takes.
        """
        with self._lock:
            older = self._running.pop(session, None)
            if older is not None:
                older.stop()
            if len(self._running) >= MOST_TURNS:
                raise TooManyTurnsError(
                    say("{most} other pages are being answered; try again in a moment", most=MOST_TURNS)
                )
            turn = self._running[session] = Turn(session)
            self._all.add(turn)
            return turn

    def end(self, turn: Turn) -> None:
        """End a question, answered or not: whatever of it still runs is stopped."""
        turn.stop()
        with self._lock:
            self._all.discard(turn)
            if self._running.get(turn.session) is turn:
                self._running.pop(turn.session, None)

    def stop(self) -> None:
        """Stop all questions; takes no lock, so that the handler of a signal may call it."""
        for turn in list(self._all):
            turn.stop()

    def close(self) -> None:
        """Stop everything, and end the threads."""
        self.stop()
        for pool in self._pools:
            pool.shutdown(wait=True, cancel_futures=True)

    async def live(self, turn: Turn, world: ComparedWorld, seed: int, number: int) -> ShownWorld:
        """One world of one replication, on a thread of its own.

        Raises:
            InterruptedError: If the turn was stopped.
        """

        def work() -> ShownWorld:
            turn.tick()
            return self.memory.lived(world, seed, number, 1, turn.tick)

        spoken = copy_context()  # what a run tells is told in the language of its page
        return await asyncio.get_running_loop().run_in_executor(self._pools[number > 0], spoken.run, work)

    async def pair(self, turn: Turn, worlds: Worlds, number: int) -> tuple[ShownWorld, ShownWorld]:
        """Today and what-if with the same luck."""
        today, what_if = (self.live(turn, world, worlds.seed, number) for world in (worlds.today, worlds.what_if))
        found = await asyncio.gather(today, what_if)
        return found[0], found[1]


async def pictures(turns: Turns, turn: Turn, worlds: Worlds, asked: Wish) -> AsyncGenerator[PageEvent, None]:
    """A picture after the first pair of worlds, and a sharper one after each further pair.

    Yields:
        `people` once, `picture` again and again.
    """
    scenario = worlds.today.scenario
    jobs = [asyncio.ensure_future(turns.pair(turn, worlds, 0))]
    try:
        lived = [await jobs[0]]
        jobs += [asyncio.ensure_future(turns.pair(turn, worlds, number)) for number in range(1, REPLICATIONS)]
        while True:
            today, what_if = [pair[0] for pair in lived], [pair[1] for pair in lived]
            yield (
                "picture",
                {
                    "runs": len(lived),
                    "of": REPLICATIONS,
                    "sentences": await asyncio.to_thread(sentences, worlds, asked.changes, today, what_if),
                    "cards": await asyncio.to_thread(cards, worlds, today, what_if),
                    "periods": scenario.run.periods,
                    "years": years(scenario),
                    "notes": list(worlds.notes),
                    "doubts": worlds.doubts,
                    "seed": worlds.seed,
                },
            )
            if len(lived) == 1:
                yield "people", _people(worlds, *lived[0])
            if len(lived) == REPLICATIONS:
                return
            lived.append(await jobs[len(lived)])
    finally:
        for job in jobs:
            if not job.cancel() and not job.cancelled():
                job.exception()  # looked at, or Python complains that nobody has


def _people(worlds: Worlds, today: ShownWorld, what_if: ShownWorld) -> dict[str, Any]:
    return {
        "same": not worlds.what_if.strangers,
        "sentence": fates(worlds, today, what_if),
        "today": today.watched and today.watched._asdict(),
        "what_if": what_if.watched and what_if.watched._asdict(),
    }


async def streamed(turns: Turns, turn: Turn, events: AsyncIterator[PageEvent]) -> AsyncIterator[bytes]:
    """Server-sent events of a question; the last is `end`, `stopped` (a later question came) or `problem`.

    However the stream ends, also because nobody reads it any more, the question ends with it.
    """
    try:
        async for name, data in events:
            yield event(name, data)
        yield event("end", {})
    except InterruptedError:
        yield event("stopped", {})
    except ScenarioError as error:
        yield event("problem", {"text": str(error)})
    except Exception as error:  # a run that fails is told to whoever asked, and ends nothing else
        yield event("problem", {"text": say("A run failed: {reason}", reason=one_line(error))})
    finally:
        turns.end(turn)


def event(name: str, data: dict[str, Any]) -> bytes:
    r"""A server-sent event.

    >>> event("end", {})
    b'event: end\ndata: {}\n\n'
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return f"event: {name}\ndata: {text}\n\n".encode()
