"""Collect every sentence and label into `docs/exitvoice.pot`: `python docs/words.py` (`--check` only compares).

- What is said: the literals of `say` and `plural`, and what stands between `trans` and `endtrans` in templates.
- What is declared: texts at the top level of modules and classes, and whatever the registers hold (labels, meanings,
  units, sources), also where it was put together there.

A translator copies the file to `exitvoice.po`, and `pybabel compile -D exitvoice -d sim/words/catalogues` makes the
catalogue of it. Needs Babel, from the extra `test`.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "docs" / "exitvoice.pot"
# Words that follow each other: what a person would read, and no name, path or pattern.
SENTENCE = re.compile(r"[A-Za-z]{2,}[,;:.)]?[ \n]+\(?[A-Za-z0-9`'(]")
# A label of one word, where labels of several stand beside it.
LABEL = re.compile(r"^[A-Z][a-z]+$")


FOR_MACHINES = {"DejaVu Sans", "by name", "paired t"}
"""Texts that only look like a sentence."""
LABELS = (
    "prevention", "appraisal", "yes", "alone", "no", "level", "satisfaction x voice", "loyalty type", "lifecycle stage",
    "profitability", "frequency", "volume", "activity", "share still a customer", "share of variance", "money per year",
)  # fmt: skip
"""Names and units of a word or two that are shown as they are, besides those of the registers."""
HEAD = """\
# Sentences and labels of ExitVoice. Written by docs/words.py: do not edit.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
SAYING = {"say": 1, "plural": 2, "translated": 1}
"""Functions of `sim.words` and how many sentences each takes."""


class Message(NamedTuple):
    """One entry of the catalogue.

    Attributes:
        text: The sentence, or its two forms.
        place: The file that it is from.
    """

    text: str | tuple[str, str]
    place: str


def _literal(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def of_code(source: str, place: str) -> Iterator[Message]:
    r"""What a module says and declares.

    >>> [message.text for message in of_code("A = {'x': 'too few', 'y': 'fine'}\ndef f(): say('It is {a}.', a=1)", "")]
    ['It is {a}.', 'too few', 'fine']
    """
    tree = ast.parse(source)
    inside: set[ast.AST] = set()
    passed_over: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            body = node.body if isinstance(node.body, list) else [node.body]
            inside.update(child for part in body for child in ast.walk(part))
            passed_over.update(ast.walk(node.args))
        if isinstance(node, ast.Expr):
            passed_over.add(node.value)
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            passed_over.update(ast.walk(annotation) if annotation else ())
        if isinstance(node, ast.JoinedStr):
            passed_over.update(ast.walk(node))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
            texts = [_literal(part) for part in node.args[: SAYING[node.func.id]]]
            passed_over.update(node.args)
            if len(texts) == 2:
                yield Message((str(texts[0]), str(texts[1])), place)
            elif texts[0] is not None:
                yield Message(texts[0], place)
    for node, siblings in _declared(tree):
        if node in inside or node in passed_over or node.value.isupper() or node.value in FOR_MACHINES:
            continue
        in_sentences = any(SENTENCE.search(text) for text in siblings)
        if SENTENCE.search(node.value) or LABEL.match(node.value) or (in_sentences and node.value.isalpha()):
            yield Message(node.value, place)


def _declared(tree: ast.AST) -> Iterator[tuple[ast.Constant, list[str]]]:
    """All texts but the keys of dictionaries, each with the other values of its dictionary."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            values = [value.value for value in node.values if isinstance(value, ast.Constant)]
            texts = [value for value in values if isinstance(value, str)]
            yield from ((value, texts) for value in node.values if _literal(value) is not None)  # type: ignore[misc]
            continue
        if isinstance(node, ast.Assign) and any(
            getattr(name, "id", "") in ("__all__", "__slots__") for name in node.targets
        ):
            continue
        for child in ast.iter_child_nodes(node):
            if _literal(child) is not None:
                yield child, []  # type: ignore[misc]


def of_templates() -> Iterator[Message]:
    """The sentences of all pages."""
    from sim.report.templates import environment

    for file in sorted((ROOT / "sim").rglob("*.jinja")):
        for _, _, found in environment().extract_translations(file.read_text(encoding="utf-8")):
            texts = [found] if isinstance(found, str) else [text for text in found if text]
            place = file.relative_to(ROOT).as_posix()
            yield Message((texts[0], texts[1]) if len(texts) > 1 else texts[0], place)


def of_registers() -> Iterator[Message]:
    """What registers hold in words, wherever it was put together."""
    from sim.model import typology
    from sim.model.dimensions import DIMENSIONS
    from sim.model.register import COLUMNS, OBSERVABLES
    from sim.parameters.registry import parameters
    from sim.results.keyfigures import KEY_FIGURES
    from sim.results.measures import MEASURES
    from sim.scenario.presets import CULTURE, VOICE, load_preset, names
    from sim.vocabulary.streams import STREAMS

    yield from (Message(label, "sim/results") for label in (*LABELS, *DIMENSIONS))
    for info in parameters():
        for text in (*info.groups, info.label, info.meaning, info.unit, info.source, info.no_lever or ""):
            yield Message(text, "sim/model")
    for unit in sorted({row.unit for row in (*OBSERVABLES, *MEASURES, *KEY_FIGURES)}):
        yield from (Message(part, "sim/results") for part in unit.split(" (")[0].split(" per "))
    for row in (*COLUMNS, *OBSERVABLES, *MEASURES, *STREAMS):
        yield Message(row.meaning, "sim/model/register.py")
        yield Message(getattr(row, "unit", ""), "sim/model/register.py")
    for figure in KEY_FIGURES:
        for text in (figure.label, figure.meaning, figure.unit):
            yield Message(text, "sim/results/keyfigures.py")
    for name, types in vars(typology).items():
        if name.endswith("_TYPES"):
            yield from (Message(text, "sim/model/typology.py") for text in types)
    for family in (VOICE, CULTURE):
        for name in names(family):
            preset = load_preset(family, name)
            yield Message(preset.title, f"sim/scenario/presets/{family}")
            yield Message(preset.note, f"sim/scenario/presets/{family}")


def messages() -> list[Message]:
    """All of them, in the order of files."""
    found: list[Message] = []
    for file in sorted((ROOT / "sim").rglob("*.py")):
        if file.name == "spawned.py":  # holds a program as a text
            continue
        found += of_code(file.read_text(encoding="utf-8"), file.relative_to(ROOT).as_posix())
    found += [*of_templates(), *of_registers()]
    return [message for message in found if message.text]


def template() -> bytes:
    """The file for translators; the same sentences give the same bytes."""
    catalogue = Catalog()
    for message in messages():
        catalogue.add(message.text, locations=[(message.place, 0)], flags=())
    written = io.BytesIO()
    write_po(written, catalogue, width=110, sort_by_file=True, omit_header=True, include_lineno=False)
    return HEAD.encode() + written.getvalue()


def main() -> None:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if the file is out of date")
    if parser.parse_args().check:
        current = TEMPLATE.is_file() and TEMPLATE.read_bytes() == template()
        sys.exit(0 if current else f"out of date: {TEMPLATE.relative_to(ROOT)}")
    TEMPLATE.write_bytes(template())


if __name__ == "__main__":
    main()
