"""SERVQUAL survey: some customers say what they saw and what they hold to be owed, and the firm believes their gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import kernel
from sim.model.contexts import Clock
from sim.model.dimensions import DIMENSION_COUNT, DIMENSIONS
from sim.model.encounter_table import T
from sim.model.learning import response
from sim.model.luck import uniforms
from sim.model.shares import fixed_point
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, O, amounts, counts
from sim.vocabulary.streams import LEARNING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from sim.model.encounter_table import Table
    from sim.model.record_types import Counts, FirmRecord

COLUMNS: tuple[Column, ...] = ()

RATED_GAPS = tuple(f"rated_gap_{name}" for name in DIMENSIONS)

OBSERVABLES = (
    *counts(FLOW, "answers", {"rated": "answers to the SERVQUAL survey"}),
    *amounts(
        FLOW,
        "points (1-7)",
        {f"rated_gap_{name}": f"sum of perceived minus owed in these answers, {name}" for name in DIMENSIONS},
    ),
)


@kernel
def rate(
    table: Table,
    people: int,
    lucks: npt.NDArray[np.uint32],
    firm: FirmRecord,
    clock: Clock,
    encounter: int,
    counts: Counts,
) -> None:
    """Some of the first `people` persons of the table are asked after an encounter, and some of these answer.

    `lucks` are their keys of luck, `encounter` its number in the period.
    """
    learning = firm.learning
    if learning.servqual_share <= 0.0:
        return
    counts[O.appraisal_cost] += people * fixed_point(learning.servqual_share * learning.survey_cost)
    for i in range(people):
        table[T.u_survey, i] = uniforms(clock.seed, LEARNING, lucks[i], clock.period, encounter)[1]
    for i in range(people):
        if table[T.u_survey, i] >= learning.servqual_share:  # is not asked, whoever would answer
            continue
        answers = response(table[T.satisfaction, i], learning.response_rate, learning.extremity)
        if table[T.u_survey, i] < learning.servqual_share * answers:
            counts[O.rated] += 1
            for d in range(DIMENSION_COUNT):
                counts[O.rated_gap_tangibles + d] += fixed_point(table[T.seen + d, i] - table[T.should + d, i])
