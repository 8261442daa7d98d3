"""What is delivered in one encounter: its kind, its channel, its failure, its quality, as the notes name them."""

from sim.compiled import rule
from sim.rules.shares import clipped

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
