"""Why customers left over a whole run, in the words of a report."""

from __future__ import annotations

from sim.results.result import Result
from sim.results.series import focal

CAUSES = {
    "left_silent": "leaving in silence after a bad experience",
    "lapsed_silent": "leaving in silence after a bad experience, with a way back",
    "left_complaint": "leaving after a complaint",
    "left_switch": "going over to a rival",
    "left_natural": "reasons that no service can mend",
    "left_without": "doing without because of the price",
    "left_closed": "the firm's leaving the market",
}


def causes(result: Result) -> list[tuple[str, float]]:
    """Why customers left over the whole run, with shares of all departures, the cause that took most first."""
    departures = focal(result.series, result.scenario)[list(CAUSES)].sum().sort_values(ascending=False, kind="stable")
    whole = float(departures.sum())
    return [(str(cause), float(gone) / whole) for cause, gone in departures.items() if gone > 0.0]


def main_cause(result: Result) -> tuple[str, float] | None:
    """The cause that took most customers, and its share; None where nobody left."""
    return next(iter(causes(result)), None)
