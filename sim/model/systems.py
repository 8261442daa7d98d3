"""Systems: what a firm delivers and how: service levels, scatter, failures, channels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from pydantic import model_validator

from sim.model.dimensions import Levels
from sim.model.failures import FAILURE_MODES, Failures
from sim.model.quality_cost import QualityCosts, prevented
from sim.vocabulary.parameter import Section, group, parameter, share
from sim.words import say


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
        "often misused; assumption (strength)",
        label="Strength of the channel filter",
        practical=(0.0, 0.5),
        no_lever="how people perceive a channel",
    )

    @model_validator(mode="after")
    def _sum_to_one(self) -> Channels:
        total = self.chat + self.telephone + self.counter
        if abs(total - 1.0) > 1e-9:
            raise ValueError(
                say("the shares of chat, telephone and counter must sum to 1, found {total:.6g}", total=total)
            )
        return self


class Systems(Section):
    """Service design: level per dimension, its variation, failures, channels."""

    service: Levels = group(Levels.of(5.6), "Delivered quality", practical=(2.0, 6.8), paid_by="firm.costs.level_cost")
    staff_variation: float = parameter(
        0.45,
        "Standard deviation of delivery from encounter to encounter, per dimension (heterogeneity)",
        label="Variation of service",
        unit="points (1-7)",
        allowed=(0.0, 6.0),
        source="notes 'Servicio al cliente' (services are heterogeneous); assumption (size)",
        practical=(0.1, 1.2),
        paid_by="firm.costs.uniformity_cost",
        less_costs=True,
    )
    failures: Failures = group(Failures(), "Failure modes")
    failure_scale: float = parameter(
        1.0,
        "Multiplies all failure probabilities; 0 is a world without failures",
        label="Scale of failures",
        unit="ratio",
        source="model design",
        allowed=(0.0, 100.0),
        practical=(0.0, 10.0),
        no_lever="what fails is no decision: prevention and inspection are",
        definition=True,
    )
    interception_share: float = share(
        0.3,
        "Share of failures that inspection finds and mends before the customer feels them",
        "Juran (internal against external failure); assumption (size)",
        label="Failures intercepted",
        practical=(0.0, 0.9),
        paid_by="firm.costs.inspection",
    )
    channels: Channels = group(Channels(), "Channels")


def failure_odds(systems: Systems, costs: QualityCosts) -> list[float]:
    """Probability of each failure mode in an encounter, in the order of `FAILURE_MODES`, after what is prevented.

    >>> from sim.model.quality_cost import QualityCosts
    >>> round(failure_odds(Systems(failure_scale=2.0), QualityCosts(prevention=6.0))[0], 6)
    0.001766
    """
    scale = systems.failure_scale * prevented(costs)
    return [getattr(systems.failures, mode).probability * scale for mode in FAILURE_MODES]


def failure_ladder(odds: Iterable[float]) -> list[float]:
    """The probabilities of failure modes, one upon the other: what one draw climbs to find the mode; at most certain.

    >>> failure_ladder([0.25, 0.5, 0.5])
    [0.25, 0.75, 1.0]
    """
    return [min(step, 1.0) for step in accumulate(odds)]


def rarer(ladder: Sequence[float], corrected: Sequence[float]) -> list[float]:
    """The ladder with each mode as much rarer as it has been corrected.

    >>> rarer([0.25, 0.75], [0.0, 0.5])
    [0.25, 0.5]
    """
    steps = zip(ladder, (0.0, *ladder), corrected, strict=False)
    return list(accumulate((step - below) * (1.0 - part) for step, below, part in steps))
