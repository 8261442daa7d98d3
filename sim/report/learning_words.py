"""What the firm believed of its failures, what was the case, and what it corrected, in plain words."""

from __future__ import annotations

from sim.model.failures import FAILURE_MODES, Failures
from sim.model.learning import BELIEVED
from sim.results.result import Result
from sim.results.series import focal
from sim.words import say, translated


def learning_answer(result: Result) -> str:
    """What the firm believes to fail beside what does; empty where it does not steer."""
    return next(iter(learning_sentences(result)), "")


def learning_sentences(result: Result) -> list[str]:
    """Belief beside truth over the run, and corrective actions of a run; none where the firm does not steer."""
    felt = [f"failure_{mode}" for mode in FAILURE_MODES]
    actions = ["corrections", "corrections_kept", "corrections_undone"]
    whole = focal(result.series, result.scenario)[["encounters", *BELIEVED, *felt, *actions]].sum()
    if not whole[[*BELIEVED]].any():
        return []

    def of(names: list[str]) -> tuple[float, str]:
        """Failures in 1,000 encounters, and the mode of most of them."""
        most = FAILURE_MODES[int(whole[names].to_numpy().argmax())]
        return 1000.0 * float(whole[names].sum() / whole["encounters"]), translated(
            Failures.model_fields[most].title or ""
        )

    (believed, thought), (true, worst) = of([*BELIEVED]), of(felt)
    done, kept, undone = (float(whole[name]) / result.replications for name in actions)
    values = {"believed": believed, "thought": thought, "true": true, "worst": worst}
    return [
        say(
            "By what it is told, the firm believes that {believed:.1f} of 1,000 encounters fail, and in truth "
            "{true:.1f} do; it works on what happens most: {worst}.",
            **values,
        )
        if thought == worst
        else say(
            "By what it is told, the firm believes that {believed:.1f} of 1,000 encounters fail, and in truth "
            "{true:.1f} do; it works first on this: {thought}, though this happens most: {worst}.",
            **values,
        ),
        say(
            "It took {done:.1f} corrective actions; of those verified, {kept:.1f} showed an effect and {undone:.1f} "
            "were undone.",
            done=done,
            kept=kept,
            undone=undone,
        ),
    ]
