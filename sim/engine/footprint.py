"""What a run takes of memory, reckoned from the declarations of its arrays before any of them is made.

A column of the state, an observable or a field of a complaint that is declared elsewhere counts here by itself. Nothing
is compiled, and NumPy is asked for types only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from sim.model.desk import DAYS_PER_YEAR, desk_staff
from sim.model.in_use import unused
from sim.model.market import PERIODS_PER_YEAR
from sim.model.movement import CAUSES, COHORTS
from sim.model.online import mean_readers
from sim.model.rooms import columns_outside, observables_of
from sim.model.scenario import Scenario
from sim.parameters.timeline import phases
from sim.words import say

MIB = 2**20

CENSUS_BYTES = 10
"""What the last look at everybody takes besides the state, a person; a test measures it."""

THREAD_BYTES = 6 * MIB
"""Stack, heap and the blocks of 8,192 people of one thread."""

READ_BYTES, READ_STRENGTH_BYTES = 110, 90
"""What reading a tie of an edge list takes, ids included, and its strength or weight; measured: 66 and 115 bytes."""

KNOWN_BYTES = 320
"""What a person of a user's table takes besides the state: the cells, kept for the next run; measured: 147 to 299."""

SORT_BYTES = 96
"""What making a network of a tie in an edge list takes at its peak, the list itself included."""

MOST_TRIVIAL = 100_000


class Part(NamedTuple):
    """Arrays of one kind.

    Attributes:
        name: What they hold.
        size: Bytes.
        key: The parameter that makes them large.
    """

    name: str
    size: int
    key: str


@dataclass(frozen=True)
class Footprint:
    """What one run takes.

    Attributes:
        building: Arrays while the network is made, before there are people.
        running: Arrays in the busiest period.
        ending: Arrays while the results are counted.
        kept: What is left afterwards, of one run: its tables and its panel.
    """

    building: tuple[Part, ...]
    running: tuple[Part, ...]
    ending: tuple[Part, ...]
    kept: tuple[Part, ...]

    @property
    def peak(self) -> tuple[Part, ...]:
        """The arrays at the moment at which they are largest."""
        return max(self.building, self.running, self.ending, key=total)


def total(parts: Iterable[Part]) -> int:
    """Bytes of several parts.

    >>> total([Part("a", 3, "k"), Part("b", 4, "k")])
    7
    """
    return sum(part.size for part in parts)


def everybody(scenario: Scenario) -> int:
    """People who are in the market at any time of the run: those of the start and all who enter.

    >>> everybody(Scenario())
    10000
    """
    years = 1.0 / PERIODS_PER_YEAR[scenario.run.period]
    return scenario.market.customers + math.floor(scenario.market.entrants_per_year * scenario.run.periods * years)


def is_trivial(scenario: Scenario) -> bool:
    """Whether a run is surely too small to be worth reckoning: it takes less than 100 MiB.

    >>> is_trivial(Scenario())
    True
    """
    run, network = scenario.run, scenario.market.network
    people, rows = everybody(scenario), run.periods * len(scenario.firms) * len(scenario.all_segments)
    people = max(people, run.settling.people if run.settling.years else 0)
    return (
        network.kind != "edges"
        and max(
            people * (1.0 + network.mean_degree),
            rows * run.replications,
            run.panel * run.periods * run.replications,
        )
        <= MOST_TRIVIAL
    )


@cache
def _person(firms: int, needless: frozenset[str]) -> tuple[int, int, int]:
    """Bytes of a person's state but for the inbox, of the inbox, and of the columns that have a single element.

    `needless` is what nobody needs columns for, see `sim.model.in_use`.
    """
    from sim.engine.state import bytes_per_person, columns_apart

    inbox, each = columns_apart(firms)["inbox"].itemsize, bytes_per_person(firms, needless)
    return each - inbox, inbox, bytes_per_person(firms) - each


MOST_LET_DOWN = 0.25
"""Share of encounters that dissatisfy at most, for what is reckoned; a test looks at the worst that ship."""


