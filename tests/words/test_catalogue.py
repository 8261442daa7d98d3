"""The file for translators is what the code says, and every sentence in it can be filled in."""

from __future__ import annotations

import runpy
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from sim.parameters.registry import parameters
from sim.results.keyfigures import KEY_FIGURES

ROOT = Path(__file__).resolve().parents[2]


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
