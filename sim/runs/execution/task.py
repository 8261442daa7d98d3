"""What is to be done, and what comes of it: the words in which sweeps, engines and the store speak with each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sim.runs.experiment.points import PointValues

Tick = Callable[[], None]
"""Called now and then during a run, at the end of a period say; raises to end the run: time over, or interrupted."""

DONE, FAILED = "done", "failed"


class Task(Protocol):
    """What is done at every point; pickled, so that a worker anywhere can do it.

    Attributes:
        outputs: Names of the numbers that a run returns, in order.
    """

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the numbers that a run returns, in order."""
        ...

    def __call__(self, values: PointValues, seed: int, tick: Tick) -> Mapping[str, float]:
        """One run: a pure function of values and seed. Raises what it likes; the row then says what."""
        ...


@dataclass(frozen=True)
class RunOfPoint:
    """One run to do.

    Attributes:
        point: Name of the point.
        replication: Number of the replication, from 0.
        seed: Key of its luck.
        values: Parameters by path.
    """

    point: str
    replication: int
    seed: int
    values: PointValues

    @property
    def key(self) -> tuple[str, int]:
        """What a run is known by."""
        return self.point, self.replication


@dataclass(frozen=True)
class Row:
    """What came of a run.

    Attributes:
        point: Name of the point.
        replication: Number of the replication.
        seed: Key of its luck.
        status: `done` or `failed`.
        reason: Why it failed, in one line; empty where it is done.
        seconds: How long it took; not part of the result.
        outputs: The numbers, in the order of `Task.outputs`; NaN where there is none; empty where it failed.
    """

    point: str
    replication: int
    seed: int
    status: str
    reason: str = ""
    seconds: float = 0.0
    outputs: Mapping[str, float] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, int]:
        """What a run is known by."""
        return self.point, self.replication


@dataclass(frozen=True)
class Limits:
    """What one run may use.

    Attributes:
        seconds: Time of one run; None for no limit.
        memory: Bytes that a run may take beyond what its worker holds; None for no limit.
    """

    seconds: float | None = None
    memory: int | None = None
