"""What every kind of data is to the search: summaries of a run, and how likely the data are given them.

Also what all of them ask of a run: how many customers it begins with, and whether it lasts as long as the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.data.units import UNITS_PER_YEAR
from sim.data.users_table import UsersTable
from sim.model.market import PERIODS_PER_YEAR, Run
from sim.model.scenario import Scenario
from sim.vocabulary.errors import ScenarioError
from sim.words import say

Array = npt.NDArray[np.float64]

MOST_STEPS, LONGEST_STEP, CLOSE_ENOUGH = 12, 1.5, 1e-3


class Target(Protocol):
    """A user's table, as the search sees it.

    A run is reduced to m *summaries* on scales without limits (logits, logarithms), which are smooth functions of the
    parameters but for the run's luck; the data are a sample around them.

    Attributes:
        outputs: Names of the recorded outputs that the summaries are made from.
        names: Name of each summary.
    """

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the recorded outputs that the summaries are made from."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each summary."""
        ...

    @property
    def drawn(self) -> int:
        """How many numbers `replicate` draws for each k; as many as there are summaries, unless a kind says more."""
        return len(self.names)

    def summaries(self, rows: pd.DataFrame) -> Array:
        """Summaries of runs, float64[runs, m], from their outputs; NaN where a run has none."""
        ...

    def noise(self, summaries: Array) -> Array:
        """Roughly, up to a factor: variance of each summary of one run through luck, float64[runs, m]."""
        ...

    def averaged(self, summaries: Array) -> Array:
        """What several runs at a point say together, float64[..., m], from float64[..., runs, m]; their mean."""
        return summaries.mean(axis=-2)

    def with_luck(self, scale: Array, correlation: Array) -> Target:
        """The same data, judged with what the runs say of luck: as before, where people act one by one whatever it is.

        Args:
            scale: True variance over `noise`, float64[m].
            correlation: Of the summaries of a run through its luck, float64[m, m].
        """
        return self

    def log_likelihood(self, summaries: Array, covariance: Array) -> Array:
        """Logarithm of the probability of the data, float64[k], up to a constant.

        Args:
            summaries: What the model says, float64[k, m].
            covariance: Of the error in that, float64[k, m, m]; integrated out.
        """
        ...

    def sampling_variance(self, summaries: Array) -> Array:
        """Variance with which the data alone tell the summaries, float64[k, m]."""
        ...

    def replicate(self, summaries: Array, generator: np.random.Generator) -> Array:
        """New data like the user's, drawn from the model, float64[k, drawn]."""
        ...

    def discrepancy(self, data: Array | None, summaries: Array) -> Array:
        """How far data lie from the model, float64[k]; the user's where `data` is None."""
        ...

    def fit(self, summaries: Array, replicates: Array) -> pd.DataFrame:
        """Observed against predicted on the data's own scale.

        Columns: `quantity`, `x`, `observed` with the 95% limits of the data alone `observed_low`, `observed_high`,
        `predicted`, `low`, `high`. The last two are the central 95% of `replicates`: parameters and the sample's luck
        together.
        """
        ...


def exchangeable(correlation: Array) -> float:
    """Mean correlation between different summaries, not below 0: what the luck of a run has in common.

    >>> round(exchangeable(np.array([[1.0, 0.4], [0.4, 1.0]])), 6)
    0.4
    """
    m = len(correlation)
    return 0.0 if m < 2 else float(min(max((correlation.sum() - np.trace(correlation)) / (m * (m - 1)), 0.0), 0.99))


Density = Callable[[Array], tuple[Array, Array, Array]]
"""Of summaries: each one's log density of its part of the data, its derivative, and its expected information."""


def integrated(density: Density, summaries: Array, covariance: Array) -> Array:
    """Logarithm of the probability of data with normal errors of the summaries integrated out, float64[k].

    Laplace's approximation around the errors that are likeliest in the light of the data, found by Fisher scoring with
    steps cut to 1.5; the algebra is that of Rasmussen & Williams 2006, algorithm 3.1. For logits of binomials and
    logarithms of counts it errs by some hundredths.

    Args:
        density: See `Density`, for float64[k, m].
        summaries: float64[k, m].
        covariance: Of the errors, float64[k, m, m].

    >>> def normal(x):
    ...     return -0.5 * x**2, -x, np.ones(x.shape)
    >>> float(integrated(normal, np.zeros((1, 1)), np.ones((1, 1, 1)))[0].round(6)) == -0.346574  # -log(2) / 2
    True
    """
    error = np.zeros(summaries.shape)
    for _ in range(MOST_STEPS):
        _, slope, information = density(summaries + error)
        weight = np.maximum(information, 1e-12)
        pull = weight * error + slope
        root = np.sqrt(weight)
        inner = root[:, :, None] * covariance * root[:, None, :] + np.eye(summaries.shape[1])
        moved = np.einsum("kij,kj->ki", covariance, pull)
        solved = np.linalg.solve(inner, (root * moved)[:, :, None])[:, :, 0]
        force = pull - root * solved
        step = np.einsum("kij,kj->ki", covariance, force) - error
        error = error + np.clip(step, -LONGEST_STEP, LONGEST_STEP)
        if np.abs(step).max() < CLOSE_ENOUGH:
            break
    value, _, _ = density(summaries + error)
    return value.sum(axis=1) - 0.5 * (force * error).sum(axis=1) - 0.5 * np.linalg.slogdet(inner)[1]


