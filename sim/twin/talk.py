"""Word of mouth in the readable twin: telling a story, posting it, and taking in what was heard."""

from __future__ import annotations

from collections.abc import Iterator

from sim.model.inbox import BAD_WORDS, GOOD_WORDS, INBOX_TOLD, STRONG_WORD, WORDS_PER_FIRM
from sim.model.online import READERS, be_read
from sim.model.opinion import fade, listen
from sim.model.shares import fixed_point
from sim.model.talk import MIX, STORY_NONE, somebody_else, tell
from sim.twin.customer import Customer
from sim.vocabulary.streams import TALK


def tell_on(customer: Customer) -> None:
    """Tell the story of the period, if there is one, to as many people as one tells."""
    f, model = customer.supplier, customer.model
    if f is None or customer.story == STORY_NONE:
        return
    story = tell(customer.state, 0, model.environment, model.books, model.clock, number_of_ties(customer))
    for listener, strong in listeners(customer, story.told, story.place):
        hand_on(listener, f, story.belief, bad=story.bad, strong=strong)


def hand_on(listener: Customer, f: int, belief: float, *, bad: bool, strong: bool) -> None:
    """A word about firm f, and what its teller predicts of one's supplier, goes into the listener's inbox."""
    if listener.supplier == f:
        weight = 1.0 if strong else listener.model.parameters.talk.weak_tie_weight
        listener.inbox[INBOX_TOLD] += fixed_point(weight * belief)
    listener.inbox[WORDS_PER_FIRM * f + (BAD_WORDS if bad else GOOD_WORDS)] += STRONG_WORD if strong else 1


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
        u = customer.draw(TALK, first + n // 4)[n % 4]
        yield customer.model.people[somebody_else(u, customer.model.present - 1, customer.luck)]


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
    customer.state.inbox[1] = 0
    for column, words in customer.inbox.items():
        customer.state.inbox[1, column] = words
    listen(customer.state, 0, customer.model.environment, customer.model.books)


def forget(customer: Customer) -> None:
    """The words of a period are gone with it, and opinions fade."""
    if customer.inbox:
        customer.inbox.clear()
        customer.state.inbox[1] = 0
        customer.state.heard[0] = 0
    fade(customer.state, 0, customer.model.environment)
