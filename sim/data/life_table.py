"""How many are at risk and how many leave in each unit of time: what churn tables and cohorts both come down to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.data.users_table import UsersTable

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LifeTable:
    """Customers at risk and leavers in intervals that follow each other from time 0 on.

    Attributes:
        table: Where it comes from.
        unit: Of time.
        column: Our name of the column in which the time stands.
        times: End of each interval, float64[m], rising.
        at_risk: Customers at its beginning who are watched until its end, float64[m].
        left: Those of them who left in it, float64[m].
        latest: Row of the table with the latest time.
    """

    table: UsersTable
    unit: str
    column: str
    times: Array
    at_risk: Array
    left: Array
    latest: int = 0

    def until(self, time: float) -> LifeTable:
        """The same, watched until then only."""
        some = self.times <= time + 1e-9
        return replace(self, times=self.times[some], at_risk=self.at_risk[some], left=self.left[some])

    def one_trial(self, first: int, last: int) -> bool:
        """Whether everybody at risk when an interval begins is watched until it ends, or leaves in it.

        Args:
            first: Position of the first of our intervals within it.
            last: Of the last.
        """
        part = slice(first, last + 1)
        left = np.cumsum(self.left[part])
        return bool(np.allclose(self.at_risk[part][1:], self.at_risk[first] - left[:-1]))

    def merged(self, last: list[int], *, exact: bool) -> tuple[Array, Array, Array]:
        """The same in fewer intervals: units that count as one trial each, trials and leavers of each.

        Each of the old intervals is one trial, with a hazard that is taken as constant over them.

        Args:
            last: Positions of the old intervals that end the new ones.
            exact: Where nobody is watched for less than the whole new interval, take it as one trial.

        >>> import numpy as np
        >>> table = LifeTable(None, "months", "time", *np.array([[1.0, 2.0], [9.0, 7.0], [2.0, 3.0]]))
        >>> [values.tolist() for values in table.merged([1], exact=True)]
        [[1.0], [9.0], [5.0]]
        """
        widths, trials, left = [], [], []
        first = 0
        for end in last:
            part = slice(first, end + 1)
            gone = self.left[part]
            whole = exact and self.one_trial(first, end)
            widths.append(1.0 if whole else float(end + 1 - first))
            trials.append(float(self.at_risk[first] if whole else self.at_risk[part].sum()))
            left.append(float(gone.sum()))
            first = end + 1
        return np.array(widths), np.array(trials), np.array(left)
