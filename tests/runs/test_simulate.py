"""A point's scenario is the one that the file would give, and its run the one that `sim run` would do."""

import math
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from random import Random

import pytest

from sim.engine import fitting
from sim.engine import simulation as engine
from sim.engine.free import Free
from sim.parameters.paths import assign, validated
from sim.parameters.registry import parameters
from sim.parameters.timeline import WITHOUT_FAILURES
from sim.results.outputs import measure
from sim.runs.execution.simulate import Base, SimulationTask
from sim.runs.experiment.points import point_id
from sim.runs.run import run
from sim.scenario import load_text
from sim.vocabulary.errors import ScenarioError

SMALL = "market: {customers: 150}\nrun: {periods: 5}\n"
GROUPS = (
    SMALL + "segments: [{name: young, share: 0.4}, {name: old, share: 0.6, bonds: {captive_share: 0.3}}]\n"
    "rivals: [{name: near, initial_share: 0.2}, {name: far, initial_share: 0.1}]\n"
    "timeline: [{at: 3, set: {firm.desk.ease: 2}}]\n"
)


def small(text=SMALL):
    return load_text(text).scenario


def task(*outputs, text=SMALL, **options):
    return SimulationTask(outputs or ("retention", "complained.total"), {(): small(text)}, **options)


def tick():
    """Nothing."""


def slowly(scenario, values):
    """The scenario at a point, by assigning to its data and checking all of it."""
    tree = scenario.model_dump()
    for path in sorted(values):
        assign(tree, path, values[path])
    return validated(tree)


OWNERS = {"rivals[]": ("rivals.near", "rivals.1"), "segments[]": ("segments.young", "segments.1")}


def some_values(dice):
    """A few parameters anywhere, with values that are mostly allowed."""
    values = {}
    for info in dice.sample(parameters(), dice.randint(1, 6)):
        first = info.path.split(".", maxsplit=1)[0]
        if first == "timeline[]" or info.path.endswith("culture") or info.path == "voice.preset":
            continue
        owner = dice.choice(OWNERS.get(first, (first,)))
        path = owner + info.path.removeprefix(first)
        if isinstance(info.default, bool):
            values[path] = dice.choice([True, False, 1])
        elif isinstance(info.default, int | float):
            low, high = info.low or 0.0, info.high if info.high is not None else 5.0
            wide = dice.choice([info.default, info.default * 0.9, low, high, low - 1.0, math.nan])
            values[path] = int(wide) if isinstance(info.default, int) and math.isfinite(wide) else wide
        elif info.choices:
            values[path] = dice.choice([*info.choices, "nonsense"])
        else:
            values[path] = dice.choice(["near", "old", "a b", ""])
    return values


def outcome(make, *given):
    """A scenario, or what is wrong with it."""
    try:
        return make(*given), set()
    except ScenarioError as error:
        return None, {problem.message for problem in error.problems}


def test_a_points_scenario_is_that_of_its_data_checked_as_a_whole():
    dice, base = Random(1), Base(small(GROUPS))
    right = wrong = 0
    for _ in range(600):
        values = some_values(dice)
        expected, problems = outcome(slowly, base.scenario, values)
        found, found_problems = outcome(base.at, values)
        assert found_problems == problems
        assert found == expected
        if expected is not None:
            assert found.model_dump() == expected.model_dump()
            assert found.all_segments == expected.all_segments
        right, wrong = right + (expected is not None), wrong + (expected is None)
    assert right > 100
    assert wrong > 100


def test_the_base_stays_as_it_is():
    base = Base(small(GROUPS))
    before = base.scenario.model_dump_json()
    base.at({"customers.bonds.captive_share": 0.5, "rivals.far.desk.ease": 1.0, "segments.0.share": 0.4})
    assert base.scenario.model_dump_json() == before


def test_sections_that_check_sums_are_checked_with_all_their_changes():
    channels = "firm.systems.channels"
    base = Base(small())
    moved = base.at({f"{channels}.chat": 0.3, f"{channels}.counter": 0.4})
    assert moved.firm.systems.channels.chat == 0.3
    with pytest.raises(ScenarioError, match=r"must sum to 1, found 1\.1"):
        base.at({f"{channels}.chat": 0.3})
    with pytest.raises(ScenarioError, match="shares of all firms"):
        base.at({"firm.initial_share": 0.7})


