"""A scenario written out as one's own is the same scenario, and stands alone."""

from pathlib import Path

import pytest

from sim.scenario import load_scenario, load_text
from sim.scenario.own_file import own_text
from sim.scenario.shipped_files import shipped_scenarios
from tests.cli.calling import call


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_shipped_scenario_written_out_is_that_scenario(name: str):
    loaded = load_scenario(shipped_scenarios()[name])
    again = load_text(own_text(loaded, loaded.scenario.name, name)).scenario
    assert again == loaded.scenario


def test_relative_values_segments_and_a_plan_are_written_out():
    text = """
    customers: {bonds: {switching_cost: 0.8}}
    segments: [{name: a, share: 0.5, bonds: {switching_cost: x 0.5}}, {name: "2", share: 0.5}]
    rivals: []
    firm: {culture: poor, desk: {agents: +50%}}
    timeline: [{at: July 2026, set: {firm.strategy.price_index: +3%}}, {at: 5, set: {firm.culture: normal}}]
    """
    loaded = load_text(text, name="a")
    written = own_text(loaded, "a", "b")
    assert load_text(written, name="a").scenario == loaded.scenario.model_copy(
        update={"question": "What happens if ...?"}
    )
    assert written.count("switching_cost") == 2


def test_new_from_writes_a_file_that_runs(tmp_path: Path):
    done = call(tmp_path, "new", "--from", "telecom", "mine.yaml")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "mine.yaml").read_text(encoding="utf-8")
    assert "extends" not in text
    assert "# Share of those who leave a supplier who take a rival at once" in text
    assert call(tmp_path, "validate", "mine.yaml").returncode == 0
    assert load_scenario(tmp_path / "mine.yaml").scenario.name == "mine"
    (tmp_path / "own.yaml").write_text("firm: {desk: {ease: 2}}\n", encoding="utf-8")
    assert "ease: 2" in call(tmp_path, "new", "--from", "own.yaml").stdout
    wrong = call(tmp_path, "new", "--from", "telcom")
    assert wrong.returncode == 2
    assert "did you mean telecom?" in wrong.stderr
