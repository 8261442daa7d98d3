"""The table of industries at the end of `sim industries`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from sim.report.terminal import PrintedTable, say_where, tell, titled
from sim.studies.industries import industries_words as words
from sim.studies.industries.industries import Industries
from sim.words import say, translated


def shown_table(found: Industries) -> PrintedTable:
    """The table of all scenarios in one."""
    table = titled(words.headline(found), names=say("Scenario"))
    for header in (say("Figure"), say("Ours"), say("95% interval"), say("Public"), say("Ours lies")):
        table.add_column(header)
    for scenario in found.scenarios:
        for _, row in found.of(scenario).iterrows():
            line = words.line(row)
            table.add_row(scenario, Text(line.label), line.value, line.interval, line.public, line.mark)
    return table


def print_summary(found: Industries, folder: Path, console: Console) -> None:
    """Print the table of each scenario, then what does not fit.

    Args:
        found: The industries.
        folder: Where they were written.
        console: Where to print.
    """
    for scenario in found.scenarios:
        said = words.of_scenario(found, scenario)
        table = titled(said[0])
        table.add_column(say("Figure"), min_width=12)
        table.add_column(say("Ours"), justify="right", no_wrap=True)
        table.add_column(say("95% interval"), style="dim", no_wrap=True)
        table.add_column(say("Public"), no_wrap=True)
        table.add_column(say("Ours lies"))
        for _, row in found.of(scenario).iterrows():
            line = words.line(row)
            table.add_row(Text(line.label), line.value, line.interval, line.public, line.mark)
        console.print(table)
        for sentence in said[1:]:
            tell(console, f"- {sentence}")
    tell(console, say("{headline}.", headline=words.headline(found)), "bold")
    tell(console, translated(words.CERTAINTY), "dim")
    say_where(console, folder)
