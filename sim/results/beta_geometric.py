"""The beta-geometric model of how long customers stay (Fader & Hardie 2007): curve, fit and discounted lifetimes.

Everybody has a yearly probability of leaving, drawn once from a beta distribution with parameters alpha and beta, so
that S(t) = B(alpha, beta + t) / B(alpha, beta) stay longer than t years, whole or not. Who has stayed t years is of the
same model with beta + t: the likely leavers have gone. Where people leave the market besides, at a known rate r that is
the same for all (renewal), e^(-r t) S(t) stay: without that term a beta distribution would have to imitate a constant,
and would do so otherwise in each length of run.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, TypeVar

import numpy as np

from sim.results.likeliest_beta import ROUNDING, is_compiled, likeliest_beta
from sim.results.survival import Counts, Curve, at_risk

_ALPHA = (0.02, 1000.0)
"""Where alpha is looked for: from all that can differ between people to nothing that can be seen in a hundred years."""

_USUAL, _SPREAD = math.log(2.0), 0.5
"""Mean and standard deviation of log alpha before anything is seen: assumption. Some years of some thousand customers
say more; in a short run of few it keeps the tail from being read out of noise."""

_RATIO = (1e-4, 1e6)
"""Where beta / alpha is looked for: from who leaves at once to who never does."""

_STEPS = 24
"""Golden sections of a search: the last is a hundred-thousandth of the first."""

_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0

_NODES = 601
"""Nodes of Simpson's rule over a lifetime, odd."""

_FAR = 45.0
"""A discount of e^-45 is nothing."""

_FAR_YEARS = 1e6
"""Where a lifetime that is not discounted is summed by its asymptote."""


def log_survival(alpha: float, beta: float, years: Curve) -> Curve:
    """The logarithm of S(t): log B(alpha, beta + t) - log B(alpha, beta).

    >>> np.exp(log_survival(0.704, 1.182, np.array([0.0, 1.0, 2.0]))).round(3).tolist()
    [1.0, 0.627, 0.474]
    """
    gamma = math.lgamma
    start = gamma(beta) - gamma(alpha + beta)
    return np.array([gamma(beta + t) - gamma(alpha + beta + t) - start for t in years.tolist()])


@dataclass(frozen=True)
class BetaGeometric:
    """How long customers stay.

    Attributes:
        alpha, beta: Parameters of the beta distribution of the yearly probability of leaving.
        constant: Rate r at which everybody leaves besides, per year.
    """

    alpha: float
    beta: float
    constant: float = 0.0

    def aged(self, years: float) -> BetaGeometric:
        """The customers who are still there after so many years.

        >>> BetaGeometric(0.7, 1.2).aged(3.0)
        BetaGeometric(alpha=0.7, beta=4.2, constant=0.0)
        """
        return BetaGeometric(self.alpha, self.beta + years, self.constant)

    def log_survival(self, years: Curve) -> Curve:
        """The logarithm of e^(-r t) S(t).

        >>> BetaGeometric(0.704, 1.182, 0.1).log_survival(np.array([0.0, 2.0])).round(3).tolist()
        [0.0, -0.947]
        """
        return log_survival(self.alpha, self.beta, years) - self.constant * years

    def discounted_years(self, discount: float) -> float:
        """Years that somebody is still expected to stay, each discounted.

        The integral over t of (1 + d)^-t e^(-r t) S(t).
        A rate that is the same for all discounts as interest does. With equal probabilities for all it is
        1 / (ln(1 + d) + h). Fader & Hardie 2010 sum payments that come once a year and find a hypergeometric function;
        this is their sum for money that comes all the time.

        Args:
            discount: Yearly discount rate d.

        Returns:
            Years; infinite where nothing is discounted and too many never leave (alpha <= 1).

        >>> round(BetaGeometric(1e3, 9e3).discounted_years(0.1), 3), round(1 / math.log(1.1 / 0.9), 3)
        (4.985, 4.983)
        """
        force = math.log1p(discount) + self.constant
        if force <= 0.0 and self.alpha <= 1.0:
            return math.inf
        end = _FAR / force if force > 0.0 else _FAR_YEARS
        # nodes are dense where the curve is steep: t = scale (e^y - 1), y in equal steps
        scale = 1.0 / (force + self.alpha / (self.alpha + self.beta))
        places = np.linspace(0.0, math.log1p(end / scale), _NODES)
        years = scale * np.expm1(places)
        heights = np.exp(log_survival(self.alpha, self.beta, years) - force * years)
        total = _simpson(heights * (years + scale), float(places[1]))
        if force <= 0.0:  # S falls like t^-alpha
            total += float(heights[-1]) * end / (self.alpha - 1.0)
        return total


def _simpson(heights: Curve, step: float) -> float:
    return float(heights[0] + heights[-1] + 4.0 * heights[1:-1:2].sum() + 2.0 * heights[2:-1:2].sum()) * step / 3.0


