"""What a report calls `firm.desk.agents` may be written so in a scenario file."""

import pytest

from sim.scenario import load_text
from sim.vocabulary.errors import ScenarioError


@pytest.mark.parametrize(
    "text",
    [
        "firm: {desk: {agents: 3, ease: 2}, strategy: {price_index: 1.1}, culture: poor}",
        "firm.desk.agents: 3\nfirm.desk.ease: 2\nfirm.strategy: {price_index: 1.1}\nfirm.culture: poor",
        "firm: {desk.agents: 3, culture: poor}\nfirm.desk: {ease: 2}\nfirm.strategy.price_index: 1.1",
    ],
)
def test_it_is_the_same(text):
    found = load_text(text).scenario
    assert (found.firm.desk.agents, found.firm.desk.ease, found.firm.strategy.price_index) == (3, 2, 1.1)
    assert found.firm.culture == "poor"


def test_of_rivals_and_segments_too():
    text = """
rivals: [{name: other, desk.agents: 5, culture: poor}]
segments: [{name: gold, share: 0.2, bonds.attrition_per_year: 0.1}, {name: rest, share: 0.8}]
"""
    found = load_text(text).scenario
    assert found.rivals[0].desk.agents == 5
    assert found.all_segments[0].bonds.attrition_per_year == 0.1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("firm.desk.agents: 3\nfirm: {desk: {agents: 4}}", "2:15: firm.desk.agents: stands twice; first in line 1"),
        ("firm: {desk.agents: 3}\nfirm.desk: {agents: 4}", "x.yaml:2:13: firm.desk.agents: stands twice"),
        ("firm: 3\nfirm.desk.ease: 2", "x.yaml:2:1: firm: stands twice"),
        ("firm.agents: 3", "x.yaml:1:1: firm.agents: unknown parameter; did you mean firm.desk.agents?"),
        ("firm.desk: 3", "x.yaml:1:12: firm.desk: not a group of keys"),
        ("firm..ease: 3", "unknown parameter"),
        (".: 3", "unknown parameter"),
        ("changes: {firm.desk.agents: 3}", "x.yaml:1:1: changes: unknown parameter; what changes stands in the file"),
        ("set: {firm: {desk: {agents: 3}}}", "leave out set:"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(text, says):
    with pytest.raises(ScenarioError) as refused:
        load_text(text, name="x")
    assert says in str(refused.value)


def test_a_value_relative_to_today_is_relative_to_what_lies_beneath():
    found = load_text("firm.desk.agents: x 0.5").scenario
    assert found.firm.desk.agents == load_text("name: today").scenario.firm.desk.agents / 2
