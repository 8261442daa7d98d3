"""The short table of ways of choosing, at the end of `sim offers`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from sim.report.terminal import PrintedTable, conclude, titled
from sim.results.amounts import rounded
from sim.studies.offers import offers_words as words
from sim.studies.offers.worth_an_offer import WorthAnOffer
from sim.words import say, translated


def shown_table(found: WorthAnOffer) -> PrintedTable:
    """What each way of choosing saves and earns."""
    table = titled(
        found.question or say("{name}: who is worth an offer", name=found.scenario.name),
        say("of 1,000 customers at the date, one by one; interval of the money"),
        names=say("Chosen"),
        numbers=(say("Saved"), say("Driven away"), found.scenario.money.currency, say("Interval")),
    )
    for _, row in found.policies.iterrows():
        saved, driven, money, low, high = (
            rounded(float(row[name])) for name in ("saved", "driven", "money", "money_low", "money_high")
        )
        table.add_row(Text(str(row["label"])), saved, driven, money, say("{low} to {high}", low=low, high=high))
    return table


def print_summary(found: WorthAnOffer, folder: Path, console: Console) -> None:
    """Print what each way of choosing saves and earns, then what is said of all.

    Args:
        found: The answer.
        folder: Where it was written.
        console: Where to print.
    """
    console.print(shown_table(found))
    said = (*words.of_all(found), *words.of_talk(found))
    conclude(console, f"{words.headline(found)}.", said, translated(words.CERTAINTY), folder)
