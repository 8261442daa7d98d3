"""Whatever the model calls a cause of leaving can be taken out: with all of them out, nobody leaves."""

from pathlib import Path
from typing import Any

import pytest

from sim.engine.simulation import Simulation
from sim.model.movement import CAUSES
from sim.model.rooms import O
from sim.model.scenario import Scenario
from sim.scenario import load_text
from sim.studies.causes.causes import causes
from sim.studies.causes.causes_of_churn import EXPLAINED, LEAVERS, OTHERS
from sim.studies.causes.known_causes import KNOWN, find_causes

EVERY_WAY = """
name: every_way
run: {period: month, periods: 18, seed: 5, warm_up: 2}
market: {customers: 300}
voice: {lapse_share: 0.5, headquarters_share: 0.8}
segments:
  - {name: patient, share: 0.5, encounters: {purchases_per_year: 24}, bonds: {reviews_per_year: 3, doing_without: 0.5},
     drop_out: {per_purchase: 0.02, polarization: 0.2}}
  - {name: busy, share: 0.5, encounters: {purchases_per_year: 36}, bonds: {reviews_per_year: 3, doing_without: 0.3},
     drop_out: {per_purchase: 0.01}}
firm:
  initial_share: 0.6
  strategy: {price_index: 1.1}
  systems: {failure_scale: 6}
  people: {followed: true, staffing: 0.6, follow_load: 0}
timeline:
  - {at: 16, set: {firm.in_market: false}}
"""
WAYS_TAKEN_OUT = {
    "disappointment": ["left_silent", "lapsed_silent", "left_complaint"],
    "rivals": ["left_switch"],
    "doing_without": ["left_without"],
    "drop_out": ["dropped_out"],
    "closing": ["left_closed"],
}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_text(EVERY_WAY).scenario


def ways(scenario: Scenario, patch: dict[str, Any]) -> dict[str, int]:
    """How the focal firm's customers left, and who of them dropped out."""
    tables = Simulation(scenario, threads=1, patch=patch).run()
    left = dict(zip(CAUSES, tables.leavers[0].sum(axis=(0, 2)).tolist(), strict=True))
    return left | {"dropped_out": int(tables.tallies[:, 0, :, O.dropped_out].sum())}


def test_every_way_of_leaving_is_taken_out_by_a_cause(scenario: Scenario):
    """Each cause takes out its own way and no other whole; all together leave nobody who leaves.

    Who drops out is counted among those who leave for natural reasons, which attrition alone does not empty therefore.
    """
    here = ways(scenario, {})
    assert all(here.values()), here
    together: dict[str, Any] = {}
    for name, gone in WAYS_TAKEN_OUT.items():
        (cause,) = find_causes(scenario, [name])
        without = ways(scenario, dict(cause.patch))
        assert [way for way, count in without.items() if count == 0] == gone
        together |= cause.patch
    left = ways(scenario, together)
    assert [way for way, count in left.items() if count] == ["left_natural"]
    (cause,) = find_causes(scenario, ["attrition"])
    stayed = ways(scenario, dict(cause.patch))
    assert stayed["left_natural"] == stayed["dropped_out"] > 0
    assert not any(ways(scenario, together | cause.patch).values())
    assert set(here) - {"left_natural"} == {way for gone in WAYS_TAKEN_OUT.values() for way in gone}


def test_without_dropping_out_the_same_people_have_the_same_luck(scenario: Scenario):
    """Nobody's chance is changed, and until somebody drops out there is no difference at all."""
    (cause,) = find_causes(scenario, ["drop_out"])
    here, there = (Simulation(scenario, threads=1, patch=patch) for patch in ({}, cause.patch))
    while here.period < 0:
        here.step()
        there.step()
    assert (here.state.people == there.state.people).all()
    assert (here.state.drop_out > 0.0).any()
    here.step()
    there.step()
    gone = here.state.supplier != there.state.supplier
    assert gone.any()
    assert (here.state.drop_out[gone] > 0.0).all()
    assert here.tallies[0, :, :, O.dropped_out].sum() >= gone.sum()


