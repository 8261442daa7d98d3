"""`sim patterns`: the baseline and its variants against what was observed, in one table."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import printing
from sim.scenario import load_scenario
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.files import check_file, write_whole
from sim.words import say, translated

if TYPE_CHECKING:
    from sim.studies.patterns.patterns_table import SeenPattern

PAGES = (".md",)


def show_patterns(
    file: Path | None,
    *,
    replications: int,
    threads: int | None,
    rules: Sequence[Path] | None,
    json: bool,
    out: Path | None,
    force: bool,
) -> None:
    """Measure every pattern, and print the table or write it as a page.

    Args:
        file: Scenario file of the baseline; all defaults if left out. Its period is a week.
        replications: Runs with independent luck of each world.
        threads: Threads of a run.
        rules: Files with rules from outside, which hold in every world.
        json: Print JSON instead of a table.
        out: Markdown file to write.
        force: Replace a page that is there.

    A pattern that does not hold is a finding, not failed work.

    Raises:
        ScenarioError: If the file cannot be used.
        FileError: If the page is there already, is named otherwise, or cannot be written.
    """
    from sim.rules import kind_with
    from sim.studies.patterns.patterns import measure_patterns

    scenario = kind_with(rules or ())() if file is None else load_scenario(file, rules=rules or ()).scenario
    if scenario.run.period != "week":
        raise ScenarioError(say("the patterns are measured in weeks"), "run.period", found=scenario.run.period)
    if out is not None:
        check_file(out, PAGES, force=force)
    progress = (lambda name: print(say("running: {name}", name=name), file=sys.stderr)) if sys.stderr.isatty() else None
    found = measure_patterns(scenario, replications=replications, threads=threads, progress=progress)
    if out is not None:
        write_whole(out, found.other_files(out.parent)["patterns.md"], PAGES, force=force)
    if json:
        print(printing.shown_json(found.as_json()["patterns"]))
    else:
        _print_table(found.rows)
    if out is not None:
        print(say("wrote {out}", out=out), file=sys.stderr)


def _print_table(rows: Sequence[SeenPattern]) -> None:
    from sim.report.terminal import PrintedTable
    from sim.studies.patterns.patterns_table import HOLDS, expected, seen

    console = printing.console()
    wide = console.width >= 120  # a narrow terminal gets the table without sources
    required = [row for row in rows if row.pattern.required]
    holding = sum(row.verdict == HOLDS for row in required)
    table = PrintedTable(
        caption=say(
            "{holding} of {required} claimed patterns hold; in brackets: contrasts, shown and not claimed",
            holding=holding,
            required=len(required),
        ),
    )
    table.add_column(say("Pattern"), ratio=3)
    if wide:
        table.add_column(say("Source"), style="dim", ratio=2)
    table.add_column(say("Expected"), no_wrap=True)
    table.add_column(say("Seen"), justify="right", no_wrap=True)
    table.add_column(say("95% interval"), style="dim")
    table.add_column(say("Verdict"))
    group = ""
    for row in rows:
        if row.group != group:
            group = row.group
            table.add_row(translated(group), style="bold")
        told = translated(row.pattern.label)
        label = told if row.pattern.required else f"({told})"
        source = (translated(row.pattern.source),) if wide else ()
        table.add_row(label, *source, expected(row.pattern), *seen(row), translated(row.verdict))
    console.print(table)
