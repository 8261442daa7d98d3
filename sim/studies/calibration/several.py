"""Several tables in one fit: each is judged as by itself, and their log-likelihoods add up.

Tables are taken as independent given the parameters: other people, or other luck. What a run's luck and the surfaces'
errors have in common is kept within each table, and left out between them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from sim.studies.calibration.durations import Durations
from sim.studies.calibration.target import Array, Target


@dataclass(frozen=True)
class Several(Target):
    """Several tables as one `Target`: its summaries are theirs, one table after the other.

    Attributes:
        targets: One for each table.
    """

    targets: tuple[Target, ...]

    @property
    def outputs(self) -> tuple[str, ...]:
        """Those of all tables, each once."""
        return tuple(dict.fromkeys(name for target in self.targets for name in target.outputs))

    @property
    def names(self) -> tuple[str, ...]:
        """Those of all tables."""
        return tuple(name for target in self.targets for name in target.names)

    @property
    def drawn(self) -> int:
        """Of all tables."""
        return sum(target.drawn for target in self.targets)

    @property
    def _places(self) -> list[slice]:
        return _slices([len(target.names) for target in self.targets])

    def _joined(self, part: Callable[[Target, Array], Array], summaries: Array) -> Array:
        parts = [part(target, summaries[..., own]) for target, own in zip(self.targets, self._places, strict=True)]
        return np.concatenate(parts, axis=-1)

    def summaries(self, rows: pd.DataFrame) -> Array:
        """Of all tables."""
        return np.concatenate([target.summaries(rows) for target in self.targets], axis=1)

    def noise(self, summaries: Array) -> Array:
        """Each table's own."""
        return self._joined(lambda target, own: target.noise(own), summaries)

    def averaged(self, summaries: Array) -> Array:
        """Each table's own."""
        return self._joined(lambda target, own: target.averaged(own), summaries)

    def with_luck(self, scale: Array, correlation: Array) -> Several:
        """Each with its own part of it."""
        told = [
            target.with_luck(scale[own], correlation[own, own])
            for target, own in zip(self.targets, self._places, strict=True)
        ]
        return replace(self, targets=tuple(told))

    def log_likelihood(self, summaries: Array, covariance: Array) -> Array:
        """The sum of all."""
        found = np.zeros(len(summaries))
        for target, own in zip(self.targets, self._places, strict=True):
            found += target.log_likelihood(summaries[:, own], covariance[:, own, own])
        return found

    def sampling_variance(self, summaries: Array) -> Array:
        """Each table's own."""
        return self._joined(lambda target, own: target.sampling_variance(own), summaries)

    def replicate(self, summaries: Array, generator: np.random.Generator) -> Array:
        """New tables, one beside the other."""
        return self._joined(lambda target, own: target.replicate(own, generator), summaries)

    def discrepancies(self, data: Array | None, summaries: Array) -> list[Array]:
        """How far each table lies from the model: see `apart`."""
        drawn = _slices([target.drawn for target in self.targets])
        return [
            target.discrepancy(None if data is None else data[..., place], summaries[..., own])
            for target, own, place in zip(self.targets, self._places, drawn, strict=True)
        ]

    def discrepancy(self, data: Array | None, summaries: Array) -> Array:
        """The sum of all: chi-squares add up."""
        return np.sum(self.discrepancies(data, summaries), axis=0)

    def fit(self, summaries: Array, replicates: Array) -> pd.DataFrame:
        """The rows of all, with the table's number in the column `table`."""
        drawn = _slices([target.drawn for target in self.targets])
        tables = [
            target.fit(summaries[:, own], replicates[:, place])
            for target, own, place in zip(self.targets, self._places, drawn, strict=True)
        ]
        return pd.concat([one.assign(table=number) for number, one in enumerate(tables)], ignore_index=True)


@dataclass(frozen=True)
class SeriesOfOne(Several):
    """Several series of one table, such as customers lost and won: judged one by one, told of together."""

    def fit(self, summaries: Array, replicates: Array) -> pd.DataFrame:
        """The rows of all."""
        return super().fit(summaries, replicates).drop(columns="table")


def _slices(sizes: Sequence[int]) -> list[slice]:
    """One after the other.

    >>> _slices([2, 1])
    [slice(0, 2, None), slice(2, 3, None)]
    """
    ends = np.cumsum([0, *sizes]).tolist()
    return [slice(low, high) for low, high in pairwise(ends)]


def together(targets: Sequence[Target]) -> Target:
    """One table as it is, several as one."""
    return targets[0] if len(targets) == 1 else Several(tuple(targets))


def each(target: Target) -> tuple[Target, ...]:
    """The tables behind a target."""
    return target.targets if isinstance(target, Several) and not isinstance(target, SeriesOfOne) else (target,)


def apart(target: Target, data: Array | None, summaries: Array) -> Array:
    """How far each table lies from the model, float64[tables, k]; the user's where `data` is None."""
    if isinstance(target, Several) and not isinstance(target, SeriesOfOne):
        return np.array(target.discrepancies(data, summaries))
    return target.discrepancy(data, summaries)[None]


def first_durations(target: Target) -> Durations | None:
    """The first table that tells how long customers stay: its times are those that are forecast."""
    return next((one for one in each(target) if isinstance(one, Durations)), None)
