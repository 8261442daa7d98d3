"""The commands about one scenario and their options; what they do lies in the modules beside this one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli import options as shared
from sim.cli.declaring import declare
from sim.studies.command import Option, on_or_off
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


def _run(**given: Any) -> None:
    from sim.cli.run_command import run_scenario

    run_scenario(**given)


def _app(**given: Any) -> None:
    from sim.app.serving import serve
    from sim.words import choose_language

    if given["language"]:
        choose_language(given["language"])
    serve(given["file"], host=given["host"], port=given["port"], for_class=given["for_class"])


def _validate(**given: Any) -> None:
    from sim.cli.inspect import validate_files

    raise typer.Exit(validate_files(**given))


def _show(**given: Any) -> None:
    from sim.cli.inspect import show_file

    show_file(**given)


def _explain(**given: Any) -> None:
    from sim.cli.inspect import explain_parameter

    explain_parameter(**given)


def _new(**given: Any) -> None:
    from sim.cli.inspect import new_file

    new_file(**given)


def _report(**given: Any) -> None:
    from sim.cli.report_command import show_report

    show_report(**given)


def _schema(**given: Any) -> None:
    from sim.cli.inspect import write_schema

    write_schema(**given)


def _patterns(**given: Any) -> None:
    from sim.cli.patterns_command import show_patterns

    show_patterns(**given)


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
    _run,
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
    _report,
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
    _validate,
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
    _show,
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
    _explain,
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
    _new,
)

declare(
    app,
    "schema",
    "Give the JSON Schema of scenario files to an editor.",
    (WRITTEN, on_or_off("experiment", "Of experiment files instead."), shared.RULES, REPLACING),
    _schema,
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
    _patterns,
)
