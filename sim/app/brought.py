"""A table that a user brings to the page: how it is understood, what it says of leaving, and how to fit it."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from sim.app.kept_files import ADVERTISING, ATTRITION, NEWCOMERS, UNEQUAL, Fitted, fit_file
from sim.app.starts import Starts
from sim.app.wished import LONGEST_TEXT, Wish
from sim.data.churn_table import read_tenures
from sim.data.customer_movements import read_movements
from sim.data.describe import UNIT, describe, guessed_kind
from sim.data.likely_columns import likely_kinds
from sim.data.read_table import read_table
from sim.data.table_kinds import CHURN, FITTED, MOVEMENTS
from sim.data.table_settings import TableSettings
from sim.data.units import UNITS_PER_YEAR
from sim.runs.experiment.table_options import with_options
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import percent, say

MOST_TABLE_BYTES = 12 * 1024 * 1024
"""Of a question with a table in it: nine million bytes as a browser sends them."""

KINDS_OF_FILES = (".csv", ".txt", ".tsv", ".xlsx", ".parquet")

MOST_TOLD = 8
"""Problems of a table that the page tells."""

SAID = ("unit", "dates", "scale", "exported")
"""Settings of a table that have a field of their own on the page; all others are said in one line."""

HOLDS = {
    "retention": "How many are still there, over time",
    "churn": "Customers: how long they stayed, whether they left",
    "movements": "Customers won and lost by month",
    "complaints": "Complaints by month",
    "satisfaction": "Answers: satisfaction",
    "transactions": "Purchases, one a row",
    "nps": "Answers: would you recommend us",
    "servqual": "Answers: service quality by item",
    "edges": "Who knows whom",
    "people": "Customers: segment, firm",
}
"""What a table of each kind holds, for those who choose among them."""


class LikelyColumnsError(ScenarioError):
    """No kind of table has these columns as they are called.

    Attributes:
        proposals: For kinds that it may be `text`, `kind` and `columns`, theirs by ours: how to ask again.
    """

    proposals: list[dict[str, Any]]


def brought(asked: Mapping[str, Any], wanted: Wish, starts: Starts) -> dict[str, Any]:
    """How a table is understood; where it tells who leaves also what it says, and a file that fits today to it.

    Args:
        asked: The question: `file`, its name; `data`, its bytes as base64; how it is to be read, of which all may be
            left out: `kind`, `columns` (theirs by ours), the settings in `SAID`, and `further`, others in one line.
        wanted: What the page shows.
        starts: Where it started.

    Returns:
        Plain values for the page: `lines`, pairs of a label and a sentence; `fit`, a file for `sim calibrate`, or None.

    Raises:
        LikelyColumnsError: If its columns are called otherwise than those of any kind, but may be some.
        ScenarioError: If there is no table, or with everything that keeps it from being read; the key is `table`.
    """
    name = str(asked.get("file", ""))
    suffix = PurePath(name).suffix.lower()
    if suffix not in KINDS_OF_FILES or len(name) > LONGEST_TEXT:
        raise ScenarioError(say("no table"), "table", found=repr(name[:80]), allowed=", ".join(KINDS_OF_FILES))
    try:
        data = base64.b64decode(str(asked.get("data", "")), validate=True)
    except (binascii.Error, ValueError):
        raise ScenarioError(say("the file did not arrive whole"), "table") from None
    if not data:
        raise ScenarioError(say("the file is empty"), "table")
    settings = _settings(asked)
    with TemporaryDirectory(prefix="exitvoice-table-") as folder:
        path = Path(folder) / f"table{suffix}"
        path.write_bytes(data)
        try:
            kind = str(asked.get("kind") or "") or _kind(path, settings)
            found = describe(path, kind, settings)
            told, fitted = _LOOKED_AT[kind](path, settings) if kind in _LOOKED_AT else ("", None)
        except LikelyColumnsError:
            raise
        except ScenarioError as error:
            texts = [str(one).replace(str(path), name) for one in error.problems[:MOST_TOLD]]
            raise ScenarioError([Problem(text, "table") for text in texts]) from None
    lines = [(say("read as"), kind), *found.facts, *((say("odd"), sentence) for sentence in found.odd)]
    if fitted is None:
        if kind in FITTED:
            lines.append(
                (say("to fit"), say("sim calibrate, by an experiment with calibrate: data: {kind}", kind=kind))
            )
        return {"lines": lines, "fit": None}
    lines.append((say("leaving"), told))
    fit = None
    if starts.start(wanted.start).path is not None:  # an experiment needs a file
        fit = {"file": f"fit_{wanted.start}.yaml", "text": fit_file(wanted, starts, name, fitted, settings)}
    return {"lines": lines, "fit": fit}


def _settings(asked: Mapping[str, Any]) -> TableSettings:
    """How a table is to be read, by what the page says of it.

    Raises:
        ScenarioError: If something of it is no setting, or has a value that it cannot have; the key is `table`.
    """
    columns = asked.get("columns") or {}
    if not isinstance(columns, dict) or not all(isinstance(name, str) for name in columns.values()):
        raise ScenarioError(say("not the columns of a table"), "table")
    said = [f"{name}={asked[name]}" for name in SAID if asked.get(name)]
    further = [part.strip() for part in str(asked.get("further") or "").split(";") if part.strip()]
    if any(len(text) > LONGEST_TEXT for text in said + further):
        raise ScenarioError(say("too long for a setting of a table"), "table")
    try:
        return with_options(TableSettings(columns=columns), said + further)
    except ScenarioError as error:
        raise ScenarioError([replace(one, message=_of(one), key="table", place="") for one in error.problems]) from None


def _of(problem: Problem) -> str:
    return f"{problem.key}: {problem.message}" if problem.key else problem.message


def _of_churn(path: Path, settings: TableSettings) -> tuple[str, Fitted]:
    table = read_table(path, CHURN, settings)
    found = read_tenures(table, table.unit(UNIT, ""))
    years = float((found.weights * (found.tenure - found.entry)).sum()) / UNITS_PER_YEAR[found.unit]
    question = say("How much attrition, and how unequal among customers, explains who stayed?")
    months = _months(float(found.tenure.max()), found.unit)
    fitted = Fitted(CHURN.name, question, months, dict((ATTRITION, UNEQUAL)), found.unit, NEWCOMERS)
    return _leaving(float(found.weights[found.left].sum()), years), fitted


def _of_movements(path: Path, settings: TableSettings) -> tuple[str, Fitted]:
    table = read_table(path, MOVEMENTS, settings)
    found = read_movements(table, table.unit(UNIT, ""), stated=settings.unit is not None)
    lost = found.lost
    question = say("How many leave whatever the firm does, and how many does advertising win?")
    begins = {"run.start": lost.spans[0][0]} if lost.spans else {}
    uncertain = dict((ATTRITION, ADVERTISING) if found.won is not None else (ATTRITION,))
    months = _months(float(len(lost.counts)), lost.unit)
    fitted = Fitted(MOVEMENTS.name, question, months, uncertain, "" if lost.spans else lost.unit, begins)
    return _leaving(float(lost.counts.sum()), float(lost.customers.sum()) / UNITS_PER_YEAR[lost.unit]), fitted


_LOOKED_AT = {CHURN.name: _of_churn, MOVEMENTS.name: _of_movements}
"""What a table of leaving says, and what is fitted to it, by kind."""


def _months(units: float, unit: str) -> int:
    return math.ceil(units * UNITS_PER_YEAR["months"] / UNITS_PER_YEAR[unit])


def _kind(path: Path, settings: TableSettings) -> str:
    try:
        return guessed_kind(path, settings)
    except ScenarioError as error:
        unsaid = [one for one in error.problems if one.message == say("what does it hold?")]
        if not unsaid:
            raise
        likely = likely_kinds(path, settings) if unsaid[0].found == say("columns of no kind") else {}
        told = LikelyColumnsError(
            [
                Problem(one.message, "table", found=one.found, hint=say("say it under “How to read it”"))
                for one in unsaid  # what to type is advice for a command line
            ]
        )
        told.proposals = [
            {"text": _proposed(kind, columns), "kind": kind, "columns": columns} for kind, columns in likely.items()
        ]
        raise told from None


def _proposed(kind: str, columns: Mapping[str, str]) -> str:
    """How a table would be read, for a button."""
    names = ", ".join(f"{theirs!r} → {ours}" for ours, theirs in columns.items() if theirs != ours)
    return say("Read it as {kind}: {names}", kind=kind, names=names)


def _leaving(left: float, years: float) -> str:
    """What share leaves in a year, by leavers and years watched: the same hazard for everybody, all along."""
    share = 1.0 - math.exp(-left / years) if years > 0 else math.nan
    return say("{share} in a year, were it always alike; the card of retention tells today's", share=percent(share, 1))
