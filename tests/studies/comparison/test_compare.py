"""The whole comparison: same luck, same bytes for any number of threads, tables that agree with each other."""

import json
import signal
import subprocess
import sys
import threading

import numpy as np
import pandas as pd
import pytest

from sim.parameters.paths import set_path
from sim.results.failed_work import FailedRunsWarning
from sim.results.folder import FolderError, write_folder
from sim.results.intervals import mean_interval
from sim.results.keyfigures import KEY_FIGURES
from sim.results.measures import SPENDING
from sim.runs.run import run
from sim.studies.comparison import replicate as module
from sim.studies.comparison.compare import ComparisonError, compare
from sim.studies.comparison.cost_and_return import COSTS

TABLES = ("differences", "runs", "persons", "money", "trajectories", "changed")


@pytest.fixture(scope="module")
def written(comparison, tmp_path_factory):
    return write_folder(comparison, tmp_path_factory.mktemp("results") / "one")


def contents(path):
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


@pytest.mark.parametrize("threads", [2, 5])
def test_results_do_not_depend_on_threads(comparison, worlds, threads):
    again = compare(worlds, replications=4, threads=threads)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(comparison, name), check_exact=True, obj=name)


def test_results_do_not_depend_on_which_worlds_get_threads_of_their_own(comparison, worlds, monkeypatch):
    import sim.engine.simulation as engine

    monkeypatch.setattr(engine, "ROWS_PER_THREAD", 100)
    again = compare(worlds, replications=4, threads=2)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(comparison, name), check_exact=True, obj=name)


def test_each_world_is_that_of_a_run_of_its_own(comparison, worlds):
    """The same seeds, and so the same key figures as `sim.run` gives."""
    for label, scenario in zip(comparison.labels, worlds, strict=True):
        alone = run(scenario, replications=4, threads=1)
        rows = comparison.runs[comparison.runs["scenario"] == label]
        for figure in ("retention", "margin", "opportunity_measured", "satisfaction"):
            assert mean_interval(rows[figure])[0] == alone.value(figure)


def test_later_scenarios_share_the_seed_of_the_first(today):
    other = today.model_copy(update={"run": today.run.model_copy(update={"seed": 99})})
    found = compare([today, other], replications=2, threads=1)
    assert (found.differences["difference"] == 0.0).all()
    assert found.seed == 7
    assert compare([today, other], replications=2, seed=99, threads=1).seed == 99


def test_more_replications_leave_the_earlier_ones(comparison, worlds):
    more = compare(worlds, replications=6, threads=2)
    pd.testing.assert_frame_equal(more.runs.iloc[: len(comparison.runs)], comparison.runs, check_exact=True)


def test_a_difference_is_the_mean_of_the_differences_of_runs(comparison):
    table = comparison.runs.pivot(index="replication", columns="scenario", values="satisfaction")
    row = comparison.difference("satisfaction", "worse")
    expected = mean_interval(table["worse"] - table["today"])
    assert (row["difference"], row["low"], row["high"]) == pytest.approx(tuple(expected))
    with pytest.raises(KeyError, match="nothing"):
        comparison.difference("nothing")


def test_margin_is_revenue_minus_all_costs(comparison):
    for _, rows in comparison.money.groupby("scenario"):
        change = rows.set_index("item")["difference"]
        costs = change[[name for name, _ in COSTS]].sum()
        assert change["margin"] == pytest.approx(change["revenue"] - costs, abs=1e-6)
        assert change["spending"] == pytest.approx(change[list(SPENDING)].sum(), abs=1e-6)
        assert change["return_on_spending"] == pytest.approx(change["margin"] / change["spending"])


def test_money_and_key_figures_agree(comparison):
    for label in comparison.labels[1:]:
        rows = comparison.money[comparison.money["scenario"] == label].set_index("item")
        for item in ("margin", "revenue", "net_present_value"):
            assert rows["difference"][item] == pytest.approx(comparison.difference(item, label)["difference"])


def test_margin_adds_up_over_time(comparison):
    rows = comparison.trajectories
    for label in comparison.labels[1:]:
        own = rows[(rows["scenario"] == label) & (rows["measure"] == "cumulative_margin")]
        end = comparison.difference("margin", label)
        assert own["difference"].iloc[-1] == pytest.approx(end["difference"])
        assert own["difference_low"].iloc[-1] == pytest.approx(end["low"])
        assert own["until_period"].iloc[-1] == 26


def test_what_differs_is_listed_and_nothing_else(comparison):
    assert comparison.changed["path"].tolist() == ["firm.systems.failure_scale", "firm.desk.ease"]
    assert comparison.changed[["today", "louder", "worse"]].to_numpy().tolist() == [["1", "1", "3"], ["0", "3", "0"]]


def test_a_run_that_fails_is_a_row_and_the_others_go_on(worlds, monkeypatch):
    live = module._live

    def failing(world, measured, seed, threads, tick):
        if seed == module.replication_seed(7, 1) and world.label == "worse":
            raise ValueError("broken\nhere")
        return live(world, measured, seed, threads, tick)

    monkeypatch.setattr(module, "_live", failing)
    with pytest.warns(FailedRunsWarning, match="1 of 12 runs failed; the first: ValueError: broken"):
        found = compare(worlds, replications=4, threads=2)
    failed = found.runs[found.runs["status"] == "failed"]
    assert failed[["scenario", "replication", "reason"]].to_numpy().tolist() == [["worse", 1, "ValueError: broken"]]
    assert failed["retention"].isna().all()
    assert found.replications == 3
    assert set(found.differences["n"]) == {3}
    assert "1 of 12 runs failed" in found.notes[-1]
    assert (found.persons["n"] == 3).all()


