"""`sim run`: from a file to a folder of results, with progress and a short table at the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.cli.ending import ending
from sim.results.place import MANIFEST, check_folder, default_folder
from sim.scenario import Loaded, load_scenario


@dataclass(frozen=True)
class Options:
    """What the user asked for, as on the command line."""

    file: Path
    seed: int | None
    replications: int | None
    threads: int | None
    overrides: tuple[str, ...]
    out: Path | None
    force: bool
    csv: bool
    report: bool
    figures: bool
    json: bool
    quiet: bool


def run_scenario(options: Options) -> None:
    """Check everything, simulate, write, and tell.

    Raises:
        ScenarioError: Before anything is computed or written: a bad file.
        FolderError: Likewise, for a folder that cannot be written.
    """
    loaded = load_scenario(options.file, options.overrides)
    folder = options.out or default_folder(loaded.scenario.name)
    check_folder(folder, force=options.force)
    for warning in loaded.warnings:
        print(f"warning: {warning}", file=sys.stderr)

    from sim.results.folder import write_folder
    from sim.runs.run import run, workload

    total = workload(loaded.scenario) * _runs(loaded, options) // loaded.scenario.run.replications
    with ending(f"failed in {folder / MANIFEST}"):
        with _progress(options, total) as progress:
            result = run(
                loaded,
                seed=options.seed,
                replications=options.replications,
                threads=options.threads,
                progress=progress,
            )
        write_folder(
            result, folder, force=options.force, csv=options.csv, figures=options.figures, report=options.report
        )
        if options.json:
            _print_json(result, folder, loaded, options)
        elif not options.quiet:
            from sim.cli.table import print_summary

            print_summary(result.summary, loaded, folder, seed=_seed(loaded, options), runs=result.replications)


def _seed(loaded: Loaded, options: Options) -> int:
    return loaded.scenario.run.seed if options.seed is None else options.seed


def _runs(loaded: Loaded, options: Options) -> int:
    return options.replications or loaded.scenario.run.replications


@contextmanager
def _progress(options: Options, total: int) -> Iterator[Callable[[int], None] | None]:
    """A progress bar on standard error: share done, customer-periods per second, time left."""
    if options.quiet or not sys.stderr.isatty():
        yield None
        return
    from sim.cli.progress import bar

    with bar(total) as update:
        yield update


def _print_json(result: Any, folder: Path, loaded: Loaded, options: Options) -> None:
    import json
    import math

    def number(value: Any) -> float | None:
        return float(value) if value is not None and math.isfinite(value) else None

    figures = {
        str(name): {
            "value": number(row["value"]),
            "low": number(row["low"]),
            "high": number(row["high"]),
            "unit": str(row["unit"]),
            "label": str(row["label"]),
        }
        for name, row in result.summary.iterrows()
    }
    answer = {
        "scenario": loaded.scenario.name,
        "question": loaded.scenario.question,
        "seed": _seed(loaded, options),
        "replications": result.replications,
        "folder": str(folder),
        "summary": figures,
    }
    print(json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False))
