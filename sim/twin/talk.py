"""Word of mouth in the readable twin: telling a story, posting it, and taking in what was heard."""

from __future__ import annotations

from collections.abc import Iterator

from sim.model.inbox import column_of, put_in
from sim.model.online import READERS, be_read
from sim.model.opinion import fade, listen
from sim.model.talk import MIX, NUMBERS_A_DRAW, STORY_NONE, belief_over, strangers, tell
from sim.twin.customer import Customer

ROW = 1
"""Of the inbox of one person: the first is for whoever heard nothing."""


def tell_on(customer: Customer) -> None:
    """Tell the story of the period, if there is one, to as many people as one tells."""
    if customer.story == STORY_NONE:
        return
    model, ties = customer.model, customer.ties
    people = model.present - 1 if model.complete_mix else len(ties)
    story = tell(customer.state, 0, model.environment, model.books, model.clock, people)
    if model.complete_mix:
        told = [(other, False) for other in anybody(customer, story.told, MIX)]
    else:  # the next ones from a random place on
        told = [ties[(int(story.place * people) + n) % people] for n in range(story.told)]
    for listener, strong in told:
        hand_on(listener, customer.state.supplier[0], story.belief, bad=story.bad, strong=strong)


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
    model = customer.model
    for n in range(number):
        key = model.key, customer.luck, model.period, first + n // NUMBERS_A_DRAW
        yield model.people[strangers(*key, model.present - 1, customer.luck)[n % NUMBERS_A_DRAW]]


def hand_on(listener: Customer, f: int, belief: float, *, bad: bool, strong: bool) -> None:
    """A word about firm f, and what its teller predicts of one's supplier, goes into the listener's inbox."""
    state, weight = listener.state, listener.model.parameters.talk.weak_tie_weight
    state.heard[0] = ROW
    own = bool(state.supplier[0] == f)
    put_in(state.inbox, ROW, column_of(int(f), bad), strong, own, belief_over(belief, strong, weight))


def hear(customer: Customer) -> None:
    """Take in what was heard: opinions of the firms, and what to expect of the own supplier."""
    if customer.state.heard[0] != 0:
        listen(customer.state, 0, customer.model.environment, customer.model.books, customer.model.sways)


def forget(customer: Customer) -> None:
    """The words of a period are gone with it, and opinions fade."""
    customer.state.heard[0] = 0
    customer.state.inbox[ROW] = 0
    fade(customer.state, 0, customer.model.environment)
