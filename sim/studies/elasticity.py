"""Own-price elasticity of units sold, from runs at two prices with the same luck."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.results.intervals import Interval, mean_interval

Values = npt.NDArray[np.float64]


def elasticities(units: Values, today: Values, rise: float) -> Values:
    """Elasticity of each run: ln(units / units today) / ln(rise).

    Args:
        units: float64[replications], sold at the raised price.
        today: The same at today's, with the same luck.
        rise: The raised price as a multiple of today's.

    Returns:
        float64[replications]; NaN where nothing is sold.

    >>> elasticities(np.array([81.0, 0.0]), np.array([100.0, 100.0]), 1.1).round(4).tolist()
    [-2.2109, nan]
    """
    sold = (units > 0.0) & (today > 0.0)
    logs = np.log(np.where(sold, units, np.nan) / np.where(sold, today, np.nan))
    return logs / np.log(rise)


def elasticity(units: Values, today: Values, rise: float) -> Interval:
    """Mean elasticity over replications with its 95% t-interval; arguments as of `elasticities`.

    >>> round(elasticity(np.array([81.0, 81.0]), np.array([100.0, 100.0]), 1.1).value, 4)
    -2.2109
    """
    return mean_interval(elasticities(units, today, rise))