def test_what_is_said_of_one_segment_holds_in_whatever_order_it_is_said():
    base = Base(small(GROUPS))
    usual = base.scenario.customers.bonds.captive_share
    values = {"segments.young.bonds.captive_share": usual, "customers.bonds.captive_share": 0.25}
    turned = dict(reversed(values.items()))
    assert point_id(values) == point_id(turned)
    assert base.at(values) == base.at(turned)
    assert [segment.bonds.captive_share for segment in base.at(values).segments] == [usual, 0.3]


def test_whole_numbers_may_be_written_with_a_point():
    assert point_id({"market.customers": 100}) == point_id({"market.customers": 100.0})
    assert Base(small()).at({"market.customers": 100.0}).market.customers == 100
    with pytest.raises(ScenarioError, match="not a whole number"):
        Base(small()).at({"market.customers": 100.5})


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"firm.desk.eese": 1.0}, ("firm.desk.eese: unknown parameter", "did you mean firm.desk.ease?")),
        ({"firm.desk.ease": 99.0, "talk.strong_adoption": -1.0}, ("firm.desk.ease: too large", "talk.strong_adoption")),
        ({"market.customers": 10**9}, ("market.customers: too large", "found 1000000000")),
        ({"customers.bonds.captive_share": 2.0}, ("customers.bonds.captive_share: too large; found 2.0",)),
        ({"market.network.kind": "edges"}, ("kind: edges needs a file",)),
        ({"firm.culture": "poor"}, ("no scenario was made ready", "firm.culture=poor")),
        ({"run.period": "day", "run.periods": 100_000, "run.start": "x"}, ("run.start: not a date",)),
        (
            {"run.period": "month"},
            ("too many encounters", "75.2 encounters per month", "(from period 3)"),
        ),
        ({"run.periods": 2}, ("active@4: no such period; allowed: 0 to 1",)),
    ],
)
def test_a_point_that_cannot_be_says_so_in_one_line(values, words):
    busy = GROUPS.replace("firm.desk.ease: 2", "customers.encounters.purchases_per_year: 900")
    with pytest.raises(ScenarioError) as found:
        task("active@4", text=busy)(values, 1, tick)
    assert "\n" not in str(found.value)
    for word in words:
        assert word in str(found.value)
    assert str(found.value).count("captive_share") <= 1


def test_what_the_machine_cannot_hold_is_refused_and_not_tried(monkeypatch):
    monkeypatch.setattr(fitting, "free_memory", lambda threads: Free(2**30, "on this machine"))
    monkeypatch.setattr(engine, "Simulation", None)
    with pytest.raises(ScenarioError, match=r"the run takes more memory than is free; found 9\.\d GiB: people"):
        task()({"market.customers": 50_000_000}, 1, tick)


def test_a_run_is_that_of_sim_run():
    scenario = small(GROUPS)
    doing = task("retention", "quality_cost_share", "margin", text=GROUPS)
    found = doing({"firm.desk.ease": 1.0}, 77, tick)
    whole = run(Base(scenario).at({"firm.desk.ease": 1.0}), seed=77, replications=1, threads=1)
    assert list(found) == ["retention", "quality_cost_share", "margin"]
    for name, value in found.items():
        assert value == whole.value(name)


def test_presets_are_those_of_the_prepared_scenarios():
    poor = load_text(SMALL, ["firm.culture=poor"]).scenario
    doing = SimulationTask(("retention",), {(): small(), (("firm.culture", "poor"),): poor})
    assert doing.scenario({"firm.culture": "poor", "firm.desk.ease": 1.0}).firm.culture == "poor"
    assert doing.scenario({"firm.desk.ease": 1.0}) == Base(small()).at({"firm.desk.ease": 1.0})


def test_the_second_world_is_simulated_only_for_outputs_that_need_it(monkeypatch):
    worlds = []

    class Counted(engine.Simulation):
        def __init__(self, *given, **named):
            worlds.append(named.get("patch"))
            super().__init__(*given, **named)

    monkeypatch.setattr(engine, "Simulation", Counted)
    task("retention", "spending", "survival@3")({}, 1, tick)
    assert worlds == [None]
    task("retention", "opportunity_share")({}, 1, tick)
    assert worlds == [None, None, WITHOUT_FAILURES]


