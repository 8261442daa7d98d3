"""`sim offers` as a user meets it, on a small world."""

import json

import pandas as pd
import pytest

from tests.cli.calling import asking
from tests.cli.reading import read_report

SCENARIO = """
name: small
run: {period: month, periods: 5, seed: 3}
market: {customers: 200}
"""
ASKED = ("small.yaml", "--replications", "2", "--offer", "cost=2, lift=10, wakes=0.1", "--at", "1")
HOW = ("--engine", "in-process", "--workers", "1")


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Run the command line in this process, in a folder with the scenario."""
    (tmp_path / "small.yaml").write_text(SCENARIO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return asking("offers", monkeypatch, capsys)


def test_from_a_file_to_a_folder_and_a_table(call, monkeypatch):
    from sim.studies.offers.offered_world import OffersTask

    how = (*HOW, "--out", "kept")
    status, out, err = call(*ASKED, *how)
    assert status == 0
    assert "2 runs of 8 worlds each" in err
    assert "By predicted uplift" in out
    assert "Whom to choose" in read_report("kept/analysis/report.html")
    explained = pd.read_csv("kept/analysis/dictionary.csv")
    for name in ("policies", "curves", "groups", "interference"):
        table = pd.read_csv(f"kept/analysis/{name}.csv")
        assert list(explained[explained["table"] == name]["column"]) == list(table.columns)

    def never(*_):
        raise AssertionError("a run that is known was done again")

    monkeypatch.setattr(OffersTask, "__call__", never)
    status, out, _ = call(*ASKED, *how, "--resume", "--json", "--quiet")
    assert status == 0
    answer = json.loads(out)
    assert answer["offer"]["lift"] == 10.0
    assert {row["policy"] for row in answer["policies"]} == {"random", "value", "risk", "uplift", "bound"}
    status, _, err = call(*ASKED, "--share", "0.5", *how, "--resume")
    assert status == 2
    assert "holds another study" in err


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (("--offer", "gift"), "call, discount"),
        (("--offer", "lift=high"), "offer.lift"),
        (("--offer", "price=3"), "offer.price: not a known name"),
        (("--offer", "answers=2"), "offer.answers: not true or false"),
        (("--offer", "wakes=2"), "offer.wakes: too large"),
        (("--share", "0"), "share"),
        (("--at", "5"), "0 to 4"),
    ],
)
def test_what_cannot_be_asked_is_refused(call, asked, named):
    status, _, err = call("small.yaml", *asked, *HOW)
    assert status == 2
    assert named in err
