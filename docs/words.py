"""Collect every sentence into `docs/exitvoice.pot` and renew the catalogues: `python docs/words.py` (`--check` them).

- What is said: the literals of `say` and `plural`, and what stands between `trans` and `endtrans` in templates.
- What is declared: texts at the top level of modules and classes, and whatever the registers hold (labels, meanings,
  units, sources), also where it was put together there; what is public of trades; the questions of shipped scenarios
  and experiments.

Each `sim/words/catalogues/<language>/LC_MESSAGES/exitvoice.po` is then brought to the same sentences in the same
order, and compiled into the `exitvoice.mo` beside it. What is new there is empty; what only changed keeps its
translation as `fuzzy`, which nobody is shown until a translator has taken the mark away; what is gone is dropped. A new
language begins as a copy of the template. Needs Babel, from the extra `test`.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "docs" / "exitvoice.pot"
CATALOGUES = ROOT / "sim" / "words" / "catalogues"
# Words that follow each other: what a person would read, and no name, path or pattern.
SENTENCE = re.compile(r"[A-Za-z]{2,}('s?)?[,;:.)]?[ \n]+\(?[A-Za-z0-9`'(]")
# A label of one word, where labels of several stand beside it.
LABEL = re.compile(r"^[A-Z][a-z]+$")


FOR_MACHINES = {"DejaVu Sans", "by name", "paired t"}
"""Texts that only look like a sentence."""
LABELS = (
    "inside", "bound", "paid", "choice", "unclear", "nothing", "definition", "steady", "drifts", "holds", "undecided",
    "prevention", "appraisal", "yes", "alone", "no", "level", "satisfaction x voice", "loyalty type", "lifecycle stage",
    "profitability", "frequency", "volume", "activity", "share still a customer", "share of variance", "money per year",
    "below", "above", "required", "default: {default}", "bands", "bars", "brackets", "lines", "stayed", "all",
    "not measured",
)  # fmt: skip
"""Names and units of a word or two that are shown as they are, besides those of the registers."""
PUBLIC_FIGURES = "sim/studies/industries/public_figures.yaml"
PATTERNS = "sim/studies/patterns/catalogue.yaml"
FORMS = "nplurals=2; plural=(n != 1);"
"""Plural forms, of English and of every language so far."""
HEAD = """\
# Sentences and labels of ExitVoice. {note}
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
{language}"Plural-Forms: {forms}\\n"

