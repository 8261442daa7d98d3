"""Sliders for a class: moved, wrong, and back to today."""

import pytest

import sim
from sim.vocabulary.errors import ScenarioError

widgets = pytest.importorskip("ipywidgets")

SMALL = (
    "market.customers=300",
    "run.periods=30",
    "run.settling.years=0",
    "money.measure_opportunity_cost=false",
)
EASE, CLOSED = "firm.desk.ease", "firm.desk.sized_by_load"


@pytest.fixture(scope="module")
def box():
    return sim.sliders("scenarios/baseline.yaml", EASE, CLOSED, overrides=SMALL, replications=2)


def parts(box):
    *movers, back, answer = box.children
    return movers, back, answer


def test_today_is_shown_first_and_a_slider_spans_the_practical_range(box):
    (ease, switch), _, answer = parts(box)
    assert (ease.min, ease.max) == sim_range(EASE)
    assert isinstance(switch, widgets.Checkbox)
    assert "Key figures, means of 2 runs" in answer.value
    assert "Same luck" not in answer.value


def sim_range(path):
    from sim.parameters.registry import parameters

    return next(info.practical for info in parameters() if info.path == path)


def test_a_move_compares_with_today_and_back_undoes_it(box):
    (ease, _), back, answer = parts(box)
    first, today = answer.value, ease.value
    ease.value = 3.0
    assert "Same luck, 2 pairs of runs" in answer.value
    assert ">What if<" in answer.value
    back.click()
    assert ease.value == today
    assert answer.value == first


def test_the_same_move_as_a_comparison_gives_the_same_figures(box):
    (ease, _), back, answer = parts(box)
    ease.value = 3.0
    overrides = [f"{EASE}=3.0"]
    today, then = (sim.load_scenario("scenarios/baseline.yaml", [*SMALL, *more]) for more in ([], overrides))
    found = sim.compare([today, then], replications=2, seed=1).difference("complaint_share")
    assert f"{100 * found['value']:.1f}%" in answer.value
    back.click()


def test_a_value_that_is_not_allowed_is_told_in_place(box):
    (ease, _), back, answer = parts(box)
    ease.max = 1e9
    ease.value = 1e9
    assert "<output>" in answer.value
    assert EASE in answer.value
    back.click()


def test_a_path_that_no_slider_can_move_is_refused():
    with pytest.raises(ScenarioError, match="no parameter that a slider can move"):
        sim.sliders("scenarios/baseline.yaml", "name", overrides=SMALL)
