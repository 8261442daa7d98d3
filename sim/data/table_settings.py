"""What a user can say of a table: everything that the reader would otherwise find out, or ask for."""

from __future__ import annotations

import datetime as dt
import json
import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from pydantic import Field, ValidationError

from sim.parameters.plain_words import translate
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.parameter import SCALE, OneLine, OptionalLine, Section
from sim.words import say

Code = bool | int | float | OneLine
"""A cell as it may stand in a YAML file."""


class TableSettings(Section):
    """How a table is to be read, where that is not to be found out.

    >>> TableSettings(scale="1-5").scale_ends
    (1.0, 5.0)
    """

    columns: dict[OneLine, OneLine] = Field(default_factory=dict, description="The table's own column names, by ours")
    unit: Literal["days", "weeks", "months", "years"] | None = Field(
        None, description="Unit of time of the data; the run's period if left out"
    )
    customers: int | None = Field(
        None, description="Customers behind the data, where the table does not say", ge=10, le=1_000_000_000
    )
    only: dict[OneLine, Code] = Field(
        default_factory=dict,
        description="Rows that are read: those with this value in this column, by the file's names",
    )
    missing: list[Code] = Field(
        default_factory=list, description="Cells that say nothing ('' for empty ones): their rows are left aside"
    )
    left: list[Code] = Field(default_factory=list, description="Cells that say that a customer has left")
    stayed: list[Code] = Field(default_factory=list, description="Cells that say that a customer is still there")
    scale: OptionalLine = Field(
        None, description="Scale of answers or shares, such as 1-5, 0-10 or percent", pattern=SCALE
    )
    exported: dt.date | None = Field(
        None, description="Day of the export: whoever has not left was still a customer then"
    )
    dates: Literal["day first", "month first"] | None = Field(None, description="Order in dates such as 03/04/2026")
    stamps: Literal["start", "end"] | None = Field(
        None, description="Whether a date is the first or the last day of its period"
    )
    time_zone: OptionalLine = Field(
        None, description="Time zone that days are counted in, such as Europe/Berlin; as written if left out"
    )
    decimal: Literal["point", "comma"] | None = Field(None, description="What stands before decimals")
    separator: Literal["comma", "semicolon", "tab", "space", "bar"] | None = Field(
        None, description="What stands between cells"
    )
    encoding: OptionalLine = Field(None, description="Encoding of the file, such as cp1252 or utf-16")
    header: int | None = Field(
        None, description="Line of the column names, where something stands above", ge=1, le=1000
    )
    sheet: OptionalLine = Field(None, description="Sheet of a workbook; the first if left out")

    @property
    def codes(self) -> list[tuple[str, bool]]:
        """The user's codes, with whether each says that a customer has left."""
        return [(as_text(code), True) for code in self.left] + [(as_text(code), False) for code in self.stayed]

    @property
    def scale_ends(self) -> tuple[float, float] | None:
        """Smallest and largest answer of the stated scale; per cent are 0 to 100."""
        if self.scale is None:
            return None
        if self.scale == "percent":
            return 0.0, 100.0
        text = self.scale.replace("to", "-")
        low, _, high = text[1:].partition("-")
        return float(text[0] + low), float(high)


def as_text(code: Code) -> str:
    """A cell of a YAML file as text.

    >>> as_text(True), as_text(1), as_text("Sí")
    ('true', '1', 'Sí')
    """
    return str(code).lower() if isinstance(code, bool) else str(code)


def missing_said(texts: Sequence[str]) -> str:
    """How cells that say nothing are told, in a file and on a command line.

    >>> missing_said(["-", "not yet"])
    "missing: ['-', 'not yet'], or --read missing=- --read 'missing=not yet'"
    """
    options = " ".join(as_option("missing", text) for text in texts)
    return say("missing: {texts}, or {options}", texts=str(list(texts)), options=options)


def as_option(setting: str, value: str) -> str:
    """A setting as it is typed on a command line.

    >>> as_option("columns.left", "Kündigung zum")
    "--read 'columns.left=Kündigung zum'"
    """
    return " ".join(("--read", shlex.quote(f"{setting}={value}")))


def settings_under(key: str, text: str | None, **said: Any) -> TableSettings:
    """The settings that one line of a scenario says; see `settings_said`.

    Args:
        key: Of the line, for messages.
        text: The line, or None.
        said: Settings that the scenario says elsewhere.

    Raises:
        ScenarioError: If it says what is no setting.
    """
    found = settings_said(text or "")
    found["columns"] = said.pop("columns", {}) | found.get("columns", {})
    try:
        return TableSettings.model_validate_json(json.dumps(said | found))
    except ValidationError as error:
        raise ScenarioError(
            [
                replace(problem, message=f"{'.'.join(map(str, place))}: {problem.message}", key=key)
                for place, problem in translate(error)
            ]
        ) from None


def settings_said(text: str) -> dict[str, Any]:
    """Settings in one line, as after `--read`, with semicolons between them; who says a list says it again and again.

    >>> settings_said("columns.customer=No; decimal=comma; missing=NA; missing=-")
    {'columns': {'customer': 'No'}, 'decimal': 'comma', 'missing': ['NA', '-']}
    """
    found: dict[str, Any] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        path, _, value = (piece.strip() for piece in part.partition("="))
        name, _, inner = path.partition(".")
        if inner:
            found.setdefault(name, {})[inner] = value
        elif name in ("missing", "left", "stayed"):
            found.setdefault(name, []).append(value)
        else:
            found[name] = int(value) if name == "header" and value.isdecimal() else value
    return found
