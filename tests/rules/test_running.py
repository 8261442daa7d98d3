"""Runs with rules from outside: what they change; engine, twin, threads and saved runs agree to the last bit."""

import hashlib
import math
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.engine import simulation
from sim.engine.simulation import Simulation
from sim.mesa import FastModel, Twin
from sim.model.bonds import Bonds
from sim.model.customer import Customers
from sim.model.market import Market, Network, Run
from sim.model.movement import Movement
from sim.model.rooms import OBSERVABLES, O, observables_of
from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.rules import kind_with, load_rules, with_rules
from sim.rules.loops import OutsideError
from sim.vocabulary.errors import ScenarioError
from tests import equality, worlds
from tests.rules.files import GRUDGES, HABIT, ROOT, SHIPPED, several, written

OURS = len(OBSERVABLES)


def place(scenario: Scenario, name: str) -> int:
    return [row.name for row in observables_of(scenario)].index(name)


# --- habit, against values worked out by hand -------------------------------------------------------------------------

STRENGTH, YEARS, REVIEWS, WEEKS, PEOPLE = 0.75, 0.4, 6.0, 40, 8000


def only_comparisons() -> Scenario:
    """A world in which customers of either firm leave it when they compare, and for no other reason."""
    tree = Scenario(
        market=Market(customers=PEOPLE, network=Network(kind="random", mean_degree=0.0)),
        run=Run(periods=WEEKS),
        customers=Customers(
            bonds=Bonds(reviews_per_year=REVIEWS, attrition_per_year=0.0, returns_per_year=0.0, renewal_per_year=0.0),
        ),
        movement=Movement(switch_share=1.0),
    ).model_dump()
    tree["customers"]["encounters"] |= dict.fromkeys(
        ("purchases_per_year", "help_requests_per_year", "repairs_per_year"), 0.0
    )
    for firm in (tree["firm"], *tree["rivals"]):
        firm["initial_share"], firm["strategy"]["advertising_hazard"] = 0.5, 0.0
        firm["win_back"]["contacts_per_year"] = 0.0
    return Scenario.model_validate(tree)


def habit_in(week: int) -> float:
    return 1.0 - math.exp(-(week / 52.0) / YEARS)


def with_habit(strength: float = STRENGTH) -> Scenario:
    scenario = with_rules(only_comparisons(), [HABIT])
    return set_path(set_path(scenario, "rules.habit.strength", strength), "rules.habit.habit_years", YEARS)


def test_habit_keeps_the_share_of_customers_that_its_formula_says():
    """Nobody leaves but by comparing: the share that stays is a product over weeks, with and without the rule."""
    chance = 1.0 - math.exp(-REVIEWS / 52.0)
    for scenario, strength in ((only_comparisons(), 0.0), (with_habit(), STRENGTH)):
        tables = Simulation(scenario, threads=2).run()
        expected = math.prod(1.0 - chance * (1.0 - strength * habit_in(week)) for week in range(WEEKS))
        left = tables.leavers[:, 0].sum()
        stayed = 1.0 - left / PEOPLE
        assert stayed == pytest.approx(expected, abs=4.0 * math.sqrt(expected * (1.0 - expected) / PEOPLE))
    assert expected > 1.5 * math.prod([1.0 - chance] * WEEKS)  # the rule does something worth seeing


def test_the_comparisons_that_habit_spares_are_counted_as_its_formula_says():
    scenario = set_path(with_habit(), "movement.switch_share", 0.0)
    tables = Simulation(scenario, threads=1).run()
    chance = 1.0 - math.exp(-REVIEWS / 52.0)
    for week in (0, 1, 17, WEEKS - 1):
        each = math.floor(STRENGTH * habit_in(week) * chance * 65536 + 0.5)
        spared = tables.tallies[week, :, 0, place(scenario, "reviews_spared")]
        assert spared.tolist() == (each * tables.tallies[week, :, 0, O.active]).tolist()


