"""Shares of a plan in plain words: every sentence is made from the numbers, and says where nothing can be told."""

from __future__ import annotations

import math

import pandas as pd

from sim.results.amounts import change_unit, scale_of, signed
from sim.studies.shapley import to_the_cent
from sim.studies.shares.shared_out import SharedOut
from sim.studies.study_of_scenario import of_failures
from sim.words import listed, percent, say, written

CERTAINTY = (
    "Worlds between today and the plan are lived with the same people and luck: today with some of the plan's levers. "
    "What a lever does depends on which others are turned; its share is the mean over all orders of turning them "
    "(Shapley value), and the range goes from the least that it does in any order to the most. Shares add up to the "
    "whole difference. Intervals are 95% t-intervals over replications."
)


def headline(found: SharedOut) -> str:
    """What the plan changes, and by what most of it comes."""
    total = found.total(found.outputs[0])
    first = found.of(found.outputs[0]).iloc[0]
    change = _amount(float(total["change"]), str(total["unit"]))
    if float(total["low"]) <= 0.0 <= float(total["high"]):
        return say(
            "{label}: {change}, which cannot be told from nothing; the largest share has {lever}",
            label=total["label"],
            change=change,
            lever=first["label"],
        )
    return say(
        "{label}: {change}; the largest share has {lever}", label=total["label"], change=change, lever=first["label"]
    )


def sentences(found: SharedOut) -> list[str]:
    """All that is said, the headline first."""
    return [
        f"{headline(found)}.",
        *of_all(found),
        *(text for output in found.outputs for text in of_each(found, output)),
    ]


def what_to_do(found: SharedOut) -> list[str]:
    """Which levers surely move the first output, and without which the plan would be simpler and no worse."""
    rows, label = found.of(found.outputs[0]), str(found.total(found.outputs[0])["label"])
    up, down = rows[rows["low"] > 0.0], rows[rows["high"] < 0.0]
    open_ones = rows.drop(index=[*up.index, *down.index])
    told = [
        (up, say("{label} surely rises by: {levers}.", label=label, levers=listed(up["label"].tolist()))),
        (down, say("{label} surely falls by: {levers}.", label=label, levers=listed(down["label"].tolist()))),
        (
            open_ones,
            say(
                "Not to be told from nothing: {levers}. Without them the plan is simpler, and not surely another.",
                levers=listed(open_ones["label"].tolist()),
            ),
        ),
    ]
    return [sentence for levers, sentence in told if len(levers)]


def of_total(found: SharedOut, output: str) -> str:
    """What the plan as a whole changes of an output, with its interval."""
    total = found.total(output)
    scale = scale_of(str(total["unit"]))[0]
    return say(
        "{label}: {change} ({low} to {high}).",
        label=total["label"],
        change=_amount(float(total["change"]), str(total["unit"])),
        low=signed(scale * float(total["low"]), 3),
        high=signed(scale * float(total["high"]), 3),
    )


def shown_shares(found: SharedOut, output: str) -> dict[str, str]:
    """The shares of an output to the unit or, of a small whole, its hundredth: adding up to what is shown of it."""
    rows, whole = found.of(output), _whole(found, output)
    scale, parts = scale_of(str(found.total(output)["unit"]))[0], _parts(whole)
    values = to_the_cent((scale * rows["value"]).tolist(), whole, parts)
    return {str(lever): _rounded(value, parts) for lever, value in zip(rows["lever"], values, strict=True)}


def shown_whole(found: SharedOut, output: str) -> str:
    """What the plan changes of an output, rounded as its shares are."""
    whole = _whole(found, output)
    return _rounded(whole, _parts(whole))


def _whole(found: SharedOut, output: str) -> float:
    total = found.total(output)
    return scale_of(str(total["unit"]))[0] * float(total["change"])


def _parts(whole: float) -> int:
    """To what parts of a unit shares are rounded: an interval of thousands has no cents."""
    return 1 if abs(whole) >= 1000.0 else 100


def _rounded(value: float, parts: int) -> str:
    """A change to the unit or the hundredth.

    >>> _rounded(-1234.5, 1), _rounded(-34.5, 100), _rounded(0.0, 100)
    ('−1,234', '−34.50', '0.00')
    """
    value, digits = round(value * parts) / parts, 0 if parts == 1 else 2
    return written(value, f"+,.{digits}f" if value else f",.{digits}f").replace("-", "−")


def of_all(found: SharedOut) -> list[str]:
    """How the shares were found, where that is not by all orders, and what failed."""
    said = []
    if not found.is_exact:
        said.append(
            say(
                "There are too many levers for all orders: {orders} were drawn by lot; the column error says what that "
                "leaves open.",
                orders=found.orders,
            )
        )
    return [*said, *of_failures(found)]


def of_each(found: SharedOut, output: str) -> list[str]:
    """What each lever contributes to an output."""
    shown, total = shown_shares(found, output), found.total(output)
    unit = change_unit(str(total["unit"]))
    return [_of_one(row, str(total["label"]), shown[str(row["lever"])], unit) for _, row in found.of(output).iterrows()]


def _of_one(row: pd.Series, label: str, share: str, unit: str) -> str:
    scale = scale_of(str(row["unit"]))[0]
    if float(row["least"]) == float(row["most"]) == 0.0:
        return say("{label}, {lever}: nothing, in whatever order.", label=label, lever=row["label"])
    parts = {
        "label": label,
        "lever": row["label"],
        "share": share,
        "unit": unit,
        "least": signed(scale * float(row["least"]), 3),
        "most": signed(scale * float(row["most"]), 3),
    }
    if float(row["low"]) <= 0.0 <= float(row["high"]):
        return say(
            "{label}, {lever}: {share} {unit}, which cannot be told from nothing (in any order {least} to {most}).",
            **parts,
        )
    if math.isfinite(float(row["part"])):
        return say(
            "{label}, {lever}: {share} {unit}, {part} of the whole (in any order {least} to {most}).",
            part=percent(float(row["part"]), 0),
            **parts,
        )
    return say("{label}, {lever}: {share} {unit} (in any order {least} to {most}).", **parts)


def _amount(value: float, unit: str) -> str:
    scale = scale_of(unit)[0]
    return say("{value} {unit}", value=signed(scale * value, 3), unit=change_unit(unit))
