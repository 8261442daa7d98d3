"""Commands that read and write scenario files without running them."""

from __future__ import annotations

import shutil
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.printing import print_warnings, shown_json
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.files import write_whole
from sim.words import in_periods, plural, say

if TYPE_CHECKING:
    from sim.model.scenario import Scenario
    from sim.scenario import Loaded


MOST_IN_FULL = 3
"""Parameters of which `sim explain` tells all; of more of them, a line or two each."""


def validate_files(
    files: Sequence[Path], *, overrides: Sequence[str] | None = None, rules: Sequence[Path] | None = None
) -> None:
    """Check each scenario or experiment file, and say what is wrong with it.

    Raises:
        SystemExit: With the status of what is wrong, if anything is.
    """
    overrides, rules = overrides or (), rules or ()
    check_rules(rules)
    status = 0
    for file in files:
        try:
            check = _experiment if _is_experiment(file) else _scenario
            warnings, words, plan = check(file, overrides, rules)
        except ScenarioError as error:
            print(error, file=sys.stderr)
            status = error.exit_status
            continue
        print_warnings(warnings)
        print(say("{file}: valid ({words})", file=file, words=words))
        for line in plan:
            print(f"  {line}")
    if status:
        raise SystemExit(int(status))


def check_rules(rules: Sequence[Path]) -> None:
    """Read and compile rules from outside.

    Raises:
        ScenarioError: If one is not right.
    """
    if rules:
        from sim.results.dictionary import refuse_taken_names
        from sim.rules import kind_with
        from sim.rules.loops import check_compiled

        scenario = kind_with(rules)()
        refuse_taken_names(scenario)
        check_compiled(scenario)


def _is_experiment(file: Path) -> bool:
    """Whether a file names the scenario that it varies, which no scenario does."""
    from sim.scenario.document import read_file
    from sim.scenario.shipped_files import beside_or_shipped

    return "scenario" in read_file(beside_or_shipped(Path(), str(file))).root.value


_CheckedFile = tuple[Sequence[str], str, Sequence[str]]
"""Warnings, a sentence, and the lines of a plan."""


def _scenario(file: Path, overrides: Sequence[str], rules: Sequence[Path]) -> _CheckedFile:
    from sim.scenario import load_scenario
    from sim.scenario.plan_words import plan_lines

    loaded = load_scenario(file, overrides, rules=rules)
    scenario = loaded.scenario
    parts = [
        say("{customers:,} people in the market", customers=scenario.market.customers),
        in_periods(scenario.run.periods, scenario.run.period),
        plural("{n} firm", "{n} firms", len(scenario.firms)),
        plural("{n} segment", "{n} segments", len(scenario.all_segments)),
        *_memory(loaded),
    ]
    return loaded.warnings, f"{scenario.name}: {', '.join(parts)}", list(plan_lines(loaded))


def _memory(loaded: Loaded) -> Iterator[str]:
    """What a large run takes.

    Raises:
        ScenarioError: If that is more than is free.
    """
    from sim.engine.footprint import is_trivial

    if is_trivial(loaded.scenario):
        return
    from sim.runs.memory import check_run, told

    check_run(loaded.scenario, loaded=loaded, base_dir=loaded.base_dir)
    words = told(loaded.scenario, loaded.base_dir)
    if words:
        yield words


def _experiment(file: Path, overrides: Sequence[str], rules: Sequence[Path]) -> _CheckedFile:
    from sim.runs.experiment.reader import read_experiment
    from sim.runs.memory import affordable_workers

    plan = read_experiment(file, overrides, rules)
    parts = [
        plural("{n} lever", "{n} levers", len(plan.levers)),
        say("{uncertainties} uncertain", uncertainties=len(plan.uncertainties)),
    ]
    with warnings.catch_warnings(record=True) as notices:
        warnings.simplefilter("always")
        affordable_workers(plan, None)
    told = [*plan.warnings, *(str(notice.message) for notice in notices)]
    words = say(
        "{name}: an experiment on {scenario}, {parts}",
        name=plan.experiment.name,
        scenario=plan.scenario.name,
        parts=", ".join(parts),
    )
    return told, words, ()


