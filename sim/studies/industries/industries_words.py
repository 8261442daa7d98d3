"""What is said of industries, and how their figures are written."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import pandas as pd

from sim.report.wording import number
from sim.results.amounts import rounded
from sim.studies.industries.industries import BELOW, INSIDE, UNKNOWN, Industries
from sim.words import listed, plural, say, translated

CERTAINTY = (
    "Public figures are of other countries, firms and years, and the shipped scenarios were tuned to them: to lie "
    "within their range makes an industry one that can be recognised, and proves nothing. Intervals show the luck "
    "between runs, not the doubt about parameters."
)
UNEXPLAINED = "The parameters of the scenario should be looked at."
SECOND_HAND = "(second-hand)"
"""End of a source that says itself what of it is."""
_PLAIN = "per "
"""Beginning of the units of plain counts, which are told with the label."""


class IndustryLine(NamedTuple):
    """A figure as a reader sees it.

    Attributes:
        label: What it is called, with its unit where the numbers do not show it.
        value: Ours.
        interval: Its interval.
        public: The public range.
        mark: Whether ours lies in it.
        source: Who states it, marked where that is second-hand.
        where: The address that was read.
    """

    label: str
    value: str
    interval: str
    public: str
    mark: str
    source: str
    where: str


def shown(value: float, unit: str) -> str:
    """A value as a reader wants it.

    >>> shown(0.1234, "share"), shown(12.345, "per 1,000 customer-years"), shown(-2.05, "ratio")
    ('12.3%', '12.3', '−2.0')
    """
    return rounded(value) if unit.startswith(_PLAIN) else number(value, unit)


def span(low: float, high: float, unit: str) -> str:
    """A range; empty where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return say("{low} to {high}", low=shown(low, unit), high=shown(high, unit))


def line(row: Any) -> IndustryLine:
    """A row of the table as a reader sees it."""
    unit, label = str(row["unit"]), translated(str(row["label"]))
    if unit.startswith(_PLAIN):
        label = say("{label}, {unit}", label=label, unit=translated(unit))
    source = translated(str(row["source"]))
    return IndustryLine(
        label,
        shown(float(row["value"]), unit),
        span(float(row["low"]), float(row["high"]), unit),
        span(float(row["public_low"]), float(row["public_high"]), unit),
        "" if row["mark"] == UNKNOWN else translated(str(row["mark"])),
        say("{source} (second-hand)", source=source)
        if row["second_hand"] and not str(row["source"]).endswith(SECOND_HAND)
        else source,
        str(row["where"]),
    )


def headline(found: Industries) -> str:
    """How many figures lie in their public range."""
    inside = int((found.figures["mark"] == INSIDE).sum())
    return plural(
        "{inside} of {n} figure lies in its public range",
        "{inside} of {n} figures lie in their public range",
        len(found.compared),
        inside=inside,
    )


def what_to_do(found: Industries) -> list[str]:
    """What is to be looked at before a scenario is used, industry by industry."""
    said = []
    for scenario in found.scenarios:
        rows = found.of(scenario)
        outside = rows[(rows["mark"] != UNKNOWN) & (rows["mark"] != INSIDE)]
        if len(outside):
            said.append(
                say(
                    "Before you use {trade} for a firm of yours, look at what does not fit: {figures}.",
                    trade=translated(str(rows["trade"].iloc[0])),
                    figures=listed([line(row).label for _, row in outside.iterrows()]),
                )
            )
    fits = say("What fits may be used as it is: put in what you know of your own firm, and go on.")
    return [*said, fits]


def sources(found: Industries) -> list[str]:
    """On what the public ranges rest."""
    compared = found.compared
    second = int(compared["second_hand"].astype(bool).sum())
    return [
        plural(
            "{n} public range, of which {second} is second-hand: its origin was not read.",
            "{n} public ranges, of which {second} are second-hand: their origin was not read.",
            len(compared),
            second=second,
        )
    ]


def of_scenario(found: Industries, scenario: str) -> list[str]:
    """How many figures of a scenario lie in their range, then each that does not, and why."""
    rows = found.of(scenario)
    compared = rows[rows["mark"] != UNKNOWN]
    first = say(
        "{trade} ({scenario}): {inside} of {compared} figures lie in their public range.",
        trade=translated(str(rows["trade"].iloc[0])),
        scenario=scenario,
        inside=int((compared["mark"] == INSIDE).sum()),
        compared=len(compared),
    )
    return [first, *(_misfit(row) for _, row in compared[compared["mark"] != INSIDE].iterrows())]


def _misfit(row: pd.Series) -> str:
    told = line(row)
    places = {"label": told.label, "value": told.value, "public": told.public}
    why = translated(str(row["differs"]) or UNEXPLAINED)
    if row["mark"] == BELOW:
        return say("{label}: {value} lies below {public}. {why}", why=why, **places)
    return say("{label}: {value} lies above {public}. {why}", why=why, **places)


def sentences(found: Industries) -> list[str]:
    """What the table says, scenario by scenario."""
    said = [say("{headline}.", headline=headline(found))]
    for scenario in found.scenarios:
        said += of_scenario(found, scenario)
    return [*said, translated(CERTAINTY)]
