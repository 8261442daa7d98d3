"""The documentation site: its pages say what is so, its commands run, and it is built without a warning."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import sim
from sim.scenario.presets import VOICE, names

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def commands(name: str) -> list[str]:
    """The lines for a shell of a page that are about the program itself."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```$", page(name), flags=re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip().startswith("sim ")]


def test_every_page_has_its_place_in_the_contents() -> None:
    index = page("index")
    listed = set(re.findall(r"^([\w/]+)$", index, flags=re.MULTILINE))
    files = [*DOCS.glob("*.md"), *DOCS.glob("es/*.md")]
    written = {path.relative_to(DOCS).with_suffix("").as_posix() for path in files} - {"index"}
    assert listed - {"api", "gallery", "changelog", "course/index"} == written


def test_messages_to_look_up_are_those_that_are_said() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "sim").rglob("*.py"))
    source += (ROOT / "notebooks" / "course.py").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page("troubleshooting").splitlines() if line.startswith("| ")]
    looked_up = [text for row in rows for text in re.findall(r"`([^`]+)`", row)]
    assert len(looked_up) >= 7
    parts = [part.strip() for text in looked_up for part in text.split("...") if len(part.strip()) > 1]
    assert [part for part in parts if part.strip(", ") not in source] == []


@pytest.mark.parametrize("name", ["complaint_numbers", "es/complaint_numbers"])
def test_the_page_on_complaints_has_the_numbers_of_the_presets(name: str) -> None:
    text = page(name).replace("\N{NO-BREAK SPACE}%", "%")
    for preset in names(VOICE):
        file = ROOT / "sim" / "scenario" / "presets" / "voice" / f"{preset}.yaml"
        share = yaml.safe_load(file.read_text(encoding="utf-8"))["values"]["voice"]["complain_share"]
        (row,) = [line for line in text.splitlines() if line.startswith(f"| `{preset}` |")]
        assert row.split("|")[2].strip().startswith(f"{100 * share:.0f}%")


def outline(text: str) -> tuple[list[int], list[list[str]], list[int]]:
    """Levels of headings, fenced blocks without comments, and cells of each row of a table."""
    fenced = re.compile(r"^ *```.*?\n(.*?)^ *```$", flags=re.MULTILINE | re.DOTALL)
    blocks = [[line.split("#")[0].strip() for line in block.splitlines()] for block in fenced.findall(text)]
    prose = fenced.sub("", text)
    rows = [line.count("|") for line in prose.splitlines() if line.startswith("|")]
    return [len(found) for found in re.findall(r"^(#+) ", prose, flags=re.MULTILINE)], blocks, rows


@pytest.mark.parametrize("name", sorted(path.stem for path in (DOCS / "es").glob("*.md")))
def test_a_page_has_the_same_headings_tables_and_code_in_spanish(name: str) -> None:
    headings, blocks, rows = outline(page(f"es/{name}"))
    blocks = [block for block in blocks if "EXITVOICE_LANGUAGE" not in block[0]]  # how the program is told to speak it
    assert (headings, blocks, rows) == outline(page(name))


@pytest.mark.slow
def test_five_minutes_are_what_the_page_says(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    told = commands("start")
    assert len(told) == 5
    for line in told:
        program = [sys.executable, "-m", "sim", *line.split()[1:]]
        done = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    assert (tmp_path / "results" / "baseline" / "report.html").stat().st_size > 0
    assert (tmp_path / "results" / "first_comparison" / "report.html").stat().st_size > 0


@pytest.mark.slow
def test_the_site_is_built_without_a_warning_and_asks_nobody_for_anything(tmp_path: Path) -> None:
    for needed in ("sphinx", "myst_nb", "furo", "latex2mathml"):
        pytest.importorskip(needed)
    program = [sys.executable, "docs/build_site.py", str(tmp_path / "site")]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert len(pages) >= 45
    asks = re.compile(r"""(?:<script[^>]*src|<link[^>]*href|<img[^>]*src)="(https?:[^"]*)""")
    texts = {each.name: each.read_text(encoding="utf-8") for each in pages}
    assert {name: found for name, text in texts.items() if (found := asks.findall(text))} == {}
    told = set(re.findall(r'id="sim\.([^"]+)"', texts["api.html"]))
    assert {name for name in sim.__all__ if name != "__version__"} <= told
    assert "<math" in (tmp_path / "site" / "course" / "03_word_of_mouth.html").read_text(encoding="utf-8")
