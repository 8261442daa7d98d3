"""What the documentation says is what the program does: generated pages are current, links lead somewhere."""

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.model.order import PERIOD

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
DESIGN_CONCEPTS = (
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
)


@pytest.fixture(scope="module")
def pages() -> dict[str, Any]:
    return runpy.run_path(str(DOCS / "generate.py"))["PAGES"]


@pytest.mark.parametrize("name", ["parameters.md", "observables.md", "streams.md"])
def test_generated_pages_are_current(pages: dict[str, Any], name: str) -> None:
    committed = (DOCS / name).read_text(encoding="utf-8")
    assert committed == pages[name](), "out of date: run python docs/generate.py"


def test_every_parameter_of_the_firm_and_the_customers_has_its_row(pages: dict[str, Any]) -> None:
    page = (DOCS / "parameters.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([^`]+)` \|", page, flags=re.MULTILINE)
    assert len(listed) == len(set(listed))
    repeated = ("rivals[].", "segments[].")
    from sim.parameters.registry import parameters

    assert {info.path for info in parameters() if not info.path.startswith(repeated)} <= set(listed)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    dead = []
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in target or target.startswith("#"):
            continue
        if not (page.parent / target.split("#")[0]).resolve().exists():
            dead.append(target)
    assert dead == []


def test_the_odd_description_has_every_part_of_the_protocol() -> None:
    text = (DOCS / "odd.md").read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    for part in (
        "Purpose and patterns",
        "Entities, state variables and scales",
        "Process overview and scheduling",
        "Design concepts",
        "Initialisation",
        "Input data",
        "Submodels",
    ):
        assert any(part in heading for heading in headings), part
    for concept in DESIGN_CONCEPTS:
        assert any(concept in heading for heading in headings), concept


def test_the_odd_description_names_every_stage_and_every_rule() -> None:
    text = (DOCS / "odd.md").read_text(encoding="utf-8")
    assert [stage for stage in PERIOD if f"`{stage}`" not in text] == []
    rooms = [path for path in (ROOT / "sim" / "model").glob("*.py") if "\n@rule\n" in path.read_text(encoding="utf-8")]
    assert len(rooms) > 8
    assert [path.name for path in rooms if f"sim/model/{path.name}" not in text] == []


def test_the_benchmark_measures_and_its_page_has_a_place_for_the_table() -> None:
    page = (DOCS / "performance.md").read_text(encoding="utf-8")
    assert page.index("<!-- table: begin -->") < page.index("<!-- table: end -->")
    command = [sys.executable, "benchmarks/engine.py", "--customers", "2000", "--threads", "1", "--periods", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)
    assert row["ns"] > 0
    assert row["bytes_in_arrays"] <= 250
    assert set(row["stages"]) == set(PERIOD)


YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")


def cited_in(source: str) -> set[str]:
    """First word and year of each publication that a source names: 'Bass 1969, p = .03 (order)' gives 'Bass 1969'."""
    cited = set()
    for part in re.sub(r"\([^()]*\)|'[^']*'", "", source).split(";"):
        words = part.split(":")[-1] if YEAR.search(part.split(":")[-1]) else part
        for year in YEAR.findall(words):
            names = re.findall(r"[A-Z][A-Za-zé]+", words[: words.index(year)])
            if names:
                cited.add(f"{names[0]} {year}")
    return cited


def test_what_a_source_cites_is_found() -> None:
    assert cited_in("Fornell et al. 1996 (form); assumption (size)") == {"Fornell 1996"}
    assert cited_in("Parasuraman, Zeithaml & Berry 1988, 1991 (scale)") == {"Parasuraman 1988", "Parasuraman 1991"}
    assert cited_in("assumption: losses weigh more; East, Hammond & Lomax 2008 found the contrary") == {"East 2008"}


def test_every_source_of_a_parameter_has_its_entry_with_what_is_taken_from_it() -> None:
    from sim.parameters.registry import parameters

    rows = [line.split("|")[1] for line in (DOCS / "sources.md").read_text("utf-8").splitlines() if line[:2] == "| "]
    missing = set()
    for info in parameters():
        for cited in cited_in(info.source):
            name, year = cited.split()
            if not any(name in row and year in row for row in rows):
                missing.add(f"{cited} ({info.path})")
        for notes in re.findall(r"notes ('[^']+')", info.source):
            if not any(row.strip().startswith(notes) for row in rows):
                missing.add(f"notes {notes} ({info.path})")
    assert missing == set()


PUBLISHED = (
    "customers.judgement.importance.",
    "customers.sociability.influencer_share",
    "voice.complain_share",
    "voice.headquarters_share",
    "voice.repurchase.",
    "talk.reach.recovered",
    "talk.reach.failed_recovery",
    "firm.people.pressure_effect",
    "firm.people.erosion_weeks",
)
"""Parameters whose defaults are numbers of what they cite; all others say that they are assumptions."""


def test_a_parameter_that_cites_a_work_has_its_number_from_there_or_says_assumption() -> None:
    from sim.parameters.registry import parameters

    silent = {
        re.sub(r"^segments\[\]", "customers", re.sub(r"^rivals\[\]", "firm", info.path))
        for info in parameters()
        if (cited_in(info.source) or re.search(r"notes '|TARP|ACSI|Juran|Erlang", info.source))
        and "assumption" not in info.source
    }
    assert {path for path in silent if not path.startswith(PUBLISHED)} == {"firm.culture"}, "a name"
    assert all(any(path.startswith(name) for path in silent) for name in PUBLISHED)


def test_nothing_that_a_reader_sees_points_to_a_file_that_readers_do_not_have() -> None:
    pages = [*PAGES, ROOT / "README.md", *(ROOT / "sim").rglob("*.py"), *(ROOT / "sim").rglob("*.jinja")]
    pages += [*(ROOT / "sim").rglob("*.yaml"), *(ROOT / "scenarios").iterdir(), *(ROOT / "experiments").iterdir()]
    private = re.compile(r"\bseeds? 00\d|\b(?:science|model|economy|firm|house|stack|style)\.md\b", re.IGNORECASE)
    found = [f"{page.name}: {m.group()}" for page in pages if (m := private.search(page.read_text("utf-8")))]
    assert found == []