def test_without_attrition_the_same_people_have_the_same_chances(scenario: Scenario):
    """Nobody's chance is changed: the same people begin both worlds, and in one of them nobody leaves naturally."""
    (cause,) = find_causes(scenario, ["attrition"])
    here, there = (Simulation(scenario, threads=1, patch=patch) for patch in ({}, cause.patch))
    while here.period < 0:
        here.step()
        there.step()
    assert (here.state.people == there.state.people).all()
    assert (here.state.attrition == there.state.attrition).all()
    assert (here.state.attrition > 0.0).any()
    left = []
    for run in (here, there):
        run.step()
        left.append(run.tallies[0, :, :, O.left_natural].sum() - run.tallies[0, :, :, O.dropped_out].sum())
    assert left[0] > 0 == left[1]


def test_taken_out_with_all_others_attrition_explains_the_rest(tmp_path: Path):
    """Six causes in all 64 worlds: shares add up to all who leave, and nobody leaves naturally."""
    file = tmp_path / "every_way.yaml"
    file.write_text(EVERY_WAY, encoding="utf-8")
    names = [*WAYS_TAKEN_OUT, "attrition"]
    small = {"replications": 2, "engine": "in-process", "workers": 1}
    found = causes(file, causes=names, overrides=["market.customers=60", "run.periods=17"], **small)
    assert found.is_exact
    assert found.line(OTHERS)["value"] == 0.0
    assert found.line(EXPLAINED)["value"] == found.line(LEAVERS)["value"] > 0.0
    assert abs(found.causes["value"].sum() - found.line(LEAVERS)["value"]) < 0.005
    assert found.cause("attrition")["value"] > 0.0


def test_where_there_is_no_such_cause_no_world_is_lived_for_it():
    seldom = ["strain", "drop_out", "closing", "attrition"]
    rest = load_text("customers: {bonds: {attrition_per_year: 0, renewal_per_year: 0}}").scenario
    assert [cause.patch for cause in find_causes(rest, seldom)] == [{}, {}, {}, {}]
    assert find_causes(Scenario(), ["attrition"])[0].patch == {"customers.bonds.attrition_happens": False}
    assert find_causes(Scenario(), ["doing_without"])[0].patch == {"customers.bonds.doing_without": 0.0}
    late = load_text(
        "firm: {in_market: false, initial_share: 0}\ntimeline: [{at: 3, set: {firm.in_market: true}}]"
    ).scenario
    assert find_causes(late, ["closing"])[0].patch == {}


def test_strain_takes_out_what_pressure_does_and_nothing_else_of_the_staff():
    """Fewer failures where work presses, all the same where it does not, and nothing to take out where nobody looks."""
    few = (
        "market: {customers: 400}\nrun: {period: month, periods: 12}\nfirm: {people: {followed: true, staffing: STAFF}}"
    )
    pressed, rested = (load_text(few.replace("STAFF", staff)).scenario for staff in ("0.5", "1"))
    (cause,) = find_causes(pressed, ["strain"])
    assert set(cause.patch.values()) == {0.0}
    tables = [Simulation(pressed, threads=1, patch=patch).run() for patch in ({}, cause.patch)]
    haste, calm = (table.tallies[:, 0].sum(axis=(0, 1)) for table in tables)
    assert haste[O.failure_wrong_answer] / haste[O.encounters] > 1.3 * calm[O.failure_wrong_answer] / calm[O.encounters]
    for work in (O.work_demanded, O.work_capacity):
        first = [int(table.tallies[0, 0, 0, work]) for table in tables]
        assert first[0] == first[1] > 0
    assert find_causes(rested, ["strain"])[0].patch == cause.patch


def test_all_names_can_be_asked_for_together(tmp_path: Path):
    """Thirteen causes want no two values of one parameter, but for poor answers' and slow answers' own."""
    file = tmp_path / "every_way.yaml"
    file.write_text(EVERY_WAY, encoding="utf-8")
    small = {"replications": 2, "orders": 4, "engine": "in-process", "workers": 1}
    found = causes(file, causes=list(KNOWN), overrides=["market.customers=60", "run.periods=17"], **small)
    there = found.causes.set_index("cause")["is_there"]
    assert list(there.index) == list(KNOWN)
    assert found.causes["value"].sum() == pytest.approx(found.line("explained")["value"])
