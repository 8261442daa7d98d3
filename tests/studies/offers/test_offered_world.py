"""Worlds with offers: limits whose answer is known, the twin, and a choice that is lived."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.mesa import Twin
from sim.model.offer import Offer, be_offered, terms_of
from sim.model.rooms import O
from sim.parameters.paths import validated
from sim.studies.offers.offered_world import GROUPS, OUTPUTS, OfferedWorld, OffersTask
from sim.studies.offers.targeting import POLICIES, STEPS
from tests import equality, worlds

AT, SEED = 2, 11
DRIVEN_ONLY = 19
"""A seed with which nobody leaves but for the offer, in the worlds where it drives people away."""

ALL_SWITCH: dict[str, Any] = {
    "market.customers": 150,
    "run.periods": 6,
    "run.period": "month",
    "customers.bonds.attrition_per_year": 0.0,
    "customers.bonds.renewal_per_year": 0.0,
    "customers.bonds.captive_share": 0.0,
    "customers.bonds.reviews_per_year": 6.0,
    "movement.switch_share": 0.5,
    "movement.switching_cost": -20.0,
    "firm.systems.failure_scale": 0.0,
    "customers.judgement.tolerance": 6.0,
}
"""Customers leave by comparing suppliers only: nothing fails, nobody is dissatisfied, nobody goes for good."""


WAITING: dict[str, Any] = {
    "market.customers": 150,
    "run.periods": 5,
    "customers.bonds.attrition_per_year": 0.0,
    "customers.bonds.reviews_per_year": 0.0,
    "customers.bonds.captive_share": 0.0,
    "customers.judgement.tolerance": 0.5,
    "voice.complain_share": 0.99,
    "voice.headquarters_share": 1.0,
    "voice.repurchase.unanswered": 0.0,
    "voice.repurchase.resolved": 1.0,
    "voice.repurchase.resolved_quickly": 1.0,
    "firm.desk.agents": 0.0,
    "firm.desk.patience_days": 60.0,
    "firm.desk.resolution_share": 1.0,
}
"""Many complain, and nobody answers."""


def lived(settings: Mapping[str, Any], offer: Offer, seed: int = SEED) -> Mapping[str, float]:
    return OffersTask(worlds.world(dict(settings)), offer, AT, 0.25)({}, seed, lambda: None)


def test_an_offer_without_effect_does_exactly_nothing_to_anybody() -> None:
    found = lived(ALL_SWITCH, Offer())
    assert tuple(sorted(found)) == tuple(sorted(OUTPUTS))
    assert found["stays"] + found["leaves"] == found["judged"] > 10
    assert found["leaves"] > 5
    effects = [name for name in OUTPUTS if "." in name and not name.endswith((".offers", ".reached", ".same_offers"))]
    assert {found[name] for name in effects} == {0.0}


def test_what_offers_cost_and_whom_they_reach_is_told() -> None:
    """2 for each of a quarter of those judged; an answer where everybody is content reaches nobody."""
    found = lived(ALL_SWITCH, Offer(cost=2.0))
    assert found["value.cost"] == 2.0 * found["value.reached"] == 2.0 * found["value.offers"]
    assert found["value.money"] == -found["value.cost"]
    assert found["value.same_offers"] == found["value.offers"]
    content = lived(ALL_SWITCH, Offer(cost=2.0, answers=True))
    assert {content[f"{policy}.{name}"] for policy in POLICIES for name in ("reached", "cost")} == {0.0}
    waiting = lived(WAITING, Offer(cost=2.0, answers=True))
    assert 0.0 < waiting["risk.reached"] <= waiting["risk.offers"]


def test_under_one_budget_dear_customers_are_fewer() -> None:
    """A credit by spending, to those who spend most: fewer than at random for the same money, and no more of it."""
    found = lived(ALL_SWITCH, Offer(credit=0.1))
    assert found["value.cost"] > found["random.cost"]
    assert 0 < found["value.same_offers"] < found["value.offers"] == found["random.same_offers"]
    assert found["random.same_money"] == found["random.money"] == -found["random.cost"]
    assert -found["random.cost"] * (1.0 + 1e-9) <= found["value.same_money"] < -0.5 * found["random.cost"]


def test_an_offer_that_binds_for_good_saves_whoever_would_have_left() -> None:
    """Bound by 1 at a weight of -20, half of the comparisons that end in a switch are one in 20,000."""
    found = lived(ALL_SWITCH, Offer(cost=2.0, binds=1.0))
    assert found["saved"] > 5
    assert (found["leaves"], found["driven"]) == (0.0, 0.0)
    assert found["bound.saved@1"] == found["saved"]
    for share in STEPS:
        best = found[f"bound.money@{share:g}"]
        assert all(best >= found[f"{policy}.money@{share:g}"] for policy in POLICIES)


def test_sleeping_dogs_that_all_go_are_counted() -> None:
    """Everybody who gets the offer compares at once, and whoever compares goes."""
    certain = {"movement.switch_share": 1.0, "customers.bonds.reviews_per_year": 0.0}
    found = lived(ALL_SWITCH | certain, Offer(wakes=1.0), DRIVEN_ONLY)
    assert found["driven"] == found["judged"]
    assert found["random.chosen_driven"] == found["random.offers"] == round(0.25 * found["judged"])
    assert found["random.chosen_money"] < 0.0


def test_the_groups_are_all_who_are_judged() -> None:
    found = lived(ALL_SWITCH, Offer(lift=20.0, wakes=0.9), DRIVEN_ONLY)
    assert sum(found[name] for name in GROUPS) == found["judged"]
    assert found["saved"] > 0
    assert found["driven"] > 0
    everybody = {found[f"{policy}.money@1"] for policy in POLICIES}
    assert max(everybody) - min(everybody) < 1e-6


class OfferedTwin(Twin):
    """The readable twin with an offer to the customers of every other row, written for people to read."""

    offer = terms_of(Offer(lift=7.0, binds=0.125, wakes=0.5))

    def policy(self) -> None:
        super().policy()
        if self.period == AT:
            for person in self.people[::2]:
                if person.supplier is not None:
                    be_offered(person.state, 0, self.environment, self.books, self.clock, self.offer)


def test_the_twin_knows_of_everybody_what_the_engine_knows() -> None:
    scenario = worlds.world({"market.customers": 120, "run.periods": 5, "movement.switch_share": 0.4})
    rows = np.arange(0, 120, 2)
    engine = OfferedWorld(scenario, at=AT, offer=Offer(lift=7.0, binds=0.125, wakes=0.5), rows=rows, threads=1)
    twin = OfferedTwin(scenario)
    equality.assert_same_life(engine, equality.life(twin))
    assert np.array_equal(engine.tables().tallies, twin.tables().tallies)


class AnsweringTwin(Twin):
    """The twin whose desk answers the complaints of every other person at once."""

    def policy(self) -> None:
        super().policy()
        desk = self.desks[0]
        if self.period == AT:
            for complaint in [one for one in desk.open if one.sender.luck % 2 == 0]:
                complaint.answer = self.period * self.years
                desk.end(complaint)
                desk.open.remove(complaint)


def test_who_waits_for_an_answer_gets_it_at_once_and_all_else_goes_on() -> None:
    """A desk that is far behind: half of the complaints are answered at the date, and the queue is the shorter."""
    scenario = worlds.world(WAITING | {"firm.desk.agents": 100.0, "firm.desk.handling_hours": 900.0})
    rows = np.arange(0, 150, 2)
    engine = OfferedWorld(scenario, at=AT, offer=Offer(answers=True), rows=rows, threads=1)
    twin = AnsweringTwin(scenario)
    equality.assert_same_life(engine, equality.life(twin))
    assert np.array_equal(engine.tables().tallies, twin.tables().tallies)
    plain = Simulation(scenario, threads=1).run().tallies[AT, 0].sum(axis=0)
    answered = engine.tables().tallies[AT, 0].sum(axis=0)[O.desk_answered] - plain[O.desk_answered]
    assert answered > 3


def test_an_answer_costs_and_reaches_only_those_who_wait_for_one() -> None:
    """The dissatisfied complain, are never answered, and stay if they are: at once, all who wait are saved."""
    quiet = [{"at": AT, "set": {"firm.systems.failure_scale": 0.0, "customers.judgement.tolerance": 6.0}}]
    scenario = validated(worlds.world(WAITING).model_dump() | {"timeline": quiet})
    found, free = (
        OffersTask(scenario, Offer(cost=cost, answers=True), AT, 0.25)({}, SEED, lambda: None) for cost in (1.0, 0.0)
    )
    assert found["saved"] > 3
    assert found["driven"] == 0
    assert found["bound.saved@1"] == found["saved"]
    costs = free["bound.money@1"] - found["bound.money@1"]
    assert found["saved"] <= costs < found["judged"] / 2
    assert costs == pytest.approx(round(costs))


@pytest.fixture(scope="module")
def plain() -> Simulation:
    run = Simulation(worlds.world(ALL_SWITCH), seed=SEED, threads=1)
    run.run()
    return run


def test_a_world_in_which_nobody_gets_the_offer_is_the_world_as_it_is(plain: Simulation) -> None:
    nobody = np.zeros(0, np.int64)
    offer = Offer(lift=9.0)
    world = OfferedWorld(worlds.world(ALL_SWITCH), at=AT, offer=offer, rows=nobody, seed=SEED, threads=1)
    found = world.lived(lambda: None)
    assert np.array_equal(world.tallies, plain.tallies)
    left = (plain.state.supplier != 0) | (plain.state.joined > AT)
    assert found.left[found.customers].sum() == left[found.customers].sum() > 0
    assert not found.left[np.setdiff1d(np.arange(150), found.customers)].any()