class Intervals(NamedTuple):
    """Who was there and who left between two tenures.

    Attributes:
        edges: Tenures in years, float64[m + 1].
        trials: Customers at risk through each interval, as if none had come or gone within it, float64[m].
        left: Those who left in it, float64[m].
    """

    edges: Curve
    trials: Curve
    left: Curve


NOBODY_SEEN = Intervals(np.zeros(1), np.zeros(0), np.zeros(0))

MOST_INTERVALS = 32


def intervals(leavers: Counts, stayers: Counts, per_year: int, since: int = 0) -> Intervals:
    """Counts by completed duration, put together into few intervals that grow longer with tenure.

    Within an interval the share q who leave is Kaplan and Meier's, so that censoring within it is allowed for, and so
    many trials are counted as make q of the leavers. Periods before `since` are left out.

    >>> found = intervals(np.array([[0, 2, 1]]), np.array([0, 0, 5]), 1)
    >>> found.edges.tolist(), found.trials.round(9).tolist(), found.left.tolist()
    ([0.0, 1.0, 2.0], [8.0, 6.0], [2.0, 1.0])
    """
    risk, left = at_risk(leavers, stayers), leavers.sum(axis=0)
    reached = np.flatnonzero(risk > 0)
    last = int(reached[-1]) if reached.size else 0
    if last <= since:
        return NOBODY_SEEN
    steps = np.geomspace(min(max(1.0, per_year / 12.0), last - since), last - since, MOST_INTERVALS)
    edges = since + np.unique(np.concatenate([[0], np.round(steps).astype(int)]))
    stay = np.log1p(-np.minimum(left[: last + 1] / np.maximum(risk[: last + 1], 1), 1.0 - 1e-12))
    gone = np.add.reduceat(left[1 : last + 1], edges[:-1]).astype(np.float64)
    share = -np.expm1(np.add.reduceat(stay[1:], edges[:-1]))
    there = np.add.reduceat(risk[1 : last + 1], edges[:-1]) / np.diff(edges)
    trials = np.where(gone > 0.0, gone / np.where(share > 0.0, share, 1.0), there)
    return Intervals(edges / per_year, trials, gone)


class Likelihood:
    """Of who left and who stayed in each interval, given who was there at its start (Fader & Hardie 2007, censored).

    A fit asks for it some thousand times, a fifth of the time of a small run: what does not change is computed once.

    Args:
        found: Who was there and who left.
        constant: Rate at which everybody leaves besides, per year.

    Attributes:
        table: The same for `sim.results.likeliest_beta`.
    """

    def __init__(self, found: Intervals, constant: float) -> None:
        self._edges = found.edges.tolist()
        self.table = _table(found, constant)
        self._left, self._stayed = found.left, found.trials - found.left
        self._besides = constant * found.edges

    def __call__(self, alpha: float, beta: float) -> float:
        """Its logarithm, with `BetaGeometric(alpha, beta, constant)`."""
        if self._left.size == 0:
            return 0.0
        gamma, both = math.lgamma, alpha + beta
        start = gamma(beta) - gamma(both)
        curve = np.array([gamma(beta + t) - gamma(both + t) - start for t in self._edges])
        curve -= self._besides
        kept = curve[1:] - curve[:-1]
        np.minimum(kept, -1e-14, out=kept)
        leave = np.expm1(kept)
        np.negative(leave, out=leave)
        np.log(leave, out=leave)
        leave *= self._left
        kept *= self._stayed
        leave += kept
        return float(np.add.reduce(leave))


def _table(found: Intervals, constant: float) -> Curve:
    if found.left.size == 0:
        return np.zeros((0, 4))
    besides, stayed = -constant * np.diff(found.edges), found.trials - found.left
    first = [found.edges[0], 0.0, -1.0, 0.0]
    return np.vstack([first, np.column_stack([found.edges[1:], besides, found.left, stayed])])


class _Blurred(NamedTuple):
    """A height as compiled code tells it, which may be off in its last places.

    Attributes:
        value: The height.
        blur: How far it may be off, 0 if it is exact.
        exact: Gives what it is.
    """

    value: float
    blur: float
    exact: Callable[[], float]

    def beside(self, other: _Blurred) -> _Blurred:
        """The sum of both."""
        value = self.value + other.value
        return _Blurred(
            value, self.blur + other.blur + ROUNDING * abs(value), _once(lambda: self.exact() + other.exact())
        )

    def less(self, exactly: float) -> _Blurred:
        """It without a number that is known."""
        value = self.value - exactly
        return _Blurred(value, self.blur + ROUNDING * abs(value), _once(lambda: self.exact() - exactly))

    def __ge__(self, other: Any) -> bool:
        if abs(self.value - other.value) > self.blur + other.blur:
            return bool(self.value > other.value)
        return bool(self.exact() >= other.exact())


