"""What the columns of a comparison's tables mean."""

from __future__ import annotations

from sim.results.answer import TableColumn, columns_of
from sim.results.keyfigures import KEY_FIGURES
from sim.results.outputs import EQUITY
from sim.studies.comparison.cost_and_return import MONEY_COLUMNS
from sim.studies.comparison.persons import PERSON_COLUMNS
from sim.studies.comparison.world_paths import PATH_COLUMNS
from sim.words import translated

DIFFERENCES = columns_of(
    {
        "scenario": "name of the later scenario",
        "figure": "name of the key figure",
        "label": "the same in words",
        "unit": "unit of `first`, `value` and the difference",
        "first": "mean over replications in the first scenario",
        "value": "mean over replications in this scenario",
        "difference": "mean paired difference, this scenario minus the first",
        "low": "95% interval of the mean paired difference, lower end",
        "high": "95% interval of the mean paired difference, upper end",
        "excludes_zero": "whether that interval excludes 0",
        "excludes_zero_together": "whether 0 is excluded with 5% chance of any error in the whole table (Holm 1979)",
        "p": "two-sided p-value of the paired t-test",
        "n": "pairs of runs in which the figure has a value",
        "interval": "kind of the interval",
        "variance_ratio": "times as many replications as independent luck would need for the same interval; empty "
        "where neither scenario has luck in this figure, infinite where all luck cancels",
        "ratio_low": "its 95% interval, lower end; exact for normal values (Morgan 1939, Pitman 1939)",
        "ratio_high": "its 95% interval, upper end",
        "meaning": "what the figure says",
    }
)
_RUNS = columns_of(
    {
        "scenario": "name of the scenario",
        "replication": "number of the replication, from 0; the same number is the same luck",
        "seed": "key of its luck",
        "status": "done or failed",
        "reason": "why the run failed",
    }
)
PERSONS = list(
    map(
        TableColumn,
        PERSON_COLUMNS,
        (
            "name of the later scenario",
            "customers at the end in both, only_first, only_this, neither",
            "how the world without them lost them last: a cause, never_customer, or all",
            "how the world with them won them last: a way, from_start, or all",
            "people, or satisfaction_change of those in both",
            "unit of the value",
            "mean over replications",
            "95% t-interval, lower end",
            "95% t-interval, upper end",
            "replications",
        ),
    )
)
MONEY = list(
    map(
        TableColumn,
        MONEY_COLUMNS,
        (
            "name of the later scenario",
            "column of the series, or spending, net_present_value, customer_equity, profit, return_on_spending",
            "revenue, cost, spending, margin, value or return",
            "the item in words",
            "unit of the amounts",
            "mean over replications in the first scenario, summed over the run",
            "the same in this scenario",
            "mean paired difference; of return_on_spending the ratio of two such differences, margin over spending",
            "95% t-interval, lower end; of the return Fieller's (Fieller 1954)",
            "the same, upper end",
            "whether the interval excludes 0",
            "pairs of runs",
            "why there is no interval",
        ),
    )
)
TRAJECTORIES = list(
    map(
        TableColumn,
        PATH_COLUMNS,
        (
            "name of the scenario",
            "yearly_loss (as a yearly rate), satisfaction, margin (as a yearly rate), cumulative_margin",
            "unit of the value",
            "first period of the stretch",
            "first period after it",
            "years since the start: the middle of the stretch, of cumulative_margin its end",
            "mean over replications",
            "95% t-interval, lower end",
            "95% t-interval, upper end",
            "mean paired difference to the first scenario",
            "its 95% t-interval, lower end",
            "its 95% t-interval, upper end",
            "replications with a value",
        ),
    )
)
CHANGED = [
    TableColumn("path", "a parameter in which the scenarios differ, with `from` where the timeline changes it"),
    TableColumn("label", "what it is called"),
    TableColumn("meaning", "what it means"),
    TableColumn("unit", "its unit"),
    TableColumn("(name of a scenario)", "its value there; - where there is no such entry"),
]


def runs(currency: str = "money") -> list[TableColumn]:
    """Columns of the table of runs.

    >>> len(runs()) == 5 + len(KEY_FIGURES) + 1
    True
    """
    figures = [
        TableColumn(
            figure.name,
            f"{translated(figure.label)}: {translated(figure.meaning)}",
            figure.unit.replace("money", currency),
        )
        for figure in KEY_FIGURES
    ]
    equity = TableColumn(EQUITY, translated("value of the customers in hand at the end of the run"), currency)
    return [*_RUNS, *figures, equity]
