"""Relations that must hold between runs, or within one, whatever the scenario: on generated worlds."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engine.network import WiredNetwork
from sim.engine.population import count_relations
from sim.engine.simulation import Simulation
from sim.engine.tables import Tables
from sim.model.cut_corners import cost_without_pay
from sim.model.failures import FAILURE_MODES
from sim.model.firm import Firm
from sim.model.learning import BELIEVED, Learning
from sim.model.movement import FLOWS_IN, FLOWS_OUT
from sim.model.people import People
from sim.model.person import CAPTIVE, GONE, NOBODY
from sim.model.programme import Programme
from sim.model.quality_cost import QualityCosts
from sim.model.rooms import OBSERVABLES, O
from sim.model.scenario import Change, Scenario
from sim.model.shares import fixed_point
from sim.model.work_pressure import OBSERVABLES as OF_PEOPLE
from sim.parameters.paths import set_path
from sim.parameters.timeline import WITHOUT_FAILURES
from sim.vocabulary.observables import FIXED_POINT
from tests.worlds import world, worlds

NAMES = [row.name for row in OBSERVABLES]
MONEY = [row.name for row in OBSERVABLES if row.unit == "money"]
SILENCE = {
    f"talk.shares.{story}": 0.0 for story in ("dissatisfied", "satisfied", "delighted", "recovered", "failed_recovery")
}
TALK = ["talkers_positive", "talkers_negative", "told_positive", "told_negative", "told_recovered"]
TALK += ["heard_positive", "heard_negative"]
DESK = ["registered", "escalated", "desk_started", "desk_waited", "desk_wait_days", "desk_answered", "desk_answer_days"]
DESK += ["open_complaints", "complaint_moot"]

few = settings(max_examples=25, derandomize=True, suppress_health_check=list(HealthCheck))


def run(scenario: Scenario, **arguments: Any) -> Tables:
    return Simulation(scenario, threads=1, **arguments).run()


def total(tables: Tables, *names: str) -> Any:
    """Sum of observables: int64[periods, firms, segments]."""
    return sum(tables.tallies[..., NAMES.index(name)] for name in names)


def never(tables: Tables, *names: str) -> None:
    assert {name: int(total(tables, name).sum()) for name in names if total(tables, name).any()} == {}


def same(one: Tables, other: Tables, *, but: Any = ()) -> None:
    """All tallies are the same, `but` those named."""
    columns = [k for k, name in enumerate(NAMES) if name not in but]
    differ = np.argwhere(one.tallies[..., columns] != other.tallies[..., columns])
    assert [(NAMES[columns[at[-1]]], *at[:-1]) for at in differ.tolist()[:3]] == []
    if not but:
        assert np.array_equal(one.leavers, other.leavers)
        assert np.array_equal(one.stayers, other.stayers)
        assert one.census == other.census


# --- ledgers: within one run ------------------------------------------------------------------------------------------


@few
@given(scenario=worlds())
def test_stocks_are_previous_stocks_plus_flows_and_a_recount_agrees(scenario: Scenario):
    """Everybody's relation to every firm, recounted after each period, is what stocks and flows say."""
    sim = Simulation(scenario, threads=1)
    before = {name: sim.initial[..., NAMES.index(name)] for name in ("prospects", "active", "lapsed", "lost")}
    for _ in range(scenario.run.periods):
        sim.step()
        flow = {name: sim.tally[..., k] for k, name in enumerate(NAMES)}
        won = flow["won_advertising"] + flow["won_talk"] + flow["won_switch"]
        back = flow["returned"] + flow["returned_switch"] + flow["won_back"]
        for_now = flow["lapsed_silent"] + flow["left_switch"] + flow["left_without"] + flow["left_closed"]
        for_ever = flow["left_silent"] + flow["left_complaint"] + flow["left_natural"]
        gone = flow["prospects_gone"] + flow["lapsed_gone"]
        after = {
            "prospects": before["prospects"] + flow["entered"] - won - flow["prospects_gone"],
            "active": before["active"] + won + back - for_now - for_ever,
            "lapsed": before["lapsed"] + for_now + flow["forgave"] - back - flow["lapsed_gone"],
            "lost": before["lost"] + for_ever + gone - flow["forgave"] - flow["replaced"],
        }
        recount = count_relations(sim.state, sim.firm_count, sim.segment_count, 0, sim.people)
        for column, (name, stock) in enumerate(after.items()):
            assert np.array_equal(stock, recount[..., column]), name
            assert np.array_equal(stock, flow[name]), name
        before = after


@few
@given(scenario=worlds())
def test_everyone_in_the_market_has_one_relation_to_each_firm(scenario: Scenario):
    """Prospects, active, lapsed and lost of a firm sum to the people who ever came into a place in the market."""
    tables = run(scenario)
    everyone = total(tables, "prospects", "active", "lapsed", "lost").sum(axis=2)
    entered = np.cumsum((total(tables, "entered") - total(tables, "replaced")).sum(axis=2), axis=0)
    assert (everyone == scenario.market.customers + entered).all()


