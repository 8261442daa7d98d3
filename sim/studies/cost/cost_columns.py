"""What the columns of the tables of the cost of quality mean."""

from __future__ import annotations

from sim.model.scenario import Scenario
from sim.results.answer import TableColumn, columns_of, with_interval
from sim.words import say


def items(scenario: Scenario) -> list[TableColumn]:
    """Columns of the costs today."""
    money = scenario.money.currency
    return [
        TableColumn("item", say("a cost of quality, or their sum"), "name"),
        TableColumn("label", say("the same in words")),
        *with_interval("value", say("over the run, mean over replications"), money, ends=("low", "high")),
        TableColumn("of_revenue", say("part of the revenue of the run"), "share"),
        TableColumn("per_customer_year", say("per customer and year"), money),
    ]


def worlds(scenario: Scenario) -> list[TableColumn]:
    """Columns of the better worlds."""
    money = scenario.money.currency
    return [
        TableColumn("world", say("world with a better focal firm, the same people and luck"), "name"),
        TableColumn("label", say("the world in words")),
        *with_interval("missed", say("margin before direct failure costs, there minus here, over the run"), money),
        *with_interval("margin", say("margin, there minus here, over the run"), money),
        *with_interval("customers", say("customers at the end, there minus here"), "people"),
    ]


def curve(scenario: Scenario) -> list[TableColumn]:
    """Columns of the curve over prevention."""
    money = scenario.money.currency
    mean = say("over the run, mean over replications")
    return [
        TableColumn(
            "prevention",
            say("spending on prevention in all periods"),
            say("{money} per customer and year", money=money),
        ),
        TableColumn("is_today", say("whether it is today's")),
        TableColumn("prevention_cost", say("prevention, {mean}", mean=mean), money),
        TableColumn("appraisal_cost", say("appraisal, {mean}", mean=mean), money),
        TableColumn("internal_cost", say("failures found in time, {mean}", mean=mean), money),
        TableColumn("external_cost", say("failures that customers felt, {mean}", mean=mean), money),
        TableColumn("opportunity_cost", say("margin that never came because of failures, {mean}", mean=mean), money),
        *with_interval("total", say("all together, {mean}", mean=mean), money),
        *with_interval("more", say("all together minus the least, with the same luck, mean"), money),
        TableColumn("is_least", say("whether the mean of all together is least here")),
        TableColumn("told_apart", say("whether it surely costs more than the least: its 95% interval lies above 0")),
        TableColumn("least_share", say("part of the replications in which all together is least here"), "share"),
        TableColumn("margin", say("margin, {mean}", mean=mean), money),
    ]


FIGURES = columns_of(
    {
        "name": "name of the line",
        "label": "what it is",
        "value": "mean over replications; of the least, the step whose mean is least",
        "low": "95% t-interval, lower end; of the least, the lowest step that cannot be told apart from it",
        "high": "its upper end; of the least, the highest such step",
        "unit": "its unit",
    }
)