def quantiles(draws: Array) -> tuple[Array, Array, Array]:
    """Median and central 95% over the first axis."""
    low, middle, high = np.quantile(draws, (0.025, 0.5, 0.975), axis=0)
    return middle, low, high


def plainly(rows: pd.DataFrame, segment: str) -> pd.DataFrame:
    """Outputs of a segment under the names that they have for the whole firm; all as they are without one.

    >>> import pandas as pd
    >>> plainly(pd.DataFrame({"active.end[gold]": [1.0], "active.end": [2.0]}), "gold").to_dict("list")
    {'active.end': [1.0]}
    """
    if not segment:
        return rows
    end = f"[{segment}]"
    own = [name for name in rows.columns if str(name).endswith(end)]
    return rows[own].rename(columns={name: str(name).removesuffix(end) for name in own})


def against_data(quantity: Any, x: Any, observed: Iterable[Any], summaries: Array, replicates: Array) -> pd.DataFrame:
    """Rows of a fit, on the data's own scale.

    Args:
        quantity: What was observed, of all rows or of each.
        x: Where each stands.
        observed: Values of the data with their limits, 95% by their size alone.
        summaries: Values as the model says them, float64[k, rows]; their middle is what it predicts.
        replicates: New data like the user's, float64[k, rows]: their central 95%.
    """
    _, low, high = quantiles(replicates)
    seen = dict(zip(("observed", "observed_low", "observed_high"), observed, strict=True))
    predicted = quantiles(summaries)[0]
    return pd.DataFrame({"quantity": quantity, "x": x, **seen, "predicted": predicted, "low": low, "high": high})


def periods_per_unit(run: Run, unit: str) -> float:
    """Periods of the run in a unit of the data."""
    return PERIODS_PER_YEAR[run.period] / UNITS_PER_YEAR[unit]


def customers_of(scenario: Scenario, segment: str = "") -> float:
    """Customers of the focal firm that a run begins with, of a segment or of all.

    >>> customers_of(Scenario()) == customers_of(Scenario(), "everyone") == 10_000 * 0.45
    True
    """
    customers = scenario.market.customers * scenario.firm.initial_share
    return customers * next((one.share for one in scenario.all_segments if segment == one.name), 1.0)


def tell_of_stock(table: UsersTable, scenario: Scenario) -> None:
    """Say, under what is odd, where a run begins with other customers than a table of retention or churn does.

    Such a table follows people from their first day. The customers of a market that renews itself, or has settled, are
    those who have stayed so far: the likeliest to leave are hardly met among them, and a fit would make up for it by
    far more attrition. Where a table of people says who is there, it says for how long, too.
    """
    renews = any(segment.bonds.renewal_per_year > 0.0 for segment in scenario.all_segments)
    if scenario.market.people.file is not None or not (renews or scenario.run.settling.years):
        return
    needed = {
        "run.settling.years": scenario.run.settling.years > 0,
        "customers.bonds.renewal_per_year": renews,
        "customers.judgement.initial_history": True,
    }
    table.odd.say(
        "the run begins with customers as they are met on any day, of whom most who leave early have left; the "
        "table follows them from their first day: set: {{{needed}}} lets all begin as newcomers",
        needed=", ".join(f"{path}: 0" for path, is_needed in needed.items() if is_needed),
    )


def refuse_beyond(table: UsersTable, run: Run, column: str, row: int, needed: int) -> None:
    """Refuse data that go on after the run's end.

    Args:
        table: The table.
        run: Of the scenario.
        column: Where the time stands.
        row: The latest one.
        needed: Periods that a run needs to reach it.

    Raises:
        ScenarioError: With line and column, and what to set.
    """
    if needed > run.periods:
        raise ScenarioError(
            say("the run ends before the data do: run.periods is {periods}", periods=run.periods),
            table.names.get(column, column),
            f"{table.label}:{table.lines[row]}",
            table.columns[column][row],
            say("run.periods of at least {needed}", needed=needed),
            hint=say("set: {{run.periods: {needed}}} in the experiment file", needed=needed),
        )
