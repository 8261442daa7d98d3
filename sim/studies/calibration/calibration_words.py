"""What a calibration found, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from sim.parameters.labels import short_label
from sim.studies.calibration.convergence import Convergence
from sim.studies.calibration.goodness import IDENTIFIED, NOT, STRONG, WEAKLY, Goodness
from sim.words import Sentences, listed, plural, say, translated

VERDICTS = {
    "fits": "The model reproduces the data.",
    "doubtful": "The model reproduces the data only in part: look at the figure of the fit before you rely on it.",
    "refuted": "Nothing in the given ranges reproduces the data: what follows is the least bad fit, and its intervals "
    "are too narrow.",
}
SHARE_OF_SIMULATION = 0.2
LARGEST_ERROR, FAR_OFF = 1.5, 5.0
FEWEST_EFFECTIVE = 400.0


def sentences(
    posterior: pd.DataFrame,
    correlated: pd.DataFrame,
    goodness: Goodness,
    failed: int,
    convergence: Convergence,
    tables: Sequence[str] = (),
) -> list[str]:
    """The findings, the most important first.

    Args:
        posterior: See `sim.studies.calibration.goodness.posterior_table`.
        correlated: Correlations of the parameters in the posterior.
        goodness: How good the fit is.
        failed: Runs that could not be used.
        convergence: Whether it is a fit at all.
        tables: Names of the tables, where several are fitted together.
    """
    if not convergence.converged:
        return [*_not_converged(convergence), *_failed(failed)]
    told = Sentences()
    told.say(
        "{verdict} If it were true, data as far from it as these would come up {often}.",
        verdict=translated(VERDICTS[goodness.verdict]),
        often=_often(goodness.p_value),
    )
    if goodness.p_values:
        by_table = [f"{name} {_often(p)}" for name, p in zip(tables, goodness.p_values, strict=True)]
        told.say("Table by table: {tables}.", tables=listed(by_table))
    called = _called(posterior["parameter"])
    names = {
        kind: listed([called[str(path)] for path in posterior.loc[posterior["identified"] == kind, "parameter"]])
        for kind in (IDENTIFIED, WEAKLY, NOT)
    }
    if names[IDENTIFIED]:
        told.say("The data tell {parameters}.", parameters=names[IDENTIFIED])
    if names[WEAKLY]:
        told.say("They tell only weakly {parameters}.", parameters=names[WEAKLY])
    if names[NOT]:
        told.say(
            "They say next to nothing about {parameters}. Keep the whole range in every conclusion, or find other "
            "data.",
            parameters=names[NOT],
        )
    told += _traded(correlated)
    pressing = posterior.loc[posterior["at_edge"] & (posterior["identified"] != NOT)]
    for name, low in zip(pressing["parameter"], pressing["low"], strict=True):
        told.append(
            say("{name} may as well be 0, as low as it can be.", name=called[str(name)])
            if low <= 0.0
            else say(
                "{name} presses against an end of its range: the range was too narrow, or the model lacks something.",
                name=called[str(name)],
            )
        )
    if goodness.simulated_error > LARGEST_ERROR:
        told.append(
            say(
                "The intervals rest on a prediction of what runs say, and new runs contradict it by far more than "
                "their luck allows: do not trust the intervals. Narrow the ranges, or raise `trials`."
            )
            if goodness.simulated_error > FAR_OFF
            else say(
                "The intervals rest on a prediction of what runs say, and new runs lie {times:.1f} times as far from "
                "it as their luck explains: the intervals may be too narrow. Raise `trials`, or narrow the ranges.",
                times=goodness.simulated_error,
            )
        )
    if goodness.simulation_share > SHARE_OF_SIMULATION:
        told.say(
            "{simulation_share:.0%} of the remaining uncertainty comes from the simulations and not from "
            "the data: more `trials` or customers would narrow the intervals.",
            simulation_share=goodness.simulation_share,
        )
    if goodness.effective < FEWEST_EFFECTIVE:
        told.say(
            "The ensemble rests on {effective:.0f} independent draws in effect: its intervals are rough.",
            effective=goodness.effective,
        )
    return told + _failed(failed)


def _not_converged(convergence: Convergence) -> list[str]:
    return [
        say(
            "The search has not converged: this is no fit, and nothing follows from it about the model "
            "or its parameters."
        ),
        *(f"{reason[0].upper()}{reason[1:]}." for reason in convergence.reasons),
        say(
            "Try narrower ranges, more `trials`, or more customers in the market. What was tried is kept "
            "in ensemble.csv and calibrated.yaml, and marked there."
        ),
    ]


def _failed(failed: int) -> list[str]:
    if not failed:
        return []
    return [
        plural(
            "{n} run failed or gave no number, and were left out.",
            "{n} runs failed or gave no number, and were left out.",
            failed,
        )
    ]


def _often(p_value: float) -> str:
    if p_value < 1 / 1000:
        return say("less than once in 1,000 times")
    if p_value >= 0.01:
        return say("in {p_value:.0%} of cases", p_value=p_value)
    return say("in {p_value:.1%} of cases", p_value=p_value)


def _called(paths: Iterable[object]) -> dict[str, str]:
    """What parameters are called among each other, by path."""
    names = list(map(str, paths))
    return {name: short_label(name, names) for name in names}


def _traded(correlated: pd.DataFrame) -> list[str]:
    """Pairs that the data cannot tell apart, strongest first."""
    values, called = correlated.to_numpy(np.float64), _called(correlated.columns)
    pairs = [
        (abs(float(values[i, j])), float(values[i, j]), str(one), str(correlated.columns[j]))
        for i, one in enumerate(correlated.index)
        for j in range(i + 1, len(correlated))
    ]
    return [
        say(
            "{one} and {other} can stand in for each other: where one is higher, the other must be higher (correlation "
            "{value:+.2f}).",
            one=called[one],
            other=called[other],
            value=value,
        )
        if value > 0
        else say(
            "{one} and {other} can stand in for each other: where one is higher, the other must be lower (correlation "
            "{value:+.2f}).",
            one=called[one],
            other=called[other],
            value=value,
        )
        for size, value, one, other in sorted(pairs, reverse=True)[:3]
        if size >= STRONG
    ]
