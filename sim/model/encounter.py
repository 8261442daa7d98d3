"""Encounter: what happens to people of one firm and one segment, many at once or a single one, when they are served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import kernel, rule
from sim.model.contexts import Books, Clock, Environment, Served
from sim.model.dimensions import DIMENSION_COUNT
from sim.model.encounter_table import T
from sim.model.expectation import learn
from sim.model.judgement import conclude
from sim.model.learning import may_tell, report
from sim.model.luck import MIDDLE, SWIFT, swift_centre, swift_normal, uniforms
from sim.model.money import pay, pay_for_failures
from sim.model.onboarding import introduce
from sim.model.perception import perceive
from sim.model.service import arrange, deliver, fail
from sim.model.talk import STORY_DISSATISFIED
from sim.vocabulary.streams import SERVICE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from sim.model.encounter_table import Table
    from sim.model.price import Asked
    from sim.model.record_types import Counts, FirmRecord, SegmentRecord
    from sim.model.state_types import State

LUCK_OF_ENCOUNTER = 3
"""Indexes of the stream SERVICE that one encounter has to itself.

Their twelve draws: kind, channel, failure, interception; four of delivery; the fifth, warranty, whether it is told of,
whether one drops out.
"""


@kernel
def draw(table: Table, people: int, lucks: npt.NDArray[np.uint32], clock: Clock, encounter: int) -> None:
    """The luck of an encounter of each of the first `people` persons of the table: all rows of `DRAWN`.

    Loops without branches, so that several people are drawn at once; only normals in the tails, of one person in forty,
    are computed one by one. Until then the draws of delivery stand where will be what is seen.

    Args:
        table: float64[rows, columns].
        people: How many columns count.
        lucks: uint32[people], their keys of luck.
        clock: Seed and period.
        encounter: Its number within the period.
    """
    first = LUCK_OF_ENCOUNTER * encounter
    for i in range(people):
        u = uniforms(clock.seed, SERVICE, lucks[i], clock.period, first)
        table[T.u_kind, i], table[T.u_channel, i], table[T.u_failure, i], table[T.u_interception, i] = u
    for i in range(people):
        u = uniforms(clock.seed, SERVICE, lucks[i], clock.period, first + 1)
        table[T.seen, i], table[T.seen + 1, i], table[T.seen + 2, i], table[T.seen + 3, i] = u
    for i in range(people):
        u = uniforms(clock.seed, SERVICE, lucks[i], clock.period, first + 2)
        table[T.seen + 4, i], table[T.u_warranty, i], table[T.u_talk, i] = u[0], u[1], u[2]
    for d in range(DIMENSION_COUNT):
        for i in range(people):
            table[T.scatter + d, i] = swift_centre(table[T.seen + d, i] - MIDDLE)
    found = 0
    for i in range(people):
        outer = False
        for d in range(DIMENSION_COUNT):
            outer |= abs(table[T.seen + d, i] - MIDDLE) > SWIFT
        table[T.struck, found] = i
        found += outer
    for n in range(found):
        i = int(table[T.struck, n])
        for d in range(DIMENSION_COUNT):
            table[T.scatter + d, i] = swift_normal(table[T.seen + d, i])


@kernel
def serve(table: Table, people: int, firm: FirmRecord, segment: SegmentRecord, asked: Asked, counts: Counts) -> None:
    """One encounter of each of the first `people` persons of the table: served, paid, perceived, judged, remembered.

    Args:
        table: float64[rows, columns], see `sim.model.encounter_table`: luck, persons, what becomes of them; weighed
            (`sim.model.perception.weigh`), which whoever counts them as customers has done already.
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
