"""Which column of a file is which of ours: by a setting, by its name, or by a usual other name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from sim.data.table_kinds import ExpectedColumn, TableKind, is_telling
from sim.parameters.plain_words import closest
from sim.vocabulary.errors import Problems
from sim.words import listed, say

LONGEST_LIST = 200
LONGEST_NAME = 40
"""Of a column in a header of which nothing is known, but which is quoted."""

SIZE = "customers"
"""Our name of the size of a cohort."""

_BRACKETS = re.compile(r"[(\[][^()\[\]]*(?:[0-9%€$£]|EUR|USD|GBP|CHF)[^()\[\]]*[)\]]")
"""A scale or a currency behind a name, and not what tells two columns apart, as `(UTC)` does."""

_NAME = re.compile(r"[^\W\d_][\w .()\[\]/%&#'-]*")


@dataclass
class MatchedColumns:
    """The file's columns under our names.

    Attributes:
        names: The file's own name of each of our columns that it has.
        places: Their numbers in the file.
        aside: Names of the columns that are left aside.
        telling: Those of them that would change the answer by their nature.
        form: Which columns the table is read by; empty if it has a column for each time.
        problems: What is wrong.
    """

    names: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    aside: list[str] = field(default_factory=list)
    telling: list[str] = field(default_factory=list)
    form: tuple[str, ...] = ()
    problems: Problems = field(default_factory=Problems)


def folded(name: str) -> str:
    """A name without what files write differently: capitals, spaces, signs, accents' composition.

    >>> folded("Customer ID"), folded("sign-up_date")
    ('customerid', 'signupdate')
    """
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())


def match_columns(
    header: Sequence[str], kind: TableKind, own: Mapping[str, str], place: str, *, spread: bool = False
) -> MatchedColumns:
    """Find our columns in a file's header.

    Args:
        header: The file's names, in form NFC.
        kind: What the table holds.
        own: The user's names of our columns.
        place: Of the header, for messages.
        spread: Whether the columns are known to be times: then no form must be complete.

    Raises:
        ScenarioError: With all that is wrong with the columns, each with what to write.
    """
    found = MatchedColumns()
    own = {ours: unicodedata.normalize("NFC", theirs) for ours, theirs in own.items()}
    for ours in own:
        if ours not in kind.columns:
            found.problems.add(
                say("no such column is used by this kind of data"),
                f"columns.{ours}",
                allowed=", ".join(kind.columns),
                suggestion=closest(ours, kind.columns),
            )
    taken: set[int] = {header.index(theirs) for theirs in own.values() if theirs in header}
    for ours, column in kind.columns.items():
        if ours in own:
            _take(found, header, ours, [i for i, name in enumerate(header) if name == own[ours]], place, own[ours])
            continue
        exact = [i for i, name in enumerate(header) if name == ours] or [
            i for i, name in enumerate(header) if folded(name) == folded(ours)
        ]
        exact = [i for i in exact if i not in taken]
        if exact:
            _take(found, header, ours, exact, place, ours)
            taken.update(exact)
        elif column.known_as:
            found.places[ours] = -1  # looked for below, when all exact names are taken
    others: dict[str, list[int]] = {}
    for ours in [ours for ours, index in found.places.items() if index == -1]:
        del found.places[ours]
        others[ours] = [i for i, name in enumerate(header) if i not in taken and _is_called(name, kind.columns[ours])]
    _settle_others(found, header, kind, others, place, spread=spread)
    _settle_form(found, header, kind, {*own, *(ours for ours, there in others.items() if there)}, place, spread=spread)
    found.problems.check()
    used = set(found.places.values())
    found.aside = [name for i, name in enumerate(header) if i not in used]
    found.telling = [name for name in found.aside if is_telling(folded(name))]
    return found


def _is_called(name: str, column: ExpectedColumn) -> bool:
    """Whether a file's name is a usual one, as it is or without the scale behind it: `NPS (0-10)`."""
    return column.is_called(folded(name)) or column.is_called(folded(_BRACKETS.sub("", name)))


def _take(found: MatchedColumns, header: Sequence[str], ours: str, places: list[int], where: str, wanted: str) -> None:
    if len(places) > 1:
        found.problems.add(say("stands twice in the header"), header[places[0]], where)
    elif places:
        found.names[ours], found.places[ours] = header[places[0]], places[0]
    else:
        found.problems.add(
            say("no such column"),
            wanted,
            where,
            hint=say("the setting is columns: {{{ours}: ...}}", ours=ours),
            suggestion=closest(wanted, header),
        )


def _complete(found: MatchedColumns, kind: TableKind) -> tuple[str, ...] | None:
    return next((form for form in kind.forms if all(ours in found.names for ours in form)), None)


def _settle_others(
    found: MatchedColumns,
    header: Sequence[str],
    kind: TableKind,
    others: dict[str, list[int]],
    place: str,
    *,
    spread: bool,
) -> None:
    """Usual other names: of what must be there only what completes a form, of what may be there each."""
    needed = {ours for form in kind.forms for ours in form} - ({SIZE} if spread else set())
    for ours in [ours for ours in others if ours not in needed]:
        if len(others[ours]) == 1:
            _take(found, header, ours, others[ours], place, ours)
    whole = _complete(found, kind)
    if whole is not None and whole not in [form[: len(whole)] for form in kind.forms if len(form) > len(whole)]:
        return
    for form in [form for form in kind.forms if whole is None or form[: len(whole)] == whole]:
        lacking = [ours for ours in form if ours not in found.names]
        if all(others.get(ours) for ours in lacking):
            for ours in lacking:
                if len(others[ours]) > 1:
                    found.problems.add(
                        say("which of these columns is it?"),
                        ours,
                        place,
                        listed([repr(header[i]) for i in others[ours]]),
                        hint=say("say it: columns: {{{ours}: {theirs}}}", ours=ours, theirs=header[others[ours][0]]),
                    )
                else:
                    _take(found, header, ours, others[ours], place, ours)
            return


def _settle_form(
    found: MatchedColumns, header: Sequence[str], kind: TableKind, seen: Set[str], place: str, *, spread: bool
) -> None:
    """Note by which columns the table is read, or that some lack; `seen` are ours that are said or have usual names."""
    form = _complete(found, kind)
    if form is not None or spread:
        found.form = form or ()
        return
    if found.problems:
        return
    lacking = min(([ours for ours in form if ours not in {*found.names, *seen}] for form in kind.forms), key=len)
    # A file without any of our columns may be no table at all: nothing of it is quoted, unless it looks like names.
    known = bool(found.names or seen) or _are_names(header)
    found.problems.add(
        say("no such column") if len(lacking) == 1 else say("no such columns"),
        ", ".join(lacking),
        place,
        ", ".join(header)[:LONGEST_LIST] if known else say("{columns} other columns", columns=len(header)),
        " | ".join(", ".join(form) for form in kind.forms),
        suggestion=next(filter(None, (closest(ours, header) for ours in lacking)), ""),
        hint=say(
            "or name the column that holds it: columns: {{{name}: ...}}, or --read columns.{name}=...", name=lacking[0]
        ),
    )


def _are_names(header: Sequence[str]) -> bool:
    """Whether the first line of a file looks like names of columns, and not like a line of something else."""
    return len(header) > 1 and all(len(name) <= LONGEST_NAME and _NAME.fullmatch(name) for name in header)
