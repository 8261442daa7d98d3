"""Texts that a spreadsheet would compute: guarded when they are written, and given back as they were.

A spreadsheet computes a cell that begins with `=`, `+`, `-` or `@`, with what looks like them in full width, or with a
tab or carriage return before them, and some skip spaces and quotation marks in front. Such a text gets an apostrophe in
front, which spreadsheets show or hide and never compute (OWASP, CSV Injection). The same is done within a text behind a
semicolon, tab or line break, where a spreadsheet of another country begins a new cell. Texts that are plain numbers
are harmless and stay as they are. Whoever reads the file back takes the apostrophe away with `unguarded`.
"""

from __future__ import annotations

import re

_STARTS = r"[=+\-@\uff0b\uff0d\uff1d\uff20\ufe62\ufe63\ufe66\ufe6b]"
# What stands at the beginning, or behind what may separate cells; spaces and quotation marks are skipped. A text that
# looks guarded already gets one apostrophe more, so that every text is read back as it was.
_FORMULA = re.compile(rf"(^|[;\t\n\r])(?=[\s\"'\u201c\u201d]*{_STARTS}|'*[\t\r])")
_GUARDED = re.compile(rf"(^|[;\t\n\r])'(?=[\s\"'\u201c\u201d]*{_STARTS}|'*[\t\r])")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")


def guarded(text: str) -> str:
    """A text as a cell that no spreadsheet computes.

    >>> guarded("=1+1"), guarded("-5"), guarded("-5+cmd"), guarded("a-b")
    ("'=1+1", '-5', "'-5+cmd", 'a-b')
    """
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub(r"\1'", text)


def unguarded(text: str) -> str:
    """The text that `guarded` was given.

    >>> unguarded("'=1+1"), unguarded("'tis"), unguarded("-5")
    ('=1+1', "'tis", '-5')
    """
    return _GUARDED.sub(r"\1", text)
