"""What the columns of the tables of shares mean."""

from __future__ import annotations

from collections.abc import Sequence

from sim.model.scenario import Scenario
from sim.results.answer import TableColumn, columns_of
from sim.results.outputs import output_label, output_unit
from sim.studies.attributed import contribution_columns
from sim.words import say


def share_columns() -> list[TableColumn]:
    """Columns of the shares."""
    return [
        TableColumn("output", say("what is shared out"), "name"),
        TableColumn("lever", say("path of the lever, of the section whose parts belong together, or a pattern")),
        TableColumn("label", say("short name")),
        TableColumn("today", say("its value today, with changes of the timeline")),
        TableColumn("plan", say("its value in the plan")),
        *contribution_columns(""),
        TableColumn("unit", say("unit of the output")),
    ]


def worlds(outputs: Sequence[str], scenario: Scenario) -> list[TableColumn]:
    """Columns of the worlds."""
    found = [TableColumn("plans", say("levers that are the plan's; none of today"))]
    for output in outputs:
        meaning = say("{label}: mean over replications", label=output_label(output))
        found.append(TableColumn(output, meaning, output_unit(output, scenario)))
    return found


TOTALS = columns_of(
    {
        "output": "what is shared out",
        "label": "short name",
        "today": "today, mean over replications",
        "plan": "the plan, mean over replications",
        "change": "the plan minus today with the same luck, mean over replications",
        "low": "its 95% t-interval, lower end",
        "high": "its upper end",
        "pairs": "replications in which no world failed",
        "unit": "unit of the output",
    }
)
