"""What compiled code sees of firms, segments and the market: types of the records that `sim.model.records` makes.

For readers and for the type checker alone: rooms import these under `TYPE_CHECKING`. A record has the numbers of a
section of the scenario under the same names, so that its type is the section's, with what is derived besides. Switches
are 0 or 1, and vectors are arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from sim.model.customer import Segment
from sim.model.desk import Desk
from sim.model.failures import Failures
from sim.model.firm import Firm, Strategy
from sim.model.records import World
from sim.model.systems import Systems

__all__ = ["Counts", "FirmRecord", "Numbers", "Records", "SegmentRecord", "StrategyRecord", "WorldRecord"]

Counts: TypeAlias = npt.NDArray[np.int64]
"""Whole numbers, by number of the observable."""

Numbers: TypeAlias = npt.NDArray[np.float64]

R_co = TypeVar("R_co", covariant=True)


class Records(Protocol[R_co]):
    """An array of records, read by number."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many there are."""
        ...

    def __getitem__(self, number: int, /) -> R_co: ...

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[R_co]: ...


if TYPE_CHECKING:

    class FailuresRecord(Failures):
        """Failure modes by number: of each what it is like, and what it hurts, [modes, dimensions]."""

        probability: Numbers
        severity: Numbers
        complaint_propensity: Numbers
        hurts: Numbers

    class SystemsRecord(Systems):
        """What a firm delivers."""

        failures: FailuresRecord

    class DeskRecord(Desk):
        """The complaint desk; its queue by number, see `sim.model.desk.QUEUES`."""

        queue: float  # type: ignore[assignment]

    class StrategyRecord(Strategy):
        """What the firm promises and asks."""

        promise: Numbers  # type: ignore[assignment]

        def __getitem__(self, name: str, /) -> Any: ...

    class FirmRecord(Firm):
        """A firm: fields as in a scenario's `firm`, and what follows from them."""

        strategy: StrategyRecord
        systems: SystemsRecord
        desk: DeskRecord
        failure_ladder: Numbers
        advertising_chance: float
        believed: Numbers
        bound_years: float
        signed_since: float
        strain: float
        accepted_offers: float
        instrument: float
        effort: float
        desk_hours: float
        desk_paid: float
        points_lapse: float
        tier_barrier: float
        year_passes: float
        contact_chance: float
        certificate_paid: float

        def __getitem__(self, name: str, /) -> Any: ...

    class SegmentRecord(Segment):
        """A segment: fields as in a scenario's `segments`, and its chances per period."""

        return_chance: float
        forgiveness_chance: float
        renewal_chance: float

        def __getitem__(self, name: str, /) -> Any: ...

    class WorldRecord(World):
        """What holds for the whole market, the length of a period in years, and what it leaves of opinions."""

        years: float
        rebuy_share: float
        opinion_left: Numbers

        def __getitem__(self, name: str, /) -> Any: ...
