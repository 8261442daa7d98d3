"""What an answer rests on, in words: the assumptions that move it most, and those that turn it."""

from __future__ import annotations

import math

import pandas as pd

from sim.report.signed_changes import change
from sim.results.amounts import value_shown
from sim.studies.assumed.assumptions_table import BOOKS, LESS, MORE, OPEN, RIVALS, TRIAL
from sim.studies.assumed.candidates import ASSUMED, PUBLISHED
from sim.studies.assumed.look import ALL_LUCK
from sim.words import either, listed, percent, plural, say, translated

MOST_TOLD = 3
"""Assumptions that the first page names as those that move the answer most."""

MOST_TURNING = 4
"""Assumptions that it names as those that turn it."""


def confirmed_of(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that were lived with every luck."""
    return table[table["stage"] == ALL_LUCK]


def turning_of(table: pd.DataFrame) -> pd.DataFrame:
    """The rows with which the answer surely says the opposite, or says something where it is open."""
    return table[table["turns"].astype(bool)]


def opening_of(table: pd.DataFrame) -> pd.DataFrame:
    """The rows with which an answer that is sure becomes open."""
    return table[table["opens"].astype(bool)]


def as_it_is(table: pd.DataFrame) -> str:
    """What the answer says as it is: more, less or open."""
    return str(table["as_it_is"].iloc[0])


def is_share(unit: str) -> bool:
    """Whether a unit, as it is told, is that of a share, which is shown as per cent."""
    return unit == translated("share")


def shown_at(value: float, unit: str) -> str:
    """A value without its unit; a share as per cent.

    >>> shown_at(0.275, "share"), shown_at(0.43, "share"), shown_at(8.0, "EUR per customer and year")
    ('27.5%', '43%', '8')
    """
    if is_share(unit):
        return percent(value, 0 if math.isclose(100.0 * value, round(100.0 * value), abs_tol=0.05) else 1)
    return value_shown(value)


def short_labels(table: pd.DataFrame) -> dict[str, str]:
    """What assumptions are called within a sentence, by path: without their section where no other is called so.

    >>> rows = pd.DataFrame([("a.b", "A, B: Price"), ("rivals.*.c", "Rivals, C: Cost"), ("d", "D: Cost")])
    >>> short_labels(rows.set_axis(["assumption", "label"], axis=1))
    {'a.b': 'Price', 'rivals.*.c': 'Rivals, Cost', 'd': 'Cost'}
    """
    known = table.drop_duplicates("assumption")
    found = {}
    for name, label in zip(known["assumption"], known["label"], strict=True):
        of_rivals = str(name).startswith("rivals.")
        before, _, behind = say("Rivals, {label}", label="\n").partition("\n") if of_rivals else ("", "", "")
        called = str(label).removeprefix(before).removesuffix(behind)
        own = called.rpartition(": " if ": " in called else ", ")[2]
        found[str(name)] = say("Rivals, {label}", label=own) if of_rivals else own
    taken = list(found.values())
    full = dict(zip(known["assumption"], known["label"], strict=True))
    return {name: own if taken.count(own) == 1 else str(full[name]) for name, own in found.items()}


def _with_unit(value: float, unit: str) -> str:
    shown = shown_at(value, unit)
    return (
        shown if is_share(unit) or unit in (translated("ratio"), "") else say("{value} {unit}", value=shown, unit=unit)
    )


def origin_told(row: pd.Series) -> str:
    """Where a value comes from, in brackets behind its name."""
    if row["origin"] == ASSUMED:
        return say("assumption")
    return say("measured elsewhere") if row["origin"] == PUBLISHED else say("set in the scenario")


def answer_told(row: pd.Series) -> str:
    """The answer at an end, rounded to what its interval can bear."""
    return change(float(row["answer"]), str(row["currency"]), (row["answer_high"] - row["answer_low"]) / 2.0)


def _base_told(row: pd.Series) -> str:
    return change(float(row["base"]), str(row["currency"]), (row["answer_high"] - row["answer_low"]) / 2.0)


def largest(table: pd.DataFrame, most: int) -> list[pd.DataFrame]:
    """The assumptions that move the answer most, each with its ends, that which moves it more first."""
    found = []
    for _, rows in confirmed_of(table).groupby("rank", sort=True):
        order = rows["difference"].abs().sort_values(ascending=False, kind="stable").index
        found.append(rows.loc[order])
    return found[:most]


def rests_most_on(table: pd.DataFrame) -> list[str]:
    """The assumptions that move the answer most, and by how much: a sentence each; nothing where none moves it."""
    names = short_labels(table)
    return [
        _moves(rows, names[str(rows["assumption"].iloc[0])])
        for rows in largest(table, MOST_TOLD)
        if (rows["difference"] != 0.0).any()
    ]


def _moves(rows: pd.DataFrame, label: str) -> str:
    row = rows.iloc[0]
    unit = str(row["unit"])
    values = {
        "label": label,
        "origin": origin_told(row),
        "at": shown_at(float(row["at"]), unit),
        "value": _with_unit(float(row["value"]), unit),
        "answer": answer_told(row),
        "base": _base_told(row),
    }
    if not row["sure"]:
        return say(
            "“{label}” ({origin}): {answer} at {at} instead of {value}, which cannot be told from {base} as it is.",
            **values,
        )
    if len(rows) == 1:
        return say("“{label}” ({origin}): {answer} at {at} instead of {value}.", **values)
    return say(
        "“{label}” ({origin}): {answer} at {at} instead of {value}, {answer_there} at {other}.",
        other=shown_at(float(rows.iloc[1]["at"]), unit),
        answer_there=answer_told(rows.iloc[1]),
        **values,
    )


def turned(table: pd.DataFrame) -> list[str]:
    """Whether a single assumption turns the answer, where, and who knows better."""
    turning, opening, count = turning_of(table), opening_of(table), table["assumption"].nunique()
    if (confirmed_of(table)["difference"] == 0.0).all():
        return [say("None of the {count} that were looked at moves the answer at all.", count=count)]
    said = []
    if as_it_is(table) == OPEN:
        said += _decided(table)
        if not len(turning):
            said.append(say("No single assumption that was looked at decides it within its plausible range."))
    elif len(turning):
        said += _turns(table)
    else:
        said.append(
            say(
                "No single one of the {count} assumptions that were looked at surely turns the answer within its "
                "plausible range.",
                count=count,
            )
        )
    said += _seemed(table)
    if len(opening):
        said.append(say("It is no longer sure where {what}.", what=_places(opening, table)))
    return said


def _seemed(table: pd.DataFrame) -> list[str]:
    """How many others seemed to turn the answer: in the looks alone, or with every luck and not surely."""
    told = set(table[table["turns"].astype(bool) | table["opens"].astype(bool)]["assumption"])
    rows = table[~table["assumption"].isin(told) & (table["base"] * table["answer"] < 0.0)]
    count = rows["assumption"].nunique()
    if as_it_is(table) == OPEN or not count:
        return []
    return [
        plural(
            "With {n} more the answer seemed to turn, though that may be luck alone.",
            "With {n} more the answer seemed to turn, though that may be luck alone.",
            count,
        )
    ]


def _turns(table: pd.DataFrame) -> list[str]:
    """Where a sure answer turns, by who knows better, the firm's own books first."""
    turning, said = turning_of(table), []
    for known_by in (BOOKS, RIVALS, TRIAL):
        rows = turning[turning["known_by"] == known_by]
        if not len(rows):
            continue
        what = _places(rows, table)
        if known_by == BOOKS:
            said.append(
                say("The answer turns where {what}: look that up in the firm's own books before you decide.", what=what)
            )
        elif known_by == RIVALS:
            said.append(say("The answer turns where {what}: watch the rivals before you decide.", what=what))
        else:
            said.append(
                say(
                    "The answer turns where {what}: find that out before you decide, by a survey of customers or a "
                    "trial.",
                    what=what,
                )
            )
    return said


def _decided(table: pd.DataFrame) -> list[str]:
    """What decides an answer that is open."""
    turning = turning_of(table)
    said = []
    for says in (MORE, LESS):
        rows = turning[turning["says"] == says]
        if len(rows):
            what = _places(rows, table)
            said.append(
                say("It surely brings more than today where {what}.", what=what)
                if says == MORE
                else say("It surely brings less than today where {what}.", what=what)
            )
    return said


def _places(rows: pd.DataFrame, table: pd.DataFrame) -> str:
    """Where something is otherwise: `A is below about 3 (here 4 people)`; the largest few."""
    told, names = [], short_labels(table)
    for _, row in rows.head(MOST_TURNING).iterrows():
        unit = str(row["unit"])
        values = {"label": names[str(row["assumption"])], "value": _with_unit(float(row["value"]), unit)}
        if not math.isfinite(row["turns_at"]):
            told.append(say("“{label}” is {at} (here {value})", at=shown_at(float(row["at"]), unit), **values))
            continue
        about = shown_at(float(f"{row['turns_at']:.2g}"), unit)
        told.append(
            say("“{label}” is below about {about} (here {value})", about=about, **values)
            if row["at"] < row["value"]
            else say("“{label}” is above about {about} (here {value})", about=about, **values)
        )
    left = len(rows) - MOST_TURNING
    if left > 0:
        told.append(plural("{n} more", "{n} more", left))
    return either(told)


def first_find_out(table: pd.DataFrame) -> str:
    """What to do before a decision that single assumptions turn; empty where none does."""
    turning = turning_of(table)
    if not len(turning) or as_it_is(table) == OPEN:
        return ""
    called = short_labels(table)
    paths = turning["assumption"].drop_duplicates()
    names = [say("“{label}”", label=called[str(path)]) for path in paths.head(MOST_TURNING)]
    if len(paths) > MOST_TURNING:
        names.append(plural("{n} more", "{n} more", len(paths) - MOST_TURNING))
    return say(
        "But first find out about {names}: that may turn the answer.",
        names=listed(names),
    )


def looked_how(table: pd.DataFrame) -> str:
    """Which assumptions were looked at, and how far they were moved."""
    said = say(
        "These move the answer most of {count} numbers that the firm does not decide on, each moved alone to half and "
        "double of what it is (of points: half of the way to their practical ends); two at a time may do more.",
        count=table["assumption"].nunique(),
    )
    return _outside(said, table)


def looked_at_few(table: pd.DataFrame) -> str:
    """The same where only those were looked at that usually move an answer most."""
    said = say(
        "Looked at were {count} numbers that usually move such an answer most and that the firm does not decide on, "
        "each moved alone to half and double of what it is (of points: half of the way to their practical ends): all "
        "with one luck, the largest with that of every run.",
        count=table["assumption"].nunique(),
    )
    return _outside(said, table)


def _outside(said: str, table: pd.DataFrame) -> str:
    """With those whose value is not practical as it is."""
    outside = list(confirmed_of(table)[confirmed_of(table)["outside"].astype(bool)]["label"].drop_duplicates())
    if not outside:
        return said
    return say("{said} Outside what is practical as it is: {labels}.", said=said, labels=listed(outside))


def how_sure_of(table: pd.DataFrame) -> str:
    """What may be claimed of assumptions beside luck."""
    if len(turning_of(table)):
        return say("It does not stand whatever single assumptions are: see what it rests on.")
    if len(opening_of(table)):
        return say("With single assumptions otherwise it is no longer sure: see what it rests on.")
    return say("No single assumption that was looked at turns it; several together may.")
