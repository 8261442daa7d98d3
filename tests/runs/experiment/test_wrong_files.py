"""Every wrong experiment file is refused with a message that says where, what and what instead."""

from pathlib import Path

import pytest

from sim.runs.experiment.definition import Experiment, Lever
from sim.runs.experiment.reader import plan_experiment, read_experiment
from sim.vocabulary.errors import ScenarioError
from tests.runs.experiment import wrong_files as corpus


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(corpus.BASE, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(corpus.BAD, encoding="utf-8")
    return tmp_path


def refusal(path: Path, *overrides: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_experiment(path, overrides)
    assert caught.value.exit_status == 2
    return str(caught.value)


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def test_the_corpus_is_large_enough():
    assert len({name for name, _, _ in corpus.WRONG}) == len(corpus.WRONG) >= 60


def test_the_file_that_most_are_made_from_is_right(folder: Path):
    plan = read_experiment(write(folder / "good.yaml", corpus.GOOD))
    assert plan.warnings == ()
    assert plan.base_values == {"firm.desk.ease": 0.0}


@pytest.mark.parametrize(("text", "fragments"), [item[1:] for item in corpus.WRONG], ids=[i[0] for i in corpus.WRONG])
def test_a_wrong_file_is_refused_in_plain_words(folder: Path, text: str | bytes, fragments: tuple[str, ...]):
    file = write(folder / "wrong.yaml", text)
    message = refusal(file)
    for fragment in fragments:
        assert fragment in message
    at_home = str(folder / "bad.yaml") if b"bad.yaml" in file.read_bytes() else str(file)
    assert all(line.startswith(at_home) for line in message.splitlines()), message
    for foreign in ("pydantic", "Traceback", "Input should", "None", "Extra inputs"):
        assert foreign not in message


def test_all_problems_are_told_together_in_the_order_of_the_file(folder: Path):
    text = "scenario: base.yaml\nlevers:\n  firm.desk.ease: {low: 3, high: 2}\n  firm.desk.eese: {low: 0, high: 1}\n"
    text += "uncertainties:\n  voice.complain_share: {low: 0, high: 1, scale: log}\n"
    text += "constraints: [a < 1]\noutputs: [npss]\n"
    lines = refusal(write(folder / "wrong.yaml", text)).splitlines()
    assert [line.split("wrong.yaml:")[1].split(":")[0] for line in lines] == ["3", "4", "6", "7", "8"]


def test_mistakes_of_experiment_and_scenario_are_told_together(folder: Path):
    message = refusal(write(folder / "wrong.yaml", "scenario: bad.yaml\nlevars: {}\n"))
    assert "wrong.yaml:2:1: levars: unknown key" in message
    assert "bad.yaml:1:23: firm.desk.agents: too small" in message


def test_a_wrong_override_is_not_blamed_on_the_file(folder: Path):
    file = write(folder / "good.yaml", corpus.GOOD + "set: {firm.desk.agents: 2}\n")
    assert refusal(file, "firm.desk.agents=-1").startswith("--set: firm.desk.agents: too small")
    assert refusal(file, "firm.desk.eese=1").startswith("--set: firm.desk.eese: unknown parameter")


def test_a_file_that_is_not_there(folder: Path):
    write(folder / "good.yaml", corpus.GOOD)
    message = refusal(folder / "god.yaml")
    assert "no such file" in message
    assert "good.yaml?" in message


def test_an_experiment_made_in_python_is_checked_as_well(folder: Path):
    experiment = Experiment(scenario="base.yaml", levers={"firm.desk.eese": Lever(low=0.0, high=2.0)})
    with pytest.raises(ScenarioError, match=r"^levers\.firm\.desk\.eese: unknown parameter; did you mean"):
        plan_experiment(experiment, folder)


def test_what_is_doubtful_is_a_warning(folder: Path):
    text = "extends: base.yaml\ntimeline: [{at: 5, set: {firm.desk.ease: 1}}]\n"
    write(folder / "changing.yaml", text)
    text = corpus.GOOD.replace("base.yaml", "changing.yaml") + "design: {kind: sobol, points: 100}\n"
    warnings = read_experiment(write(folder / "doubtful.yaml", text)).warnings
    assert len(warnings) == 2
    assert "64 or 128" in warnings[0]
    assert "timeline.0" in warnings[1]


def test_ends_that_other_factors_can_mend_are_a_warning(folder: Path):
    text = "scenario: base.yaml\nlevers:\n  firm.systems.channels.chat: {low: 0.1, high: 0.3}\n"
    text += "  firm.systems.channels.telephone: {low: 0.2, high: 0.4}\n"
    warnings = read_experiment(write(folder / "channels.yaml", text)).warnings
    assert len(warnings) == 2
    assert "other factors may mend that" in warnings[0]
