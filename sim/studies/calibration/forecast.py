"""Beyond the data that were fitted: how many customers stay, by the ensemble's own runs and by two simple rules.

Times beyond the data, up to the run's end, are forecast; with `hold_out` so is the end of the data, which is not fitted
then, and the errors of all three can be told. The simple rules are what anybody would try first: the last retention
carried on, and the shifted beta-geometric model in the data's unit (Fader & Hardie 2007), fitted by likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.results.beta_geometric import log_survival
from sim.studies.calibration.between_times import IntervalParts
from sim.studies.calibration.target import Array, quantiles
from sim.vocabulary.extras import needed
from sim.words import say

MOST_TIMES = 12
METHODS = ("predicted", "last_retention", "beta_geometric")


@dataclass(frozen=True)
class Ahead:
    """Times that are forecast.

    Attributes:
        times: In the data's unit, float64[k].
        periods: The same in the run's periods.
        observed: Share still there in data that were held out, by Kaplan and Meier, and its 95% limits; NaN beyond all
            data, float64[3, k].
    """

    times: Array
    periods: tuple[int, ...]
    observed: Array

    @property
    def outputs(self) -> tuple[str, ...]:
        """The survival curve at these times."""
        return tuple(f"survival@{period}" for period in self.periods)


def ahead(fitted: float, per_unit: float, last_period: int, held: Array, observed: Array) -> Ahead | None:
    """At most twelve times between the last one that is fitted and the run's end.

    Args:
        fitted: The last time that is fitted.
        per_unit: Periods of the run in a unit of the data.
        last_period: Of the run.
        held: Times of the data that were held out, float64[k].
        observed: Share still there at each, and its 95% limits, float64[3, k].

    >>> ahead(2.0, 12.0, 60, np.zeros(0), np.zeros((3, 0))).periods
    (36, 48, 60)
    >>> ahead(2.0, 12.0, 30, np.zeros(0), np.zeros((3, 0))) is None
    True
    """
    if len(held):
        times, seen = held, observed
    else:
        step = max(1.0, 1.0 / per_unit)
        times = fitted + step * np.arange(1.0, np.floor((last_period / per_unit - fitted) / step + 1e-9) + 1.0)
        seen = np.full((3, len(times)), np.nan)
    if not len(times):
        return None
    chosen = np.unique(np.linspace(0.0, len(times) - 1.0, min(len(times), MOST_TIMES)).round().astype(np.int64))
    periods = (times[chosen] * per_unit + 0.5).astype(np.int64)
    new = np.concatenate([[True], np.diff(periods) > 0]) & (periods <= last_period) & (periods > fitted * per_unit)
    if not new.any():
        return None
    return Ahead(times[chosen][new], tuple(periods[new].tolist()), seen[:, chosen[new]])


def beta_geometric(parts: IntervalParts) -> tuple[float, float]:
    """Parameters alpha and beta of the model that is likeliest in the light of the data.

    Args:
        parts: The data that were fitted.
    """
    optimize = needed("scipy.optimize", "studies", "Calibrations")
    ends = np.cumsum(parts.spans)
    starts = np.concatenate([[0.0], ends[:-1]])
    low = starts[parts.owner] + parts.ends[0] * parts.spans[parts.owner]
    high = starts[parts.owner] + parts.ends[1] * parts.spans[parts.owner]

    def misfit(logs: Array) -> float:
        alpha, beta = np.exp(np.clip(logs, -7.0, 7.0))
        unit = (log_survival(alpha, beta, low) - log_survival(alpha, beta, high)) / parts.ticks
        unit = np.maximum(unit, 1e-12)
        return float(
            (parts.trials - parts.leavers) @ unit - parts.leavers @ np.log(np.maximum(-np.expm1(-unit), 1e-300))
        )

    found = min(
        (optimize.minimize(misfit, start, method="Nelder-Mead") for start in ((-1.0, 0.0), (0.0, 3.0), (-2.0, 2.0))),
        key=lambda end: float(end.fun),
    )
    alpha, beta = np.exp(np.clip(found.x, -7.0, 7.0))
    return float(alpha), float(beta)


def forecast_table(
    times: Ahead, fitted: float, reached: float, parts: IntervalParts, rows: pd.DataFrame
) -> pd.DataFrame:
    """What the members' runs say of times beyond the fitted data, beside two simple rules.

    Args:
        times: What is forecast.
        fitted: The last time that was fitted.
        reached: Share still there then, in the data.
        parts: The data that were fitted.
        rows: The members' runs.
    """
    curves = np.nan_to_num(rows[list(times.outputs)].to_numpy(np.float64))
    predicted, low, high = quantiles(curves)
    last = parts.owner == parts.owner[-1]
    hazard = parts.leavers[last].sum() / max(parts.trials[last].sum(), 1.0)
    units = parts.spans[-1] / parts.ticks[last].sum()
    carried = reached * (1.0 - hazard) ** ((times.times - fitted) / units)
    alpha, beta = beta_geometric(parts)
    return pd.DataFrame(
        {
            "x": times.times,
            **dict(zip(("observed", "observed_low", "observed_high"), times.observed, strict=True)),
            "predicted": predicted,
            "low": low,
            "high": high,
            "last_retention": carried,
            "beta_geometric": np.exp(log_survival(alpha, beta, times.times)),
        }
    )


def errors(table: pd.DataFrame) -> dict[str, float]:
    """Mean absolute error of each way to forecast over the times that were held out; empty where none was."""
    held = table.loc[table["observed"].notna()] if len(table) else table
    if not len(held):
        return {}
    return {method: float((held[method] - held["observed"]).abs().mean()) for method in METHODS}


def forecast_sentences(table: pd.DataFrame) -> list[str]:
    """How the forecast did on what was held out."""
    off = {method: 100.0 * error for method, error in errors(table).items()}
    if not off:
        return []
    told = say(
        "On the data held out, the ensemble's share of customers is off by {predicted:.1f} points on average; "
        "the last retention carried on by {last_retention:.1f}, the beta-geometric model by {beta_geometric:.1f}.",
        **off,
    )
    if off["predicted"] > min(off.values()) + 1.0:
        return [told, say("A simple rule forecasts better here: the model lacks something that these data show.")]
    return [told]
