"""Expectation: what customers predict (will) and what they think is owed (should) (Boulding et al. 1993)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.compiled import double, kernel, rule
from sim.model.dimensions import DIMENSION_COUNT, DIMENSIONS, SCALE_HIGH, SCALE_LOW, Levels
from sim.model.encounter_table import T
from sim.model.shares import clipped, fixed_point
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, STOCK, O, amounts
from sim.vocabulary.parameter import Section, group, parameter, share

if TYPE_CHECKING:
    from sim.model.encounter_table import Table
    from sim.model.record_types import Counts, FirmRecord, SegmentRecord
    from sim.model.state_types import Person

COLUMNS = (
    Column("will", "f4", 5, "points (1-7)", "expectation of what will be, per dimension", followed=True),
    Column("should", "f4", 5, "points (1-7)", "expectation of what should be, per dimension", followed=True),
    Column("standards", "f4", 1, "points (1-7)", "what the person holds to be owed above others, whatever was met"),
)

OBSERVABLES = (
    *amounts(
        STOCK,
        "points (1-7)",
        {
            "will_sum": "sum of weighted will expectation over customers",
            "should_sum": "sum of weighted should expectation over customers",
        },
    ),
    *amounts(
        FLOW,
        "points (1-7)",
        {f"will_{name}": f"sum over encounters of will expectation, {name}" for name in DIMENSIONS},
    ),
    *amounts(
        FLOW,
        "points (1-7)",
        {f"should_{name}": f"sum over encounters of should expectation, {name}" for name in DIMENSIONS},
    ),
)


_BOULDING = "Boulding, Kalra, Staelin & Zeithaml 1993 (form); assumption (size)"


class Expectations(Section):
    """What customers predict (will) and what they think is owed (should)."""

    will: Levels = group(Levels.of(5.5), "What customers predict", practical=(3.5, 6.8))
    should: Levels = group(Levels.of(6.1), "What customers think is owed", practical=(4.5, 7.0))
    spread: float = parameter(
        0.35,
        "Standard deviation of personal expectations around the mean, common to all dimensions",
        label="Spread of expectations",
        unit="points (1-7)",
        setup=True,
        allowed=(0.0, 3.0),
        practical=(0.0, 1.0),
    )
    will_memory: float = share(
        0.85,
        "Weight a of the old prediction in W' = a W + (1-a) P",
        _BOULDING,
        label="Memory of predictions",
        practical=(0.5, 0.98),
    )
    promise_pull: float = parameter(
        0.01,
        "Part of the distance to the firm's promise that the prediction moves at each encounter",
        label="Pull of promises",
        unit="share per encounter",
        allowed=(0.0, 1.0),
        source="notes 'Atención y servicio al cliente' (promises form expectations); assumption (size)",
        practical=(0.0, 0.2),
    )
    modesty_pull: float = share(
        0.0,
        "Share of the promise's pull that is left where it promises less than the prediction; 1 draws both ways alike",
        "assumption: whoever knows a firm from its service does not come to expect less of it by its modesty",
        label="Pull of modesty",
        practical=(0.0, 1.0),
    )
    should_ratchet: float = parameter(
        0.03,
        "Step b of H' = H + b (E - H), only when experience E exceeds H",
        label="Rise of what is owed",
        unit="share per encounter",
        source=_BOULDING,
        allowed=(0.0, 1.0),
        practical=(0.0, 0.2),
    )
    ratchet_smoothing: float = share(
        1.0,
        "What is owed rises with experience E: the updated prediction (1), or the single encounter (0)",
        "assumption: one lucky encounter makes no standard",
        label="Smoothing of what is owed",
        practical=(0.0, 1.0),
    )
    should_drift: float = parameter(
        0.01,
        "Part of the distance to the market's norm that what is owed moves at each encounter; 0 is off",
        label="Drift to the norm",
        unit="share per encounter",
        source="assumption: within some years what others get is the measure again",
        allowed=(0.0, 1.0),
        practical=(0.0, 0.05),
    )
    promise_trust: float = share(
        0.5,
        "Weight of the promise in a newcomer's prediction; the rest is what they expected before",
        "notes 'Atención y servicio al cliente' (form); assumption (size)",
        label="Trust in promises",
        practical=(0.1, 0.9),
    )


@rule
def updated_will(
    will: float, perceived: float, promise: float, memory: float, promise_pull: float, modesty_pull: float
) -> float:
    """Prediction after an encounter: W' = a W + (1 - a) P, then drawn to the promise by its pull c.

    Experience moves it both ways. A promise below it has only the share m of the pull. Points on the scale 1 to 7.
    Sources: Boulding et al. 1993; notes 'Atención y servicio al cliente' (promises).

    >>> updated_will(5.0, 6.0, 6.5, 0.75, 0.2, 0.5), updated_will(5.0, 6.0, 4.25, 0.75, 0.2, 0.5)
    (5.5, 5.15)
    """
    moved = memory * will + (1.0 - memory) * perceived
    drawn = promise_pull * (promise - moved)
    return moved + (drawn if drawn > 0.0 else modesty_pull * drawn)


@rule
def updated_should(should: float, perceived: float, ratchet: float) -> float:
    """What should be, after an encounter: H' = H + b (P - H) only when P > H, a ratchet upwards.

    >>> updated_should(6.0, 5.0, 0.1), updated_should(5.0, 6.0, 0.1)
    (6.0, 5.1)
    """
    if perceived > should:
        return should + ratchet * (perceived - should)
    return should


@rule
def drifted_should(should: float, norm: float, drift: float) -> float:
    """What should be, drawn back to the norm of the market: H' = H + r (norm - H).

    Source: assumption.

    >>> drifted_should(6.5, 6.0, 0.25)
    6.375
    """
    return should + drift * (norm - should)


@rule
def left_of_prior(memory: float, history: float) -> float:
    """What is left of a first prediction after n encounters: a^n.

    >>> left_of_prior(0.5, 2.0), left_of_prior(1.0, 20.0)
    (0.25, 1.0)
    """
    return math.pow(memory, history)


@rule
def learned_will(prior: float, level: float, left: float) -> float:
    """Prediction of someone who has met the same level n times: W = L + a^n (W0 - L), from W' = a W + (1 - a) P.

    `left` is a^n, see `left_of_prior`. So customers who are there at the start predict about what they get. Source:
    Boulding et al. 1993.

    >>> learned_will(6.0, 5.0, 0.25), learned_will(6.0, 5.0, 1.0)
    (5.25, 6.0)
    """
    return level + left * (prior - level)


@rule
def newcomer_will(prior: float, promise: float, trust: float) -> float:
    """Prediction of a new customer: part promise, part what was expected before.

    Source: notes 'Atención y servicio al cliente'.

    >>> newcomer_will(5.0, 6.0, 0.5)
    5.5
    """
    return prior + trust * (promise - prior)


@rule
def will_after_talk(will: float, told: float, own_mean: float, susceptibility: float) -> float:
    """Prediction after listening: every dimension moves by s (told - own mean) (DeGroot 1974), scale 1 to 7.

    `told` is the weighted mean of what the tellers themselves predict; `own_mean` is the listener's weighted mean.

    >>> will_after_talk(5.5, 6.0, 4.0, 0.25)
    6.0
    """
    return clipped(will + susceptibility * (told - own_mean), SCALE_LOW, SCALE_HIGH)


class Memory(NamedTuple):
    """How the expectations of a segment follow experience; fields as in `customers.expectations`."""

    will_memory: float
    promise_pull: float
    modesty_pull: float
    should_ratchet: float
    ratchet_smoothing: float
    should_drift: float


class Expected(NamedTuple):
    """What will be and what should be, of one dimension, points."""

    will: float
    should: float


@rule
def expected_next(will: float, should: float, seen: float, promise: float, norm: float, memory: Memory) -> Expected:
    """Both expectations of one dimension after an encounter in which quality was perceived as `seen`.

    `norm` is what the person held to be owed before any experience.

    >>> expected_next(5.0, 5.5, 6.0, 6.5, 5.0, Memory(0.75, 0.2, 1.0, 0.5, 0.5, 0.25))
    Expected(will=5.5, should=5.46875)
    """
    after = updated_will(will, seen, promise, memory.will_memory, memory.promise_pull, memory.modesty_pull)
    experience = seen + memory.ratchet_smoothing * (after - seen)
    owed = updated_should(should, experience, memory.should_ratchet)
    return Expected(after, drifted_should(owed, norm, memory.should_drift))


@kernel
def learn(table: Table, people: int, firm: FirmRecord, segment: SegmentRecord, counts: Counts) -> None:
    """Book what the first `people` customers expected of an encounter, and what they expect after it."""
    expects = segment.expectations
    memory = Memory(
        expects.will_memory,
        expects.promise_pull,
        expects.modesty_pull,
        expects.should_ratchet,
        expects.ratchet_smoothing,
        expects.should_drift,
    )
    for d in range(DIMENSION_COUNT):
        promise = firm.strategy.promise[d]
        predicted = 0
        owed = 0
        for i in range(people):
            predicted += fixed_point(table[T.will + d, i])
            owed += fixed_point(table[T.should + d, i])
            norm = clipped(expects.should[d] + table[T.standards, i], SCALE_LOW, SCALE_HIGH)
            after = expected_next(
                table[T.will + d, i], table[T.should + d, i], table[T.seen + d, i], promise, norm, memory
            )
            table[T.will + d, i] = after.will
            table[T.should + d, i] = after.should
        counts[O.will_tangibles + d] += predicted
        counts[O.should_tangibles + d] += owed


@rule
def predicted(person: Person, importance: Any) -> float:
    """What a person predicts of the supplier over all dimensions: the weighted mean of *will*, points (1-7).

    `person` is a record of the state, `importance` the weights of its segment.
    """
    mean = 0.0
    for d in range(DIMENSION_COUNT):
        mean += importance[d] * double(person.will[d])
    return mean


@rule
def owed(person: Person, importance: Any) -> float:
    """What a person holds to be owed over all dimensions: the weighted mean of *should*, points (1-7); as above."""
    mean = 0.0
    for d in range(DIMENSION_COUNT):
        mean += importance[d] * double(person.should[d])
    return mean


def believed_promise(promise: float, usual: float, reach: float) -> float:
    """What those who are not its customers believe of a firm's promise for one dimension, points (1-7).

    Up to what people predict of any supplier, L, all of it; above, ever less of it, and never as much as c more:
    L + c (1 - exp(-(promise - L) / c)). 0 for c believes everything. Source: Anderson 1973 (beyond some point a
    growing gap between claim and performance is not accepted); assumption (form).

    Args:
        promise: What the firm promises.
        usual: L, what people predict of any supplier.
        reach: c, `movement.promise_reach`.

    >>> believed_promise(5.0, 5.5, 0.5), round(believed_promise(6.5, 5.5, 0.5), 4), believed_promise(6.5, 5.5, 0.0)
    (5.0, 5.9323, 6.5)
    """
    if reach <= 0.0 or promise <= usual:
        return promise
    return usual + reach * (1.0 - math.exp(-(promise - usual) / reach))


@rule
def promised(firm: FirmRecord, importance: Any) -> float:
    """What is believed of a firm's promise over all dimensions, weighted by a person's importance, points (1-7)."""
    mean = 0.0
    for d in range(DIMENSION_COUNT):
        mean += importance[d] * firm.believed[d]
    return mean
