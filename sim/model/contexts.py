"""What surrounds a person when something happens: few named things instead of many arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from sim.model.price import Prices
    from sim.model.record_types import FirmRecord, Records, SegmentRecord, WorldRecord


class Environment(NamedTuple):
    """What holds for everybody in a period.

    Attributes:
        firms: A record for each firm, the focal one first; fields as in a scenario's `firm`, and what is derived.
        segments: A record for each segment; fields as in `segments`, and what is derived.
        world: One record of the sections that hold for all (voice, recovery, talk, movement, money), the length of a
            period in `years`, and `rebuy_share`.
        reputation: float64[firms], mean satisfaction of each firm's customers at the end of the last period, 0 to 100.
        prices: What prices mean to each firm's customers.
    """

    firms: Records[FirmRecord]
    segments: Records[SegmentRecord]
    world: Records[WorldRecord]
    reputation: npt.NDArray[np.float64]
    prices: Prices


class Clock(NamedTuple):
    """When something happens, which together with the person is the key of all luck.

    Attributes:
        seed: Key of the run's luck, 64 bits.
        period: Number of the period, from 0; those of a warm-up are negative, -1 the last.
    """

    seed: int
    period: int


class Served(NamedTuple):
    """An encounter as its customer goes on from it.

    Attributes:
        encounter: Its number within the period, from 0: with person and period the key of its luck.
        felt: Felt disconfirmation, points (1-7).
        u_talk: Draw that decides whether it is told of.
        mode: Failure that was felt, or `NO_FAILURE`, below 0.
    """

    encounter: int
    felt: float
    u_talk: float
    mode: int


class Books(NamedTuple):
    """Where things are counted.

    Attributes:
        tally: int64[firms, segments, observables], the period's counts, see `sim.model.rooms`.
        leavers: int64[firms x cohorts x causes x tenures], flat: who left when, for the survival curves.
        moves: int64[firms + 2, firms + 2], people who moved in the period, from where to where, see
            `sim.model.choice.whereabouts`.
    """

    tally: npt.NDArray[np.int64]
    leavers: npt.NDArray[np.int64]
    moves: npt.NDArray[np.int64]
