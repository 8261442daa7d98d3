"""A user's table under our names for its columns: strictly read, with line and column of everything that is wrong."""

from __future__ import annotations

import datetime as dt
import math
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.data.calendar_dates import DAY_FIRST, MONTH_FIRST, read_dates, zone_named
from sim.data.codes import NO, YES, meaning_of
from sim.data.numerals import Cell, Convention, convention_of
from sim.data.table_kinds import ANSWERS, NUMBER, TableKind
from sim.data.table_settings import TableSettings, missing_said
from sim.data.units import time_unit_words, unit_named
from sim.parameters.plain_words import shown
from sim.vocabulary.errors import Problems
from sim.words import Saying, Sentences, listed, say

MOST = 1_000_000_000
"""Customers, survivors or answers that a cell can stand for."""

SMALLEST = sys.float_info.min
"""Numbers nearer to 0 than this, but not 0, lose digits or vanish: they are damage and no measurement."""

_ANSWER = re.compile(
    r"(?P<number>[0-9]{1,3})\s*(?:(?:[-\u2013\u2014:=)]|\.(?=\s)|(?=\())\s*[^\s0-9].*|"
    r"(?:/|(?:out )?of) ?[0-9]{1,3}|stars?)"
)
_NEVER = re.compile(r"0000-00-00.*|(?:9999|2999)-12-3[01].*|3[01][./]12[./](?:9999|2999)", re.DOTALL)
"""What systems write for a day that is not there, or never comes."""

_SHORT_YEAR = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}|[^\W\d_]{3,9}[-/ ]'?[0-9]{2}")
_CUT_ID = re.compile(r"[0-9][.,][0-9]+[eE]\+[0-9]+")
_THREE_DECIMALS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


MOST_LISTED = 8
"""Texts that say nothing which one message lists."""


