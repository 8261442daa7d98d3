"""What a comparison says beside its numbers, and what it leaves out because it would mean nothing."""

import pandas as pd
import pytest

from sim.parameters.paths import set_path
from sim.results.measures import SPENDING
from sim.scenario import load_text
from sim.studies.comparison.compare import compare
from sim.studies.comparison.comparison_plan import prepare
from sim.studies.comparison.comparison_words import costs_and_returns
from sim.studies.comparison.cost_and_return import ITEMS, REPRICED, build_money
from sim.studies.comparison.verdict_words import what_to_do

LITTLE = "name: today\nmarket: {customers: 400}\nrun: {periods: 8, replications: 2, settling: {years: 0}}\n"


@pytest.fixture
def today():
    return load_text(LITTLE).scenario


def books(scenario, margin, spending):
    row = dict.fromkeys(ITEMS, 0.0) | {"margin": margin, SPENDING[0]: spending}
    return {"scenario": scenario, "status": "done", "net_present_value": margin, "customer_equity": 0.0} | row


def test_a_return_on_spending_is_none_where_prices_move_too():
    """1,000 more spent, 3,000 less margin: -3 for each EUR, unless it was the price that took the margin."""
    table = pd.DataFrame([books("today", 9_000, 500), books("plan", 6_000, 1_500)])
    [told] = build_money(table, table, ["today", "plan"], "EUR").query("kind == 'return'").itertuples()
    assert (told.difference, told.note) == (-3.0, "")
    [told] = build_money(table, table, ["today", "plan"], "EUR", {"plan"}).query("kind == 'return'").itertuples()
    assert (told.difference, told.note) == (-3.0, REPRICED)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"firm.desk.compensation": 0.9}, True),
        ({"firm.desk.compensation": 0.9, "firm.strategy.price_index": 0.98}, False),
    ],
)
def test_a_lower_price_is_no_return_on_what_is_spent_beside_it(today, changes, says):
    plan = today.model_copy(update={"name": "plan"})
    for path, value in changes.items():
        plan = set_path(plan, path, value)
    comparison = compare([today, set_path(plan, "firm.strategy.advertising_cost", 40.0)], replications=4, shares=False)
    sentences = " ".join(costs_and_returns(comparison, "plan"))
    assert ("Each EUR spent more" in sentences) == says


@pytest.mark.parametrize(("dedicated", "agents", "told"), [(False, 0.5, True), (False, 2.0, False), (True, 0.5, False)])
def test_fewer_people_at_a_desk_that_is_paid_by_the_hour_save_nothing_which_is_said(today, dedicated, agents, told):
    first = set_path(today, "firm.desk.dedicated", dedicated)
    plan = set_path(first, "firm.desk.agents", agents).model_copy(update={"name": "fewer"})
    notes = [note for note in prepare([first, plan]).notes if "A desk of its own” to yes" in note]
    assert bool(notes) == told
    assert all(note.startswith("fewer: the desk's staff are paid for the hours") for note in notes)


def test_a_plan_that_sets_what_is_no_lever_is_read_with_care(today):
    free = set_path(today, "firm.strategy.welcome_cost", 90.0)
    said = what_to_do(compare([today, free], threads=1, shares=False))
    care = "Read with care what “Strategy: Cost of a new customer” does here: "
    assert said.endswith(f"{care}what a discount for newcomers draws is not in the model.")
    easy = set_path(today, "firm.desk.ease", 1.0)
    assert "with care" not in what_to_do(compare([today, easy], threads=1, shares=False))
