"""What differs between scenarios, parameter by parameter, and whether anybody met it: exactly, and by what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model.rooms import observables_of
from sim.model.scenario import Scenario
from sim.parameters.courses import courses
from sim.parameters.labels import entry_label, registered, unit_in
from sim.parameters.leaves import leaves, value_text
from sim.parameters.plain_words import information
from sim.parameters.timeline import first_day
from sim.results.unmet import Total, unmet
from sim.words import day, say, translated

_LISTS = ("rivals", "segments")
_NOT_COMPARED = ("name", "question", "asks", "timeline", "run.seed", "run.replications", "run.panel")
ABSENT = "-"
ABOUT = ("path", "label", "meaning", "unit")
"""Columns before those of the scenarios."""

PRICES = ("firm.strategy.price_index", "customers.encounters.spend_per_purchase")
"""How the paths begin of what customers pay."""


def flat(scenario: Scenario) -> dict[str, str]:
    """Every parameter of a scenario by path, as text; entries of lists by name, changes of the timeline by moment.

    >>> flat(Scenario())["rivals.rival.desk.ease"]
    '0'
    """
    tree = scenario.model_dump()
    listed = {key: tree.pop(key) for key in _LISTS}
    found = {path: value_text(value) for path, value in leaves(tree) if path not in _NOT_COMPARED}
    for key, items in listed.items():
        for item in items:
            name = item.pop("name")
            found |= {f"{key}.{name}.{path}": value_text(value) for path, value in leaves(item)}
    for course in courses(scenario.timeline):
        moment, end = _moment(course.at, scenario), _moment(course.until, scenario)
        for path, value in course.told():
            key = (
                say("{path} from {moment}", path=path, moment=moment)
                if course.until is None
                else say("{path} from {moment} until {end}", path=path, moment=moment, end=end)
            )
            found[key] = value + (f" ({course.recurs()})" if course.again else "")
    return found


def _moment(when: int | dt.date | None, scenario: Scenario) -> str:
    """A moment of the timeline as a date in words; as a number where the calendar ends before."""
    try:
        return "" if when is None else day(first_day(scenario.run, when) if isinstance(when, int) else when)
    except (OverflowError, ValueError):
        return say("period {at}", at=when)


def _entries(scenario: Scenario) -> set[str]:
    """Rivals and segments of a scenario, as `rivals.NAME`."""
    return {f"{key}.{item.name}" for key in _LISTS for item in getattr(scenario, key)}


def build_changed(scenarios: dict[str, Scenario]) -> pd.DataFrame:
    """The parameters in which the scenarios differ; name, question and calendar of luck left out.

    Args:
        scenarios: By label, today's first.

    Returns:
        A row for each such parameter: `path`, `label`, `meaning`, `unit`, then a column for each scenario by its own
        label, as text; `-` where a scenario has no such entry. A rival or a segment that not all have is one row.

    >>> from sim.parameters.paths import set_path
    >>> table = build_changed({"now": Scenario(), "then": set_path(Scenario(), "firm.desk.ease", 1.0)})
    >>> table[["path", "now", "then"]].values.tolist()
    [['firm.desk.ease', '0', '1']]
    """
    flattened = {name: flat(scenario) for name, scenario in scenarios.items()}
    paths = dict.fromkeys(path for found in flattened.values() for path in found)
    kinds = {type(scenario) for scenario in scenarios.values()}
    entries = {name: _entries(scenario) for name, scenario in scenarios.items()}
    currency = next(iter(scenarios.values())).money.currency
    rows: list[tuple[str, ...]] = []
    known = [entry for found in entries.values() for entry in found]
    for entry in sorted({entry for entry in known if known.count(entry) < len(entries)}):
        there = [say("there") if entry in found else ABSENT for found in entries.values()]
        kind, _, name = entry.partition(".")
        called = say("Rival {name}", name=name) if kind == "rivals" else say("Segment {name}", name=name)
        rows.append((entry, called, say("Not in every scenario, with all that is its own"), "", *there))
        paths = {path: None for path in paths if not path.startswith(f"{entry}.")}
    for path in paths:
        values = [found.get(path, ABSENT) for found in flattened.values()]
        if len(set(values)) > 1:
            info = next(filter(None, (information(registered(path), kind) for kind in kinds)), None)
            told = (translated(info.meaning), unit_in(info.unit, currency)) if info else ("", "")
            rows.append((path, entry_label(path, max(kinds, key=lambda kind: len(kind.outside))), *told, *values))
    return pd.DataFrame(rows, columns=[*ABOUT, *flattened])


def repriced(changed: pd.DataFrame) -> set[str]:
    """Scenarios in which customers pay other prices than in the first: there margin moves by itself.

    >>> from sim.parameters.paths import set_path
    >>> repriced(build_changed({"now": Scenario(), "then": set_path(Scenario(), "firm.strategy.price_index", 0.98)}))
    {'then'}
    """
    first, *others = [name for name in changed.columns if name not in ABOUT]
    rows = changed[changed["path"].str.startswith(PRICES)]
    return {name for name in others if (rows[name] != rows[first]).any()}


EQUAL = "under the same luck everything is equal to the last bit"
"""Why a change did nothing where it is known exactly."""


class Met:
    """What happened in every world, summed over replications, and whether worlds were equal to the first throughout.

    Args:
        scenarios: By label, today's first.
    """

    def __init__(self, scenarios: Mapping[str, Scenario]) -> None:
        self.scenarios = dict(scenarios)
        self.totals: dict[str, npt.NDArray[Any]] = {}
        self.equal = dict.fromkeys(list(scenarios)[1:], True)

    def add(self, totals: Sequence[npt.NDArray[Any]], digests: Sequence[str]) -> None:
        """One replication: of each world int64[firms, observables], and a digest of all that was counted."""
        for label, counts, digest in zip(self.scenarios, totals, digests, strict=True):
            self.totals[label] = self.totals.get(label, 0) + counts
            if label in self.equal:
                self.equal[label] &= digest == digests[0]

    def unmet(self, changed: pd.DataFrame) -> dict[str, dict[str, str]]:
        """What nobody met of what each later scenario changes.

        Args:
            changed: See `sim.studies.comparison.changed.build_changed`.

        Returns:
            By label, then by path: what did not happen, in today's world or in this one.
        """
        first, found = next(iter(self.scenarios)), {}
        for label, equal in self.equal.items():
            rows = changed[changed[first] != changed[label]]
            paths = [path for path in rows["path"] if not str(path).startswith("run.")]
            if equal and label in self.totals:
                found[label] = dict.fromkeys(paths, EQUAL)
            elif label in self.totals:
                ends = {path: str(path).split(" ", maxsplit=1)[0] for path in paths}  # without `from period 3`
                today, there = self.scenarios[first], self.scenarios[label]
                said = unmet(ends.values(), there, self.sum_of(first, label), [today])
                found[label] = {path: said[end] for path, end in ends.items() if end in said}
        return found

    def sum_of(self, *labels: str) -> Total:
        """Of some worlds together, by firm (all of them for None) and observables; absolute amounts, as counted."""

        def total(firm: str | None, names: Sequence[str]) -> float:
            counted = 0
            for label in labels:
                scenario = self.scenarios[label]
                places = [row.name for row in observables_of(scenario)]
                chosen = [number for number, item in enumerate(scenario.firms) if firm in (None, item.name)]
                counted += int(np.abs(self.totals[label][np.ix_(chosen, [places.index(name) for name in names])]).sum())
            return float(counted)

        return total
