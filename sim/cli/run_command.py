"""`sim run`: from a file to a folder of results, with progress and a short table at the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.cli.ending import ending
from sim.cli.printing import print_warnings, shown_json
from sim.results.place import MANIFEST, check_folder, default_folder
from sim.scenario import Loaded, load_scenario
from sim.words import say


def run_scenario(
    *,
    file: Path,
    seed: int | None,
    replications: int | None,
    threads: int | None,
    overrides: Sequence[str] | None,
    rules: Sequence[Path] | None,
    out: Path | None,
    force: bool,
    csv: bool,
    events: int,
    report: bool,
    figures: bool,
    json: bool,
    quiet: bool,
) -> None:
    """Check everything, simulate, write, and tell; arguments as on the command line.

    Raises:
        ScenarioError: Before anything is computed or written: a bad file.
        FolderError: Likewise, for a folder that cannot be written.
    """
    loaded = load_scenario(file, overrides or (), rules=rules or ())
    folder = out or default_folder(loaded.scenario.name)
    check_folder(folder, force=force)
    print_warnings(loaded.warnings)

    from sim.plots.savings import load_without_help
    from sim.results.folder import write_folder
    from sim.runs.run import run, workload

    asked = loaded.scenario.run
    total = workload(loaded.scenario) * (replications or asked.replications) // asked.replications
    first_seed = asked.seed if seed is None else seed
    with ending(say("failed in {folder}", folder=folder / MANIFEST)):
        with _progress(total, quiet=quiet) as progress:
            result = run(
                loaded, seed=seed, replications=replications, threads=threads, progress=progress, events=events
            )
        if figures or report:
            load_without_help()
        write_folder(result, folder, force=force, csv=csv, figures=figures, report=report)
        if json:
            _print_json(result, folder, loaded, first_seed)
        elif not quiet:
            from sim.cli.run_summary import print_summary
            from sim.report.drift_words import drift_sentence
            from sim.results.unmet import unmet_sentence

            notes = (unmet_sentence(result.unmet), drift_sentence(result))
            print_summary(result.summary, loaded, folder, seed=first_seed, runs=result.replications, notes=notes)


@contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Callable[[int], None] | None]:
    """A progress bar on standard error: share done, customer-periods per second, time left."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from sim.cli.progress import bar

    with bar(total) as update:
        yield update


def _print_json(result: Any, folder: Path, loaded: Loaded, seed: int) -> None:
    answer = {
        "scenario": loaded.scenario.name,
        "question": loaded.scenario.question,
        "seed": seed,
        "replications": result.replications,
        "folder": str(folder),
        "summary": result.summary[["value", "low", "high", "unit", "label"]].to_dict(orient="index"),
    }
    print(shown_json(answer))
