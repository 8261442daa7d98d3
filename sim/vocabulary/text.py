"""What text may hold: the one gate for names, questions and whatever else a person writes; and `escaped`, for the rest.

Text is judged as the value that it decodes to, not as bytes of a file: a backslash and an e may be an ESCAPE.

- Refused, since a terminal, a page or a spreadsheet obeys it instead of showing it: control characters, directional
  controls, separators of lines and paragraphs; tabs and line breaks too, but for texts of several lines.
- Refused, since nobody sees it, so that two names look the same: zero-width characters, fillers, tags, soft hyphens.
- Refused, since it means nothing to others: private use, noncharacters, lone surrogates.
- Joiners, which Persian and the scripts of India need, stand between letters of scripts without capitals, or between
  parts of an emoji; a variation selector stands alone behind what it selects.
- At most six combining marks stand on one letter, and none at the very beginning.

Everything else passes, code points of later Unicode included. Text is never normalised: a file's name is its bytes, and
what a person wrote is what they see again. Where names of two sources must meet, they meet in form NFC.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from sim.words import say

ONE_LINE = "letters, digits, signs and spaces of any script, on one line"
SEVERAL_LINES = "letters, digits, signs and spaces of any script; tabs and line breaks"
MOST_MARKS = 6

_CONTROLS = (
    "NULL",
    "START OF HEADING",
    "START OF TEXT",
    "END OF TEXT",
    "END OF TRANSMISSION",
    "ENQUIRY",
    "ACKNOWLEDGE",
    "BELL",
    "BACKSPACE",
    "TABULATION",
    "LINE FEED",
    "LINE TABULATION",
    "FORM FEED",
    "CARRIAGE RETURN",
    "SHIFT OUT",
    "SHIFT IN",
    "DATA LINK ESCAPE",
    "DEVICE CONTROL ONE",
    "DEVICE CONTROL TWO",
    "DEVICE CONTROL THREE",
    "DEVICE CONTROL FOUR",
    "NEGATIVE ACKNOWLEDGE",
    "SYNCHRONOUS IDLE",
    "END OF TRANSMISSION BLOCK",
    "CANCEL",
    "END OF MEDIUM",
    "SUBSTITUTE",
    "ESCAPE",
    "FILE SEPARATOR",
    "GROUP SEPARATOR",
    "RECORD SEPARATOR",
    "UNIT SEPARATOR",
)
_OTHER_CONTROLS = {"\x7f": "DELETE", "\x85": "NEXT LINE", "\x9b": "CONTROL SEQUENCE INTRODUCER"}
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
_DIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d\u180e")
_SEEN_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
_SELECTOR = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# What Unicode calls ignorable by default, although it is a letter, a mark or not assigned yet.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2065\u3164\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]")
# Pages of tables are made of what always passes, so only the rest is looked at character by character.
_NOT_PLAIN = re.compile("[^ -~]")
_NOT_PLAIN_LINES = re.compile("[^ -~\t\n]")
_LETTERS = ("Lo", "Lm")
_IN_WORDS = (*_LETTERS, "Mn", "Mc")
_MODIFIER = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
_PICTURE = re.compile("[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001fbff]")


@dataclass(frozen=True)
class Flaw:
    """A character that does not pass the gate.

    Attributes:
        position: Where it stands, from 0.
        character: The character.
        why: What is wrong with it.
    """

    position: int
    character: str
    why: str

    @property
    def found(self) -> str:
        """The character by number and name, and its place, counted from 1."""
        return say("{named} as character {position}", named=named(self.character), position=self.position + 1)


def named(character: str) -> str:
    """A character's number and name.

    >>> named(chr(27)), named(chr(0x202E)), named(chr(0xE000))
    ('U+001B (ESCAPE)', 'U+202E (RIGHT-TO-LEFT OVERRIDE)', 'U+E000 (PRIVATE USE)')
    """
    code = ord(character)
    name = _CONTROLS[code] if code < 32 else _OTHER_CONTROLS.get(character) or unicodedata.name(character, "")
    if not name:
        kinds = {"Cc": say("CONTROL CHARACTER"), "Co": say("PRIVATE USE"), "Cs": say("LONE SURROGATE")}
        name = kinds.get(unicodedata.category(character), say("NOT ASSIGNED"))
    return f"U+{code:04X} ({name})"


def flaw(text: str, *, lines: bool = False) -> Flaw | None:
    """The first character of a text that does not pass the gate, or none.

    Args:
        text: The value, decoded.
        lines: Whether tabs and line breaks make sense, as in a question.

    >>> flaw("Grüße, مرحبا, 👩‍💻, $x^2$"), flaw("a" + chr(27) + "[31m").found
    (None, 'U+001B (ESCAPE) as character 2')
    """
    if text.isascii() and text.isprintable():
        return None
    return next(_flaws(text, lines), None)


def escaped(text: str, *, lines: bool = False) -> str:
    r"""A text that comes from outside, fit to be printed: what does not pass the gate is written by its number.

    The numbers are written as in JSON, so that JSON stays JSON with the same meaning.

    Args:
        text: Such as a file's name, or what a library says.
        lines: Whether tabs and line breaks are kept.

    >>> print(escaped("a" + chr(27) + "[31m" + chr(0x202E) + "b"))
    a\u001b[31m\u202eb
    """
    if text.isascii() and text.isprintable():
        return text
    bad = {found.position for found in _flaws(text, lines)}
    if not bad:
        return text
    return "".join(_written(character) if place in bad else character for place, character in enumerate(text))


def _written(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def _flaws(text: str, lines: bool) -> Iterator[Flaw]:
    marks, before = 0, ""  # before: the character in front, empty where there is none that passed
    last = -1
    for met in (_NOT_PLAIN_LINES if lines else _NOT_PLAIN).finditer(text):
        place, character = met.start(), met[0]
        if place > last + 1:
            marks, before = 0, text[place - 1]
        last = place
        why = _reason(character, before, text[place + 1 : place + 2], lines)
        if not why and unicodedata.category(character) in ("Mn", "Me") and not _SELECTOR.match(character):
            marks += 1
            if marks > MOST_MARKS:
                why = say("more than {most_marks} marks stand on one letter", most_marks=MOST_MARKS)
            elif not before:
                why = say("a mark stands on nothing")
        elif character not in _JOINERS:
            marks = 0
        if why:
            yield Flaw(place, character, why)
        before = "" if why else character


def _reason(character: str, before: str, behind: str, lines: bool) -> str:
    """What is wrong with one character, its neighbours considered; empty where nothing is."""
    if character in "\t\n":
        return "" if lines else say("a tab or line break stands in a text of one line")
    kind = unicodedata.category(character)
    if character in _DIRECTIONAL:
        return say("a control of the direction of writing cannot stand in a text")
    if character in _JOINERS:
        joins = _joins_letters(before, behind) or (character == "\u200d" and _joins_pictures(before, behind))
        return "" if joins else say("a joiner that nobody sees joins nothing")
    if _SELECTOR.match(character):
        alone = before and not before.isspace() and not _SELECTOR.match(before) and before not in _JOINERS
        return "" if alone else say("a variation selector has nothing to select from")
    if _UNSEEN.match(character) or (kind == "Cf" and character not in _SEEN_FORMATS):
        return say("a character that nobody sees cannot stand in a text")
    if kind in ("Cc", "Zl", "Zp"):
        return say("a control character cannot stand in a text")
    if kind == "Cs":
        return say("half a character cannot stand in a text")
    if kind == "Co" or _is_no_character(ord(character)):
        return say("a character without a meaning of its own cannot stand in a text")
    return ""


def _joins_letters(before: str, behind: str) -> bool:
    if not before or not behind or any(_SELECTOR.match(one) or _UNSEEN.match(one) for one in (before, behind)):
        return False
    first, second = unicodedata.category(before), unicodedata.category(behind)
    # Bengali joins a letter to the mark behind it.
    return (first in _IN_WORDS and second in _LETTERS) or (first in _LETTERS and second in _IN_WORDS)


def _joins_pictures(before: str, behind: str) -> bool:
    return bool(_PICTURE.match(behind) and (_PICTURE.match(before) or _MODIFIER.match(before)))


def _is_no_character(code: int) -> bool:
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
