"""What a valid scenario may still ask too much of: memory, table size, encounters in one period, files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from sim.vocabulary.errors import Problem
from sim.vocabulary.market import PERIODS_PER_YEAR
from sim.vocabulary.observables import OBSERVABLES
from sim.vocabulary.scenario import Scenario
from sim.vocabulary.timeline import first_day

BYTES_PER_CUSTOMER = 250
MOST_TALLY_BYTES = 2 * 2**30
MOST_ENCOUNTERS = 20.0
_GIB = 2**30


@cache
def memory_bytes() -> int:
    """Memory of this machine, or of the container that limits it; 8 GiB where neither can be known.

    >>> memory_bytes() > 2**28
    True
    """
    sizes = []
    with suppress(AttributeError, ValueError, OSError):
        sizes.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    for name in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            text = Path(name).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            continue
        if text.isdecimal():
            sizes.append(int(text))
    return min((size for size in sizes if size > 0), default=8 * _GIB)


def people(scenario: Scenario) -> float:
    """People who are in the market at any time of the run.

    >>> people(Scenario())
    10000.0
    """
    years = scenario.run.periods / PERIODS_PER_YEAR[scenario.run.period]
    return scenario.market.customers + scenario.market.entrants_per_year * years


def demands(scenario: Scenario) -> Iterator[Problem]:
    """What of a scenario does not fit the machine or the calendar, before anything is allocated.

    Args:
        scenario: A valid scenario.

    Yields:
        Problems with their key and without place.
    """
    needed, there = people(scenario) * BYTES_PER_CUSTOMER, memory_bytes()
    if needed > there:
        grows = scenario.market.entrants_per_year > 0 and scenario.market.customers * BYTES_PER_CUSTOMER <= there
        yield Problem(
            "more people than this machine's memory holds",
            "market.entrants_per_year" if grows else "market.customers",
            found=f"{people(scenario):,.0f} people, {needed / _GIB:,.1f} GiB",
            allowed=f"about {there // BYTES_PER_CUSTOMER:,} people ({there / _GIB:,.1f} GiB)",
        )
    cells = len(OBSERVABLES) * len(scenario.firms) * len(scenario.all_segments)
    if cells * scenario.run.periods * 8 > MOST_TALLY_BYTES:
        yield Problem(
            "too many periods for so many firms and segments",
            "run.periods",
            found=f"{scenario.run.periods:,} periods x {len(scenario.firms)} firms x "
            f"{len(scenario.all_segments)} segments = {cells * scenario.run.periods * 8 / _GIB:,.1f} GiB of tables",
            allowed=f"at most {MOST_TALLY_BYTES // (cells * 8):,} periods",
        )
    try:
        first_day(scenario.run, scenario.run.periods)
    except OverflowError:
        yield Problem("the run ends after the year 9999", "run.start", found=str(scenario.run.start))
    yield from busy_periods(scenario)


def busy_periods(scenario: Scenario) -> Iterator[Problem]:
    """Segments whose customers have too many encounters in one period."""
    per_year = PERIODS_PER_YEAR[scenario.run.period]
    for segment in scenario.all_segments:
        meets = segment.encounters
        yearly = meets.purchases_per_year + meets.help_requests_per_year + meets.repairs_per_year
        if yearly / per_year > MOST_ENCOUNTERS:
            where = f"segments.{segment.name}" if scenario.segments else "customers"
            yield Problem(
                "too many encounters in one period",
                f"{where}.encounters.purchases_per_year",
                found=f"{yearly / per_year:,.1f} encounters per {scenario.run.period} ({yearly:,.0f} per year)",
                allowed=f"at most {MOST_ENCOUNTERS:g} per {scenario.run.period}",
                hint="lower the rates, or take a shorter run.period",
            )


def edge_file(scenario: Scenario, base: Path) -> Iterator[Problem]:
    """Whether the edge list that the network needs is there."""
    network = scenario.market.network
    if network.kind != "edges":
        return
    if network.file is None:
        yield Problem("kind: edges needs a file", "market.network.file", allowed="a CSV file: source,target[,strength]")
        return
    try:
        there = (base / network.file).is_file()
    except (OSError, ValueError):
        there = False
    if not there:
        yield Problem("no such file", "market.network.file", found=repr(network.file))