def test_a_run_ticks_in_every_period_of_every_world():
    ticks = []
    task("opportunity_measured")({}, 1, lambda: ticks.append(1))
    assert len(ticks) == 2 * 5


def test_replications_of_a_point_share_its_scenario_and_nothing_that_a_run_changes(monkeypatch):
    """A firm that replies to prices writes them into its record; the next replication begins with those of the file."""
    scenario = load_text(SMALL, []).scenario
    made = []
    at = Base.at
    monkeypatch.setattr(Base, "at", lambda self, values: made.append(values) or at(self, values))
    task = SimulationTask(("customers", "revenue"), {(): scenario})
    points = [{"firm.price_reply.cuts": 1.0, "firm.strategy.price_index": price} for price in (1.3, 1.1)]
    found = [task(values, 7, lambda: None) for values in (*[points[0]] * 3, *[points[1]] * 2, points[0])]
    assert found[0] == found[1] == found[2] == found[5] != found[3] == found[4]
    assert len(made) == 3


def test_people_who_are_followed_cost_nothing_and_change_nothing(monkeypatch):
    expected = task()({}, 5, tick)
    monkeypatch.setattr(engine, "panel_rows", None)
    assert task(text=SMALL.replace("periods: 5", "periods: 5, panel: 50"))({}, 5, tick) == expected


def test_types_of_customers_are_told_apart_for_no_output(monkeypatch):
    expected = task()({}, 3, tick)
    asked = []
    monkeypatch.setattr(engine.census, "customer_types", lambda *_: asked.append(1) or {})
    assert task()({}, 3, tick) == expected
    assert not asked
    engine.Simulation(small()).run()
    assert asked


def test_an_edge_list_lies_beside_the_scenario_file(tmp_path):
    (tmp_path / "ties.csv").write_text("source,target\n0,1\n1,2\n2,3\n")
    text = SMALL.replace("customers: 150", "customers: 150, network: {kind: edges, file: ties.csv}")
    scenario = load_text(text, base_dir=tmp_path).scenario
    doing = SimulationTask(("told_positive.total",), {(): scenario}, tmp_path)
    direct = engine.Simulation(scenario, seed=3, threads=1, base_dir=tmp_path).run()
    assert doing({}, 3, tick) == measure(scenario, direct, None, doing.outputs)
    with pytest.raises(ScenarioError, match="no such file"):
        SimulationTask(("told_positive.total",), {(): scenario}, tmp_path / "elsewhere")({}, 3, tick)


POINTS = [({"firm.desk.ease": ease / 4, "customers.bonds.captive_share": ease / 10}, 100 + ease) for ease in range(6)]


def do(doing, number):
    values, seed = POINTS[number]
    return doing(values, seed, tick)


def test_a_task_is_sent_small_and_does_the_same_in_threads_and_in_spawned_processes():
    doing = task(text=GROUPS)
    expected = [do(doing, number) for number in range(len(POINTS))]
    assert len({tuple(row.values()) for row in expected}) > 1
    sent = pickle.dumps(doing)
    fresh = task(text=GROUPS)
    fresh.scenario({})
    assert len(sent) < 1.3 * len(small(GROUPS).model_dump_json())
    assert len(sent) <= len(pickle.dumps(fresh)) + 100
    shared = pickle.loads(sent)
    assert shared == doing
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(do, [shared] * 6, range(6))) == expected
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        assert list(processes.map(shared, *zip(*POINTS, strict=True), [int] * 6)) == expected


def test_a_worker_that_simulates_loads_no_tables():
    """A third of its start: pandas is for whoever puts tables together, and for nobody who does a run."""
    code = (
        "import sys; from sim.runs.execution.simulate import SimulationTask; from sim.model.scenario import Scenario;"
        "task = SimulationTask(('retention', 'lifetime_value', 'survival@1'), {(): Scenario()});"
        "task({'market.customers': 60, 'run.periods': 2}, 1, lambda: None);"
        "assert not {'pandas', 'pyarrow', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
