"""Encounter: what happens to people of one firm and one segment, many at once or a single one, when they are served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import kernel, rule
from sim.model.contexts import Books, Clock, Environment, Served
from sim.model.expectation import learn
from sim.model.judgement import conclude
from sim.model.learning import may_tell, report
from sim.model.money import pay, pay_for_failures
from sim.model.onboarding import introduce
from sim.model.perception import perceive, weigh
from sim.model.service import arrange, deliver, fail
from sim.model.talk import STORY_DISSATISFIED

if TYPE_CHECKING:
    from sim.model.encounter_table import Table
    from sim.model.price import Asked
    from sim.model.record_types import Counts, FirmRecord, SegmentRecord
    from sim.model.state_types import State

LUCK_OF_ENCOUNTER = 4
"""Indexes of the stream SERVICE that one encounter has to itself; three are drawn."""


@kernel
def serve(table: Table, people: int, firm: FirmRecord, segment: SegmentRecord, asked: Asked, counts: Counts) -> None:
    """One encounter of each of the first `people` persons of the table: served, paid, perceived, judged, remembered.

    Args:
        table: float64[rows, columns], see `sim.model.encounter_table`: luck, persons, and what becomes of them.
        people: How many columns count.
        firm: The firm's record, as the compiled loops read parameters.
        segment: The segment's record.
        asked: What the firm's price means to the segment.
        counts: int64[observables], the tally of this firm and segment.
    """
    arrange(table, people, firm, segment, asked.demand, counts)
    pay(table, people, firm, counts)
    deliver(table, people, firm)
    introduce(table, people, firm)
    pay_for_failures(table, fail(table, people, firm, counts), firm, counts)
    weigh(table, people, segment)
    perceive(table, people, segment, counts)
    learn(table, people, firm, segment, counts)
    conclude(table, people, segment, asked.value, counts)


@rule
def tell_of(state: State, i: int, environment: Environment, books: Books, clock: Clock, served: Served) -> None:
    """The customer of row i may have a story of the encounter to tell, and may tell the firm, if it listens."""
    level = int(state.people[i].level)
    if served.u_talk < environment.world[0].talk.shares[level]:
        state.story[i] = STORY_DISSATISFIED + level
    if may_tell(environment.firms[state.supplier[i]].instrument, served.mode >= 0, level):
        report(state, i, environment, books, clock, served)
