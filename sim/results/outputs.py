"""Recorded outputs: single numbers of one run of the focal firm, by name.

| name | meaning |
|---|---|
| `retention` | a key figure, see `sim.results.keyfigures` |
| `spending` | money a year that the firm decides to spend, see `sim.results.measures` |
| `customer_equity` | value of the customers in hand at the end, see `sim.results.customer_equity` |
| `profit` | margin of the run plus `customer_equity` |
| `complained.total` | a column of the series that is a flow, summed over the run |
| `satisfaction_mean.mean` | a column's mean over periods, those left out in which it does not exist |
| `satisfaction_mean.last_year` | the same over the last year of the run, or all of a shorter one |
| `active.end` | a column's value in the last period |
| `active@12` | its value in period 12; the first is 0 |
| `survival@12` | share of the customers at the start who stay longer than 12 periods (Kaplan-Meier) |
| `bought@39:2-3:10-19` | share of the customers at the start who bought 2 to 3 times in 39 periods, the last |
|                       | time in periods 10 to 19; `bought@39:0` not at all, `bought@39:5+:0-38` 5 times or more |
| `active@12[gold]` | any of a column, of survival or of buyers, of one segment instead of the whole firm |

Means over periods weigh all periods alike; key figures weigh customers, encounters or complaints alike.

`spending` leaves out what service as such costs and what failures cost: the firm does not decide on them, they follow
from how many customers come and what goes wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model.market import PERIODS_PER_YEAR
from sim.model.movement import COHORTS
from sim.model.rooms import OBSERVABLES, observables_of
from sim.model.scenario import Scenario
from sim.parameters.plain_words import closest
from sim.parameters.synonyms import meant
from sim.results.customer_equity import customer_equity
from sim.results.keyfigures import BY_NAME as FIGURES
from sim.results.keyfigures import CountedRun, bother_of
from sim.results.measures import BY_NAME as MEASURES
from sim.results.measures import AnyArray
from sim.results.output_names import BOUGHT, SURVIVAL, OutputParts, parts_of
from sim.results.series import FocalColumns
from sim.results.survival import by_duration, kaplan_meier
from sim.vocabulary.errors import Problem, ScenarioError
from sim.vocabulary.observables import FLOW, STOCK
from sim.words import say, translated

if TYPE_CHECKING:
    from sim.engine.followed import Followed
    from sim.engine.tables import Tables

SPENDING, EQUITY, PROFIT = "spending", "customer_equity", "profit"
OF_CUSTOMERS = (SURVIVAL, BOUGHT)
"""Shares of the customers at the start."""

OF_THE_RUN = {
    SPENDING: ("Spending a year", "money per year"),
    EQUITY: ("Value of customers in hand", "money"),
    PROFIT: ("Margin and value of customers", "money"),
}
"""Outputs that are neither a key figure nor made of one column: label and unit by name."""
HOW = {
    "total": "over the run",
    "mean": "mean over periods",
    "last_year": "mean over the last year",
    "end": "at the end",
}


@cache
def _columns(kind: type[Scenario]) -> dict[str, tuple[str, str]]:
    """Unit and kind of the columns of the series, of scenarios of a kind: with what its rules from outside count."""
    return {
        **{row.name: (row.unit, row.kind) for row in observables_of(kind)},
        **{name: (measure.unit, measure.kind) for name, measure in MEASURES.items()},
        "active_start": ("people", STOCK),
        "opportunity_measured": ("money", FLOW),
    }


def check_outputs(names: Sequence[str], scenario: Scenario) -> list[Problem]:
    """What is wrong with a list of outputs, each problem with the name as its key.

    >>> [str(problem) for problem in check_outputs(["retentoin", "active@104"], Scenario())]
    ['retentoin: no such output; did you mean retention?', 'active@104: no such period; allowed: 0 to 103']
    """
    found = [Problem(say("stands twice"), name) for name, times in Counter(names).items() if times > 1]
    return found + [problem for name in dict.fromkeys(names) for problem in _problems(name, scenario)]


def _problems(name: str, scenario: Scenario) -> Iterator[Problem]:
    columns = _columns(type(scenario))
    parts = parts_of(name)
    column = name if parts is None else parts.column
    if name in FIGURES or name in OF_THE_RUN:
        pass
    elif parts is None and (name in (*columns, *OF_CUSTOMERS) or name.startswith(f"{BOUGHT}@")):
        yield Problem(
            say("a column of the series is not a single number"), name, allowed=_forms(name.partition("@")[0], columns)
        )
    elif parts is None:
        near = next(iter(meant(name).outputs), "") or closest(name, [*FIGURES, *OF_THE_RUN, *columns])
        yield Problem(say("no such output"), name, suggestion=near)
    elif column not in (*columns, *OF_CUSTOMERS):
        near = closest(column, [*columns, *OF_CUSTOMERS])
        yield Problem(say("no such column of the series"), name, suggestion=near and near + name[len(column) :])
    elif parts.how is not None and parts.how not in _summaries(column, columns):
        what = say("a sum over periods says nothing") if parts.how == "total" else say("no such summary of the column")
        yield Problem(what, name, allowed=_forms(column, columns))
    else:
        yield from _of_period(name, parts, scenario.run.periods)
        yield from _of_segment(name, parts, scenario)
    if column == "opportunity_measured" and not scenario.money.measure_opportunity_cost:
        yield Problem(
            say("is not measured in this scenario"), name, hint=say("set money.measure_opportunity_cost: true")
        )


def _forms(column: str, columns: Mapping[str, tuple[str, str]]) -> str:
    """The outputs that can be made of a column, in words."""
    if column == SURVIVAL:
        return say("{survival}@PERIODS, such as {survival}@12", survival=SURVIVAL)
    if column == BOUGHT:
        return say("{bought}@PERIODS:TIMES:FIRST-LAST, such as {bought}@39:2-3:10-19 or {bought}@39:0", bought=BOUGHT)
    return ", ".join(f"{column}.{how}" for how in _summaries(column, columns)) + f", {column}@PERIOD"


def _summaries(column: str, columns: Mapping[str, tuple[str, str]]) -> list[str]:
    """What can be taken of a column: the stocks or shares of several periods do not add up to anything."""
    if column in OF_CUSTOMERS:
        return []
    return [how for how in HOW if how != "total" or columns[column][1] == FLOW]


def _of_period(name: str, parts: OutputParts, periods: int) -> Iterator[Problem]:
    """Whether the run is long enough."""
    if parts.period is None:
        return
    if parts.column in OF_CUSTOMERS:
        if not 1 <= parts.period <= periods:
            yield Problem(say("no such number of periods"), name, allowed=say("1 to {periods}", periods=periods))
    elif parts.period >= periods:
        yield Problem(say("no such period"), name, allowed=say("0 to {periods}", periods=periods - 1))


def _of_segment(name: str, parts: OutputParts, scenario: Scenario) -> Iterator[Problem]:
    """Whether there is such a segment."""
    names = [segment.name for segment in scenario.all_segments]
    if parts.segment and parts.segment not in names:
        near = closest(parts.segment, names)
        yield Problem(say("no such segment"), name, parts.segment, ", ".join(names), near and f"...[{near}]")


def output_article(name: str, scenario: Scenario) -> str:
    """What is known of an output, as text.

    >>> print(output_article("nps", Scenario()))
    nps
      Net Promoter Score
      Share of promoters minus share of detractors, over the last year of the run (all of a shorter run)
      unit:      points (-100 to 100)
      output:    of runs, sweeps, comparisons and fits; `outputs: [nps]` in an experiment
    """
    parts = parts_of(name)
    column = name if parts is None else parts.column
    measure = MEASURES.get(column)
    observable = next((row for row in observables_of(scenario) if row.name == column), None)
    known = FIGURES.get(name) or measure or observable
    meaning = translated(known.meaning) if known is not None else output_label(name)
    lines = [name, f"  {output_label(name)}"]
    if meaning != output_label(name):
        lines.append(f"  {meaning}")
    where = say("of runs, sweeps, comparisons and fits; `outputs: [{name}]` in an experiment", name=name)
    for label, text in ((say("unit:"), translated(output_unit(name, scenario))), (say("output:"), where)):
        lines.append(f"  {label:<10} {text}")
    return "\n".join(lines)


def outputs_meant(words: str, scenario: Scenario) -> list[str]:
    """Outputs that a word means: by their own name, or by what people call them.

    >>> (
    ...     outputs_meant("churn", Scenario())[:2],
    ...     outputs_meant("retention", Scenario())[:1],
    ...     outputs_meant("ease", Scenario()),
    ... )
    (['yearly_loss', 'retention'], ['retention'], [])
    """
    name = words.strip()
    own = [] if not name or check_outputs([name], scenario) else [name]
    return list(dict.fromkeys([*own, *meant(words).outputs]))


def output_label(name: str) -> str:
    """What an output is called in tables and figures; whether there is such a column is not asked.

    >>> output_label("retention"), output_label("complained.total")
    ('Yearly retention', 'Complained, over the run')

    Raises:
        ScenarioError: If no output has a name of this form.
    """
    if name in FIGURES:
        return translated(FIGURES[name].label)
    if name in OF_THE_RUN:
        return translated(OF_THE_RUN[name][0])
    parts = parts_of(name)
    if parts is None:
        raise ScenarioError(say("no such output"), name)
    if parts.segment:
        whole = output_label(name.removesuffix(f"[{parts.segment}]"))
        return say("{output}, of {segment}", output=whole, segment=parts.segment)
    column, how, period = parts.column, parts.how, parts.period
    words = column.replace("_", " ").capitalize()  # a column of a table is its own name in every language
    if column == SURVIVAL:
        return say("Customers who stay longer than {period} periods", period=period)
    if parts.buyers is not None:
        return say("Customers by purchases in {period} periods: {times}", times=str(parts.buyers), period=period)
    return f"{words}, {translated(HOW[how])}" if how else say("{column}, period {period}", column=words, period=period)


def output_unit(name: str, scenario: Scenario) -> str:
    """The unit of an output; money in the scenario's currency.

    >>> output_unit("retention", Scenario()), output_unit("margin.total", Scenario())
    ('share', 'EUR')

    Raises:
        ScenarioError: If there is no such output.
    """
    if name in FIGURES:
        unit = FIGURES[name].unit
    elif name in OF_THE_RUN:
        unit = OF_THE_RUN[name][1]
    else:
        parts = _known_parts(name, type(scenario))
        column, how = parts.column, parts.how
        unit, kind = ("share", "") if column in OF_CUSTOMERS else _columns(type(scenario))[column]
        if kind == FLOW and how in ("mean", "last_year"):
            unit = f"{unit} per {scenario.run.period}"
    return unit.replace("money", scenario.money.currency)


def _known_parts(name: str, kind: type[Scenario]) -> OutputParts:
    parts = parts_of(name)
    if parts is None or parts.column not in (*_columns(kind), *OF_CUSTOMERS):
        raise ScenarioError(say("no such output"), name)
    return parts


def needs_world_without_failures(outputs: Sequence[str], scenario: Scenario) -> bool:
    """Whether an output depends on the measured opportunity cost, and so on a second world.

    >>> (
    ...     needs_world_without_failures(["retention"], Scenario()),
    ...     needs_world_without_failures(["quality_cost_share"], Scenario()),
    ... )
    (False, True)
    """
    return scenario.money.measure_opportunity_cost and any(
        _on_measured(name) for name in outputs if not _counted_outside(name, scenario)
    )


def _counted_outside(name: str, scenario: Scenario) -> bool:
    """Whether an output is a tally of a rule from outside."""
    parts = parts_of(name)
    return parts is not None and any(parts.column == row.name for row in observables_of(scenario)[len(OBSERVABLES) :])


@cache
def _on_measured(name: str) -> bool:
    """Whether an output touches the measured opportunity cost: it is computed once, of made-up numbers, to see."""
    scenario = Scenario()
    shape = (1, len(scenario.firms), 1, len(OBSERVABLES))
    made_up: Any = SimpleNamespace(tallies=np.ones(shape, np.int64), initial=np.ones(shape[1:], np.int64))
    columns = FocalColumns(scenario, made_up)
    if name in FIGURES:
        FIGURES[name].compute(CountedRun(columns, 1, 0.1, 1.0, None))
    elif name not in OF_THE_RUN and _known_parts(name, Scenario).column not in OF_CUSTOMERS:
        _ = columns[_known_parts(name, Scenario).column]
    return "opportunity_measured" in columns.asked


def measure(
    scenario: Scenario,
    tables: Tables,
    without_failures: Tables | None,
    outputs: Sequence[str],
    followed: Followed | None = None,
) -> dict[str, float]:
    """The outputs of one run, in the order asked for; NaN where a number does not exist (a share of nothing).

    Equal to the last bit to what `build_series` and `key_figures` say of the same run.

    Args:
        scenario: What was run.
        tables: The run.
        without_failures: The same world without failures of the focal firm, where it was run.
        outputs: Names; `check_outputs` says which there are.
        followed: What became of the customers of the start, where `needs_following` says that it is asked for.

    Raises:
        ScenarioError: If there is no such output, or the run is too short for it.
    """
    per_year = PERIODS_PER_YEAR[scenario.run.period]
    money, names = scenario.money, [segment.name for segment in scenario.all_segments]

    @cache
    def run(segment: str) -> CountedRun:
        number = names.index(segment) if segment else None
        columns = FocalColumns(scenario, tables, without_failures, segment=number)
        return CountedRun(columns, per_year, money.discount_rate, bother_of(money), tables)

    def value(name: str) -> float:
        if name in FIGURES:
            return FIGURES[name].compute(run(""))
        if name == SPENDING:
            return run("").total(SPENDING) / (len(tables.tallies) / per_year)
        if name in (EQUITY, PROFIT):
            return equity() + (run("").total("margin") if name == PROFIT else 0.0)
        parts = _known_parts(name, type(scenario))
        for problem in (*_of_period(name, parts, len(tables.tallies)), *_of_segment(name, parts, scenario)):
            raise ScenarioError(problem)
        if parts.column not in OF_CUSTOMERS:
            return _of_column(run(parts.segment), parts)
        if parts.column == SURVIVAL and not parts.segment:
            return float(survival()[parts.period])
        if followed is None:
            raise ScenarioError(say("nobody was followed in this run"), name)
        chosen = slice(None) if not parts.segment else slice(names.index(parts.segment), names.index(parts.segment) + 1)
        return followed.share(parts.period or 0, parts.buyers, chosen)

    survival, equity = cache(lambda: _survival(tables)), cache(lambda: customer_equity(scenario, tables))
    return {name: value(name) for name in outputs}


def _of_column(run: CountedRun, parts: OutputParts) -> float:
    if parts.how == "total":
        return run.total(parts.column)
    values = run.columns[parts.column]
    if parts.period is not None or parts.how == "end":
        return float(values[-1 if parts.period is None else parts.period])
    spread = values[-run.per_year :] if parts.how == "last_year" else values
    known = spread[~np.isnan(spread)]
    return float(known.mean()) if known.size else float("nan")


def _survival(tables: Tables) -> AnyArray:
    """Share of the focal firm's customers at the start who stay longer than k periods, for each k: float64.

    The curve ends where nobody is left; the share of those who stay longer is 0 there, unless there never was anybody.
    """
    cohort = COHORTS.index("initial")
    curve = kaplan_meier(*by_duration(tables.leavers[0, cohort], tables.stayers[0, cohort], "initial"))
    return curve if np.isnan(curve[0]) else np.nan_to_num(curve)