def test_the_timeline_takes_effect_in_the_period_that_it_names():
    """Strength 0 until week 20, then as the formula says, in the engine and in the twin."""
    tree = set_path(with_habit(0.0), "movement.switch_share", 0.0).model_dump()
    tree["market"]["customers"], tree["run"]["periods"] = 60, 23
    tree["timeline"] = [{"at": 20, "until": 22, "set": {"rules.habit.strength": STRENGTH}}]
    scenario = kind_with([HABIT]).model_validate(tree)
    tables = Simulation(scenario, threads=1).run()
    chance = 1.0 - math.exp(-REVIEWS / 52.0)
    each = [math.floor(STRENGTH * habit_in(week) * chance * 65536 + 0.5) for week in (20, 21)]
    spared = tables.tallies[..., 0, place(scenario, "reviews_spared")]
    assert spared.sum(axis=1).tolist() == [0] * 20 + [60 * one for one in each] + [0]
    assert np.array_equal(Twin(scenario).run().tallies, tables.tallies)


def test_a_habit_of_no_strength_leaves_no_trace():
    plain = Simulation(only_comparisons(), threads=1).run()
    off = Simulation(with_habit(0.0), threads=1).run()
    assert np.array_equal(off.tallies[..., :OURS], plain.tallies)
    assert not off.tallies[..., OURS:].any()
    assert np.array_equal(off.leavers, plain.leavers)


def test_who_only_observes_changes_nothing_and_counts_what_is_there(tmp_path: Path):
    plain = set_path(worlds.by_hand("tiny desk", tmp_path), "customers.bonds.renewal_per_year", 0.0)
    watched = with_rules(plain, [GRUDGES])
    one, run = Simulation(plain, threads=1).run(), Simulation(watched, threads=1)
    other = run.run()
    assert np.array_equal(other.tallies[..., :OURS], one.tallies)
    assert other.census == one.census
    resented, margin, grudges = (
        other.tallies[..., place(watched, name)] for name in ("resented_encounters", "resented_margin", "grudges")
    )
    assert resented.sum() == run.state.outside[:, 0].sum() > 100
    holders = (run.state.outside[:, 0] >= 3) & (run.state.supplier < run.firm_count)
    assert grudges[-1].sum() == holders.sum() > 10
    assert margin.any()


# --- the same to the last bit -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tiny desk", "rage", "goodman"])
def test_the_twin_knows_what_the_engine_knows_with_rules(name: str, tmp_path: Path):
    scenario = with_rules(worlds.by_hand(name, tmp_path), several(tmp_path))
    twin = Twin(scenario, base_dir=tmp_path)
    tables = equality.assert_same_life(Simulation(scenario, threads=1, base_dir=tmp_path), equality.life(twin))
    for row in observables_of(scenario)[OURS:]:
        assert tables.tallies[..., place(scenario, row.name)].any()


def test_threads_change_nothing_with_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(simulation, "ROWS_PER_THREAD", 16)
    scenario = with_rules(worlds.by_hand("tiny desk", tmp_path), several(tmp_path))
    one = Simulation(scenario, threads=1)
    expected = one.run()
    for threads in (2, 3):
        run = Simulation(scenario, threads=threads)
        found = run.run()
        assert np.array_equal(found.tallies, expected.tallies)
        assert np.array_equal(run.state.outside, one.state.outside)
        assert found.panel is not None
        assert expected.panel is not None
        assert all(np.array_equal(found.panel[key], expected.panel[key]) for key in ("habit", "mood", "resented"))


def test_a_saved_run_goes_on_with_the_same_rules_only(tmp_path: Path):
    files = several(tmp_path)
    scenario = with_rules(worlds.by_hand("tiny desk", tmp_path), files)
    whole = equality.life(Simulation(scenario, threads=1))
    run = Simulation(scenario, threads=1)
    for _ in range(7):
        run.step()
    run.save(tmp_path / "saved.npz")
    again = Simulation.load(tmp_path / "saved.npz", threads=1, rules=files)
    equality.assert_same_life(again, whole[7 * len(whole) // scenario.run.periods :])
    others = [*files[:-1], written(tmp_path, "everything", files[-1].read_text("utf-8") + "\n# edited\n")]
    for rules in ((), SHIPPED, files[::-1], others):
        with pytest.raises(ScenarioError, match="other rules from outside"):
            Simulation.load(tmp_path / "saved.npz", rules=rules)


PROGRAM = """
import sys
from pathlib import Path
from sim.compiled import PLAIN
from sim.rules import kind_with
from sim.engine.simulation import Simulation
assert PLAIN
scenario = kind_with(sys.argv[1:]).model_validate_json(sys.stdin.read())
run = Simulation(scenario, threads=1)
tables = run.run()
import hashlib
print(hashlib.sha256(tables.tallies.tobytes() + run.state.outside.tobytes()).hexdigest())
"""


def test_plain_python_gives_the_same_bits_with_rules(tmp_path: Path):
    files = several(tmp_path)
    scenario = with_rules(worlds.world({"market.customers": 40, "run.periods": 8}), files)
    run = Simulation(scenario, threads=1)
    tables = run.run()
    plain = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, files)],
        input=scenario.model_dump_json(),
        cwd=ROOT,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
    )
    assert plain.returncode == 0, plain.stderr
    assert plain.stdout.strip() == hashlib.sha256(tables.tallies.tobytes() + run.state.outside.tobytes()).hexdigest()


