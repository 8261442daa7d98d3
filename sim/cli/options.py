"""Options that several commands share, each said once."""

from __future__ import annotations

from pathlib import Path

from sim.studies.command import Option, switch


def _assignments(incomplete: str) -> list[tuple[str, str]]:
    """For tab completion of KEY=VALUE: keys with their equals sign, then the values that a named choice has."""
    from sim.cli.completion import assignments_that_go_on

    return assignments_that_go_on(incomplete)


FILE = Option("file", Path, "Scenario file (YAML).", flags=None, more={"metavar": "FILE", "show_default": False})
EXPERIMENT = FILE._replace(help="Experiment file (YAML).")
OVERRIDES = Option(
    "overrides", list[str] | None, "Change one parameter, as often as needed.", None, ("--set",),
    {"metavar": "KEY=VALUE", "show_default": False, "autocompletion": _assignments},
)  # fmt: skip
SEED = Option("seed", int | None, "Key of all luck.", None, more={
    "min": 0, "max": 2**64 - 1, "show_default": "as in the file"})  # fmt: skip
REPLICATIONS = Option("replications", int | None, "Runs with independent luck.", None, more={
    "min": 1, "max": 10_000, "show_default": "as in the file"})  # fmt: skip
THREADS = Option("threads", int | None, "Threads; results do not depend on it.", None, more={
    "min": 1, "show_default": "all"})  # fmt: skip
OUT = Option("out", Path | None, "Folder to write.", None, more={"show_default": "results/NAME"})
WORKERS = Option("workers", int | None, "Workers at a time.", None, more={
    "min": 1, "max": 1024, "show_default": "all cores"})  # fmt: skip
ENGINE = Option("engine", str, "Where runs are done: auto, in-process, spawn, loky, mpi.", "auto", more={
    "metavar": "ENGINE"})  # fmt: skip
DASK = Option("dask", str | None, "Scheduler of a Dask cluster, as tcp://host:8786.", None, more={
    "metavar": "ADDRESS", "show_default": False})  # fmt: skip
RESUME = switch("resume", "Go on where an earlier call stopped.")
FORCE = switch("force", "Replace results that are there.")
CSV = switch("csv", "Write tables as CSV too.")
REPORT = Option("report", bool, "Write report.html.", default=True, flags=("--report/--no-report",))
FIGURES = Option("figures", bool, "Write figures as files.", default=True, flags=("--figures/--no-figures",))
JSON = switch("json", "Print the answer as JSON.")
QUIET = switch("quiet", "No progress, no table.", "--quiet", "-q")
