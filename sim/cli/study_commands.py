"""The commands that run many simulations, and their options; what they do lies in the modules beside this one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.ending import interruptible

__all__ = ["app"]

Experiment = Annotated[Path, typer.Argument(metavar="FILE", help="Experiment file (YAML).", show_default=False)]
Out = Annotated[Path | None, typer.Option(help="Folder to write.", show_default="results/NAME")]
Workers = Annotated[int | None, typer.Option(min=1, max=1024, help="Workers at a time.", show_default="all cores")]
Engine = Annotated[
    str,
    typer.Option(help="Where runs are done: auto, in-process, spawn, loky, mpi.", metavar="ENGINE"),
]
Dask = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Scheduler of a Dask cluster, as tcp://host:8786.", show_default=False),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where an earlier call stopped.")]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no table.")]
Report = Annotated[bool, typer.Option("--report/--no-report", help="Write report.html.")]


@app.command()
@interruptible
def compare(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="A.yaml B.yaml ...", help="Scenario files; the first is today.", show_default=False),
    ],
    replications: Annotated[
        int | None, typer.Option(min=2, max=10_000, help="Runs with the same luck in each.", show_default="10")
    ] = None,
    precision: Annotated[
        float | None, typer.Option(help="Add runs until the half-width of --figure is this.", show_default=False)
    ] = None,
    figure: Annotated[str, typer.Option(help="Key figure that --precision is about.")] = "retention",
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**64 - 1, help="Key of all luck.", show_default="of the first file")
    ] = None,
    out: Out = None,
    workers: Workers = None,
    force: Annotated[bool, typer.Option("--force", help="Replace results that are there.")] = False,
    report: Report = True,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios under the same luck.

    What changes, by how much, how sure, what it costs and what it returns.
    """
    from sim.cli.compare import Options, compare_files

    compare_files(
        Options(tuple(files), replications, precision, figure, seed, out, workers, force, report, json, quiet)
    )


@app.command()
@interruptible
def sweep(
    file: Experiment,
    out: Out = None,
    workers: Workers = None,
    engine: Engine = "auto",
    dask: Dask = None,
    resume: Resume = False,
    extend: Annotated[bool, typer.Option("--extend", help="Like --resume, and add points or replications.")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="With --resume or --extend: do failed runs again.")
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run a scenario at many points, and keep every run."""
    from sim.cli.sweep import Options, run_sweep

    run_sweep(Options(file, out, workers, engine, dask, resume, json, quiet, extend, retry_failed))


@app.command()
@interruptible
def results(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a sweep.", show_default=False)],
    failed: Annotated[bool, typer.Option("--failed", help="List the failed runs with their reasons.")] = False,
    sql: Annotated[
        str | None,
        typer.Option(
            help="A question in SQL to the tables `points`, `runs` and `study`, which joins them; needs duckdb.",
            show_default=False,
        ),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(
            help="Write all runs with their parameters (or the answer to --sql) here: .csv, .parquet or .json.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    again: Annotated[
        tuple[str, int] | None,
        typer.Option(
            metavar="POINT REPLICATION", help="Print the command that does this run alone.", show_default=False
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Show what a sweep's folder holds; verifies every checksum."""
    from sim.cli.results import Options, show_results

    show_results(Options(folder, failed, sql, csv, again, json, force))


@app.command()
@interruptible
def sensitivity(
    file: Experiment,
    out: Out = None,
    workers: Workers = None,
    engine: Engine = "auto",
    dask: Dask = None,
    resume: Resume = False,
    report: Report = True,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find what matters most, and what a lever does for its money.

    By Sobol or Morris indices.
    """
    from sim.cli.sensitivity import Options, find_what_matters

    find_what_matters(Options(file, out, workers, engine, dask, resume, json, quiet, report))


@app.command()
@interruptible
def calibrate(
    file: Experiment,
    data: Annotated[Path, typer.Option(metavar="data.csv", help="Table to fit to.", show_default=False)],
    out: Out = None,
    workers: Workers = None,
    engine: Engine = "auto",
    dask: Dask = None,
    resume: Resume = False,
    report: Report = True,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit uncertain parameters to a table of yours.

    Gives an ensemble, how well it fits, what stays unidentified, and a calibrated scenario.
    """
    from sim.cli.calibrate import Options, calibrate_file

    calibrate_file(Options(file, out, workers, engine, dask, resume, json, quiet, data, report))


@app.command()
@interruptible
def optimise(
    file: Experiment,
    out: Out = None,
    workers: Workers = None,
    engine: Engine = "auto",
    dask: Dask = None,
    resume: Resume = False,
    report: Report = True,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Choose levers under a budget, by the mean or the worst case."""
    from sim.cli.optimise import Options, choose_levers

    choose_levers(Options(file, out, workers, engine, dask, resume, json, quiet, report))
