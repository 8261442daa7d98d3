"""Firms that hear and correct in whole runs: what they count, pay, change and leave alone; ways of steering."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine.learning import MODES, no_learners
from sim.engine.settling import world_that_settles
from sim.engine.simulation import Simulation
from sim.model.corrective_action import of_row
from sim.model.learning import OBSERVABLES
from sim.model.rooms import O
from sim.scenario import load_scenario, load_text
from sim.vocabulary.observables import FIXED_POINT

STEERING = Path(__file__).parents[2] / "scenarios" / "three_ways_of_steering.yaml"
FAST = [f"firm.learning.{step}_weeks=1" for step in ("identify", "investigate", "implement", "verify")]
WORLD = """
run: {period: week, periods: 8}
market: {customers: 600}
voice: {complain_share: 0.8}
firm: {systems: {failure_scale: 20}, learning: {survey_share: 0.5}}
"""


def lived(steering: str, *settings: str) -> Simulation:
    run = Simulation(load_text(WORLD, [f"firm.learning.steering={steering}", *FAST, *settings]).scenario, threads=1)
    run.run()
    return run


def of_modes(run: Simulation, name: str) -> Any:
    """A count or an amount of each mode over the run."""
    first = getattr(O, f"{name}_broken_commitment")
    return run.tallies[:, 0, :, first : first + MODES].sum(axis=(0, 1))


def total(run: Simulation, name: str) -> float:
    return float(run.tallies[:, 0, :, getattr(O, name)].sum() / FIXED_POINT)


@pytest.fixture(scope="module")
def runs() -> dict[str, Simulation]:
    return {way: lived(way) for way in ("none", "register", "survey", "truth")}


def test_who_does_not_steer_hears_and_changes_nothing(runs: dict[str, Simulation]) -> None:
    run = runs["none"]
    assert run.environment.firms is run._rested
    assert np.array_equal(run.learners, no_learners(2))
    assert not any(run.tallies[..., getattr(O, row.name)].any() for row in OBSERVABLES)


def test_the_truth_hears_all_and_others_hear_less(runs: dict[str, Simulation]) -> None:
    heard = {way: of_modes(run, "reported") for way, run in runs.items()}
    assert np.array_equal(heard["truth"], of_modes(runs["truth"], "failure"))
    for way in ("register", "survey"):
        assert 0 < heard[way].sum() < of_modes(runs[way], "failure").sum()
        assert (heard[way] <= of_modes(runs[way], "failure")).all()


def test_what_is_corrected_fails_less_from_the_next_period_on(runs: dict[str, Simulation]) -> None:
    """Weeks 0 to 2 identify, investigate and implement; the action acts in the week after."""
    run = runs["truth"]
    done = of_row(run.learners[0].tolist()).corrected
    assert sum(done) > 0.0
    ladders: tuple[Any, Any] = run._rested, run.environment.firms
    rested, now = (np.diff(firms["failure_ladder"][0], prepend=0.0) for firms in ladders)
    acted = now < rested * (1.0 - 1e-9)
    assert 0 < acted.sum() < MODES
    assert now[~acted] == pytest.approx(rested[~acted])
    assert run.environment.firms[1] == run._rested[1]
    first = run.tallies[:, 0, :, O.corrections].sum(axis=1)
    assert first[:2].sum() == 0 < first[2]


def test_what_listening_and_correcting_cost_is_booked(runs: dict[str, Simulation]) -> None:
    """Against a firm that does the same at another price: 8 weeks of the same luck."""
    dear = lived("survey", "firm.learning.survey_cost=2.05", "firm.learning.action_cost=6000")
    asked = 0.5 * float(dear.tallies[:, 0, :, O.encounters].sum())
    appraisal, prevention = (
        total(dear, name) - total(runs["survey"], name) for name in ("appraisal_cost", "prevention_cost")
    )
    assert appraisal == pytest.approx(2.0 * asked, rel=1e-4)
    assert total(dear, "corrections") > 0.9
    assert prevention == pytest.approx(2000.0 * total(dear, "corrections"), rel=1e-4)


def test_shoppers_find_what_customers_meet_and_are_paid_by_the_visit() -> None:
    run, dearer = (
        lived("shopping", "firm.learning.shopping_visits=20000", f"firm.learning.shopping_cost={c}") for c in (1, 3)
    )
    visits = 8 * 20_000 / 52
    assert total(dearer, "appraisal_cost") - total(run, "appraisal_cost") == pytest.approx(2 * visits, abs=3.0)
    found, felt = of_modes(run, "reported").sum() / visits, of_modes(run, "failure").sum()
    rate = felt / run.tallies[:, 0, :, O.encounters].sum()
    assert abs(found - rate) < 6.0 * np.sqrt(rate / visits + rate / (felt / rate))


def test_who_stops_to_steer_forgets_and_keeps_what_decays() -> None:
    run = lived("truth", "firm.learning.decay_per_year=0.9")
    before = of_row(run.learners[0].tolist()).corrected
    stopped = lived(
        "truth",
        "firm.learning.decay_per_year=0.9",
        "run.periods=12",
        "timeline=[{at: 8, set: {firm.learning.steering: none}}]",
    )
    learner = of_row(stopped.learners[0].tolist())
    assert learner.corrected == pytest.approx([c * 0.1 ** (4 / 52) for c in before])
    assert sum(learner.known) == learner.encounters == 0.0


def test_a_world_that_settles_does_not_learn() -> None:
    asked = load_scenario(STEERING, ["run.settling.years=1"]).scenario
    assert asked.firm.learning.steering == "register"
    assert world_that_settles(asked).firm.learning.steering == "none"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "runs"),
    [([], 30), (["market.customers=6000", "firm.systems.failure_scale=3"], 50)],
    ids=["as shipped", "with more to correct"],
)
def test_three_ways_of_steering_come_in_their_order(settings: list[str], runs: int) -> None:
    """Worlds of the same luck: failures felt per encounter, differences beyond 6 standard errors (8e-7 by luck)."""
    felt = {}
    for way in ("none", "register", "survey", "truth"):
        scenario = load_scenario(STEERING, [*settings, f"firm.learning.steering={way}"]).scenario
        tallies = [
            Simulation(scenario, seed=seed, threads=1).run().tallies[:, 0].sum(axis=(0, 1)) for seed in range(runs)
        ]
        felt[way] = np.array([t[O.failures_felt] / t[O.encounters] for t in tallies])
    for better, worse in (("register", "none"), ("survey", "register"), ("truth", "survey")):
        less = felt[worse] - felt[better]
        assert less.mean() > 6.0 * less.std(ddof=1) / np.sqrt(runs), (better, worse)


def test_a_servqual_survey_of_all_who_answer_tells_the_truth_and_one_of_the_extremes_does_not() -> None:
    """Nothing moves what is owed: of everybody the gaps are those of all; of those who answer they are wider."""
    still = [f"customers.expectations.{name}=0" for name in ("should_ratchet", "should_drift")]
    all_of_them = lived("none", *still, "firm.learning.servqual_share=1", "firm.learning.response_rate=1")
    extremes = lived(
        "none",
        *still,
        "firm.learning.servqual_share=0.5",
        "firm.learning.response_rate=0.1",
        "firm.learning.extremity=3",
        "firm.learning.survey_cost=2.05",
    )
    told, true = {}, {}
    for way, run in (("all", all_of_them), ("extremes", extremes)):
        sums = run.tallies[:, 0].sum(axis=(0, 1)).astype(float)
        told[way] = sums[O.rated_gap_tangibles : O.rated_gap_tangibles + 5] / sums[O.rated] / FIXED_POINT
        gaps = [sums[O.perceived_tangibles + d] - sums[O.should_tangibles + d] for d in range(5)]
        true[way] = np.array(gaps) / sums[O.encounters] / FIXED_POINT
    assert told["all"] == pytest.approx(true["all"], abs=2 / FIXED_POINT)
    assert 0 < extremes.tallies[:, 0, :, O.rated].sum() < 0.3 * extremes.tallies[:, 0, :, O.encounters].sum()
    assert np.abs(told["extremes"] - true["extremes"]).max() > 0.02
    asked = 0.5 * float(extremes.tallies[:, 0, :, O.encounters].sum())
    rest = lived("none", *still)
    assert total(extremes, "appraisal_cost") - total(rest, "appraisal_cost") == pytest.approx(2.05 * asked, rel=1e-4)
