"""`sim industries`: figures of scenarios beside what is public of their trades, from files to a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.cli.ending import ending
from sim.results.place import check_folder, default_folder
from sim.vocabulary.files import check_file, write_whole

PAGES = (".md",)


def measure_industries(
    *,
    files: Sequence[Path],
    industry: str | None,
    replications: int,
    overrides: Sequence[str] | None,
    rules: Sequence[Path] | None,
    page: Path | None,
    out: Path | None,
    workers: int | None,
    force: bool,
    report: bool,
    json: bool,
    quiet: bool,
) -> None:
    """Check everything, run the scenarios, write, and tell; arguments as on the command line.

    Raises:
        ScenarioError: Before anything is computed or written: a bad file, or an industry that is not known.
        FolderError: Likewise, for a folder that cannot be written.
        FileError: Likewise, for a page that is there already, or is named otherwise.
    """
    from sim.studies.industries.measure_industries import industries, planned

    plans = planned(files, industry=industry, replications=replications, overrides=overrides or (), rules=rules or ())
    named = "industries" if len(plans) > 1 else f"{plans[0].today.scenario.name}_industry"
    folder = out or default_folder(named)
    check_folder(folder, force=force)
    if page is not None:
        check_file(page, PAGES, force=force)

    from sim.cli.study_command import show_answer
    from sim.cli.study_progress import study_progress
    from sim.results.folder import write_folder
    from sim.studies.industries.industries_summary import print_summary

    with ending():
        with study_progress(quiet=quiet) as progress:
            found = industries(
                files,
                industry=industry,
                replications=replications,
                overrides=overrides or (),
                rules=rules or (),
                workers=workers,
                progress=progress,
            )
        write_folder(found, folder, force=force, report=report)
        if page is not None:
            write_whole(page, found.other_files(folder)["industries.md"], PAGES, force=force)
        show_answer(found, folder, print_summary, json=json, quiet=quiet)
