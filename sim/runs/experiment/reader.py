"""Reading experiment files, and checking experiments against their scenario."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

from sim.model.scenario import Scenario
from sim.parameters.paths import is_preset
from sim.parameters.plain_words import shown
from sim.results.dictionary import refuse_taken_names
from sim.rules.reading import RuleSource
from sim.runs.execution.simulate import Presets, presets_of
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.check_experiment import check
from sim.runs.experiment.definition import Experiment
from sim.runs.experiment.findings import Finding
from sim.runs.experiment.nodes import experiment_of, placed, refused
from sim.runs.experiment.plan import ExperimentPlan
from sim.scenario import Loaded, load_scenario
from sim.scenario.document import MAX_BYTES, Document, Node, read_file
from sim.scenario.shipped_files import beside_or_shipped
from sim.vocabulary.errors import Problem, ScenarioError
from sim.vocabulary.files import read_limited
from sim.words import say

MOST_BASES = 256


def read_experiment(
    path: str | os.PathLike[str], overrides: Sequence[str] = (), rules: Sequence[RuleSource] = ()
) -> ExperimentPlan:
    """Read an experiment file, and check it against its scenario.

    Args:
        path: The YAML file; the scenario's name in it is relative to its folder.
        overrides: `key=value` texts for the scenario, as after `--set`, laid over the file's own `set`.
        rules: Files with rules from outside, which no experiment can name: a rule is code.

    Returns:
        The experiment with its factors on the scenario, ready to be run.

    Raises:
        ScenarioError: With every problem found, one to a line: file, line, column, key, what was found, what is
            allowed, the nearest valid name. What is wrong in the scenario file is told as it is there.

    >>> plan = read_experiment("experiments/ease_of_complaining.yaml")  # doctest: +SKIP
    >>> [axis.path for axis in plan.levers]  # doctest: +SKIP
    ['firm.desk.ease']
    """
    file = Path(path)
    document = read_file(file)
    experiment, findings = experiment_of(document)
    problems = [*document.problems, *placed(findings, document, str(file))]
    if experiment is None or problems:
        raise ScenarioError([*_in_order(problems), *_of_scenario_alone(document, file, rules)])
    loaded = _load(experiment, file.parent, overrides, document, rules)
    text = read_limited(file, MAX_BYTES, say("a YAML file")).decode("utf-8-sig")
    return _plan(experiment, loaded, overrides, file.parent, text, file, document)


def plan_experiment(
    experiment: Experiment, folder: Path | None = None, overrides: Sequence[str] = (), rules: Sequence[RuleSource] = ()
) -> ExperimentPlan:
    """Check an experiment that was made in Python.

    Args:
        experiment: The experiment.
        folder: The folder that its scenario's name is relative to; the current one if left out.
        overrides: As for `read_experiment`.
        rules: Likewise.

    Raises:
        ScenarioError: As `read_experiment`, with keys and without places.

    >>> from sim.runs.experiment.definition import Lever
    >>> ease = Lever(low=0.0, high=2.0)
    >>> experiment = Experiment(scenario="scenarios/baseline.yaml", levers={"firm.desk.ease": ease})
    >>> plan_experiment(experiment).base_values  # doctest: +SKIP
    {'firm.desk.ease': 0.0}
    """
    where = Path() if folder is None else folder
    text = experiment.model_dump_json(exclude_unset=True)
    loaded = _load(experiment, where, overrides, None, rules)
    return _plan(experiment, loaded, overrides, where, text, None, None)


def _plan(
    experiment: Experiment,
    loaded: Loaded,
    overrides: Sequence[str],
    folder: Path,
    text: str,
    path: Path | None,
    document: Document | None,
) -> ExperimentPlan:
    refuse_taken_names(loaded.scenario)
    checked = check(experiment, loaded.scenario)
    combinations = [] if checked.findings else _combinations(experiment, checked.axes)
    if len(combinations) > MOST_BASES:
        found = say("{combinations:,} combinations of presets", combinations=len(combinations))
        problem = Problem(
            say("too many presets are varied together"),
            found=found,
            allowed=say("at most {most_bases}", most_bases=MOST_BASES),
        )
        checked.findings.append(Finding(("levers",), problem, of_key=True))
    if checked.findings:
        if document is None:
            raise refused(checked.findings)
        raise ScenarioError(_in_order(placed(checked.findings, document, str(path))))
    bases: dict[Presets, Scenario] = {}
    if loaded.scenario.run.has_a_past:  # which knows nothing yet of what is decided today
        undecided = [tuple(pair for pair in presets if pair[0] not in experiment.levers) for presets in combinations]
        combinations = list(dict.fromkeys([*combinations, *undecided]))
    for presets in combinations:
        asked = [*_set_texts(experiment), *overrides, *(f"{name}={value}" for name, value in presets)]
        bases[presets] = (
            load_scenario(beside_or_shipped(folder, experiment.scenario), asked, rules=loaded.scenario.outside).scenario
            if presets
            else loaded.scenario
        )
    nodes = document.root.value if document is not None else {}
    laid_over = {text.partition("=")[0].strip() for text in overrides}
    # Of the scenario and `set`, once. What factors are given to try is not judged: to explore is what a study is for.
    doubts = [str(_of_set(doubt, experiment, laid_over, nodes)) for doubt in loaded.doubts]
    warnings = (*doubts, *_doubts_of_design(experiment), *dict.fromkeys(checked.warnings))
    return ExperimentPlan(
        experiment,
        loaded,
        tuple(checked.axes),
        tuple(checked.constraints),
        bases,
        text,
        path,
        warnings,
        tuple(overrides),
    )


def _doubts_of_design(experiment: Experiment) -> Iterator[str]:
    points = experiment.design.points
    if experiment.design.kind == "sobol" and points is not None and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        yield say(
            "design.points: {points} is no power of 2; {below} or {above} points are spread more evenly",
            points=points,
            below=below,
            above=2 * below,
        )


def _combinations(experiment: Experiment, axes: Sequence[Axis]) -> list[Presets]:
    """Which presets occur together."""
    varied = [axis for axis in axes if is_preset(axis.path)]
    if not varied:
        return [()]
    if experiment.design.kind == "list" and experiment.design.rows is not None:
        rows = [{axis.path: row.get(axis.path, axis.base) for axis in varied} for row in experiment.design.rows]
        found = [presets_of(row) for row in rows]
    else:
        options = [axis.values or () for axis in varied]
        if math.prod(len(values) for values in options) > MOST_BASES:
            return [()] * math.prod(len(values) for values in options)
        found = [
            presets_of({axis.path: value for axis, value in zip(varied, values, strict=True)})
            for values in product(*options)
        ]
    return list(dict.fromkeys(found))


# --- the scenario -----------------------------------------------------------------------------------------------------


def _set_texts(experiment: Experiment) -> list[str]:
    return [f"{key}={_flow(value)}" for key, value in experiment.set.items()]


def _flow(value: Any) -> str:
    """A value in one line of YAML: as JSON, but for dates and numbers that JSON does not have."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(key))}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return shown(value)
    return json.dumps(value, ensure_ascii=False)


