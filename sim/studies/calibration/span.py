"""How many customers a run begins with, and how long data may last: not beyond what is plausible, nor the run."""

from __future__ import annotations

from sim.data.units import UNITS_PER_YEAR
from sim.data.users_table import UsersTable
from sim.model.market import PERIODS_PER_YEAR, Run
from sim.model.scenario import Scenario
from sim.vocabulary.errors import ScenarioError
from sim.words import say


def periods_per_unit(run: Run, unit: str) -> float:
    """Periods of the run in a unit of the data."""
    return PERIODS_PER_YEAR[run.period] / UNITS_PER_YEAR[unit]


def customers_of(scenario: Scenario, segment: str = "") -> float:
    """Customers of the focal firm that a run begins with, of a segment or of all.

    >>> customers_of(Scenario()) == customers_of(Scenario(), "everyone") == 10_000 * 0.45
    True
    """
    customers = scenario.market.customers * scenario.firm.initial_share
    return customers * next((one.share for one in scenario.all_segments if segment == one.name), 1.0)


def tell_of_stock(table: UsersTable, scenario: Scenario) -> None:
    """Say, under what is odd, where a run begins with other customers than a table of retention or churn does.

    Such a table follows people from their first day. The customers of a market that renews itself, or has settled, are
    those who have stayed so far: the likeliest to leave are hardly met among them, and a fit would make up for it by
    far more attrition. Where a table of people says who is there, it says for how long, too.
    """
    renews = any(segment.bonds.renewal_per_year > 0.0 for segment in scenario.all_segments)
    if scenario.market.people.file is not None or not (renews or scenario.run.settling.years):
        return
    needed = {
        "run.settling.years": scenario.run.settling.years > 0,
        "customers.bonds.renewal_per_year": renews,
        "customers.judgement.initial_history": True,
    }
    table.odd.say(
        "the run begins with customers as they are met on any day, of whom most who leave early have left; the "
        "table follows them from their first day: set: {{{needed}}} lets all begin as newcomers",
        needed=", ".join(f"{path}: 0" for path, is_needed in needed.items() if is_needed),
    )


def refuse_beyond(table: UsersTable, run: Run, column: str, row: int, needed: int) -> None:
    """Refuse data that go on after the run's end.

    Args:
        table: The table.
        run: Of the scenario.
        column: Where the time stands.
        row: The latest one.
        needed: Periods that a run needs to reach it.

    Raises:
        ScenarioError: With line and column, and what to set.
    """
    if needed > run.periods:
        raise ScenarioError(
            say("the run ends before the data do: run.periods is {periods}", periods=run.periods),
            table.names.get(column, column),
            f"{table.label}:{table.lines[row]}",
            table.columns[column][row],
            say("run.periods of at least {needed}", needed=needed),
            hint=say("set: {{run.periods: {needed}}} in the experiment file", needed=needed),
        )
