"""The commands about one scenario and their options; what they do lies in the modules beside this one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli import options as shared
from sim.cli.declaring import declare
from sim.studies.command import Option, on_or_off
from sim.vocabulary.neighbours import loaded_later
from sim.words import say

# Help without rich: it would take longer to import than everything else that `sim --help` does.
app = typer.Typer(
    help="Simulate customer satisfaction, complaints, word of mouth and churn.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

WRITTEN = Option("out", Path | None, "File to write; without it, print.", None)
REPLACING = replace(shared.FORCE, help="Replace a file that is there.")
LANGUAGES = "Language of all that is said, such as en or es, before the command."
VERSION = "Show the version and exit."
AS_JSON = replace(shared.JSON, help="Print as JSON.")


def _parameters(incomplete: str) -> list[tuple[str, str]]:
    """For tab completion: parameters that go on as typed so far."""
    from sim.cli.completion import parameters_that_go_on

    return parameters_that_go_on(incomplete)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(say("ExitVoice {version}", version=version("exitvoice")))
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help=VERSION)] = False,
    language: Annotated[
        str, typer.Option("--language", metavar="CODE", help=LANGUAGES)
    ] = "",  # chosen before this is reached: see sim.cli.help
) -> None:
    pass


def _app(**given: Any) -> None:
    from sim.app.serving import serve

    serve(**given)


declare(
    app,
    "run",
    "Simulate a scenario: tables, figures and a report.",
    (
        shared.FILE,
        shared.SEED,
        shared.REPLICATIONS,
        shared.THREADS,
        shared.OVERRIDES,
        shared.RULES,
        shared.OUT,
        shared.FORCE,
        shared.CSV,
        Option(
            "events",
            int,
            "Log the events of so many people of the market (a sample), in replication 0: events and spells.",
            0,
            least=0,
            most=10_000_000,
            metavar="N",
        ),
        shared.REPORT,
        shared.FIGURES,
        replace(shared.JSON, help="Print the key figures as JSON."),
        replace(shared.QUIET, help="No progress bar, no table."),
    ),
    loaded_later(__package__, "run_command:run_scenario"),
)

declare(
    app,
    "app",
    "Open a page to play with: today against what-if.",
    (
        Option("file", Path | None, "Scenario file (YAML).", None, flags=None, left_out="the baseline"),
        Option("host", str, "Address to listen on.", "127.0.0.1"),
        Option("port", int, "Its port; 0 for any that is free.", 8765, least=0, most=65_535),
        on_or_off("for_class", "Keep what pages predict, and tell where a teacher sees it.", "--class"),
        Option("language", str | None, "Language of the page, such as es.", None, left_out="that of the terminal"),
    ),
    _app,
)

declare(
    app,
    "report",
    "Tell where the report of a folder is, or print it as PDF.",
    (
        Option("folder", Path, "Folder of results, or its report.html.", flags=None, metavar="FOLDER"),
        on_or_off("pdf", "Print it as report.pdf, by Chromium, Chrome or Edge."),
        Option("out", Path | None, "PDF to write.", None, left_out="FOLDER/report.pdf"),
        replace(shared.FORCE, help="Replace a PDF that is there."),
    ),
    loaded_later(__package__, "report_command:show_report"),
)

declare(
    app,
    "validate",
    "Check scenario and experiment files without running them.",
    (
        Option("files", list[Path], "Scenario or experiment files.", flags=None, metavar="FILE..."),
        shared.OVERRIDES,
        shared.RULES,
    ),
    loaded_later(__package__, "inspect:validate_files"),
)

declare(
    app,
    "show",
    "Show each value of a scenario and where it came from.",
    (
        shared.FILE,
        shared.OVERRIDES,
        shared.RULES,
        on_or_off("everything", "Also what has its default.", "--all"),
        AS_JSON,
    ),
    loaded_later(__package__, "inspect:show_file"),
)

declare(
    app,
    "explain",
    "Explain a parameter: meaning, unit, range, source.",
    (
        Option(
            "parameter",
            list[str] | None,
            "A parameter, a part of its name, or words.",
            None,
            flags=None,
            completed=_parameters,
        ),
        shared.RULES,
        AS_JSON,
    ),
    loaded_later(__package__, "inspect:explain_parameter"),
)

declare(
    app,
    "new",
    "Write a commented starter file.",
    (
        replace(WRITTEN, name="file", flags=None),
        Option("start", str | None, "Scenario to write out: a shipped one by its name, or a file.", None, ("--from",)),
        REPLACING,
    ),
    loaded_later(__package__, "inspect:new_file"),
)

declare(
    app,
    "schema",
    "Give the JSON Schema of scenario files to an editor.",
    (WRITTEN, on_or_off("experiment", "Of experiment files instead."), shared.RULES, REPLACING),
    loaded_later(__package__, "inspect:write_schema"),
)

declare(
    app,
    "patterns",
    "Measure the patterns that the baseline must show.",
    (
        Option("file", Path | None, "Scenario file of the baseline (YAML).", None, flags=None, left_out="all defaults"),
        Option("replications", int, "Runs with independent luck of each world.", 10, least=1, most=1000),
        replace(shared.THREADS, help="Threads of a run."),
        shared.RULES,
        AS_JSON,
        replace(WRITTEN, help="Markdown page to write."),
        replace(shared.FORCE, help="Replace a page that is there."),
    ),
    loaded_later(__package__, "patterns_command:show_patterns"),
)