def listeners(scenario: Scenario) -> int:
    """People for whom the inbox has room in a period: as many as are told something, and at most everybody.

    Room is made for each word that may be said; memory is taken by those that are.

    >>> listeners(Scenario())
    10000
    """
    from sim.engine.listeners import everybody_may_hear

    people, talk = everybody(scenario), scenario.talk
    if everybody_may_hear(people):
        return people
    shares, reach = talk.shares, talk.reach
    let_down = max(shares.dissatisfied * reach.dissatisfied, shares.failed_recovery * reach.failed_recovery)
    other = max(getattr(shares, name) * getattr(reach, name) for name in ("satisfied", "delighted", "recovered"))
    influence = max(
        1.0 + item.sociability.influencer_share * max(0.0, item.sociability.influencer_factor - 1.0)
        for item in scenario.all_segments
    )
    told = encounters_per_period(scenario) * influence * (MOST_LET_DOWN * let_down + (1.0 - MOST_LET_DOWN) * other)
    posts = max(one.talk.online.post_share * mean_readers(one.talk.online) for _, one in phases(scenario))
    told += encounters_per_period(scenario) * MOST_LET_DOWN * max(shares.dissatisfied, shares.failed_recovery) * posts
    return math.ceil(people * min(1.0, told))


@cache
def panel_row_bytes() -> int:
    """Bytes of a person who is followed, in one period.

    >>> panel_row_bytes() > 40
    True
    """
    from sim.engine.panel import panel_rows
    from sim.engine.state import empty_state

    return sum(column.nbytes for column in panel_rows(empty_state(1, 1), 1, 0).values())


def network_parts(scenario: Scenario, base_dir: Path | None = None) -> tuple[Part, Part]:
    """The network while it is built, and as it is kept.

    A generator holds both ends of each tie until they stand in the rows of both people. Of an edge list the lines are
    counted; a file that cannot be read counts nothing here, and is refused elsewhere.
    """
    from sim.engine.layout import OFFSET, TIE, offset_type, tie_bytes

    people, wanted = everybody(scenario), scenario.market.network
    key = "market.network.mean_degree"
    if wanted.kind == "complete":
        offsets = (people + 1) * OFFSET.itemsize
        return Part(say("network while it is built"), offsets, key), Part("network", offsets, key)
    if wanted.kind == "edges":
        ties, strengths = _lines((base_dir or Path()) / str(wanted.file))
        rows = 2 * ties * TIE.itemsize + (people + 1) * offset_type(2 * ties).itemsize
        reading = ties * (READ_BYTES + READ_STRENGTH_BYTES * strengths)
        built = max(reading, ties * SORT_BYTES + rows)
        return Part(say("network while it is built"), built, "market.network.file"), Part(
            "network", rows - 2 * ties * (TIE.itemsize - tie_bytes(people)), "market.customers"
        )
    half = wanted.mean_degree / 2.0
    ties = math.ceil(people * (half if wanted.kind == "random" else math.floor(half)))
    spare = math.ceil(12.0 * math.sqrt(ties) + 60.0) if wanted.kind == "random" and ties else 0
    rows = 2 * ties * TIE.itemsize + (people + 1) * offset_type(2 * ties).itemsize
    built = rows + 2 * (ties + spare) * TIE.itemsize
    kept = rows - 2 * ties * (TIE.itemsize - tie_bytes(people))
    return Part(say("network while it is built"), built, key), Part("network", kept, key)


def _lines(path: Path) -> tuple[int, bool]:
    """Lines of a file below its header, and whether they have a third column."""
    try:
        about = path.stat()
        return _counted(path, about.st_size, about.st_mtime_ns)
    except (OSError, ValueError):
        return 0, False


@lru_cache(maxsize=16)
def _counted(path: Path, size: int, changed: int) -> tuple[int, bool]:
    """The same for a file of this size, changed at this time: the points of a study ask again and again."""
    with path.open("rb") as file:
        head = file.readline(1000)
        lines = sum(block.count(b"\n") for block in iter(lambda: file.read(MIB), b""))
    return lines + 1, b"strength" in head or b"weight" in head.lower()


def known_rows(scenario: Scenario, base_dir: Path | None = None) -> int:
    """People of a user's table at most: the lines of a text, and otherwise as many as there may be.

    >>> known_rows(Scenario())
    0
    """
    name, most = scenario.market.people.file, scenario.market.customers
    if name is None:
        return 0
    path = (base_dir or Path()) / name
    return most if path.suffix.lower() in (".xlsx", ".parquet") else min(most, _lines(path)[0])


def encounters_per_period(scenario: Scenario) -> float:
    """Encounters of a person in a period, where they are most frequent.

    >>> round(encounters_per_period(Scenario()) * 52)
    14
    """
    yearly = max(
        item.encounters.purchases_per_year + item.encounters.help_requests_per_year + item.encounters.repairs_per_year
        for item in scenario.all_segments
    )
    return yearly / PERIODS_PER_YEAR[scenario.run.period]


