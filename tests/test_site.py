"""The documentation site: its pages say what is so, its commands run, and it is built without a warning."""

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

import sim
from sim.scenario.presets import VOICE, names

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


class Links(HTMLParser):
    """What a page of the site links to, and what can be linked to on it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and name in ("href", "src"):
                self.links.add(value)
            elif value and name == "id":
                self.anchors.add(value)


def dead_links(site: Path) -> list[str]:
    """Links inside a built site that lead to no file, or to no place in one."""
    pages = {path: Links(path.read_text(encoding="utf-8")) for path in site.resolve().rglob("*.html")}
    dead = []
    for path, links in pages.items():
        for link in links.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            file = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            place = unquote(parts.fragment)
            if not file.is_file() or (place and file in pages and place not in pages[file].anchors):
                dead.append(f"{path.name}: {link}")
    return sorted(dead)


def test_dead_links_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<h1 id="top"></h1><a href="b.html#there">b</a><a href="#top">top</a>', "utf-8")
    (tmp_path / "b.html").write_text(
        '<a href="a.html#gone">a</a><img src="c.png"><a href="https://x.org/y">y</a>', "utf-8"
    )
    assert dead_links(tmp_path) == ["a.html: b.html#there", "b.html: a.html#gone", "b.html: c.png"]


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


@pytest.mark.parametrize(("name", "said"), [("troubleshooting", "*.py"), ("es/troubleshooting", "es/**/*.po")])
def test_messages_to_look_up_are_those_that_are_said(name: str, said: str) -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "sim").rglob(said))
    source += (ROOT / "notebooks" / "course.py").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page(name).splitlines() if line.startswith("| ")]
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
    assert dead_links(tmp_path / "site") == []
    told = set(re.findall(r'id="sim\.([^"]+)"', texts["api.html"]))
    assert {name for name in sim.__all__ if name != "__version__"} <= told
    assert "<math" in (tmp_path / "site" / "course" / "03_word_of_mouth.html").read_text(encoding="utf-8")
