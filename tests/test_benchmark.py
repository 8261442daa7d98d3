"""The table of the benchmark: what decides, what is said where something cannot be had. Nothing is timed here."""

import importlib
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks"


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch):
    """Imports a file of the benchmark."""
    monkeypatch.syspath_prepend(str(FOLDER))
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "").parent == FOLDER:
            del sys.modules[name]


def measured(part, then, now, reference=None, **also):
    limit, turns = part("limit"), part("turns")
    row = limit.Row("k", "what", "s", 36.0, 24.0, lambda *_: turns.Turns([], []))
    return limit.Measured(row, turns.Turns(then, now, reference, also))


def test_the_ratio_of_turns_decides_and_not_the_machine_of_the_day(part):
    """24 of 36 is the bar; a machine of half the speed changes nothing of it."""
    held = measured(part, [72.0, 80.0, 60.0], [48.0, 40.0, 45.0], 216.0)
    assert held.ratio == pytest.approx(48 / 72)
    assert held.verdict == "held"
    assert held.quiet == pytest.approx(22.5)
    assert measured(part, [10.0], [6.7]).verdict == "missed"
    assert held.cells()[1:] == ["72.0", "45.0", "0.67", "24 of 36 (0.67)", "22.5", "held"]


def test_every_row_of_the_table_is_there_once(part):
    limit = part("limit")
    bars = {row.key: (row.was, row.bar) for row in limit.ROWS}
    assert len(bars) == len(limit.ROWS) == 13
    assert bars["two-threads"] == (35.6, 22.0)
    assert bars["bytes"] == (200.0, 150.0)
    rows, others = limit.chosen(None, everything=False)
    assert {row.key for row in limit.ROWS} - {row.key for row in rows} == {"ten-million", "hundred-million"}
    assert others == ["twin", "starsim", "mesa-frames"]
    rows, others = limit.chosen(["bytes", "twin"], everything=False)
    assert ([row.key for row in rows], others) == (["bytes"], ["twin"])


def test_a_run_that_is_refused_with_its_size_counts_as_measured(part, monkeypatch):
    limit, turns, versions = part("limit"), part("turns"), part("versions")

    def refused(*_):
        raise versions.UnavailableError("ended: ScenarioError: the run takes more memory than is free; found 99 GiB")

    monkeypatch.setattr(limit, "World", refused)
    found = limit._hundred_million(None, SimpleNamespace(baseline=None), limit.How())
    row = next(row for row in limit.ROWS if row.key == "hundred-million")
    whole = limit.Measured(row, found)
    assert whole.verdict == "refused"
    assert "found 99 GiB" in whole.cells()[0]
    assert json.loads(json.dumps(whole.as_json()))["now"] == []
    assert isinstance(found, turns.Turns)


def test_without_the_former_version_the_table_says_what_failed(part, monkeypatch, tmp_path):
    versions = part("versions")
    monkeypatch.setattr(versions, "FORMER_COMMIT", "0" * 40)
    with pytest.raises(versions.UnavailableError, match=r"git archive 0+ ended with"):
        versions.former(tmp_path)


def test_a_peer_that_is_not_installed_is_skipped_with_a_word(part, monkeypatch):
    peers, limit = part("peers"), part("limit")
    monkeypatch.setitem(peers.PEERS, "starsim", peers.PEERS["starsim"]._replace(package="no_such_package"))
    found = peers.measure("starsim", part("versions").present(), Path(sys.executable), quick=True, busy=False)
    cells = limit.peer_cells(found)
    assert cells[1:4] == ["-", "-", "-"]
    assert cells[4].startswith("skipped: no_such_package cannot be imported")


OF_OTHERS = {"page_streamlit", "peer_mesa_frames", "peer_starsim"}
"""Need libraries that are measured beside ours, and that nobody has to have."""


@pytest.mark.parametrize("name", sorted({file.stem for file in FOLDER.glob("*.py")} - OF_OTHERS))
def test_what_a_benchmark_takes_of_the_program_is_there(part, name):
    assert part(name).__doc__


def test_the_table_by_size_is_measured_as_it_is_asked_for(part, monkeypatch, capsys):
    run, by_size = part("run"), part("by_size")
    size = {"ns": 30.0, "ns_median": 32.0, "stages": {"policy": 0.5}, "setup_seconds": 1.0, "network_seconds": 0.1}
    size |= {
        "bytes": {"state": 120.0, "network": 28.0, "buffers": 0.0},
        "bytes_in_arrays": 148.0,
        "bytes_at_peak": None,
    }
    size |= {"encounters": 0.2, "told": 0.03, "dissatisfied": 0.01, "reference": 400.0}
    twin = {"available": False}
    answers = {"engine.py": lambda **asked: size | asked, "twin.py": lambda **_: twin}
    monkeypatch.setattr(by_size, "child", lambda script, **asked: answers[script](**asked))
    job = dict.fromkeys(("one_replication", "as_in_the_file", "help"), 1.0)
    job |= {f"{name}_median": 1.0 for name in job} | {"bar": 3.0}
    monkeypatch.setattr(by_size.shell, "main_job", lambda _: job)
    monkeypatch.setattr(by_size.machine, "reference_speed", lambda: 400.0)
    monkeypatch.setattr(sys, "argv", ["run.py", "--by-size", "--quick", "--sizes", "1e4"])
    run.main()
    assert "| 10,000 | 2 | 30.0 (32.0) |" in capsys.readouterr().out
