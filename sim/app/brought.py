"""A table that a user brings to the page: how it is understood, what it says of leaving, and how to fit it."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from sim.app.kept_files import fit_file
from sim.app.starts import Starts
from sim.app.wished import LONGEST_TEXT, Wish
from sim.data.churn_table import Tenures, read_tenures
from sim.data.describe import UNIT, describe, guessed_kind
from sim.data.read_table import read_table
from sim.data.table_kinds import CHURN
from sim.data.table_settings import TableSettings
from sim.data.units import UNITS_PER_YEAR
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import percent, say

MOST_TABLE_BYTES = 12 * 1024 * 1024
"""Of a question with a table in it: nine million bytes as a browser sends them."""

KINDS_OF_FILES = (".csv", ".txt", ".tsv", ".xlsx", ".parquet")


def brought(asked: Mapping[str, Any], wanted: Wish, starts: Starts) -> dict[str, Any]:
    """How a table is understood; of a table of churn also what it says, and a file that fits today to it.

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
            tenures = _tenures(path, settings) if kind == CHURN.name else None
        except ScenarioError as error:
            text = str(error).replace(str(path), name)
            raise ScenarioError(text, "table") from None
    lines = [(say("read as"), kind), *found.facts, *((say("odd"), sentence) for sentence in found.odd)]
    if tenures is None:
        return {"lines": lines, "fit": None}
    lines.append((say("leaving"), _leaving(tenures)))
    periods = math.ceil(float(tenures.tenure.max()) * UNITS_PER_YEAR["months"] / UNITS_PER_YEAR[tenures.unit])
    fit = None
    if starts.start(wanted.start).path is not None:  # an experiment needs a file
        fit = {"file": f"fit_{wanted.start}.yaml", "text": fit_file(wanted, starts, name, tenures.unit, periods)}
    return {"lines": lines, "fit": fit}


def _tenures(path: Path, settings: TableSettings) -> Tenures:
    table = read_table(path, CHURN, settings)
    return read_tenures(table, table.unit(UNIT, ""))


def _kind(path: Path, settings: TableSettings) -> str:
    try:
        return guessed_kind(path, settings)
    except ScenarioError as error:
        fewer = [Problem(one.message, place=one.place, found=one.found, allowed=one.allowed) for one in error.problems]
        raise ScenarioError(fewer) from None  # what to type is advice for a command line


def _leaving(tenures: Tenures) -> str:
    """What share leaves in a year, by leavers and years watched: the same hazard for everybody, all along."""
    years = float((tenures.weights * (tenures.tenure - tenures.entry)).sum()) / UNITS_PER_YEAR[tenures.unit]
    left = float(tenures.weights[tenures.left].sum())
    share = 1.0 - math.exp(-left / years) if years > 0 else math.nan
    return say("{share} in a year, were it always alike; the card of retention tells today's", share=percent(share, 1))
