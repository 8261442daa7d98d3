"""What a page shows of two worlds: cards with intervals, curves with bands, and what became of the same people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.app.single_world import CURVES, ShownWorld
from sim.app.wished import Worlds
from sim.model.market import PERIODS_PER_YEAR
from sim.model.scenario import Scenario
from sim.plots.style import percent_tick
from sim.report.signed_changes import change_and_limits, negligible
from sim.report.wording import number
from sim.results.intervals import mean_interval
from sim.results.keyfigures import BY_NAME
from sim.results.outputs import EQUITY, OF_THE_RUN, PROFIT
from sim.studies.comparison.differences import paired, pairs
from sim.studies.comparison.persons import match_persons
from sim.studies.comparison.world_paths import Moments, stretches
from sim.words import plural, say, translated, written

Values = npt.NDArray[np.float64]
UP, DOWN, OPEN = "up", "down", "open"
ROUNDING = 1e-8
"""Of a figure: a smaller difference is that of the same numbers added up in another order."""

WAYS = {UP: "rises", OPEN: "no clear change", DOWN: "falls"}
"""Which way a figure goes, in the order in which a page asks."""


class Card(NamedTuple):
    """A card of the page: the key figure on it, its title, what its curve shows, and further figures in its table."""

    figure: str
    title: str
    curve: str
    more: tuple[str, ...]


CARDS = (
    Card(
        "seen_share",
        "Iceberg: what the firm sees",
        "Of dissatisfaction, how much the register shows",
        ("dissatisfied_share", "complaint_share", "silent_lost_ratio", "complainers_kept"),
    ),
    Card("retention", "Retention", "Customers kept, a yearly rate", ("customers", "market_share", "cost_of_keeping")),
    Card("satisfaction", "Satisfaction", "Mean satisfaction, points of 100", ("acsi", "nps")),
    Card("talk_ratio", "Word of mouth", "People told something good for each told something bad", ("cost_of_winning",)),
    Card(
        "margin",
        "Money",
        "Margin earned since the start",
        ("revenue", "net_present_value", EQUITY, PROFIT, "margin_per_customer_year", "lifetime_value"),
    ),
)
"""In their fixed order; their figures are those of `CURVES`. None needs the world in which nothing fails, which a page
does not live."""


MEANINGS = {
    EQUITY: "What the customers in hand at the end are still worth, if they buy and leave as in the last year",
    PROFIT: "Margin of the run and the value of the customers in hand at its end together: what a change is judged by",
}
"""Of what is no key figure."""


class PairedFigure(NamedTuple):
    """One key figure in both worlds, in numbers; `n` pairs of runs."""

    name: str
    unit: str
    today: float
    what_if: float
    difference: float
    low: float
    high: float
    n: int

    @property
    def sure(self) -> str:
        """Which way it went, where the interval of the difference excludes 0 and somebody would notice it."""
        return OPEN if self.negligible else UP if self.low > 0.0 else DOWN if self.high < 0.0 else OPEN

    @property
    def same(self) -> bool:
        """Whether both worlds are equal in it, but for the last digits of sums in another order."""
        known = [abs(value) for value in (self.difference, self.low, self.high) if math.isfinite(value)]
        return bool(known) and max(known) <= ROUNDING * abs(self.today)

    @property
    def negligible(self) -> bool:
        """Whether the difference is surely too small to matter."""
        return self.same or negligible(self.as_row())

    @property
    def change(self) -> str:
        """The difference in words, rounded to what its interval can bear."""
        return change_and_limits(self.as_row())[0]

    @property
    def interval(self) -> str:
        """Limits of the difference; empty where there are none."""
        return change_and_limits(self.as_row())[1]

    @property
    def label(self) -> str:
        """What it is called, in the reader's language."""
        return label_of(self.name)

    @property
    def meaning(self) -> str:
        """What it counts, in the reader's language."""
        return translated(MEANINGS[self.name] if self.name in MEANINGS else BY_NAME[self.name].meaning)

    def as_row(self) -> pd.Series:
        """As a row of a comparison's tables."""
        return pd.Series(
            {
                "first": self.today,
                "difference": self.difference,
                "low": self.low,
                "high": self.high,
                "unit": self.unit,
                "excludes_zero": self.low > 0.0 or self.high < 0.0,
            }
        )