def new_cases(scenario: Scenario) -> float:
    """Complaints that may come in a period, as a share of everybody; at most one a person.

    A person complains in no more than the share `voice.complain_share` of encounters: whatever raises that share is
    outweighed by the encounters that satisfy.

    >>> 0.0 < new_cases(Scenario()) < 0.2
    True
    """
    return min(1.0, encounters_per_period(scenario) * scenario.voice.complain_share)


def open_cases(scenario: Scenario) -> float:
    """Complaints that may lie at all desks at once, as a share of everybody; at most one a person.

    A complaint lies at most as long as patience and inquiry last, for ever where patience has no end.

    >>> open_cases(Scenario()) < 0.2
    True
    """
    per_year = PERIODS_PER_YEAR[scenario.run.period]
    arriving = new_cases(scenario)
    lasting = 0.0
    for firm in scenario.firms:
        days = firm.desk.patience_days + firm.desk.investigation_days
        lasting = max(lasting, days / DAYS_PER_YEAR * per_year if firm.desk.patience_days > 0.0 else math.inf)
    return min(1.0, arriving * (2.0 + min(lasting, scenario.run.warm_up + scenario.run.periods)))


def footprint(scenario: Scenario, threads: int = 1, base_dir: Path | None = None) -> Footprint:
    """What one run of a scenario takes, in one world.

    Args:
        scenario: A valid scenario.
        threads: Threads of the compiled loops.
        base_dir: Folder of the scenario file, for a network's edge list.

    >>> from sim.model.market import Market, Network
    >>> huge = Scenario(market=Market(customers=20_000_000, network=Network(mean_degree=400)))
    >>> round(total(footprint(huge).peak) / 2**30)
    60
    """
    from sim.engine.layout import CASE, FOUND, PLACE, TALLY, TIME, chunk_count
    from sim.engine.learning import LEARNER
    from sim.engine.load import CREW

    people, firms, segments = everybody(scenario), len(scenario.firms), len(scenario.all_segments)
    run = scenario.run
    grows = scenario.market.entrants_per_year > 0 and people > 2 * scenario.market.customers
    crowd = "market.entrants_per_year" if grows else "market.customers"
    built, network = network_parts(scenario, base_dir)
    state, inbox, single = _person(firms, unused([one for _, one in phases(scenario)]))
    outside = columns_outside(scenario)
    state += len(outside) * TIME.itemsize
    found = 2 * math.ceil(people * new_cases(scenario)) * sum(FOUND[name].itemsize for name in FOUND.names or ())
    lying = math.ceil(people * open_cases(scenario))
    period = firms * segments * len(observables_of(scenario)) * TALLY.itemsize
    tallies, initial = run.periods * period, period
    survival = firms * len(COHORTS) * (len(CAUSES) + 1) * (run.periods + 1) * TALLY.itemsize
    moves = run.periods * (firms + 2) ** 2 * TALLY.itemsize
    panel = (
        min(run.panel, people) * run.periods * (panel_row_bytes() + len(outside) * TIME.itemsize) if run.panel else 0
    )
    chunks = chunk_count(people, threads) if threads > 1 else 0
    staff = sum(max(1, desk_staff(firm.desk, scenario.market.customers).people) for firm in scenario.firms)

    settling = 0
    if run.settling.years:
        from sim.engine.settling import world_that_settles

        settling = total(footprint(world_that_settles(scenario), threads, base_dir).peak)
    lasting = (
        network,
        Part(say("a market that settles"), settling, "run.settling.people"),
        Part("people", people * state + single + firms * (CREW.itemsize + LEARNER.itemsize), crowd),
        Part("people", known_rows(scenario, base_dir) * KNOWN_BYTES, "market.people.file"),
        Part("inboxes", (1 + listeners(scenario)) * inbox, crowd),
        Part(say("complaints found in a period"), found, crowd),
        Part(say("complaints at the desks"), lying * CASE.itemsize + staff * TIME.itemsize, crowd),
        Part(say("tables of tallies"), tallies + initial + survival + moves, "run.periods"),
        Part(say("people followed"), panel, "run.panel"),
        Part("threads", max(1, min(threads, chunks)) * THREAD_BYTES + chunks * period, "threads"),
    )
    # the desk of a period: old and new cases side by side, then those that stay; their order and the queue
    desk = lying * (CASE.itemsize + 3 * PLACE.itemsize)
    running = (*lasting, Part(say("a period at the desks"), desk, crowd))
    kept = (
        Part(say("tables of tallies"), tallies + initial + survival + moves, "run.periods"),
        Part(say("people followed"), panel, "run.panel"),
    )
    ending = (*lasting, Part(say("last look at everybody"), people * CENSUS_BYTES, crowd), *kept)
    return Footprint((built,), running, ending, kept)