@dataclass
class UsersTable:
    """A table as text, under our names for its columns, and the problems found in it so far.

    Attributes:
        label: How messages name the file.
        sha256: Of its bytes, in hexadecimal digits.
        kind: What it holds.
        settings: What the user says of it.
        columns: Texts by our name.
        lines: Line of each row in the file.
        names: The file's own column names, by ours.
        form: Which columns it is read by.
        convention: How its numbers are written.
        facts: What was understood, as pairs of a label and a sentence.
        odd: What looks odd, in sentences.
        problems: What is wrong; `check` raises them together.
        cell_names: Of a table with a column for each time: the file's column of each row.
        aside: The file's columns that are left aside.
        of_segment: Segment of the fitted scenario that it is of; empty where it is of the whole firm.
    """

    label: str
    sha256: str
    kind: TableKind
    settings: TableSettings
    columns: dict[str, list[str]]
    lines: list[int]
    names: dict[str, str]
    form: tuple[str, ...] = ()
    convention: Convention = field(default_factory=Convention)
    facts: list[tuple[str, str]] = field(default_factory=list)
    odd: Sentences = field(default_factory=Sentences)
    problems: Problems = field(default_factory=Problems)
    cell_names: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    of_segment: str = ""

    def __len__(self) -> int:
        return len(self.lines)

    def __contains__(self, column: str) -> bool:
        return column in self.columns

    def complain(
        self, row: int, column: str, message: str, found: object = "", allowed: str = "", hint: str = ""
    ) -> None:
        """Note a problem with one cell."""
        text = shown(found) if found != "" else ""
        name = self.cell_names[row] if self.cell_names else self.names.get(column, column)
        self.problems.add(message, name, f"{self.label}:{self.lines[row]}", text, allowed, hint=hint)

    def keep(self, rows: Sequence[int]) -> None:
        """Keep only some rows, by their numbers."""
        self.columns = {ours: [texts[row] for row in rows] for ours, texts in self.columns.items()}
        self.lines = [self.lines[row] for row in rows]
        self.cell_names = [self.cell_names[row] for row in rows] if self.cell_names else []

    def check(self) -> None:
        """Raise what was found wrong.

        Raises:
            ScenarioError: With all problems noted so far, a line each.
        """
        self.problems.check()

    def tell(self, label: str, sentence: str) -> None:
        """Note what was understood."""
        if sentence:
            self.facts.append((label, sentence))

    def retell(self, label: str, sentence: str) -> None:
        """Put another sentence in the place of what was noted before it was known better."""
        self.facts = [(name, sentence if name == label else told) for name, told in self.facts]

    def about(self, label: str) -> Saying:
        """Note what is said now: `table.about(say("rows")).say("{n} rows", n=3)`."""
        return Saying(lambda sentence: self.tell(label, sentence))

    def unit(self, otherwise: str, why: str) -> str:
        """Unit of time of `tenure` or `time`: as stated, else as the file's name of it says; both are told.

        Args:
            otherwise: What it is where neither says.
            why: What is told then.
        """
        if self.settings.unit is not None:
            return self.settings.unit
        name = self.cell_names[0] if self.cell_names else self.names.get("tenure", self.names.get("time", ""))
        named = unit_named(name)
        if named:
            why = say("{unit}, by the name {name!r}: `unit:` says another", unit=time_unit_words(named), name=name)
        self.tell(say("unit"), why)
        return named or otherwise

    def settle_numbers(self) -> None:
        """Find out how numbers are written in all columns that hold them."""
        self._leave_words_aside()

        def cells() -> Iterator[Cell]:
            for ours, texts in self.columns.items():
                if self.kind.columns[ours].holds == NUMBER:
                    for row, text in enumerate(texts):
                        yield Cell(text, self.names.get(ours, ours), f"{self.label}:{self.lines[row]}")

        self.convention, words, problems = convention_of(cells(), self.settings.decimal, typed=self.convention.typed)
        self.tell(say("numbers"), words)
        self.problems += problems
        self.check()

    def _leave_words_aside(self) -> None:
        """Of answers with words behind the number, the number."""
        for column in sorted(ANSWERS & self.columns.keys()):
            said = [_ANSWER.fullmatch(text) for text in self.columns[column]]
            example = next((match.string for match in said if match), None)
            if example is not None:
                texts = zip(self.columns[column], said, strict=True)
                self.columns[column] = [match["number"] if match else text for text, match in texts]
                self.about(say("answers")).say("the number before the words counts ({example!r})", example=example)

    def numbers(
        self,
        column: str,
        *,
        low: float = -math.inf,
        high: float = math.inf,
        whole: bool = False,
        hint: str = "",
    ) -> npt.NDArray[np.float64]:
        """A column as numbers; a cell that is none, or outside the range, is noted as a problem and becomes 0.

        Args:
            column: Our name of it.
            low: Smallest number that is allowed.
            high: Largest.
            whole: Whether only whole numbers are.
            hint: What may be meant by numbers outside.
        """
        kind = say("a whole number") if whole else say("a number")
        allowed = kind
        if math.isfinite(low) and math.isfinite(high):
            allowed = say("{kind} from {low:,g} to {high:,.12g}", kind=kind, low=low, high=high)
        elif math.isfinite(low):
            allowed = say("{kind} of at least {low:g}", kind=kind, low=low)
        found = np.zeros(len(self))
        wrong: dict[tuple[str, str], list[int]] = {}
        for row, text in enumerate(self.columns[column]):
            value = self.convention.number(text)
            if not math.isfinite(value):
                message = say("not a number") if text else say("empty")
            elif abs(value) < SMALLEST and _says_more_than_zero(text):
                message = say("too close to 0")
            elif whole and value != math.floor(value):
                message = say("not a whole number")
            elif not low <= value <= high:
                message = say("too small") if value < low else say("too large")
            else:
                found[row] = value
                continue
            wrong.setdefault((message, text), []).append(row)
        for (message, text), rows in wrong.items():
            meant = hint if math.isfinite(self.convention.number(text)) else ""
            self._complain_of(rows, column, message, text, allowed, self._about_number(column, text, meant))
        self._doubt_decimals(column)
        return found

    def _complain_of(self, rows: list[int], column: str, message: str, text: str, allowed: str, hint: str) -> None:
        """Note what is wrong with a text, once for all the rows that have it."""
        if len(rows) > 1:
            message = say("{message}, in {rows:,} rows", message=message, rows=len(rows))
        self.complain(rows[0], column, message, text, allowed, hint)

    def _about_number(self, column: str, text: str, hint: str) -> str:
        """What to do about a cell that is no number, or outside the range."""
        if column in ANSWERS and math.isfinite(self.convention.number(text)):
            away = say("cells that say nothing: missing: [{text}]", text=text)
            return say("{hint}; {away}", hint=hint, away=away) if hint else away
        if any(sign.isdigit() for sign in text):
            return hint
        away = say("such rows are left aside by {setting}", setting=missing_said([text]))
        if text and column in ANSWERS:
            return say("answers in words need their number, such as '5 - very satisfied'; {away}", away=away)
        return away

    def _doubt_decimals(self, column: str) -> None:
        """Say where every number with decimals has three of them: they may be thousands."""
        texts = [text for text in self.columns[column] if "." in text]
        if self.convention.decimal == "." and texts and all(_THREE_DECIMALS.fullmatch(text) for text in texts):
            self.odd.say(
                "{name!r}: every number with a point has three digits behind it ({example}): thousands? Then "
                "decimal: comma",
                name=self.names.get(column, column),
                example=texts[0],
            )

    def truths(self, column: str) -> npt.NDArray[np.bool_]:
        """A column of codes that say whether somebody has left."""
        own = self.settings.codes
        found = np.zeros(len(self), dtype=bool)
        rows: dict[str, list[int]] = {}
        for row, text in enumerate(self.columns[column]):
            rows.setdefault(text, []).append(row)
        said: dict[bool, list[str]] = {True: [], False: []}
        for text, where in rows.items():
            meaning = meaning_of(text, own)
            if meaning is None:
                self._complain_of(
                    where,
                    column,
                    say("neither yes nor no"),
                    text,
                    say("{yes}; {no}", yes=", ".join(YES[:8]), no=", ".join(NO[:8])),
                    say(
                        "say what it means: missing: [{text!r}] leaves such rows aside; or left: [...], stayed: [...]",
                        text=text,
                    ),
                )
            else:
                said[meaning].append(repr(text))
                found[where] = meaning
        self.about(say("codes")).say(
            "left: {left}; still there: {stayed}",
            left=", ".join(said[True]) or say("nobody"),
            stayed=", ".join(said[False]) or say("nobody"),
        )
        return found

    def dates(self, column: str, *, empty: bool = False) -> list[dt.date | None]:
        """A column of dates; None where a cell is empty, if that is allowed.

        Args:
            column: Our name of it.
            empty: Whether cells may be empty.
        """
        texts, name = self.columns[column], self.names.get(column, column)
        if empty:
            never = sorted({text for text in texts if _NEVER.fullmatch(text)})
            if never:
                texts = ["" if text in never else text for text in texts]
                self.about(say("no date")).say(
                    "{codes} in {name!r}", codes=listed([repr(text) for text in never[:3]]), name=name
                )
        zone = zone_named(self.settings.time_zone)
        found = read_dates(texts, self.settings.dates, zone)
        if found.both is not None:
            for row in found.both:
                self.complain(row, column, say("days and months stand in both orders"), texts[row],
                              say("one order in the whole column"))  # fmt: skip
        elif found.asked is not None:
            pair = [read_dates([texts[found.asked]], order, zone).days[0] for order in (DAY_FIRST, MONTH_FIRST)]
            self.complain(
                found.asked,
                column,
                say("may be {first} or {second}, and no other date tells", first=pair[0], second=pair[1]),
                texts[found.asked],
                hint=say("say which: dates: day first, or dates: month first"),
            )
        else:
            self._refuse_other_than_days(column, texts, found.days, empty=empty)
        days = [day for day in found.days if day is not None]
        if days and not self.problems:
            span = say("{name!r} from {first} to {last}", name=name, first=min(days), last=max(days))
            self.tell(say("dates"), f"{span} ({found.how})" if found.how else span)
        if found.midnights:
            self.odd.say(
                "every time in {name!r} is the same hour of an evening in UTC, which is midnight further east: is "
                "each day one too early? `time_zone:` says where days are counted, such as Europe/Berlin",
                name=name,
            )
        return found.days

    def _refuse_other_than_days(
        self, column: str, texts: Sequence[str], days: Sequence[dt.date | None], *, empty: bool
    ) -> None:
        """Note each text that is no date once, and those that say nothing all at once, with one setting for all."""
        rows: dict[str, list[int]] = {}
        for row, day in enumerate(days):
            if day is None and not (empty and not texts[row]):
                rows.setdefault(texts[row], []).append(row)
        nothing = [text for text in rows if text and not any(sign.isdigit() for sign in text)]
        away = missing_said(nothing[:MOST_LISTED])
        for text, where in rows.items():
            hint = _about_date(text)
            if text in nothing:
                hint = (
                    say("where that says that somebody is still there: {setting}", setting=away)
                    if empty
                    else say("cells that say nothing: {setting}", setting=away)
                )
            self._complain_of(
                where,
                column,
                say("not a date") if text else say("empty"),
                text,
                say("a date such as 2026-01-31, 31.01.2026, 2026-01 or 2026-01-31T10:00+01:00"),
                hint,
            )

    def doubt_ids(self) -> None:
        """Say where a spreadsheet may have made one id of several, or two of one."""
        ids = set(self.columns.get("customer", ()))
        cut = next((text for text in ids if _CUT_ID.fullmatch(text)), None)
        if cut is not None:
            self.odd.say(
                "ids such as {text!r} have lost digits in a spreadsheet: several customers may share one", text=cut
            )
        bare = {text.lstrip("0") for text in ids}
        if len(bare) < len(ids):
            self.odd.plural(
                "{n:,} id of {name!r} differs from another by zeros in front only: two customers, or one?",
                "{n:,} ids of {name!r} differ from others by zeros in front only: two customers each, or one?",
                len(ids) - len(bare),
                name=self.names["customer"],
            )

    def repeated(self, column: str) -> None:
        """Say that ids stand more than once, where each row is taken as one of its own."""
        if column not in self.columns:
            return
        first: dict[str, int] = {}
        twice = Sentences()
        for row, text in enumerate(self.columns[column]):
            if text in first and len(twice) < 3:
                twice.say(
                    "{text!r} in lines {one} and {other}", text=text, one=self.lines[first[text]], other=self.lines[row]
                )
            first.setdefault(text, row)
        more = len(self) - len(first)
        if more:
            self.odd.plural(
                "{n:,} row repeats an id of {name!r} ({twice}): each row is taken as a customer of its own",
                "{n:,} rows repeat an id of {name!r} ({twice}): each row is taken as a customer of its own",
                more,
                name=self.names[column],
                twice=listed(twice),
            )


def _about_date(text: str) -> str:
    """What to do about a cell that is no date."""
    if not text:
        return say("such rows are left aside by {setting}", setting=missing_said([text]))
    if _SHORT_YEAR.fullmatch(text):
        return say("years need four digits")
    return ""


def _says_more_than_zero(text: str) -> bool:
    """Whether a number that was read as 0, or nearly, has a digit other than 0 before its exponent."""
    return any(digit in "123456789" for digit in text.lower().partition("e")[0])
