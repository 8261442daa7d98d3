"""Service: how often people meet their supplier, and what reaches them: kind, channel, failure, quality."""

from __future__ import annotations

from pydantic import model_validator

from sim.compiled import rule
from sim.model.dimensions import Levels
from sim.model.failures import FAILURE_MODES, Failures
from sim.model.shares import clipped
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, counts
from sim.vocabulary.parameter import Section, group, parameter, share

COLUMNS = (
    Column("frequency", "f4", 1, "ratio", "personal frequency of encounters, 1 is average"),
    Column("spend", "f4", 1, "money", "personal spend per purchase"),
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
        ge=0.0,
        le=1000.0,
        practical=(0.5, 250.0),
    )
    help_requests_per_year: float = parameter(
        1.5,
        "'Help me' services: advice, installation, training",
        label="Help requests a year",
        unit="per year",
        source="notes 'Conceptos y generalidades' (kind); assumption (rate)",
        ge=0.0,
        le=1000.0,
        practical=(0.0, 12.0),
    )
    repairs_per_year: float = parameter(
        0.5,
        "'Fix it' services: repairs in and out of warranty",
        label="Repairs a year",
        unit="per year",
        source="notes 'Conceptos y generalidades' (kind); assumption (rate)",
        ge=0.0,
        le=1000.0,
        practical=(0.0, 6.0),
    )
    frequency_cv: float = parameter(
        0.7,
        "Spread of personal encounter frequency around 1 (gamma distributed, as in the NBD model)",
        label="Spread of frequency",
        unit="coefficient of variation",
        source="Ehrenberg 1959 (form); assumption (size)",
        setup=True,
        ge=0.0,
        le=5.0,
        practical=(0.0, 1.5),
    )
    spend_per_purchase: float = parameter(
        40.0,
        "Mean revenue of a purchase",
        label="Spend per purchase",
        unit="money per purchase",
        source="assumption",
        setup=True,
        ge=0.0,
        le=1e6,
        practical=(1.0, 5000.0),
    )
    spend_cv: float = parameter(
        0.6,
        "Spread of personal spend (lognormal)",
        label="Spread of spend",
        unit="coefficient of variation",
        source="assumption",
        setup=True,
        ge=0.0,
        le=5.0,
        practical=(0.0, 1.5),
    )
    help_weight: float = parameter(
        1.0,
        "Weight of a 'help me' service in memory, a purchase being 1",
        label="Weight of help in memory",
        unit="ratio",
        source="assumption",
        ge=0.0,
        le=10.0,
        practical=(0.5, 3.0),
    )
    repair_weight: float = parameter(
        1.5,
        "Weight of a 'fix it' service in memory, a purchase being 1",
        label="Weight of repairs in memory",
        unit="ratio",
        source="assumption: services under stress are remembered",
        ge=0.0,
        le=10.0,
        practical=(0.5, 4.0),
    )


class Channels(Section):
    """Share of encounters by channel, and how much each filters the human touch."""

    chat: float = share(0.2, "Share of encounters by chat: words only", label="Share by chat", practical=(0.0, 1.0))
    telephone: float = share(
        0.3, "Share of encounters by telephone: words and tone", label="Share by telephone", practical=(0.0, 1.0)
    )
    counter: float = share(
        0.5,
        "Share of encounters face to face: words, tone and gestures",
        label="Share at the counter",
        practical=(0.0, 1.0),
    )
    filter_strength: float = share(
        0.15,
        "How strongly poorer channels flatten empathy and assurance (0 off; 1 the notes' .07/.35/.58)",
        "notes 'Servicio al cliente' after Mehrabian 1967, who measured contradictory messages about feelings only: "
        "often misused",
        label="Strength of the channel filter",
        practical=(0.0, 0.5),
    )

    @model_validator(mode="after")
    def _sum_to_one(self) -> Channels:
        total = self.chat + self.telephone + self.counter
        if abs(total - 1.0) > 1e-9:
            raise ValueError(f"the shares of chat, telephone and counter must sum to 1, found {total:.6g}")
        return self


class Systems(Section):
    """Service design: level per dimension, its variation, failures, channels."""

    service: Levels = group(Levels.of(5.6), "Delivered quality", practical=(2.0, 6.8))
    staff_variation: float = parameter(
        0.45,
        "Standard deviation of delivery from encounter to encounter, per dimension (heterogeneity)",
        label="Variation of service",
        unit="points (1-7)",
        ge=0.0,
        le=6.0,
        source="notes 'Servicio al cliente' (services are heterogeneous); assumption (size)",
        practical=(0.1, 1.2),
    )
    failures: Failures = group(Failures(), "Failure modes")
    failure_scale: float = parameter(
        1.0,
        "Multiplies all failure probabilities; 0 is a world without failures",
        label="Scale of failures",
        unit="ratio",
        source="model design",
        ge=0.0,
        le=100.0,
        practical=(0.0, 10.0),
    )
    interception_share: float = share(
        0.3,
        "Share of failures that inspection finds and mends before the customer feels them",
        "Juran (internal against external failure); assumption (size)",
        label="Failures intercepted",
        practical=(0.0, 0.9),
    )
    channels: Channels = group(Channels(), "Channels")


PURCHASE, HELP, REPAIR = 0, 1, 2
CHAT, TELEPHONE, COUNTER = 0, 1, 2
NO_FAILURE = -1
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
    return clipped(level + variation * z - hurt, 1.0, 7.0)


@rule
def carried_over(quality: float, touch: float) -> float:
    """What a channel lets through of empathy or assurance: distance from the scale's middle times `touch`.

    >>> carried_over(6.0, 0.5)
    5.0
    """
    return 4.0 + touch * (quality - 4.0)


def failure_odds(systems: Systems) -> list[float]:
    """Probability of each failure mode in an encounter, in the order of `FAILURE_MODES`."""
    return [getattr(systems.failures, mode).probability * systems.failure_scale for mode in FAILURE_MODES]
