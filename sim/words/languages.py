"""The language in which the program speaks, and its catalogue: one for the process, another for whoever asks for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gettext import NullTranslations

VARIABLE = "EXITVOICE_LANGUAGE"
DOMAIN = "exitvoice"
CATALOGUES = Path(__file__).resolve().parent / "catalogues"
SOURCE = "en"  # the language of the sentences in the code


NAMES = {"en": "English", "es": "Español"}
"""What languages call themselves."""


class Spoken(NamedTuple):
    """A language in use.

    Attributes:
        language: Its code, such as `es` or `pt_BR`.
        catalogue: Its sentences; none where the code's own are the right ones.
    """

    language: str
    catalogue: NullTranslations | None


class _Process:
    """What the process speaks; chosen at the first sentence if nobody did so before."""

    spoken: Spoken | None = None


_ASKED: ContextVar[Spoken | None] = ContextVar("asked", default=None)
"""What the reader asked for who is answered here; only a server has several."""


def choose_language(wanted: str | None = None, folder: Path = CATALOGUES) -> str:
    """Choose the language of all that is said from now on.

    A language without a catalogue is told once on standard error, and English is spoken.

    Args:
        wanted: Its code; without it what the environment variable `EXITVOICE_LANGUAGE` says, or else English.
        folder: Where the catalogues are.

    Returns:
        The code of the language that is spoken.

    >>> choose_language("en")
    'en'
    """
    code = (os.environ.get(VARIABLE, "") if wanted is None else wanted).strip().replace("-", "_").split(".")[0]
    found = None if code.partition("_")[0] in ("", SOURCE, "C", "POSIX") else _catalogue(code, folder)
    _Process.spoken = Spoken(code if found else SOURCE, found)
    return _Process.spoken.language


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language to one reader, whatever the process speaks to others.

    It holds within the `with`, also in tasks and threads begun there that take its context along.

    Args:
        code: One of `languages()`; any other leaves the language as it is.

    >>> from sim.words import say
    >>> with speaking("es"):
    ...     say("Today")
    'Hoy'
    >>> with speaking("tlh"):
    ...     language()
    'en'
    """
    token = _ASKED.set(_of_reader(code) if code in languages() else _ASKED.get())
    try:
        yield
    finally:
        _ASKED.reset(token)


@cache
def _of_reader(code: str) -> Spoken:
    return Spoken(code, None if code == SOURCE else _catalogue(code, CATALOGUES))


def spoken() -> Spoken:
    """The language that is spoken here."""
    asked = _ASKED.get()
    if asked is not None:
        return asked
    if _Process.spoken is None:
        choose_language()
    return _Process.spoken or Spoken(SOURCE, None)


def language() -> str:
    """The code of the language that is spoken."""
    return spoken().language


def languages(folder: Path = CATALOGUES) -> list[str]:
    """Codes of all languages that can be chosen.

    >>> "en" in languages()
    True
    """
    return sorted({SOURCE, *(file.parent.parent.name for file in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))})


def _catalogue(code: str, folder: Path) -> NullTranslations | None:
    import gettext

    try:
        return gettext.translation(DOMAIN, folder, [code])
    except (OSError, ValueError, UnicodeError, KeyError):  # none there, or none that can be read
        print(_unknown(code, languages(folder)), file=sys.stderr)
        return None


def _unknown(code: str, known: Iterable[str]) -> str:
    """The one notice that can only be English.

    >>> _unknown("tlh", ["en", "es"])
    "note: there is no language 'tlh' here, so English is used; EXITVOICE_LANGUAGE can be: en, es"
    """
    return f"note: there is no language {code!r} here, so English is used; {VARIABLE} can be: {', '.join(known)}"
