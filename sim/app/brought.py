"""A table that a user brings to the page: how it is understood, what it says of leaving, and how to fit it."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping
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
from sim.data.table_kinds import CHURN, MOVEMENTS
from sim.data.table_settings import TableSettings
from sim.data.units import UNITS_PER_YEAR
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import either, percent, say

MOST_TABLE_BYTES = 12 * 1024 * 1024
"""Of a question with a table in it: nine million bytes as a browser sends them."""

KINDS_OF_FILES = (".csv", ".txt", ".tsv", ".xlsx", ".parquet")


def brought(asked: Mapping[str, Any], wanted: Wish, starts: Starts) -> dict[str, Any]:
    """How a table is understood; where it tells who leaves also what it says, and a file that fits today to it.

    Args:
        asked: The question: `file`, its name; `data`, its bytes as base64; `unit`, of time in it, may be empty.
        wanted: What the page shows.
        starts: Where it started.

    Returns:
        Plain values for the page: `lines`, pairs of a label and a sentence; `fit`, a file for `sim calibrate`, or None.

    Raises:
        ScenarioError: If there is no table, or with everything that keeps it from being read; the key is `table`.
    """
    name, unit = (str(asked.get(key, "")) for key in ("file", "unit"))
    suffix = PurePath(name).suffix.lower()
    if suffix not in KINDS_OF_FILES or len(name) > LONGEST_TEXT:
        raise ScenarioError(say("no table"), "table", found=repr(name[:80]), allowed=", ".join(KINDS_OF_FILES))
    try:
        data = base64.b64decode(str(asked.get("data", "")), validate=True)
    except (binascii.Error, ValueError):
        raise ScenarioError(say("the file did not arrive whole"), "table") from None
    settings = TableSettings.model_validate({"unit": unit} if unit in UNITS_PER_YEAR else {})
    with TemporaryDirectory(prefix="exitvoice-table-") as folder:
        path = Path(folder) / f"table{suffix}"
        path.write_bytes(data)
        try:
            kind = _kind(path, settings)
            found = describe(path, kind, settings)
            told, fitted = _LOOKED_AT[kind](path, settings) if kind in _LOOKED_AT else ("", None)
        except ScenarioError as error:
            text = str(error).replace(str(path), name)
            raise ScenarioError(text, "table") from None
    lines = [(say("read as"), kind), *found.facts, *((say("odd"), sentence) for sentence in found.odd)]
    if fitted is None:
        return {"lines": lines, "fit": None}
    lines.append((say("leaving"), told))
    fit = None
    if starts.start(wanted.start).path is not None:  # an experiment needs a file
        fit = {"file": f"fit_{wanted.start}.yaml", "text": fit_file(wanted, starts, name, fitted)}
    return {"lines": lines, "fit": fit}


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
        no_kind = any(one.found == say("columns of no kind") for one in error.problems)
        likely = likely_kinds(path, settings) if no_kind else {}
        hint = either([_renamed(kind, columns) for kind, columns in likely.items()])
        fewer = [
            Problem(one.message, place=one.place, found=one.found, allowed=one.allowed, hint=hint)
            for one in error.problems
        ]
        raise ScenarioError(fewer) from None  # what to type is advice for a command line


def _renamed(kind: str, columns: Mapping[str, str]) -> str:
    """Which columns to call otherwise, so that a table is read: what the page cannot be told."""
    names = ", ".join(f"{theirs!r} → {ours}" for ours, theirs in columns.items() if theirs != ours)
    return say("as {kind} if you rename columns: {names}", kind=kind, names=names)


def _leaving(left: float, years: float) -> str:
    """What share leaves in a year, by leavers and years watched: the same hazard for everybody, all along."""
    share = 1.0 - math.exp(-left / years) if years > 0 else math.nan
    return say("{share} in a year, were it always alike; the card of retention tells today's", share=percent(share, 1))
