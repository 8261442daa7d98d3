"""What a run takes is reckoned from declarations: it is what the arrays have, also when something new is declared."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from sim.data.people_table import _read
from sim.engine import footprint as reckoned
from sim.engine import state, tables
from sim.engine.census import customer_types
from sim.engine.fitting import ALWAYS, SizeLever, refusal, too_large
from sim.engine.footprint import MOST_TRIVIAL, Part, footprint, is_trivial, total
from sim.engine.free import Free, _groups, free_memory
from sim.engine.known_people import known_people
from sim.engine.layout import OFFSET, TIE
from sim.engine.panel import join_panel
from sim.engine.simulation import Simulation
from sim.engine.tables import count_stayers
from sim.model.firm import Firm
from sim.model.market import Market, Network, Run, Settling
from sim.model.scenario import Scenario
from sim.scenario import load_text
from sim.vocabulary.column import Column
from sim.vocabulary.errors import ScenarioError

GIB = 2**30


def scenario(customers: int = 300, periods: int = 3, panel: int = 0, **network) -> Scenario:
    market = Market(customers=customers, entrants_per_year=400.0, network=Network(**network))
    return Scenario(market=market, run=Run(periods=periods, panel=panel))


def size_of(parts, name: str) -> int:
    return sum(part.size for part in parts if part.name == name)


@pytest.mark.parametrize(
    "network",
    [
        {"kind": "small_world", "mean_degree": 6},
        {"kind": "preferential_attachment", "mean_degree": 6},
        {"kind": "random", "mean_degree": 5.5},
        {"kind": "complete"},
    ],
    ids=lambda item: item["kind"],
)
def test_every_array_that_lasts_is_counted_to_the_byte(network):
    wanted = scenario(panel=20, **network)
    run = Simulation(wanted, threads=1)
    tables = run.run()
    parts = footprint(wanted).running
    assert (run.network.offsets.dtype, run.network.ties.dtype) == (OFFSET, TIE)
    # The star in which preferential attachment begins has fewer ties; half a tie is rounded.
    short = size_of(parts, "network") - sum(array.nbytes for array in run.network)
    assert 0 <= short <= 2 * 6 * 6 * TIE.itemsize
    whole = sum(array.nbytes for array in run.state) + run.crews.nbytes + run.learners.nbytes
    assert size_of(parts, "people") + size_of(parts, "inboxes") == whole
    assert sum(array.nbytes for array in run._found) <= size_of(parts, "complaints found in a period")
    counted = run.tallies.nbytes + run.initial.nbytes + run.leavers.nbytes + run.moves.nbytes + tables.stayers.nbytes
    assert size_of(parts, "tables of tallies") == counted
    followed = sum(column.nbytes for column in join_panel(run._panel).values())
    assert size_of(parts, "people followed") == followed
    assert run.desks.free.nbytes <= size_of(parts, "complaints at the desks")
    # Whatever else a simulation holds is small: a new array has to be declared to be counted.
    counts = {"tallies", "tally", "initial", "leavers", "moves", "_panel"}
    known = counts | {"network", "state", "crews", "learners", "_found", "desks"}
    others = [value for name, value in vars(run).items() if name not in known and isinstance(value, np.ndarray)]
    assert sum(array.nbytes for array in others) < 100_000


def test_a_new_column_counts_by_itself(monkeypatch: pytest.MonkeyPatch):
    before = footprint(scenario())
    column = Column("stamps", np.int32, 1, "points", "loyalty points")
    monkeypatch.setattr(state, "COLUMNS", (*state.COLUMNS, column))
    reckoned._person.cache_clear()
    try:
        after = footprint(scenario())
    finally:
        monkeypatch.undo()
        reckoned._person.cache_clear()
    people = reckoned.everybody(scenario())
    assert size_of(after.running, "people") - size_of(before.running, "people") == 4 * people


def test_the_network_is_counted_while_it_is_built():
    huge = Scenario(market=Market(customers=20_000_000, network=Network(mean_degree=400)))
    assert 59 <= total(footprint(huge).peak) / GIB <= 61
    assert footprint(huge).peak == footprint(huge).building


def test_a_hundred_million_people_take_less_than_24_gib():
    assert 20 <= total(footprint(Scenario(market=Market(customers=100_000_000))).peak) / GIB < 24


def test_the_last_look_at_everybody_takes_what_is_reckoned(monkeypatch: pytest.MonkeyPatch):
    """In parts of which there are many, as in the markets for which memory is short."""
    monkeypatch.setattr(tables, "TOGETHER", 1_000)
    people = 60_000
    market = Market(customers=people, network=Network(kind="complete"))
    run = Simulation(Scenario(market=market, run=Run(periods=2), firm=Firm(initial_share=1.0), rivals=[]), threads=1)
    run.run()
    most = 0.0
    looks = (
        lambda: count_stayers(run.state, run.firm_count, 2, 2),
        lambda: customer_types(run.state, run.environment, 2),
    )
    for look in looks:
        tracemalloc.start()
        look()
        most = max(most, tracemalloc.get_traced_memory()[1] / people)
        tracemalloc.stop()
    assert 0.6 * reckoned.CENSUS_BYTES <= most <= reckoned.CENSUS_BYTES


@pytest.mark.parametrize(
    "text",
    [
        "voice: {preset: rage_2015}",
        "voice: {preset: slogan}",
        "voice: {preset: tarp_major}",
        "firm: {culture: awful}",
        "firm: {culture: awful, desk: {agents: 0.1}}\nvoice: {preset: rage_2015}",
        "firm: {desk: {agents: 0, patience_days: 0}}\nvoice: {complain_share: 0.3}",
    ],
)
def test_no_more_complaints_lie_at_the_desks_than_are_reckoned(text):
    wanted = load_text(text, ["market.customers=3000", "run.periods=30", "market.network.kind=complete"]).scenario
    run = Simulation(wanted, threads=1)
    most = 0
    for _ in range(30):
        run.step()
        most = max(most, int(run.desks.known.sum()))
    assert most <= reckoned.open_cases(wanted) * run.people


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "voice: {preset: slogan}",
        "firm: {culture: awful}",
        "firm: {culture: awful, desk: {agents: 0.1}}\nvoice: {preset: rage_2015}",
    ],
)
def test_no_more_hear_something_in_a_period_than_are_reckoned(text, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sim.engine.listeners.OWN_ROWS", 0)
    wanted = load_text(text, ["market.customers=3000", "run.periods=12", "run.settling.years=0"]).scenario
    run, most = Simulation(wanted, threads=1), 0
    hear = run._movement

    def noting():
        nonlocal most
        most = max(most, int(np.count_nonzero(run.state.heard)))
        hear()

    monkeypatch.setattr(run, "_movement", noting)
    run.run()
    assert 0 < most <= reckoned.listeners(wanted)
    assert len(run.state.inbox) <= run.people + 1


@pytest.mark.parametrize("threads", [1, 2])
def test_rows_that_are_shared_change_nothing(threads: int, monkeypatch: pytest.MonkeyPatch):
    """A row of the inbox for everybody, or for those who hear something: the same people and the same numbers."""
    wanted = load_text("{}", ["market.customers=20000", "run.periods=5", "run.settling.years=0"]).scenario
    own = Simulation(wanted, threads=1)
    own.run()
    monkeypatch.setattr("sim.engine.listeners.OWN_ROWS", 0)
    shared = Simulation(wanted, threads=threads)
    shared.run()
    assert len(shared.state.inbox) < 10_000 < len(own.state.inbox)
    assert np.array_equal(own.tallies, shared.tallies)
    for name in own.state._fields:
        if name != "inbox":
            assert np.array_equal(getattr(own.state, name), getattr(shared.state, name)), name
    assert not shared.state.inbox.any()


def test_a_market_that_settles_is_counted():
    """A million people who settle, beside ten: as much as a run of a million takes, and no trifle any more."""
    settling = Scenario(market=Market(customers=10), run=Run(periods=4, settling=Settling(years=1, people=1_000_000)))
    alone = Scenario(market=Market(customers=1_000_000), run=Run(period="month", periods=1, warm_up=12))
    parts = {part.name: part for part in footprint(settling).peak}
    assert parts["a market that settles"].size == total(footprint(alone).peak)
    assert parts["a market that settles"].key == "run.settling.people"
    assert not is_trivial(settling)


def test_what_is_trivial_is_small():
    rivals = [Firm(name=f"r{number}", initial_share=0.0) for number in range(15)]
    for people, degree in ((MOST_TRIVIAL, 0.0), (MOST_TRIVIAL // 101, 100.0)):
        market = Market(customers=people, network=Network(mean_degree=degree))
        edge = Scenario(market=market, rivals=rivals, run=Run(periods=10, replications=1))
        assert is_trivial(edge)
        assert total(footprint(edge).peak) < 100 * 2**20
    assert not is_trivial(Scenario(market=Market(customers=MOST_TRIVIAL + 1, network=Network(mean_degree=0))))


def test_an_edge_list_is_counted_by_its_lines(tmp_path: Path):
    file = tmp_path / "ties.csv"
    file.write_text("source,target\n" + "0,1\n" * 1000, encoding="utf-8")
    few = footprint(Scenario(market=Market(customers=10, network=Network(kind="edges", file="ties.csv"))), 1, tmp_path)
    file.write_text("source,target,strength\n" + "0,1,weak\n" * 10_000, encoding="utf-8")
    many = footprint(Scenario(market=Market(customers=10, network=Network(kind="edges", file="ties.csv"))), 1, tmp_path)
    assert total(few.building) >= 1000 * 100
    assert total(many.building) >= 10_000 * 182


def test_people_of_a_table_are_counted_by_its_lines(tmp_path: Path):
    """A run with a table takes so much more than one without: no less than the cells that are kept, and no trifle."""
    people = 5_000
    rows = [f"customer {row:012d},private,focal,{row}.50,{row % 90},{row % 101}" for row in range(people)]
    head = "customer,segment,firm,spend,tenure,satisfaction"
    (tmp_path / "crm.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    text = "segments: [{name: private, share: 1}]\nmarket: {customers: 9000, people: {file: crm.csv}}"
    wanted = load_text(text, base_dir=tmp_path).scenario
    alone = load_text("segments: [{name: private, share: 1}]\nmarket: {customers: 9000}").scenario
    counted = total(footprint(wanted, 1, tmp_path).running) - total(footprint(alone).running)
    _read.cache_clear()
    tracemalloc.start()
    known = known_people(wanted, tmp_path)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert known is not None
    assert len(known.rows) == people
    assert 0.8 * counted <= kept <= counted


def test_a_simulation_that_does_not_fit_is_refused_before_it_allocates():
    huge = Scenario(market=Market(customers=100_000_000, network=Network(mean_degree=1000)))
    with pytest.raises(ScenarioError, match=r"^market\.\S+: the run takes more memory than is free; found 7\d\d"):
        Simulation(huge)


def test_a_refusal_says_what_it_is_made_of_and_how_large_it_could_be():
    parts = [Part("people", 3 * GIB, "a"), Part("network", GIB, "b")]
    levers = [
        SizeLever("b", 10, 0, lambda value: 3 * GIB + value * GIB // 10),
        SizeLever("a", 300, 1, lambda value: GIB + value * GIB // 100),
    ]
    assert refusal(parts, Free(5 * GIB, "here"), levers) is None
    problem = refusal(parts, Free(4 * GIB, "here"), levers)
    assert problem is not None
    assert (problem.key, problem.found) == ("a", "4.0 GiB: people 3.0, network 1.0")
    assert problem.allowed == "3.6 GiB, of 4.0 GiB free here (10% is kept back); that is 260 at most"
    assert problem.hint == "or b 6 at most"


def test_a_small_run_is_never_refused(monkeypatch: pytest.MonkeyPatch):
    parts = [Part("people", ALWAYS, "a")]
    assert refusal(parts, Free(0, "here"), []) is None
    monkeypatch.setattr("sim.engine.fitting.free_memory", lambda threads=1: Free(0, "here"))
    assert too_large(Scenario()) is None


@pytest.mark.parametrize("version", [1, 2])
def test_containers_and_those_around_them_are_asked(tmp_path: Path, version: int):
    proc, base = tmp_path / "proc" / "self", tmp_path / "sys" / "fs" / "cgroup"
    names = ("memory.max", "memory.current", "inactive_file")
    line = "0::/outer/inner\n"
    if version == 1:
        base, line = base / "memory", "3:cpu:/x\n2:memory:/outer/inner\n"
        names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
    proc.mkdir(parents=True)
    (proc / "cgroup").write_text(line, encoding="ascii")
    limits = {"": 2**63 - 4096 if version == 1 else "max", "outer": 5 * GIB, "outer/inner": 9 * GIB}
    for folder, limit in limits.items():
        (base / folder).mkdir(parents=True, exist_ok=True)
        (base / folder / names[0]).write_text(f"{limit}\n", encoding="ascii")
        (base / folder / names[1]).write_text(f"{3 * GIB}\n", encoding="ascii")
        (base / folder / "memory.stat").write_text(f"anon 5\n{names[2]} {GIB}\n", encoding="ascii")
    assert {size for size, _ in _groups(tmp_path)} == {3 * GIB, 7 * GIB}


def test_a_limit_of_addresses_counts():
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = free_memory().size
    resource.setrlimit(resource.RLIMIT_AS, (8 * GIB, hard))
    try:
        limited = free_memory()
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    assert limited.size <= min(before + GIB, 6 * GIB)


def test_what_is_free_is_less_than_what_there_is():
    assert 0 < free_memory().usable < free_memory().size < 2**50
