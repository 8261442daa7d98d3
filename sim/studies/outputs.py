"""Recorded outputs: single numbers of one run of the focal firm, by name.

| name | meaning |
|---|---|
| `retention` | a key figure, see `sim.studies.keyfigures` |
| `spending` | money a year that the firm decides to spend on quality, complaints and winning customers |
| `complained.total` | a column of the series, summed over the run |
| `satisfaction_mean.mean` | its mean over periods, those left out in which it does not exist |
| `active.end` | its value in the last period |
| `active@12` | its value in period 12; the first is 0 |
| `survival@12` | share of the customers at the start who stay longer than 12 periods (Kaplan-Meier) |

`spending` leaves out what service as such costs and what failures cost: the firm does not decide on them, they follow
from how many customers come and what goes wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.studies.keyfigures import BY_NAME as FIGURES
from sim.studies.keyfigures import Run
from sim.studies.measures import BY_NAME as MEASURES
from sim.studies.series import FocalColumns
from sim.studies.survival import by_duration, kaplan_meier
from sim.vocabulary.errors import Problem
from sim.vocabulary.market import PERIODS_PER_YEAR
from sim.vocabulary.observables import COHORTS, OBSERVABLES
from sim.vocabulary.plain_words import closest
from sim.vocabulary.scenario import Scenario

if TYPE_CHECKING:
    from sim.engine.tables import Tables

SPENDING, SURVIVAL = "spending", "survival"
HOW = {"total": "over the run", "mean": "mean over periods", "end": "at the end"}
_COLUMNS = {
    **{row.name: (row.unit, row.meaning) for row in OBSERVABLES},
    **{name: (measure.unit, measure.meaning) for name, measure in MEASURES.items()},
    "active_start": ("people", "customers at the start of the period"),
    "opportunity_measured": ("money", "margin that never came because of failures"),
}
_OF_COLUMN = re.compile(r"(\w+)(?:\.(\w+)|@([0-9]+))")


def check_outputs(names: Sequence[str], scenario: Scenario) -> list[Problem]:
    """What is wrong with a list of outputs, each problem with the name as its key.

    >>> [str(problem) for problem in check_outputs(["retentoin", "active@104"], Scenario())]
    ['retentoin: no such output; did you mean retention?', 'active@104: no such period; allowed: 0 to 103']
    """
    found = [Problem("stands twice", name) for name in dict.fromkeys(names) if list(names).count(name) > 1]
    return found + [problem for name in dict.fromkeys(names) for problem in _problems(name, scenario.run.periods)]


def _problems(name: str, periods: int) -> Iterator[Problem]:
    if name in FIGURES or name == SPENDING:
        return
    match = _OF_COLUMN.fullmatch(name)
    column, how, period = match.groups() if match else (name, None, None)
    if column == SURVIVAL and how is None and match:
        if not 1 <= int(str(period)) <= periods:
            yield Problem("no such number of periods", name, allowed=f"1 to {periods}")
    elif match is None or column not in _COLUMNS:
        if column in _COLUMNS or column == SURVIVAL:
            forms = f"{column}@12" if column == SURVIVAL else ", ".join(f"{column}.{way}" for way in HOW)
            yield Problem("a column of the series is not a single number", name, allowed=forms + f", {column}@PERIOD")
        elif match is None:
            yield Problem("no such output", name, suggestion=closest(name, [*FIGURES, SPENDING, *_COLUMNS]))
        else:
            yield Problem("no such column of the series", name, suggestion=closest(column, [*_COLUMNS, SURVIVAL]))
    elif how is not None and how not in HOW:
        yield Problem("no such summary of a column", name, found=how, allowed=", ".join(HOW))
    elif period is not None and not 0 <= int(period) < periods:
        yield Problem("no such period", name, allowed=f"0 to {periods - 1}")


def output_label(name: str) -> str:
    """What an output is called in tables and figures.

    >>> output_label("retention"), output_label("complained.total")
    ('Yearly retention', 'Complained, over the run')
    """
    if name in FIGURES:
        return FIGURES[name].label
    if name == SPENDING:
        return "Spending a year"
    column, how, period = _parts(name)
    words = column.replace("_", " ").capitalize()
    if column == SURVIVAL:
        return f"Customers who stay longer than {period} periods"
    return f"{words}, {HOW[how] if how else f'period {period}'}"


def output_unit(name: str, scenario: Scenario) -> str:
    """The unit of an output; money in the scenario's currency.

    >>> output_unit("retention", Scenario()), output_unit("margin.total", Scenario())
    ('share', 'EUR')
    """
    if name in FIGURES:
        unit = FIGURES[name].unit
    elif name == SPENDING:
        unit = "money per year"
    else:
        column, _, _ = _parts(name)
        unit = "share" if column == SURVIVAL else _COLUMNS[column][0]
    return unit.replace("money", scenario.money.currency)


def needs_world_without_failures(outputs: Sequence[str], scenario: Scenario) -> bool:
    """Whether an output depends on the measured opportunity cost, and so on a second world.

    >>> (
    ...     needs_world_without_failures(["retention"], Scenario()),
    ...     needs_world_without_failures(["quality_cost_share"], Scenario()),
    ... )
    (False, True)
    """
    return scenario.money.measure_opportunity_cost and any(_on_measured(name) for name in outputs)


@cache
def _on_measured(name: str) -> bool:
    """Whether an output touches the measured opportunity cost: it is computed once, of nothing, to see."""
    scenario = Scenario()
    shape = (1, len(scenario.firms), 1, len(OBSERVABLES))
    nothing: Any = SimpleNamespace(tallies=np.ones(shape, np.int64), initial=np.ones(shape[1:], np.int64))
    columns = FocalColumns(scenario, nothing)
    if not name.startswith(f"{SURVIVAL}@"):
        _value(name.split("@", maxsplit=1)[0] + (".end" if "@" in name else ""), Run(columns, 52, 0.1), nothing, 1.0)
    return "opportunity_measured" in columns.asked


def measure(
    scenario: Scenario, tables: Tables, without_failures: Tables | None, outputs: Sequence[str]
) -> dict[str, float]:
    """The outputs of one run, in the order asked for; NaN where a number does not exist (a share of nothing).

    Equal to the last bit to what `build_series` and `key_figures` say of the same run.

    Args:
        scenario: What was run.
        tables: The run.
        without_failures: The same world without failures of the focal firm, where it was run.
        outputs: Names; `check_outputs` says which there are.
    """
    per_year = PERIODS_PER_YEAR[scenario.run.period]
    run = Run(FocalColumns(scenario, tables, without_failures), per_year, scenario.money.discount_rate)
    years = scenario.run.periods / per_year
    return {name: _value(name, run, tables, years) for name in outputs}


def _parts(name: str) -> tuple[str, str | None, str | None]:
    match = _OF_COLUMN.fullmatch(name)
    if match is None:
        raise KeyError(name)
    column, how, period = match.groups()
    return column, how, period


def _value(name: str, run: Run, tables: Tables, years: float) -> float:
    if name in FIGURES:
        return FIGURES[name].compute(run)
    if name == SPENDING:
        return run.total(SPENDING) / years
    column, how, period = _parts(name)
    if column == SURVIVAL:
        return _survival(tables, int(str(period)))
    values = run.columns[column]
    if how == "total":
        return run.total(column)
    if how == "mean":
        known = values[~np.isnan(values)]
        return float(known.mean()) if known.size else float("nan")
    return float(values[-1 if period is None else int(period)])


def _survival(tables: Tables, periods: int) -> float:
    """Share of the focal firm's customers at the start who stay longer than so many periods."""
    cohort = COHORTS.index("initial")
    leavers, stayers = tables.leavers[0, cohort], tables.stayers[0, cohort]
    return float(kaplan_meier(*by_duration(leavers, stayers, "initial"))[periods])
