"""What differs between two experiments is told, and only growth is called growth."""

from typing import Any

import pytest

from sim.runs.experiment.definition import Experiment
from sim.runs.experiment.experiment_changes import changed_leaves, differences, is_extension

BASE: dict[str, Any] = {
    "scenario": "a.yaml",
    "levers": {"firm.desk.ease": {"values": [0.0, 1.0]}, "firm.desk.agents": {"values": [1.0, 2.0]}},
    "design": {"kind": "grid"},
    "replications": 3,
    "outputs": ["nps", "margin"],
}


def experiment(**changes: Any) -> Experiment:
    return Experiment.model_validate(BASE | changes)


def designed(**design: Any) -> Experiment:
    return experiment(levers={"firm.desk.ease": {"low": 0.0, "high": 1.0}}, design=design)


def test_nothing_differs_from_itself():
    assert differences(experiment(), experiment()) == []
    assert is_extension(experiment(), experiment())


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"replications": 5}, ["replications: 3 -> 5"]),
        ({"scenario": "b.yaml"}, ["scenario: 'a.yaml' -> 'b.yaml'"]),
        ({"outputs": ["nps", "margin", "customers"]}, ["outputs: added 'customers'"]),
        ({"outputs": ["nps"]}, ["outputs: ['nps', 'margin'] -> ['nps']"]),
        ({"set": {"run.periods": 5}}, ["set.run.periods: nothing -> 5"]),
        ({"stopping": {"output": "nps", "half_width": 1.0}}, ["stopping: added"]),
        (
            {"design": {"kind": "random", "points": 5}},
            ["design.kind: 'grid' -> 'random'", "design.points: nothing -> 5"],
        ),
    ],
)
def test_differences_in_plain_words(changes: dict[str, Any], lines: list[str]):
    assert differences(experiment(), experiment(**changes)) == lines


def test_factors_that_come_and_go():
    levers = {"firm.desk.ease": BASE["levers"]["firm.desk.ease"], "firm.desk.apology": {"low": 0.0, "high": 1.0}}
    assert differences(experiment(), experiment(levers=levers)) == [
        "levers.firm.desk.apology: added",
        "levers.firm.desk.agents: removed",
    ]


def test_rows_are_compared_one_by_one():
    old, new = ({"design": {"kind": "list", "rows": [{"firm.desk.ease": 1}, {"firm.desk.ease": n}]}} for n in (2, 3))
    assert changed_leaves(old, new) == ["design.rows.1.firm.desk.ease: 2 -> 3"]
    assert changed_leaves({"a": True}, {"a": 1}) == ["a: true -> 1"]
    assert changed_leaves({"a": ["x"] * 100}, {"a": ["y"] * 100}) == ["a: [100 entries] -> [100 entries]"]


ROWS = [{"firm.desk.ease": 0.5}]
MORE = [*ROWS, {"firm.desk.ease": 0.7}]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (experiment(), experiment(replications=9)),
        (experiment(), experiment(question="Why?")),
        (experiment(), experiment(limits={"seconds": 5.0})),
        (experiment(), experiment(stopping={"output": "nps", "half_width": 1.0})),
        (
            experiment(stopping={"output": "nps", "half_width": 1.0, "at_most": 50}),
            experiment(stopping={"output": "nps", "half_width": 0.5, "at_most": 60}),
        ),
        (experiment(), experiment(levers=BASE["levers"] | {"firm.desk.ease": {"values": [0.0, 1.0, 0.5]}})),
        (designed(kind="random", points=5), designed(kind="random", points=6)),
        (designed(kind="sobol", points=4), designed(kind="sobol", points=8)),
        (designed(kind="latin_hypercube", points=4), designed(kind="latin_hypercube", points=9)),
        (designed(kind="morris", trajectories=4), designed(kind="morris", trajectories=9)),
        (designed(kind="list", rows=ROWS), designed(kind="list", rows=MORE)),
    ],
)
def test_growth_is_an_extension_and_shrinking_is_not(old: Experiment, new: Experiment):
    assert is_extension(old, new)
    same = old.model_copy(update={"question": new.question, "limits": new.limits}) == new
    assert is_extension(new, old) is same


@pytest.mark.parametrize(
    "changes",
    [
        {"scenario": "b.yaml"},
        {"set": {"run.periods": 5}},
        {"outputs": ["nps", "margin", "customers"]},
        {"constraints": ["firm.desk.ease < 1"]},
        {"levers": BASE["levers"] | {"firm.desk.agents": {"values": [1.0, 2.0, 3.0]}}},
        {"levers": BASE["levers"] | {"firm.desk.ease": {"values": [0.5, 0.0, 1.0]}}},
        {"levers": BASE["levers"] | {"firm.desk.ease": {"low": 0.0, "high": 1.0, "levels": 2}}},
        {"levers": dict(reversed(BASE["levers"].items()))},
        {"levers": {}, "uncertainties": BASE["levers"]},
        {"design": {"kind": "grid", "seed": 1}},
    ],
)
def test_other_changes_are_no_extension(changes: dict[str, Any]):
    assert not is_extension(experiment(), experiment(**changes))


def test_a_kept_definition_is_the_same_experiment():
    """As the store keeps it: through JSON, with every default written out."""
    import json

    old = designed(kind="random", points=5)
    kept = Experiment.model_validate(json.loads(json.dumps(old.model_dump(mode="json"))))
    assert differences(kept, old) == []
    assert is_extension(kept, designed(kind="random", points=6))
