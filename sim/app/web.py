"""What the server answers: the page and its files, the levers, and the questions that a page asks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from functools import wraps
from importlib.resources import files
from typing import Any

from markupsafe import Markup
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from sim.app.brought import HOLDS, MOST_TABLE_BYTES, LikelyColumnsError, brought
from sim.app.door import Door
from sim.app.headline import changed
from sim.app.kept_files import experiment_file, scenario_file
from sim.app.lever_range import LeverRange, lever_range, points
from sim.app.movable import levers
from sim.app.page_words import page_words
from sim.app.picture import CARDS, WAYS, label_of
from sim.app.predictions import FIGURES, Predictions, guessed
from sim.app.reported import check_levers, report, which_lever
from sim.app.rules_shown import rooms
from sim.app.starts import Starts
from sim.app.tongue import Tongue, tongues
from sim.app.turns import PageEvent, TooManyTurnsError, Turn, Turns, pictures, streamed
from sim.app.wished import Wish, question, refusal, wish, worlds
from sim.data.units import UNITS_PER_YEAR
from sim.plots.style import COLOURS
from sim.report.templates import template
from sim.results.keyfigures import BY_NAME
from sim.vocabulary.errors import ScenarioError
from sim.words import language, say

TYPES = {"css": "text/css", "js": "text/javascript"}
STREAM = "text/event-stream"


def site(starts: Starts, turns: Turns, ours: Callable[[str], bool], taught: Predictions | None = None) -> Tongue:
    """The whole server, as an ASGI application.

    Args:
        starts: Scenarios that may be started from.
        turns: What lives worlds.
        ours: Which `Host` is this server's, see `sim.app.door.welcome`.
        taught: Where a class's predictions are kept for its teacher; None keeps none.
    """
    pages = Pages(starts, turns, taught)
    routes = [
        Route("/", pages.page, methods=["GET"]),
        Route("/page/{name}", pages.file, methods=["GET"]),
        Route("/levers/{start}", pages.levers, methods=["GET"]),
        Route("/rules/{figure}", pages.rules, methods=["GET"]),
        Route("/class", pages.taught, methods=["GET"]),
        Route("/play", pages.play, methods=["POST"]),
        Route("/range", pages.range, methods=["POST"]),
        Route("/save", pages.save, methods=["POST"]),
        Route("/experiment", pages.experiment, methods=["POST"]),
        Route("/report", pages.report, methods=["POST"]),
        Route("/shares", pages.shares, methods=["POST"]),
        Route("/table", pages.table, methods=["POST"]),
    ]
    return Tongue(Door(Starlette(routes=routes), ours, {"/table": MOST_TABLE_BYTES}))


def _told(answer: Callable[[Any, Request], Awaitable[Response]]) -> Any:
    """An answer whose refusals a page can show: a problem each, with the field that it is about."""

    @wraps(answer)
    async def told(self: Pages, request: Request) -> Response:
        try:
            return await answer(self, request)
        except ScenarioError as error:
            if "text/html" in request.headers.get("accept", ""):  # an address that somebody opened, and no question
                return PlainTextResponse(str(error), 422)
            return JSONResponse({"problems": refusal(error)}, 422)
        except TooManyTurnsError as error:
            return JSONResponse({"problems": [{"key": "", "text": str(error)}]}, 503)
        except ClientDisconnect:  # a page that asks anew before its question was all here
            return PlainTextResponse("", 400)

    return told


class Pages:
    """What is answered to each address."""

    def __init__(self, starts: Starts, turns: Turns, taught: Predictions | None = None) -> None:
        self._starts, self._turns, self._taught = starts, turns, taught
        self._reading = asyncio.Lock()

    @_told
    async def page(self, request: Request) -> Response:
        """The page, for a start (`?start=NAME`) or the first."""
        key = request.query_params.get("start", self._starts.first)
        scenario = self._starts.load(key).scenario
        given = {"start": key, "seed": scenario.run.seed, "language": language(), "words": page_words(scenario)}
        text = template("app.html.jinja", beside=__name__).render(
            scenario=scenario,
            starts=self._starts.known,
            chosen=key,
            units=list(UNITS_PER_YEAR),
            holds=HOLDS,
            tongues=tongues(),
            given=_embedded(given),
        )
        return HTMLResponse(text)

    async def file(self, request: Request) -> Response:
        """A file of the page: style sheet or script."""
        name = request.path_params["name"]
        known = {item.name for item in files("sim.app").joinpath("page").iterdir()}
        suffix = name.rpartition(".")[2]
        if name not in known or suffix not in TYPES:
            return PlainTextResponse("", 404)
        text = files("sim.app").joinpath("page", name).read_text(encoding="utf-8")
        if suffix == "css":
            text = _colours() + text
        return PlainTextResponse(text, media_type=TYPES[suffix])

    @_told
    async def levers(self, request: Request) -> Response:
        """All levers of a start."""
        return JSONResponse(levers(self._starts.load(request.path_params["start"])))

    @_told
    async def rules(self, request: Request) -> Response:
        """The rules behind a card."""
        name = request.path_params["figure"]
        shown = rooms(name)
        card = next(card for card in CARDS if card.figure == name)
        page = template("rules.html.jinja", beside=__name__)
        return HTMLResponse(page.render(card=card, figure=BY_NAME[name], rooms=shown))

    async def taught(self, request: Request) -> Response:
        """What a class predicts, for whoever shows the code that the terminal told."""
        if self._taught is None or not self._taught.opens(request.query_params.get("code", "")):
            return PlainTextResponse(say("There is no such page."), 404)
        page = template("class.html.jinja", beside=__name__).render(
            asked=self._taught.latest(),
            figures={name: label_of(name) for name in FIGURES},
            ways=WAYS,
            code=request.query_params["code"],
            tongues=tongues(),
        )
        return HTMLResponse(page)

    @_told
    async def play(self, request: Request) -> Response:
        """Both worlds of a question, streamed run by run; what was predicted of them is kept for a teacher."""
        asked = question(await request.body())
        wanted, guesses = wish(asked), guessed(asked)
        planned = worlds(wanted, self._starts)
        if self._taught is not None and guesses is not None:
            self._taught.predicted(wanted, guesses, lambda: changed(planned, wanted.changes))
        return self._stream(wanted, lambda turn: self._noted(wanted, pictures(self._turns, turn, planned, wanted)))

    async def _noted(self, wanted: Wish, events: AsyncGenerator[PageEvent, None]) -> AsyncGenerator[PageEvent, None]:
        """The same events; what came of them is kept beside what was predicted."""
        async with aclosing(events) as told:
            async for name, data in told:
                if self._taught is not None and name == "picture" and data["runs"] == data["of"]:
                    self._taught.came(wanted, data["cards"])
                yield name, data

    @_told
    async def range(self, request: Request) -> Response:
        """One lever over a range, streamed point by point."""
        wanted, tried = self._tried(question(await request.body()))
        return self._stream(wanted, lambda turn: points(self._turns, turn, wanted, tried, self._starts))

    def _stream(self, wanted: Wish, events: Callable[[Turn], AsyncIterator[PageEvent]]) -> Response:
        """Begin a question, and answer with its events as they come."""
        turn = self._turns.begin(wanted.session)
        return StreamingResponse(streamed(self._turns, turn, events(turn)), media_type=STREAM)

    def _tried(self, asked: Mapping[str, Any]) -> tuple[Wish, LeverRange]:
        """A range, at both ends of which, with all that is changed besides, the worlds can be lived."""
        wanted = wish(asked)
        tried = lever_range(asked, wanted, self._starts)
        for end in (tried.values[0], tried.values[-1]):
            worlds(wanted._replace(changes={**wanted.changes, tried.path: end}), self._starts)
        return wanted, tried

    @_told
    async def save(self, request: Request) -> Response:
        """The what-if as a scenario file."""
        asked = question(await request.body())
        name, told = _text(asked, "name"), _text(asked, "question")
        return _file(f"{name}.yaml", scenario_file(wish(asked), self._starts, name, told))

    @_told
    async def experiment(self, request: Request) -> Response:
        """A range as an experiment file."""
        wanted, tried = self._tried(question(await request.body()))
        name = f"range_of_{tried.path.rsplit('.', 1)[-1]}.yaml"
        return _file(name, experiment_file(wanted, self._starts, tried))

    @_told
    async def report(self, request: Request) -> Response:
        """Both worlds compared, as a report for a meeting; streamed run by run."""
        asked = question(await request.body())
        wanted, name, told = wish(asked), _text(asked, "name"), _text(asked, "question")
        scenario_file(wanted, self._starts, name, told)  # refuses what is no name
        planned = worlds(wanted, self._starts)
        return self._stream(wanted, lambda turn: report(turn, planned, name, told))

    @_told
    async def shares(self, request: Request) -> Response:
        """What each lever contributes; streamed run by run."""
        wanted = wish(question(await request.body()))
        planned = worlds(wanted, self._starts)
        check_levers(planned)
        return self._stream(wanted, lambda turn: which_lever(turn, planned))

    @_told
    async def table(self, request: Request) -> Response:
        """How a table of the user's is understood; one at a time."""
        asked = question(await request.body(), MOST_TABLE_BYTES)
        wanted = wish(asked)
        async with self._reading:
            try:
                return JSONResponse(await asyncio.to_thread(brought, asked, wanted, self._starts))
            except LikelyColumnsError as error:
                return JSONResponse({"problems": refusal(error), "proposals": error.proposals}, 422)


def _text(asked: Mapping[str, Any], key: str) -> str:
    value = asked.get(key, "")
    return value if isinstance(value, str) else ""


def _file(name: str, text: str) -> Response:
    return JSONResponse({"file": name, "text": text})


def _embedded(given: Any) -> Any:
    """Plain values as JSON inside a script element: nothing in it can end the element."""
    text = json.dumps(given, ensure_ascii=False).replace("<", "\\u003c")
    return Markup(text)


def _colours() -> str:
    """The colours of our figures, as the names that the style sheet uses."""
    return ":root{" + "".join(f"--{name}:{colour};" for name, colour in COLOURS.items()) + "}\n"
