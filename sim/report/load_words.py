"""What load did to the staff of the firm, in plain words."""

from __future__ import annotations

import pandas as pd

from sim.report.brief import Typed
from sim.report.wording import number
from sim.results.result import Result
from sim.results.series import focal
from sim.words import Sentences, say

A_LITTLE = 0.2
"""Of what was lost: less than this coming back is not coming back, less than this missing is coming back."""

NEARLY = 0.995
"""A standard from here on is what it was: it would be told as 100%."""


def _pressure_and_standard(result: Result) -> tuple[pd.Series, pd.Series]:
    """Work over capacity and the time held to be right over that of the start, by period, means over replications."""
    names = ["work_demanded", "work_capacity", "work_ordered"]
    periods = focal(result.series, result.scenario).groupby("period")[names].mean()
    periods = periods[(periods["work_capacity"] > 0.0) & (periods["work_ordered"] > 0.0)]
    return periods["work_demanded"] / periods["work_capacity"], periods["work_demanded"] / periods["work_ordered"]


def load_answer(result: Result) -> str:
    """Whether service comes back after load, and how many customers go; empty where nobody is followed."""
    pressure, standard = _pressure_and_standard(result)
    if pressure.empty:
        return ""
    last, least = float(standard.iloc[-1]), float(standard.min())
    return say(
        "{back}: at the peak there was {work:.0%} of the work that the staff can do; the time for each order fell to "
        "{least:.0%} of what it was at the start, and is {last:.0%} of it at the end. {loss:.0%} of the customers "
        "leave in a year.",
        back=_comes_back(last, least),
        work=float(pressure.max()),
        last=last,
        least=least,
        loss=result.value("yearly_loss"),
    )


def _comes_back(last: float, least: float) -> str:
    """What has come back at the end of what was lost at worst: nearly nothing, a part, or nearly all.

    >>> _comes_back(0.81, 0.8), _comes_back(0.9, 0.8), _comes_back(0.99, 0.8), _comes_back(1.0, 1.0)
    ('Service does not come back', 'Service comes back in part', 'Service comes back', 'Service holds')
    """
    if least >= NEARLY:
        return say("Service holds")
    part = (last - least) / (1.0 - least)
    if part < A_LITTLE:
        return say("Service does not come back")
    return say("Service comes back in part") if part < 1.0 - A_LITTLE else say("Service comes back")


def load_next_step(result: Result) -> list[str]:
    """What to set beside a world in which the staff have got used to less; nothing where they have not."""
    _, standard = _pressure_and_standard(result)
    if standard.empty or float(standard.min()) >= NEARLY:
        return []
    return [
        Typed(
            say(
                "The staff have got used to less under pressure: set hiring that goes with the work, and training of "
                "the staff, beside this world."
            ),
            {"firm.people.follow_load": 1, "firm.people.training": 1000},
        )
    ]


def load_sentences(result: Result) -> list[str]:
    """The hardest period, what staff have got used to, and what they cost; none where nobody is followed.

    Periods are means over replications.
    """
    rows = focal(result.series, result.scenario)
    pressure, standard = _pressure_and_standard(result)
    if pressure.empty:
        return []
    said = Sentences()
    said.say(
        "In the hardest period, number {period}, the staff had {work:.0%} of the work that they can do in normal "
        "hours.",
        period=int(pressure.index.to_numpy()[pressure.to_numpy().argmax()]) + 1,
        work=float(pressure.max()),
    )
    last = float(standard.iloc[-1])
    if last < NEARLY:
        said.say(
            "They have got used to less: at the end the time that they hold to be right for an order is {last:.0%} "
            "of that at the start. A quieter time hardly raises it again; training does.",
            last=last,
        )
    cost = float(rows["staff_cost"].sum()) / result.replications
    said.say(
        "The staff cost {cost} over the run, busy or idle; the costs of serving customers are told without them.",
        cost=number(cost, result.scenario.money.currency),
    )
    return said