@few
@given(scenario=worlds())
def test_encounters_add_up_by_kind_by_level_and_by_failure(scenario: Scenario):
    """Encounters = purchases + help + repairs = dissatisfied + satisfied + delighted; felt failures = all modes."""
    tables = run(scenario)
    assert np.array_equal(total(tables, "encounters"), total(tables, "purchases", "help_requests", "repairs"))
    assert np.array_equal(total(tables, "encounters"), total(tables, "dissatisfied", "satisfied", "delighted"))
    modes = [f"failure_{mode}" for mode in FAILURE_MODES]
    assert np.array_equal(total(tables, "failures_felt"), total(tables, *modes))


@few
@given(scenario=worlds({"voice.complain_share": 0.6}))
def test_the_complaint_ledger_adds_up(scenario: Scenario):
    """Every dissatisfied encounter has one outcome, and every complaint has one end or is still open."""
    sim = Simulation(scenario, threads=1)
    tables = sim.run()
    assert np.array_equal(total(tables, "dissatisfied"), total(tables, "pending", "silent", "complained"))
    ways = ("silent_stayed", "silent_lapsed", "silent_lost", "silent_captive")
    assert np.array_equal(total(tables, "silent"), total(tables, *ways))
    places = ("complained_front_line", "complained_headquarters")
    assert np.array_equal(total(tables, "complained"), total(tables, *places))
    assert np.array_equal(total(tables, "registered"), total(tables, "complained_headquarters", "escalated"))
    outcomes = ("unanswered", "unresolved", "resolved", "resolved_quickly")
    ended = total(tables, *outcomes)
    kept = total(tables, *(f"{outcome}_kept" for outcome in outcomes))
    assert np.array_equal(ended, kept + total(tables, "complaint_lost", "complaint_captive"))
    at_the_front_line = total(tables, "complained_front_line") - total(tables, "escalated")
    at_the_desk = (ended - at_the_front_line + total(tables, "complaint_moot")).sum(axis=(0, 2))
    still_open = sim.desks.known
    assert np.array_equal(total(tables, "registered").sum(axis=(0, 2)), at_the_desk + still_open)
    assert (total(tables, "open_complaints")[-1].sum(axis=1) <= still_open).all()
    assert (total(tables, "desk_answered") <= total(tables, "desk_answered", "complaint_moot")).all()
    assert (total(tables, "desk_waited") <= total(tables, "desk_started")).all()


@few
@given(scenario=worlds())
def test_words_told_are_words_heard(scenario: Scenario):
    """Every word has a teller and a listener, firm by firm, good and bad; nobody tells who has nothing to tell."""
    tables = run(scenario)
    for sign in ("positive", "negative"):
        assert np.array_equal(total(tables, f"told_{sign}").sum(axis=2), total(tables, f"heard_{sign}").sum(axis=2))
        read = total(tables, "readers") if sign == "negative" else 0
        assert not (total(tables, f"told_{sign}") - read)[total(tables, f"talkers_{sign}") == 0].any()
    assert (total(tables, "told_recovered") <= total(tables, "told_positive")).all()


@few
@given(scenario=worlds())
def test_survival_tables_hold_exactly_those_who_were_customers(scenario: Scenario):
    """Leavers by cause are the flows out; those at the start and those who joined have left or stay."""
    tables = run(scenario)
    flows_out = np.stack([total(tables, cause).sum(axis=(0, 2)) for cause in FLOWS_OUT], axis=1)
    assert np.array_equal(tables.leavers.sum(axis=(1, 3)), flows_out)
    assert np.array_equal(tables.stayers.sum(axis=(1, 2)), total(tables, "active")[-1].sum(axis=1))
    ever = np.stack([tables.initial[..., O.active].sum(axis=1), total(tables, *FLOWS_IN).sum(axis=(0, 2))], axis=1)
    # people at the start who leave and come back are newcomers from then on
    assert np.array_equal(tables.leavers.sum(axis=(2, 3)) + tables.stayers.sum(axis=2), ever)


@few
@given(scenario=worlds())
def test_stocks_of_customers_are_possible(scenario: Scenario):
    """Levels sum to customers, satisfaction lies within 0 and 100, and its variance is not negative."""
    tables = run(scenario)
    active = total(tables, "active")
    levels = ("level_dissatisfied", "level_satisfied", "level_delighted")
    assert np.array_equal(active, total(tables, *levels))
    assert (total(tables, "promoters", "detractors") <= active).all()
    assert (total(tables, "captive_dissatisfied") <= total(tables, "level_dissatisfied")).all()
    satisfaction, squares = total(tables, "satisfaction_sum"), total(tables, "satisfaction_squares")
    assert (satisfaction <= 100 * FIXED_POINT * active).all()
    assert (np.abs(total(tables, "opinion_sum")) <= FIXED_POINT * active).all()
    some = active > 0
    mean = satisfaction[some] / FIXED_POINT / active[some]
    assert (squares[some] / FIXED_POINT / active[some] - mean**2 > -0.01).all()


def price_to_serve(firm: Firm, kind: str) -> int:
    """What an encounter of a kind is booked at: without the pay of those who serve, where they are paid by the year."""
    cost = getattr(firm.costs, f"{kind}_service")
    if firm.people.followed:
        cost = cost_without_pay(cost, getattr(firm.people, f"hours_per_{kind}"), firm.people)
    return fixed_point(cost)


