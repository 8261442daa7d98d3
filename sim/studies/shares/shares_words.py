"""Shares of a plan in plain words: every sentence is made from the numbers, and says where nothing can be told."""

from __future__ import annotations

import math
from fractions import Fraction

import pandas as pd

from sim.report.signed_changes import change, changed_by, is_money
from sim.results.amounts import change_unit, scale_of, signed
from sim.studies.shapley import to_the_cent
from sim.studies.shares.shared_out import SharedOut
from sim.studies.study_of_scenario import of_failures
from sim.words import listed, percent, priced, say, written

CERTAINTY = (
    "Worlds between today and the plan are lived with the same people and luck: today with some of the plan's levers. "
    "What a lever does depends on which others are turned; its share is the mean over all orders of turning them "
    "(Shapley value), and the range goes from the least that it does in any order to the most. Shares add up to the "
    "whole difference. Intervals are 95% t-intervals over replications."
)


MORE_IS_BETTER = ("profit", "margin", "customers", "retention", "satisfaction")
"""Outputs of which a firm wants more: a lever that raises one is worth doing."""


def headline(found: SharedOut) -> str:
    """What the plan changes, and by what most of it comes."""
    output = found.outputs[0]
    total, first = found.total(output), found.of(output).iloc[0]
    values = {
        "label": total["label"],
        "change": _changed(total, "change"),
        "lever": first["label"],
        "share": _changed(first, "value", bare=True),
    }
    if float(total["low"]) <= 0.0 <= float(total["high"]):
        return say(
            "{label}: {change} by the whole plan, which cannot be told from nothing; the largest share: {lever}, "
            "{share}",
            **values,
        )
    return say("{label}: {change} by the whole plan; the largest share: {lever}, {share}", **values)


def sentences(found: SharedOut) -> list[str]:
    """All that is said, the headline first."""
    return [
        f"{headline(found)}.",
        *of_all(found),
        *(text for output in found.outputs for text in of_each(found, output)),
    ]


def what_to_do(found: SharedOut) -> list[str]:
    """Which levers surely move the first output, and without which the plan would be simpler and no worse."""
    output = found.outputs[0]
    rows, label = found.of(output), str(found.total(output)["label"])
    up, down = rows[rows["low"] > 0.0], rows[rows["high"] < 0.0]
    open_ones = rows.drop(index=[*up.index, *down.index])
    levers = {name: listed(part["label"].tolist()) for name, part in (("up", up), ("down", down), ("open", open_ones))}
    if output in MORE_IS_BETTER:
        raised = say("Do this: {levers}. It surely raises: {label}.", label=label, levers=levers["up"])
        lowered = say(
            "Think again about this: {levers}. It surely lowers: {label}.", label=label, levers=levers["down"]
        )
    else:
        raised = say("{label} surely rises by: {levers}.", label=label, levers=levers["up"])
        lowered = say("{label} surely falls by: {levers}.", label=label, levers=levers["down"])
    told = [
        (up, raised),
        (down, lowered),
        (
            open_ones,
            say(
                "Not to be told from nothing: {levers}. Without them the plan is simpler, and not surely another.",
                levers=levers["open"],
            ),
        ),
    ]
    return [sentence for part, sentence in told if len(part)]


def of_total(found: SharedOut, output: str) -> str:
    """What the plan as a whole changes of an output, with its interval."""
    total = found.total(output)
    return say("{label}: {change}.", label=total["label"], change=_changed(total, "change"))


def shown_shares(found: SharedOut, output: str) -> dict[str, str]:
    """The shares of an output in three digits of the largest of them: adding up to what is shown of the whole."""
    rows, whole = found.of(output), _whole(found, output)
    scale, parts = scale_of(str(found.total(output)["unit"]))[0], _parts(found, output)
    values = to_the_cent((scale * rows["value"]).tolist(), whole, parts)
    return {str(lever): _rounded(value, parts) for lever, value in zip(rows["lever"], values, strict=True)}


def shown_whole(found: SharedOut, output: str) -> str:
    """What the plan changes of an output, rounded as its shares are."""
    return _rounded(_whole(found, output), _parts(found, output))


def _whole(found: SharedOut, output: str) -> float:
    total = found.total(output)
    return scale_of(str(total["unit"]))[0] * float(total["change"])


def _parts(found: SharedOut, output: str) -> Fraction:
    """To what parts of a unit shares are rounded: hundreds of tens of thousands, hundredths of a few."""
    scale = scale_of(str(found.total(output)["unit"]))[0]
    largest = max(abs(_whole(found, output)), scale * float(found.of(output)["value"].abs().max()))
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


def has_parts(found: SharedOut, output: str) -> bool:
    """Whether parts of the whole say something: it surely is not nothing, and no lever works against it."""
    total = found.total(output)
    surely = not float(total["low"]) <= 0.0 <= float(total["high"])
    return surely and bool(found.of(output)["part"].between(0.0, 1.0).all())


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
    unit, parted = str(total["unit"]), has_parts(found, output)
    return [
        _of_one(row, str(total["label"]), _with_unit(shown[str(row["lever"])], unit), parted=parted)
        for _, row in found.of(output).iterrows()
    ]


def _of_one(row: pd.Series, label: str, share: str, *, parted: bool) -> str:
    scale = scale_of(str(row["unit"]))[0]
    if float(row["least"]) == float(row["most"]) == 0.0:
        return say("{label}, {lever}: nothing, in whatever order.", label=label, lever=row["label"])
    parts = {
        "label": label,
        "lever": row["label"],
        "share": share,
        "least": signed(scale * float(row["least"]), 3),
        "most": signed(scale * float(row["most"]), 3),
    }
    if float(row["low"]) <= 0.0 <= float(row["high"]):
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


def _with_unit(share: str, unit: str) -> str:
    """A share that is text already, with its unit."""
    if is_money(unit):
        return priced(share, unit.partition(" per ")[0])
    return say("{value} {unit}", value=share, unit=change_unit(unit)).strip()


def _changed(row: pd.Series, name: str, *, bare: bool = False) -> str:
    """A change with its unit and, if not bare, its interval."""
    shown = pd.Series({"difference": row[name], "low": row["low"], "high": row["high"], "unit": row["unit"]})
    return change(row[name], str(row["unit"]), (row["high"] - row["low"]) / 2.0) if bare else changed_by(shown)
