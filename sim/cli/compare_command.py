"""`sim compare`: scenarios under the same luck, from files to a folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from sim.cli.ending import ending
from sim.cli.printing import print_warnings
from sim.results.place import check_folder, default_folder
from sim.words import say


def compare_files(
    *,
    files: Sequence[Path],
    replications: int | None,
    precision: float | None,
    figure: str,
    shares: bool | None,
    together: Sequence[str] | None,
    seed: int | None,
    rules: Sequence[Path] | None,
    out: Path | None,
    workers: int | None,
    force: bool,
    report: bool,
    json: bool,
    quiet: bool,
) -> None:
    """Check everything, run the worlds, write, and tell; arguments as on the command line.

    Raises:
        ScenarioError: Before anything is computed or written: a bad file, or scenarios that cannot be compared.
        FolderError: Likewise, for a folder that cannot be written.
    """
    from sim.scenario import load_scenario
    from sim.studies.comparison.bundles import with_bundles, worlds_added
    from sim.studies.comparison.comparison_plan import check_count, prepare

    check_count(len(files))
    loaded = [load_scenario(file, rules=rules or ()) for file in files]
    print_warnings(dict.fromkeys(warning for item in loaded for warning in item.warnings))
    asked = False if shares is None and precision is not None else shares
    plan = with_bundles(prepare(loaded, seed), asked, together or ())
    folder = out or default_folder("_against_".join([*reversed(plan.labels[1:]), plan.labels[0]])[:80])
    check_folder(folder, force=force)
    for note in (*plan.notes, *worlds_added(plan)):
        print(say("note: {note}", note=note), file=sys.stderr)

    from sim.cli.study_command import show_answer
    from sim.cli.study_progress import study_progress
    from sim.plots.savings import load_without_help
    from sim.results.folder import write_folder
    from sim.studies.comparison.compare import compare
    from sim.studies.comparison.comparison_summary import print_summary

    with ending(str(folder / "runs.parquet")):
        with study_progress(quiet=quiet) as progress:
            comparison = compare(
                loaded,
                replications=replications,
                precision=precision,
                figure=figure,
                shares=shares,
                together=together or (),
                seed=seed,
                threads=workers,
                progress=progress,
            )
        if report:
            load_without_help()
        write_folder(comparison, folder, force=force, report=report)
        show_answer(comparison, folder, print_summary, json=json, quiet=quiet)
