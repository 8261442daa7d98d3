"""Named streams of luck: which purpose a random number serves.

Every random number is a pure function of (seed, stream, customer, period, index), see `sim.model.luck`. The
stream keeps purposes apart: a rule that draws more, or less, in one stream moves no number in another. The
numbers below are frozen, because a changed number changes every result of every seed; a new stream takes the
next free number.

>>> from sim.vocabulary import streams
>>> streams.STREAMS[streams.VOICE].name
'VOICE'
"""

from typing import Final, NamedTuple

INITIAL: Final = 0
ARRIVAL: Final = 1
SERVICE: Final = 2
VOICE: Final = 3
RECOVERY: Final = 4
TALK: Final = 5
MOVEMENT: Final = 6
NETWORK: Final = 7
DESK: Final = 8
OUTSIDE: Final = 9
BONDS: Final = 10
LEARNING: Final = 11
OFFER: Final = 12


class Stream(NamedTuple):
    """One named stream: its name, its frozen number and what its numbers decide."""

    name: str
    number: int
    meaning: str


STREAMS: Final[tuple[Stream, ...]] = (
    Stream("INITIAL", INITIAL, "who a customer is at the start: segment, expectations, traits, supplier"),
    Stream("ARRIVAL", ARRIVAL, "how often a customer meets the firm in a period"),
    Stream(
        "SERVICE", SERVICE, "an encounter: what is delivered, what fails, whether it is told of, whether one drops out"
    ),
    Stream("VOICE", VOICE, "what a dissatisfied customer does: complains, leaves in silence or stays"),
    Stream("RECOVERY", RECOVERY, "how a complaint ends and whether its customer comes back"),
    Stream("TALK", TALK, "who talks, about what, to how many and to whom"),
    Stream("MOVEMENT", MOVEMENT, "natural attrition, switching, return, win-back and acquisition"),
    Stream("NETWORK", NETWORK, "the word-of-mouth network: which ties there are and which of them are strong"),
    Stream("DESK", DESK, "the complaint desk: channel, order of the queue, handling time, escalation"),
    Stream("OUTSIDE", OUTSIDE, "whatever rules from outside decide by chance, each by numbers of its own"),
    Stream(
        "BONDS",
        BONDS,
        "contracts: how far they and their bills have run at the start, and who pays not to wait for their end; whom "
        "the rewards of a loyalty programme fit",
    ),
    Stream("LEARNING", LEARNING, "who answers a survey or writes to the suggestion box; what mystery shoppers meet"),
    Stream("OFFER", OFFER, "whom an offer makes compare suppliers, and what comes of it"),
)
"""All streams, the position of each being its number."""
