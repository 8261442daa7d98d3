"""The data file of public figures: every figure has its source, and every trade its scenario."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from sim.scenario import load_scenario
from sim.studies.industries.figures import BY_NAME
from sim.studies.industries.public import PublicFigure, PublicFigures, Trade, public_figures

SCENARIOS = Path(__file__).resolve().parents[3] / "scenarios"
GOOD = {"low": 1.0, "high": 2.0, "source": "somebody counted them", "second_hand": True}
ALL = [(name, figure) for name in public_figures().industries for figure in public_figures().of(name).items()]


@pytest.mark.parametrize(("industry", "item"), ALL, ids=lambda value: value if isinstance(value, str) else value[0])
def test_every_public_figure_has_a_range_and_a_source(industry: str, item: tuple[str, PublicFigure]):
    name, figure = item
    assert figure.low < figure.high
    assert len(figure.source) > 20
    assert figure.where or figure.second_hand, "who read the origin knows its address"
    assert not figure.source.endswith("."), "it stands in a cell"
    assert not figure.differs or figure.differs.endswith("."), "it is a sentence"
    if BY_NAME[name].unit.startswith("share"):
        assert -1.0 <= figure.low < figure.high <= 1.0


@pytest.mark.parametrize("industry", list(public_figures().industries))
def test_every_trade_has_a_scenario(industry: str):
    assert load_scenario(SCENARIOS / f"{industry}.yaml").scenario.name == industry


def test_what_holds_for_every_trade_gives_way_to_its_own_and_may_be_left_out():
    every, own = public_figures().every, public_figures().industries
    assert public_figures().of("bank")["elasticity"] == every["elasticity"]
    assert public_figures().of("airline")["elasticity"] == own["airline"].figures["elasticity"] != every["elasticity"]
    assert "elasticity" not in public_figures().of("public_office")


@pytest.mark.parametrize(
    "wrong",
    [
        {"low": 2.0},
        {"source": "hearsay"},
        {"where": "somewhere"},
        {"second_hand": None},
        {"page": 3},
    ],
)
def test_a_figure_that_is_wrong_is_refused(wrong: dict[str, object]):
    assert PublicFigure.model_validate(GOOD).where == ""
    with pytest.raises(ValidationError):
        PublicFigure.model_validate(GOOD | wrong)


@pytest.mark.parametrize("named", [{"figures": {"chrun": GOOD}}, {"figures": {}, "without": ("chrun",)}])
def test_a_figure_that_is_not_ours_is_refused(named: dict[str, object]):
    trade = Trade.model_validate({"trade": "Bakery"} | named)
    with pytest.raises(ValidationError, match="chrun"):
        PublicFigures(every={}, industries={"bakery": trade})
