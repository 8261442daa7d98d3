"""From an experiment to answers, with a world of arithmetic."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.runs.evaluation import Evaluation
from sim.studies.sensitivity.analysis import TooManyFailedError, analyse, recorded_outputs, runs_needed
from sim.vocabulary.errors import ScenarioError
from tests.studies.sensitivity.known import (
    AGENTS,
    AXES,
    COMPETITION,
    EASE,
    PRESET,
    Arithmetic,
    analysed,
    experiment,
    small_scenario,
)


@pytest.fixture(scope="module")
def found():
    return analysed(condition="retention < 0.7")


def value(found, output, factor, measure="total"):
    rows = found.indices[found.indices["output"] == output].set_index(["factor", "measure"])["value"]
    return rows[(factor, measure)]


def step(found, output, factor, kind):
    """The row of the only such step."""
    rows = found.effects
    rows = rows[(rows["output"] == output) & (rows["factor"] == factor) & (rows["kind"] == kind)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_what_does_nothing_has_index_0_and_what_does_all_has_index_1(found):
    assert value(found, "satisfaction", EASE) == 0.0
    assert value(found, "satisfaction", AGENTS) > 0.85
    assert found.ranked("satisfaction")["factor"].iloc[0] == AGENTS
    assert found.ranked("active.end").empty


def test_indices_are_those_of_the_closed_form():
    # satisfaction = 5 a - 8 c^2: Var = 25 * 35/12 and 64 * (1/5 - 1/9)
    agents, pull = 25 * 35 / 12, 64 * (1 / 5 - 1 / 9)
    many = analysed(samples=1024)
    assert value(many, "satisfaction", AGENTS, "first_order") == pytest.approx(agents / (agents + pull), abs=0.01)
    assert value(many, "satisfaction", COMPETITION) == pytest.approx(pull / (agents + pull), abs=0.01)


def test_shared_luck_is_no_part_of_the_indices_and_other_luck_is_told(found):
    share = found.luck.set_index("output")
    assert share.loc["retention", "of_means"] < 1e-12
    noisy = analysed(Arithmetic(scatter=0.05)).luck.set_index("output")
    assert noisy.loc["retention", "of_means"] > 0.2
    assert noisy.loc["retention", "of_one_run"] > noisy.loc["retention", "of_means"]


def test_effects_are_the_slopes_of_the_scenario(found):
    agents = step(found, "satisfaction", AGENTS, "marginal")
    assert (agents["per_unit"], agents["spending"]) == pytest.approx((5.0, 600.0))
    assert agents["per_money"] == pytest.approx(10.0 / 600.0)
    ease = step(found, "retention", EASE, "marginal")
    # 0.05 - 0.1 * 0.5 = 0 at the scenario's competition; 1,000 booked and 500 of its own for each unit
    assert ease["per_unit"] == pytest.approx(0.0, abs=1e-12)
    assert ease["spending"] == pytest.approx(150.0)
    preset = step(found, "retention", PRESET, "switch")
    assert (preset["start"], preset["stop"], preset["effect"]) == ("minor", "major", pytest.approx(0.02))
    assert not preset["lever"]


def test_own_cost_is_charged_to_what_the_caller_says():
    asked = experiment()
    given = analyse(
        asked,
        AXES,
        small_scenario(),
        Evaluation(Arithmetic(), seed=1).evaluate,
        charge=lambda output, yearly: -yearly if output == "satisfaction" else 0.0,
    )
    assert step(given, "satisfaction", EASE, "end")["effect"] == pytest.approx(-1000.0)
    assert step(given, "satisfaction", AGENTS, "marginal")["effect"] == pytest.approx(10.0)


def test_the_region_is_found(found):
    row = found.regions.set_index("factor").loc[COMPETITION]
    assert row["p_holm"] < 0.001
    assert row["low"] > 0.5
    held = found.points[found.points["part"] == "design"]
    assert held["met"].sum() == row["met"]
    means = found.runs[found.runs["part"] == "design"].groupby("index")["retention"].mean()
    assert (held.set_index("index")["met"].astype(bool) == (means < 0.7)).all()


def test_every_run_has_its_point(found):
    points = found.points.set_index(["part", "index"])
    runs = found.runs
    assert len(runs) == len(points.loc["design"]) * 2 + len(points.loc["steps"]) * 10
    assert (points.loc[list(zip(runs["part"], runs["index"], strict=True)), "point"].to_numpy() == runs["point"]).all()
    assert len(runs) <= runs_needed(found.experiment, AXES)
    assert points.loc[("steps", 0), [EASE, AGENTS, COMPETITION, PRESET]].tolist() == [0.0, 3, 0.5, "minor"]


def test_values_stand_at_places(found):
    rows = found.dependence[(found.dependence["output"] == "retention")]
    assert rows[rows["factor"] == AGENTS]["at"].tolist() == [1, 2, 3, 4, 5, 6]
    assert rows[rows["factor"] == PRESET]["at"].tolist() == ["minor", "major"]


def test_the_order_of_runs_and_the_engine_change_nothing(found):
    class Backwards:
        """Does the runs in reversed order, one after the other."""

        def __init__(self):
            self.evaluation = Evaluation(Arithmetic(), seed=1)

        def __call__(self, points, replications):
            for values in reversed(points):
                self.evaluation.evaluate([values], replications)
            return self.evaluation.evaluate(points, replications)

    other = analyse(experiment(condition="retention < 0.7"), AXES, small_scenario(), Backwards())
    for name in ("indices", "luck", "effects", "dependence", "maps", "regions", "points", "runs"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(other, name), check_exact=True)


def test_failed_runs_cost_their_block_and_are_counted():
    broken = analysed(Arithmetic(breaks=lambda values: values.get(EASE, 0.0) > 1.97))
    row = broken.luck.set_index("output").loc["retention"]
    assert 0 < row["dropped"] < 0.2 * 64
    assert np.isfinite(value(broken, "retention", AGENTS))
    assert broken.failed > 0
    ease = broken.effects[(broken.effects["factor"] == EASE) & (broken.effects["kind"] == "end")]
    assert (ease["pairs"] == 0).all()


def test_too_many_failed_runs_end_the_analysis_with_their_reason():
    with pytest.raises(TooManyFailedError, match="the desk fell apart"):
        analysed(Arithmetic(breaks=lambda values: values.get(EASE, 0.0) > 1.0))


def test_what_hangs_together_cannot_be_analysed():
    asked = experiment().model_copy(update={"constraints": ["firm.desk.ease + firm.desk.agents <= 5"]})
    with pytest.raises(ScenarioError, match="independently"):
        analyse(asked, AXES, small_scenario(), Evaluation(Arithmetic(), seed=1).evaluate)


def test_without_factors_there_is_nothing_to_vary():
    with pytest.raises(ScenarioError, match="nothing to vary"):
        analyse(experiment(), [], small_scenario(), Evaluation(Arithmetic(), seed=1).evaluate)


def test_runs_record_what_the_condition_asks():
    asked = experiment(outputs=["retention"], condition="satisfaction > 70 and firm.desk.ease < 1")
    assert recorded_outputs(asked) == ("retention", "satisfaction", "spending")
    found = analyse(asked, AXES, small_scenario(), Evaluation(Arithmetic(), seed=1).evaluate)
    assert found.outputs == ["retention"]
    row = found.regions.set_index("factor").loc[EASE]
    assert row["high"] < 1.0


def test_elementary_effects_are_the_slopes_of_a_linear_model():
    found = analysed(method="morris", samples=10)
    effects = found.indices[found.indices["output"] == "satisfaction"].set_index(["factor", "measure"])["value"]
    # agents 1, 3, 5, 6 at the levels 0, 1/3, 2/3, 1: moves of 4 and of 3 in 2/3 of the cube
    assert 5 * 3 * 1.5 <= effects[(AGENTS, "mu_star")] <= 5 * 4 * 1.5
    assert effects[(EASE, "mu_star")] == 0.0
    assert found.main_measure == "mu_star"
    assert found.ranked("satisfaction")["factor"].iloc[0] == AGENTS


def test_second_order_names_the_pair_that_works_together():
    found = analysed(second_order=True, samples=256)
    rows = found.indices[(found.indices["measure"] == "second_order") & (found.indices["output"] == "retention")]
    best = rows.iloc[int(rows["value"].argmax())]
    assert {best["factor"], best["with"]} == {EASE, COMPETITION}
    row = found.maps[found.maps["output"] == "retention"].iloc[0]
    assert {row["factor"], row["with"]} == {EASE, COMPETITION}


def test_the_result_tells_itself_in_one_line(found):
    assert repr(found) == "Sensitivity('small', sobol, 4 factors, 868 runs)"
    assert COMPETITION in found._repr_html_()


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_p_values_rest_on_rows_a_and_b_or_on_the_first_of_a_trajectory(method):
    found = analysed(method=method, samples=64, condition="retention < 0.72")
    held = found.points[found.points["part"] == "design"]
    size = len(held) // 64
    place = held["index"].to_numpy() % size
    alone = held[(place == 0) | ((method == "sobol") & (place == size - 1))]
    met = alone["met"].to_numpy(bool)
    theirs = stats.ks_2samp(alone[COMPETITION][met], alone[COMPETITION][~met])
    assert found.regions.set_index("factor").loc[COMPETITION, "p"] == pytest.approx(theirs.pvalue)
