"""The event log holds what the ledgers and the twin say, changes nothing, and does not depend on threads."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine import event_log
from sim.engine.event_log import BILL, COMPLAINT, EVENT, EVENTS, FEE, HELP, JOINED, LEFT, PURCHASE, REPAIR, START
from sim.engine.logged import LoggedSimulation
from sim.engine.simulation import Simulation
from sim.mesa import Twin
from sim.model.encounter_table import T
from sim.model.market import Market, Run
from sim.model.movement import CAUSES, FLOWS_IN
from sim.model.rooms import O
from sim.model.scenario import Scenario
from sim.twin import encounters
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.observables import FIXED_POINT
from tests import worlds

EVERYBODY = 100_000


def logged(scenario: Scenario, folder: Path, threads: int = 1) -> LoggedSimulation:
    run = LoggedSimulation(scenario, events=EVERYBODY, threads=threads, base_dir=folder)
    run.run()
    return run


def by_period(run: LoggedSimulation, code: int, how: int | None = None) -> Any:
    """Events of a kind: int64[periods, segments]."""
    log = run.log.events()
    chosen = log[(log["event"] == code) & (True if how is None else log["how"] == how)]
    table = np.zeros((run.tallies.shape[0], run.tallies.shape[2]), np.int64)
    np.add.at(table, (chosen["period"], chosen["segment"]), 1)
    return table


@pytest.mark.parametrize("name", worlds.BY_HAND)
def test_the_log_of_everybody_is_the_ledger(name: str, tmp_path: Path):
    """Each purchase, complaint, way in and way out that the run counted, in its period and segment, and all revenue."""
    run = logged(worlds.by_hand(name, tmp_path), tmp_path)
    tallies = run.tallies[:, 0]
    kinds = {PURCHASE: O.purchases, HELP: O.help_requests, REPAIR: O.repairs, COMPLAINT: O.complained}
    for code, observable in kinds.items():
        assert np.array_equal(by_period(run, code), tallies[:, :, observable]), EVENTS[code]
    for how, _ in enumerate(FLOWS_IN):
        assert np.array_equal(by_period(run, JOINED, how), tallies[:, :, O.won_advertising + how]), FLOWS_IN[how]
    for how, _ in enumerate(CAUSES):
        assert np.array_equal(by_period(run, LEFT, how), tallies[:, :, O.left_silent + how]), CAUSES[how]
    assert by_period(run, START)[0].tolist() == run.initial[0, :, O.active].tolist()
    log = run.log.events()
    paid = np.zeros(tallies.shape[:2])
    money = log[np.isin(log["event"], (PURCHASE, HELP, REPAIR, BILL, FEE))]
    np.add.at(paid, (money["period"], money["segment"]), money["amount"])
    assert np.allclose(paid, tallies[:, :, O.revenue] / FIXED_POINT, rtol=0, atol=len(log) / FIXED_POINT)
    assert np.isnan(log[~np.isin(log["event"], (PURCHASE, HELP, REPAIR, BILL, FEE))]["amount"]).all()


@pytest.mark.parametrize("name", ["tiny desk", "goodman"])
def test_the_log_is_what_the_twin_lived(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What each encounter of each person was about, and earned in revenue, is what the twin served, in its order."""
    scenario = worlds.by_hand(name, tmp_path)
    lived: list[tuple[int, int, int, float]] = []
    twin = Twin(scenario, base_dir=tmp_path)

    def watched(customer: Any, k: int) -> float:
        if customer.supplier != 0:
            return be_served(customer, k)
        whose.append((twin.period, customer.luck, customer.born))
        return be_served(customer, k)

    def recorded(table: Any, people: int, firm: Any, segment: Any, asked: Any, counts: Any) -> None:
        before = int(counts[O.revenue])
        serve(table, people, firm, segment, asked, counts)
        if len(whose) > len(lived):
            period, luck, born = whose[-1]
            lived.append((period, luck, born, int(table[T.kind, 0]), (int(counts[O.revenue]) - before) / FIXED_POINT))

    whose: list[tuple[int, int, int]] = []
    be_served, serve = encounters.be_served, encounters.serve
    monkeypatch.setattr(encounters, "be_served", watched)
    monkeypatch.setattr(encounters, "serve", recorded)
    twin.run()
    log = logged(scenario, tmp_path).log.events()
    met = log[np.isin(log["event"], (PURCHASE, HELP, REPAIR))]
    assert len(met) == len(lived) > 100
    ours = sorted(lived, key=lambda row: row[:2])
    assert [row[:4] for row in ours] == [
        (*row, code - PURCHASE) for *row, code in met[["period", "place", "born", "event"]].tolist()
    ]
    assert np.allclose([row[4] for row in ours], met["amount"], rtol=0, atol=1 / FIXED_POINT)


def test_a_log_changes_nothing_and_does_not_depend_on_threads(monkeypatch: pytest.MonkeyPatch):
    scenario = Scenario(market=Market(customers=4000), run=Run(periods=6, warm_up=2))
    monkeypatch.setattr("sim.engine.simulation.ROWS_PER_THREAD", 500)
    plain = Simulation(scenario, threads=1).run()
    one, two = (logged(scenario, Path(), threads) for threads in (1, 2))
    assert plain.tallies.tobytes() == one.tallies.tobytes() == two.tallies.tobytes()
    assert one.log.events().tobytes() == two.log.events().tobytes()
    assert set(one.log.events()["period"]) == set(range(6))


def test_a_sample_is_a_part_of_the_whole():
    """Of the first hundred places there is what the log of everybody has of them."""
    scenario = Scenario(market=Market(customers=300), run=Run(periods=20))
    whole = logged(scenario, Path()).log.events()
    few = LoggedSimulation(scenario, events=100, threads=1)
    few.run()
    assert few.log.events().tobytes() == whole[whole["place"] < 100].tobytes()


def test_a_log_that_memory_does_not_hold_is_refused_with_its_size(monkeypatch: pytest.MonkeyPatch):
    scenario = Scenario(market=Market(customers=1_000_000), run=Run(periods=520))
    monkeypatch.setattr(event_log, "free_memory", type("Free", (), {"usable": 2**30}))
    with pytest.raises(ScenarioError, match=r"takes up to [\d,]+ MiB, and 512 MiB are there for it: ask for at most"):
        LoggedSimulation(scenario, events=1_000_000)


def test_a_run_with_a_log_is_not_saved_without_it(tmp_path: Path):
    run = LoggedSimulation(Scenario(market=Market(customers=50), run=Run(periods=2)), events=5)
    with pytest.raises(ScenarioError, match="cannot be saved"):
        run.save(tmp_path / "saved.npz")


def test_an_event_has_the_size_that_is_reckoned_with():
    assert EVENT.itemsize < event_log.EVENT_BYTES
