"""What the columns of the tables of advice mean."""

from __future__ import annotations

from sim.model.scenario import Scenario
from sim.results.answer import TableColumn, columns_of
from sim.results.outputs import output_label, output_unit
from sim.studies.advice.advice_plan import told_of
from sim.studies.advice.verdicts import VERDICTS
from sim.words import say

_NAME, _LABEL = "path of the parameter, or of the section whose parameters are turned together", "short name"
_LIMITS = {"low": "95% t-interval over replications, lower end", "high": "its upper end"}

LEVERS = columns_of(
    {
        "lever": _NAME,
        "label": _LABEL,
        "unit": "unit of the lever",
        "today": "today's value",
        "low": "lowest value that is practical",
        "high": "highest value that is practical",
        "outside": "whether today's value lies outside of that",
        "best": "the value that brought most profit; where too few can leave, the one at which those who cannot bear "
        "least; today's where none is better",
        "best_from": "the step below, or itself where there is none: if profit has one top, it lies between the two; "
        "empty for a choice",
        "best_to": "the step above it, likewise",
        "change": "profit there minus today's with the same luck, mean over replications",
        "change_low": "its 95% t-interval, lower end",
        "change_high": "its upper end",
        "span": "highest minus lowest mean profit over its steps: how much it matters",
        "verdict": "; ".join(f"{name}: {meaning}" for name, meaning in VERDICTS.items()),
        "paid_by": "the parameter that makes more of it dearer; empty where nothing does",
        "reason": "why it is not turned, or has no verdict",
    }
)

LINES = columns_of(
    {
        "name": "name of the line",
        "label": "what it is",
        "value": "mean over replications",
        "low": "95% t-interval over replications, lower end; of closing the desk one that allows for looking again",
        "high": _LIMITS["high"],
        "unit": "its unit",
    }
)


def steps(scenario: Scenario) -> list[TableColumn]:
    """Columns of the table of steps; money in the scenario's currency."""
    found = columns_of(
        {
            "lever": _NAME,
            "label": _LABEL,
            "value": say("value of the lever; of several parameters together their mean"),
            "is_today": say("whether it is today's"),
            "outer": say("whether it lies on a bound of the practical range, or beyond"),
            "pairs": say("replications in which neither this run nor today's failed"),
        }
    )
    for name in told_of(scenario):
        unit, label = output_unit(name, scenario), output_label(name)
        found += [
            TableColumn(name, say("{label}: mean over replications", label=label), unit),
            TableColumn(f"{name}_change", say("{label}: minus today's with the same luck, mean", label=label), unit),
            TableColumn(f"{name}_low", say("95% t-interval of that difference, lower end"), unit),
            TableColumn(f"{name}_high", say("its upper end"), unit),
        ]
    return found
