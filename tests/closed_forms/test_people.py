"""People and load where everything else is off: Oliva & Sterman's equations, integrated here on their own.

Where nobody comes, leaves or complains, a firm's work has no luck in it, and what the firm carries from period to
period follows their equations to the rounding of float64. Demand is orders times the standard T*, the pressure w =
demand / capacity, time per order T = T* w^-.64, and T* moves to T by the exact step of a week.
"""

import math

import pytest

from sim.engine.simulation import Simulation
from sim.model.people import People
from sim.model.work_pressure import Crew, haste, standard_after
from sim.scenario import load_scenario

ALPHA, DOWN, UP = 0.64, 18.83, 260.0
CUSTOMERS = 200
"""So few that their encounters take no time: the firm's work is by rates."""


@pytest.fixture
def crews(scenario_file):
    """What the firm carries after each week of a world at rest: a list of crews."""

    def lived(people, timeline, periods):
        file = scenario_file(
            {
                "run.period": "week",
                "run.periods": periods,
                "market.customers": CUSTOMERS,
                "customers.encounters.purchases_per_year": 10.0,
                "firm.people": {"followed": True, **people},
                "timeline": timeline,
            }
        )
        run = Simulation(load_scenario(file).scenario, seed=5, base_dir=file.parent, threads=1)
        seen = []
        for _ in range(periods):
            run.step()
            seen.append(Crew(*run.crews[0].tolist()))
        return seen

    return lived


def more_orders(by, begin, end):
    return [{"at": begin, "until": end, "set": {"customers.encounters.purchases_per_year": 10.0 * by}}]


@pytest.mark.parametrize(("pressure", "years"), [(1.3, 1 / 52), (1.05, 1 / 12), (1.7, 1 / 365)])
def test_under_a_pressure_that_is_held_the_standard_sinks_by_its_closed_form(pressure, years, closed_form):
    people = People()
    compare = closed_form(
        "sinking standard", "Oliva & Sterman 2001: T*(0) (1 - (1 - w^-.64)(1 - exp(-h / tau)))^n", f"w {pressure}"
    )
    standard = 1.0
    for _ in range(40):
        standard = standard_after(standard, standard * haste(pressure, people), people, years)
    shrinks = (1.0 - pressure**-ALPHA) * (1.0 - math.exp(-years * 52 / DOWN))
    compare.equal("T* after 40 steps", (1.0 - shrinks) ** 40, standard, tolerance=1e-12)


def test_in_continuous_time_it_tends_to_an_exponential():
    people, steps, weeks = People(), 200_000, 52.0
    standard, years = 1.0, weeks / 52 / steps
    for _ in range(steps):
        standard = standard_after(standard, standard * haste(1.25, people), people, years)
    assert standard == pytest.approx(math.exp(-(1.0 - 1.25**-ALPHA) * weeks / DOWN), rel=1e-5)


def by_their_equations(orders, overtime=1.25, fatigue=0.5, waiting=1.0):
    """Standard, backlog and memory of overtime after each week, capacity 1 at the start and leavers replaced."""
    standard, backlog, tired, seen = 1.0, 0.0, 1.0, []
    for came in orders:
        due = came + backlog * min(1.0, 1.0 / waiting)
        capacity = 1.0 - fatigue * (tired - 1.0)
        pressure = due * standard / capacity
        time = standard * min(max(pressure**-ALPHA, 0.5), 1.5)
        worked = min(due * time, capacity * overtime)
        backlog = backlog + came - worked / time
        tired += (max(1.0, worked / capacity) - tired) * (1.0 - math.exp(-1.0 / 6.0))
        standard += (time - standard) * (1.0 - math.exp(-1.0 / (DOWN if time < standard else UP)))
        seen.append((standard, backlog, tired))
    return seen


@pytest.mark.parametrize(
    ("by", "overtime", "fatigue"), [(1.2, 1.25, 0.0), (1.2, 1.0, 0.0), (1.5, 1.1, 0.5), (0.7, 1.25, 0.5)]
)
def test_a_step_of_load_follows_their_equations(by, overtime, fatigue, crews, closed_form):
    """Half a year as planned, a year of more, a year as planned: week by week, standard, backlog and fatigue."""
    weeks, work = 130, CUSTOMERS * 10.0 / 52 * 0.05
    seen = crews(
        {"most_overtime": overtime, "fatigue_effect": fatigue, "follow_load": 0.0}, more_orders(by, 26, 78), weeks
    )
    orders = [by if 26 <= week < 78 else 1.0 for week in range(weeks)]
    expected = by_their_equations(orders, overtime, fatigue)
    for crew, (standard, backlog, tired) in zip(seen, expected, strict=True):
        assert crew.standard == pytest.approx(standard, rel=1e-9)
        assert crew.backlog == pytest.approx(backlog * work, rel=1e-9, abs=1e-9)
        assert crew.tired == pytest.approx(tired, rel=1e-9)
    compare = closed_form(
        "a step of load", "Oliva & Sterman 2001, integrated", f"load x {by}, overtime to {overtime}, fatigue {fatigue}"
    )
    for week, name in ((77, "T* after a year of it"), (129, "T* a year later")):
        compare.equal(name, expected[week][0], seen[week].standard, 1e-9)


def test_a_year_of_a_fifth_more_leaves_its_mark_for_a_year(crews):
    """The standard falls, is below .9 of its start a year later, and returns where people are trained."""
    seen = [crew.standard for crew in crews({}, more_orders(1.2, 1, 53), 157)]
    assert seen[52] == pytest.approx(0.86, abs=0.01)
    assert 0.86 < seen[104] < 0.9
    trained = [crew.standard for crew in crews({"training": 1500.0}, more_orders(1.2, 1, 53), 157)]
    assert trained[52] > seen[52]
    assert trained[104] > 0.97


def test_leavers_who_are_replaced_leave_the_staff_as_it_was(crews):
    """Steady: l of all leave, l come, and rookies are l / (1 - (1 - l)(1 - b)) of the staff."""
    leaves, grown = 1.0 - 0.75 ** (1 / 52), 1.0 - math.exp(-1 / 13)
    rookies = leaves / (1.0 - (1.0 - leaves) * (1.0 - grown))
    staff = CUSTOMERS * 10.0 * 0.05 / (1700.0 * 0.92 * (1.0 - 0.5 * rookies))
    for crew in crews({"staffing": 1.1}, [], 30):
        assert crew.rookies + crew.experienced == pytest.approx(1.1 * staff, rel=1e-12)
        assert crew.rookies == pytest.approx(1.1 * staff * rookies, rel=1e-9)


def test_those_who_are_lacking_come_with_the_time_that_hiring_takes(crews):
    """Nobody leaves: a gap of a fifth of the staff closes by exp(-t / 12 weeks), and rookies by (1 - exp) of 13."""
    change = [{"at": 4, "set": {"firm.people.staffing": 1.2}}]
    seen = crews({"leaving_per_year": 0.0}, change, 40)
    staff = CUSTOMERS * 10.0 * 0.05 / (1700.0 * 0.92)
    assert seen[3].experienced == pytest.approx(staff, rel=1e-12)
    for weeks, crew in enumerate(seen[4:]):
        lacking = 0.2 * staff * math.exp(-weeks / 12.0)
        assert crew.hiring == pytest.approx(lacking, rel=1e-9)
        assert crew.rookies + crew.experienced == pytest.approx(1.2 * staff - lacking, rel=1e-9)
