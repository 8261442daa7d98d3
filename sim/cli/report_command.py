"""`sim report`: where the report of a folder is, and the report as PDF."""

from __future__ import annotations

from pathlib import Path

from sim.results.place import ANSWER, REPORT
from sim.vocabulary.errors import ScenarioError
from sim.words import say


def show_report(*, folder: Path, pdf: bool, out: Path | None, force: bool) -> None:
    """Say where report and figures are, and print the report; arguments as on the command line.

    Raises:
        ScenarioError: If the folder has no report.
        FileError: If the PDF is there already, or cannot be written.
        NoBrowserError: If there is no browser that could print it.
        PrintingError: If that does not.
    """
    page = report_of(folder)
    if pdf or out is not None:
        target = out if out is not None else page.with_suffix(".pdf")
        from sim.report.pdf import print_pdf

        print_pdf(page, target, force=force)
        print(say("Report as PDF: {target}", target=target))
        return
    print(say("Report: {page}", page=page))
    figures = page.with_name("figures")
    if figures.is_dir():
        print(say("Figures for slides, as SVG and PNG: {figures}", figures=figures))


def report_of(folder: Path) -> Path:
    """The report of a folder of results, or the page itself where that is named.

    Raises:
        ScenarioError: If there is none.
    """
    for page in (folder, folder / REPORT, folder / ANSWER / REPORT):
        if page.is_file() and page.suffix == ".html":
            return page
    raise ScenarioError(
        say("has no report"), place=str(folder), hint=say("it is written by sim run, sim compare and the studies")
    )
