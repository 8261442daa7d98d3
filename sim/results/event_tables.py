"""The event log as tables: events one below the other, and spells as a customer, as tools for customer data take them.

`events` is what a firm's systems would export; `spells` is the same as durations, for survival analysis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.engine.event_log import EVENTS, FEE, JOINED, LEFT, NOT_SAID, START
from sim.engine.footprint import everybody
from sim.model.movement import CAUSES, FLOWS_IN
from sim.results.series import period_starts

if TYPE_CHECKING:
    from sim.model.scenario import Scenario

AT_THE_END = (START, JOINED, LEFT, FEE)
"""Events of people who move, which they do at the end of a period."""

HOW = (*FLOWS_IN, *CAUSES)


def build_events(scenario: Scenario, log: npt.NDArray[Any]) -> pd.DataFrame:
    """The log of one run as a table, see `tables.json`: by date, customer and the order in which it happened.

    Args:
        scenario: What was run.
        log: Events as of `sim.engine.event_log.EventLog.events`.

    >>> from sim.engine.logged import LoggedSimulation
    >>> from sim.model.market import Market, Run
    >>> from sim.model.scenario import Scenario
    >>> run = LoggedSimulation(Scenario(market=Market(customers=200), run=Run(periods=2)), events=200)
    >>> _ = run.run()
    >>> events = build_events(run.scenario, run.log.events())
    >>> events["event"].iloc[0], str(events["date"].iloc[0])[:10]
    ('start', '2026-01-04')
    """
    days = _days(scenario)
    period = log["period"].astype(np.int64)
    at_the_end = np.isin(log["event"], AT_THE_END) & (log["event"] != START)
    date = np.where(at_the_end, days[period + 1] - np.timedelta64(1, "D"), days[period])
    date = np.where(log["event"] == START, days[0] - np.timedelta64(1, "D"), date)
    born = np.maximum(log["born"], 0).astype(np.int64)  # whoever is there at the start may come of an earlier world
    how = np.where(log["event"] == LEFT, log["how"] + len(FLOWS_IN), log["how"]).astype(np.int64)
    how[log["how"] == NOT_SAID] = -1
    names = [segment.name for segment in scenario.all_segments]
    return pd.DataFrame(
        {
            "customer": log["place"].astype(np.int64) + born * everybody(scenario),
            "date": date.astype("datetime64[ms]"),
            "event": pd.Categorical.from_codes(log["event"].astype(np.int64), categories=pd.Index(EVENTS)),
            "amount": log["amount"],
            "how": pd.Categorical.from_codes(how, categories=pd.Index(HOW)),
            "segment": pd.Categorical.from_codes(log["segment"].astype(np.int64), categories=pd.Index(names)),
            "period": log["period"],
        }
    )


def build_spells(scenario: Scenario, events: pd.DataFrame) -> pd.DataFrame:
    """Spells as a customer, a row each, from the events of one run, with the columns of `tables.json`.

    A customer of the start may leave in the first period already, and then has lived one; whoever joins in a period may
    leave in the next one at the earliest.
    """
    begins = events["event"].isin(["start", "joined"])
    entered = events[begins].sort_values(["customer", "period"], kind="stable")
    gone = events[events["event"] == "left"].sort_values(["customer", "period"], kind="stable")
    spells = entered[["customer", "segment", "date", "period", "event"]].assign(spell=_numbered(entered))
    ends = gone[["customer", "date", "period", "how"]].assign(spell=_numbered(gone))
    both = spells.merge(ends, on=["customer", "spell"], how="left", suffixes=("", "_end"))
    at_start = (both["event"] == "start").to_numpy()
    first = both["period"].to_numpy(np.int64) + np.where(at_start, 0, 1)
    left = both["period_end"].notna().to_numpy()
    last = np.where(left, both["period_end"].fillna(0).to_numpy(np.int64) + 1, scenario.run.periods)
    return pd.DataFrame(
        {
            "customer": both["customer"],
            "spell": both["spell"],
            "segment": both["segment"],
            "start": both["date"],
            "end": both["date_end"].astype("datetime64[ms]"),
            "periods": last - first,
            "left": left.astype(np.int8),
            "cause": both["how"],
            "at_start": at_start.astype(np.int8),
            "amount": _paid(events, begins, both),
        }
    )


def _numbered(rows: pd.DataFrame) -> pd.Series[Any]:
    """The how-manieth row of its customer each is, from 1."""
    return rows.groupby("customer", sort=False).cumcount() + 1


def _paid(events: pd.DataFrame, begins: pd.Series[Any], spells: pd.DataFrame) -> npt.NDArray[np.float64]:
    """What was paid in each spell: events lie between the beginning of theirs and the next one's."""
    ordered = events[["customer", "amount"]].assign(begins=begins).sort_values("customer", kind="stable")
    ordered["spell"] = ordered.groupby("customer", sort=False)["begins"].cumsum()
    paid = ordered.groupby(["customer", "spell"])["amount"].sum()
    keys = pd.MultiIndex.from_frame(spells[["customer", "spell"]])
    return paid.reindex(keys).to_numpy(np.float64)


def _days(scenario: Scenario) -> npt.NDArray[np.datetime64]:
    """First day of each period, and of the one after the last."""
    run = scenario.run.model_copy(update={"periods": scenario.run.periods + 1})
    return period_starts(scenario.model_copy(update={"run": run}))
