"""The notebooks for students run from top to bottom, draw their pictures, and are committed without outputs.

Those in Spanish hold the same code as those in English, but for strings and comments; one of them is run by default.
What is run by default has few people, since nothing here depends on how many there are; `-m slow` runs all of them as
they are written.
"""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = sorted((ROOT / "notebooks").glob("*.ipynb"))
SPANISH = sorted((ROOT / "notebooks" / "es").glob("*.ipynb"))
SECONDS_PER_CELL, SECONDS_WITH_FEW = 300, 30
FEWEST_PICTURES = {1: 12, 2: 7, 3: 8, 4: 6, 5: 7, 6: 8, 7: 4, 8: 6, 9: 5, 10: 4, 11: 3}
CALIBRATES = 10
LOOKED_AT_IN_SPANISH = 2
FEW = 500
"""People of a world that is only to run and to be drawn."""
EMPTIED = "import gc; gc.freeze()\n%reset -f"
"""To empty a kernel Jupyter looks for garbage, twice, among all that the libraries have made."""
COARSE = 'course.plt.rcParams["figure.dpi"] = 40\n%config InlineBackend.print_figure_kwargs = {"bbox_inches": None}'
"""Pictures of few dots, each drawn once: Jupyter draws it twice, to find what of its margin is empty."""


class Words(NamedTuple):
    """What every notebook says in its language."""

    question: str
    answer: str
    sources: str


EN, ES = Words("Question", "Answer", "Sources"), Words("Pregunta", "Respuesta", "Fuentes")


def number(path: Path) -> int:
    return int(path.name[:2])


def words(path: Path) -> Words:
    return ES if path in SPANISH else EN


def runs() -> Iterator[Any]:
    """Each notebook to be run, and whether with few people: most in English; and all as they are written, if slow."""
    for path in [*ENGLISH, *SPANISH]:
        often = number(path) == LOOKED_AT_IN_SPANISH if path in SPANISH else number(path) != CALIBRATES
        if often:
            yield pytest.param(path, True, id=path.stem)
        yield pytest.param(path, False, id=f"{path.stem} as written", marks=pytest.mark.slow)


def with_few_people(notebook: Any) -> None:
    """Make every world of a notebook small, those that it writes itself and those of `course.py`."""
    for cell in code_cells(notebook):
        cell.source = re.sub(r"(?<=customers)([=:] ?)\d{4,}", rf"\g<1>{FEW}", cell.source)
    first = code_cells(notebook)[0]
    first.source = f'{EMPTIED}\nimport course\ncourse.SMALL[0] = "market.customers={FEW}"\n{COARSE}\n{first.source}'


@pytest.fixture(scope="module")
def kernel() -> Iterator[Any]:
    """One kernel for notebooks with few people, emptied before each: to start one takes longer than most of them."""
    from jupyter_client.manager import AsyncKernelManager

    manager = AsyncKernelManager(kernel_name="python3")
    yield manager
    if manager.has_kernel:
        nbclient.util.run_sync(manager.shutdown_kernel)(now=True)


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


