"""Names that mean something to a page, a figure, a table or a file format are shown as themselves everywhere."""

import csv
import json
import re
import unicodedata
import warnings
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim import plots
from sim.model.market import Market, Run
from sim.model.money import Money
from sim.model.scenario import Scenario
from sim.plots.style import FigureSheet, house_style, is_drawable
from sim.plots.svg import for_page
from sim.report.run_page import write_report
from sim.report.templates import script
from sim.results.folder import write_folder
from sim.results.place import LONGEST_NAME, default_folder
from sim.results.result import Result
from sim.runs.run import run
from sim.scenario import load_scenario, load_text
from sim.studies.comparison.compare import compare
from sim.studies.derived import derived_text
from sim.vocabulary.text import flaw
from tests.results.kept import read_folder

HTML = '=1+1 <b>&"q" \' </script><script>alert(1)</script> -->'
FIGURE = "$x^2$ _a_ \\frac{ id=\"z\" #0072b2 url(#a) xlink:href= 'DejaVu Sans' {% %}"
SCRIPTS = "مرحبا 👩‍💻 می\u200cخواهم {{ 7*7 }} %s %(x)s [bold]x[/] :smile: {}"
NASTY = (HTML, FIGURE, SCRIPTS)
QUESTION = f"{HTML}\n{FIGURE}\t{SCRIPTS}"
VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}

NAMES = st.text(st.characters(codec="utf-8"), max_size=80).filter(lambda text: flaw(text) is None)


def nasty(name: str) -> Scenario:
    return Scenario(
        name=name,
        question=QUESTION,
        market=Market(customers=300),
        run=Run(periods=6, replications=2, seed=3),
        money=Money(currency="=€<&$_$"),
    )


@pytest.fixture(scope="module")
def outcome() -> Result:
    return run(nasty(HTML), threads=1)


