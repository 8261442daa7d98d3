"""In which language a request is answered: the one that its page speaks, or else that of the process."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from sim.words import NAMES, language, languages, speaking

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

ASKED = "language"
"""Name of the language in an address: `/?language=es`."""


class Tongue:
    """Answers each request in the language that its address asks for; an unknown one is as good as none.

    Args:
        app: What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get(ASKED, [""])
        with speaking(asked[0]):
            await self._app(scope, receive, send)


def tongues() -> list[tuple[str, str, bool]]:
    """Languages that a page can be turned to: code, own name, whether it is the one that is spoken.

    >>> tongues()
    [('en', 'English', True), ('es', 'Español', False)]
    """
    return [(code, NAMES.get(code, code), code == language()) for code in languages()]