@pytest.fixture(params=[*ENGLISH, *SPANISH], ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_the_course_is_whole_in_both_languages() -> None:
    for course in (ENGLISH, SPANISH):
        assert [number(path) for path in course] == list(FEWEST_PICTURES)


def test_no_output_is_committed(path: Path) -> None:
    for cell in code_cells(read(path)):
        assert cell.outputs == []
        assert cell.execution_count is None


def test_every_question_has_a_folded_answer(path: Path) -> None:
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    questions = re.findall(rf"^\*\*{words(path).question} (\d+)\.\*\*", text, flags=re.MULTILINE)
    assert [int(found) for found in questions] == list(range(1, max(5, len(questions)) + 1))
    assert text.count(f"<summary><b>{words(path).answer}</b></summary>") == len(questions)
    assert text.count("<details>") == text.count("</details>")


def test_every_notebook_counts_its_parts_and_tells_its_sources(path: Path) -> None:
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    assert f"## {words(path).sources}" in text
    assert text.startswith(f"# {number(path)}. ")
    sections = [int(found) for found in re.findall(rf"^## {number(path)}\.(\d+) ", text, flags=re.MULTILINE)]
    assert sections == list(range(1, len(sections) + 1))


def test_the_text_beside_a_notebook_agrees_with_it(path: Path) -> None:
    jupytext = pytest.importorskip("jupytext")
    text = jupytext.read(path.with_suffix(".md"))
    agree = [(cell.cell_type, cell.source) for cell in text.cells] == [
        (cell.cell_type, cell.source) for cell in read(path).cells
    ]
    assert agree, "run jupytext --sync on it, see notebooks/jupytext.toml"


class WithoutStrings(ast.NodeTransformer):
    """Empties strings, and leaves of f-strings what they compute."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        self.generic_visit(node)
        node.values = [value for value in node.values if not isinstance(value, ast.Constant)]
        return node


def code_without_strings(source: str) -> str:
    return ast.dump(WithoutStrings().visit(ast.parse(source)))


def settings(source: str) -> list[str]:
    """Strings that the program reads, such as `firm.desk.ease=2` and `complaint_share`: no language has its own."""
    texts = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    found = [text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z]+([_.][a-z_.]+)+(=.*)?", text)]
    return [text for text in found if not text.endswith((".csv", ".html", ".yaml"))]  # files are the reader's


def test_only_strings_and_comments_tell_two_codes_apart() -> None:
    assert code_without_strings('f"{x:.0f}% of {y}"  # a share') == code_without_strings('f"el {x:.1f} % de {y}"')
    assert code_without_strings('f"{x}"') != code_without_strings('f"{y}"')
    assert code_without_strings('plot("a", 1)') != code_without_strings('plot("a", 2)')
    assert settings('run("firm.desk.ease=2", "talk_ratio", "a ratio")') == ["firm.desk.ease=2", "talk_ratio"]


@pytest.mark.parametrize("path", SPANISH, ids=lambda path: path.stem)
def test_the_code_is_the_same_in_both_languages(path: Path) -> None:
    ours = read(path).cells
    theirs = read(ENGLISH[number(path) - 1]).cells
    assert [cell.cell_type for cell in ours] == [cell.cell_type for cell in theirs]
    for cell, other in zip(ours, theirs, strict=True):
        if cell.cell_type == "code":
            assert code_without_strings(cell.source) == code_without_strings(other.source)
            assert settings(cell.source) == settings(other.source)


def executed(path: Path, few: bool, kept: Any) -> Any:
    """The notebook with its outputs, in a kernel that is kept or in one of its own."""
    notebook = read(path)
    if few:
        with_few_people(notebook)
    seconds = SECONDS_PER_CELL if kept is None else SECONDS_WITH_FEW
    resources = {"metadata": {"path": str(path.parent)}}
    client = nbclient.NotebookClient(notebook, km=kept, timeout=seconds, kernel_name="python3", resources=resources)
    try:
        client.execute()
    finally:
        if client.kc is not None:  # that of a kernel which is kept
            client.kc.stop_channels()
    return notebook


@pytest.mark.filterwarnings("default")  # of Jupyter's own libraries; warnings in the cells are looked at below
@pytest.mark.parametrize(("path", "few"), list(runs()))
def test_it_runs_and_draws(
    path: Path, few: bool, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    kept = request.getfixturevalue("kernel") if few and path in ENGLISH else None  # its folder is the English one
    try:
        notebook = executed(path, few, kept)
    except nbclient.exceptions.CellTimeoutError:
        if kept is None:
            raise
        nbclient.util.run_sync(kept.shutdown_kernel)(now=True)  # seen once: idle, and its answer lost on the way
        notebook = executed(path, few, None)
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert list(errors_in_widgets(notebook)) == []
    printed = [output.text for output in outputs if output.get("name") == "stdout"]
    assert [text for text in printed if re.search(r"(?<![\w-])-\d", text)] == [], "a minus is no hyphen"
    pictures = sum("image/png" in output.get("data", {}) or "<svg" in html(output) for output in outputs)
    widgets = sum("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in outputs)
    assert pictures + widgets >= FEWEST_PICTURES[number(path)]
