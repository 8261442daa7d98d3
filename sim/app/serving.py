"""From `sim app` to a page that answers: bind, warm the kernels, say the address, serve, end."""

from __future__ import annotations

import errno
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from sim.app.door import is_loopback, welcome
from sim.vocabulary.errors import ExitVoiceError, Problem
from sim.vocabulary.exit_status import ExitStatus
from sim.vocabulary.extras import needed
from sim.words import choose_language, say

if TYPE_CHECKING:
    from types import FrameType

    from sim.app.predictions import Predictions
    from sim.app.starts import Starts
    from sim.app.turns import Turns

PORT = 8765


class AddressError(ExitVoiceError):
    """The address cannot be listened on."""

    exit_status = ExitStatus.BAD_INPUT


def serve(
    file: Path | None,
    *,
    host: str = "127.0.0.1",
    port: int = PORT,
    for_class: bool = False,
    language: str | None = None,
) -> None:
    """Serve the page until Ctrl-C.

    Args:
        file: Scenario to begin with, or None for the shipped baseline.
        host: Address to listen on.
        port: Its port; 0 for any that is free.
        for_class: Whether predictions are kept, and a teacher is told where to see them.
        language: Of the page and of all that is said; None for that of the process.

    Raises:
        MissingExtraError: If starlette or uvicorn is not installed.
        ScenarioError: If the file is not right, or too large for a page.
        AddressError: If somebody else listens there, or there is no such address.
    """
    if language:
        choose_language(language)
    purpose = say("The page and its server")
    needed("starlette", "app", purpose)
    uvicorn = needed("uvicorn", "app", purpose)
    from sim.app.starts import Starts

    starts = Starts(file)
    listening = listen(host, port)
    address = listening.getsockname()[1]
    if not is_loopback(host):
        print(say("warning: whoever reaches {host} can use this page; there is no password", host=host), flush=True)
    print(say("Warming up..."), flush=True)

    from sim.app.predictions import Predictions
    from sim.app.turns import Turns
    from sim.app.web import site
    from sim.engine.free import usable_cores

    turns, taught = Turns(usable_cores()), Predictions() if for_class else None
    try:
        warm(turns, starts)
        config = uvicorn.Config(
            site(starts, turns, welcome(host, address), taught),
            log_level="error",
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=1,
        )
        try:
            server = uvicorn.Server(config)
            leave, begin = server.handle_exit, server.startup

            def ended(number: int, frame: FrameType | None) -> None:
                turns.stop()  # an answer that is still being read would be broken off, and the server complain of it
                leave(number, frame)

            async def begun(sockets: list[socket.socket] | None = None) -> None:
                await begin(sockets)
                _tell_address(host, address, taught)  # now it answers, and Ctrl-C is heard

            server.handle_exit, server.startup = ended, begun
            server.run(sockets=[listening])
        except KeyboardInterrupt as end:
            if getattr(end, "exit_status", ExitStatus.INTERRUPTED) != ExitStatus.INTERRUPTED:
                raise
        print(say("Ended."), flush=True)
    finally:
        turns.close()
        listening.close()


def _tell_address(host: str, port: int, taught: Predictions | None) -> None:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    print(say("The page: http://{host}:{port}/ (Ctrl-C ends)", host=shown, port=port), flush=True)
    if taught is not None:
        told = say(
            "The teacher's view: http://{host}:{port}/class?code={code}", host=shown, port=port, code=taught.code
        )
        print(told, flush=True)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on an address.

    Raises:
        AddressError: If it cannot.
    """
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(64)
    except OSError as error:
        made.close()
        hint = (
            say("--port 0 takes any port that is free")
            if error.errno in (errno.EADDRINUSE, errno.EACCES)
            else say("--host takes an address of this machine")
        )
        why = say("cannot be listened on: {why}", why=error.strerror or error)
        raise AddressError(str(Problem(why, f"{host}:{port}", hint=hint))) from None
    return made


def warm(turns: Turns, starts: Starts) -> None:
    """Live the first picture of the first page, which compiles whatever is not compiled yet and settles its start."""
    import asyncio
    from contextlib import aclosing

    from sim.app.turns import pictures
    from sim.app.wished import Wish, worlds

    asked = Wish(starts.first, {}, None, "warming")
    planned = worlds(asked, starts)

    async def first() -> None:
        turn = turns.begin(asked.session)
        try:
            async with aclosing(pictures(turns, turn, planned, asked)) as shown:
                await anext(shown)
        finally:
            turns.end(turn)

    asyncio.run(first())
