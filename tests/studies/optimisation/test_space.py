import math

import pytest

from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import Lever
from sim.studies.optimisation.judge_choices import Requirement
from sim.studies.optimisation.space import Dimension, Space, dimension


@pytest.mark.parametrize(
    ("low", "high", "decimals", "size"),
    [(0.0, 2.0, 2, 201), (0.0, 1.0, 2, 101), (0.6, 0.7, 3, 101), (0.0, 1e6, -4, 101)],
)
def test_ranges_have_round_steps(low, high, decimals, size):
    lever = Dimension("a", low, low, high)
    assert (lever.decimals, lever.size, len(lever.all())) == (decimals, size, size)
    assert lever.all()[0] == low
    assert lever.all()[-1] == high
    assert all(lever.rounded(value) == value for value in lever.all())
    assert all(math.isclose(lever.at(lever.place(value)), value) for value in lever.all())


def test_odd_ends_are_kept():
    lever = Dimension("a", 0.0, 0.123456, 0.98765)
    assert (lever.all()[0], lever.all()[-1], lever.at(0.0), lever.at(1.0)) == (0.123456, 0.98765, 0.123456, 0.98765)


def test_logarithmic_ranges_have_three_digits():
    lever = Dimension("a", 1.0, 0.001, 10.0, log=True)
    assert lever.at(0.5) == 0.1
    assert lever.at(0.123) == 0.0031
    assert lever.place(0.1) == pytest.approx(0.5)
    assert math.isinf(lever.size)


def test_whole_numbers_have_equal_parts_of_the_unit_interval():
    lever = Dimension("a", 3, 1.0, 4.0, whole=True)
    assert [lever.at(share) for share in (0.0, 0.24, 0.26, 0.51, 0.76, 1.0)] == [1, 1, 2, 3, 4, 4]


def axis(kind, base, **lever):
    return Axis("a", Lever(**lever), True, kind, base)


def test_levers_of_a_file():
    assert dimension(axis("whole", 1, low=0.0, high=3.0)).all() == [0, 1, 2, 3]
    assert dimension(axis("text", "poor", values=["poor", "awful"])).all() == ["poor", "awful"]
    assert dimension(axis("truth", True, values=[True, False])).options == (True, False)
    assert dimension(axis("number", 2.0, values=[3, 1])).options == (1.0, 3.0)
    dear = dimension(axis("number", 2.0, low=1.0, high=10.0, scale="log", cost=3.0))
    assert (dear.log, dear.spent(4.0)) == (True, 6.0)


def test_a_lever_never_saves_money_of_its_own():
    dear, mirrored = Dimension("a", 0.5, cost=100.0), Dimension("a", 0.5, cost=-100.0)
    assert (dear.spent(0.7), dear.spent(0.5), dear.spent(0.2)) == (pytest.approx(20.0), 0.0, 0.0)
    assert (mirrored.spent(0.7), mirrored.spent(0.2)) == (0.0, 30.0)


def test_distance_is_that_of_the_lever_that_differs_most():
    space = Space((Dimension("x", 0.0, 0.0, 2.0), Dimension("c", "a", 0.0, 1.0, options=("a", "b"))))
    assert space.apart({"x": 0.5, "c": "a"}, {"x": 1.0, "c": "a"}) == 0.25
    assert space.apart({"x": 0.5, "c": "a"}, {"x": 0.5, "c": "b"}) == 1.0


def test_the_first_choices_hold_the_corners_and_one_of_each_stratum():
    space = Space(tuple(Dimension(name, 0.0, 0.0, 1.0) for name in "xy"))
    choices = list(space.spread(20, 0))
    assert choices[:4] == [{"x": x, "y": y} for x in (0.0, 1.0) for y in (0.0, 1.0)]
    for name in "xy":
        # rounded to 0.01 a value can touch the next stratum's edge
        assert all(
            abs(value - (rank + 0.5) / 20) <= 0.031 for rank, value in enumerate(sorted(c[name] for c in choices[4:]))
        )
    many = Space(tuple(Dimension(name, 0.0, 0.0, 1.0) for name in "abcdef"))
    assert [sum(choice.values()) for choice in list(many.spread(5, 0))[:2]] == [0.0, 6.0]


@pytest.mark.parametrize(
    ("text", "value", "shortfall"),
    [
        ("a >= 70", 63.0, 0.1),
        ("a >= 70", 70.0, 0.0),
        ("a <= 10", 15.0, 0.5),
        ("a > 70", 70.0, 1e-12),
        ("a <= 0", 0.25, 0.25),
        ("a >= -2", -3.0, 0.5),
        ("a * 2 >= 10", 4.0, 1.0),
        ("a * 2 >= 10", 5.0, 0.0),
        ("a >= 1", math.nan, 1.0),
    ],
)
def test_shortfalls(text, value, shortfall):
    assert Requirement.parse(text).shortfall({"a": value}) == pytest.approx(shortfall)
