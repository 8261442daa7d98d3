"""What a valid scenario may still ask too much of: memory, table size, encounters in one period, files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.engine.footprint import everybody as people
from sim.model.market import PERIODS_PER_YEAR
from sim.model.rooms import observables_of
from sim.model.scenario import Scenario
from sim.parameters.timeline import first_day
from sim.vocabulary.errors import Problem, ScenarioError
from sim.vocabulary.observables import FIXED_POINT
from sim.words import period_word, say, written

MOST_TALLY_BYTES = 2 * 2**30
MOST_PEOPLE = 2**30
"""A tie numbers the neighbour in 31 bits, one of which says how strong it is."""
MOST_SUM = 2**60
"""Of 63 bits: an account adds up to four kinds of amounts, and personal spending scatters."""
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

    impossible = list(impossible_network(scenario))
    yield from impossible
    memory = None if impossible else too_large(scenario, base_dir=base)
    if memory is not None:
        yield memory
    cells = len(observables_of(scenario)) * len(scenario.firms) * len(scenario.all_segments)
    if cells * scenario.run.periods * 8 > MOST_TALLY_BYTES:
        yield Problem(
            say("too many periods for so many firms and segments"),
            "run.periods",
            found=say(
                "{periods:,} periods x {firms} firms x {all_segments} segments = {cells:,.1f} GiB of tables",
                periods=scenario.run.periods,
                firms=len(scenario.firms),
                all_segments=len(scenario.all_segments),
                cells=cells * scenario.run.periods * 8 / _GIB,
            ),
            allowed=say("at most {most_tally_bytes:,} periods", most_tally_bytes=MOST_TALLY_BYTES // (cells * 8)),
        )
    try:
        first_day(scenario.run, scenario.run.periods)
    except OverflowError:
        yield Problem(say("the run ends after the year 9999"), "run.start", found=str(scenario.run.start))
    yield from busy_periods(scenario)
    yield from large_amounts(scenario)
    yield from absent_firms(scenario)


def absent_firms(scenario: Scenario) -> Iterator[Problem]:
    """Firms that have customers at the start and are not in the market then."""
    for index, firm in enumerate(scenario.firms):
        if firm.initial_share > 0.0 and not firm.in_market:
            own = "firm" if index == 0 else f"rivals.{firm.name}"
            yield Problem(
                say("a firm that is not in the market has no customers"),
                f"{own}.initial_share",
                found=f"{firm.initial_share:g}",
                allowed="0",
                hint=say("the timeline lets a firm enter later: {path}: true", path=f"{own}.in_market"),
            )


def impossible_network(scenario: Scenario) -> Iterator[Problem]:
    """Networks that the people there cannot have."""
    everybody, wanted = people(scenario), scenario.market.network
    if everybody > MOST_PEOPLE:
        key = "market.entrants_per_year" if scenario.market.entrants_per_year > 0 else "market.customers"
        yield Problem(
            say("more people than a network numbers"),
            key,
            found=written(everybody, ","),
            allowed=written(MOST_PEOPLE, ","),
        )
    if wanted.kind in ("complete", "edges"):
        return
    key, found = (
        "market.network.mean_degree",
        say("{mean_degree:g} among {everybody:,} people", mean_degree=wanted.mean_degree, everybody=everybody),
    )
    if wanted.mean_degree > everybody - 1:
        yield Problem(
            say("more ties than there are other people"),
            key,
            found=found,
            allowed=say("at most {everybody:,}", everybody=everybody - 1),
        )
    elif wanted.kind != "random" and wanted.mean_degree % 2 != 0.0:
        yield Problem(
            say("a network of kind {kind} has an even number of ties a person", kind=wanted.kind),
            key,
            found=found,
            allowed=say("an even whole number"),
            hint=say("kind: random takes any number"),
        )


def large_amounts(scenario: Scenario) -> Iterator[Problem]:
    """Prices and costs whose sums in one period do not fit the whole numbers of 64 bits that hold them.

    Money is summed in parts of 1/65536. Every person is taken to pay each amount at every encounter, and at least once
    a period.
    """
    per_year = PERIODS_PER_YEAR[scenario.run.period]
    meets = [segment.encounters for segment in scenario.all_segments]
    yearly = max(item.purchases_per_year + item.help_requests_per_year + item.repairs_per_year for item in meets)
    times = people(scenario) * max(1.0, yearly / per_year)
    most = MOST_SUM / FIXED_POINT / times
    for where, section in _priced(scenario):
        for name, field in type(section).model_fields.items():
            extra: Any = field.json_schema_extra or {}
            limit = most * 10_000 / max(section.agents, 1.0) if name == "agent_cost" else most
            if str(extra.get("unit", "")).startswith("money") and getattr(section, name) > limit:
                yield Problem(
                    say("an amount whose sum over everybody does not fit the accounts of one period"),
                    f"{where}.{name}",
                    found=say(
                        "{getattr:,.15g} for up to {times:,.0f} events a period",
                        getattr=getattr(section, name),
                        times=times,
                    ),
                    allowed=say("at most {limit:,.2f}", limit=limit),
                )


def _priced(scenario: Scenario) -> Iterator[tuple[str, Any]]:
    """Sections in which something has a price, with their paths."""
    for segment in scenario.all_segments:
        yield (f"segments.{segment.name}" if scenario.segments else "customers") + ".encounters", segment.encounters
    for index, firm in enumerate(scenario.firms):
        where = "firm" if index == 0 else f"rivals.{firm.name}"
        yield from ((f"{where}.{name}", getattr(firm, name)) for name in ("strategy", "desk", "win_back", "costs"))


def busy_periods(scenario: Scenario) -> Iterator[Problem]:
    """Segments whose customers have too many encounters in one period."""
    per_year = PERIODS_PER_YEAR[scenario.run.period]
    for segment in scenario.all_segments:
        meets = segment.encounters
        yearly = meets.purchases_per_year + meets.help_requests_per_year + meets.repairs_per_year
        if yearly / per_year > MOST_ENCOUNTERS:
            where = f"segments.{segment.name}" if scenario.segments else "customers"
            yield Problem(
                say("too many encounters in one period"),
                f"{where}.encounters.purchases_per_year",
                found=say(
                    "{encounters:,.1f} encounters per {period} ({yearly:,.0f} per year)",
                    encounters=yearly / per_year,
                    period=period_word(scenario.run.period),
                    yearly=yearly,
                ),
                allowed=say(
                    "at most {most_encounters:g} per {period}",
                    most_encounters=MOST_ENCOUNTERS,
                    period=period_word(scenario.run.period),
                ),
                hint=say("lower the rates, or take a shorter run.period"),
            )


def edge_file(scenario: Scenario, base: Path) -> Iterator[Problem]:
    """Whether the edge list that the network needs is there."""
    network = scenario.market.network
    if network.kind != "edges":
        return
    if network.file is None:
        yield Problem(
            say("kind: edges needs a file"), "market.network.file", allowed=say("a CSV file: source,target[,strength]")
        )
        return
    try:
        there = (base / network.file).is_file()
    except (OSError, ValueError):
        there = False
    if not there:
        yield Problem(say("no such file"), "market.network.file", found=repr(network.file))


def edge_list(scenario: Scenario, base: Path) -> tuple[list[Problem], list[str]]:
    """What is wrong with the edge list of a scenario, with its lines, and what is to be said of it where nothing is."""
    if scenario.market.network.kind != "edges":
        return [], []
    from sim.engine.known_people import people_file
    from sim.engine.network import edges_of

    try:
        table = people_file(scenario, base)
        return [], edges_of(scenario.market.network, people(scenario), base, table).remarks
    except ScenarioError as error:
        return list(error.problems), []


def people_table(scenario: Scenario, base: Path) -> tuple[list[Problem], list[str]]:
    """What is wrong with the table of people of a scenario, and what is to be said of it where nothing is."""
    if scenario.market.people.file is None:
        return [], []
    from sim.engine.known_people import known_people

    try:
        found = known_people(scenario, base)
    except ScenarioError as error:
        return list(error.problems), []
    return [], [] if found is None else list(found.remarks)
