"""Templates are kept as code beside the kernels: what was read once is not read again, unless it is another."""

from pathlib import Path
from typing import Any

import jinja2
import pytest

from sim.kernel_folder import KernelFolder
from sim.report import kept_templates, templates
from sim.report.kept_templates import KeptTemplates
from sim.report.run_page import write_report
from sim.words import speaking


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: Any) -> Path:
    monkeypatch.setenv("EXITVOICE_CACHE_DIR", str(tmp_path))
    kept = KernelFolder(lambda: "kernels-0123456789abcdef")
    monkeypatch.setattr(kept_templates, "FOLDER", kept)
    assert kept.path is not None
    return kept.path


def said(text: str) -> tuple[str, int]:
    """What a template says, and how many were compiled for that."""
    compiled = []

    class Counting(jinja2.Environment):
        def compile(self, *given: Any, **named: Any) -> Any:
            compiled.append(given)
            return super().compile(*given, **named)

    environment = Counting(loader=jinja2.DictLoader({"a": text}), bytecode_cache=KeptTemplates(), autoescape=True)
    return environment.get_template("a").render(name="<x>"), len(compiled)


def test_what_was_read_once_is_not_read_again_and_what_is_another_is(folder: Path) -> None:
    assert said("Hello {{ name }}") == ("Hello &lt;x&gt;", 1)
    assert said("Hello {{ name }}") == ("Hello &lt;x&gt;", 0)
    assert said("Bye {{ name }}") == ("Bye &lt;x&gt;", 1)
    assert said("Bye {{ name }}") == ("Bye &lt;x&gt;", 0)


@pytest.mark.parametrize("place", [0, 30, -1])
def test_what_is_damaged_is_read_again(folder: Path, place: int) -> None:
    said("Hello {{ name }}")
    (entry,) = folder.glob("template-*")
    content = bytearray(entry.read_bytes())
    content[place] ^= 1
    entry.write_bytes(bytes(content))
    assert said("Hello {{ name }}") == ("Hello &lt;x&gt;", 1)


def test_what_another_state_of_the_program_kept_is_read_again(folder: Path, monkeypatch: Any) -> None:
    said("Hello {{ name }}")
    monkeypatch.setattr(kept_templates, "_how", lambda: "another")
    assert said("Hello {{ name }}")[1] == 1


def test_what_is_kept_is_of_no_language(folder: Path, result: Any) -> None:
    """A page that was first read in one language and is taken from the folder in another speaks that, and back."""
    pages = []
    for language in ("es", "en", "es"):
        templates.environment.cache_clear()
        templates.template.cache_clear()
        with speaking(language):
            pages.append(write_report(result))
    assert len(list(folder.glob("template-*"))) == 3
    assert pages[0] == pages[2]
    assert 'lang="es"' in pages[0]
    assert 'lang="en"' in pages[1]
    assert "Clientes" in pages[0]
    assert "Clientes" not in pages[1]