def label_of(name: str) -> str:
    """What a figure of the page is called, in the reader's language.

    >>> label_of("margin"), label_of("retention")
    ('Margin', 'Yearly retention')
    """
    return translated(OF_THE_RUN[name][0] if name in OF_THE_RUN else BY_NAME[name].label)


def row(name: str, today: Sequence[ShownWorld], what_if: Sequence[ShownWorld], currency: str) -> PairedFigure:
    """A key figure over the replications so far."""
    a, b = pairs(*(np.array([shown.figures[name] for shown in world]) for world in (today, what_if)))
    found = paired(a, b)
    unit = OF_THE_RUN[name][1] if name in OF_THE_RUN else BY_NAME[name].unit
    unit = unit.replace("money", currency)
    return PairedFigure(
        name, unit, mean_interval(a).value, mean_interval(b).value, found.value, found.low, found.high, found.n
    )


def cards(worlds: Worlds, today: Sequence[ShownWorld], what_if: Sequence[ShownWorld]) -> list[dict[str, Any]]:
    """The five cards, as plain values for the page."""
    scenario = worlds.today.scenario
    currency = scenario.money.currency
    curves = _curves(scenario, today, what_if, currency)
    return [
        {
            "name": card.figure,
            "title": translated(card.title),
            **_told(row(card.figure, today, what_if, currency)),
            **_on_the_card(row(card.figure, today, what_if, currency)),
            "also": _beside(card, today, what_if, currency),
            "rows": [_told(row(name, today, what_if, currency)) for name in (card.figure, *card.more)],
            "curve": {**curve, "title": translated(card.curve)},
        }
        for card, curve in zip(CARDS, curves, strict=True)
    ]


def _told(found: PairedFigure) -> dict[str, Any]:
    return {
        "label": found.label,
        "meaning": found.meaning,
        "today": number(found.today, found.unit),
        "what_if": number(found.what_if, found.unit),
        "change": say("no difference") if found.same else found.change,
        "interval": "" if found.same else found.interval,
        "sure": found.sure,
    }


def _on_the_card(found: PairedFigure) -> dict[str, str]:
    """The difference as it stands on the card, where one that nobody would notice is called so."""
    if found.same:
        return {"told": say("no difference"), "how_sure": ""}
    if found.negligible and found.interval:
        return {"told": say("negligible"), "how_sure": f"{found.change}, {found.interval}"}
    return {"told": found.change, "how_sure": found.interval}


def _beside(
    card: Card, today: Sequence[ShownWorld], what_if: Sequence[ShownWorld], currency: str
) -> dict[str, str] | None:
    """What a change is judged by, beside the margin that it may contradict; None on other cards and without a value."""
    if card.figure != "margin":
        return None
    found = row(PROFIT, today, what_if, currency)
    if not math.isfinite(found.difference) or found.same:
        return None
    return {"label": found.label, "meaning": found.meaning, **_on_the_card(found)}


def _curves(
    scenario: Scenario, today: Sequence[ShownWorld], what_if: Sequence[ShownWorld], currency: str
) -> list[dict[str, Any]]:
    edges = stretches(scenario)
    bands = [_bands([shown.curves for shown in world]) for world in (today, what_if)]
    made = []
    for place, name in enumerate(CURVES):
        unit = BY_NAME[name].unit.replace("money", currency)
        lines = {
            key: [limit[place].clip(*_possible(unit)) for limit in band]
            for key, band in zip(("today", "what_if"), bands, strict=True)
        }
        made.append(
            {
                "until": edges[1:].tolist(),
                **{key: [plain(limit) for limit in line] for key, line in lines.items()},
                "texts": {key: [number(value, unit) for value in line[0]] for key, line in lines.items()},
                "y": axis(np.concatenate([limit for line in lines.values() for limit in line]), unit),
            }
        )
    return made


