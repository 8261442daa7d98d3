"""Files that a scenario or an experiment names: what is no scenario is never quoted, and the line that names it is."""

import os
from pathlib import Path

import pytest

from sim.data.edge_list import read_edges
from sim.data.read_table import read_table
from sim.data.table_kinds import RETENTION
from sim.runs.experiment.reader import read_experiment
from sim.scenario import load_scenario
from sim.scenario.document import MAX_BYTES
from sim.vocabulary.errors import ScenarioError

SECRET = "hunter2"
STRANGE = {
    "a line of text": f"root:{SECRET}:0:0:root\ndaemon:{SECRET}:1:1\n",
    "a number": "4711\n",
    "a list": f"- {SECRET}\n",
    "keys of something else": f"password: {SECRET}\nuser: {SECRET}\n",
    "a name and keys of something else": f"name: {SECRET}\non: {SECRET}\njobs: [{SECRET}]\n",
    "keys of something else, deep": f"{SECRET}: {{a: 1}}\nb: {SECRET}\n",
    "a tag": f"a: !{SECRET} b\n",
    "an anchor": f"a: &{SECRET} b\nc: *{SECRET}\n",
    "broken YAML": f"{SECRET}: [\n{SECRET}",
    "a strange sign": f"{SECRET}: @{SECRET}\n",
    "a strange handle": f"%TAG !{SECRET}! tag:{SECRET}\n--- !{SECRET}!x a\n",
    "an escape": f'"\\q{SECRET}": 1\n',
    "binary": b"\x7fELF\x02\x01" + SECRET.encode() + b"\x00\xff\xfe",
    "control characters": f"{SECRET}\x07\n",
    "another encoding": SECRET.encode("utf-16"),
    "a huge file": SECRET * (MAX_BYTES // len(SECRET) + 1),
    "several documents": f"name: a\n---\n{SECRET}: 1\n",
    "an empty file": "",
}


def refusal(read, *arguments) -> str:
    with pytest.raises(ScenarioError) as caught:
        read(*arguments)
    assert caught.value.exit_status == 2
    return str(caught.value)


def strange_file(kind: str, place: Path) -> None:
    text = STRANGE[kind]
    place.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize("kind", STRANGE)
def test_what_a_scenario_extends_is_not_quoted_where_it_is_none(tmp_path, kind):
    strange_file(kind, tmp_path / "secret")
    scenario = tmp_path / "mine.yaml"
    scenario.write_text("name: mine\n\nextends: secret\n")
    message = refusal(load_scenario, scenario)
    assert message.startswith(f"{scenario}:3:10: extends: ")
    assert "found 'secret'" in message
    assert message.count("\n") == 0
    assert SECRET not in message
    assert "4711" not in message


@pytest.mark.parametrize("kind", STRANGE)
def test_what_an_experiment_calls_its_scenario_is_not_quoted_where_it_is_none(tmp_path, kind):
    strange_file(kind, tmp_path / "secret")
    for text in ("levers: {firm.desk.ease: {low: 0, high: 1}}\n", "colour: red\n"):
        file = tmp_path / "trial.yaml"
        file.write_text("name: trial\nscenario: secret\ndesign: {points: 4}\n" + text)
        message = refusal(read_experiment, file)
        assert f"{file}:2:11: scenario: " in message
        assert "found 'secret'" in message
        assert SECRET not in message
        assert "4711" not in message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
@pytest.mark.parametrize(
    ("kind", "said"),
    [("none", "no such file"), ("folder", "is a folder"), ("pipe", "not a regular file"), ("loop", "cannot be read")],
)
def test_what_is_no_file_is_told_at_the_line_that_names_it(tmp_path, kind, said):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    scenario = tmp_path / "mine.yaml"
    scenario.write_text(f"extends: {kind}\n")
    message = refusal(load_scenario, scenario)
    assert message.startswith(f"{scenario}:1:10: extends: {said}")


def test_a_file_of_the_system_is_told_at_the_line_and_not_quoted(tmp_path):
    passwd = Path("/etc/passwd")
    if not passwd.exists():
        pytest.skip("no such file here")
    scenario = tmp_path / "mine.yaml"
    scenario.write_text(f"extends: {passwd}\n")
    message = refusal(load_scenario, scenario)
    assert message.startswith(f"{scenario}:1:10: extends: names a file that is not a scenario")
    assert "root" not in message.replace(str(tmp_path), "")


def test_two_steps_away_the_line_is_that_of_the_file_between(tmp_path):
    (tmp_path / "mine.yaml").write_text("extends: base.yaml\n")
    (tmp_path / "base.yaml").write_text("name: base\nextends: secret\n")
    (tmp_path / "secret").write_text(f"{SECRET}: {SECRET}\n")
    message = refusal(load_scenario, tmp_path / "mine.yaml")
    assert message.startswith(f"{tmp_path / 'base.yaml'}:2:10: extends: names a file that is not a scenario")


def test_mistakes_in_a_scenario_of_ones_own_are_told_as_ever(tmp_path):
    (tmp_path / "mine.yaml").write_text("extends: base.yaml\n")
    (tmp_path / "base.yaml").write_text("frim: {desk: {ease: 1}}\nmarket: {customers: many}\n")
    message = refusal(load_scenario, tmp_path / "mine.yaml")
    assert f"{tmp_path / 'base.yaml'}:1:1: frim: unknown parameter; did you mean firm?" in message
    assert f"{tmp_path / 'base.yaml'}:2:21: market.customers: not a whole number; found 'many'" in message


@pytest.mark.parametrize("kind", ["a line of text", "a number", "a list", "binary", "a huge file", "a tag"])
def test_a_file_without_keys_is_not_quoted_even_where_it_is_meant_as_a_scenario(tmp_path, kind):
    strange_file(kind, tmp_path / "secret")
    message = refusal(load_scenario, tmp_path / "secret")
    assert SECRET not in message
    assert "4711" not in message


@pytest.mark.parametrize("kind", ["a line of text", "binary", "another encoding", "a number", "control characters"])
def test_a_table_that_is_none_is_not_quoted(tmp_path, kind):
    strange_file(kind, tmp_path / "secret")
    message = refusal(lambda: read_table(tmp_path / "secret", RETENTION))
    assert SECRET not in message
    assert "4711" not in message
    with pytest.raises(ScenarioError) as caught:
        read_edges(tmp_path / "secret", 10)
    assert SECRET not in str(caught.value)
    assert "4711" not in str(caught.value)


def test_the_columns_of_a_table_are_told_where_one_of_them_is_ours(tmp_path):
    (tmp_path / "data.csv").write_text("time,left\n0,1\n")
    message = refusal(lambda: read_table(tmp_path / "data.csv", RETENTION))
    assert "found time, left" in message
