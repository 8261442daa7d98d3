"""Worlds side by side, replications, results and workers count; what does not fit is refused before anything starts."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli.inspect import validate_files
from sim.engine import fitting
from sim.engine.footprint import footprint, total
from sim.engine.free import PROGRAM, Free
from sim.model.market import Market, Network, Run
from sim.model.scenario import Scenario
from sim.runs import memory
from sim.runs.experiment.definition import Experiment
from sim.runs.experiment.reader import plan_experiment
from sim.runs.memory import affordable_workers, check_run, largest_run, result_bytes, run_parts
from sim.runs.run import run
from sim.scenario import load_text
from sim.studies.comparison.comparison_memory import ENDING_BYTES
from sim.studies.comparison.persons import ending_of, match_persons
from sim.vocabulary.errors import ScenarioError

GIB = 2**30


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch):
    """Sets how much memory is free."""

    def set_to(size: int) -> None:
        for module in (fitting, memory):
            monkeypatch.setattr(module, "free_memory", lambda threads=1: Free(size, "on this machine"))

    return set_to


def test_a_table_of_results_has_the_size_that_is_reckoned():
    scenario = load_text("segments: [{name: a, share: 0.5}, {name: b, share: 0.5}]").scenario
    small = fitting.changed(fitting.changed(scenario, "market", customers=100), "run", periods=4, replications=2)
    result = run(small, threads=1)
    held = int(result.series.memory_usage(deep=True).sum() + result.survival.memory_usage(deep=True).sum())
    assert held <= result_bytes(small) <= 1.3 * held


def test_replications_and_people_followed_count():
    def scenario(**calendar) -> Scenario:
        return Scenario(market=Market(customers=20_000), run=Run(**{"replications": 1, **calendar}))

    assert total(run_parts(scenario(replications=10_000), 2)) > GIB
    assert total(run_parts(scenario(panel=20_000), 2)) > 3 * total(run_parts(scenario(), 2))


def test_a_run_from_python_is_refused_as_one_from_a_file(free):
    free(GIB)
    large = Scenario(market=Market(customers=20_000_000), run=Run(periods=1, replications=1))
    with pytest.raises(ScenarioError, match=r"market.customers: the run takes more memory than is free; found 3.9 GiB"):
        run(large, threads=1)


def test_a_refusal_names_the_line_of_what_is_too_large(free):
    loaded = load_text("run:\n  replications: 10000\n  periods: 5000\n")
    free(GIB)
    with pytest.raises(ScenarioError) as refused:
        check_run(loaded.scenario, threads=1, loaded=loaded)
    message = str(refused.value)
    assert message.startswith("scenario.yaml:2:17: run.replications: the run takes more memory than is free; found ")
    assert "tables of results" in message
    assert "at most" in message


def test_validate_says_the_size_of_a_large_run(tmp_path: Path, free, capsys: pytest.CaptureFixture[str]):
    free(100 * GIB)
    file = tmp_path / "large.yaml"
    file.write_text("market: {customers: 20000000, network: {mean_degree: 40}}\nrun: {periods: 1}\n", encoding="utf-8")
    validate_files([file])  # which raises where something is wrong
    assert "takes 6.3 GiB: network 3.1, people 2.2, inboxes 0.7" in capsys.readouterr().out
    free(4 * GIB)
    with pytest.raises(SystemExit) as refused:
        validate_files([file])
    assert refused.value.code == 2
    message = capsys.readouterr().err
    assert "large.yaml:1:21: market.customers: the run takes more memory than is free" in message


def experiment(**changes) -> Experiment:
    base = str(Path(__file__).parents[2] / "scenarios" / "baseline.yaml")
    settings = {"market.customers": 1_000_000, "run.periods": 1, "market.network.mean_degree": 20.0, "run.panel": 0}
    content = {
        "scenario": base,
        "set": settings,
        "levers": {"firm.desk.ease": {"low": 0.0, "high": 1.0}},
        "design": {"kind": "random", "points": 2},
    }
    return Experiment.model_validate({**content, **changes})


def test_workers_are_lowered_where_nobody_asked_for_a_number(free, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sim.engine.free.usable_cores", lambda: 8)
    plan = plan_experiment(experiment())
    free(64 * GIB)
    assert affordable_workers(plan, None) is None
    each = total(footprint(plan.scenario).peak) + memory.WORKER
    free(int(3.5 * each / 0.9))
    with pytest.warns(memory.MemoryNotice, match=r"^3 workers instead of 8: each run takes up to \d+ MiB"):
        assert affordable_workers(plan, None) == 3


def test_more_workers_than_fit_are_refused_where_somebody_asked_for_them(free):
    plan = plan_experiment(experiment())
    free(4 * GIB)
    with pytest.raises(
        ScenarioError, match=r"^workers: the study with 64 workers takes more memory than is free; found"
    ):
        affordable_workers(plan, 64, "spawn")
    assert affordable_workers(plan, 2, "spawn") == 2
    assert affordable_workers(plan, 64, "mpi") == 64


def test_the_largest_run_of_a_design_counts_and_not_the_scenario(free):
    sizes = {
        "market.customers": {"values": [1000, 2_000_000]},
        "market.network.mean_degree": {"low": 2.0, "high": 100.0},
    }
    settings = {"market.network.kind": "random"}
    free(GIB)
    plan = plan_experiment(experiment(set=settings, levers={}, uncertainties=sizes))
    found = largest_run(plan)
    assert (found.market.customers, found.market.network.mean_degree) == (2_000_000, 100.0)
    with pytest.raises(ScenarioError, match=r"market.network.mean_degree: the largest run of the study takes more"):
        affordable_workers(plan, None)


def test_people_of_compared_worlds_take_what_is_reckoned():
    import tracemalloc

    from sim.engine.simulation import Simulation

    people = 40_000
    world = Simulation(
        Scenario(market=Market(customers=people, network=Network(kind="complete")), run=Run(periods=1)), threads=1
    )
    world.run()
    tracemalloc.start()
    match_persons(ending_of(world), ending_of(world))
    most = tracemalloc.get_traced_memory()[1] / people
    tracemalloc.stop()
    assert most <= 2 * ENDING_BYTES


# --- measured --------------------------------------------------------------------------------------------------------

SIZES = {
    "ten thousand": ("market: {customers: 10000}\nrun: {periods: 52, replications: 10}", 2),
    "a long run": (
        "market: {customers: 200, network: {mean_degree: 2}}\nrun: {periods: 20000, period: day, replications: 2}",
        1,
    ),
    "many followed": ("market: {customers: 100000}\nrun: {periods: 40, replications: 1, panel: 50000}", 2),
    "degree 400": (
        "market: {customers: 100000, network: {mean_degree: 400, rewiring: 0.01}}\nrun: {periods: 2, replications: 1}",
        2,
    ),
    "preferential attachment": (
        "market: {customers: 1000000, network: {kind: preferential_attachment, mean_degree: 20}}\n"
        "run: {periods: 3, replications: 1}",
        2,
    ),
    "random ties": (
        "market: {customers: 1000000, network: {kind: random, mean_degree: 50.5}}\nrun: {periods: 3, replications: 1}",
        4,
    ),
    "a complete mix": (
        "market: {customers: 1000000, network: {kind: complete}}\nrun: {periods: 8, replications: 2}",
        1,
    ),
    "many firms": (
        "market: {customers: 500000}\nrun: {periods: 6, replications: 1}\nrivals: ["
        + ", ".join(f"{{name: r{n}, initial_share: 0.05}}" for n in range(10))
        + "]",
        2,
    ),
    "many complaints": (
        "market: {customers: 500000}\nrun: {periods: 12, replications: 1}\n"
        "voice: {preset: rage_2015}\nfirm: {culture: awful, desk: {agents: 0.1}}",
        2,
    ),
    "ten million": (
        "market: {customers: 10000000}\nrun: {periods: 2, replications: 1}\nmoney: {measure_opportunity_cost: false}",
        2,
    ),
}

PROGRAM_TEXT = """
import json, resource, sys
from sim.engine.footprint import total
from sim.scenario import load_text
from sim.runs.memory import run_parts
from sim.runs.run import run
loaded, threads = load_text(sys.argv[1]), int(sys.argv[2])
needed = total(run_parts(loaded.scenario, threads))
run(loaded, threads=threads)
print(json.dumps([needed, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", SIZES)
def test_a_run_takes_no_more_than_is_reckoned_and_not_much_less(name: str):
    text, threads = SIZES[name]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM_TEXT, text, str(threads)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    needed, measured = json.loads(done.stdout.splitlines()[-1])
    print(f"{name}: reckoned {(needed + PROGRAM) / 2**20:,.0f} MiB, measured {measured / 2**20:,.0f} MiB")
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0
    assert measured <= needed + PROGRAM
    assert needed + PROGRAM <= 1.5 * measured + PROGRAM