"""
SAYING = {"say": 1, "plural": 2, "translated": 1}
"""Functions of `sim.words`, and methods of `Sentences`, and how many sentences each takes."""


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
        if isinstance(node, ast.Assign) and {getattr(name, "id", "") for name in node.targets} & {
            "__all__",
            "__slots__",
        }:
            passed_over.update(ast.walk(node))
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            passed_over.update(ast.walk(annotation) if annotation else ())
        if isinstance(node, ast.JoinedStr):
            passed_over.update(ast.walk(node))
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func).rpartition(".")[2]) in SAYING:
            texts = [_literal(part) for part in node.args[: SAYING[name]]]
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
    from sim.model.rooms import COLUMNS, OBSERVABLES
    from sim.parameters.registry import parameters
    from sim.parameters.synonyms import SYNONYMS
    from sim.results.keyfigures import KEY_FIGURES
    from sim.results.measures import MEASURES
    from sim.results.unmet import OCCASIONS
    from sim.scenario.presets import CULTURE, VOICE, load_preset, names
    from sim.studies.industries.figures import FIGURES
    from sim.studies.industries.public import public_figures
    from sim.studies.patterns.catalogue import FINDINGS, GROUPS
    from sim.vocabulary.streams import STREAMS

    yield from (Message(label, "sim/results") for label in (*LABELS, *DIMENSIONS))
    yield from (Message(words, "sim/parameters/synonyms.json") for words in SYNONYMS if SENTENCE.search(words))
    for info in parameters():
        for text in (*info.groups, info.label, info.meaning, info.unit, info.source, info.no_lever or ""):
            yield Message(text, "sim/model")
    for unit in sorted({row.unit for row in (*OBSERVABLES, *MEASURES, *KEY_FIGURES)}):
        yield from (Message(part, "sim/results") for part in unit.split(" (")[0].split(" per "))
    for row in (*COLUMNS, *OBSERVABLES, *MEASURES, *STREAMS):
        yield Message(row.meaning, "sim/model/rooms.py")
        yield Message(getattr(row, "unit", ""), "sim/model/rooms.py")
    for figure in KEY_FIGURES:
        for text in (figure.label, figure.meaning, figure.unit):
            yield Message(text, "sim/results/keyfigures.py")
    for name, types in vars(typology).items():
        if name.endswith(("_TYPES", "_STAGES")):
            yield from (Message(text, "sim/model/typology.py") for text in types)
    for family in (VOICE, CULTURE):
        for name in names(family):
            preset = load_preset(family, name)
            yield Message(preset.title, f"sim/scenario/presets/{family}")
            yield Message(preset.note, f"sim/scenario/presets/{family}")
    for trade in (public := public_figures()).industries.values():
        yield Message(trade.trade, PUBLIC_FIGURES)
    for figures in (public.every, *(trade.figures for trade in public.industries.values())):
        for figure in figures.values():
            yield Message(figure.source, PUBLIC_FIGURES)
            yield Message(figure.differs, PUBLIC_FIGURES)
    yield from (Message(occasion.reason, "sim/results/occasions.json") for occasion in OCCASIONS)
    for measured in FIGURES:
        for text in (measured.label, measured.unit, measured.meaning):
            yield Message(text, "sim/studies/industries/figures.json")
    for declared in sorted((ROOT / "sim").rglob("tables.json")):
        for table in json.loads(declared.read_text(encoding="utf-8")).values():
            for told in table.values():
                texts = (told,) if isinstance(told, str) else told
                place = declared.relative_to(ROOT).as_posix()
                yield from (Message(text, place) for text in texts if text is texts[0] or "{money} " in text)
    for group in GROUPS:
        told = (text for one in group.patterns for text in (one.label, one.source, one.note))
        yield from (Message(text, PATTERNS) for text in (group.title, group.text, *told))
    yield from (Message(text, PATTERNS) for text in FINDINGS)
    for file in sorted([*ROOT.glob("scenarios/*.yaml"), *ROOT.glob("experiments/*.yaml")]):
        yield Message(yaml.safe_load(file.read_text(encoding="utf-8")).get("question", ""), file.parent.name)


@cache
def messages() -> list[Message]:
    """All of them, in the order of files."""
    found: list[Message] = []
    for file in sorted((ROOT / "sim").rglob("*.py")):
        if file.name == "spawned.py":  # holds a program as a text
            continue
        found += of_code(file.read_text(encoding="utf-8"), file.relative_to(ROOT).as_posix())
    found += [*of_templates(), *of_registers()]
    return [message for message in found if message.text]


def collected() -> Catalog:
    """All of them as a catalogue without translations."""
    catalogue = Catalog()
    for message in messages():
        catalogue.add(message.text, locations=[(message.place, 0)], flags=())
    return catalogue


def _text(catalogue: Catalog, note: str, language: str = "") -> bytes:
    written = io.BytesIO()
    write_po(written, catalogue, width=110, sort_by_file=True, omit_header=True, include_lineno=False)
    named = f'"Language: {language}\\n"\n' if language else ""
    return HEAD.format(note=note, language=named, forms=FORMS).encode() + written.getvalue()


def template() -> bytes:
    """The file for translators; the same sentences give the same bytes."""
    return _text(collected(), "Written by docs/words.py: do not edit.")


def _name(entry: Entry) -> str:
    return entry.id if isinstance(entry.id, str) else entry.id[0]


def merged(current: Catalog, before: Catalog) -> Catalog:
    """The sentences of today with the translations of a catalogue.

    Args:
        current: Today's sentences.
        before: The catalogue as it was.

    >>> current, before = Catalog(), Catalog()
    >>> _ = current.add("one"), current.add("It is two."), current.add("new")
    >>> _ = before.add("one", "uno"), before.add("It was two.", "Eran dos."), before.add("gone", "ida")
    >>> [(entry.id, entry.string, entry.fuzzy) for entry in merged(current, before) if entry.id]
    [('one', 'uno', False), ('It is two.', 'Eran dos.', True), ('new', '', False)]
    """
    known = {entry.id: entry for entry in before if entry.id and any(entry.string)}
    still = {entry.id for entry in current}
    gone = {_name(entry): entry for entry in known.values() if entry.id not in still}
    result = Catalog()
    for entry in current:
        if not entry.id:
            continue
        old, flags = known.get(entry.id), set[str]()
        if old is None:
            near = get_close_matches(_name(entry), [*gone], 1, 0.7)
            same_forms = near and isinstance(gone[near[0]].id, str) is isinstance(entry.id, str)
            old, flags = (gone[near[0]], {"fuzzy"}) if same_forms else (None, flags)
        elif old.fuzzy:
            flags = {"fuzzy"}
        result.add(entry.id, old.string if old else "", locations=entry.locations, flags=flags)
    return result


class Compiled(Catalog):
    """A catalogue as it is compiled: with nothing of when and by what."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Only what reading it needs."""
        return [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", FORMS)]


def compiled(catalogue: Catalog) -> bytes:
    """What is shipped; the same translations give the same bytes. Fuzzy ones and empty ones are left out."""
    shipped = Compiled(charset="utf-8")
    for entry in catalogue:
        if entry.id and not entry.fuzzy and all([entry.string] if isinstance(entry.id, str) else entry.string):
            shipped.add(entry.id, entry.string)
    written = io.BytesIO()
    write_mo(written, shipped)
    return written.getvalue()


def renewed() -> dict[Path, bytes]:
    """The template, and every catalogue with what is compiled from it: what each file should hold."""
    current = collected()
    found = {TEMPLATE: template()}
    for file in sorted(CATALOGUES.glob("*/LC_MESSAGES/exitvoice.po")):
        with file.open("rb") as before:
            catalogue = merged(current, read_po(before))
        found[file] = _text(catalogue, "Order and places by docs/words.py.", file.parent.parent.name)
        found[file.with_suffix(".mo")] = compiled(catalogue)
    return found


def main() -> None:
    """Write the files, or compare them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a file is out of date")
    check = parser.parse_args().check
    stale = {file: text for file, text in renewed().items() if not file.is_file() or file.read_bytes() != text}
    if check:
        names = ", ".join(str(file.relative_to(ROOT)) for file in stale)
        sys.exit(f"out of date: {names}" if stale else 0)
    for file, text in stale.items():
        file.write_bytes(text)


if __name__ == "__main__":
    main()
