"""What the columns of a calibration's tables mean."""

from __future__ import annotations

from collections.abc import Sequence

from sim.results.answer import TableColumn, columns_of
from sim.runs.experiment.axes import Axis
from sim.words import say

POSTERIOR = columns_of(
    {
        "parameter": "path of the parameter",
        "unit": "its unit",
        "median": "middle of the ensemble",
        "low": "central 95% after the data, lower end",
        "high": "the same, upper end",
        "prior_low": "central 95% before the data, lower end",
        "prior_high": "the same, upper end",
        "sd_ratio": "standard deviation after the data over the one before",
        "shrinkage": "1 - sd_ratio, not below 0",
        "identified": "whether the data tell the parameter: yes, weakly, no; unknown without a fit",
        "at_edge": "whether the posterior presses against an end of the range",
    }
)
FIT = columns_of(
    {
        "quantity": "what was observed",
        "x": "when, where the data are about time; else the number of the item",
        "observed": "value in the data",
        "observed_low": "95% limits of the data by their size alone, lower end",
        "observed_high": "the same, upper end",
        "predicted": "middle of what the ensemble predicts",
        "low": "central 95% of data as the ensemble would give them, lower end",
        "high": "the same, upper end",
        "table": "number of the table, from 0, where several are fitted together",
    }
)

FORECAST = columns_of(
    {
        "x": "when, beyond the data that were fitted, in their unit",
        "observed": "share still a customer in data that were held out; empty beyond all data",
        "observed_low": "95% limits of the data by their size alone, lower end",
        "observed_high": "the same, upper end",
        "predicted": "middle of the members' runs",
        "low": "central 95% of the members' runs, lower end",
        "high": "the same, upper end",
        "last_retention": "the last retention that was fitted, carried on",
        "beta_geometric": "the shifted beta-geometric model, fitted to the same data by likelihood",
    }
)


def _parameters(axes: Sequence[Axis], meaning: str) -> list[TableColumn]:
    return [TableColumn(axis.path, meaning, axis.unit) for axis in axes]


def ensemble_columns(axes: Sequence[Axis]) -> list[TableColumn]:
    """Columns of the ensemble, with one for each parameter."""
    return [
        TableColumn("member", say("number of the member, from 0")),
        TableColumn("point", say("name of its point: equal values, equal names")),
        *_parameters(axes, say("value of the parameter")),
        TableColumn("log_likelihood", say("of the data as predicted, up to a constant")),
        TableColumn("weight", say("members are equally likely; weights sum to 1"), "share"),
        TableColumn(
            "converged", say("whether the search has come to an end that holds: without it the members are no fit")
        ),
    ]


def correlation_columns(axes: Sequence[Axis]) -> list[TableColumn]:
    """Columns of the correlations, with one for each parameter."""
    named = [TableColumn(axis.path, say("correlation with that parameter in the posterior, -1 to 1")) for axis in axes]
    return [TableColumn("parameter", say("path of the parameter")), *named]
