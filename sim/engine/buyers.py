"""Groups of customers by how often they have bought, and when last."""

from __future__ import annotations

from typing import NamedTuple


class Buyers(NamedTuple):
    """Customers who bought between `least` and `most` times (None: or more), the last time in `first` to `last`.

    Periods count from 0. Whoever has not bought has no last time: then `first` and `last` are left out.
    """

    least: int
    most: int | None
    first: int | None = None
    last: int | None = None

    def __str__(self) -> str:
        """As in the name of an output.

        >>> str(Buyers(2, 3, 10, 19)), str(Buyers(5, None, 0, 38)), str(Buyers(0, 0))
        ('2-3:10-19', '5+:0-38', '0')
        """
        times = f"{self.least}+" if self.most is None else f"{self.least}-{self.most}"
        if self.most == self.least:
            times = str(self.least)
        return times if self.first is None else f"{times}:{self.first}-{self.last}"
