"""Conditions mean what they say, for numbers and for columns, and can do no harm."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.runs.experiment.conditions import Condition
from sim.vocabulary.errors import ScenarioError


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("a < 3", {"a": 2}, True),
        ("a < 3", {"a": 3}, False),
        ("a + 2 * b - c / 4 >= 1", {"a": 0, "b": 1, "c": 4}, True),
        ("a - b - c == -4", {"a": 1, "b": 2, "c": 3}, True),
        ("a / b / c == 2", {"a": 12, "b": 3, "c": 2}, True),
        ("(a + b) * 2 == 6", {"a": 1, "b": 2}, True),
        ("-a < -1 and +a > 0", {"a": 2}, True),
        ("--a == 2 and -+-a == 2 and ---a == -2", {"a": 2}, True),
        ("0 < a <= b < 5", {"a": 1, "b": 1}, True),
        ("0 < a <= b < 5", {"a": 2, "b": 1}, False),
        ("a < 1 or b < 1 and c < 1", {"a": 0, "b": 2, "c": 2}, True),
        ("(a < 1 or b < 1) and c < 1", {"a": 0, "b": 2, "c": 2}, False),
        ("rivals.0.desk.ease + survival@12 < 1", {"rivals.0.desk.ease": 0.5, "survival@12": 0.25}, True),
        ("`rivals.Big Co-op.desk.ease` < 1", {"rivals.Big Co-op.desk.ease": 0}, True),
        ("a == 'poor' or a == \"awful\"", {"a": "awful"}, True),
        ("a != 'poor'", {"a": "poor"}, False),
        ("on == 1", {"on": True}, True),
        ("a < 1e3 and a > .5", {"a": 999}, True),
        ("andy < 1 and orson < 1", {"andy": 0, "orson": 0}, True),
        ("a == a", {"a": float("nan")}, False),
        ("a != 1", {"a": float("nan")}, False),
        ("a / b < 1", {"a": 0, "b": 0}, False),
        ("a / b > 1", {"a": 1, "b": 0}, True),
    ],
)
def test_a_condition_of_numbers(text: str, values: dict[str, float], expected: bool):
    assert Condition.parse(text).holds(values) is expected


def test_columns_are_judged_row_by_row():
    frame = pd.DataFrame({"a": [0, 1, 2], "b": [2.0, np.nan, 0.5], "c": ["x", "y", "x"]})
    assert Condition.parse("a + b <= 2").holds(frame).tolist() == [True, False, False]
    assert Condition.parse("c == 'x' and a < 2").holds(frame).tolist() == [True, False, False]


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_arithmetic_is_pythons(a: float, b: float, c: float):
    text = "a * b - c * (a - 2) < b + c / 4"
    assert Condition.parse(text).holds({"a": a, "b": b, "c": c}) == (a * b - c * (a - 2) < b + c / 4)


def test_names_come_in_the_order_in_which_they_stand():
    condition = Condition.parse("b.x < a and b.x * 2 < c and d == 'x'")
    assert condition.names == ("b.x", "a", "c", "d")
    assert dict(condition.texts) == {"d": ("x",)}


def test_a_condition_travels_to_other_processes():
    condition = pickle.loads(pickle.dumps(Condition.parse("a < 1")))
    assert condition.holds({"a": 0})
    assert str(condition) == "a < 1"


def test_a_name_without_a_value_is_an_error():
    with pytest.raises(KeyError):
        Condition.parse("a < 1").holds({"b": 1})


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ("", ("character 1", "its end")),
        ("a", ("not a comparison",)),
        ("a < 1 b", ("character 7", "'b'")),
        ("a = 1", ("character 3", "==")),
        ("a =< 1", ("character 3", "==")),
        ("a <> 1", ("character 3", "!=")),
        ("a ≤ 1", ("character 3", "<=")),
        ("a < 1 && b < 1", ("character 7", "`and`")),
        ("a < 1 || b < 1", ("character 7", "`or`")),
        ("not a < 1", ("character 1", "the other way round")),
        ("a ** 2 < 1", ("character 3", "a * a")),
        ("a // 2 < 1", ("character 3", "/")),
        ("a < 5%", ("character 6", "0.05")),
        ("a < 0,5", ("character 6", "decimal point")),
        ("f(a) < 1", ("character 2", "no functions")),
        ("a[0] < 1", ("character 2", "'['")),
        ("a.b. < 1", ("'a.b.'",)),
        ("3a < 1", ("'3a'",)),
        ("1.2.3 < a", ("'1.2.3'",)),
        ("a@b < 1", ("'a@b'",)),
        ("1e999 < a", ("not a finite number",)),
        ("(a < 1", ("character 7", "closing parenthesis")),
        ("a < 1)", ("character 6", "the end")),
        ("(a < 1) + 1 < 2", ("not a number",)),
        ("a and b", ("not a comparison",)),
        ("'x' < a", ("a text can only be equal",)),
        ("'x' == 'y'", ("a text can only be equal",)),
        ("a + 'x' < 1", ("not a number",)),
        ("a == 'x", ("character 6",)),
        ("lambda: 1", ("not a",)),
        ("(" * 51 + "a < 1" + ")" * 51, ("at most 50",)),
        ("a < 1 or " * 200 + "a < 1", ("too long", "1000")),
    ],
)
def test_what_is_no_condition_is_refused_where_it_goes_wrong(text: str, fragments: tuple[str, ...]):
    with pytest.raises(ScenarioError) as caught:
        Condition.parse(text)
    for fragment in fragments:
        assert fragment in str(caught.value)


@given(st.text(alphabet="ab.12 <>=!+-*/()'\"`@e", max_size=40))
def test_no_text_does_anything_but_parse_or_be_refused(text: str):
    try:
        condition = Condition.parse(text)
    except ScenarioError:
        return
    values = {name: "x" if name in condition.texts else 1.0 for name in condition.names}
    assert condition.holds(values) in (True, False)
