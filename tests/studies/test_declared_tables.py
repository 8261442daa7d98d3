"""Tables that are declared as data: those of an answer are its attributes, and every column says what it means."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

import sim
from sim.results.declared_tables import declared_columns

FILES = sorted(Path(sim.__file__).parent.rglob("tables.json"))
WHOLE = (sim.Advice, sim.Balanced, sim.CausesOfChurn, sim.CostOfQuality, sim.Sensitivity, sim.WorthAnOffer)
"""Answers all of whose tables are declared."""


@pytest.mark.parametrize("answer", WHOLE, ids=lambda answer: answer.__name__)
def test_the_tables_of_an_answer_are_its_attributes(answer):
    file = Path(sim.__file__).parent.parent.joinpath(*answer.__module__.split(".")[:-1], "tables.json")
    assert set(json.loads(file.read_text(encoding="utf-8"))) <= {field.name for field in fields(answer)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_every_column_has_a_name_and_a_meaning(file):
    package = ".".join(file.relative_to(Path(sim.__file__).parent.parent).parent.parts)
    for table in json.loads(file.read_text(encoding="utf-8")):
        columns = declared_columns(table, beside=f"{package}.any", currency="EUR")
        names = [column.name for column in columns]
        assert len(set(names)) == len(names)
        assert all(column.meaning for column in columns)
        assert not any("{" in column.unit for column in columns)