def show_file(
    file: Path, *, overrides: Sequence[str] | None, rules: Sequence[Path] | None, everything: bool, json: bool
) -> None:
    """Print a resolved scenario.

    Raises:
        ScenarioError: If the file is not valid.
    """
    from sim.scenario import load_scenario, show
    from sim.scenario.plan_words import planned

    loaded = load_scenario(file, overrides or (), rules=rules or ())
    print_warnings(loaded.warnings)
    if json:
        shown = {
            "scenario": loaded.scenario.model_dump(),
            "files": list(loaded.files),
            "parameters": [asdict(line) for line in show.resolved(loaded, everything=everything)],
            "plan": [asdict(one) for one in planned(loaded)],
            "presets": {
                path: {"name": preset.name, "title": preset.title, "note": preset.note}
                for path, preset in loaded.presets
            },
        }
        print(shown_json(shown))
    else:
        print(show.text(loaded, everything=everything))


def explain_parameter(parameter: Sequence[str] | None, *, rules: Sequence[Path] | None, json: bool) -> None:
    """Print what is known of the parameters that match, by words; of all where there are none.

    Raises:
        ScenarioError: If none is near, or a path is wrong: with the nearest one.
    """
    from sim.parameters.registry import parameters
    from sim.rules import kind_with
    from sim.scenario.explain import article, is_path, lines, nearest, parameters_called, table

    kind, words = kind_with(rules or ()), " ".join(parameter or ())
    found = list(parameters(kind))
    if words.strip():
        found = parameters_called(words, kind)
    exact = len(found) == 1 and found[0].path == words.strip()
    outputs = [] if exact or not words.strip() else _outputs_meant(words, kind())
    if not found and not outputs:
        found = [] if is_path(words) else nearest(words, kind)
        if not found:
            near = next((info.path for info in nearest(words, kind)), "")
            hint = say("`sim explain` lists them all")
            if len(words.split()) > 1:
                hint = say("`sim explain` lists them all, and takes one word of what you look for")
            raise ScenarioError(say("no such parameter"), words, suggestion=near, hint=hint)
        print(say("note: nothing is called “{words}”; the nearest names:", words=words), file=sys.stderr)
    if json:
        print(shown_json([*(asdict(info) for info in found), *({"output": name} for name, _ in outputs)]))
        return
    if found:
        if len(found) <= MOST_IN_FULL:
            print("\n\n".join(article(info) for info in found))
        else:
            print(lines(found, shutil.get_terminal_size().columns) if sys.stdout.isatty() else table(found))
    for _, told in outputs:
        print(f"\n{told}")


def _outputs_meant(words: str, scenario: Scenario) -> list[tuple[str, str]]:
    """Outputs that words mean, with what is known of them."""
    from sim.parameters.synonyms import meant

    if not meant(words).outputs and len(words.split()) > 1:
        return []
    from sim.results.outputs import output_article, outputs_meant

    return [(name, output_article(name, scenario)) for name in outputs_meant(words, scenario)]


def new_file(file: Path | None, *, start: str | None = None, force: bool) -> None:
    """Write or print a starter file, or a scenario written out as one's own.

    Raises:
        FileError: If the file is there already, is named otherwise, or cannot be written.
        ScenarioError: If there is no scenario to start from.
    """
    from sim.scenario.schema import SCHEMA_FILE

    text = _new_text("my_scenario" if file is None else file.stem[:80], start)
    if file is None:
        print(text, end="")
        return
    head = ""
    if (file.parent / SCHEMA_FILE).exists():
        head = f"# yaml-language-server: $schema={SCHEMA_FILE}\n"
    write_whole(file, head + text, (".yaml", ".yml"), force=force)
    print(say("wrote {file}; look at it with: sim show {file}", file=file))


def _new_text(name: str, start: str | None) -> str:
    if start is None:
        from sim.scenario.starter import starter_text

        return starter_text(name)
    from sim.scenario import load_scenario
    from sim.scenario.own_file import own_text
    from sim.scenario.shipped_files import scenario_named

    loaded = load_scenario(scenario_named(start))
    return own_text(loaded, name, loaded.scenario.name)


def write_schema(out: Path | None, *, rules: Sequence[Path] | None, experiment: bool, force: bool) -> None:
    """Write or print the JSON Schema of scenario files, or of experiment files.

    Raises:
        FileError: As `new_file`.
    """
    if experiment:
        from sim.runs.experiment.experiment_schema import schema_text
    else:
        from sim.scenario.schema import schema_text
    from sim.rules import kind_with

    text = schema_text(kind_with(rules or ()))
    if out is None:
        print(text, end="")
    else:
        write_whole(out, text, (".json",), force=force)
        print(say("wrote {out}", out=out))
