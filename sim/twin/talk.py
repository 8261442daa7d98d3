"""Word of mouth in the readable twin: telling a story, posting it, and taking in what was heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.model.inbox import BAD_WORDS, GOOD_WORDS, INBOX_TOLD, STRONG_WORD, WORDS_PER_FIRM
from sim.model.online import READERS, be_read, post
from sim.model.opinion import fade, listen
from sim.model.shares import fixed_point
from sim.model.talk import MIX, STORY_NONE, tell
from sim.twin.customer import Customer
from sim.vocabulary.streams import TALK


@dataclass
class Words:
    """What a person heard about one firm in a period.

    Attributes:
        strong_good, weak_good, strong_bad, weak_bad: Words by tie and sign.
        belief: Sum of what the tellers expect of the firm, weak ties weighted, in steps of 1/65536; only kept by
            the firm's own customers.
    """

    strong_good: int = 0
    weak_good: int = 0
    strong_bad: int = 0
    weak_bad: int = 0
    belief: int = 0


def tell_on(customer: Customer) -> None:
    """Tell the story of the period, if there is one, to as many people as one tells."""
    f, model = customer.supplier, customer.model
    if f is None or customer.story == STORY_NONE:
        return
    story = tell(customer.state, 0, model.environment, model.books, model.clock, number_of_ties(customer))
    for listener, strong in listeners(customer, story.told, story.place):
        hand_on(listener, f, story.belief, bad=story.bad, strong=strong)
    if story.bad:
        post(customer.state, 0, model.environment, model.books, model.clock)


def hand_on(listener: Customer, f: int, belief: float, *, bad: bool, strong: bool) -> None:
    """A word about firm f, and what its teller predicts of one's supplier, goes into the listener's inbox."""
    words = listener.inbox.setdefault(f, Words())
    if listener.supplier == f:
        words.belief += fixed_point(belief if strong else listener.model.parameters.talk.weak_tie_weight * belief)
    if bad:
        words.strong_bad += strong
        words.weak_bad += not strong
    else:
        words.strong_good += strong
        words.weak_good += not strong


def be_read_of(customer: Customer) -> None:
    """Strangers find what the person posted, in this period or before."""
    if customer.post == 0:
        return
    model = customer.model
    reading = be_read(customer.state, 0, model.environment, model.books, model.clock, model.present - 1)
    for other in anybody(customer, reading.readers, READERS):
        hand_on(other, reading.firm, reading.belief, bad=True, strong=False)


def anybody(customer: Customer, number: int, first: int) -> Iterator[Customer]:
    """So many of the others in the market, perhaps some of them twice; `first` is the index of the first draw."""
    for n in range(number):
        other = int(customer.draw(TALK, first + n // 4)[n % 4] * (customer.model.present - 1))
        if other >= customer.luck:  # everyone but oneself
            other += 1
        yield customer.model.people[other]


def number_of_ties(customer: Customer) -> int:
    """To how many people one can talk: the neighbours, or in a complete mix everyone else in the market."""
    return customer.model.present - 1 if customer.model.complete_mix else len(customer.ties)


def listeners(customer: Customer, told: int, u_place: float) -> Iterator[tuple[Customer, bool]]:
    """The next `told` neighbours from a random place on; in a complete mix, anybody, perhaps twice, as weak ties."""
    ties = number_of_ties(customer)
    if not customer.model.complete_mix:
        first = int(u_place * ties)
        for n in range(told):
            yield customer.ties[(first + n) % ties]
        return
    for other in anybody(customer, told, MIX):
        yield other, False


def hear(customer: Customer) -> None:
    """Take in what was heard: opinions of the firms, and what to expect of the own supplier."""
    if not customer.inbox:
        return
    customer.state.heard[0] = 1
    row = customer.state.inbox[1]
    row[:] = 0
    for f, words in customer.inbox.items():
        row[INBOX_TOLD] += words.belief
        row[GOOD_WORDS + WORDS_PER_FIRM * f] = words.strong_good * STRONG_WORD + words.weak_good
        row[BAD_WORDS + WORDS_PER_FIRM * f] = words.strong_bad * STRONG_WORD + words.weak_bad
    listen(customer.state, 0, customer.model.environment, customer.model.books)


def forget(customer: Customer) -> None:
    """The words of a period are gone with it, and opinions fade."""
    if customer.inbox:
        customer.inbox.clear()
        customer.state.inbox[1] = 0
        customer.state.heard[0] = 0
    fade(customer.state, 0, customer.model.environment)
