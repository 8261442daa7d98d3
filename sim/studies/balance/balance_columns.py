"""What the columns of the tables of a balance mean."""

from __future__ import annotations

from sim.results.answer import columns_of

_INTERVAL = "its 99% t-interval over replications, lower end"

DRIFT = columns_of(
    {
        "figure": "name of the key figure",
        "label": "short name",
        "unit": "unit of its change: a share of the first year's for customers and revenue",
        "before": "its change from the first year to the last, from the file's own start, mean over replications",
        "before_low": _INTERVAL,
        "before_high": "its upper end",
        "first": "the figure in the first year, from the start that was found",
        "last": "the same in the last year",
        "after": "its change, mean over replications that the search had not met",
        "after_low": _INTERVAL,
        "after_high": "its upper end",
        "most": "how far a steady figure may move, in the unit of its change",
        "verdict": "steady: the interval lies within that; drifts: it lies beyond; unclear: neither",
    }
)

START = columns_of(
    {
        "path": "parameter of the start",
        "label": "short name",
        "unit": "its unit",
        "before": "in the file",
        "after": "where it settles",
    }
)

ROUNDS = columns_of(
    {
        "round": "number of the start, 0 for the file's own",
        "figure": "the key figure that moved most, relative to how far it may",
        "change": "its change, mean over replications",
        "excess": "the change over how far it may move: at most 1 in a steady world",
    }
)
