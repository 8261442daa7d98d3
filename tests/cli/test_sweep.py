"""`sim sweep` as a user meets it: what it refuses, shows, prints and leaves behind."""

import json
import os
import pty
import re
import resource
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from sim.cli import main, study_progress
from sim.results.failed_work import FailedRunsWarning
from sim.runs.store.store import Store
from sim.studies.sweep.sweep import sweep

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = "name: small\nmarket: {customers: 200}\nrun: {period: week, periods: 6, seed: 5}\n"
GOOD = """
name: small sweep
question: Does ease help?
scenario: small.yaml
levers:
  firm.desk.ease: {values: [0, 1]}
uncertainties:
  firm.systems.failures.apathy.probability: {values: [0.0, 0.6]}
  firm.systems.failures.wrong_answer.probability: {values: [0.0, 0.6]}
design: {kind: grid}
replications: 2
outputs: [satisfaction, complaint_share]
"""
RUNS = ("--engine", "in-process", "--workers", "1")
ONE = (*RUNS, "--no-report")
FAILED = (
    "error: 4 of 16 runs failed; most often: ScenarioError: firm.systems.failures: the probabilities of all failure "
    "modes must sum to at most 1, found 1.2114; see: sim results {} --failed"
)


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Run the command line in this process, in a folder with the experiment."""
    (tmp_path / "small.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*arguments, command="sweep"):
        monkeypatch.setattr(sys, "argv", ["sim", command, *arguments])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def last_line(text):
    """Progress may be told before it, where a run takes long."""
    return text.splitlines()[-1]


# ---- what it says ----------------------------------------------------------------------------------------------------


def test_a_sweep_is_kept_and_shown(call):
    status, out, err = call("good.yaml", *RUNS)
    assert (status, last_line(err)) == (1, FAILED.format("results/small_sweep"))
    assert "Does ease help?" in out
    assert "Report: results/small_sweep/analysis/report.html" in out
    assert "<h1>Satisfaction" in Path("results/small_sweep/analysis/report.html").read_text(encoding="utf-8")
    assert "8 points, 16 runs, means over replications" in " ".join(out.split())
    assert "4 runs failed:" in out
    assert "4 x ScenarioError: " in " ".join(out.split())
    folder = Path("results/small_sweep")
    assert "sim results results/small_sweep" in " ".join(out.split())
    store = Store.open(folder)
    assert store.counts() == (16, 12, 4, 0)
    assert store.digest() in out


def test_the_table_names_a_factor_that_changes_only_below_what_is_shown(call):
    text = GOOD[: GOOD.index("uncertainties:")] + (
        "  firm.desk.agents: {low: 1, high: 21, levels: 21}\ndesign: {kind: grid}\noutputs: [satisfaction]\n"
    )
    Path("long.yaml").write_text(text, encoding="utf-8")
    status, out, _ = call("long.yaml", *ONE)
    assert status == 0
    assert "22 more points, 42 points, 42 runs" in " ".join(out.split())
    head = " ".join(out[: out.index("─")].split())
    assert "complaining" in head
    assert "staff" in head


def test_json_is_the_answer_and_nothing_else(call):
    status, out, err = call("good.yaml", *ONE, "--json", "--out", "here")
    assert (status, last_line(err)) == (1, FAILED.format("here"))
    with pytest.warns(FailedRunsWarning, match="4 of 16 runs failed; most often: ScenarioError"):
        digest = sweep("good.yaml", engine="in-process", workers=1).digest
    assert json.loads(out) == {
        "name": "small sweep",
        "question": "Does ease help?",
        "folder": "here",
        "points": 8,
        "runs": 16,
        "failed": 4,
        "digest": digest,
    }


def test_quiet_says_nothing_but_what_failed(call):
    Path("good.yaml").write_text(GOOD)
    assert call("good.yaml", *ONE, "--quiet") == (1, "", FAILED.format("results/small_sweep") + "\n")
    Path("good.yaml").write_text(GOOD.replace("[0.0, 0.6]", "[0.0, 0.3]"))
    assert call("good.yaml", *ONE, "--quiet", "--out", "fine") == (0, "", "")


def test_warnings_are_shown_and_the_sweep_goes_on(call):
    Path("odd.yaml").write_text(
        "scenario: small.yaml\nlevers:\n  firm.desk.ease: {low: 0, high: 1}\n"
        "design: {kind: sobol, points: 3}\noutputs: [satisfaction]\n"
    )
    status, _, err = call("odd.yaml", *ONE)
    assert status == 0
    assert err == "warning: design.points: 3 is no power of 2; 2 or 4 points are spread more evenly\n"


def test_going_on_and_extending(call):
    assert call("good.yaml", *ONE, "--quiet")[0] == 1
    status, out, err = call("good.yaml", *ONE)
    assert (status, out) == (2, "")
    assert err.startswith("error: results/small_sweep: holds a study already")
    assert all(word in err for word in ("--resume", "--extend", "--out"))
    # failed runs that are kept as they are have still failed
    assert call("good.yaml", *ONE, "--resume", "--quiet") == (1, "", FAILED.format("results/small_sweep") + "\n")

    Path("good.yaml").write_text(GOOD.replace("values: [0, 1]", "values: [0, 1, 2]"))
    status, out, err = call("good.yaml", *ONE, "--resume")
    assert (status, out) == (2, "")
    assert "levers.firm.desk.ease.values: added 2" in err
    assert "the experiment has only grown: --extend adds what is new" in err
    status, out, _ = call("good.yaml", *ONE, "--extend", "--json")
    assert status == 1
    assert (json.loads(out)["points"], json.loads(out)["runs"]) == (12, 24)


# ---- what it refuses -------------------------------------------------------------------------------------------------

BAD = {
    "not YAML": ("name: [", "good.yaml:"),
    "an unknown key": (GOOD + "colour: red\n", "colour"),
    "a factor misspelt": (GOOD.replace("firm.desk.ease", "firm.desk.eese"), "did you mean"),
    "a value beyond its limits": (GOOD.replace("[0.0, 0.6]", "[0.0, 1.6]"), "1.6"),
    "no scenario": (GOOD.replace("small.yaml", "smal.yaml"), "smal.yaml"),
    "an output misspelt": (GOOD.replace("satisfaction,", "satisfacton,"), "satisfaction"),
    "no design size": (GOOD.replace("kind: grid", "kind: random"), "points"),
    "a constraint of nothing": (GOOD + "constraints: [firm.desk.agents <= 3]\n", "constraints"),
    "constraints that leave nothing": (GOOD + "constraints: [firm.desk.ease > 5]\n", "leave no point"),
    "a limit of nothing": (GOOD + "limits: {seconds: 0}\n", "limits.seconds"),
    "a stopping rule on what is not recorded": (
        GOOD + "stopping: {output: retention, half_width: 0.1}\n",
        "stopping.output",
    ),
    "text for a number": (GOOD.replace("replications: 2", "replications: two"), "replications"),
    "a scenario, not an experiment": (SCENARIO, "good.yaml"),
}


@pytest.mark.parametrize("kind", list(BAD))
def test_a_bad_file_is_refused_before_anything_is_written(kind, call, tmp_path):
    text, said = BAD[kind]
    Path("good.yaml").write_text(text, encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    status, out, err = call("good.yaml", *ONE)
    assert (status, out) == (2, "")
    assert said in err
    assert err.startswith(("error: good.yaml:", "errors:\ngood.yaml:"))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("missing.yaml",), "missing.yaml"),
        ((".",), "."),
        (("good.yaml", "--engine", "threads"), "there is no engine 'threads'; allowed: auto, in-process, spawn"),
        (("good.yaml", "--engine", "mpi"), "mpiexec -n 4 python -m mpi4py.futures -m sim"),
        (("good.yaml", "--dask", "nonsense"), "no Dask scheduler answers at nonsense"),
        (("good.yaml", "--out", "small.yaml"), "small.yaml: is a file, not a folder"),
        (("good.yaml", "--out", "."), "holds files that are not results"),
        (("good.yaml", "--workers", "0"), "at least 1"),
        (("good.yaml", "--out", "small.yaml/inner"), "cannot be written"),
    ],
)
def test_a_bad_command_is_refused_before_anything_is_written(arguments, said, call, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert sorted(tmp_path.rglob("*")) == before


HUGE = {
    "grid": (
        GOOD.replace("values: [0, 1]", "low: 0, high: 1, levels: 10000")
        .replace("apathy.probability: {values: [0.0, 0.6]}", "apathy.probability: {low: 0.0, high: 0.1, levels: 10000}")
        .replace("values: [0.0, 0.6]", "low: 0.0, high: 0.1, levels: 10"),
        "1,000,000,000 points x 2 replications = 2,000,000,000 runs",
    ),
    "random": (
        GOOD.replace("kind: grid", "kind: random, points: 1000000000").replace("replications: 2", "replications: 1"),
        "1,000,000,000 points x 1 replication = 1,000,000,000 runs",
    ),
    "latin hypercube": (
        GOOD.replace("kind: grid", "kind: latin_hypercube, points: 1000000000"),
        "1,000,000,000 points",
    ),
    "morris": (
        "scenario: small.yaml\nlevers: {firm.desk.ease: {low: 0, high: 1}}\n"
        "design: {kind: morris, trajectories: 500000000}\n",
        "1,000,000,000 points",
    ),
}


@pytest.mark.parametrize("kind", list(HUGE))
def test_a_design_of_a_thousand_million_points_is_refused_in_flat_memory(kind, call, tmp_path):
    text, size = HUGE[kind]
    Path("good.yaml").write_text(text)
    before = sorted(tmp_path.rglob("*"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status, out, err = call("good.yaml", *ONE)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
    assert (status, out) == (2, "")
    assert "the design is too large" in err
    assert size in err
    assert "allowed: at most 10,000,000 runs" in err
    assert grown < 100 * 1024  # KiB; the points alone would take a hundred times as much
    assert sorted(tmp_path.rglob("*")) == before


# ---- progress --------------------------------------------------------------------------------------------------------


def test_lines_of_progress_where_standard_error_is_no_terminal(call, monkeypatch):
    monkeypatch.setattr(study_progress, "EVERY_SECONDS", 0.0)
    status, _, err = call("good.yaml", *ONE, "--json")
    assert status == 1
    *lines, last = err.splitlines()
    assert last == FAILED.format("results/small_sweep")
    form = r"\d+ of 16 runs(, [\d.,]+ a second, [\d.]+ (s|min|h) left)?(, \d failed)?"
    assert len(lines) >= 3
    assert all(re.fullmatch(form, line) for line in lines), lines
    assert lines[0] == "0 of 16 runs"
    assert re.fullmatch(r"16 of 16 runs, [\d.,]+ a second, 0 s left, 4 failed", lines[-1])
    done = [int(line.split()[0]) for line in lines]
    assert done == sorted(done)


def test_progress_of_a_resumed_sweep_counts_what_was_known(call, monkeypatch):
    Path("less.yaml").write_text(GOOD.replace("replications: 2", "replications: 1"))
    assert call("less.yaml", *ONE, "--quiet")[0] == 1
    monkeypatch.setattr(study_progress, "EVERY_SECONDS", 0.0)
    status, _, err = call("good.yaml", *ONE, "--extend", "--json")
    assert status == 1
    assert err.splitlines()[0] == "8 of 16 runs, 2 failed"
    assert err.splitlines()[-2].startswith("16 of 16 runs, ")


def test_no_lines_before_their_time(call):
    assert call("good.yaml", *ONE, "--json")[2] == FAILED.format("results/small_sweep") + "\n"


def test_a_bar_on_a_terminal_which_is_gone_in_the_end(call):
    """Run on a pseudo-terminal: the bar shows how far it is, the last thing shown is the table."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (40, 110))
    with subprocess.Popen(
        [sys.executable, "-m", "sim", "sweep", "good.yaml", *ONE],
        stdout=slave,
        stderr=slave,
        stdin=slave,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color"},
    ) as process:
        os.close(slave)
        shown = b""
        while True:
            try:
                part = os.read(master, 4096)
            except OSError:  # Linux says so when the other end is closed
                break
            if not part:
                break
            shown += part
        assert process.wait(300) == 1
    os.close(master)
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode())
    assert "of 16 runs" in text
    assert "%" in text
    last = text[text.rindex("runs") :]
    assert "━" not in last
    assert text.rstrip().splitlines()[-2].startswith("digest ")
    assert text.rstrip().splitlines()[-1].startswith("error: 4 of 16 runs failed")
    assert b"\x1b[?25h" in shown  # the cursor is there again