def test_nothing_to_compare_is_said_with_the_first_reason(worlds, monkeypatch):
    def failing(*_):
        raise ValueError("no luck")

    monkeypatch.setattr(module, "_live", failing)
    with pytest.raises(ComparisonError, match=r"12 of 12 runs failed.*ValueError: no luck"):
        compare(worlds, replications=4, threads=2)


def test_progress_counts_every_run(worlds):
    told = []
    compare(worlds, replications=3, threads=2, progress=lambda *seen: told.append(seen))
    assert told[-1] == (9, 0, 9)
    assert [done for done, _, _ in told] == [3, 6, 9]


def test_an_error_while_it_runs_leaves_no_thread(worlds):
    before = threading.active_count()

    def stop(done, failed, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(worlds, replications=20, threads=2, progress=stop)
    assert threading.active_count() == before


def test_everything_is_in_the_folder(written):
    assert set(contents(written)) >= {
        "differences.csv",
        "persons.csv",
        "money.csv",
        "changed.csv",
        "runs.parquet",
        "trajectories.parquet",
        "summary.json",
        "manifest.json",
        "dictionary.csv",
        "dictionary.json",
        "report.html",
        "figures/money.svg",
        "figures/differences.png",
    }
    assert not list(written.parent.glob(".*"))


def test_the_same_bytes_but_for_the_manifest(written, worlds, tmp_path):
    again = write_folder(compare(worlds, replications=4, threads=2), tmp_path / "again")
    ours, theirs = contents(written), contents(again)
    assert {name for name in ours | theirs if ours.get(name) != theirs.get(name)} <= {"manifest.json"}


def test_an_earlier_comparison_stays_unless_forced(comparison, tmp_path):
    written = write_folder(comparison, tmp_path / "one", figures=False, report=True)
    with pytest.raises(FolderError, match="--force"):
        write_folder(comparison, written)
    write_folder(comparison, written, force=True, figures=False, report=False)
    assert not (written / "report.html").exists()


def test_every_column_is_explained(comparison):
    known = comparison.dictionary().groupby("table")["column"].agg(set)
    for name in TABLES[:-1]:
        assert set(getattr(comparison, name).columns) == known[name], name


def test_json_is_strict_and_says_infinite(today):
    found = compare([today, today], replications=2, threads=1)
    text = json.dumps(found.as_json(), allow_nan=False)
    assert "infinite" in text


def test_the_manifest_holds_what_it_takes_to_do_it_again(comparison):
    manifest = comparison.manifest
    assert manifest["seeds"][0] == 7
    assert len(manifest["seeds"]) == manifest["replications"] == 4
    assert [item["name"] for item in manifest["scenarios"]] == ["today", "louder", "worse"]


def test_a_comparison_shows_itself(comparison):
    assert repr(comparison) == "Comparison(today | louder | worse, 4 replications, seed 7)"
    assert "Yearly retention" in comparison._repr_html_()


def test_a_large_effect_is_found_and_sure(worlds):
    found = compare([worlds[0], worlds[2]], replications=8, threads=2)
    row = found.difference("dissatisfied_share")
    assert row["excludes_zero_together"]
    assert row["difference"] > 0


def test_memory_stays_flat_as_replications_grow(today, monkeypatch):
    """What is kept of a replication does not grow with people or periods: rows, sums and counts only.

    Networks and people of the start that may be asked for again are kept besides, up to a size of their own.
    """
    import tracemalloc

    for kept in ("kept_networks", "kept_people"):
        monkeypatch.setattr(f"sim.engine.{kept}.MOST_BYTES", 0)
    small = set_path(set_path(today, "money.measure_opportunity_cost", False), "market.customers", 2000)
    other = set_path(small, "firm.desk.ease", 2.0)
    compare([small, other], replications=15, threads=1)  # what a process does once, after so many fits too, is done
    sizes = []
    for replications in (3, 9):
        tracemalloc.start()
        compare([small, other], replications=replications, threads=1)
        sizes.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert sizes[1] - sizes[0] < 6 * 60_000  # the people alone would be 280,000 bytes of each


UNTIL_IT_RUNS = """
import sys
from sim.cli import main
from sim.engine.simulation import Simulation
run, begun = Simulation.run, []
def told(self, *given, **more):
    begun.append(None)
    if len(begun) == 4:
        print("it runs", file=sys.stderr, flush=True)
    return run(self, *given, **more)
Simulation.run = told
main()
"""


def test_ctrl_c_leaves_nothing_and_says_130(tmp_path):
    worlds = ("scenarios/baseline.yaml", "scenarios/cut_the_desk.yaml")
    words = ["compare", *worlds, "--replications", "5000", "--out", str(tmp_path / "out")]
    process = subprocess.Popen([sys.executable, "-c", UNTIL_IT_RUNS, *words], stderr=subprocess.PIPE, text=True)
    assert any(line == "it runs\n" for line in process.stderr)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "nothing was written" in said
    assert list(tmp_path.iterdir()) == []


def test_key_figures_are_all_there(comparison):
    assert set(comparison.differences["figure"]) == {figure.name for figure in KEY_FIGURES}
    assert np.isfinite(comparison.runs[[figure.name for figure in KEY_FIGURES][:6]]).all().all()
