"""Key figures: one number for a whole run, with its interval over replications."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.model.market import PERIODS_PER_YEAR
from sim.model.money import Money
from sim.model.scenario import Scenario
from sim.results.intervals import mean_interval
from sim.results.lifetime import Lifetimes, lifetimes_of
from sim.results.measures import ACQUISITION, KEEPING, AnyArray, TallyColumns, acsi
from sim.results.series import of_focal
from sim.words import translated

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.tables import Tables

SHARE, RATIO = "share", "ratio"


def _over(numerator: float, denominator: float) -> float:
    return float(numerator / denominator) if denominator else math.nan


@dataclass(frozen=True)
class CountedRun:
    """One replication as the key figures see it.

    Attributes:
        columns: The focal firm's columns, a value a period.
        per_year: Periods in a year.
        discount: Yearly discount rate.
        bother: What an experience after which others leave costs a customer who cannot, money.
        tables: The run itself, with the tenures of its customers; None where nobody asks for lifetimes.
    """

    columns: TallyColumns
    per_year: int
    discount: float
    bother: float
    tables: Tables | None

    @cached_property
    def lifetimes(self) -> Lifetimes | None:
        """How long customers stay; None where there never were any."""
        return None if self.tables is None else lifetimes_of(self.tables, self.per_year)

    def total(self, name: str) -> float:
        """Sum of a column over the run; NaN where it is not known in a period."""
        return float(self.columns[name].sum())

    def recent(self, name: str) -> float:
        """Sum of a column over the last year of the run, or all of a shorter one."""
        return float(self.columns[name][-self.per_year :].sum())

    def recent_mean(self, amount: str) -> float:
        """Customer-weighted mean over the last year of the run: sum of the amount over the sum of customers."""
        return _over(self.recent(amount), self.recent("active"))

    @property
    def retention(self) -> float:
        """Yearly retention, each customer weighing alike: (1 - departed / customer-periods at risk)^periods a year."""
        lost = _over(self.total("departed"), self.total("active_start"))
        return float(max(1.0 - lost, 0.0) ** self.per_year)

    @property
    def margin_a_year(self) -> float:
        """Margin per customer-year before the cost of winning customers."""
        earned = self.total("margin") + sum(self.total(name) for name in ACQUISITION)
        return _over(earned, self.total("customer_years"))

    @property
    def contribution(self) -> AnyArray:
        """What customers left in each period after all costs that they cause: margin before overheads and winning them.

        Overheads are there whoever is a customer, and what it cost to win somebody is spent.
        """
        earned = self.columns["margin"].astype(np.float64)
        for name in (*ACQUISITION, "overhead_cost"):
            earned = earned + self.columns[name]
        return earned

    @property
    def lifetime_value(self) -> float:
        """Value of a newly won customer on the day of being won, see `sim.results.lifetime`.

        The contribution a year is the run's mean in which each year counts as much as it does in a customer's own life:
        those to come are discounted, and fewer are there.
        """
        if self.lifetimes is None:
            return math.nan
        weight = (1.0 + self.discount) ** -self.columns["years"]
        there = float((self.columns["active_start"] * weight).sum()) / self.per_year
        a_year = _over(float((self.contribution * weight).sum()), there)
        years = self.lifetimes.newly_won(self.discount)
        return a_year * years if math.isfinite(years) else math.nan

    @property
    def acsi(self) -> float:
        """ACSI over the last year."""
        columns = ("satisfaction_sum", "acsi_expectation_sum", "acsi_ideal_sum")
        return float(acsi(*(np.array([self.recent_mean(name)]) for name in columns))[0])

    @property
    def present_value(self) -> float:
        """Margins discounted to the start of the run, each at the end of its period."""
        return float((self.columns["margin"] / (1.0 + self.discount) ** self.columns["years"]).sum())

    @property
    def captive_loss(self) -> float:
        """What those bear themselves who would have left after a bad experience but cannot, money."""
        return self.bother * (self.total("silent_captive") + self.total("complaint_captive"))


KeyFigureRule = Callable[[CountedRun], float]


@dataclass(frozen=True)
class KeyFigure:
    """A key figure: name, label, unit, meaning and how it comes out of one replication."""

    name: str
    label: str
    unit: str
    meaning: str
    compute: KeyFigureRule


RULES: dict[str, KeyFigureRule] = {
    "satisfaction": lambda run: run.recent_mean("satisfaction_sum"),
    "acsi": lambda run: run.acsi,
    "nps": lambda run: 100.0 * (run.recent_mean("promoters") - run.recent_mean("detractors")),
    "yearly_loss": lambda run: 1.0 - run.retention,
    "retention": lambda run: run.retention,
    "market_share": lambda run: float(run.columns["market_share"][-1]),
    "customers": lambda run: float(run.columns["active"][-1]),
    "net_present_value": lambda run: run.present_value,
    "margin_per_customer_year": lambda run: run.margin_a_year,
    "lifetime_value": lambda run: run.lifetime_value,
    "cost_of_winning": lambda run: _over(sum(run.total(name) for name in ACQUISITION), run.total("joined")),
    "cost_of_keeping": lambda run: _over(sum(run.total(name) for name in KEEPING), run.total("customer_years")),
    "captive_loss": lambda run: run.captive_loss,
}
"""Of key figures that are more than a sum over the run, or one over another."""


def _by_formula(formula: str) -> KeyFigureRule:
    """What is computed of sums over the run: of a column, or of one over that of another."""
    over, _, under = formula.partition(" / ")
    return lambda run: _over(run.total(over), run.total(under)) if under else run.total(over)


def _key_figures() -> Iterator[KeyFigure]:
    """Of `keyfigures.json` beside this file: by name its label, unit, meaning; its formula if it has no rule."""
    declared = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    for name, (label, unit, meaning, *formula) in declared.items():
        yield KeyFigure(name, label, unit, meaning, _by_formula(*formula) if formula else RULES[name])


KEY_FIGURES: tuple[KeyFigure, ...] = tuple(_key_figures())

BY_NAME: dict[str, KeyFigure] = {figure.name: figure for figure in KEY_FIGURES}

NO_INTERVAL = "one replication only: no interval can be given"


def bother_of(money: Money) -> float:
    """What an experience after which others leave costs a customer who cannot, money.

    >>> bother_of(Money(value_of_time=12.0, hours_lost=1.5))
    18.0
    """
    return money.value_of_time * money.hours_lost


class _OneReplication(Mapping[str, AnyArray]):
    """Columns of numbers of some rows of a table, each taken when it is first asked for: few of two hundred are."""

    def __init__(self, table: pd.DataFrame, names: Sequence[str], rows: npt.NDArray[np.intp]) -> None:
        self._table, self._names, self._rows = table, names, rows
        self._taken: dict[str, AnyArray] = {}

    def __getitem__(self, name: str) -> AnyArray:
        """A column."""
        if name not in self._taken:
            if name not in self._names:
                raise KeyError(name)
            self._taken[name] = self._table[name].to_numpy()[self._rows]
        return self._taken[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def columns_by_replication(series: pd.DataFrame, scenario: Scenario) -> list[TallyColumns]:
    """What the focal firm's series hold in numbers, a value a period, of each replication in order."""
    names = [str(name) for name in series.select_dtypes("number").columns]
    chosen, number = np.flatnonzero(of_focal(series, scenario)), series["replication"].to_numpy()
    return [_OneReplication(series, names, chosen[number[chosen] == one]) for one in np.unique(number[chosen])]


