"""One output shared out among the levers of a plan: its tables, and what is said of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model.scenario import Scenario
from sim.report.signed_changes import is_money, signed_to_decimals
from sim.report.study_page import ShownCell, TableLine
from sim.results.amounts import between, change_unit, scale_of, signed, text_shown
from sim.results.answer import TableColumn
from sim.results.declared_tables import declared_columns
from sim.results.intervals import mean_interval
from sim.results.outputs import output_label, output_unit
from sim.studies.attributed import attribute
from sim.studies.changed_levers import ChangedLever
from sim.studies.shapley import CoalitionDesign, to_the_cent
from sim.words import percent, priced, say, written

CoalitionValues = Mapping[str, npt.NDArray[np.float64]]
"""Outputs by name: float64[coalitions, replications]; NaN where a run failed."""


class SharedOutput(NamedTuple):
    """An output with its shares.

    Attributes:
        rows: A row for each lever, the largest share first; columns as `share_columns`.
        total: The difference that is shared out; columns as `share_columns`.
    """

    rows: pd.DataFrame
    total: pd.Series


def shared_output(shares: pd.DataFrame, totals: pd.DataFrame, output: str) -> SharedOutput:
    """An output of two tables, as `share_rows` and `total_rows` make them.

    Raises:
        KeyError: If it was not shared out.
    """
    rows, total = shares[shares["output"] == output], totals[totals["output"] == output]
    if total.empty:
        raise KeyError(output)
    return SharedOutput(rows.sort_values("value", key=abs, ascending=False, kind="stable"), total.iloc[0])


def share_rows(
    game: CoalitionDesign, levers: Sequence[ChangedLever], worlds: CoalitionValues, scenario: Scenario
) -> list[dict[str, Any]]:
    """A row for each output and lever; columns as `share_columns`.

    Args:
        game: Which sets of levers were lived.
        levers: The players.
        worlds: What came of it.
        scenario: Today.
    """
    found = []
    for output, values in worlds.items():
        shared = attribute(dict(zip(game.coalitions, values, strict=True)), game)
        unit = output_unit(output, scenario)
        for lever, row in zip(levers, shared.rows, strict=True):
            about = {"output": output, "lever": lever.name, "label": lever.label}
            found.append({**about, "today": lever.today, "plan": lever.plan, **row, "unit": unit})
    return found


def total_rows(worlds: CoalitionValues, scenario: Scenario) -> list[dict[str, Any]]:
    """A row for each output: today, the plan, and the difference that is shared out; columns as `share_columns`.

    Args:
        worlds: The first of each output is today, the last the plan.
        scenario: Today.
    """
    rows = []
    for output, values in worlds.items():
        complete = values[:, np.isfinite(values).all(axis=0)]
        before, after = (mean_interval(values).value for values in (complete[0], complete[-1]))
        change = mean_interval(complete[-1] - complete[0])
        rows.append(
            {
                "output": output,
                "label": output_label(output),
                "today": before,
                "plan": after,
                "change": change.value,
                "low": change.low,
                "high": change.high,
                "pairs": complete.shape[1],
                "unit": output_unit(output, scenario),
            }
        )
    return rows


def share_columns(table: str) -> list[TableColumn]:
    """Columns of the table `shares` or `totals`."""
    return declared_columns(table, beside=__name__)


def shown_shares(found: SharedOutput) -> dict[str, str]:
    """The shares by lever in three digits of the largest: adding up to what is shown of the whole."""
    return {lever: _rounded(value, _parts(found)) for lever, value in _shares(found).items()}


def _shares(found: SharedOutput) -> dict[str, float]:
    scale, parts = scale_of(str(found.total["unit"]))[0], _parts(found)
    values = to_the_cent((scale * found.rows["value"]).tolist(), _whole(found), parts)
    return dict(zip(map(str, found.rows["lever"]), values, strict=True))


class ToldShares(NamedTuple):
    """Shares as a sentence of the first page tells them, with their unit; large amounts in millions.

    Attributes:
        whole: What is shared out.
        shares: By lever.
        spans: Their intervals by lever; empty where there is none.
    """

    whole: str
    shares: dict[str, str]
    spans: dict[str, str]


LARGE = 100_000.0
"""From here on amounts of money are told in millions."""


def told_shares(found: SharedOutput) -> ToldShares:
    """The shares for a sentence, adding up to what it tells of the whole."""
    unit, shares, parts = str(found.total["unit"]), _shares(found), _parts(found)
    rows = {str(row["lever"]): row for _, row in found.rows.iterrows()}
    if not is_money(unit) or max(abs(_whole(found)), *map(abs, shares.values())) < LARGE:
        shown = {lever: with_unit(share, unit) for lever, share in shown_shares(found).items()}
        return ToldShares(with_unit(shown_whole(found), unit), shown, {name: share_span(rows[name]) for name in rows})
    digits, currency = 6 + round(math.log10(parts)), unit.partition(" per ")[0]

    def millions(value: float) -> str:
        return signed_to_decimals(value / 1e6, digits)

    def told(value: float) -> str:
        return priced(say("{amount} M", amount=millions(value)), currency)

    spans = {name: between(float(row["low"]), float(row["high"]), millions) for name, row in rows.items()}
    whole = float(round(Fraction(_whole(found)) * parts) / parts)
    return ToldShares(told(whole), {lever: told(share) for lever, share in shares.items()}, spans)


def shown_whole(found: SharedOutput) -> str:
    """What the plan changes, rounded as its shares are."""
    return _rounded(_whole(found), _parts(found))


def _whole(found: SharedOutput) -> float:
    return scale_of(str(found.total["unit"]))[0] * float(found.total["change"])


def _parts(found: SharedOutput) -> Fraction:
    """To what parts of a unit shares are rounded: hundreds of tens of thousands, hundredths of a few."""
    scale = scale_of(str(found.total["unit"]))[0]
    largest = max(abs(_whole(found)), scale * float(found.rows["value"].abs().max()))
    size = math.floor(math.log10(largest)) if math.isfinite(largest) and largest > 0.0 else 0
    return Fraction(10) ** min(2 - size, 2)


def _rounded(value: float, parts: Fraction) -> str:
    """A change to so many parts of a unit.

    >>> _rounded(-1234.5, Fraction(1, 10)), _rounded(-34.5, Fraction(10)), _rounded(0.0, Fraction(100))
    ('−1,230', '−34.5', '0.00')
    """
    value = float(round(Fraction(value) * parts) / parts) if math.isfinite(value) else value
    digits = max(0, round(math.log10(parts)))
    return written(value, f"+,.{digits}f" if value else f",.{digits}f").replace("-", "−")


def share_span(row: pd.Series, low: str = "low", high: str = "high") -> str:
    """Both ends of the interval of a share or of the whole, or what any order makes of it."""
    scale = scale_of(str(row["unit"]))[0]
    return between(scale * float(row[low]), scale * float(row[high]), lambda value: signed(value, 3))


def share_lines(found: SharedOutput) -> list[TableLine]:
    """A line for each lever: its value today and in the plan, its share, the least and the most; last, the whole."""
    shown = shown_shares(found)
    lines = [
        TableLine(
            str(row["label"]),
            [
                *(text_shown(str(row[name])) for name in ("today", "plan")),
                ShownCell(shown[str(row["lever"])], share_span(row)),
                share_span(row, "least", "most"),
            ],
        )
        for _, row in found.rows.iterrows()
    ]
    return [*lines, TableLine(whole_label(), ["", "", ShownCell(shown_whole(found), share_span(found.total)), ""])]


def whole_label() -> str:
    """What the whole is called, below its shares."""
    return say("All together")


def bars_of(found: SharedOutput) -> pd.DataFrame:
    """Bars for `draw_contributions`, the whole last; parts only where they say something.

    Columns: `label`, `value`, `part`, `least`, `most`, in the unit of a change.
    """
    names, change = ["label", "value", "part", "least", "most"], float(found.total["change"])
    last = pd.DataFrame([[whole_label(), change, 1.0, change, change]], columns=names)
    rows = pd.concat([found.rows[names], last], ignore_index=True)
    rows[["value", "least", "most"]] *= scale_of(str(found.total["unit"]))[0]
    return rows if has_parts(found) else rows.assign(part=math.nan)


def has_parts(found: SharedOutput) -> bool:
    """Whether parts of the whole say something: it surely is not nothing, and no lever works against it."""
    surely = not float(found.total["low"]) <= 0.0 <= float(found.total["high"])
    return surely and bool(found.rows["part"].between(0.0, 1.0).all())


def is_idle(row: pd.Series) -> bool:
    """Whether a lever changes nothing, in whatever order it is turned."""
    return float(row["least"]) == float(row["most"]) == 0.0


def is_open(row: pd.Series) -> bool:
    """Whether a share cannot be told from nothing."""
    return float(row["low"]) <= 0.0 <= float(row["high"])


def of_each(found: SharedOutput) -> list[str]:
    """What each lever contributes."""
    shown, parted = shown_shares(found), has_parts(found)
    label, unit = str(found.total["label"]), str(found.total["unit"])
    return [
        _of_one(row, label, with_unit(shown[str(row["lever"])], unit), parted=parted)
        for _, row in found.rows.iterrows()
    ]


def _of_one(row: pd.Series, label: str, share: str, *, parted: bool) -> str:
    scale = scale_of(str(row["unit"]))[0]
    if is_idle(row):
        return say("{label}, {lever}: nothing, in whatever order.", label=label, lever=row["label"])
    parts = {
        "label": label,
        "lever": row["label"],
        "share": share,
        "least": signed(scale * float(row["least"]), 3),
        "most": signed(scale * float(row["most"]), 3),
    }
    if is_open(row):
        return say(
            "{label}, {lever}: {share}, which cannot be told from nothing (in any order {least} to {most}).", **parts
        )
    if parted:
        return say(
            "{label}, {lever}: {share}, {part} of the whole (in any order {least} to {most}).",
            part=percent(float(row["part"]), 0),
            **parts,
        )
    return say("{label}, {lever}: {share} (in any order {least} to {most}).", **parts)


def with_unit(share: str, unit: str) -> str:
    """A share that is text already, with its unit."""
    if is_money(unit):
        return priced(share, unit.partition(" per ")[0])
    return say("{value} {unit}", value=share, unit=change_unit(unit)).strip()
