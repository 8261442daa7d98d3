"""What a page is kept as: a scenario file that extends today's, or an experiment file for a sweep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.app.lever_range import LeverRange
from sim.app.starts import DEFAULTS, Starts, is_shipped
from sim.app.wished import Wish
from sim.data.table_settings import TableSettings
from sim.parameters.labels import label
from sim.results.outputs import PROFIT
from sim.scenario import load_text
from sim.studies.derived import file_text, put_parameter
from sim.vocabulary.errors import ScenarioError
from sim.words import say

OUTPUTS = ("retention", "satisfaction", "seen_share", "talk_ratio", "margin", PROFIT)
SWEEP_REPLICATIONS = 10
FIT_CUSTOMERS = 2000
ATTRITION = ("customers.bonds.attrition_per_year", (0.01, 0.6))
UNEQUAL = ("customers.bonds.attrition_polarization", (0.0, 0.9))
ADVERTISING = ("firm.strategy.advertising_hazard", (0.005, 0.4))
"""What is fitted to a table, and where it may lie before."""

NEWCOMERS = {"run.settling.years": 0, "customers.bonds.renewal_per_year": 0, "customers.judgement.initial_history": 0}
"""What lets a run begin with newcomers: a table of churn follows its customers from their first day."""


@dataclass(frozen=True)
class Fitted:
    """What is fitted to a table that somebody brings.

    Attributes:
        kind: What the table holds.
        question: That the fit answers.
        months: That a run must last to reach the table's end.
        uncertain: Ranges before the data, by path.
        unit: Of time in the table; empty where its dates tell.
        begins: What is set so that the run begins as the table does, by path.
    """

    kind: str
    question: str
    months: int
    uncertain: Mapping[str, tuple[float, float]]
    unit: str = ""
    begins: Mapping[str, Any] = field(default_factory=dict)


def scenario_file(wanted: Wish, starts: Starts, name: str, question: str) -> str:
    """The what-if as a scenario file that extends the file started from, to be kept beside it.

    Args:
        wanted: What the page shows.
        starts: Where it started.
        name: Of the new scenario.
        question: That it asks.

    Raises:
        ScenarioError: If name, question or a change is not allowed.
    """
    if not name:
        raise ScenarioError(say("a scenario needs a name"), "name")
    start = starts.start(wanted.start)
    today = starts.load(wanted.start)
    tree: dict[str, Any] = {}
    if start.path is not None:
        tree["extends"] = start.path.name
    tree |= {"name": name, "question": question}
    if wanted.seed is not None and wanted.seed != today.scenario.run.seed:
        tree["run"] = {"seed": wanted.seed}
    for path, value in wanted.changes.items():
        put_parameter(tree, today.scenario, path, value)
    if start.path is None:
        head = say("Everything that does not stand here has its default.")
    elif is_shipped(start.path):
        head = say(
            "It extends {file}, which comes with the program. To compare: sim compare {file} THIS_FILE",
            file=start.path.name,
        )
    else:
        head = say(
            "Keep this file beside {file}, which it extends; then: sim compare {file} THIS_FILE", file=start.path.name
        )
    text = f"# {head}\n{file_text(tree)}"
    load_text(text, name=name, base_dir=start.path.parent if start.path is not None else None)
    return text


def experiment_file(wanted: Wish, starts: Starts, tried: LeverRange) -> str:
    """An experiment that sweeps one lever over its range, with the page's other changes held.

    Raises:
        ScenarioError: If the page started from no file, which an experiment needs.
    """
    path = _file_of(starts, wanted)
    held = {path: value for path, value in wanted.changes.items() if path != tried.path}
    if wanted.seed is not None:
        held["run.seed"] = wanted.seed
    what = label(tried.path)
    tree: dict[str, Any] = {
        "name": f"range_of_{tried.path.rsplit('.', 1)[-1]}",
        "question": say("What does “{lever}” change, over its range?", lever=what),
        "scenario": path.name,
        **({"set": held} if held else {}),
        "levers": {tried.path: {"low": tried.values[0], "high": tried.values[-1], "levels": len(tried.values)}},
        "design": {"kind": "grid"},
        "replications": SWEEP_REPLICATIONS,
        "outputs": list(OUTPUTS),
    }
    told = (
        say("Then: sim sweep THIS_FILE")
        if is_shipped(path)
        else say("Keep this file beside {file}; then: sim sweep THIS_FILE", file=path.name)
    )
    return f"# {told}\n{file_text(tree)}"


def fit_file(wanted: Wish, starts: Starts, table: str, fitted: Fitted, settings: TableSettings) -> str:
    """An experiment that fits today to a table, with the page's changes held.

    Args:
        wanted: What the page shows.
        starts: Where it started.
        table: Name of the table's file.
        fitted: What is fitted to it.
        settings: How it is to be read.

    Raises:
        ScenarioError: If the page started from no file.
    """
    path = _file_of(starts, wanted)
    read = settings.model_dump(exclude_defaults=True)
    each = {"market.customers": FIT_CUSTOMERS, "run.period": "month", "run.periods": fitted.months}
    tree: dict[str, Any] = {
        "name": f"fit_{wanted.start}",
        "question": fitted.question,
        "scenario": path.name,
        "set": {**wanted.changes, **each, **fitted.begins},
        "uncertainties": {path: {"low": low, "high": high} for path, (low, high) in fitted.uncertain.items()},
        "outputs": ["retention"],
        "calibrate": {"data": fitted.kind, **read, **({"unit": fitted.unit} if fitted.unit else {})},
    }
    told = say("Keep this file beside the table; then: sim calibrate THIS_FILE --data {table}", table=table)
    return f"# {told}\n{file_text(tree)}"


def _file_of(starts: Starts, wanted: Wish) -> Path:
    """The file where the page started, which an experiment needs."""
    path = starts.start(wanted.start).path
    if path is None:
        raise ScenarioError(
            say("an experiment needs a scenario file"),
            "start",
            found=DEFAULTS,
            hint=say("start from a scenario of the gallery, or save this one first"),
        )
    return path
