"""Failed work is never reported as done: status, one line on standard error, and what was done is stored."""

import json
import os
import re
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.cli.ending import ending
from sim.engine.simulation import Simulation
from sim.model.scenario import Scenario
from sim.results.failed_work import FailedRunsWarning, FailedWorkWarning
from sim.runs.execution.simulate import SimulationTask
from sim.runs.run import RunError, replication_seed, run
from sim.runs.store.store import Store
from sim.studies.comparison import replicate
from sim.studies.patterns.patterns import Patterns
from sim.vocabulary.exit_status import ExitStatus
from tests.results.kept import read_folder

ROOT = Path(__file__).resolve().parents[2]
WORLD = "name: small\nmarket: {customers: 120}\nrun: {period: week, periods: 3, seed: 5, replications: 3}\n"
HEAD = "name: trial\nscenario: small.yaml\noutputs: [retention]\n"
LEVER = "levers:\n  firm.desk.ease: {values: [0, 1, 2, 3]}\n"
SWEEP = HEAD + LEVER + "design: {kind: grid}\n"
SENSITIVITY = HEAD + (
    "levers: {firm.desk.ease: {low: 0, high: 3}, firm.desk.answer_share: {low: 0, high: 1}}\n"
    "sensitivity: {samples: 16, pairs: 2}\n"
)
OPTIMISE = HEAD + LEVER + ("optimise: {goals: [{output: retention}], trials: 4, finalists: 1, final_replications: 2}\n")
CALIBRATE = HEAD + (
    "set: {run.periods: 104}\nuncertainties: {customers.bonds.attrition_per_year: {low: 0.02, high: 0.5}}\n"
    "calibrate: {data: retention, unit: years, trials: 24, members: 8}\n"
)
ONE = ("--engine", "in-process", "--workers", "1")


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Run the command line in this process, in a folder with a scenario and experiments."""
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "small": WORLD,
        "other": WORLD.replace("small", "other"),
        "sweep": SWEEP,
        "sensitivity": SENSITIVITY,
        "optimise": OPTIMISE,
        "calibrate": CALIBRATE,
    }.items():
        Path(f"{name}.yaml").write_text(text)
    Path("data.csv").write_text("time,survivors\n0,300\n1,250\n2,221\n")

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["sim", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return end.value.code, out, [line for line in err.splitlines() if not re.match(r"\d+ of [\d,]+ runs\b", line)]

    return call


@pytest.fixture
def runs(monkeypatch):
    """Runs that are not simulated: every output is a half and a bit; those that the function in `bad` names fail."""
    bad = {"of": lambda values, seed: False}

    def do(self, values, seed, tick):
        if bad["of"](values, seed):
            raise MemoryError("no room")
        numbers = [float(value) for value in values.values() if isinstance(value, int | float)]
        return dict.fromkeys(self.outputs, 0.5 + 0.01 * sum(numbers) + seed % 97 * 1e-5)

    monkeypatch.setattr(SimulationTask, "__call__", do)
    return bad


def dear(values, seed):
    return values.get("firm.desk.ease", 0) > 2.5


def every(values, seed):
    return True


# ---- studies ---------------------------------------------------------------------------------------------------------


def test_all_done_is_0_and_quiet_is_quiet(call, runs):
    assert call("sweep", "sweep.yaml", *ONE, "-q") == (0, "", [])
    assert call("results", "results/trial")[0] == 0


def test_one_run_out_of_memory_is_1_and_a_line_even_with_q(call, runs):
    runs["of"] = dear
    told = ["error: 1 of 4 runs failed; most often: MemoryError: no room; see: sim results results/trial --failed"]
    assert call("sweep", "sweep.yaml", *ONE, "-q") == (1, "", told)
    assert Store.open("results/trial").counts() == (4, 3, 1, 0)
    status, out, err = call("results", "results/trial")
    assert (status, err) == (1, told)
    assert "4 runs, 3 done, 1 failed" in out
    status, out, err = call("results", "results/trial", "--failed", "--json")
    assert (status, err, [row["reason"] for row in json.loads(out)]) == (0, [], ["MemoryError: no room"])


def test_what_failed_is_told_again_until_it_is_mended(call, runs):
    runs["of"] = dear
    assert call("sweep", "sweep.yaml", *ONE, "-q")[0] == 1
    runs["of"] = lambda values, seed: False
    assert call("sweep", "sweep.yaml", *ONE, "-q", "--resume")[0] == 1
    assert call("sweep", "sweep.yaml", *ONE, "-q", "--resume", "--retry-failed") == (0, "", [])
    assert call("results", "results/trial")[0] == 0


def test_a_sweep_whose_every_run_failed_is_1(call, runs):
    runs["of"] = every
    status, _, err = call("sweep", "sweep.yaml", *ONE, "-q")
    assert (status, len(err)) == (1, 1)
    assert err[0].startswith("error: 4 of 4 runs failed; most often: MemoryError: no room; see: ")


STUDIES = {
    "sensitivity": ("sensitivity.yaml", lambda values, seed: values.get("firm.desk.ease", 0) > 2.95),
    "optimise": ("optimise.yaml", dear),
    "calibrate": ("calibrate.yaml", lambda values, seed: values["customers.bonds.attrition_per_year"] > 0.45),
}


@pytest.mark.parametrize("command", STUDIES)
def test_a_study_of_which_some_runs_failed_is_1_and_has_its_answer(call, runs, command):
    file, runs["of"] = STUDIES[command]
    data = ("--data", "data.csv") if command == "calibrate" else ()
    asked = (command, file, *data, *ONE, "--no-report", "-q", "--out", "out")
    status, out, err = call(*asked)
    assert (status, out, len(err)) == (1, "", 1), err
    form = r"error: [\d,]+ of [\d,]+ runs failed; the first: MemoryError: no room; see: sim results out --failed"
    assert re.fullmatch(form, err[0])
    assert Path("out/analysis/summary.json").is_file()
    counts = Store.open("out").counts()
    assert err[0].startswith(f"error: {counts.failed:,} of {counts.done + counts.failed:,} runs failed")
    assert call(*asked, "--resume") == (1, "", err)  # also where all runs were known before
    assert call("results", "out")[0] == 1


SAID = {
    "sensitivity": r"\b\d+ of [\d,]+ runs failed:</p>\s*<ul>\s*<li>\d+ times: MemoryError: no room",
    "optimise": r"\b1 of \d choices could not be judged, the first because \d+ of \d+ runs failed: MemoryError",
    "calibrate": r"\b\d+ runs? failed or gave no number, and were left out",
}


@pytest.mark.parametrize("command", STUDIES)
def test_the_page_of_a_study_says_that_runs_failed(call, runs, command):
    file, runs["of"] = STUDIES[command]
    data = ("--data", "data.csv") if command == "calibrate" else ()
    assert call(command, file, *data, *ONE, "-q", "--out", "out")[0] == 1
    page = Path("out/analysis/report.html").read_text("utf-8")
    assert re.search(SAID[command], page)
    if command == "calibrate":  # all of them: those of the check as well
        assert re.search(rf"\b{Store.open('out').counts().failed} runs? failed or gave no number", page)


@pytest.mark.parametrize("command", STUDIES)
def test_a_study_whose_every_run_failed_is_1_and_says_where_to_look(call, runs, command):
    runs["of"] = every
    data = ("--data", "data.csv") if command == "calibrate" else ()
    status, out, err = call(command, STUDIES[command][0], *data, *ONE, "--no-report", "-q", "--out", "out")
    assert (status, out) == (1, "")
    assert "MemoryError: no room" in err[0]
    assert "sim results out --failed" in err[0]
    assert all(line.startswith("error: ") for line in err)


@pytest.mark.parametrize("command", STUDIES)
@pytest.mark.parametrize("mischief", ["changed", "added"])
def test_an_answer_that_somebody_wrote_to_is_not_replaced_when_its_study_goes_on(call, runs, command, mischief):
    data = ("--data", "data.csv") if command == "calibrate" else ()
    asked = (command, STUDIES[command][0], *data, *ONE, "--no-report", "-q", "--out", "out")
    assert call(*asked) == (0, "", [])
    assert call(*asked, "--resume") == (0, "", [])
    name = "summary.json" if mischief == "changed" else "notes.txt"
    (Path("out/analysis") / name).write_text("precious")
    status, out, err = call(*asked, "--resume")
    assert (status, out) == (2, "")
    assert err[0].startswith(f"error: out/analysis: {name} was changed or added since the answer was written")
    assert (Path("out/analysis") / name).read_text() == "precious"
    (Path("out/analysis") / name).unlink()
    assert call(*asked, "--resume") == (0, "", [])


def test_no_choice_that_meets_what_is_asked_for_is_1(call, runs):
    text = OPTIMISE.replace("trials: 4", "requirements: [retention > 3], trials: 4")
    Path("optimise.yaml").write_text(text)
    status, out, err = call("optimise", "optimise.yaml", *ONE, "--no-report", "-q", "--out", "out")
    assert (status, out) == (1, "")
    assert err == ["error: no choice meets all that is asked for; the nearest misses: out/analysis"]


# ---- worlds ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def breaking(monkeypatch):
    """Simulations that break in the worlds whose seeds are added to the set."""
    seeds = set()
    real = Simulation.run

    def run(self, *arguments):
        if self.seed in seeds:
            raise MemoryError("no room")
        return real(self, *arguments)

    monkeypatch.setattr(Simulation, "run", run)
    return seeds


def test_a_replication_that_fails_costs_no_other(call, breaking):
    breaking.add(replication_seed(5, 1))
    status, out, err = call("run", "small.yaml", "--no-report", "--no-figures", "-q", "--out", "out")
    assert (status, out) == (1, "")
    assert err == ["error: 1 of 3 runs failed; the first: MemoryError: no room; see: failed in out/manifest.json"]
    result = read_folder("out")
    assert sorted(result.series["replication"].unique()) == [0, 2]
    assert result.manifest["failed"] == [
        {"replication": 1, "seed": replication_seed(5, 1), "reason": "MemoryError: no room"}
    ]
    whole = run("small.yaml", replications=1)
    assert result.series[result.series["replication"] == 0].reset_index(drop=True).equals(whole.series)
    assert result.series.set_index("replication")["seed"].to_dict()[2] == replication_seed(5, 2)


def test_the_page_of_a_run_says_which_replications_failed(call, breaking):
    breaking.add(replication_seed(5, 1))
    assert call("run", "small.yaml", "-q", "--out", "out")[0] == 1
    page = Path("out/report.html").read_text("utf-8")
    said = "1 of 3 runs failed; the first: MemoryError: no room. Everything on this page comes from the others."
    assert page.index('id="answer"') < page.index(said) < page.index('class="cards"')


@pytest.mark.usefixtures("call")
def test_a_caller_in_python_is_warned(breaking, runs):
    breaking.add(replication_seed(5, 2))
    with pytest.warns(FailedRunsWarning, match="1 of 3 runs failed; the first: MemoryError: no room"):
        assert sim.run("small.yaml").replications == 2
    runs["of"] = dear
    with pytest.warns(FailedRunsWarning, match="1 of 4 runs failed; most often: MemoryError: no room"):
        assert len(sim.sweep("sweep.yaml", engine="in-process", workers=1).failures) == 1


def test_a_run_whose_every_replication_fails_is_1_and_writes_nothing(call, breaking):
    breaking.update(replication_seed(5, number) for number in range(3))
    status, out, err = call("run", "small.yaml", "-q", "--out", "out")
    assert (status, out) == (1, "")
    assert err == ["error: 3 of 3 runs failed; the first: MemoryError: no room"]
    assert not Path("out").exists()
    with pytest.raises(RunError):
        run("small.yaml")


def test_a_comparison_with_a_failed_run_is_1(call, monkeypatch):
    live = replicate._live

    def failing(world, measured, seed, threads, tick):
        if seed == replication_seed(5, 1) and world.label == "other":
            raise ValueError("broken")
        return live(world, measured, seed, threads, tick)

    monkeypatch.setattr(replicate, "_live", failing)
    status, out, err = call(
        "compare", "small.yaml", "other.yaml", "--replications", "3", "--no-assumptions", "-q", "--out", "out"
    )
    assert (status, out) == (1, "")
    assert err == ["error: 1 of 6 runs failed; the first: ValueError: broken; see: out/runs.parquet"]
    assert Path("out/differences.csv").is_file()
    told = "1 of 6 runs failed; the replications they belong to are left out. The first reason: ValueError: broken"
    assert told in Path("out/report.html").read_text("utf-8")


@pytest.mark.parametrize("part", ["figures", "report.html"])
def test_a_figure_that_cannot_be_drawn_costs_no_table(call, monkeypatch, part):
    def broken(*_, **__):
        raise ValueError("no such\ncolour")

    if part == "figures":
        monkeypatch.setattr("sim.plots.save", broken)
    else:
        monkeypatch.setattr("sim.report.run_page.write_report", broken)
    only = "--no-report" if part == "figures" else "--no-figures"
    status, out, err = call("run", "small.yaml", only, "-q", "--out", "out")
    assert (status, out) == (1, "")
    assert err == [f"error: {part} could not be written: ValueError: no such colour"]
    assert read_folder("out").replications == 3
    assert not (Path("out") / part).exists()


def test_patterns_that_do_not_hold_are_a_finding(call, monkeypatch):
    monkeypatch.setattr("sim.studies.patterns.patterns.measure_patterns", lambda *_, **__: Patterns(Scenario(), (), 10))
    assert call("patterns")[0] == 0


# ---- ends ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize(
    "command", [("run", "small.yaml"), ("compare", "small.yaml", "other.yaml", "--no-assumptions"), ("patterns",)]
)
def test_every_command_has_the_status_of_the_signal_that_stopped_it(call, monkeypatch, command, number, status):
    def stopped(*_, **__):
        os.kill(os.getpid(), number)

    monkeypatch.setattr("sim.runs.run.run", stopped)
    monkeypatch.setattr("sim.studies.comparison.compare.compare", stopped)
    monkeypatch.setattr("sim.studies.patterns.patterns.measure_patterns", stopped)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        found, out, err = call(*command)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    said = "interrupted" if number == signal.SIGINT else "terminated"
    assert (found, out, err) == (status, "", [f"{said}; nothing was written"])
    assert not Path("results").exists()


def sub(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "sim", *arguments], cwd=ROOT, stderr=subprocess.PIPE, text=True, timeout=120, **options
    )


@pytest.mark.skipif(os.name == "nt", reason="pipes of another kind")
@pytest.mark.parametrize("command", ["explain", "run"])
def test_a_reader_that_went_away_is_141_and_silence(tmp_path, command):
    """Also where rich prints, which would end the command with 1."""
    small = ("--set", "market.customers=200", "--set", "run.periods=2", "--set", "run.settling.years=0")
    more = ("scenarios/baseline.yaml", "--replications", "1", *small, "--out", tmp_path / "out")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = sub(command, *(more if command == "run" else ()), stdout=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")
    assert (tmp_path / "out").exists() == (command == "run")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_output_that_cannot_be_printed_has_failed():
    with Path("/dev/full").open("w") as full:
        done = sub("explain", "firm.desk.ease", stdout=full)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert done.stderr.endswith("No space left on device\n")
    assert done.stderr.count("\n") == 1


def test_failed_work_outweighs_a_reader_that_went_away(capsys):
    def work():
        with ending() as told:
            told.failed("not converged")
            raise BrokenPipeError

    with pytest.raises(SystemExit) as end:
        work()
    assert (end.value.code, capsys.readouterr().err) == (1, "error: not converged\n")


def test_a_failure_is_said_once(capsys):
    def work():
        with ending("the report"):
            for _ in range(2):
                warnings.warn(FailedWorkWarning("no page"), stacklevel=1)
                warnings.warn(FailedRunsWarning("2 of 3 runs failed"), stacklevel=1)

    with pytest.raises(SystemExit):
        work()
    assert capsys.readouterr().err == "error: no page\nerror: 2 of 3 runs failed; see: the report\n"


def test_the_statuses_are_documented_where_people_look(call):
    page = (ROOT / "docs" / "exit_status.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d+) \| (.+) \|$", page, flags=re.MULTILINE))
    assert rows == {str(status.value): status.meaning for status in ExitStatus}
    told = " ".join(call("--help")[1].split())
    for status in ExitStatus:
        assert f"{status.value} {status.meaning}" in told
