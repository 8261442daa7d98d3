"""How often customers buy, and how many drop out after a purchase: the BG/NBD model, by maximum likelihood.

While active, a customer buys at a rate that is gamma distributed (shape r, rate alpha a week), and drops out after each
purchase with a chance that is beta distributed (a, b). Source: Fader, Hardie & Lee 2005, equation 6.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.data.life_table import Array
from sim.vocabulary.extras import needed
from sim.words import say

MOST_FITTED = 20_000
"""Customers from which on only every second, third ... is fitted."""

STARTS = ((-1.0, 1.0, 0.0, 1.0), (0.0, 0.0, -2.0, 1.0))
FARTHEST = 12.0
"""Of the logarithm of a parameter, where the data know no end for it."""


class RepeatBuying(NamedTuple):
    """Parameters of the BG/NBD model, times in weeks, and the log-likelihood of the data."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float

    @property
    def drop_out(self) -> float:
        """Mean chance of dropping out after a purchase."""
        return self.a / (self.a + self.b)


def log_likelihood(parameters: Array, frequency: Array, recency: Array, age: Array) -> Array:
    """Of each customer, float64[n].

    Args:
        parameters: r, alpha, a, b.
        frequency: Repeat purchases.
        recency: Weeks from the first purchase to the last.
        age: Weeks from the first purchase to the end of the data.
    """
    gammaln = needed("scipy.special", "studies", say("Fits of repeat buying")).gammaln
    r, alpha, a, b = parameters
    rate = gammaln(r + frequency) - gammaln(r) + r * np.log(alpha)
    stay = gammaln(a + b) + gammaln(b + frequency) - gammaln(b) - gammaln(a + b + frequency)
    active = -(r + frequency) * np.log(alpha + age)
    gone = np.log(a) - np.log(b + np.maximum(frequency, 1.0) - 1.0) - (r + frequency) * np.log(alpha + recency)
    return rate + stay + np.where(frequency > 0.0, np.logaddexp(active, gone), active)


def fitted(frequency: Array, recency: Array, age: Array) -> RepeatBuying:
    """The likeliest parameters; arguments as of `log_likelihood`."""
    optimize = needed("scipy.optimize", "studies", say("Fits of repeat buying"))
    step = -(-len(frequency) // MOST_FITTED)
    rows, counts = np.unique(np.stack([frequency, recency, age])[:, ::step], axis=1, return_counts=True)

    def misfit(logs: Array) -> float:
        beyond = float(np.maximum(np.abs(logs) - FARTHEST, 0.0).sum())
        return beyond - float(counts @ log_likelihood(np.exp(np.clip(logs, -FARTHEST, FARTHEST)), *rows))

    ends = (optimize.minimize(misfit, start, method="Nelder-Mead", options={"maxiter": 2000}) for start in STARTS)
    best = np.exp(np.clip(min(ends, key=lambda end: float(end.fun)).x, -FARTHEST, FARTHEST))
    r, alpha, a, b = best.tolist()
    return RepeatBuying(r, alpha, a, b, float(log_likelihood(best, frequency, recency, age).sum()))
