"""What a column of the state of a person is: a name with type, width and unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column of the state.

    Attributes:
        name: Name of the column.
        dtype: Type of one value, as NumPy writes it: "f4" is a float of four bytes.
        width: Values per person: 1, 5 (dimensions), or "firms", "inbox" (1 + 2 x firms), "watched" (firms
            whose customers are known one by one).
        apart: True for an array of its own, packed densely: what others look up or write at random, or a pass over
            everybody reads.
        unit: Unit.
        meaning: One sentence.
        followed: True for what `run.panel` follows; of a value for each firm, the focal one's.
        needed_for: What has to happen for somebody to have something in a column that stands apart, a key of
            `sim.model.in_use.NEEDED`; nothing if everybody has.
    """

    name: str
    dtype: str
    width: int | str
    unit: str
    meaning: str
    apart: bool = False
    followed: bool = False
    needed_for: str = ""
