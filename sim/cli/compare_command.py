"""`sim compare`: scenarios under the same luck, from files to a folder."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.ending import end_interrupted, ending
from sim.cli.printing import print_warnings
from sim.results.place import LEDGER, check_folder, default_folder
from sim.vocabulary.errors import ScenarioError
from sim.words import say

if TYPE_CHECKING:
    from sim.studies.comparison.assumptions_run import Kept

KEPT_AS = "_assumptions"
"""How the folder of runs with other assumptions is called, beside that of the comparison."""


def compare_files(
    *,
    files: Sequence[Path],
    replications: int | None,
    precision: float | None,
    figure: str,
    shares: bool | None,
    together: Sequence[str] | None,
    assumptions: bool | None,
    resume: bool,
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
    from sim.studies.comparison.assumptions_run import worlds_of_assumptions, worlds_of_usual
    from sim.studies.comparison.bundles import with_bundles, worlds_added
    from sim.studies.comparison.comparison_plan import REPLICATIONS, check_count, prepare

    if resume and not assumptions:
        raise ScenarioError(
            say("there is nothing to go on with: only runs with other assumptions are kept"),
            "--resume",
            allowed=say("with --assumptions"),
        )
    check_count(len(files))
    loaded = [load_scenario(file, rules=rules or ()) for file in files]
    print_warnings(dict.fromkeys(warning for item in loaded for warning in item.warnings))
    asked = False if shares is None and precision is not None else shares
    plan = with_bundles(prepare(loaded, seed), asked, together or ())
    folder = out or default_folder("_against_".join([*reversed(plan.labels[1:]), plan.labels[0]])[:80])
    check_folder(folder, force=force)
    kept = _kept(folder, resume=resume) if assumptions else None
    runs = replications or REPLICATIONS
    rests = [worlds_of_assumptions(plan, runs)] if assumptions else []
    if assumptions is None and precision is None:
        rests = worlds_of_usual(plan, runs)
    for note in (*plan.notes, *worlds_added(plan), *rests):
        print(say("note: {note}", note=note), file=sys.stderr)

    from sim.cli.study_command import show_answer
    from sim.cli.study_progress import study_progress
    from sim.plots.savings import load_without_help
    from sim.results.folder import write_folder
    from sim.studies.comparison.compare import compare
    from sim.studies.comparison.comparison_summary import print_summary

    about = figure if precision is not None else None
    given: list[tuple[str, Any]] = [("--replications", replications), ("--precision", precision), ("--figure", about)]
    given += [
        ("--seed", seed),
        *(("--together", one) for one in together or ()),
        *(("--rule", one) for one in rules or ()),
    ]
    command = again(files, folder, given, shares=shares)
    with going_on(kept, command), ending(str(folder / "runs.parquet")):
        with study_progress(quiet=quiet) as progress:
            comparison = compare(
                loaded,
                replications=replications,
                precision=precision,
                figure=figure,
                shares=shares,
                together=together or (),
                assumptions=assumptions,
                kept=kept,
                seed=seed,
                threads=workers,
                progress=progress,
            )
        if report:
            load_without_help()
        write_folder(comparison, folder, force=force, report=report)
        if kept is not None:
            shutil.rmtree(kept.folder, ignore_errors=True)  # all that they tell is in the answer
        show_answer(comparison, folder, print_summary, json=json, quiet=quiet)


def _kept(folder: Path, *, resume: bool) -> Kept:
    """Where runs with other assumptions are kept until the answer is written.

    Raises:
        FolderError: If something is there already, and is not to be gone on with.
    """
    from sim.studies.comparison.assumptions_run import Kept

    beside = folder.with_name(folder.name + KEPT_AS)
    if not (resume and beside.exists()):
        check_folder(beside)
    return Kept(beside, resume)


def again(files: Sequence[Path], folder: Path, given: Sequence[tuple[str, Any]], *, shares: bool | None) -> str:
    """The command that goes on with an interrupted comparison."""
    words = ["sim", "compare", *map(str, files), "--assumptions", "--out", str(folder), "--resume"]
    words += [] if shares is None else ["--shares" if shares else "--no-shares"]
    return shlex.join(words + [part for name, value in given if value is not None for part in (name, str(value))])


@contextmanager
def going_on(kept: Kept | None, again: str) -> Iterator[None]:
    """Work of which runs are kept: an interruption tells how to go on.

    Raises:
        SystemExit: With 130 after Ctrl-C, 143 after SIGTERM, where runs are kept.
    """
    try:
        yield
    except KeyboardInterrupt as interruption:
        if kept is None or not (kept.folder / LEDGER).is_file():
            raise
        raise end_interrupted(interruption, again) from None
