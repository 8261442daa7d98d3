"""What the columns of a sensitivity analysis's tables mean, but those named after outputs and factors."""

from __future__ import annotations

from sim.results.answer import columns_of

_OUTPUT, _FACTOR = "name of the output", "path of the factor"
_LIMITS = {"low": "95% interval, lower end", "high": "95% interval, upper end"}
_BINS = {
    **_LIMITS,
    "mean": "mean of the output in the bin",
    "points": "points in it",
    "blocks": "base samples or trajectories they belong to",
}
_MEANINGS: dict[str, dict[str, str]] = {
    "indices": {
        "output": _OUTPUT,
        "factor": _FACTOR,
        "with": "the other factor, of second order",
        "measure": "first_order, total, second_order (shares of variance); mu_star, mu, sigma (units of the output)",
        "value": "estimate",
        "low": "95% percentile interval of a bootstrap over base samples or trajectories",
        "high": "its upper end",
        "reason": "why there is no estimate",
    },
    "luck": {
        "output": _OUTPUT,
        "of_one_run": "share of the variance between single runs that is luck and not the point",
        "of_means": "share of the variance between points' means that is left-over luck",
        "blocks": "base samples or trajectories",
        "dropped": "of them, left out because a run failed",
    },
    "effects": {
        "factor": _FACTOR,
        "lever": "whether the firm decides it",
        "kind": "marginal (a small step), end (to an end of the range), switch (to another value of a list)",
        "start": "value at the first point",
        "stop": "value at the second point",
        "change": "stop minus start",
        "output": _OUTPUT,
        "effect": "mean paired difference, stop minus start",
        **_LIMITS,
        "per_unit": "effect for each unit of the factor",
        "per_unit_low": "its 95% interval, lower end",
        "per_unit_high": "upper end",
        "spending": "change in money spent a year, the lever's own cost included",
        "spending_low": "its 95% interval, lower end",
        "spending_high": "upper end",
        "per_money": "effect for each unit of money a year",
        "per_money_low": "Fieller's 95% interval, lower end",
        "per_money_high": "upper end",
        "pairs": "pairs of runs",
        "note": "why there is no effect per unit of money",
    },
    "dependence": {
        "output": _OUTPUT,
        "factor": _FACTOR,
        "bin": "number of the bin",
        "place": "its middle on the axis, 0 to 1",
        "at": "the factor's value there",
        **_BINS,
    },
    "maps": {
        "output": _OUTPUT,
        "factor": _FACTOR,
        "with": "the other factor",
        "place": "middle of the cell on the axis",
        "at": "the factor's value there",
        "with_place": "the same of the other factor",
        "with_at": "its value there",
        **_BINS,
    },
    "regions": {
        "condition": "what was asked",
        "factor": _FACTOR,
        "distance": "Kolmogorov-Smirnov distance; of texts and truth values half the sum of differences of shares",
        "p": "p-value of that distance, or of a chi-squared test",
        "p_holm": "corrected for the number of factors",
        "low": "lower end of the range that holds most of what meets it for the least of the rest; of texts the value",
        "high": "its upper end",
        "inside": "share of points in the range that meet it",
        "outside": "the same outside",
        "low_place": "lower end on the axis, 0 to 1",
        "high_place": "upper end on the axis",
        "met": "points that meet it",
        "points": "points",
        "reason": "why there is no answer",
    },
    "points": {
        "part": "design, or steps",
        "index": "number within the part",
        "block": "base sample or trajectory; -1: none",
        "point": "name of the point: equal values, equal names",
        "met": "whether it meets the condition",
    },
    "runs": {
        "part": "design, or steps",
        "index": "number of the point within the part",
        "point": "name of the point",
        "replication": "number of the replication; the same number is the same luck",
        "seed": "key of its luck",
        "status": "done or failed",
        "reason": "why it failed",
    },
}

COLUMNS = {table: columns_of(meanings) for table, meanings in _MEANINGS.items()}
"""Of each table, by its name."""
