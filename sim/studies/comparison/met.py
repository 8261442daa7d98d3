"""Whether what a scenario changes was met by anybody: exactly, by equal tables, and by what happened in both worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model.rooms import observables_of
from sim.model.scenario import Scenario
from sim.results.unmet import Total, unmet

EQUAL = "under the same luck everything is equal to the last bit"
"""Why a change did nothing where it is known exactly."""


class Met:
    """What happened in every world, summed over replications, and whether worlds were equal to the first throughout.

    Args:
        scenarios: By label, today's first.
    """

    def __init__(self, scenarios: Mapping[str, Scenario]) -> None:
        self.scenarios = dict(scenarios)
        self.totals: dict[str, npt.NDArray[Any]] = {}
        self.equal = dict.fromkeys(list(scenarios)[1:], True)

    def add(self, totals: Sequence[npt.NDArray[Any]], digests: Sequence[str]) -> None:
        """One replication: of each world int64[firms, observables], and a digest of all that was counted."""
        for label, counts, digest in zip(self.scenarios, totals, digests, strict=True):
            self.totals[label] = self.totals.get(label, 0) + counts
            if label in self.equal:
                self.equal[label] &= digest == digests[0]

    def unmet(self, changed: pd.DataFrame) -> dict[str, dict[str, str]]:
        """What nobody met of what each later scenario changes.

        Args:
            changed: See `sim.studies.comparison.changed.build_changed`.

        Returns:
            By label, then by path: what did not happen, in today's world or in this one.
        """
        first, found = next(iter(self.scenarios)), {}
        for label, equal in self.equal.items():
            rows = changed[changed[first] != changed[label]]
            paths = [path for path in rows["path"] if not str(path).startswith("run.")]
            if equal and label in self.totals:
                found[label] = dict.fromkeys(paths, EQUAL)
            elif label in self.totals:
                ends = {path: str(path).split(" ", maxsplit=1)[0] for path in paths}  # without `from period 3`
                said = unmet(ends.values(), self.scenarios[label], self._of(first, label))
                found[label] = {path: said[end] for path, end in ends.items() if end in said}
        return found

    def _of(self, *labels: str) -> Total:
        def total(firm: str | None, names: Sequence[str]) -> float:
            counted = 0
            for label in labels:
                scenario = self.scenarios[label]
                places = [row.name for row in observables_of(scenario)]
                chosen = [number for number, item in enumerate(scenario.firms) if firm in (None, item.name)]
                counted += int(np.abs(self.totals[label][np.ix_(chosen, [places.index(name) for name in names])]).sum())
            return float(counted)

        return total