class Page(HTMLParser):
    """The text of a page, its tags in balance, attribute by attribute."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def holds(self, text: str) -> bool:
        return " ".join(text.split()) in " ".join("".join(self.words).split())


def looked_at(page: str) -> Page:
    """Every page: no control characters, balanced tags, no script but our own, every figure in it well-formed."""
    assert flaw(page, lines=True) is None
    read = Page(page.replace(f"<script>{script()}</script>", ""))
    assert "script" not in read.tags
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    for drawing in drawings:
        ET.fromstring(drawing)
    return read


def test_the_report_shows_names_as_they_are(outcome: Result):
    page = looked_at(write_report(outcome))
    for text in (HTML, QUESTION, "=€<&$_$"):
        assert page.holds(text)


def test_every_file_of_a_run_shows_names_as_they_are(outcome: Result, tmp_path: Path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        folder = write_folder(outcome, tmp_path / "out", csv=True)
    for drawing in (folder / "figures").glob("*.svg"):
        ET.parse(drawing)
    stored = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert stored["scenario"] == HTML
    assert stored["question"] == QUESTION
    assert read_folder(folder).scenario == outcome.scenario
    tables = list(folder.glob("*.csv"))
    assert len(tables) == 7
    for table in tables:
        with table.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        for cell in cells:
            assert not cell.startswith(("=", "+", "@", "\t", "\r")), cell
            assert not cell.startswith("-") or float(cell) < 0
    assert "'=€<&$_$" in (folder / "dictionary.csv").read_text(encoding="utf-8")


def test_a_comparison_shows_names_as_they_are(tmp_path: Path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = compare([nasty(name) for name in NASTY], replications=2, threads=1)
        folder = write_folder(found, tmp_path / "out")
    page = looked_at((folder / "report.html").read_text(encoding="utf-8"))
    for name in NASTY:
        assert page.holds(name)
    drawings = list((folder / "figures").glob("*.svg"))
    assert drawings
    for drawing in drawings:
        ET.parse(drawing)
    with (folder / "differences.csv").open(encoding="utf-8", newline="") as file:
        names = {row["scenario"] for row in csv.DictReader(file)}
    assert names == {FIGURE, SCRIPTS}


# --- figures ----------------------------------------------------------------------------------------------------------


def sheet(title: str, outcome: Result) -> FigureSheet:
    with house_style():
        made = FigureSheet(outcome, 8.4, 1.0, title)
        made.single().annotate(title, (0.5, 0.5))
    return made


@given(name=NAMES)
@example(HTML)
@example(FIGURE)
@example(SCRIPTS)
@example("$\\undefined{$ $$ \\$")
@example("--- -- ]]> <![CDATA[ <!-- &amp; &#27;")
@settings(max_examples=10, deadline=None)
def test_every_figure_is_well_formed_and_no_text_in_it_is_taken_for_mathematics(
    outcome: Result, tmp_path_factory: pytest.TempPathFactory, name: str
):
    figure = sheet(name, outcome).figure
    file = tmp_path_factory.mktemp("drawn") / "a.svg"
    plots.save(figure, file)
    ET.parse(file)
    drawing = plots.page_svg(figure, "a-wide")
    root = ET.fromstring(drawing)
    words = "".join(root.itertext())
    for word in name.split():
        assert word in words


def test_only_tags_are_made_fit_for_a_page():
    text = '<svg width="1"><text id="a" style="fill: #0072b2">id="a" #0072b2 url(#a) xlink:href="#b"</text></svg>'
    assert for_page(text, "p", "x") == (
        '<svg role="img" aria-label="x"><text id="p-a" style="fill: var(--fig-blue, #0072b2)">'
        'id="a" #0072b2 url(#a) xlink:href="#b"</text></svg>'
    )


@pytest.mark.parametrize(("title", "as_text"), [("Plain, Grüße", False), ("مرحبا", True), ("日本 👩‍💻", True)])
def test_letters_that_the_typeface_lacks_are_left_to_the_viewers(
    outcome: Result, tmp_path: Path, title: str, as_text: bool
):
    assert is_drawable(title) != as_text
    plots.save(sheet(title, outcome).figure, tmp_path / "a.svg")
    words = "".join(ET.parse(tmp_path / "a.svg").getroot().itertext())
    assert (title in words) == as_text
    plots.save(sheet(title, outcome).figure, tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 1000


# --- names of files, and scenario files that are written --------------------------------------------------------------


@given(NAMES)
@example("字" * 80)
@example("𠀋" * 80)
@example("../../etc")
@example("..")
@settings(deadline=None)
def test_a_folder_made_from_a_name_is_one_that_a_file_system_takes(name: str):
    folder = default_folder(name)
    assert folder.parent == Path("results")
    assert 0 < len(folder.name.encode("utf-8")) <= LONGEST_NAME
    assert folder.name.strip(".") == folder.name
    assert not any(unicodedata.category(letter)[0] in "CZ" for letter in folder.name)


@given(NAMES)
@example("1e3")
@example("yes")
@example("010")
@example("12:30")
@example("2026-01-05")
@example(".5")
@example("null")
@example("~")
@example("- a: b # c")
@example("'\"")
@example(HTML)
@example(SCRIPTS)
@settings(max_examples=15, deadline=None)
def test_a_scenario_file_that_is_written_gives_its_names_back(name: str):
    scenario = Scenario(name=name, question=f"{name}\n{name}\tx")
    text = derived_text(scenario, {}, head=[f"{name}, fitted"], folder=Path(), base=None)
    assert load_text(text).scenario == scenario


def test_a_scenario_file_of_a_nasty_name_is_read_shown_and_run(tmp_path: Path):
    for number, name in enumerate(NASTY):
        file = tmp_path / f"{number}.yaml"
        file.write_text(derived_text(nasty(name), {}, head=[name], folder=tmp_path, base=None), encoding="utf-8")
        assert load_scenario(file).scenario == nasty(name)
