"""`sim optimise`: choose levers, and print in plain words which, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import printing
from sim.cli.study import StudyOptions, print_json
from sim.results.place import ANSWER, default_folder

if TYPE_CHECKING:
    from sim.studies.optimisation.optimisation import Optimisation


@dataclass(frozen=True)
class Options(StudyOptions):
    """What the user asked for, as on the command line."""

    report: bool


def choose_levers(options: Options) -> None:
    """Check everything, search, write, and tell; ends with status 1 where no choice meets what is asked for.

    Raises:
        ScenarioError: Before anything is computed or written: a bad file.
        FolderError: Likewise, for a folder that cannot be written.
        SystemExit: With status 1 where no choice meets the requirements; the results are written all the same.
    """
    from sim.studies.optimisation.study import optimise

    plan = options.plan()
    folder = options.out or default_folder(plan.experiment.name)
    with options.kept("sim optimise", folder) as end:
        with options.progress() as progress:
            found = optimise(plan, out=folder, report=options.report, progress=progress, **options.means)
        if found.best is None:
            end.failed(f"no choice meets all that is asked for; the nearest misses: {folder / ANSWER}")
        if options.json:
            print_json(found.as_json(), folder)
        elif not options.quiet:
            print_optimisation(found, folder / ANSWER)


def print_optimisation(found: Optimisation, folder: Path) -> None:
    """Print the choices of the last round, and the answer in sentences.

    Args:
        found: What was found.
        folder: Where it was written.
    """
    from rich import box
    from rich.text import Text

    from sim.cli.terminal import Table
    from sim.report.wording import number
    from sim.studies.optimisation import optimisation_words as words
    from sim.studies.optimisation.optimisation import shown_outputs
    from sim.studies.optimisation.space import short_names, written

    console = printing.console()
    table = Table(
        title=Text(found.question or found.name),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("Choice")
    for header in short_names(found.levers):
        table.add_column(Text(header), justify="right")
    outputs = shown_outputs(found.terms)
    for output in outputs:
        table.add_column(found.labels[output], justify="right", no_wrap=True)
    table.add_column("", style="dim")
    for entrant in found.decision.entrants:
        values = [number(entrant.intervals[name].value, found.units[name]) if entrant.intervals else "-"
                  for name in outputs]  # fmt: skip
        levers = [written(entrant.judgement.values[path]) for path in found.levers]
        table.add_row(entrant.name, *levers, *values, words.verdict(found, entrant))
    console.print(table)
    console.print(words.headline(found) + ".", style="bold", markup=False, highlight=False)
    for sentence in found.answer:
        console.print(f"- {sentence}", markup=False, highlight=False)
    console.print(words.certainty(found), style="dim", markup=False, highlight=False)
    report = folder / "report.html"
    console.print(f"Results: {report if report.exists() else folder}", markup=False, highlight=False, soft_wrap=True)
