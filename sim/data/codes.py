"""Words that say whether a customer has left, and codes of the settings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from sim.data.known_names import KNOWN

YES, NO = KNOWN["yes"], KNOWN["no"]
"""Cells as `plain_code` writes them."""

_MEANINGS = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}


def plain_code(text: str) -> str:
    """A code without capitals, accents, a full stop at its end, or the decimals of a whole number.

    >>> plain_code(" True."), plain_code("Sí"), plain_code("1.0"), plain_code("0.50")
    ('true', 'si', '1', '0.50')
    """
    text = unicodedata.normalize("NFKD", text.strip().casefold())
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    if text in ("1.0", "0.0", "1,0", "0,0", "1.", "0."):
        return text[0]
    return text.removesuffix(".")


def meaning_of(text: str, own: Sequence[tuple[str, bool]]) -> bool | None:
    """Whether a code says that somebody has left; None if it says neither.

    Args:
        text: The cell.
        own: Codes of the user with their meaning. If there are any, no other code has a meaning.

    >>> (
    ...     meaning_of("Churned", []),
    ...     meaning_of("2", []),
    ...     meaning_of("2", [("2", False)]),
    ...     meaning_of("yes", [("2", True)]),
    ... )
    (True, None, False, None)
    """
    if own:
        return next((meaning for code, meaning in own if plain_code(code) == plain_code(text)), None)
    return _MEANINGS.get(plain_code(text)) if text.isascii() or plain_code(text).isascii() else None


def alike(text: str, code: str) -> bool:
    """Whether a cell is a code of the settings: the same text, or the same number.

    >>> alike("1.0", "1"), alike("Sí", "si")
    (True, False)
    """
    try:
        return text.casefold() == code.casefold() or float(text) == float(code)
    except ValueError:
        return False


def any_alike(text: str, codes: Iterable[str]) -> bool:
    """Whether a cell is one of several codes."""
    return any(alike(text, code) for code in codes)
