"""The short table of what matters, at the end of `sim sensitivity`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from sim.parameters.labels import label
from sim.report.terminal import PrintedTable, say_where, tell, titled
from sim.results.outputs import output_label, output_unit
from sim.studies.sensitivity import sensitivity_words as words
from sim.studies.sensitivity.sensitivity import Sensitivity
from sim.words import say, translated

_NAMED = 3


def shown_table(found: Sensitivity) -> PrintedTable:
    """The factors that matter most for each output."""
    sobol = found.method == "sobol"
    table = titled(
        translated(found.experiment.question) or say("{name}: what matters", name=found.experiment.name),
        say("share of variance that the factor takes part in, with its 95% interval")
        if sobol
        else say("mean change as the factor goes through its range, with its 95% interval"),
    )
    table.add_column(say("Output"), max_width=22)
    table.add_column(say("Matters most"))
    table.add_column("Total" if sobol else say("Mean size"), justify="right")
    for output in found.outputs:
        unit = output_unit(output, found.scenario)
        ranked = found.ranked(output).head(_NAMED)
        if ranked.empty:
            reason = found.indices[found.indices["output"] == output]["reason"].iloc[0]
            table.add_row(Text(output_label(output)), Text(str(reason), style="dim"), "")
        for place, (_, row) in enumerate(ranked.iterrows()):
            table.add_row(
                Text("" if place else output_label(output)),
                Text(label(str(row["factor"]), type(found.scenario))),
                Text(words.size(found, row, unit)),
                end_section=place == len(ranked) - 1,
            )
    return table


def print_summary(found: Sensitivity, folder: Path, console: Console) -> None:
    """Print the factors that matter most for each output, then what money buys.

    Args:
        found: What matters.
        folder: Where the answer was written.
        console: Where to print.
    """
    console.print(shown_table(found))
    for output in found.outputs[:1]:
        lines = words.for_money(found, output)
        if lines:
            console.print(
                say(
                    "{output}, for the next {sum_of_money}:",
                    output=output_label(output),
                    sum_of_money=words.sum_of_money(found),
                ),
                markup=False,
            )
        for line in lines:
            tell(console, f"  {line}")
    for line in words.where(found):
        tell(console, line)
    if found.failed:
        console.print(
            say("{failed:,} of {runs:,} runs failed; see the report", failed=found.failed, runs=len(found.runs)),
            markup=False,
        )
    say_where(console, folder)
