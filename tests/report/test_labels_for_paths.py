"""Reports name parameters by their labels: a path stands only where it is to be typed, as code."""

import re
from html.parser import HTMLParser

import pytest

from sim.model.firm import Firm
from sim.model.market import Market, Run
from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.parameters.registry import parameters
from sim.report.run_page import write_report
from sim.runs.run import run
from sim.studies.comparison.compare import compare
from sim.studies.comparison.comparison_page import page as page_of_comparison
from sim.studies.shares.share_out import shares
from sim.studies.shares.shares_page import page as page_of_shares

HEADS = sorted({info.path.split(".")[0].removesuffix("[]") for info in parameters() if "." in info.path})
PATH = re.compile(rf"\b(?:{'|'.join(HEADS)})\.[a-z_]+(?:\.[a-z_]+)*")
VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}
TODAY = Scenario(name="today", market=Market(customers=200), run=Run(periods=13, seed=7))


class Read(HTMLParser):
    """The text of a page that is no code."""

    def __init__(self, text):
        super().__init__()
        self.open, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.open.pop()

    def handle_data(self, data):
        if not {"code", "script", "style"} & set(self.open):
            self.words.append(data)


def of_a_run(folder):
    return write_report(run(TODAY, replications=2, threads=1))


def of_a_comparison(folder):
    plan = set_path(set_path(TODAY, "firm.desk.ease", 2.0), "firm.systems.service.empathy", 6.0)
    return page_of_comparison(compare([TODAY, plan.model_copy(update={"name": "plan"})], replications=2, threads=1))


def of_a_rival_more_and_a_smaller_desk(folder):
    """With the notes that people cannot be matched, and that fewer at the desk save nothing."""
    settled = set_path(set_path(TODAY, "run.settling.years", 1), "run.settling.people", 1000)
    rivals = [*settled.rivals, Firm(name="newcomer", initial_share=0.0)]
    plan = set_path(settled.model_copy(update={"rivals": rivals, "name": "plan"}), "firm.desk.agents", 0.5)
    found = compare([settled, plan], replications=2, threads=1, assumptions=None)
    assert any("“Firms at the start” is" in note for note in found.notes)
    assert any("A desk of its own” to yes" in note for note in found.notes)
    return page_of_comparison(found)


def of_shares(folder):
    (folder / "now.yaml").write_text("market: {customers: 200}\nrun: {periods: 13}\n", encoding="utf-8")
    (folder / "plan.yaml").write_text(
        "extends: now.yaml\nfirm: {desk: {ease: 2}, strategy: {promise: {empathy: 5}}}\n", encoding="utf-8"
    )
    return page_of_shares(shares(folder / "plan.yaml", replications=2, engine="in-process", workers=1))


@pytest.mark.parametrize("made", [of_a_run, of_a_comparison, of_a_rival_more_and_a_smaller_desk, of_shares])
def test_no_path_stands_alone(made, tmp_path):
    assert PATH.findall(" ".join(Read(made(tmp_path)).words)) == []


def test_a_path_would_be_found():
    said = "<p>Set firm.desk.ease, <code>firm.desk.agents</code></p>"
    assert PATH.findall(" ".join(Read(said).words)) == ["firm.desk.ease"]
