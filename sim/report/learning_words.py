"""What the firm believed of its failures, what was the case, and what it corrected, in plain words."""

from __future__ import annotations

from typing import NamedTuple

from sim.model.corrective_action import NO_MODE, taken_up, worth
from sim.model.failures import FAILURE_MODES, Failures
from sim.model.learning import BELIEVED
from sim.parameters.labels import label
from sim.report.brief import Typed
from sim.report.wording import per_1000
from sim.results.result import Result
from sim.results.series import focal
from sim.words import say, translated


class BeliefAndTruth(NamedTuple):
    """Failures in 1,000 encounters, as believed and in truth, and modes by their labels.

    Attributes:
        believed: Of 1,000 encounters, by the firm's belief.
        thought: The mode that it hears of most.
        true: Of 1,000 encounters, in truth.
        worst: The mode that happens most.
        taken: The mode that weighs most in what it corrects, see `sim.model.corrective_action.taken_up`; empty where
            it was told of none.
    """

    believed: float
    thought: str
    true: float
    worst: str
    taken: str


def _belief_and_truth(result: Result) -> BeliefAndTruth | None:
    """What the firm believed beside what was the case, over the run; None where it does not steer."""
    felt = [f"failure_{mode}" for mode in FAILURE_MODES]
    told = [f"reported_{mode}" for mode in FAILURE_MODES]
    whole = focal(result.series, result.scenario)[["encounters", *BELIEVED, *felt, *told]].sum()
    if not whole[[*BELIEVED]].any():
        return None

    def of(names: list[str]) -> tuple[float, str]:
        most = int(whole[names].to_numpy().argmax())
        return 1000.0 * float(whole[names].sum() / whole["encounters"]), _label(most)

    heard = [float(whole[name]) if whole[reports] > 0 else 0.0 for name, reports in zip(BELIEVED, told, strict=True)]
    taken = taken_up(tuple(heard), worth(result.scenario.firm))
    return BeliefAndTruth(*of([*BELIEVED]), *of(felt), "" if taken == NO_MODE else _label(taken))


def _label(mode: int) -> str:
    return translated(Failures.model_fields[FAILURE_MODES[mode]].title or "")


def learning_next_step(result: Result) -> list[str]:
    """What to try instead, where the firm takes another failure for the most frequent than the one that is."""
    told = _belief_and_truth(result)
    if told is None or told.thought == told.worst or result.scenario.firm.learning.steering == "truth":
        return []
    return [
        Typed(
            say(
                "What happens most ({worst}) is not what the firm hears of most ({thought}): set another instrument "
                "beside this world, such as a survey (“{parameter}”).",
                worst=told.worst,
                thought=told.thought,
                parameter=label("firm.learning.steering"),
            ),
            {"firm.learning.steering": "survey"},
        )
    ]


def learning_answer(result: Result) -> str:
    """What the firm believes to fail beside what does, and what it corrects; empty where it does not steer."""
    told = _belief_and_truth(result)
    if told is None:
        return ""
    values = told._asdict() | {"believed": per_1000(told.believed), "true": per_1000(told.true)}
    if not told.taken:
        return say(
            "By what it is told, the firm believes that {believed} of 1,000 encounters fail, and in truth {true} do. "
            "It hears most of this: {thought}. This happens most: {worst}.",
            **values,
        )
    if told.taken == told.worst:
        return say(
            "By what it is told, the firm believes that {believed} of 1,000 encounters fail, and in truth {true} do. "
            "Above all it corrects what happens most: {worst}.",
            **values,
        )
    if told.taken == told.thought:
        return say(
            "By what it is told, the firm believes that {believed} of 1,000 encounters fail, and in truth {true} do. "
            "Above all it corrects what it hears of most ({taken}), and not what happens most ({worst}).",
            **values,
        )
    if told.thought == told.worst:
        return say(
            "By what it is told, the firm believes that {believed} of 1,000 encounters fail, and in truth {true} do. "
            "Above all it corrects what weighs most by severity and cost ({taken}), and not what happens most, "
            "although it hears most of that ({worst}).",
            **values,
        )
    return say(
        "By what it is told, the firm believes that {believed} of 1,000 encounters fail, and in truth {true} do. Above "
        "all it corrects what weighs most by severity and cost ({taken}); it hears most of something else ({thought}), "
        "and something else again happens most ({worst}).",
        **values,
    )


def learning_sentences(result: Result) -> list[str]:
    """Belief beside truth over the run, and corrective actions of a run; none where the firm does not steer."""
    first = learning_answer(result)
    if not first:
        return []
    actions = ["corrections", "corrections_kept", "corrections_undone"]
    counts = focal(result.series, result.scenario)[actions].sum()
    done, kept, undone = (float(counts[name]) / result.replications for name in actions)
    return [
        first,
        say(
            "It took {done:.1f} corrective actions; of those verified, {kept:.1f} showed an effect and {undone:.1f} "
            "were undone.",
            done=done,
            kept=kept,
            undone=undone,
        ),
    ]
