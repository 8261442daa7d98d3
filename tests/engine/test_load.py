"""The load of a period in whole runs: what it changes, that it is counted and paid once, and what it leaves alone."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine.load import no_crews
from sim.engine.settling import world_that_settles
from sim.engine.simulation import Simulation
from sim.model.rooms import OBSERVABLES, O
from sim.model.work_pressure import Crew
from sim.scenario import load_scenario, load_text
from sim.vocabulary.observables import FIXED_POINT
from tests import worlds

CALL_CENTRE = Path(__file__).parents[2] / "scenarios" / "strained_call_centre.yaml"
OF_PEOPLE = (
    "staff",
    "rookies",
    "work_waiting",
    "work_ordered",
    "work_demanded",
    "work_needed",
    "work_capacity",
    "work_done",
    "overtime",
    "capacity_unused",
    "staff_left",
    "staff_hired",
    "staff_cost",
)
COSTS = [getattr(O, row.name) for row in OBSERVABLES if row.name.endswith("_cost") and row.name != "third_party_cost"]
"""All that is booked: what a third party costs is in the cost of complaints already."""


def amounts(tallies: Any, name: str, firm: int = 0) -> Any:
    """An amount of a firm, period by period."""
    return tallies[:, firm, :, getattr(O, name)].sum(axis=1) / FIXED_POINT


def world(*settings: str) -> Any:
    return load_text("run: {period: week, periods: 6}\nmarket: {customers: 400}\n", list(settings)).scenario


def test_where_nobody_is_followed_nothing_is_touched() -> None:
    run = Simulation(world("firm.people.staffing=0.2"), threads=1)
    run.step()
    assert run.environment.firms is run._rested
    assert np.array_equal(run.crews, no_crews(2))
    tallies = run.run().tallies
    assert all(not tallies[..., getattr(O, name)].any() for name in OF_PEOPLE)


def test_a_firm_that_follows_its_people_leaves_the_others_as_they_are() -> None:
    run = Simulation(world("firm.people.followed=true", "firm.people.staffing=0.5"), threads=1)
    rested = run.environment.firms.copy()
    run.step()
    assert run.environment.firms[1] == rested[1]
    assert run.environment.firms[0] != rested[0]
    assert np.array_equal(run._rested, rested)


def test_what_customers_get_under_pressure_is_worked_out_from_the_pressure() -> None:
    """Twice the work at the first period: T .64-th power of two; the costs to serve without pay of 30,000 a year."""
    run = Simulation(world("firm.people.followed=true", "firm.people.staffing=0.5"), threads=1)
    rested = run._rested.copy()
    run.step()
    firm, time = run.environment.firms[0], 2.0**-0.64
    for name, d in (("responsiveness", 2), ("empathy", 4)):
        expected = rested[0]["systems"]["service"][d] + 1.5 * np.log(time)
        assert firm["systems"]["service"][d] == pytest.approx(expected, rel=1e-12), name
    for d in (0, 1, 3):
        assert firm["systems"]["service"][d] == rested[0]["systems"]["service"][d]
    before, after = np.diff(rested[0]["failure_ladder"], prepend=0), np.diff(firm["failure_ladder"], prepend=0)
    assert after[:3] == pytest.approx(before[:3] * time**-1.5)
    assert after[3:] == pytest.approx(before[3:])  # morale is what it was
    hour = 30_000.0 / 1700.0
    left = [2.5 - 0.05 * hour, 7.0 - 0.2 * hour, 28.0 - 1.5 * hour]
    costs = firm["costs"]
    assert [costs[f"{kind}_service"] for kind in ("purchase", "help", "repair")] == pytest.approx(left)


def test_hours_are_accounted_for(tmp_path: Path) -> None:
    tallies = Simulation(worlds.by_hand("tiny desk", tmp_path), threads=1).run().tallies
    done, capacity = amounts(tallies, "work_done"), amounts(tallies, "work_capacity")
    assert done + amounts(tallies, "capacity_unused") == pytest.approx(capacity + amounts(tallies, "overtime"))
    assert amounts(tallies, "work_waiting").max() > 0.0
    staff = amounts(tallies, "staff")
    moved = amounts(tallies, "staff_hired") - amounts(tallies, "staff_left")
    assert np.diff(staff) == pytest.approx(moved[1:], abs=1e-3)


def test_the_staff_are_paid_busy_or_idle_and_once() -> None:
    """Three times the staff: idle for the most part, at three times the pay; the costs to serve do not move."""
    few, many = (
        Simulation(world("firm.people.followed=true", f"firm.people.staffing={n}"), threads=1).run().tallies
        for n in (1, 3)
    )
    hiring = 3000.0 * (amounts(many, "staff_hired")[0] - 3 * amounts(few, "staff_hired")[0])
    assert amounts(many, "staff_cost")[0] == pytest.approx(3 * amounts(few, "staff_cost")[0] + hiring, abs=0.01)
    assert amounts(many, "capacity_unused")[0] > amounts(few, "work_capacity")[0]


def test_a_firm_that_leaves_the_market_dismisses_its_staff_and_begins_anew(tmp_path: Path) -> None:
    """`cheap` of the world `rage` is out from period 6 to 9."""
    staff = amounts(Simulation(worlds.by_hand("rage", tmp_path), threads=1).run().tallies, "staff", firm=2)
    assert (staff[:6] > 0.0).all()
    assert not staff[7:9].any()


@pytest.mark.parametrize(("share", "standard"), [(0.0, (0.3, 0.7)), (0.2, (0.97, 1.1))])
def test_a_firm_that_enters_has_staff_for_those_whom_it_expects(share: float, standard: tuple[float, float]) -> None:
    """A fifth of 3,000 people; without it staff is that for the few of the first week, and soon used to less.

    The staff of the start is what the week's work takes for so many, hours of the year x 1,700 x .92, no one leaving.
    """
    run = Simulation(
        world(
            "market.customers=3000",
            "run.periods=40",
            "customers.bonds.reviews_per_year=4",
            "rivals=[{name: late, in_market: false, initial_share: 0, strategy: {price_index: 0.8}, people: "
            f"{{followed: true, leaving_per_year: 0, expected_share: {share}}}}}]",
            "timeline=[{at: 4, set: {rivals.late.in_market: true}}]",
        ),
        threads=1,
    )
    tallies = run.run().tallies
    staff, hours = amounts(tallies, "staff", 1), amounts(tallies, "work_ordered", 1)
    first = int(np.flatnonzero(staff)[0])
    customers = int(tallies[first - 1, 1, :, O.active].sum())
    assert 0 < customers < 100
    expected = hours[first] * 52 / customers * max(customers, share * 3000) / (1700 * 0.92)
    assert staff[first] == pytest.approx(expected, rel=1e-3)
    assert standard[0] < Crew(*run.crews[1].tolist()).standard < standard[1]


def test_a_world_that_settles_has_enough_staff() -> None:
    asked = load_scenario(CALL_CENTRE).scenario
    assert asked.firm.people.followed
    assert not world_that_settles(asked).firm.people.followed


def test_threads_change_nothing() -> None:
    one, two = (
        Simulation(
            load_scenario(CALL_CENTRE, ["market.customers=9000", "run.periods=30", "run.settling.years=0"]).scenario,
            threads=threads,
        )
        for threads in (1, 2)
    )
    assert np.array_equal(one.run().tallies, two.run().tallies)
    assert np.array_equal(one.crews, two.crews)


@pytest.fixture(scope="module")
def margins() -> dict[str, Any]:
    """Margin of the call centre by quarter, the mean of four runs with the same luck: strained, hiring, trained.

    And the first two where customers spend twice as much.
    """
    found = {}
    hires, dear = "firm.people.follow_load=1", "customers.encounters.spend_per_purchase=120"
    changes = {"strained": [], "hires": [hires], "trains": ["firm.people.training=1000"]}
    changes |= {"strained, dear": [dear], "hires, dear": [hires, dear]}
    for name, more in changes.items():
        few = ["market.customers=8000", "run.settling.people=2000", *more]
        loaded = load_scenario(CALL_CENTRE, few).scenario
        runs = [Simulation(loaded, seed=seed).run().tallies[:, 0].sum(axis=1) for seed in range(4)]
        tallies = np.mean(runs, axis=0)
        margin = (tallies[:, O.revenue] - tallies[:, COSTS].sum(axis=1)) / FIXED_POINT
        standard = tallies[:, O.work_demanded] / tallies[:, O.work_ordered]
        found[name] = {"margin": margin.reshape(-1, 13).sum(axis=1), "standard": standard}
    return found


def test_not_to_hire_saves_first_and_costs_later(margins: dict[str, Any]) -> None:
    """Calls are more in quarters 2 to 5; what is saved then is less than what is lost after."""
    difference = margins["strained"]["margin"] - margins["hires"]["margin"]
    assert (difference[2:4] > 0.0).all()
    assert (difference[7:] < 0.0).all()
    assert difference[:6].sum() > 0.0 > difference.sum()


def test_how_long_it_saves_depends_on_what_a_customer_is_worth(margins: dict[str, Any]) -> None:
    """All four quarters of more calls as shipped, two of them where a customer spends twice as much."""
    shipped = margins["strained"]["margin"] - margins["hires"]["margin"]
    assert (shipped[2:6] > 0.0).all()
    dear = margins["strained, dear"]["margin"] - margins["hires, dear"]["margin"]
    assert (dear[2:4] > 0.0).all()
    assert (dear[4:] < 0.0).all()


def test_a_year_later_the_standard_is_still_low_and_training_lets_it_return(margins: dict[str, Any]) -> None:
    assert margins["strained"]["standard"][130] < 0.9
    assert margins["trains"]["standard"][130] > 0.96
    assert margins["trains"]["margin"].sum() > margins["strained"]["margin"].sum()
