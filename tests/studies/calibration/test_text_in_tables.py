"""Text in a user's table: column names and cells go through the gate, and our own guard is taken away again."""

import pytest

from sim.data.read_table import read_table
from sim.data.table_kinds import NUMBER, TEXT, ExpectedColumn, kind
from sim.data.table_settings import TableSettings
from sim.runs.experiment.definition import CalibrationSettings
from sim.studies.calibration.targets import read_data
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.formulas import guarded

MONTHS = "run.periods=36"

WRONG = [
    ("time,surv\x1bivors\n0,100\n1,60\n", "data.csv:1: column 2", "U+001B (ESCAPE) as character 5"),
    ("time,survivors,\u202enote\n0,100,a\n1,60,b\n", "data.csv:1: column 3", "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
    ('"time","survivors","a\nb"\n0,100,a\n', "data.csv:1: column 3", "U+000A (LINE FEED)"),
    ("time,survivors\n0,100\n1,6\x070\n", "data.csv:3: survivors", "U+0007 (BELL) as character 2"),
    ("time,survivors\n0,1\x000\n", "data.csv:2: survivors", "U+0000 (NULL)"),
]


@pytest.mark.parametrize(("text", "place", "found"), WRONG)
def test_a_table_is_refused_where_its_text_cannot_be_shown(at_rest, write, text: str, place: str, found: str):
    with pytest.raises(ScenarioError) as error:
        read_data(write(text), CalibrationSettings(data="retention"), at_rest(MONTHS))
    message = str(error.value)
    assert place in message
    assert found in message or ("NULL" in found and "NUL" in message)
    assert all(line.isprintable() for line in message.splitlines())


def test_a_column_that_is_left_aside_may_hold_anything(write):
    table = read_table(write("a,note\n1,\x1b[31m\n2,\u202e\n"), kind("any", ExpectedColumn("a", NUMBER)))
    assert table.columns == {"a": ["1", "2"]}


def test_the_tables_own_name_is_shown_in_reports(write, tmp_path):
    file = write("time,survivors\n0,100\n").rename(tmp_path / "d\u202evsc.csv")
    with pytest.raises(ScenarioError, match="RIGHT-TO-LEFT OVERRIDE"):
        read_table(file, kind("any", ExpectedColumn("time", NUMBER)))


def test_names_meet_however_their_accents_are_composed(write):
    settings = TableSettings(columns={"time": "anne\u0301e"})
    table = read_table(write("année\n1\n"), kind("any", ExpectedColumn("time", NUMBER)), settings)
    assert table.columns == {"time": ["1"]}


def test_a_table_that_this_program_wrote_is_read_as_it_was(write):
    text = f"{guarded('=week')},{guarded('-note')}\n-5,{guarded('=1+1')}\n"
    any_kind = kind("any", ExpectedColumn("week", NUMBER), ExpectedColumn("-note", TEXT))
    table = read_table(write(text), any_kind, TableSettings(columns={"week": "=week"}))
    assert table.columns == {"week": ["-5"], "-note": ["=1+1"]}
