"""A customer of the readable twin: a person with a state of its own, who acts by the rules of the model."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import mesa

from sim.engine.state import empty_state
from sim.model.dimensions import DIMENSION_COUNT
from sim.model.luck import uniforms
from sim.model.person import (
    CAPTIVE,
    COMPLAINT_OPEN,
    GONE,
    HAS_COMPLAINED,
    INFLUENTIAL,
    NEWCOMER,
    NOBODY,
    PRESENT,
)
from sim.model.population import be_born, be_known, take_place
from sim.model.register import COLUMNS, O, columns_outside
from sim.model.shares import fixed_point
from sim.model.standing import standing

if TYPE_CHECKING:
    from sim.model.customer import Segment
    from sim.twin.twin import Twin

LEVELS = ("dissatisfied", "satisfied", "delighted")
MARKS = {
    "captive": CAPTIVE,
    "influential": INFLUENTIAL,
    "has_complained": HAS_COMPLAINED,
    "complaint_open": COMPLAINT_OPEN,
    "gone": GONE,
    "present": PRESENT,
    "newcomer": NEWCOMER,
}
"""Bits of `flags`, by name."""

_APART = {column.name: column.apart for column in COLUMNS}


class Customer(mesa.Agent):
    """One person in the market: a customer of a firm, a former one, or a prospect.

    Every column of `sim.model.register.COLUMNS` is an attribute (`person.satisfaction`, `person.will`), and so is every
    mark of `MARKS` (`person.captive`).

    Attributes:
        state: The state of this one person, as the rules of the model take it, in row 0.
        supplier: Number of the firm whose customer it is, or None.
        ties: The people whom the person can tell, and whether the tie is strong.
        inbox: What was heard this period, by column of `sim.model.inbox`.
    """

    model: Twin

    def __init__(self, model: Twin, luck: int, *, present: bool) -> None:
        self.state = empty_state(1, len(model.environment.firms), len(columns_outside(model.parameters)))
        super().__init__(model)
        self.ties: list[tuple[Customer, bool]] = []
        self.inbox: Counter[int] = Counter()
        self.state.luck[0] = luck
        be_born(self.state, 0, model.environment, model.ladder, present, model.key)
        if model.known is not None and luck < len(model.known):
            be_known(self.state, 0, model.known, luck, model.environment, model.key)
        self.state.people["joined"][0] += model.period

    def take_place_of_the_old(self) -> None:
        """A new person takes the place of one who left the market: ties and segment stay, all else starts anew."""
        place, segment = self.luck, self.segment
        self.state = empty_state(1, len(self.model.environment.firms), len(columns_outside(self.model.parameters)))
        self.state.luck[0], self.state.people["segment"][0] = place, segment
        take_place(self.state, 0, self.model.environment, self.model.books, self.model.clock)

    def __getattr__(self, name: str) -> Any:
        """A column of the state as a plain number or list, or whether a mark is set."""
        if name in _APART:
            value = getattr(self.state, name)[0] if _APART[name] else self.state.people[name][0]
            return value.tolist()
        if name in MARKS:
            return bool(self.state.people["flags"][0] & MARKS[name])
        raise AttributeError(f"a customer has no {name!r}")

    @property
    def supplier(self) -> int | None:
        """The firm whose customer the person is, or None."""
        f = int(self.state.supplier[0])
        return None if f == NOBODY else f

    @property
    def traits(self) -> Segment:
        """The parameters of the person's segment."""
        return self.model.segments[self.segment]

    def draw(self, stream: int, index: int) -> tuple[float, float, float, float]:
        """Four random numbers of a stream, for this person in this period."""
        numbers: tuple[float, float, float, float] = uniforms(
            self.model.key, stream, self.luck, self.model.period, index
        )
        return numbers

    # ---- counted at the end of a period -----------------------------------------------------------------------

    def weighted(self, values: list[float]) -> float:
        """The mean of a value for each dimension, by the importance that the segment gives them."""
        importance = self.model.environment.segments[self.segment]["judgement"]["importance"].tolist()
        total = 0.0
        for d in range(DIMENSION_COUNT):  # from left to right: `sum` adds floats in another way from Python 3.12 on
            total += importance[d] * values[d]
        return total

    def be_counted(self) -> None:
        """Add what this customer is now to the stocks of its supplier."""
        if self.supplier is None:
            return
        satisfaction, level = self.satisfaction, LEVELS[self.level]
        feels = standing(satisfaction, self.confirmation, self.weighted(self.will), self.weighted(self.should))
        counted = {
            "active": 1,
            "promoters": feels.promoter,
            "detractors": feels.detractor,
            f"level_{level}": 1,
            "captive_dissatisfied": self.captive and level == "dissatisfied",
            "open_complaints": self.complaint_open,
            "waiting": self.leaves != 0,
            "points_held": self.points,
            "satisfaction_sum": feels.satisfaction,
            "satisfaction_squares": feels.squares,
            "acsi_expectation_sum": feels.expectation,
            "acsi_ideal_sum": feels.ideal,
            "will_sum": feels.will,
            "should_sum": feels.should,
            "opinion_sum": fixed_point(self.opinion[self.supplier]),
        }
        for observable, number in counted.items():
            self.model.books.tally[self.supplier, self.segment, getattr(O, observable)] += number
