"""Build the documentation site, without a network: `python docs/build_site.py OUT` (needs the extra `docs`).

What it is built from is gathered in a folder of its own: these pages, the course, and two that are written here: what
Python offers, from its docstrings, and a gallery of the shipped scenarios; `--pictures` lives a small world of each
scenario and draws what its firm sees and does not see.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import sim
from sim.model.scenario import Scenario
from sim.scenario import load_scenario

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SMALL = (
    "market.customers=2000",
    "run.periods=104",
    "run.replications=3",
    "run.settling.years=0",
    "money.measure_opportunity_cost=false",
)
"""A world whose picture is drawn within a second; its scenario looks further ahead, at more people."""

GROUPS = (
    ("The baseline", "baseline"),
    ("The iceberg under each published set of numbers", "iceberg_"),
    ("Four service cultures", "culture_"),
    ("Policies", ""),
    ("Industries", "industry"),
)
INDUSTRIES = ("telecom", "bank", "airline", "retail", "health_insurer", "software", "restaurant", "public_office")


def gather(into: Path, *, pictures: bool) -> None:
    """Put all sources of the site together.

    Args:
        into: A folder that is not there yet.
        pictures: Whether the gallery has a picture of each scenario.
    """
    shutil.copytree(HERE, into, ignore=shutil.ignore_patterns("_build", "*.pot", "__pycache__"))
    notebooks = ROOT / "notebooks"
    for notebook in sorted(notebooks.rglob("*.ipynb")):
        shutil.copy(notebook, into / "course" / notebook.relative_to(notebooks))
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (into / "changelog.md").write_text(changes.replace("](docs/", "]("), encoding="utf-8")
    (into / "api.md").write_text(api(), encoding="utf-8")
    (into / "gallery.md").write_text(gallery(into if pictures else None), encoding="utf-8")


def api() -> str:
    """The page of what `import sim` offers, as directives that Sphinx fills from docstrings."""
    public = [name for name in sim.__all__ if not name.startswith("_")]
    told = ["# Python: `import sim`", "", "Functions first, then what they give back. Written from the docstrings.", ""]
    for title, classes in (("Functions", False), ("Answers and scenarios", True)):
        told += [f"## {title}", "", "```{eval-rst}"]
        for name in public:
            home = getattr(sim, name)
            if isinstance(home, type) == classes:
                told += [f".. auto{'class' if classes else 'function'}:: sim.{name}", ""]
        told += ["```", ""]
    return "\n".join(told)


def group_of(name: str) -> str:
    """The part of the gallery that a scenario stands in.

    >>> group_of("iceberg_slogan"), group_of("bank"), group_of("cut_the_desk")
    ('The iceberg under each published set of numbers', 'Industries', 'Policies')
    """
    if name in INDUSTRIES:
        return GROUPS[4][0]
    return next(title for title, start in GROUPS if name.startswith(start))


def gallery(folder: Path | None) -> str:
    """The page of all shipped scenarios: question, file, how to run it, and a picture in `folder` if there is one."""
    entries: dict[str, list[str]] = {title: [] for title, _ in GROUPS}
    for path in sorted((ROOT / "scenarios").glob("*.yaml")):
        scenario = load_scenario(path).scenario
        lines = [f"### {path.stem}", "", f"*{scenario.question}*", ""]
        if folder is not None:
            lines += [picture(path, scenario, folder), ""]
        entries[group_of(path.stem)] += [*lines, "```sh", f"sim run scenarios/{path.name}", "```", ""]
    told = ["# Gallery of scenarios", "", "Each file opens with its question. The pictures are of small worlds:"]
    told += ["2,000 people, two years, three runs.", ""]
    for title, _ in GROUPS:
        told += [f"## {title}", "", *entries[title]]
    return "\n".join(told)


def picture(path: Path, scenario: Scenario, folder: Path) -> str:
    """Draw what the firm of a scenario sees of dissatisfaction; gives the line that shows it."""
    from sim.plots import save
    from sim.runs.run import run

    found = run(path, overrides=SMALL)
    file = folder / "images" / f"gallery_{path.stem}.svg"
    save(found.plot.figure("iceberg"), file)
    said = found.sentences[0]
    words = said.replace("[", "(").replace("]", ")")
    return f"![{words}](images/{file.name})\n\n{said}"


def main() -> int:
    """Gather and build; every warning is an error."""
    from sphinx.cmd.build import build_main

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, nargs="?", default=HERE / "_build")
    parser.add_argument("--pictures", action="store_true", help="run every shipped scenario for the gallery")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        sources = Path(temporary) / "sources"
        gather(sources, pictures=asked.pictures)
        return build_main(["-W", "--keep-going", "-q", "-b", "html", str(sources), str(asked.out)])


if __name__ == "__main__":
    sys.exit(main())