PRICED = {
    "firms.costs.level_cost": 0.0,
    "firms.costs.perfection_cost": 0.0,
    "firms.costs.uniformity_cost": 0.0,
    "firms.learning.steering": "none",
    "firms.learning.servqual_share": 0.0,
}
"""Without what makes a price of its own of each level, and what is paid for what a firm hears."""


@few
@given(scenario=worlds(PRICED, timeline=False))
def test_money_is_number_times_price(scenario: Scenario):
    """What has a fixed price per event is booked exactly so often; staff by the year, but for the rounding of heads."""
    tables = run(scenario)
    for f, firm in enumerate(scenario.firms):
        of = lambda *names, f=f: total(tables, *names)[:, f]  # noqa: E731
        costs, parts = firm.costs, len(scenario.all_segments)
        welcome = fixed_point(firm.strategy.welcome_cost) + fixed_point(firm.onboarding.spending)
        assert np.array_equal(of("welcome_cost"), of(*FLOWS_IN) * welcome)
        assert np.array_equal(
            of("internal_failure_cost"), of("failures_intercepted") * fixed_point(costs.internal_failure)
        )
        assert np.array_equal(of("failure_effect_cost"), of("failures_felt") * fixed_point(costs.failure_effect))
        years = {"week": 1 / 52, "month": 1 / 12}[scenario.run.period]
        people = firm.people
        cared = of("prevention_cost") - of("active") * fixed_point(costs.prevention * years)
        at_work = of("staff", "staff_left") - of("staff_hired")
        each = (people.training + people.empowerment * people.empowerment_cost) * years
        assert (np.abs(cared - at_work * each) <= (2.0 * each * parts + parts) * people.followed).all()
        overtime, pay = (1.0 + people.overtime_premium) * people.pay / people.hours_per_year, people.pay * years
        paid = at_work * pay + of("overtime") * overtime + of("staff_hired") * people.hiring_cost
        steps = (2.0 * pay + overtime + people.hiring_cost + 1.0) * parts
        assert (np.abs(of("staff_cost") - paid) <= steps * people.followed).all()
        appraisal = costs.appraisal - costs.inspection * math.log(1.0 - min(firm.systems.interception_share, 0.999))
        appraisal += firm.desk.channel_cost * math.exp(firm.desk.ease)
        assert np.array_equal(of("appraisal_cost"), of("active") * fixed_point(appraisal * years))
        repair = price_to_serve(firm, "repair")
        served = of("purchases") * price_to_serve(firm, "purchase") + of("help_requests") * price_to_serve(firm, "help")
        assert np.array_equal(of("service_cost", "warranty_cost"), served + of("repairs") * repair)
        if repair > 0:
            assert not (of("warranty_cost") % repair).any()
        assert (of("warranty_cost") <= of("repairs") * repair).all()