def replications(series: pd.DataFrame, scenario: Scenario, tables: Sequence[Tables]) -> list[CountedRun]:
    """The focal firm's runs, one for each replication, in order, which is that of the tables."""
    per_year = PERIODS_PER_YEAR[scenario.run.period]
    money = scenario.money
    columns = columns_by_replication(series, scenario)
    return [
        CountedRun(numbers, per_year, money.discount_rate, bother_of(money), table)
        for numbers, table in zip(columns, tables, strict=True)
    ]


def figures_by_replication(series: pd.DataFrame, scenario: Scenario, tables: Sequence[Tables]) -> pd.DataFrame:
    """Every key figure of the focal firm in every replication: a row a replication, a column a figure."""
    import pandas as pd

    runs = replications(series, scenario, tables)
    return pd.DataFrame([{figure.name: figure.compute(run) for figure in KEY_FIGURES} for run in runs])


def key_figures(series: pd.DataFrame, scenario: Scenario, tables: Sequence[Tables]) -> pd.DataFrame:
    """Key figures of the focal firm: mean over replications with a 95% t-interval of that mean.

    Returns:
        Index: name of the figure. Columns `value`, `low`, `high`, `unit`, `label`, `meaning`; limits of a share are
        cut to 0-1, those of a ratio at 0. With one replication `low` and `high` are NaN, and `attrs["note"]` says so.
        The interval shows the luck between runs of the same model, not the doubt about its parameters.
    """
    import pandas as pd

    values = figures_by_replication(series, scenario, tables)
    rows = []
    for figure in KEY_FIGURES:
        unit = figure.unit.replace("money", scenario.money.currency)
        limits = mean_interval(values[figure.name])
        if figure.unit in (SHARE, RATIO):
            limits = limits.within(0.0, 1.0 if figure.unit == SHARE else math.inf)
        rows.append((*limits, unit, translated(figure.label), translated(figure.meaning)))
    table = pd.DataFrame(
        rows,
        columns=["value", "low", "high", "unit", "label", "meaning"],
        index=pd.Index([figure.name for figure in KEY_FIGURES], name="figure"),
    )
    table.attrs["note"] = translated(NO_INTERVAL) if len(values) == 1 else ""
    return table