def _once(work: Callable[[], float]) -> Callable[[], float]:
    """What works something out when it is first asked: a fit makes a hundred, and `functools.cache` takes longer."""
    found: list[float] = []

    def value() -> float:
        if not found:
            found.append(work())
        return found[0]

    return value


H = TypeVar("H", float, _Blurred)


def _highest(value: Callable[[float], H], low: float, high: float) -> tuple[float, H]:
    """Where a function with one summit is highest, and its height: golden sections."""
    left, right = _between(low, high)
    of_left, of_right = value(left), value(right)
    for _ in range(_STEPS):
        if of_left >= of_right:
            high, right, of_right = right, left, of_left
            left = _between(low, high)[0]
            of_left = value(left)
        else:
            low, left, of_left = left, right, of_right
            right = _between(low, high)[1]
            of_right = value(right)
    return (left, of_left) if of_left >= of_right else (right, of_right)


def _between(low: float, high: float) -> tuple[float, float]:
    return high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)


def _highest_told(
    table: Curve, alpha: float, exact: Callable[[float], float], low: float, high: float
) -> tuple[float, _Blurred]:
    """As `_highest` of the exact likelihood, which is asked only where compiled code cannot tell two places."""
    stretch, steps = np.array([low, high, *_between(low, high)]), _STEPS
    while (steps := likeliest_beta(table, alpha, _GOLDEN, steps, stretch)) >= 0:
        low, high, left, right = stretch.tolist()
        higher = exact(left) >= exact(right)
        if steps == 0:
            return _exactly(left if higher else right, exact)
        if higher:
            stretch[:] = low, right, _between(low, right)[0], left
        else:
            stretch[:] = left, high, right, _between(left, high)[1]
        steps -= 1
    x, value, blur, _ = stretch.tolist()
    return x, _Blurred(value, blur, lambda: exact(x))


def _exactly(x: float, exact: Callable[[float], float]) -> tuple[float, _Blurred]:
    value = exact(x)
    return x, _Blurred(value, 0.0, lambda: value)


def fit(newcomers: Intervals, initial: Intervals, constant: float = 0.0) -> tuple[BetaGeometric, BetaGeometric]:
    """The likeliest model of both cohorts, given what is usual of alpha and the rate at which all leave besides.

    People are alike (one alpha), but customers at the start may be older ones. Nobody knows how long they have been
    there; those who stayed n years are of the same model with beta + n, so that their beta is another one, and not
    smaller. Where only one cohort was seen, both are its own.

    Returns:
        The model of the newly won, and that of customers at the start, from the start on.

    >>> curve = np.array([1000, 631, 468, 382, 326, 289, 262, 241])  # Fader & Hardie 2007, "Regular"
    >>> seen = Intervals(np.arange(8.0), curve[:-1] * 1e3, -np.diff(curve) * 1e3)
    >>> found, _ = fit(seen, NOBODY_SEEN)
    >>> round(found.alpha, 3), round(found.beta, 3)
    (0.704, 1.182)
    """
    of_newcomers, of_initial = Likelihood(newcomers, constant), Likelihood(initial, constant)
    compiled = is_compiled()

    @cache
    def betas(alpha: float) -> tuple[float, float, _Blurred]:
        """Logarithms of both betas that go best with an alpha, and the likelihood."""
        low, high = (math.log(alpha * ratio) for ratio in _RATIO)

        def best(*cohorts: Likelihood) -> tuple[float, _Blurred]:
            known: dict[float, float] = {}

            def likelihood(x: float) -> float:
                if x not in known:
                    beta = math.exp(x)
                    known[x] = sum(of(alpha, beta) for of in cohorts)
                return known[x]

            if compiled:
                tables = [of.table for of in cohorts if of.table.size]
                table = tables[0] if len(tables) == 1 else np.concatenate(tables)
                return _highest_told(table, alpha, likelihood, low, high)
            return _exactly(_highest(likelihood, low, high)[0], likelihood)

        if newcomers.left.size and initial.left.size:
            (new, of_new), (old, of_old) = best(of_newcomers), best(of_initial)
            if new <= old:
                return new, old, of_new.beside(of_old)
        both, of_both = best(of_newcomers, of_initial)
        return both, both, of_both

    def height(x: float) -> _Blurred:
        return betas(math.exp(x))[2].less(0.5 * ((x - _USUAL) / _SPREAD) ** 2)

    x, _ = _highest(height, math.log(_ALPHA[0]), math.log(_ALPHA[1]))
    new, old, _ = betas(math.exp(x))
    alpha = math.exp(x)
    return BetaGeometric(alpha, math.exp(new), constant), BetaGeometric(alpha, math.exp(old), constant)
