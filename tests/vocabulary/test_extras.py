"""What brings a missing library must work for whoever follows the README: from the sources, for there is no release."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

import sim
from sim.runs.execution import chunk
from sim.vocabulary.extras import MissingExtraError, needed

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(sim.__file__).parent
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
PACKAGES = {"SALib": "salib", "ema_workbench": "ema-workbench"}
"""Distributions that are not called like what is imported."""


def calls():
    """Calls of `needed` and `install` in `sim`: file and line, name, arguments that are texts."""
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("needed", "install"):
                texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                if texts:
                    yield f"{path.relative_to(SOURCES)}:{node.lineno}", node.func.id, texts


def test_a_missing_library_is_told_with_what_brings_it():
    with pytest.raises(MissingExtraError) as told:
        needed("nobody_has_this.deep", "dask", "Dask clusters")
    assert str(told.value) == (
        "Dask clusters need the library nobody_has_this, which is not installed: pip install '.[dask]' in the folder "
        "of ExitVoice's sources"
    )


def test_a_task_that_cannot_be_sent_is_told_with_what_would_send_it(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(chunk, "import_module", missing)
    with pytest.raises(chunk.TaskError, match=r"a module of its own, or pip install '\.\[loky\]' in the folder of"):
        chunk.packed(lambda values, seed, tick: {})


def test_every_extra_that_is_named_exists_and_brings_the_library():
    found = list(calls())
    assert len(found) > 20
    for where, name, texts in found:
        extra = texts[1] if name == "needed" else texts[0]
        assert extra in EXTRAS, where
        if name == "needed":
            module = texts[0].split(".")[0]
            distributions = {re.split(r"[>=<\[ ]", one)[0] for one in EXTRAS[extra]}
            assert PACKAGES.get(module, module) in distributions, where


def test_nobody_is_sent_to_an_index_that_does_not_have_the_distribution():
    files = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "notebooks").rglob("*.ipynb"), ROOT / "README.md"]
    files += [path for path in SOURCES.rglob("*") if path.suffix in (".py", ".jinja", ".yaml", ".json")]
    texts = {path.as_posix(): path.read_text("utf-8") for path in files}
    assert [name for name, text in texts.items() if re.search(r"exitvoice\[|pip install '?exitvoice", text)] == []
    for name, text in texts.items():
        for told in re.findall(r"'\.\[([a-z,]+)\]'", text):
            assert set(told.split(",")) <= set(EXTRAS), name
