"""What the columns of the tables of causes mean."""

from __future__ import annotations

from sim.results.answer import TableColumn, columns_of, with_interval
from sim.studies.attributed import contribution_columns
from sim.words import say


def cause_columns() -> list[TableColumn]:
    """Columns of the causes."""
    return [
        TableColumn("cause", say("name of the cause"), "name"),
        TableColumn("label", say("the same in words")),
        TableColumn("meaning", say("the world in which it is taken out")),
        *contribution_columns("people"),
        *with_interval("but_for", say("who left, and stayed in the world without this cause alone"), "people"),
        *with_interval("only_there", say("who stayed, and left in the world without this cause alone"), "people"),
        TableColumn("is_there", say("whether there is such a cause: the world is not without it already")),
    ]


FIGURES = columns_of(
    {
        "name": "name of the line",
        "label": "what it is",
        "value": "people, mean over replications",
        "low": "95% t-interval over replications, lower end",
        "high": "its upper end",
    }
)

WORLDS = columns_of(
    {
        "without": "causes that are taken out of the world; none of the world as it is",
        "count": "how many",
        "left": "customers of the start who left by the end, mean over replications",
        "left_low": "95% t-interval over replications, lower end",
        "left_high": "its upper end",
        "but_for": "who left in the world as it is, and stayed in this one, mean",
        "only_there": "who stayed in the world as it is, and left in this one, mean",
    }
)
