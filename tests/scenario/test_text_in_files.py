"""Text is judged as the value that it decodes to, in every file and at every door of a scenario."""

from pathlib import Path

import pytest

from sim.runs.experiment.reader import read_experiment
from sim.scenario import load_scenario
from sim.scenario.document import read_value
from sim.vocabulary.errors import ScenarioError

WRONG = [
    (r'name: "a\e[31mb"', ":1:7: name: ", "U+001B (ESCAPE) as character 2"),
    (r'name: "a\0"', ":1:7: name: ", "U+0000 (NULL)"),
    (r'name: "\a"', ":1:7: name: ", "U+0007 (BELL)"),
    (r'name: "a\rb"', ":1:7: name: ", "U+000D (CARRIAGE RETURN)"),
    (r'name: "a\nb"', ":1:7: name: ", "U+000A (LINE FEED)"),
    (r'name: "a\tb"', ":1:7: name: ", "U+0009 (TABULATION)"),
    (r'name: "a\Nb"', ":1:7: name: ", "U+0085 (NEXT LINE)"),
    (r'name: "\x9b31m"', ":1:7: name: ", "U+009B (CONTROL SEQUENCE INTRODUCER)"),
    (r'name: "\u202Egnp.exe"', ":1:7: name: ", "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
    ("name: a\u202eb", ":1:7: name: ", "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
    (r'name: "\u2066a"', ":1:7: name: ", "U+2066 (LEFT-TO-RIGHT ISOLATE)"),
    (r'name: "a\Lb"', ":1:7: name: ", "U+2028 (LINE SEPARATOR)"),
    (r'name: "a\u200bb"', ":1:7: name: ", "U+200B (ZERO WIDTH SPACE)"),
    (r'name: "a\u200db"', ":1:7: name: ", "U+200D (ZERO WIDTH JOINER)"),
    (r'name: "a\ufeff"', ":1:7: name: ", "U+FEFF (ZERO WIDTH NO-BREAK SPACE)"),
    (r'name: "\U000E0041"', ":1:7: name: ", "U+E0041 (TAG LATIN CAPITAL LETTER A)"),
    (r'name: "\uE000"', ":1:7: name: ", "U+E000 (PRIVATE USE)"),
    (r'name: "\uFFFF"', ":1:7: name: ", "U+FFFF (NOT ASSIGNED)"),
    (r'name: "Z\u0301\u0301\u0301\u0301\u0301\u0301\u0301"', ":1:7: name: ", "more than 6 marks"),
    (r'question: "why\e?"', ":1:11: question: ", "tabs and line breaks"),
    ("question: " + "x" * 501, ":1:11: question: text too long", "at most 500"),
    (r'"na\ame": 1', r":1:1: na\u0007me: ", "U+0007 (BELL) as character 3"),
    ('"a\\nb: =1": 1', r":1:1: a\nb: =1: ", "U+000A (LINE FEED)"),
    (r'firm: {"e\ease": 1}', r":1:8: firm.e\u001base: ", "U+001B (ESCAPE)"),
    (r'rivals: [{name: a}, {name: "b\e"}]', ":1:28: rivals.1.name: ", "U+001B (ESCAPE)"),
    (r'segments: [{name: "b\e", share: 1}]', ":1:19: segments.0.name: ", "U+001B (ESCAPE)"),
    (r'money: {currency: "\u202E$"}', ":1:19: money.currency: ", "U+202E"),
    (r'market: {network: {kind: edges, file: "a\nb.csv"}}', ":1:39: market.network.file: ", "U+000A"),
    (r'timeline: [{at: 3, set: {"firm.cul\eture": poor}}]', r"timeline.0.set.firm.cul\u001bture: ", "U+001B"),
    (r'timeline: [{at: 3, set: {firm.culture: "poor\0"}}]', "timeline.0.set.firm.culture: ", "U+0000 (NULL)"),
    (r'extends: "a\nb.yaml"', ":1:10: extends: ", "U+000A (LINE FEED)"),
    (r'extends: "a\0.yaml"', ":1:10: extends: ", "U+0000 (NULL)"),
    (r'voice: {preset: "slogan\e"}', ":1:17: voice.preset: ", "U+001B (ESCAPE)"),
]


@pytest.mark.parametrize(("text", "place", "found"), WRONG, ids=[ascii(item[0])[:40] for item in WRONG])
def test_a_value_or_key_that_no_reader_should_meet_is_refused_where_it_stands(
    tmp_path: Path, text: str, place: str, found: str
):
    file = tmp_path / "wrong.yaml"
    file.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    message = str(caught.value)
    assert message.startswith(f"{file}{place}" if place.startswith(":") else str(file))
    assert place in message
    assert found in message
    assert "allowed: " in message
    assert message.isprintable()


def test_half_a_character_is_refused_by_either_parser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import yaml

    from sim.scenario import document

    file = tmp_path / "wrong.yaml"
    file.write_text(r'name: "\ud800"', encoding="utf-8")
    for loader in (document._Loader, yaml.SafeLoader):
        monkeypatch.setattr(document, "_Loader", loader)
        with pytest.raises(ScenarioError, match=r"wrong\.yaml:1:"):
            load_scenario(file)


@pytest.mark.parametrize(
    ("override", "found"),
    [
        (r'name="a\e"', "U+001B (ESCAPE)"),
        ("name=a\x1b[31m", "U+001B (ESCAPE)"),
        ("na\x07me=a", "U+0007 (BELL)"),
        ("name=\udcff", "U+DCFF (LONE SURROGATE)"),
        (r'rivals=[{name: "\u202E"}]', "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
        ('name="a\\nb"', "U+000A (LINE FEED)"),
    ],
)
def test_an_override_goes_through_the_same_gate(tmp_path: Path, override: str, found: str):
    file = tmp_path / "a.yaml"
    file.write_text("name: good\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file, [override])
    assert str(caught.value).startswith("--set: ")
    assert found in str(caught.value)
    assert str(caught.value).isprintable()


EXPERIMENTS = [
    (r'name: "a\e"', "name: "),
    (r'levers: {"firm.desk.\eease": {low: 0, high: 1}}', "levers.firm.desk.\\u001bease: "),
    (r'uncertainties: {firm.culture: {values: [poor, "\a"]}}', "uncertainties.firm.culture.values.1: "),
    (r'outputs: [satisfaction, "\u202E"]', "outputs.1: "),
    (r'constraints: ["a\e <= 1"]', "constraints.0: "),
    (r'set: {firm.culture: "\0"}', "set.firm.culture: "),
    (r'calibrate: {data: retention, columns: {left: "\e"}}', "calibrate.columns.left: "),
    (r'scenario: "a\nb"', "scenario: "),
]


@pytest.mark.parametrize(("text", "key"), EXPERIMENTS, ids=[item[1].strip(": ") for item in EXPERIMENTS])
def test_experiments_go_through_the_same_gate(tmp_path: Path, text: str, key: str):
    (tmp_path / "base.yaml").write_text("name: base\n")
    file = tmp_path / "wrong.yaml"
    file.write_text(text + ("" if text.startswith("scenario") else "\nscenario: base.yaml") + "\n")
    with pytest.raises(ScenarioError) as caught:
        read_experiment(file)
    assert str(caught.value).startswith(f"{file}:1:")
    assert key in str(caught.value)
    assert "U+" in str(caught.value)


def test_what_people_write_passes(tmp_path: Path):
    names = ['"=cmd|x"', "'<b>&\"'", '"$x^2$ \\\\ _ {} {{ % [bold]"', "می\u200cخواهم", "👩‍💻 Grüße", "'</script>'"]
    for name in names:
        file = tmp_path / "a.yaml"
        file.write_text(f'name: {name}\nquestion: "two\\nlines, and\\ta tab"\n', encoding="utf-8")
        scenario = load_scenario(file).scenario
        assert scenario.name == read_value(name, "x").plain
        assert scenario.question == "two\nlines, and\ta tab"


def test_a_name_taken_from_a_files_name_is_fit_to_be_printed(tmp_path: Path):
    file = tmp_path / "a\x1b[31m\u202eb.yaml"
    file.write_text("question: why\n")
    assert load_scenario(file).scenario.name == r"a\u001b[31m\u202eb"
