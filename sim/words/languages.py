"""The language in which the program speaks, and its catalogue."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

VARIABLE = "EXITVOICE_LANGUAGE"
DOMAIN = "exitvoice"
CATALOGUES = Path(__file__).resolve().parent / "catalogues"
SOURCE = "en"  # the language of the sentences in the code


class Spoken:
    """The language in use, one for the whole process; chosen at the first sentence if nobody did so before.

    Attributes:
        language: Its code, such as `es` or `pt_BR`; empty as long as nothing has been said.
        catalogue: Its sentences; none where the code's own are the right ones.
    """

    language: str = ""
    catalogue: NullTranslations | None = None


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
    Spoken.catalogue = found
    Spoken.language = code if found else SOURCE
    return Spoken.language


def language() -> str:
    """The code of the language that is spoken."""
    return Spoken.language or choose_language()


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
