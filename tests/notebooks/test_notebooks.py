"""The notebooks for students run from top to bottom, draw their pictures, and are committed without outputs."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SECONDS_PER_CELL = 300
FEWEST_PICTURES = {
    "01_expectations_and_satisfaction.ipynb": 12,
    "02_the_iceberg_and_the_4_percent.ipynb": 7,
    "03_word_of_mouth.ipynb": 8,
    "04_answering_complaints.ipynb": 6,
    "05_what_poor_quality_costs.ipynb": 7,
    "06_four_service_cultures.ipynb": 8,
    "07_why_cohorts_seem_to_grow_more_loyal.ipynb": 4,
    "08_a_study_from_question_to_report.ipynb": 5,
    "09_writing_your_own_rule.ipynb": 3,
}


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def html(output: Any) -> str:
    return output.get("data", {}).get("text/html", "")


def errors_in_widgets(notebook: Any) -> Iterator[str]:
    """What went wrong while a slider drew: it stands in the slider's own output, and ends no cell."""
    kept = notebook.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {})
    for widget in kept.get("state", {}).values():
        for output in widget.get("state", {}).get("outputs", []):
            if output["output_type"] == "error" or output.get("name") == "stderr":
                yield output.get("evalue") or output.get("text")


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.name)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


def test_no_output_is_committed(path: Path) -> None:
    for cell in code_cells(read(path)):
        assert cell.outputs == []
        assert cell.execution_count is None


def test_every_question_has_a_folded_answer(path: Path) -> None:
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    questions = re.findall(r"^\*\*Question \d+\.\*\*", text, flags=re.MULTILINE)
    assert len(questions) >= 5
    assert text.count("<summary><b>Answer</b></summary>") == len(questions)
    assert text.count("<details>") == text.count("</details>")


def test_every_notebook_is_counted_and_tells_its_sources(path: Path) -> None:
    assert path.name in FEWEST_PICTURES
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    assert "## Sources" in text
    number = int(path.name[:2])
    assert text.startswith(f"# {number}. ")
    sections = [int(found) for found in re.findall(rf"^## {number}\.(\d+) ", text, flags=re.MULTILINE)]
    assert sections == list(range(1, len(sections) + 1))


@pytest.mark.filterwarnings("default")  # of Jupyter's own libraries; warnings in the cells are looked at below
def test_it_runs_and_draws(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    notebook = read(path)
    resources = {"metadata": {"path": str(path.parent)}}
    nbclient.NotebookClient(notebook, timeout=SECONDS_PER_CELL, kernel_name="python3", resources=resources).execute()
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert list(errors_in_widgets(notebook)) == []
    pictures = sum("image/png" in output.get("data", {}) or "<svg" in html(output) for output in outputs)
    widgets = sum("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in outputs)
    assert pictures + widgets >= FEWEST_PICTURES.get(path.name, 1)
