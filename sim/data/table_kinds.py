"""The kinds of tables that are read, with their columns and what else these are called: `known_names.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.data.known_names import KNOWN, names_of

NUMBER, TRUTH, DATE, TEXT = "number", "truth", "date", "text"


@dataclass(frozen=True)
class ExpectedColumn:
    """A column as we name it.

    Attributes:
        name: Ours.
        holds: `number`, `truth`, `date` or `text`.
        known_as: Other names by which files call it, as `folded` writes them. A file's column is taken for it only
            where no other column has our own name, and that is said.
        asked: Parts of the wording of a question whose answers it holds, as `folded` writes them.
    """

    name: str
    holds: str
    known_as: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    def is_called(self, name: str) -> bool:
        """Whether a file calls it so; `name` is as `folded` writes it.

        >>> column = ExpectedColumn("recommend", NUMBER, ("nps",), ("torecommend",))
        >>> column.is_called("nps"), column.is_called("howlikelyareyoutorecommendus"), column.is_called("n")
        (True, True, False)
        """
        asked = any(part in name for part in self.asked) and not name.endswith("group")  # Qualtrics: Detractor ...
        return asked or name in self.known_as


@dataclass(frozen=True)
class TableKind:
    """A kind of table.

    Attributes:
        name: As typed after `--as`.
        forms: Sets of columns of which one must be there; the first that is complete is taken.
        columns: All columns that it may have, by our names.
        spread: Whether its columns may be times, with a row for each cohort.
        bare: Whether its files may have no header, and spaces between cells, as logs have.
    """

    name: str
    forms: tuple[tuple[str, ...], ...]
    columns: Mapping[str, ExpectedColumn]
    spread: bool = False
    bare: bool = False


def kind(
    name: str,
    *columns: ExpectedColumn,
    forms: tuple[tuple[str, ...], ...] = ((),),
    spread: bool = False,
    bare: bool = False,
) -> TableKind:
    """A kind from its columns.

    >>> kind("heights", ExpectedColumn("height", NUMBER), forms=(("height",),)).forms
    (('height',),)
    """
    return TableKind(name, forms, {column.name: column for column in columns}, spread, bare)


def _known(name: str) -> TableKind:
    told = KNOWN["kinds"][name]
    columns = [
        ExpectedColumn(ours, one["holds"], names_of(one["known_as"]), tuple(one.get("asked", ())))
        for ours, one in told["columns"].items()
    ]
    forms = tuple(map(tuple, told["forms"]))
    return kind(told["name"], *columns, forms=forms, spread="spread" in told, bare="bare" in told)


CHURN, HISTORY, RETENTION = map(_known, ("churn", "history", "retention"))
COMPLAINTS, MOVEMENTS = map(_known, ("complaints", "movements"))
SATISFACTION, NPS, SERVQUAL = map(_known, ("satisfaction", "nps", "servqual"))
PEOPLE, SERIES, TRANSACTIONS = map(_known, ("people", "series", "transactions"))

WHICHEVER = "column"
"""What stands for the name of a series' column where it is to be found by the parameter's name."""

UNIT_PRICES = names_of(["*unit_price"])
"""Names of what one piece costs, as `folded` writes them."""

ANSWERS = frozenset(("overall", "score", "expectation", "ideal", "recommend", "perceived", "expected"))
"""Columns whose cells surveys write with words behind the number: `10 - Extremely likely`."""

FITTED = {one.name: one for one in (RETENTION, CHURN, MOVEMENTS, COMPLAINTS, SATISFACTION, TRANSACTIONS, NPS, SERVQUAL)}
"""Kinds that parameters can be fitted to."""

GUESSED_FIRST = ("retention", "churn", "movements", "complaints", "satisfaction")
"""Kinds that a table is taken for by its columns before any other."""

SURVEYS = ("nps", "satisfaction", "servqual")
"""Kinds whose rows are answers."""

WITHOUT_UNIT = frozenset(("satisfaction", "transactions", "nps", "servqual"))
"""Kinds that count no time in units."""

CHOOSING = frozenset(KNOWN["choosing"])
"""Columns that only part the rows, and tell nothing where all have the same; among those that tell something."""


def is_telling(name: str) -> bool:
    """Whether a column would change an answer by its name, which is as `folded` writes it.

    >>> is_telling("status"), is_telling("quotaweight"), is_telling("pausedat"), is_telling("plan")
    (True, True, True, False)
    """
    return name in KNOWN["telling"] or any(part in name for part in KNOWN["telling_parts"])
