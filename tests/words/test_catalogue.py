"""The file for translators is what the code says, every sentence can be filled in, and every language has them all."""

from __future__ import annotations

import re
import runpy
from collections import Counter
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po

from sim.parameters.registry import parameters
from sim.results.keyfigures import KEY_FIGURES

ROOT = Path(__file__).resolve().parents[2]


CATALOGUES = sorted((ROOT / "sim" / "words" / "catalogues").glob("*/LC_MESSAGES/exitvoice.po"))


@pytest.fixture(scope="module")
def words() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "words.py"))


def test_the_template_is_current(words: dict[str, Any]):
    assert words["TEMPLATE"].read_bytes() == words["template"](), "out of date: run python docs/words.py"


def test_the_template_holds_what_is_said_declared_and_registered(words: dict[str, Any]):
    texts = {message.text for message in words["messages"]()}
    assert "no such file" in texts  # said
    assert ("{n} firm", "{n} firms") in texts  # in two forms
    assert "left in silence, in anger" in texts  # declared
    assert "Simulate a scenario: tables, figures and a report." in texts  # help
    assert "The answer in plain words" in texts  # of a page
    assert {figure.label for figure in KEY_FIGURES} <= texts
    assert {text for info in parameters() for text in (info.label, info.meaning, info.source) if text} <= texts


def test_every_sentence_has_named_places_only(words: dict[str, Any]):
    for message in words["messages"]():
        if not message.place.endswith(".py") or "/model/" in message.place:
            continue
        for sentence in message.text if isinstance(message.text, tuple) else (message.text,):
            if "{" in sentence and "}" in sentence and "`" not in sentence and ": {" not in sentence:
                for _, name, _, _ in Formatter().parse(sentence):
                    assert name is None or name.isidentifier(), sentence


# --- languages --------------------------------------------------------------------------------------------------------

# What must stand in a translation as it does in English: places of both kinds, code, markup, options.
_KEPT = re.compile(r"\{\{|\}\}|\{[^{}]*\}|%\(\w+\)s|%%|`[^`]*`|</?\w+[^<>]*>|(?<!\w)--[a-z][a-z-]*|https?://\S+")


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _faults(entry: Entry) -> list[str]:
    """What is wrong with a translation, in words."""
    english, other = _forms(entry.id), _forms(entry.string)
    if not all(other) or len(other) != len(english):
        return ["missing"]
    found = ["fuzzy"] if entry.fuzzy else []
    for source, text in zip(english, other, strict=True):
        kept, there = Counter(_KEPT.findall(source)), Counter(_KEPT.findall(text))
        if kept != there:
            found.append(f"without {[*(kept - there)]}, with {[*(there - kept)]}")
        ends = [(len(one) - len(one.lstrip()), len(one) - len(one.rstrip()), one.count("\n")) for one in (source, text)]
        if ends[0] != ends[1]:
            found.append("other blanks at its ends, or other lines")
    return found


@pytest.fixture(scope="module")
def renewed(words: dict[str, Any]) -> dict[Path, bytes]:
    return words["renewed"]()


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parents[1].name)
def test_every_sentence_is_translated_with_its_places(file: Path, renewed: dict[Path, bytes]):
    assert file.read_bytes() == renewed[file], f"{file.name} is out of date: run python docs/words.py"
    with file.open("rb") as text:
        found = [(entry.id, fault) for entry in read_po(text) if entry.id for fault in _faults(entry)]
    assert not found, "\n".join(f"{name!r}: {fault}" for name, fault in found)


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parents[1].name)
def test_what_is_shipped_is_compiled_from_it(file: Path, renewed: dict[Path, bytes]):
    shipped = file.with_suffix(".mo")
    assert shipped.read_bytes() == renewed[shipped], f"{shipped.name} is out of date: run python docs/words.py"


@pytest.mark.parametrize(
    ("english", "other", "fault"),
    [
        ("It is {n:,}.", "Son {n}.", "without"),
        ("see `sim show`", "véase `sim ver`", "without"),
        ("<em>no</em>", "no", "without"),
        ("with --out", "con --salida", "without"),
        ("so: ", "así:", "blanks"),
        ("it is so", "", "missing"),
        (("{n} firm", "{n} firms"), ("{n} empresa", ""), "missing"),
        (("{n} firm", "{n} firms"), ("{n} empresa", "empresas"), "without"),
    ],
)
def test_a_faulty_translation_is_found(english: str, other: str, fault: str):
    catalogue = Catalog()
    catalogue.add(english, other)
    assert any(fault in found for entry in catalogue if entry.id for found in _faults(entry))


def test_a_catalogue_follows_its_sentences(words: dict[str, Any]):
    today, before = Catalog(), Catalog()
    for text in ("alone", "It is {n} weeks.", "quite new", ("{n} day", "{n} days")):
        today.add(text)
    before.add("alone", "solo")
    before.add("It was {n} weeks.", "Fueron {n} semanas.")
    before.add("no longer said", "ya no se dice")
    before.add(("{n} day", "{n} days"), ("{n} día", "{n} días"))
    found = {entry.id: (entry.string, entry.fuzzy) for entry in words["merged"](today, before) if entry.id}
    assert found == {
        "alone": ("solo", False),
        "It is {n} weeks.": ("Fueron {n} semanas.", True),
        "quite new": ("", False),
        ("{n} day", "{n} days"): (("{n} día", "{n} días"), False),
    }
    shipped = words["compiled"](words["merged"](today, before))
    assert b"Fueron" not in shipped
    assert b"solo" in shipped
