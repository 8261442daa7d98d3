"""Service: how often people meet their supplier, and what reaches them: kind, channel, failure, quality."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.compiled import kernel, rule
from sim.model.dimensions import ASSURANCE, DIMENSION_COUNT, SCALE_HIGH, SCALE_LOW
from sim.model.encounter_table import T
from sim.model.failures import FAILURE_MODES
from sim.model.shares import clipped
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, O, counts
from sim.vocabulary.parameter import Section, parameter

if TYPE_CHECKING:
    from sim.model.encounter_table import Table
    from sim.model.record_types import Counts, FirmRecord, Numbers, SegmentRecord
    from sim.model.systems import Systems

COLUMNS = (
    Column("frequency", "f4", 1, "ratio", "personal frequency of encounters, 1 is average", apart=True, followed=True),
    Column("spend", "f4", 1, "money", "personal spend per purchase", apart=True),
)

OBSERVABLES = (
    *counts(
        FLOW,
        "encounters",
        {
            "encounters": "service encounters of all kinds",
            "purchases": "purchases",
            "help_requests": "'help me' services",
            "repairs": "'fix it' services",
            "failures_felt": "failures that reached the customer",
            "failures_intercepted": "failures found and mended before the customer felt them",
        },
    ),
    *counts(FLOW, "encounters", {f"failure_{mode}": f"felt failures of the mode {mode}" for mode in FAILURE_MODES}),
)


class Encounters(Section):
    """How often people meet their supplier, and for what."""

    purchases_per_year: float = parameter(
        12.0,
        "Purchases of an average customer",
        label="Purchases a year",
        unit="per year",
        source="assumption: monthly",
        allowed=(0.0, 1000.0),
        practical=(0.5, 250.0),
    )
    help_requests_per_year: float = parameter(
        1.5,
        "'Help me' services: advice, installation, training",
        label="Help requests a year",
        unit="per year",
        source="notes 'Conceptos y generalidades' (kind); assumption (rate)",
        allowed=(0.0, 1000.0),
        practical=(0.0, 12.0),
    )
    repairs_per_year: float = parameter(
        0.5,
        "'Fix it' services: repairs in and out of warranty",
        label="Repairs a year",
        unit="per year",
        source="notes 'Conceptos y generalidades' (kind); assumption (rate)",
        allowed=(0.0, 1000.0),
        practical=(0.0, 6.0),
    )
    price_elasticity: float = parameter(
        0.5,
        "e: a customer's purchases go with price^-e",
        label="Elasticity of demand",
        unit="ratio",
        source="assumption: of one customer; leaving comes on top (Bijmolt, van Heerde & Pieters 2005: -2.6 in all)",
        allowed=(0.0, 5.0),
        practical=(0.0, 1.5),
    )
    satisfaction_effect: float = parameter(
        0.0,
        "k: a customer's encounters go with exp(k (S - S0) / 10), S0 one's own satisfaction at the start; 0 is off",
        label="Custom by satisfaction",
        unit="log share per 10 points",
        source="Bolton & Lemon 1999 (sign: who is satisfied uses a service more); assumption (form; off)",
        allowed=(0.0, 1.0),
        practical=(0.0, 0.15),
    )
    frequency_cv: float = parameter(
        0.7,
        "Spread of personal encounter frequency around 1 (gamma distributed, as in the NBD model)",
        label="Spread of frequency",
        unit="coefficient of variation",
        source="Ehrenberg 1959 (form); assumption (size)",
        setup=True,
        allowed=(0.0, 5.0),
        practical=(0.0, 1.5),
    )
    spend_per_purchase: float = parameter(
        40.0,
        "Mean revenue of a purchase",
        label="Spend per purchase",
        unit="money per purchase",
        setup=True,
        allowed=(0.0, 1e6),
        practical=(1.0, 5000.0),
    )
    spend_cv: float = parameter(
        0.6,
        "Spread of personal spend (lognormal)",
        label="Spread of spend",
        unit="coefficient of variation",
        setup=True,
        allowed=(0.0, 5.0),
        practical=(0.0, 1.5),
    )
    help_weight: float = parameter(
        1.0,
        "Weight of a 'help me' service in memory, a purchase being 1",
        label="Weight of help in memory",
        unit="ratio",
        allowed=(0.0, 10.0),
        practical=(0.5, 3.0),
    )
    repair_weight: float = parameter(
        1.5,
        "Weight of a 'fix it' service in memory, a purchase being 1",
        label="Weight of repairs in memory",
        unit="ratio",
        source="assumption: services under stress are remembered",
        allowed=(0.0, 10.0),
        practical=(0.5, 4.0),
    )


PURCHASE, HELP, REPAIR = 0, 1, 2
PURCHASE_WEIGHT = 1.0
"""Weight of a purchase in memory, which that of other kinds is measured by."""
CHAT, TELEPHONE, COUNTER = 0, 1, 2
NO_FAILURE = -1
MODES = len(FAILURE_MODES)
SCALE_MIDDLE = 0.5 * (SCALE_LOW + SCALE_HIGH)
"""What a dimension is filtered towards by a channel that carries nothing of it, points."""
WORDS, TONE, GESTURES = 0.07, 0.35, 0.58
"""Shares of the human touch in the notes 'Servicio al cliente' (Mehrabian 1967 measured something narrower)."""


@rule
def kind_of_encounter(u: float, purchases: float, help_requests: float, repairs: float) -> int:
    """Kind of encounter, in proportion to the yearly rates: 0 purchase, 1 help me, 2 fix it.

    >>> kind_of_encounter(0.95, 9.0, 0.5, 0.5)
    2
    """
    x = u * (purchases + help_requests + repairs)
    if x < purchases:
        return PURCHASE
    if x < purchases + help_requests or repairs <= 0.0:
        return HELP
    return REPAIR


@rule
def channel_of_encounter(u: float, chat: float, telephone: float) -> int:
    """Channel of an encounter by the firm's shares: 0 chat, 1 telephone, 2 counter.

    >>> channel_of_encounter(0.25, 0.2, 0.3)
    1
    """
    if u < chat:
        return CHAT
    if u < chat + telephone:
        return TELEPHONE
    return COUNTER


@rule
def human_touch(channel: int, filter_strength: float) -> float:
    """Share of empathy and assurance that a channel carries: chat words, telephone words and tone, counter all.

    1 - filter * (1 - carried), carried = .07, .42, 1 (notes 'Servicio al cliente' after Mehrabian 1967, often misused).

    >>> human_touch(2, 0.3), round(human_touch(0, 1.0), 2)
    (1.0, 0.07)
    """
    carried = 1.0
    if channel == CHAT:
        carried = WORDS
    elif channel == TELEPHONE:
        carried = WORDS + TONE
    return 1.0 - filter_strength * (1.0 - carried)


@rule
def delivered(level: float, variation: float, z: float, hurt: float) -> float:
    """Delivered quality of one dimension: service level + staff variation - failure, on the scale 1 to 7.

    Args:
        level: Service level, points.
        variation: Standard deviation of delivery, points.
        z: Standard normal draw.
        hurt: Loss through a failure, points.

    >>> delivered(5.5, 0.5, -1.0, 2.0)
    3.0
    """
    return clipped(level + variation * z - hurt, SCALE_LOW, SCALE_HIGH)


@rule
def carried_over(quality: float, touch: float) -> float:
    """What a channel lets through of empathy or assurance: distance from the scale's middle times `touch`.

    >>> carried_over(6.0, 0.5)
    5.0
    """
    return SCALE_MIDDLE + touch * (quality - SCALE_MIDDLE)


class Occasion(NamedTuple):
    """What an encounter is about.

    Attributes:
        kind: 0 purchase, 1 help me, 2 fix it.
        weight: Weight in memory, a purchase being 1.
        touch: Share of assurance and empathy that the channel carries.
    """

    kind: int
    weight: float
    touch: float


class Habits(NamedTuple):
    """How people of a segment meet a firm, and through what: the numbers that an occasion depends on.

    Attributes:
        purchases, help_requests, repairs: Rates per year.
        help_weight, repair_weight: Weight of these kinds in memory, a purchase being 1.
        chat, telephone: Shares of the firm's encounters.
        filter_strength: How strongly poorer channels flatten assurance and empathy.
    """

    purchases: float
    help_requests: float
    repairs: float
    help_weight: float
    repair_weight: float
    chat: float
    telephone: float
    filter_strength: float


@rule
def weight_in_memory(kind: int, help_weight: float, repair_weight: float) -> float:
    """Weight of an encounter in memory by its kind: a purchase 1, the others as the segment has it.

    >>> weight_in_memory(0, 1.25, 1.5), weight_in_memory(1, 1.25, 1.5), weight_in_memory(2, 1.25, 1.5)
    (1.0, 1.25, 1.5)
    """
    if kind == PURCHASE:
        return PURCHASE_WEIGHT
    if kind == HELP:
        return help_weight
    return repair_weight


@rule
def occasion(u_kind: float, u_channel: float, habits: Habits) -> Occasion:
    """What an encounter is about and how it reaches the customer, from two draws between 0 and 1.

    >>> occasion(0.95, 0.25, Habits(9.0, 0.5, 0.5, 1.25, 1.5, 0.2, 0.3, 0.5))
    Occasion(kind=2, weight=1.5, touch=0.71)
    """
    kind = kind_of_encounter(u_kind, habits.purchases, habits.help_requests, habits.repairs)
    weight = weight_in_memory(kind, habits.help_weight, habits.repair_weight)
    channel = channel_of_encounter(u_channel, habits.chat, habits.telephone)
    return Occasion(kind, weight, human_touch(channel, habits.filter_strength))


@rule
def failure_mode(u: float, ladder: Sequence[float] | Numbers) -> int:
    """The failure mode that strikes an encounter, by a draw and the cumulated chances of the modes; else NO_FAILURE.

    >>> failure_mode(0.02, (0.01, 0.03)), failure_mode(0.03, (0.01, 0.03))
    (1, -1)
    """
    for mode in range(len(ladder)):
        if u < ladder[mode]:
            return mode
    return NO_FAILURE


@kernel
def arrange(table: Table, people: int, firm: FirmRecord, segment: SegmentRecord, demand: float, counts: Counts) -> None:
    """What each encounter is about, and through which channel: kind, weight and touch of the first `people` columns.

    `demand` is what the firm's price makes of purchases, relative to a price index of 1.
    """
    meets, channels = segment.encounters, firm.systems.channels
    habits = Habits(
        meets.purchases_per_year * demand,
        meets.help_requests_per_year,
        meets.repairs_per_year,
        meets.help_weight,
        meets.repair_weight,
        channels.chat,
        channels.telephone,
        channels.filter_strength,
    )
    purchases = 0
    help_requests = 0
    for i in range(people):
        about = occasion(table[T.u_kind, i], table[T.u_channel, i], habits)
        table[T.kind, i] = about.kind
        table[T.weight, i] = about.weight
        table[T.touch, i] = about.touch
        purchases += about.kind == PURCHASE
        help_requests += about.kind == HELP
    counts[O.encounters] += people
    counts[O.purchases] += purchases
    counts[O.help_requests] += help_requests
    counts[O.repairs] += people - purchases - help_requests


@kernel
def deliver(table: Table, people: int, firm: FirmRecord) -> None:
    """What reaches each customer where nothing fails: service level, scatter, and the channel's filter."""
    variation = firm.systems.staff_variation
    for d in range(DIMENSION_COUNT):
        level = firm.systems.service[d]
        for i in range(people):
            table[T.reached + d, i] = delivered(level, variation, table[T.scatter + d, i], 0.0)
    for d in range(ASSURANCE, DIMENSION_COUNT):  # assurance and empathy, the human dimensions, are the last two
        for i in range(people):
            table[T.reached + d, i] = carried_over(table[T.reached + d, i], table[T.touch, i])


