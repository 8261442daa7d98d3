"""What a valid scenario may still ask too much of: memory, table size, encounters in one period, files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.vocabulary.errors import Problem
from sim.vocabulary.market import PERIODS_PER_YEAR
from sim.vocabulary.observables import OBSERVABLES
from sim.vocabulary.scenario import Scenario
from sim.vocabulary.timeline import first_day

MOST_TALLY_BYTES = 2 * 2**30
MOST_ENCOUNTERS = 20.0
_GIB = 2**30


def demands(scenario: Scenario, base: Path | None = None) -> Iterator[Problem]:
    """What of a scenario does not fit the machine or the calendar, before anything is allocated.

    Args:
        scenario: A valid scenario.
        base: Folder of the scenario file, for a network's edge list.

    Yields:
        Problems with their key and without place.
    """
    from sim.engine.fitting import too_large

    memory = too_large(scenario, base_dir=base)
    if memory is not None:
        yield memory
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