def _load(
    experiment: Experiment,
    folder: Path,
    overrides: Sequence[str],
    document: Document | None,
    rules: Sequence[RuleSource],
) -> Loaded:
    """The scenario after `set` and overrides; problems that `set` causes are placed in the experiment file."""
    nodes = document.root.value if document is not None else {}
    scenario = beside_or_shipped(folder, experiment.scenario)
    broken = [key for key in experiment.set if "=" in key or not key.strip()]
    if broken:
        marks = {key: getattr(Node(dict(nodes)).at("set", key), "key_mark", None) for key in broken}
        raise ScenarioError(Problem(say("unknown parameter"), f"set.{key}", str(marks[key] or "")) for key in broken)
    try:
        return load_scenario(scenario, [*_set_texts(experiment), *overrides], naming=_naming(nodes), rules=rules)
    except ScenarioError as error:
        laid_over = {text.partition("=")[0].strip() for text in overrides}
        raise ScenarioError(_of_set(problem, experiment, laid_over, nodes) for problem in error.problems) from None


def _naming(nodes: Mapping[str, Node]) -> Problem | None:
    """Where the experiment file names its scenario: a scenario file that cannot be read is a mistake of that line."""
    node = nodes.get("scenario")
    return Problem("", "scenario", str(node.mark), shown(node.plain)) if node else None


def _of_set(problem: Problem, experiment: Experiment, laid_over: set[str], nodes: Mapping[str, Node]) -> Problem:
    """A problem with a value from `set`, placed where it stands in the experiment file."""
    if problem.place != "--set" or problem.key in laid_over:
        return problem
    owners = [key for key in experiment.set if f"{problem.key}.".startswith(f"{key}.")] or [
        key for key in experiment.set if f"{key}.".startswith(f"{problem.key}.")
    ]
    if not owners and laid_over:
        return problem
    owner = max(owners, key=len, default="")
    node = Node(dict(nodes)).at("set", *([owner] if owner else []))
    mark = (node.key_mark if problem.of_name else node.mark) if node else None
    hint = problem.hint or (nodes["set"].value[owner].hint if owner and nodes else "")
    return replace(problem, place=str(mark or ""), key=f"set.{problem.key}", hint=hint)


def _of_scenario_alone(document: Document, file: Path, rules: Sequence[RuleSource]) -> list[Problem]:
    """What is wrong in the scenario file itself, where the experiment cannot be read any further."""
    node = document.root.value.get("scenario")
    if node is None or not isinstance(node.value, str) or not node.value.strip():
        return []
    try:
        load_scenario(beside_or_shipped(file.parent, node.value), naming=_naming(document.root.value), rules=rules)
    except ScenarioError as error:
        return list(error.problems)
    return []


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    """In the order of the file."""

    def position(problem: Problem) -> list[int]:
        return [int(part) if part.isdecimal() else 0 for part in problem.place.rsplit(":", 2)[1:]]

    return sorted(problems, key=position)
