"""What a person and the state of all people are; written by docs/generate.py from the rooms: do not edit.

For readers and for the type checker alone: rooms import these under `TYPE_CHECKING`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.model.record_types import Records


class Person:
    """A row of `State.people`: what is known of one person, by column."""

    born: int
    segment: int
    flags: int
    will: npt.NDArray[np.float32]
    should: npt.NDArray[np.float32]
    standards: float
    level: int
    disposition: float
    confirmation: float
    history: float
    complaints: int


class State:
    """All people: a record each in `people`, and the columns that stand apart, a row for each person.

    `outside` is float64[people, columns]: what rules from outside know of a person.
    """

    people: Records[Person]
    luck: npt.NDArray[np.uint32]
    supplier: npt.NDArray[np.uint8]
    former: npt.NDArray[np.uint8]
    ever: npt.NDArray[np.uint16]
    barred: npt.NDArray[np.uint16]
    intent: npt.NDArray[np.uint8]
    won_by: npt.NDArray[np.uint8]
    lost_by: npt.NDArray[np.uint8]
    joined: npt.NDArray[np.int32]
    attrition: npt.NDArray[np.float32]
    switching_cost: npt.NDArray[np.float32]
    frequency: npt.NDArray[np.float32]
    spend: npt.NDArray[np.float32]
    satisfaction: npt.NDArray[np.float32]
    complaint_tendency: npt.NDArray[np.float32]
    opinion: npt.NDArray[np.float32]
    story: npt.NDArray[np.uint8]
    heard: npt.NDArray[np.uint32]
    inbox: npt.NDArray[np.int64]
    post: npt.NDArray[np.uint16]
    posted_about: npt.NDArray[np.uint8]
    margin: npt.NDArray[np.float32]
    leaves: npt.NDArray[np.int32]
    leaves_by: npt.NDArray[np.uint8]
    onward: npt.NDArray[np.uint8]
    points: npt.NDArray[np.uint16]
    year_points: npt.NDArray[np.uint16]
    drop_out: npt.NDArray[np.float32]
    outside: npt.NDArray[np.float64]
