"""Options that several commands share, each said once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim.studies.command import Command, Option, on_or_off


def _assignments(incomplete: str) -> list[tuple[str, str]]:
    """For tab completion of KEY=VALUE: keys with their equals sign, then the values that a named choice has."""
    from sim.cli.completion import assignments_that_go_on

    return assignments_that_go_on(incomplete)


_REPORT, _FIGURES = ("--report/--no-report",), ("--figures/--no-figures",)
_ENGINES = "Where runs are done: auto, in-process, spawn, loky, mpi."
_CLUSTER = "Scheduler of a Dask cluster, as tcp://host:8786."
_SET = "Change one parameter, as often as needed."
_RULE = "File with a rule from outside, as often as needed; it is code, and is run."
_MOST_SEED, _IN_FILE = 2**64 - 1, "as in the file"

FILE = Option("file", Path, "Scenario file (YAML).", flags=None, metavar="FILE")
TODAY = replace(FILE, help="Scenario file (YAML): today.")
EXPERIMENT = replace(FILE, help="Experiment file (YAML).")
OVERRIDES = Option("overrides", list[str] | None, _SET, None, ("--set",), metavar="KEY=VALUE", completed=_assignments)
RULES = Option("rules", list[Path] | None, _RULE, None, ("--rule",), metavar="FILE")
SEED = Option("seed", int | None, "Key of all luck.", None, least=0, most=_MOST_SEED, left_out=_IN_FILE)
REPLICATIONS = Option(
    "replications", int | None, "Runs with independent luck.", None, least=1, most=10_000, left_out=_IN_FILE
)
THREADS = Option("threads", int | None, "Threads; results do not depend on it.", None, least=1, left_out="all")
OUT = Option("out", Path | None, "Folder to write.", None, left_out="results/NAME")
WORKERS = Option("workers", int | None, "Workers at a time.", None, least=1, most=1024, left_out="all cores")
ENGINE = Option("engine", str, _ENGINES, "auto", metavar="ENGINE")
DASK = Option("dask", str | None, _CLUSTER, None, metavar="ADDRESS")
RESUME = on_or_off("resume", "Go on where an earlier call stopped.")
FORCE = on_or_off("force", "Replace results that are there.")
CSV = on_or_off("csv", "Write tables as CSV too.")
REPORT = Option("report", bool, "Write report.html.", default=True, flags=_REPORT)
FIGURES = Option("figures", bool, "Write figures as files.", default=True, flags=_FIGURES)
JSON = on_or_off("json", "Print the answer as JSON.")
QUIET = on_or_off("quiet", "No progress, no table.", "--quiet", "-q")


def asked_by(command: Command) -> tuple[Option, ...]:
    """Options that say what a study is about; of a scenario also what is changed in it."""
    return (*command.asks, *(() if command.read is None else (OVERRIDES,)))
