"""The commands and their options; what they do lies in the modules beside this one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli import options as shared
from sim.cli.declaring import declare, information
from sim.cli.ending import interruptible
from sim.words import say

# Help without rich: it would take longer to import than everything else that `sim --help` does.
app = typer.Typer(
    help="Simulate customer satisfaction, complaints, word of mouth and churn.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

File = Annotated[Path, information(shared.FILE)]
Overrides = Annotated[list[str] | None, information(shared.OVERRIDES)]
Rules = Annotated[list[Path] | None, information(shared.RULES)]


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
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def _run(**given: Any) -> None:
    from sim.cli.run import run_scenario

    run_scenario(**given)


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
        shared.REPORT,
        shared.FIGURES,
        replace(shared.JSON, help="Print the key figures as JSON."),
        replace(shared.QUIET, help="No progress bar, no table."),
    ),
    _run,
)


@app.command()
@interruptible
def validate(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Scenario or experiment files.", show_default=False)
    ],
    overrides: Overrides = None,
    rules: Rules = None,
) -> None:
    """Check scenario and experiment files without running them."""
    from sim.cli.inspect import validate_files

    raise typer.Exit(validate_files(files, tuple(overrides or ()), tuple(rules or ())))


@app.command()
@interruptible
def show(
    file: File,
    overrides: Overrides = None,
    rules: Rules = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what has its default.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Show each value of a scenario and where it came from."""
    from sim.cli.inspect import show_file

    show_file(file, tuple(overrides or ()), tuple(rules or ()), everything=everything, json_wanted=json)


@app.command()
@interruptible
def explain(
    parameter: Annotated[
        list[str] | None,
        typer.Argument(
            help="A parameter, a part of its name, or words.", show_default=False, autocompletion=_parameters
        ),
    ] = None,
    rules: Rules = None,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Explain a parameter: meaning, unit, range, source."""
    from sim.cli.inspect import explain_parameter

    explain_parameter(" ".join(parameter or ()), tuple(rules or ()), json_wanted=json)


@app.command()
@interruptible
def new(
    file: Annotated[Path | None, typer.Argument(help="File to write; without it, print.", show_default=False)] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a commented starter file."""
    from sim.cli.inspect import new_file

    new_file(file, force=force)


@app.command()
@interruptible
def schema(
    out: Annotated[Path | None, typer.Option(help="File to write; without it, print.", show_default=False)] = None,
    experiment: Annotated[bool, typer.Option("--experiment", help="Of experiment files instead.")] = False,
    rules: Rules = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Give the JSON Schema of scenario files to an editor."""
    from sim.cli.inspect import write_schema

    write_schema(out, tuple(rules or ()), experiment=experiment, force=force)


@app.command()
@interruptible
def patterns(
    file: Annotated[
        Path | None, typer.Argument(help="Scenario file of the baseline (YAML).", show_default="all defaults")
    ] = None,
    replications: Annotated[int, typer.Option(min=1, max=1000, help="Runs with independent luck of each world.")] = 10,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads of a run.", show_default="all")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    out: Annotated[Path | None, typer.Option(help="Markdown page to write.", show_default=False)] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a page that is there.")] = False,
) -> None:
    """Measure the patterns that the baseline must show."""
    from sim.cli.patterns import show_patterns

    show_patterns(file, replications=replications, threads=threads, json_wanted=json, out=out, force=force)
