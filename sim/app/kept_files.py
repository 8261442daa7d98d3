"""What a page is kept as: a scenario file that extends today's, or an experiment file for a sweep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.app.lever_range import LeverRange
from sim.app.starts import DEFAULTS, SHIPPED, Starts
from sim.app.wished import Wish
from sim.parameters.labels import label
from sim.scenario import load_text
from sim.studies.derived import file_text, put_parameter
from sim.vocabulary.errors import ScenarioError
from sim.words import say

OUTPUTS = ("retention", "satisfaction", "seen_share", "talk_ratio", "margin")
SWEEP_REPLICATIONS = 10
FIT_CUSTOMERS = 2000
NEWCOMERS = {"run.settling.years": 0, "customers.bonds.renewal_per_year": 0, "customers.judgement.initial_history": 0}
"""What lets a run begin with newcomers: a table of churn follows its customers from their first day."""


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
    elif start.path.parent == SHIPPED:
        head = say("It extends {file}, which comes with the program.", file=start.path.name)
    else:
        head = say("Keep this file beside {file}, which it extends.", file=start.path.name)
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
        "question": say("What does {lever} change, over its range?", lever=what),
        "scenario": path.name,
        **({"set": held} if held else {}),
        "levers": {tried.path: {"low": tried.values[0], "high": tried.values[-1], "levels": len(tried.values)}},
        "design": {"kind": "grid"},
        "replications": SWEEP_REPLICATIONS,
        "outputs": list(OUTPUTS),
    }
    told = (
        say("Then: sim sweep THIS_FILE")
        if path.parent == SHIPPED
        else say("Keep this file beside {file}; then: sim sweep THIS_FILE", file=path.name)
    )
    return f"# {told}\n{file_text(tree)}"


def fit_file(wanted: Wish, starts: Starts, table: str, unit: str, periods: int) -> str:
    """An experiment that fits today's attrition to a table of churn, with the page's changes held.

    Args:
        wanted: What the page shows.
        starts: Where it started.
        table: Name of the table's file.
        unit: Of time in it.
        periods: Months that a run must last to reach its longest tenure.

    Raises:
        ScenarioError: If the page started from no file.
    """
    path = _file_of(starts, wanted)
    each = {"market.customers": FIT_CUSTOMERS, "run.period": "month", "run.periods": periods, **NEWCOMERS}
    tree: dict[str, Any] = {
        "name": f"fit_{wanted.start}",
        "question": say("How much attrition, and how unequal among customers, explains who stayed?"),
        "scenario": path.name,
        "set": {**wanted.changes, **each},
        "uncertainties": {
            "customers.bonds.attrition_per_year": {"low": 0.01, "high": 0.6},
            "customers.bonds.attrition_polarization": {"low": 0.0, "high": 0.9},
        },
        "outputs": ["retention"],
        "calibrate": {"data": "churn", "unit": unit},
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
