"""A table for each later scenario that is read in ten seconds, and what to do, at the end of `sim compare`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from sim.report.signed_changes import plus_minus
from sim.report.terminal import broken, figure, say_where, tell, titled
from sim.studies.comparison import comparison_words as words
from sim.studies.comparison.assumptions_block import before_deciding, print_assumptions
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.levers_words import beside_shares, shared_of
from sim.studies.comparison.verdict_words import headline, what_to_do
from sim.studies.print_shared import print_shared
from sim.words import in_periods, say, translated

SHOWN = (
    "retention",
    "satisfaction",
    "nps",
    "dissatisfied_share",
    "complaint_share",
    "complainers_kept",
    "silent_lost_ratio",
    "talk_ratio",
    "market_share",
    "customers",
    "revenue",
    "margin",
    "lifetime_value",
    "quality_cost_share",
)
"""What the table shows; all key figures are in differences.csv."""


WIDEST = 15
"""Of a column of figures under a scenario's name."""


def print_summary(comparison: Comparison, folder: Path, console: Console) -> None:
    """Print a table for each later scenario, persons and money in a few sentences, levers; the answer last.

    Args:
        comparison: What was compared.
        folder: Where it was written.
        console: Where to print.
    """
    first = comparison.labels[0]
    run = comparison.scenario.run
    for label in comparison.labels[1:]:
        table = titled(
            comparison.scenarios[label].question or say("{label} against {first}", label=label, first=first),
            padding=(0, 1, 0, 0),
        )
        table.add_column(say("Key figure"), min_width=20)
        for name in (first, label):
            table.add_column(Text(broken(name, WIDEST)), justify="right", min_width=9, max_width=WIDEST)
        table.add_column(say("Change ± 95%"), justify="right", no_wrap=True)
        table.add_column(say("Sure"), no_wrap=True, min_width=len(say("alone")))
        rows = comparison.differences[comparison.differences["scenario"] == label]
        for _, row in rows[rows["figure"].isin(SHOWN)].iterrows():
            table.add_row(
                row["label"],
                figure(row["first"], row["unit"]),
                figure(row["value"], row["unit"]),
                plus_minus(row),
                translated(words.sure(row)),
                style=None if row["excludes_zero"] else "dim",
            )
        console.print(table)
        said = (
            *words.idle(comparison, label),
            *words.who(comparison, label),
            *words.costs_and_returns(comparison, label),
        )
        for sentence in said:
            tell(console, sentence)
        console.print()
        shared = shared_of(comparison, label)
        if shared is not None:
            print_shared(shared, say("{label}: what each lever contributes", label=label), console)
        for sentence in beside_shares(comparison, label):
            tell(console, sentence)
    console.print()
    print_assumptions(comparison, console)
    tell(console, headline(comparison))
    for sentence in (what_to_do(comparison), *before_deciding(comparison)):
        tell(console, sentence, "bold")
    console.print()
    console.print(
        say(
            "{replications} runs of each world with the same luck, {periods}, seed {seed}. pp: "
            "percentage points. Sure: {sure} – stands among all figures looked at together; {alone} – "
            "only its own interval excludes 0; {unsure} – cannot be told apart from no change.",
            replications=comparison.replications,
            periods=in_periods(run.periods, run.period),
            seed=comparison.seed,
            sure=translated(words.SURE),
            alone=translated(words.ALONE),
            unsure=translated(words.UNSURE),
        ),
        style="dim",
        markup=False,
        highlight=False,
    )
    say_where(console, folder)
