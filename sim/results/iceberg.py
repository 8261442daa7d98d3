"""The iceberg ledger: what became of dissatisfaction, and how much of it the firm sees."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model.scenario import Scenario
from sim.results.intervals import Interval, mean_interval
from sim.results.series import focal
from sim.words import translated


@dataclass(frozen=True)
class IcebergEntry:
    """A line of the ledger: its name, depth in the tree, words, the tallies it adds and subtracts."""

    name: str
    depth: int
    label: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    seen: bool = False


_ENDED = ("unanswered", "unresolved", "resolved", "resolved_quickly")
_KEPT = tuple(f"{name}_kept" for name in _ENDED)

LEDGER: tuple[IcebergEntry, ...] = (
    IcebergEntry("dissatisfied", 0, "Encounters that dissatisfied", ("dissatisfied",)),
    IcebergEntry("complained", 1, "Complained", ("complained",)),
    IcebergEntry("registered", 2, "stand in the complaint register", ("registered", "logged"), seen=True),
    IcebergEntry("unregistered", 2, "were heard at the front line only", ("complained",), ("registered", "logged")),
    IcebergEntry("complainers_kept", 2, "buy again", _KEPT),
    IcebergEntry("complainers_lost", 2, "left for ever", ("complaint_lost",)),
    IcebergEntry("complainers_captive", 2, "would have left but cannot", ("complaint_captive",)),
    IcebergEntry(
        "complainers_open",
        2,
        "not yet ended, or moot because the sender had left",
        ("complained",),
        (*_KEPT, "complaint_lost", "complaint_captive"),
    ),
    IcebergEntry("silent", 1, "Said nothing", ("silent",)),
    IcebergEntry("silent_stayed", 2, "stayed", ("silent_stayed",)),
    IcebergEntry("silent_lapsed", 2, "left, and may return", ("silent_lapsed",)),
    IcebergEntry("silent_captive", 2, "would have left but cannot", ("silent_captive",)),
    IcebergEntry("silent_lost", 2, "left for ever", ("silent_lost",)),
    IcebergEntry("pending", 1, "Had an earlier complaint open", ("pending",)),
    IcebergEntry("told_negative", 0, "People told something bad", ("told_negative",)),
    IcebergEntry("told_recovered", 0, "People told something good by recovered complainers", ("told_recovered",)),
)


def _at_least_zero(values: npt.NDArray[Any]) -> Interval:
    return mean_interval(values).within(0.0, math.inf)


def build_iceberg(series: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """The ledger of the focal firm over the whole run.

    Returns:
        Index: `entry`. Columns: `label`, `depth` (0 the whole, 1 complained or silent, 2 what became of them), `seen`
        (does the firm's complaint register show it?), `count` with `count_low`, `count_high` (mean over replications
        and its 95% t-interval, cut at 0), and `per_1000` dissatisfying encounters with `per_1000_low`, `per_1000_high`.
    """
    needed = dict.fromkeys(["dissatisfied", *(name for entry in LEDGER for name in (*entry.plus, *entry.minus))])
    sums = focal(series, scenario, ["replication", *needed]).groupby("replication", sort=True).sum(numeric_only=True)
    totals = {name: sums[name].to_numpy() for name in needed}  # few numbers, for which columns of pandas take longer
    base = np.where(totals["dissatisfied"] > 0, totals["dissatisfied"], np.nan)
    rows = []
    for entry in LEDGER:
        count: npt.NDArray[Any] = np.sum([totals[name] for name in entry.plus], axis=0)
        count = count - np.sum([totals[name] for name in entry.minus], axis=0)
        share = 1000.0 * count / base
        rows.append((translated(entry.label), entry.depth, entry.seen, *_at_least_zero(count), *_at_least_zero(share)))
    columns = ["label", "depth", "seen", "count", "count_low", "count_high"]
    columns += ["per_1000", "per_1000_low", "per_1000_high"]
    return pd.DataFrame(rows, columns=columns, index=pd.Index([entry.name for entry in LEDGER], name="entry"))
