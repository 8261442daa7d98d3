"""What differs between scenarios, as a page shows it: today's value beside a later change, parts of one thing once."""

from __future__ import annotations

from sim.parameters.labels import parted, section_label
from sim.report.assumed import together
from sim.results.amounts import text_shown
from sim.studies.comparison.changed import ABSENT, flat
from sim.studies.comparison.comparison import Comparison


def changed_shown(comparison: Comparison) -> list[dict[str, str]]:
    """A row for each parameter, or section whose parts differ in the same way, with values as a person reads them.

    The table that is written keeps a row a parameter, with values as in a file.

    Returns:
        `path`, `label`, `meaning`, `unit`, and a value for each scenario by its name.
    """
    shown: dict[tuple[str, ...], dict[str, str]] = {}
    kind, tree = type(comparison.scenario), comparison.scenario.model_dump()
    values = {label: flat(scenario) for label, scenario in comparison.scenarios.items()}
    for record in comparison.changed.to_dict(orient="records"):
        row = {str(name): str(value) for name, value in record.items()}
        path, moment = parted(row["path"])
        for label in comparison.labels:
            if moment and row[label] == ABSENT:
                row[label] = values[label].get(path, ABSENT)
            row[label] = text_shown(row[label])
        section = together(row["path"], tree, kind)
        key = (section, moment, *(row[label] for label in comparison.labels)) if section else (row["path"],)
        if key in shown:
            shown[key] |= {"path": section, "label": section_label(row["path"], kind), "meaning": ""}
        else:
            shown[key] = row
    return list(shown.values())
