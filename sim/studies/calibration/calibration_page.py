"""The report of a calibration: whether the model fits, what the data tell of each parameter, and what they do not."""

from __future__ import annotations

import math

import pandas as pd

from sim.parameters.labels import label, short_label
from sim.report.brief import BriefPoint, held_fixed
from sim.report.study_page import PageRow, study_page
from sim.studies.calibration.calibration_figures import FIGURES
from sim.studies.calibration.calibration_words import FAR_OFF
from sim.studies.calibration.fit import CalibrationResult, FittedTo
from sim.studies.calibration.forecast import errors
from sim.studies.calibration.goodness import IDENTIFIED, NOT, NOT_CONVERGED, UNKNOWN, WEAKLY
from sim.words import listed, say, translated, written

_WORDS = {IDENTIFIED: "identified", WEAKLY: "weakly", NOT: "not identified", UNKNOWN: "unknown"}

_NEXT = {
    "fits": "Ask every question of all members of the ensemble (ensemble.csv): the likeliest point alone "
    "(calibrated.yaml) hides what the data leave open.",
    "doubtful": "Look at where the fit misses the data before anything rests on it.",
    "refuted": "Rest nothing on these parameters: widen the ranges, or let other parameters vary, and fit again.",
    NOT_CONVERGED: "Rest nothing on this, and search again: in narrower ranges, with more trials or more customers.",
}
"""What follows of each verdict."""

_CERTAINTY = (
    "A fit is not a proof: other models, or parameters that were held fixed here, might fit as well. What the data do "
    "not tell stays open, and every conclusion should be drawn from the whole ensemble."
)


def _number(value: float) -> str:
    return "–" if math.isnan(value) else written(value, ".4g")


def _between(low: float, high: float) -> str:
    return "–" if math.isnan(low) else say("{low} to {high}", low=_number(low), high=_number(high))


def _share(value: float) -> str:
    return "–" if math.isnan(value) else written(value, ".1%")


def _shares_between(low: float, high: float) -> str:
    return "–" if math.isnan(low) else say("{low} to {high}", low=_share(low), high=_share(high))


def _lines(result: CalibrationResult) -> list[PageRow]:
    about = {axis.path: axis for axis in result.axes}
    return [
        {
            "path": row["parameter"],
            "label": label(row["parameter"]),
            "meaning": translated(about[row["parameter"]].meaning),
            "unit": translated(row["unit"]),
            "median": _number(row["median"]),
            "interval": _between(row["low"], row["high"]),
            "before": _between(row["prior_low"], row["prior_high"]),
            "narrowed": "–" if math.isnan(row["shrinkage"]) else written(row["shrinkage"], ".0%"),
            "identified": translated(_WORDS[row["identified"]]),
        }
        for _, row in result.posterior.iterrows()
    ]


def _fitted(result: CalibrationResult) -> list[tuple[FittedTo, list[PageRow]]]:
    """Each table with its rows."""

    def line(row: pd.Series, of: FittedTo) -> PageRow:
        outside = bool(row["observed"] < row["low"] or row["observed"] > row["high"])
        return {
            "quantity": row["quantity"],
            "x": f"{row['x']:g}" if of.axis_of_time else "",
            "observed": _number(row["observed"]),
            "band": _between(row["observed_low"], row["observed_high"]),
            "predicted": _number(row["predicted"]),
            "interval": _between(row["low"], row["high"]),
            "outside": outside,
        }

    return [
        (of, [line(row, of) for _, row in result.fit.loc[result.fit["table"] == number].iterrows()])
        for number, of in enumerate(result.fitted_to)
    ]


def _forecast(result: CalibrationResult) -> list[list[str]]:
    """Beyond the data, a row a time: when, observed with limits, by the ensemble likewise, by the two simple rules."""
    return [
        [
            f"{row['x']:g}",
            _share(row["observed"]),
            _shares_between(row["observed_low"], row["observed_high"]),
            _share(row["predicted"]),
            _shares_between(row["low"], row["high"]),
            _share(row["last_retention"]),
            _share(row["beta_geometric"]),
        ]
        for _, row in result.forecast.iterrows()
    ]


MOST_TOLD = 3
"""Parameters whose values the headline tells."""


def _told(result: CalibrationResult) -> str:
    """Parameters that the data identify, with their values; nothing where they are none, or too many for a headline."""
    known = result.posterior[result.posterior["identified"] == IDENTIFIED]
    if not 0 < len(known) <= MOST_TOLD:
        return ""
    paths, kind = known["parameter"].tolist(), type(result.scenario)
    return listed(
        [
            say(
                "{parameter} {median:,.3g} ({low:,.3g} to {high:,.3g})",
                parameter=short_label(str(row["parameter"]), paths, kind),
                median=row["median"],
                low=row["low"],
                high=row["high"],
            )
            for _, row in known.iterrows()
        ]
    )


def _headline(result: CalibrationResult, count: int) -> str:
    """The verdict in one sentence; `count` parameters are identified."""
    verdict, data = result.goodness.verdict, result.data
    if verdict == NOT_CONVERGED:
        return say("Not converged: the search found no fit to {data} that holds.", data=data)
    told = _told(result)
    if verdict == "fits" and told and count == len(result.values):
        return say("{data} tells {told}; so the model reproduces it.", data=data, told=told)
    if verdict == "fits" and told:
        return say("{data} tells {told}, and no more; so the model reproduces it.", data=data, told=told)
    if verdict == "fits":
        return say(
            "The model reproduces {data}; {count} of {total} parameters are identified by it.",
            data=data,
            count=count,
            total=len(result.values),
        )
    if verdict == "doubtful":
        return say("The model reproduces {data} only in part; take its parameters with care.", data=data)
    return say("The model does not reproduce {data} within the given ranges.", data=data)


def page(result: CalibrationResult) -> str:
    """The report of a calibration as HTML text: styles and figures inside, no request to anywhere.

    The same calibration gives the same bytes: time and duration stand in the manifest only.

    Args:
        result: What was fitted.

    Returns:
        A whole HTML document.
    """
    scenario = result.scenario
    count = int((result.posterior["identified"] == IDENTIFIED).sum())
    return study_page(
        "calibration.html.jinja",
        result,
        beside=__name__,
        headline=_headline(result, count),
        brief=[
            BriefPoint(say("What to do"), [translated(_NEXT[result.goodness.verdict])]),
            BriefPoint(say("What the data tell"), result.sentences),
            BriefPoint(
                say("How sure"), [translated(_CERTAINTY) if result.converged else say("Not at all: it is no fit.")]
            ),
            held_fixed(scenario),
        ],
        lines=_lines(result),
        fitted=_fitted(result),
        forecast=_forecast(result),
        ahead=next((of.axis_of_time for of in result.fitted_to if of.shares), ""),
        errors=[written(100.0 * error, ".1f") for error in errors(result.forecast).values()],
        far_off=result.goodness.simulated_error > FAR_OFF,
        names=FIGURES.names(result),
        figures={name: FIGURES.forms(name, result) for name in FIGURES.names(result)},
    )
