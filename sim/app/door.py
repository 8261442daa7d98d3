"""Who may ask: this machine's own pages only, and what every answer tells the browser to refuse.

A page of another site cannot read this server: its `Host` is not ours (so that a name that is made to point to this
machine finds nothing), its `Origin` is not ours, and what changes anything must be JSON, which a browser does not send
to strangers without asking first.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sim.app.wished import MOST_BYTES
from sim.words import say

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches an address to listen on.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def welcome(address: str, port: int) -> Callable[[str], bool]:
    """Which `Host` is ours, for a server that listens on an address.

    On every interface (`0.0.0.0`, `::`) any address in numbers is, and this machine's own name: a name that somebody
    else makes point here is not.

    >>> ours = welcome("127.0.0.1", 8765)
    >>> ours("127.0.0.1:8765"), ours("localhost:8765"), ours("evil.example:8765"), ours("127.0.0.1")
    (True, True, False, False)
    """
    names = {name.lower() for name in (*LOOPBACK, _bracketed(address), socket.gethostname())}
    everywhere = address in ("0.0.0.0", "::")

    def ours(host: str) -> bool:
        name, _, asked = host.lower().rpartition(":")
        if port == 80 and not asked.isdecimal():  # a browser leaves the usual port out
            name, asked = host.lower(), "80"
        return asked == str(port) and (name in names or (everywhere and _is_numeric(name)))

    return ours


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _is_numeric(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


class Door:
    """Refuses what is not ours before anything looks at it, and puts the headers on whatever is answered.

    Args:
        app: What answers.
        ours: Which `Host` is.
        larger: Addresses whose questions may be larger than others, and how large.
    """

    def __init__(self, app: ASGIApp, ours: Callable[[str], bool], larger: Mapping[str, int]) -> None:
        self._app, self._ours, self._larger = app, ours, larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origins = [value.decode("latin-1").lower() for name, value in scope["headers"] if name.lower() == b"origin"]
        refused = self._refused(scope, headers, origins)

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                own: list[Any] = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", []), *own]}
            await send(message)

        if refused is None:
            await self._app(scope, receive, headed)
            return
        from starlette.responses import PlainTextResponse

        status, why = refused
        await PlainTextResponse(why, status)(scope, receive, headed)

    def _refused(self, scope: Scope, headers: dict[str, str], origins: list[str]) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if not self._ours(host):
            return 400, say("This server answers only to its own address.")
        if any(origin != f"http://{host.lower()}" for origin in origins):
            return 403, say("A page of another site may not ask this server.")
        # A link elsewhere may lead to the page itself, which shows nothing to where it came from.
        if scope["path"] != "/" and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return 403, say("A page of another site may not ask this server.")
        if scope["method"] == "POST":
            if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
                return 415, say("Questions must be JSON.")
            length = headers.get("content-length", "")
            most = self._larger.get(scope["path"], MOST_BYTES)
            if not length.isdecimal() or int(length) > most:
                return 413, say("A question may have {most:,} bytes, and must say how many it has.", most=most)
        return None
