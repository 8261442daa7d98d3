"""A language in which every sentence of the catalogue stands in guillemets: what stands outside is not translated."""

from __future__ import annotations

import runpy
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

ROOT = Path(__file__).resolve().parents[2]
LANGUAGE = "xx"


def marked(text: str) -> str:
    """A sentence in guillemets, line breaks at its ends left outside.

    >>> marked("It is so.")
    '«It is so.»'
    """
    core = text.strip("\n")
    return text.replace(core, f"«{core}»") if core else text


def write_pseudo(folder: Path) -> None:
    """Compile a catalogue of the pseudo-language below a folder, as the program looks for it."""
    catalogue = Catalog(locale=None, charset="utf-8")
    for message in runpy.run_path(str(ROOT / "docs" / "words.py"))["messages"]():
        if isinstance(message.text, tuple):
            catalogue.add(message.text, tuple(marked(form) for form in message.text))
        else:
            catalogue.add(message.text, marked(message.text))
    place = folder / LANGUAGE / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "exitvoice.mo").open("wb") as file:
        write_mo(file, catalogue)
