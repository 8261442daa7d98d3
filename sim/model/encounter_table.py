"""The table of an encounter: people of one firm and one segment, a column each; what the rooms read and write of them.

A row is a quantity, so that a loop over people runs along it; where a quantity has a value for each dimension of
quality, its rows follow each other. Engine and twin fill in what is known of the persons (the rows of `KNOWN`) and
`sim.model.encounter.draw` their luck (`DRAWN`); `serve` fills in the rest, and changes those of `KNOWN` that an
encounter changes.

>>> ROWS[T.spend].unit, T.should - T.will
('money', 5)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sim.kernel_marks import Names
from sim.model.dimensions import DIMENSION_COUNT
from sim.vocabulary.column import Column

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Table: TypeAlias = npt.NDArray[np.float64]


def _row(name: str, unit: str, meaning: str, width: int = 1) -> Column:
    return Column(name, "f8", width, unit, meaning)


DRAWN = (
    _row("u_kind", "share", "luck: kind of encounter"),
    _row("u_channel", "share", "luck: channel"),
    _row("u_failure", "share", "luck: failure mode"),
    _row("u_interception", "share", "luck: whether a failure is found in time"),
    _row("u_warranty", "share", "luck: whether a repair is within warranty"),
    _row("u_talk", "share", "luck: whether it is told of"),
    _row("scatter", "standard deviations", "luck: delivery, normal, per dimension", DIMENSION_COUNT),
)
"""Luck; shares are uniform between 0 and 1."""

KNOWN = (
    _row("will", "points (1-7)", "expectation of what will be, per dimension; changed", DIMENSION_COUNT),
    _row("should", "points (1-7)", "expectation of what should be, per dimension; changed", DIMENSION_COUNT),
    _row("satisfaction", "points (0-100)", "cumulative satisfaction; changed"),
    _row("confirmation", "points (1-7)", "cumulative disconfirmation; changed"),
    _row("history", "encounters", "encounters with the supplier so far; changed"),
    _row("level", "code", "level of the last encounter; changed"),
    _row("standards", "points (1-7)", "what the person holds to be owed above others"),
    _row("disposition", "points (0-100)", "personal disposition to be satisfied"),
    _row("spend", "money", "personal spend per purchase"),
    _row("tenure", "years", "time as a customer of those who came during the run"),
)
"""What is known of the persons before the encounter."""

WORKED = (
    _row("kind", "code", "purchase, help me, fix it"),
    _row("weight", "ratio", "weight in memory, a purchase being 1"),
    _row("touch", "share", "assurance and empathy that the channel carries"),
    _row("reached", "points (1-7)", "quality that reaches the customer, per dimension", DIMENSION_COUNT),
    _row("u_survey", "share", "luck: whether one is asked after it, and answers"),
    _row("struck", "index", "columns in which something failed, from the left"),
    _row("mode", "code", "failure mode that was felt there, or NO_FAILURE"),
    _row("failed", "code", "failure mode that was felt, or NO_FAILURE"),
    _row("earned", "money", "margin of the encounter"),
    _row("seen", "points (1-7)", "perceived quality, per dimension", DIMENSION_COUNT),
    _row("quality", "points (1-7)", "weighted mean of perceived quality"),
    _row("felt", "points (1-7)", "weighted mean of felt disconfirmation"),
    _row("mean_will", "points (1-7)", "weighted mean of what will be, before the encounter"),
    _row("mean_should", "points (1-7)", "weighted mean of what should be, before the encounter"),
    _row("now", "points (0-100)", "satisfaction with this encounter"),
)
"""What comes of the encounter."""

ROWS: tuple[Column, ...] = tuple(
    row for row in (*DRAWN, *KNOWN, *WORKED) for _ in range(row.width if isinstance(row.width, int) else 1)
)
"""What each row of a table holds."""

T = Names()
"""Row of each quantity, the first one where there is one for each dimension: `table[T.will + d, i]`."""

T.number(
    row.name if ROWS.index(row) == place else f"{row.name}_{place - ROWS.index(row)}" for place, row in enumerate(ROWS)
)
