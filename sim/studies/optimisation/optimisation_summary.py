"""The choices of the last round and the answer in sentences, at the end of `sim optimise`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from sim.parameters.labels import short_label
from sim.report.terminal import PrintedTable, broken, conclude, titled
from sim.report.wording import number
from sim.studies.optimisation import optimisation_phrases as phrases
from sim.studies.optimisation import optimisation_words as words
from sim.studies.optimisation.optimisation import Optimisation, shown_outputs
from sim.studies.optimisation.space import lever_value
from sim.words import say

WIDEST = 10
"""Letters of a line of an output's label, about as wide as its values."""


def shown_table(found: Optimisation) -> PrintedTable:
    """The choices of the last round."""
    levers = [short_label(path, found.levers) for path in found.levers]
    table = titled(found.question or found.name, names=say("Choice"), numbers=levers, padding=(0, 1, 0, 0))
    outputs = shown_outputs(found.terms)
    for output in outputs:
        table.add_column(Text(broken(found.labels[output], WIDEST)), justify="right", no_wrap=True)
    for entrant in found.decision.entrants:
        values = [
            number(entrant.intervals[name].value, found.units[name]) if entrant.intervals else "-" for name in outputs
        ]
        levers = [lever_value(entrant.judgement.values[path]) for path in found.levers]
        verdict = phrases.verdict(found, entrant)
        called = say("{choice}, {verdict}", choice=entrant.called, verdict=verdict) if verdict else entrant.called
        table.add_row(called, *levers, *values)
    return table


def print_summary(found: Optimisation, folder: Path, console: Console) -> None:
    """Print the choices of the last round, and the answer in sentences.

    Args:
        found: What was found.
        folder: Where it was written.
        console: Where to print.
    """
    console.print(shown_table(found))
    conclude(console, f"{words.headline(found)}.", found.answer, words.certainty(found), folder)