def test_the_luck_of_a_rule_is_its_own(tmp_path: Path):
    """Neither the order of rules nor another rule moves the luck of one; draws differ by person and period."""
    _, grudges, moods, _ = several(tmp_path)
    scenario = worlds.world({"market.customers": 60, "run.periods": 6, "run.panel": 60})
    seen = []
    for rules in ([moods], [grudges, moods], [moods, grudges]):
        panel = Simulation(with_rules(scenario, rules), threads=1).run().panel
        assert panel is not None
        seen.append(panel["mood"])
    assert np.array_equal(seen[0], seen[1])
    assert np.array_equal(seen[0], seen[2])
    assert len(np.unique(seen[0])) > 100


def test_the_fast_model_and_the_twin_take_rules(tmp_path: Path):
    given = {"market.customers": 60, "run.periods": 5, "rules.habit.strength": 0.9}
    fast, twin = FastModel(rules=[HABIT], **given), Twin(rules=[HABIT], **given)  # type: ignore[arg-type]
    fast.run_model()
    assert np.array_equal(fast.tallies, twin.run().tallies)
    assert fast.parameters.model_dump()["rules"]["habit"]["strength"] == 0.9


# --- on the way -------------------------------------------------------------------------------------------------------


def test_a_scenario_takes_its_rules_to_another_process(tmp_path: Path):
    """The text goes along: whatever has become of the file meanwhile."""
    path = written(tmp_path, "habit", HABIT.read_text("utf-8"))
    scenario = set_path(with_rules(Scenario(), [path]), "rules.habit.strength", 0.25)
    data = pickle.dumps(scenario)
    path.unlink()
    program = (
        "import pickle, sys; found = pickle.load(sys.stdin.buffer); "
        "print(found.rules.habit.strength, found.outside[0].name, found.outside[0].steps[0].arguments)"
    )
    done = subprocess.run([sys.executable, "-c", program], input=data, capture_output=True, cwd=ROOT)
    assert done.stdout.decode().strip() == "0.25 habit ('tenure', 'review_chance', 'strength', 'habit_years')"
    assert pickle.loads(data) == scenario


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("not a number", "0.0 * (1e308 * 10.0)"),
        ("infinite", "satisfaction / (years - years)"),
        ("too large", "1e17"),
    ],
)
def test_a_rule_that_gives_no_number_ends_the_run(tmp_path: Path, what: str, value: str):
    text = f"""
from typing import NamedTuple
from sim.rules import FLOW, Column, amounts, at
VERSION = 1
COLUMNS = (Column("bad", "f8", 1, "points", "what is bad"),)
class Bad(NamedTuple):
    bad: float
@at("end_of_period")
def spoil(period, years, satisfaction) -> Bad:
    return Bad({value} if period == 2.0 else 1.0)
"""
    path = written(tmp_path, "spoiler", text)
    scenario = with_rules(worlds.world({"market.customers": 40, "run.periods": 4}), [path])
    run = Simulation(scenario, threads=1)
    with pytest.raises(OutsideError, match=r"spoiler\.py: gave no number that can be counted, \d+ times in period 2"):
        run.run()


def test_rules_are_read_once_and_kinds_are_shared():
    assert load_rules([HABIT])[0] is load_rules([HABIT])[0]
    assert type(with_rules(Scenario(), [HABIT])) is type(with_rules(Scenario(), [HABIT]))
    assert with_rules(Scenario(), []) == Scenario()
    with pytest.raises(ScenarioError, match="has its rules already"):
        with_rules(with_rules(Scenario(), [HABIT]), [GRUDGES])
