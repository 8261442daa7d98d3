"""What is said of belief and corrective action: nothing where the firm does not steer, else what the series hold."""

from types import SimpleNamespace
from typing import Any

import pandas as pd

from sim.model.failures import FAILURE_MODES
from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.report.learning_words import learning_answer, learning_next_step, learning_sentences
from sim.results.series import total_segment


def lived(**rows: list[float]) -> Any:
    """A result of two replications of one period."""
    scenario = Scenario()
    names = [f"{what}_{mode}" for what in ("believed", "failure", "reported") for mode in FAILURE_MODES]
    names += ["corrections", "corrections_kept", "corrections_undone"]
    series = pd.DataFrame({"encounters": [400.0, 600.0], **{name: rows.get(name, [0.0, 0.0]) for name in names}})
    series = series.assign(firm=scenario.firm.name, segment=total_segment(scenario), period=[0, 0], replication=[0, 1])
    return SimpleNamespace(series=series, scenario=scenario, replications=2)


def test_nothing_is_said_where_the_firm_does_not_steer() -> None:
    assert learning_sentences(lived(failure_coldness=[3.0, 4.0])) == []
    assert learning_answer(lived(failure_coldness=[3.0, 4.0])) == ""
    assert learning_next_step(lived(failure_coldness=[3.0, 4.0])) == []


def test_belief_stands_beside_the_truth() -> None:
    result = lived(
        believed_wrong_answer=[3.0, 4.5],
        believed_coldness=[1.0, 1.0],
        failure_coldness=[20.0, 10.0],
        failure_wrong_answer=[5.0, 6.0],
        corrections=[3.0, 4.0],
        corrections_kept=[2.0, 3.0],
        corrections_undone=[1.0, 0.0],
        reported_wrong_answer=[2.0, 2.0],
    )
    belief, action = learning_sentences(result)
    assert learning_answer(result) == belief
    assert belief == (
        "By what it is told, the firm believes that 9.5 of 1,000 encounters fail, and in truth 41 do. Above all it "
        "corrects what it hears of most (Wrong answer), and not what happens most (Coldness)."
    )
    right = lived(
        believed_coldness=[3.0, 4.5],
        failure_coldness=[20.0, 10.0],
        failure_wrong_answer=[5.0, 6.0],
        reported_coldness=[1.0, 1.0],
    )
    assert learning_answer(right).endswith("Above all it corrects what happens most: Coldness.")
    assert "took 3.5 corrective actions" in action
    assert "2.5 showed an effect and 0.5 were undone" in action


def test_what_is_heard_of_most_is_not_taken_for_what_is_worked_on() -> None:
    told = {"believed_wrong_answer": [6.0, 6.0], "believed_broken_commitment": [5.0, 5.0]}
    reports = {"reported_wrong_answer": [2.0, 2.0], "reported_broken_commitment": [2.0, 2.0]}
    result = lived(**told, **reports, failure_coldness=[20.0, 10.0])
    severe = set_path(result.scenario, "firm.systems.failures.broken_commitment.severity", 3.0)
    assert learning_answer(lived(**told, failure_coldness=[20.0, 10.0])).endswith(
        "It hears most of this: Wrong answer. This happens most: Coldness."
    )
    result.scenario = set_path(severe, "firm.systems.failures.wrong_answer.severity", 0.5)
    assert learning_answer(result).endswith(
        "Above all it corrects what weighs most by severity and cost (Broken commitment); it hears most of something "
        "else (Wrong answer), and something else again happens most (Coldness)."
    )
    result.series["failure_wrong_answer"] = 70.0
    assert learning_answer(result).endswith(
        "Above all it corrects what weighs most by severity and cost (Broken commitment), and not what happens most, "
        "although it hears most of that (Wrong answer)."
    )


def test_another_instrument_is_named_where_what_happens_most_is_not_what_is_heard_of_most() -> None:
    told = {"believed_wrong_answer": [3.0, 4.0], "believed_coldness": [1.0, 1.0]}
    (step,) = learning_next_step(lived(**told, failure_coldness=[20.0, 10.0], failure_wrong_answer=[5.0, 6.0]))
    assert "What happens most (Coldness) is not what the firm hears of most (Wrong answer)" in step
    assert learning_next_step(lived(**told, failure_wrong_answer=[5.0, 6.0])) == []
