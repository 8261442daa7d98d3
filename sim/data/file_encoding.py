"""In which encoding a text file is written: by its first bytes, or because nothing else fits all of them."""

from __future__ import annotations

import codecs
from typing import BinaryIO

from sim.vocabulary.errors import ScenarioError
from sim.words import say

BLOCK = 2**20
SAMPLE = 4096

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
}


def encoding_of(file: BinaryIO, stated: str | None, label: str) -> tuple[str, str]:
    """The codec of a file, and its name for people; the file stands at its beginning afterwards.

    Args:
        file: Open for reading, at its beginning.
        stated: What the user says, or None.
        label: How messages name the file.

    Raises:
        ScenarioError: If the stated encoding is not known or does not fit, or none does.

    >>> import io
    >>> encoding_of(io.BytesIO("größe".encode("cp1252")), None, "a.csv")
    ('cp1252', 'Windows-1252')
    """
    head = file.read(SAMPLE)
    file.seek(0)
    if stated is not None:
        try:
            codec = codecs.lookup(stated).name
            "".encode(codec)
        except (LookupError, ValueError):
            raise ScenarioError(
                say("no such encoding"), "encoding", found=stated, allowed="utf-8, utf-16, cp1252, ..."
            ) from None
        codec = "utf-8-sig" if codec == "utf-8" else codec
        fault = _misfit(file, codec)
        if fault is None:
            return codec, _NAMES.get(codec, stated)
        raise ScenarioError(say("not written in the stated encoding"), "encoding", f"{label}:{fault}", stated)
    for codec in _candidates(head):
        fault = _misfit(file, codec)
        if fault is None:
            return codec, _NAMES[codec]
    raise ScenarioError(
        say("not a text in UTF-8, UTF-16 or Windows-1252"),
        place=label,
        allowed=say("a CSV file, .xlsx or .parquet"),
        hint=say("say its encoding: encoding: ..., or save the table as CSV in UTF-8"),
    )


def _candidates(head: bytes) -> list[str]:
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return [codec]
    half = len(head) // 2
    if half >= 4 and head[1::2].count(0) > 0.4 * half:
        return ["utf-16-le"]
    if half >= 4 and head[::2].count(0) > 0.4 * half:
        return ["utf-16-be"]
    return ["utf-8", "cp1252"]


def _misfit(file: BinaryIO, codec: str) -> int | None:
    """The line in which a codec fails, or None; the file stands at its beginning afterwards."""
    decoder, line = codecs.getincrementaldecoder(codec)(), 1
    try:
        for block in iter(lambda: file.read(BLOCK), b""):
            line += decoder.decode(block).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeError:
        return line
    finally:
        file.seek(0)
    return None