def _bands(curves: list[Values]) -> tuple[Values, Values, Values]:
    seen = Moments(curves[0].shape)
    for curve in curves:
        seen.add(curve)
    return seen.interval()


def plain(values: Values) -> list[float | None]:
    """Numbers for a page; None where there is none."""
    return [float(f"{value:.6g}") if math.isfinite(value) else None for value in values]


def axis(values: Values, unit: str) -> dict[str, Any]:
    """An axis that holds all values that are finite: `low`, `high`, and `ticks` with their labels.

    >>> axis(np.array([0.612, 0.788]), "share")["ticks"]
    [[0.6, '60%'], [0.65, '65%'], [0.7, '70%'], [0.75, '75%'], [0.8, '80%']]
    >>> axis(np.array([0.0, 390000.0]), "EUR")["ticks"][-1]
    [400000.0, '400 k']
    """
    from matplotlib.ticker import MaxNLocator

    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    if high - low < 1e-9 * max(abs(high), 1e-9):
        low, high = low - 0.5 * (abs(low) or 1.0), high + 0.5 * (abs(high) or 1.0)
    ticks = np.asarray(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]).tick_values(low, high)).tolist()
    return {
        "low": ticks[0],
        "high": ticks[-1],
        "ticks": [[float(f"{tick:.6g}"), _tick(tick, unit)] for tick in ticks],
    }


def _tick(value: float, unit: str) -> str:
    if unit.startswith("share"):
        return percent_tick(value)
    if unit in {"people", "ratio"} or unit.startswith("points"):
        return written(value, ",.6g")
    if abs(value) >= 1e6:
        return say("{value:,.4g} M", value=value / 1e6)
    return say("{value:,.4g} k", value=value / 1e3) if abs(value) >= 1e4 else written(value, ",.6g")


def _possible(unit: str) -> tuple[float, float]:
    """Between what a mean can lie: the limits of an interval are cut there."""
    return (0.0, 1.0) if unit.startswith("share") else (0.0, math.inf) if unit == "ratio" else (-math.inf, math.inf)


def years(scenario: Scenario) -> list[list[Any]]:
    """Ticks of the axis of time: periods and their labels, a year apart or a few.

    >>> years(Scenario())
    [[0, '0'], [52, '1'], [104, '2']]
    """
    per_year = PERIODS_PER_YEAR[scenario.run.period]
    last = scenario.run.periods / per_year
    every = 1 if last <= 6 else math.ceil(last / 6)
    if last < 1:
        return [[0, "0"], [scenario.run.periods, written(last, ".2g")]]
    return [[round(year * per_year), str(year)] for year in range(0, int(last) + 1, every)]


def fates(worlds: Worlds, today: ShownWorld, what_if: ShownWorld) -> str:
    """What became of the same people in both worlds, in a sentence, in the first replication."""
    if worlds.what_if.strangers:
        return say("The people of these worlds are not the same: {why}.", why=worlds.what_if.strangers)
    found = match_persons(today.ending, what_if.ending)
    lost, won = int(found.only_first.sum()), int(found.only_this.sum())
    people = len(today.ending.customer)
    if lost + won == 0:
        return say("At the end, all {people:,} people are where they are today.", people=people)
    return plural(
        "Of {people:,} people {n} ends up differently: {won:,} are ours only in what-if, {lost:,} only today.",
        "Of {people:,} people {n:,} end up differently: {won:,} are ours only in what-if, {lost:,} only today.",
        lost + won,
        people=people,
        won=won,
        lost=lost,
    )
