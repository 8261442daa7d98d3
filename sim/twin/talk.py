"""Word of mouth in the readable twin: telling a story, and taking in what was heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.model.expectation import will_after_talk
from sim.model.shares import fixed_point
from sim.model.talk import opinion_after_talk, people_told, tone_heard
from sim.twin.customer import Customer, single, weighted
from sim.vocabulary.observables import FIXED_POINT
from sim.vocabulary.streams import TALK

REACH = 2000
MIX = 3000
"""Indexes of the TALK stream: how many are told and where in the row one begins; who is told in a complete mix."""

BAD_STORIES = ("dissatisfied", "failed_recovery")


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


def tell(customer: Customer) -> None:
    """Tell the story of the period, if there is one, to as many people as one tells."""
    story, customer.story = customer.story, None
    if story is None:
        return
    talk, f = customer.model.parameters.talk, customer.supplier
    assert f is not None
    u_reach, u_place, *_ = customer.draw(TALK, REACH)
    reach = getattr(talk.reach, story)
    if customer.influential:
        reach *= customer.traits.sociability.influencer_factor
    told = min(people_told(reach, u_reach), number_of_ties(customer))
    sign = "negative" if story in BAD_STORIES else "positive"
    customer.count(f"talkers_{sign}")
    customer.count(f"told_{sign}", told)
    if story == "recovered":
        customer.count("told_recovered", told)

    belief = weighted(customer.importance, customer.will)
    for listener, strong in listeners(customer, told, u_place):
        words = listener.inbox.setdefault(f, Words())
        if listener.supplier == f:
            words.belief += fixed_point(belief if strong else talk.weak_tie_weight * belief)
        if sign == "positive":
            words.strong_good += strong
            words.weak_good += not strong
        else:
            words.strong_bad += strong
            words.weak_bad += not strong


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
    for n in range(told):
        other = int(customer.draw(TALK, MIX + n // 4)[n % 4] * ties)
        if other >= customer.luck:  # everyone but oneself
            other += 1
        yield customer.model.people[other], False


def listen(customer: Customer) -> None:
    """Take in what was heard: opinions of the firms, and what to expect of the own supplier."""
    talk, me = customer.model.parameters.talk, customer.traits.sociability
    for f, words in customer.inbox.items():
        customer.count("heard_positive", words.strong_good + words.weak_good, firm=f)
        customer.count("heard_negative", words.strong_bad + words.weak_bad, firm=f)
        praise = words.strong_good + talk.weak_tie_weight * words.weak_good
        blame = words.strong_bad + talk.weak_tie_weight * words.weak_bad
        if praise + blame <= 0.0:
            continue
        tone = tone_heard(praise, blame, talk.negative_impact)
        customer.opinion[f] = single(opinion_after_talk(customer.opinion[f], tone, me.opinion_susceptibility))
        if f == customer.supplier:
            told = words.belief / FIXED_POINT / (praise + blame)
            belief = weighted(customer.importance, customer.will)
            customer.will = [
                single(will_after_talk(will, told, belief, me.expectation_susceptibility)) for will in customer.will
            ]
