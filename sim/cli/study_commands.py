"""The commands that run many simulations, and their options; what they do lies in the modules beside this one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from sim.cli import options as shared
from sim.cli.app import app
from sim.cli.declaring import declare
from sim.cli.options import asked_by
from sim.studies.command import READING, REQUIRED, Command, Option, on_or_off
from sim.studies.kinds import COMMANDS
from sim.vocabulary.neighbours import loaded_later

__all__ = ["app"]


_KINDS = (
    "What it holds: retention, churn, movements, complaints, satisfaction, transactions, nps, servqual, edges, people."
)


_SHARES = "Which lever of a plan does it: run worlds with some of them."
_RESTS = "What the answer rests on: move each assumption alone, in both worlds (minutes)."
_WRITING = (shared.OUT, shared.WORKERS, shared.FORCE, shared.REPORT, shared.JSON, shared.QUIET)
"""Of a command that runs scenarios and writes a folder at once."""

_TOGETHER = "Parameters that are one lever, such as 'firm.desk.*'; as often as needed."


_RUN_STUDY = loaded_later(__package__, "study_command:run_study")


def _declare_study(command: Command) -> None:
    needed = [option for option in command.options if option.default is REQUIRED]
    own = [option for option in command.options if option not in needed]
    means = (shared.RULES, shared.OUT, shared.WORKERS, shared.ENGINE, shared.DASK, shared.RESUME)
    page = (shared.REPORT,) if command.concludes else ()
    file = shared.EXPERIMENT if command.read is None else shared.TODAY
    options = (file, *needed, *asked_by(command), *means, *own, *page, shared.JSON, shared.QUIET)
    declare(app, command.name, command.help, options, partial(_RUN_STUDY, command))


declare(
    app,
    "data",
    "Show how a table of yours is understood.\n\n"
    "Rows, customers, span, scale, what is left aside, what looks odd; nothing is fitted.",
    (
        Option("file", Path, "Table: CSV, .xlsx or .parquet.", flags=None, metavar="TABLE"),
        Option("kind", str | None, _KINDS, None, ("--as",), metavar="KIND", left_out="found by its columns"),
        Option("experiment", Path | None, "Experiment that would be fitted to it.", None, ("--for",), metavar="FILE"),
        READING,
        shared.JSON,
    ),
    loaded_later(__package__, "data_command:show_data"),
)

declare(
    app,
    "compare",
    "Compare scenarios under the same luck.\n\nWhat changes, by how much, how sure, what it costs and what it returns.",
    (
        Option("files", list[Path], "Scenario files; the first is today.", flags=None, metavar="A.yaml B.yaml ..."),
        replace(shared.REPLICATIONS, help="Runs with the same luck in each.", least=2, left_out="10"),
        Option("precision", float | None, "Add runs until the half-width of --figure is this.", None),
        Option("figure", str, "Key figure that --precision is about.", "retention"),
        Option("shares", bool | None, _SHARES, None, ("--shares/--no-shares",), left_out="up to 4 levers"),
        Option("together", list[str] | None, _TOGETHER, None, left_out="each by itself", metavar="GLOB"),
        Option(
            "assumptions",
            bool | None,
            _RESTS,
            None,
            ("--assumptions/--no-assumptions",),
            left_out="those that usually move it most",
        ),
        replace(shared.RESUME, help="Go on with --assumptions where an earlier call stopped."),
        replace(shared.SEED, left_out="of the first file"),
        shared.RULES,
        *_WRITING,
    ),
    loaded_later(__package__, "compare_command:compare_files"),
)

_declare_study(COMMANDS[0])

_SQL = "A question in SQL to the tables `points`, `runs` and `study`, which joins them; needs duckdb."
_CSV = "Write all runs with their parameters (or the answer to --sql) here: .csv, .parquet or .json."
_AS = "Write all tables of a run or an answer as xlsx, csv, or csv-european (; and decimal commas)."
_HANDED = "Workbook, or folder of CSV files, that --as writes."
_AGAIN = "Print the command that does this run alone."

declare(
    app,
    "results",
    "Show what a sweep's folder holds; verifies every checksum.\n\n"
    "Of a run's folder too: its tables as a workbook or as CSV (--as).",
    (
        Option("folder", Path, "Folder of a sweep, or of a run with --as.", flags=None, metavar="DIR"),
        on_or_off("failed", "List the failed runs with their reasons."),
        Option("sql", str | None, _SQL, None),
        Option("csv", Path | None, _CSV, None),
        replace(shared.FORCE, help="Replace a file that is there."),
        Option("again", tuple[str, int] | None, _AGAIN, None, metavar="POINT REPLICATION"),
        Option("form", str | None, _AS, None, ("--as",), metavar="FORM"),
        Option("out", Path | None, _HANDED, None, left_out="beside the folder"),
        shared.JSON,
    ),
    loaded_later(__package__, "results_command:show_results"),
)

for each in COMMANDS[1:]:
    _declare_study(each)

declare(
    app,
    "industries",
    "Set scenarios of industries beside public figures.\n\n"
    "Satisfaction, churn, complaints, costs, margins, elasticity: ours and the trade's, and what does not fit.",
    (
        Option("files", list[Path], "Scenario files, or a folder with them.", flags=None, metavar="FILE..."),
        Option("industry", str | None, "Whose public figures.", None, ("--as",), left_out="of the scenario's name"),
        Option("replications", int, "Runs with independent luck of each.", 10, least=2, most=10_000),
        shared.OVERRIDES,
        shared.RULES,
        Option("page", Path | None, "Markdown page to write besides.", None, left_out="none"),
        *_WRITING,
    ),
    loaded_later(__package__, "industries_command:measure_industries"),
)