@kernel
def fail(table: Table, people: int, firm: FirmRecord, counts: Counts) -> int:
    """Failures: found and mended before they are felt, or taken from what reaches the customer.

    Few are struck: their columns are written to `struck`, with the mode that is felt, or NO_FAILURE, in `mode`.
    Returns how many.
    """
    systems, ladder = firm.systems, firm.failure_ladder
    worst = ladder[MODES - 1]
    found = 0
    for i in range(people):
        table[T.failed, i] = NO_FAILURE
        table[T.struck, found] = i
        found += table[T.u_failure, i] < worst
    for n in range(found):
        i = int(table[T.struck, n])
        if table[T.u_interception, i] < systems.interception_share:
            table[T.mode, n] = NO_FAILURE
            counts[O.failures_intercepted] += 1
            continue
        mode = failure_mode(table[T.u_failure, i], ladder)
        table[T.mode, n] = mode
        table[T.failed, i] = mode
        counts[O.failures_felt] += 1
        counts[O.failure_broken_commitment + mode] += 1
        for d in range(DIMENSION_COUNT):
            hurt = systems.failures.severity[mode] * systems.failures.hurts[mode, d]
            quality = delivered(systems.service[d], systems.staff_variation, table[T.scatter + d, i], hurt)
            table[T.reached + d, i] = carried_over(quality, table[T.touch, i]) if d >= ASSURANCE else quality
    return found


@rule
def usual_level(systems: Systems, d: int) -> float:
    """What a firm delivers on dimension d when nothing goes wrong, over its mix of channels, points (1-7)."""
    level = systems.service[d]
    if d < ASSURANCE:
        return level
    channels = systems.channels
    touch = (
        channels.chat * human_touch(CHAT, channels.filter_strength)
        + channels.telephone * human_touch(TELEPHONE, channels.filter_strength)
        + channels.counter * human_touch(COUNTER, channels.filter_strength)
    )
    return carried_over(level, touch)