@few
@given(
    scenario=worlds(
        {"firms.contract.bills_per_year": 20.0, "firms.costs.level_cost": 0.0, "firms.costs.perfection_cost": 0.0},
        timeline=False,
    )
)
def test_the_billed_pay_bills_repairs_and_fees_and_nothing_else(scenario: Scenario):
    """Every payment is booked once, to the last step of the fixed point."""
    tables = run(set_path(scenario, "firm.costs.uniformity_cost", 0.0))
    costs = scenario.firm.costs
    revenue, billed, fees, warranty, repairs, bills = (
        total(tables, name)[:, 0] for name in ("revenue", "billed", "exit_fees", "warranty_cost", "repairs", "bills")
    )
    assert (bills[billed > 0] > 0).all()
    price, repair = fixed_point(costs.repair_price), price_to_serve(scenario.firm, "repair")
    if repair > 0:
        assert np.array_equal(revenue, billed + fees + (repairs - warranty // repair) * price)
    else:  # what a warranty covers costs nothing, so that it does not show how often
        assert (revenue >= billed + fees).all()
        assert (revenue <= billed + fees + repairs * price).all()


@few
@given(
    scenario=worlds(
        {
            "firms.desk.handling_cost": 0.0,
            "firms.desk.agent_cost": 0.0,
            "firms.desk.expedite_cost": 0.0,
            "firms.programme.upkeep": 0.0,
            "firms.waiting.word_cost": 0.0,
            "customers.bonds.renewal_per_year": 0.0,
        }
    )
)
def test_the_money_of_persons_is_the_money_of_the_firm(scenario: Scenario):
    """What every person has brought the focal firm, added up, is its revenue less what was spent on persons.

    Nobody is replaced, so that everybody is still there to be asked.
    """
    sim = Simulation(scenario, threads=1)
    tables = sim.run()
    spent = ("goods_cost", "operation_cost", "service_cost", "warranty_cost", "internal_failure_cost")
    spent += ("failure_effect_cost", "compensation_cost", "complaint_cost", "welcome_cost", "programme_cost")
    booked = total(tables, "revenue")[:, 0].sum() - total(tables, *spent)[:, 0].sum()
    size = max(total(tables, "revenue", *spent)[:, 0].sum() / FIXED_POINT, 1.0)
    assert math.isclose(
        float(sim.state.margin[:, 0].astype(float).sum()), booked / FIXED_POINT, rel_tol=0, abs_tol=1e-5 * size
    )


# --- luck: between runs -----------------------------------------------------------------------------------------------


@few
@given(scenario=worlds())
def test_the_same_seed_gives_the_same_tables(scenario: Scenario):
    """A run depends on its scenario and seed, and on nothing that happened before."""
    same(run(scenario), run(scenario))


def test_another_seed_gives_other_tables():
    """The luck is in the seed: neighbouring seeds, and seeds that differ in the upper word only."""
    scenario = world()
    seen = {run(scenario, seed=seed).tallies.tobytes() for seed in (0, 1, 2, 2**32, 2**63, 2**64 - 1)}
    assert len(seen) == 6


UNPOSTED = {"talk.online.post_share": 0.0}
"""Readers of posts are drawn by row among all people."""


@few
@given(scenario=worlds(UNPOSTED, entrants=False), data=st.data())
def test_relabelled_customers_give_the_same_totals(scenario: Scenario, data: Any):
    """Who stands in which row makes no difference: rows, suppliers and ties permuted, with each person's luck."""
    if scenario.market.network.kind == "complete":  # there the listener is drawn by row
        scenario = set_path(scenario, "market.network.kind", "random")
    straight, mixed = Simulation(scenario, threads=1), Simulation(scenario, threads=1)
    order = np.array(data.draw(st.permutations(range(straight.people))))
    for mine, theirs in zip(mixed.state, straight.state, strict=True):
        if len(mine) == len(order) and mine is not mixed.state.inbox:  # which is empty
            mine[:] = theirs[order]
    mixed.state = mixed.state._replace(luck=order.astype(np.uint32))
    mixed.network = relabelled(straight.network, order)
    same(straight.run(), mixed.run())


def relabelled(network: WiredNetwork, order: Any) -> WiredNetwork:
    """The same ties where row j is the customer who was in row order[j]; each row keeps the order of its ties."""
    place = np.argsort(order)
    rows = [network.ties[network.offsets[i] : network.offsets[i + 1]] for i in order]
    ties = [((place[row >> 1] << 1) | (row & 1)).astype(np.int32) for row in rows]
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int32)
    return WiredNetwork(offsets, np.concatenate([*ties, np.empty(0, np.int32)]).astype(np.int32))


UNCOUPLED = {
    **UNPOSTED,
    "firms.desk.handling_hours": 0.0,
    "firms.desk.apology_hours": 0.0,
    "firms.desk.agents": 1.0,
    "movement.advantage": 0.0,
    "customers.judgement.value_effect": 0.0,
    "movement.price_on_adoption": 0.0,
    "firms.people.corner_effect": 0.0,
    "firms.people.waiting_effect": 0.0,
    "firms.people.mistakes": 0.0,
    "firms.people.morale_effect": 0.0,
}
"""Nobody meets others at the desk, by reputation or by the market's price; staff under load serve as they always do."""


@few
@given(scenario=worlds(UNCOUPLED, entrants=False, people=40), data=st.data())
def test_one_added_isolated_customer_changes_nobody_else(
    tmp_path_factory: pytest.TempPathFactory, scenario: Scenario, data: Any
):
    """One more, without ties, where nothing is shared (desk, staff, reputation, price): other lives are the same."""
    people = scenario.market.customers
    pairs = st.tuples(st.integers(0, people - 1), st.integers(0, people - 1)).filter(lambda pair: pair[0] != pair[1])
    edges = data.draw(st.lists(pairs, max_size=60))
    folder = tmp_path_factory.mktemp("ties")
    (folder / "ties.csv").write_text("\n".join(["source,target", *(f"{a},{b}" for a, b in edges)]), encoding="utf-8")
    tree = scenario.model_dump()
    tree["market"]["network"] |= {"kind": "edges", "file": "ties.csv"}
    tree["run"]["panel"] = people
    lives = []
    for number in (people, people + 1):
        tree["market"]["customers"] = number
        panel = run(Scenario.model_validate(tree), base_dir=folder).panel
        assert panel is not None
        lives.append(panel)
    for name in lives[0]:
        assert np.array_equal(lives[0][name], lives[1][name]), name


@few
@given(scenario=worlds(entrants=False, periods=8), more=st.integers(1, 6))
def test_a_longer_run_begins_with_the_shorter_one(scenario: Scenario, more: int):
    """How long a run will last changes nothing while it lasts, but an estimate that ends with the run."""
    scenario = set_path(scenario, "money.estimate_within_run", False)
    longer = set_path(scenario, "run.periods", scenario.run.periods + more)
    assert np.array_equal(run(longer).tallies[: scenario.run.periods], run(scenario).tallies)


@few
@given(scenario=worlds(), followed=st.integers(1, 60))
def test_following_customers_changes_nothing(scenario: Scenario, followed: int):
    """One more output shifts nobody's luck."""
    same(run(set_path(scenario, "run.panel", 0)), run(set_path(scenario, "run.panel", followed)))


# --- the timeline -----------------------------------------------------------------------------------------------------

DRASTIC = {"firm.systems.failure_scale": 40.0, "voice.complain_share": 0.9, "talk.reach.satisfied": 9.0}


@few
@given(scenario=worlds(periods=10), data=st.data())
def test_a_change_leaves_everything_before_it_identical(scenario: Scenario, data: Any):
    """The future does not reach back, whatever changes in it."""
    at = data.draw(st.integers(1, scenario.run.periods))
    changed = scenario.model_copy(update={"timeline": [*scenario.timeline, Change(at=at, set=DRASTIC)]})
    assert np.array_equal(run(changed).tallies[:at], run(scenario).tallies[:at])


@few
@given(scenario=worlds(timeline=False), at=st.integers(0, 12))
def test_a_change_to_the_same_value_changes_nothing(scenario: Scenario, at: int):
    """A change that changes nothing is none: neither desk nor queue is disturbed by it."""
    kept = {"firm.desk.agents": scenario.firm.desk.agents, "voice.complain_share": scenario.voice.complain_share}
    same(run(scenario), run(scenario.model_copy(update={"timeline": [Change(at=at, set=kept)]})))


@few
@given(scenario=worlds(timeline=False))
def test_a_change_at_the_beginning_is_the_changed_scenario(scenario: Scenario):
    """From period 0 on, a parameter of the timeline is as good as one of the scenario."""
    changed = scenario
    for path, value in DRASTIC.items():
        changed = set_path(changed, path, value)
    same(run(changed), run(scenario.model_copy(update={"timeline": [Change(at=0, set=DRASTIC)]})))


# --- rules switched off leave no trace --------------------------------------------------------------------------------


@few
@given(scenario=worlds(SILENCE))
def test_without_talk_nobody_hears_anything(scenario: Scenario):
    """No word is told, no prospect is won by talk, and no opinion is held of a firm that one does not know."""
    sim = Simulation(scenario, threads=1)
    tables = sim.run()
    never(tables, *TALK, "won_talk", "posts", "readers")
    for f in range(sim.firm_count):
        strangers = sim.state.ever & (1 << f) == 0
        assert (sim.state.opinion[strangers, f] == 0.0).all()


@few
@given(scenario=worlds(SILENCE))
def test_without_talk_the_network_makes_no_difference(scenario: Scenario):
    """Who could talk to whom does not matter as long as nobody does."""
    same(run(scenario), run(set_path(scenario, "market.network.kind", "complete")))
    same(run(scenario), run(set_path(scenario, "market.network.strong_share", 0.25)))


DEAF = {
    "customers.sociability.opinion_susceptibility": 0.0,
    "customers.sociability.expectation_susceptibility": 0.0,
    "talk.strong_adoption": 0.0,
    "talk.weak_adoption": 0.0,
    "talk.looking_around.strong_ties": 0.0,
    "talk.looking_around.weak_ties": 0.0,
    "talk.looking_around.praise": 0.0,
    "talk.online.post_share": 0.0,
}


@few
@given(scenario=worlds(DEAF))
def test_talk_to_the_deaf_changes_nothing_but_talk(scenario: Scenario):
    """Where talk moves neither opinions nor expectations, adoption and comparing, a silent world is the same world."""
    silent = scenario.model_dump()
    silent["talk"]["shares"] = dict.fromkeys(silent["talk"]["shares"], 0.0)
    silent["timeline"] = []
    talking = scenario.model_copy(update={"timeline": []})
    same(run(talking), run(Scenario.model_validate(silent)), but=TALK)


@few
@given(scenario=worlds({"customers.sociability.influencer_factor": 1.0}))
def test_influencers_with_a_factor_of_one_are_like_others(scenario: Scenario):
    """Who is influential leaves no trace when influencers tell no more people."""
    nobody, everybody = (
        run(Scenario.model_validate(with_personal(scenario, "sociability", "influencer_share", x))) for x in (0.0, 1.0)
    )
    same(nobody, everybody)


def with_personal(scenario: Scenario, section: str, name: str, value: float) -> dict[str, Any]:
    """The scenario's data with one parameter of the customers changed in every segment."""
    tree = scenario.model_dump()
    for owner in (tree["customers"], *tree["segments"]):
        owner[section][name] = value
    return tree


@few
@given(scenario=worlds(rivals=0))
def test_without_rivals_nobody_switches(scenario: Scenario):
    """There is nobody to switch to, and comparing is of no use."""
    never(run(scenario), "won_switch", "returned_switch", "left_switch")


@few
@given(scenario=worlds({"customers.bonds.renewal_per_year": 0.0}, rivals=0))
def test_without_rivals_and_renewal_only_customers_leave_the_market(scenario: Scenario):
    """Attrition meets customers only."""
    never(run(scenario), "prospects_gone", "lapsed_gone", "replaced")


NO_RETURN = {
    "customers.bonds.reviews_per_year": 0.0,
    "customers.bonds.alarm": 0.0,
    "talk.looking_around.strong_ties": 0.0,
    "talk.looking_around.weak_ties": 0.0,
    "customers.bonds.returns_per_year": 0.0,
    "firms.win_back.contacts_per_year": 0.0,
}


@few
@given(scenario=worlds(NO_RETURN))
def test_without_comparing_and_returning_nobody_does(scenario: Scenario):
    """No reviews, no alarm, no words to that effect, no thoughts of return, no offers: no such flow."""
    never(run(scenario), "left_switch", "returned", "won_back", "win_back_cost")


@few
@given(
    scenario=worlds(
        {"market.rebuy_share": 0.0, "customers.bonds.returns_per_year": 0.0, "firms.win_back.contacts_per_year": 0.0}
    )
)
def test_every_switch_has_two_ends(scenario: Scenario):
    """Without rebuying and returning, who leaves for a rival is won by a rival, in the same period and segment."""
    tables = run(scenario)
    left = total(tables, "left_switch").sum(axis=1)
    assert np.array_equal(left, total(tables, "won_switch", "returned_switch").sum(axis=1))


@few
@given(scenario=worlds({"firms.systems.failure_scale": 0.0}))
def test_without_failures_there_is_none(scenario: Scenario):
    """No failure is felt, intercepted or paid for, whatever the modes would hurt."""
    modes = [f"failure_{mode}" for mode in FAILURE_MODES]
    never(
        run(scenario), "failures_felt", "failures_intercepted", "internal_failure_cost", "failure_effect_cost", *modes
    )


@few
@given(scenario=worlds({"firm.systems.failure_scale": 9.0}, timeline=False))
def test_a_run_without_failures_is_a_scenario_without_the_focal_firms(scenario: Scenario):
    """`patch=WITHOUT_FAILURES` is the same world with the focal firm's failures taken out, and nothing else."""
    same(run(scenario, patch=WITHOUT_FAILURES), run(set_path(scenario, "firm.systems.failure_scale", 0.0)))


@few
@given(scenario=worlds({"customers.bonds.captive_share": 1.0}))
def test_the_captive_never_leave_but_for_other_reasons(scenario: Scenario):
    """Where all are captive, only natural attrition takes customers."""
    sim = Simulation(scenario, threads=1)
    tables = sim.run()
    assert (sim.state.people["flags"] & CAPTIVE != 0).all()
    never(tables, "left_silent", "lapsed_silent", "left_complaint", "left_switch", "opportunity_estimate")


@few
@given(scenario=worlds({"customers.bonds.attrition_per_year": 0.0, "customers.bonds.renewal_per_year": 0.0}))
def test_without_attrition_and_renewal_nobody_leaves_the_market(scenario: Scenario):
    """Nobody goes for natural reasons, so nobody is gone, and no rival loses a prospect by it."""
    sim = Simulation(scenario, threads=1)
    never(sim.run(), "left_natural", "prospects_gone", "lapsed_gone")
    assert (sim.state.people["flags"] & GONE == 0).all()


@few
@given(scenario=worlds({"voice.complain_share": 0.0}, timeline=False))
def test_without_voice_the_desk_makes_no_difference(scenario: Scenario):
    """Nobody complains, so no desk ever works, and any other desk gives the same but for its staff and channels."""
    tables = run(scenario)
    never(tables, "complained", "pending", *DESK, "compensation_cost", "left_complaint")
    desk = {"agents": 500.0, "answer_share": 0.1, "ease": 3.0, "apology": 0.0, "patience_days": 1.0}
    other = scenario
    for name, value in desk.items():
        other = set_path(other, f"firm.desk.{name}", value)
    same(tables, run(other), but=["complaint_cost", "appraisal_cost"])


@few
@given(scenario=worlds({"voice.complain_share": 1.0}))
def test_where_all_complain_nobody_is_silent(scenario: Scenario):
    """A base share of one is not shifted by any driver."""
    never(run(scenario), "silent", "silent_lost", "silent_lapsed", "left_silent", "lapsed_silent")


@few
@given(scenario=worlds({"voice.headquarters_share": 0.0, "firms.desk.front_line_resolution": 1.0}))
def test_an_empowered_front_line_leaves_the_desk_idle(scenario: Scenario):
    """Every complaint is resolved on the spot: quickly, and never at the desk."""
    tables = run(scenario)
    never(tables, *DESK, "pending", "unanswered", "unresolved", "resolved")
    assert np.array_equal(total(tables, "resolved_quickly"), total(tables, "complained"))


@few
@given(
    scenario=worlds(
        {
            "firms.desk.handling_hours": 0.0,
            "firms.desk.apology_hours": 0.0,
            "firms.desk.agents": 1.0,
            "voice.complain_share": 0.7,
        }
    )
)
def test_an_unlimited_desk_has_no_waiting(scenario: Scenario):
    """Where handling takes no time nobody waits, in whatever order the queue is served."""
    tables = run(scenario)
    never(tables, "desk_waited", "desk_wait_days")


@few
@given(
    scenario=worlds(
        {
            "firms.desk.agents": 0.0,
            "firms.desk.front_line_resolution": 0.0,
            "firms.people.empowerment": 0.0,
            "voice.complain_share": 0.7,
            "firms.guarantee.payout": 0.0,  # a guarantee pays at once, whoever answers
            "third_party.case_share": 0.0,  # a third party may make the firm pay what its desk does not
        }
    )
)
def test_a_desk_without_staff_answers_nobody(scenario: Scenario):
    """Complaints wait until patience ends, or for ever, where those at the front line may not decide themselves."""
    tables = run(scenario)
    never(tables, "desk_started", "desk_answered", "resolved", "resolved_quickly", "compensation_cost")


@few
@given(
    scenario=worlds(
        {
            **SILENCE,
            "customers.encounters.purchases_per_year": 0.0,
            "customers.encounters.help_requests_per_year": 0.0,
            "customers.encounters.repairs_per_year": 0.0,
        }
    )
)
def test_without_encounters_nothing_is_judged(scenario: Scenario):
    """Nobody who never moved has another satisfaction or expectation than at the start."""
    sim = Simulation(scenario, threads=1)
    people = sim.state.people
    before, satisfied, supplier = people.copy(), sim.state.satisfaction.copy(), sim.state.supplier.copy()
    tables = sim.run()
    never(tables, "encounters", "dissatisfied", "complained", "silent", "revenue", "service_cost", "left_silent")
    unmoved = (sim.state.joined <= 0) & (sim.state.supplier == supplier) & (supplier != NOBODY) | (sim.state.ever == 0)
    unmoved &= people["born"] == 0
    for name in ("will", "should", "confirmation", "history"):
        assert np.array_equal(people[name][unmoved], before[name][unmoved]), name
    assert np.array_equal(sim.state.satisfaction[unmoved], satisfied[unmoved])


@few
@given(scenario=worlds({**SILENCE, "firms.strategy.advertising_hazard": 0.0, "market.rebuy_share": 0.0}, rivals=0))
def test_without_advertising_and_talk_no_prospect_is_won(scenario: Scenario):
    """Prospects stay prospects."""
    never(run(scenario), "won_advertising", "won_talk")


NOBODY_MINDS = {
    "movement.price": 0.0,
    "movement.price_on_adoption": 0.0,
    "movement.price_on_return": 0.0,
    "customers.encounters.price_elasticity": 0.0,
    "customers.judgement.value_effect": 0.0,
    "customers.bonds.alarm": 0.0,
    "customers.bonds.doing_without": 0.0,
}

NO_ANSWER_TO_PRICES = {"firms.price_reply.cuts": 0.0, "firms.price_reply.rises": 0.0, "firm.programme.offered": False}
"""No firm answers another's price, and the focal firm gives no points by what is paid: twice as many would count."""

# --- scale and structure ----------------------------------------------------------------------------------------------


@few
@given(scenario=worlds({**NOBODY_MINDS, **NO_ANSWER_TO_PRICES, "firms.costs.repair_price": 0.0}, timeline=False))
def test_doubling_a_price_nobody_minds_doubles_revenue(scenario: Scenario):
    """Revenue scales with the price index, to half a step of the fixed point a payment; people act the same."""
    tables = run(set_path(scenario, "firm.strategy.price_index", 1.5))
    dearer = run(set_path(scenario, "firm.strategy.price_index", 3.0))
    same(tables, dearer, but=["revenue", "billed", "opportunity_estimate", "price_sum"])
    assert np.array_equal(total(dearer, "price_sum")[:, 0], 2 * total(tables, "price_sum")[:, 0])
    assert np.array_equal(total(dearer, "price_sum")[:, 1:], total(tables, "price_sum")[:, 1:])
    off = np.abs(total(dearer, "revenue") - 2 * total(tables, "revenue"))[:, 0]
    assert (off <= 2 * total(tables, "purchases", "bills")[:, 0]).all()


def in_money(field: Any) -> bool:
    return str(field.json_schema_extra["unit"]).startswith("money")


@few
@given(scenario=worlds(timeline=False))
def test_the_unit_of_money_changes_nothing_but_money(scenario: Scenario):
    """Everything in units half as large: amounts double, to rounding, and people act the same."""
    tree = scenario.model_dump()
    for owner in (tree["customers"], *tree["segments"]):
        owner["encounters"]["spend_per_purchase"] *= 2.0
    for firm in (tree["firm"], *tree["rivals"]):
        for section, names in (
            ("costs", [name for name, field in QualityCosts.model_fields.items() if in_money(field)]),
            ("people", [name for name, field in People.model_fields.items() if in_money(field)]),
            ("learning", [name for name, field in Learning.model_fields.items() if in_money(field)]),
            ("programme", [name for name, field in Programme.model_fields.items() if in_money(field)]),
            ("strategy", ("advertising_cost", "advertising_reference", "welcome_cost")),
            (
                "desk",
                (
                    "handling_cost",
                    "agent_cost",
                    "follow_up_cost",
                    "expedite_cost",
                    "channel_cost",
                    "public_answer_cost",
                ),
            ),
            ("waiting", ("word_cost",)),
            ("win_back", ("cost",)),
            ("contract", ("exit_fee",)),
            ("onboarding", ("spending", "reference", "scale")),
        ):
            firm[section] |= {name: 2.0 * firm[section][name] for name in names}
        firm["programme"]["points"] /= 2.0  # for each unit of money, so that as many are given
    tree["movement"]["freedom"] *= 2.0
    tree["third_party"]["cost"] *= 2.0
    tables, doubled = run(scenario), run(Scenario.model_validate(tree))
    same(replace(tables, census={}), replace(doubled, census={}), but=MONEY)
    bookings = (
        total(tables, "encounters", "bills", "active", "prospects", "registered", "complained", *FLOWS_IN, *FLOWS_OUT)
        + total(tables, "points_held", "points_issued", "points_redeemed", "points_lapsed")
        + 99
    )
    for name in MONEY:
        assert (np.abs(total(doubled, name) - 2 * total(tables, name)) <= 2 * bookings).all(), name


@few
@given(scenario=worlds(segments=0), shares=st.sampled_from([[0.5, 0.5], [0.25, 0.125, 0.625]]))
def test_segments_that_differ_in_name_only_give_the_unsegmented_totals(scenario: Scenario, shares: list[float]):
    """Dividing the market on paper changes nobody; what a firm pays as one is split, with a rounding each."""
    tree = scenario.model_dump()
    tree["segments"] = [{"name": f"part {n}", "share": x, **tree["customers"]} for n, x in enumerate(shares)]
    whole, parts = run(scenario), run(Scenario.model_validate(tree))
    sums = parts.tallies.sum(axis=2, keepdims=True)
    off = np.abs(sums - whole.tallies)
    split = ["complaint_cost", "overhead_cost", "prevention_cost", *(row.name for row in OF_PEOPLE)]
    split += ["appraisal_cost", "corrections", "corrections_kept", "corrections_undone", *BELIEVED]
    # what is spent on staff and on corrective action is prevention both, each rounded by itself
    most = [(2 if name == "prevention_cost" else 1) * len(shares) for name in split]
    assert (off[..., [NAMES.index(name) for name in split]] <= most).all()
    same(whole, replace(parts, tallies=sums), but=split)
    assert np.array_equal(whole.leavers, parts.leavers)
    assert whole.census == parts.census


MONOTONE = {
    **SILENCE,
    "customers.expectations.will_memory": 1.0,
    "customers.expectations.promise_pull": 0.0,
    "customers.expectations.should_ratchet": 0.0,
    "customers.judgement.initial_history": 0.0,
    "voice.headquarters_share": 0.0,
    "voice.escalation_share": 0.0,
    "voice.lapse_share": 0.0,
    "voice.complaint_drivers.severity": 0.0,
    "voice.complaint_drivers.loyalty": 0.0,
    "voice.repurchase_drivers.severity": -0.5,
    "voice.repurchase_drivers.loyalty": 0.8,
    "recovery.gain": 0.0,
}


@settings(few, max_examples=60)
@given(scenario=worlds(MONOTONE, rivals=0, entrants=False, timeline=False), better=st.sampled_from([0.1, 0.5, 2.0]))
def test_better_service_turns_no_one_from_staying_to_leaving(scenario: Scenario, better: float):
    """Person by person, with the same luck: who stays with the worse service stays with the better one.

    With network, desk and rivals off, expectations at rest, and no answer so good that it makes up for more than the
    failure. Where expectations follow the service, or a complaint well answered binds, this need not hold, and the
    model says so: those are patterns of their own.
    """
    improved = scenario.model_dump()
    for name, level in improved["firm"]["systems"]["service"].items():
        improved["firm"]["systems"]["service"][name] = min(7.0, level + better)
    worse, best = Simulation(scenario, threads=1), Simulation(Scenario.model_validate(improved), threads=1)
    # what customers at the start predict is the same in both worlds
    best.state.people["will"][:] = worse.state.people["will"]
    for period in range(scenario.run.periods):
        worse.step()
        best.step()
        stays, would_leave = worse.state.supplier == 0, best.state.supplier != 0
        assert not (stays & would_leave & (worse.state.joined == 0)).any(), period
    never(best.tables(), "won_talk", "left_switch")


@few
@given(scenario=worlds(MONOTONE, rivals=0, entrants=False, timeline=False))
def test_fewer_failures_turn_no_one_from_staying_to_leaving(scenario: Scenario):
    """The same for failures that are taken out of the same world."""
    with_failures, without = Simulation(scenario, threads=1), Simulation(scenario, threads=1, patch=WITHOUT_FAILURES)
    for period in range(scenario.run.periods):
        with_failures.step()
        without.step()
        stays, would_leave = with_failures.state.supplier == 0, without.state.supplier != 0
        assert not (stays & would_leave & (with_failures.state.joined == 0)).any(), period


@few
@given(scenario=worlds({**SILENCE, "customers.bonds.captive_share": 0.0}, rivals=0, timeline=False))
def test_captivity_takes_nothing_but_the_exits(scenario: Scenario):
    """The same people, captive: whoever is a customer in the free market is one in the captive market too."""
    captive = Scenario.model_validate(with_personal(scenario, "bonds", "captive_share", 1.0))
    free, tied = Simulation(scenario, threads=1), Simulation(captive, threads=1)
    free.run()
    tied.run()
    initial = free.state.joined == 0
    assert not ((free.state.supplier == 0) & initial & (tied.state.supplier != 0)).any()
