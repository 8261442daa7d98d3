"""The firms beside each other, and the firm's own segments: customers, how content, who leaves, what is earned."""

from __future__ import annotations

import math
from typing import NamedTuple

import pandas as pd

from sim.model.market import PERIODS_PER_YEAR
from sim.report.wording import told_amount, with_interval
from sim.results.firm_names import shown_name
from sim.results.flows import NOBODY, OUTSIDE, who_moved
from sim.results.intervals import mean_interval
from sim.results.result import Result
from sim.results.series import total_segment
from sim.words import counted, say


class FirmOrSegment(NamedTuple):
    """A firm, or a segment of the focal firm, as a reader sees it; every figure with its interval.

    Attributes:
        name: Of the firm or the segment.
        customers: At the end.
        share: Of all customers of all firms at the end; of a segment, of the firm's own.
        satisfaction: Of 100, over the last year.
        loss: Share of customers lost in a year, over the whole run.
        margin: Over the whole run.
    """

    name: str
    customers: str
    share: str
    satisfaction: str
    loss: str
    margin: str


def firms(result: Result) -> list[FirmOrSegment]:
    """Every firm as a whole, the focal one first."""
    scenario = result.scenario
    whole = result.series[result.series["segment"] == total_segment(scenario)]
    return [_group(result, whole[whole["firm"] == firm.name], whole, shown_name(firm.name)) for firm in scenario.firms]


def segments(result: Result) -> list[FirmOrSegment]:
    """The segments of the focal firm; nothing where there is but one."""
    scenario = result.scenario
    if len(scenario.all_segments) < 2:
        return []
    own = result.series[result.series["firm"] == scenario.firm.name]
    whole = own[own["segment"] == total_segment(scenario)]
    return [
        _group(result, own[own["segment"] == segment.name], whole, segment.name) for segment in scenario.all_segments
    ]


class Moves(NamedTuple):
    """Who left a place, and where they went in a run, people on average; empty for where one is already."""

    origin: str
    gone: list[str]


def moves(result: Result) -> list[Moves]:
    """The matrix of flows over the whole run: the firms, the focal one first, then the places beside them."""
    beside = {NOBODY: say("without a supplier"), OUTSIDE: say("out of the market")}
    found = who_moved(result.flows)
    return [
        Moves(
            beside.get(place) or shown_name(place),
            [counted(number) if math.isfinite(number) else "" for number in row],
        )
        for place, row in zip(found.index, found.to_numpy(dtype=float), strict=True)
    ]


def _group(result: Result, rows: pd.DataFrame, among: pd.DataFrame, name: str) -> FirmOrSegment:
    """A firm or segment among all of them."""
    run, currency = result.scenario.run, result.scenario.money.currency
    last = run.periods - 1
    per_year = PERIODS_PER_YEAR[run.period]
    end = rows[rows["period"] == last].groupby("replication")["active"].sum()
    all_of_them = among[among["period"] == last].groupby("replication")["active"].sum()
    recent = rows[rows["period"] > last - per_year].groupby("replication")[["satisfaction_sum", "active"]].sum()
    sums = rows.groupby("replication")[["departed", "active_start", "margin"]].sum()
    lost = sums["departed"] / _positive(sums["active_start"])
    return FirmOrSegment(
        name,
        _told(end, "people"),
        _told(end / _positive(all_of_them), "share"),
        _told(recent["satisfaction_sum"] / _positive(recent["active"]), "points"),
        _told(1.0 - (1.0 - lost) ** per_year, "share"),
        told_amount(*mean_interval(sums["margin"]), currency),
    )


def _positive(values: pd.Series) -> pd.Series:
    """Values above 0; others are not known."""
    return values.where(values > 0).astype(float)


def _told(values: pd.Series, unit: str) -> str:
    found = mean_interval(values)
    if math.isfinite(found.low):
        found = found.within(0.0, 1.0 if unit == "share" else math.inf)
    return with_interval(pd.Series({**found._asdict(), "unit": unit}))
