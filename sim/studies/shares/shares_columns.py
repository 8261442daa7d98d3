"""What the columns of the tables of shares mean."""

from __future__ import annotations

from collections.abc import Sequence

from sim.model.scenario import Scenario
from sim.results.answer import TableColumn
from sim.results.outputs import output_label, output_unit
from sim.words import say


def worlds(outputs: Sequence[str], scenario: Scenario) -> list[TableColumn]:
    """Columns of the worlds."""
    found = [TableColumn("plans", say("levers that are the plan's; none of today"))]
    for output in outputs:
        meaning = say("{label}: mean over replications", label=output_label(output))
        found.append(TableColumn(output, meaning, output_unit(output, scenario)))
    return found
