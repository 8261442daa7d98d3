"""A customer of the readable twin: a person with a state of its own, who acts by the rules of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from sim.engine.state import empty_state
from sim.model.luck import uniforms
from sim.model.person import MARKS, NOBODY
from sim.model.population import be_born, be_known, take_place
from sim.model.rooms import COLUMNS, columns_outside
from sim.model.standing import count_customer

if TYPE_CHECKING:
    from sim.model.customer import Segment
    from sim.twin.twin import Twin

_APART = {column.name: column.apart for column in COLUMNS}


class Customer(mesa.Agent):
    """One person in the market: a customer of a firm, a former one, or a prospect.

    Every column of `sim.model.rooms.COLUMNS` is an attribute (`person.satisfaction`, `person.will`), and so is every
    mark of `sim.model.person.MARKS` (`person.captive`).

    Attributes:
        state: The state of this one person, as the rules of the model take it, in row 0.
        supplier: Number of the firm whose customer it is, or None.
        ties: The people whom the person can tell, and whether the tie is strong.
    """

    model: Twin

    def __init__(self, model: Twin, luck: int, *, present: bool) -> None:
        super().__init__(model)
        self.ties: list[tuple[Customer, bool]] = []
        self._begin_anew(luck)
        be_born(self.state, 0, model.environment, model.ladder, present, model.key)
        if model.known is not None and luck < len(model.known):
            be_known(self.state, 0, model.known, luck, model.environment, model.key)
        self.state.joined[0] += model.period

    def _begin_anew(self, luck: int) -> None:
        """Nothing is known of the person but the key of its luck."""
        model = self.model
        self.state = empty_state(1, len(model.environment.firms), len(columns_outside(model.parameters)))
        self.state.luck[0] = luck

    def take_place_of_the_old(self) -> None:
        """A new person takes the place of one who left the market: ties and segment stay, all else starts anew."""
        segment = self.segment
        self._begin_anew(self.luck)
        self.state.people["segment"][0] = segment
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
        return uniforms(self.model.key, stream, self.luck, self.model.period, index)

    def be_counted(self) -> None:
        """Add what this customer is now to the stocks of its supplier."""
        if self.supplier is not None:
            count_customer(self.state, self.model.environment.segments, self.model.books.tally, self.supplier, 0, 1)
