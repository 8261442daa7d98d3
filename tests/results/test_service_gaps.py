"""The gaps model, with numbers that a reader can check by heart."""

import numpy as np
import pytest

from sim.model.dimensions import DIMENSIONS
from sim.model.rooms import O
from sim.parameters.paths import set_path
from sim.parameters.timeline import Change
from sim.report.gap_words import gap_sentences
from sim.results.result import assemble
from sim.results.service_gaps import GAPS, build_service_gaps
from sim.vocabulary.observables import FIXED_POINT
from tests.results.test_measures import SCENARIO, HandMade

EMPATHY = "firm.systems.service.empathy"


def scenario(first: float, then: float):
    """A standard of empathy, another one in the second month, and a promise of 6.5."""
    world = set_path(set_path(SCENARIO, EMPATHY, first), "firm.strategy.promise.empathy", 6.5)
    return world.model_copy(update={"timeline": [Change(at=1, set={EMPATHY: then})]})


def lived(answers: int = 0) -> HandMade:
    """300 encounters, 200 in the first month: empathy of 5 is seen and 6 is owed; who is asked says 0.5 too little."""
    tables = HandMade(rated=(answers, 0))
    tables.tallies[0, 0, 0, O.rated_gap_empathy] = -answers * FIXED_POINT // 2
    return tables


def gaps(world, *tables) -> dict[str, list[float]]:
    result = assemble(world, tables)
    rows = result.service_gaps
    assert list(rows["gap"]) == [gap for gap in GAPS for _ in DIMENSIONS]
    chosen = rows[rows["dimension"] == "empathy"].set_index("gap")
    return {gap: chosen.loc[gap, ["value", "low", "high"]].tolist() for gap in GAPS}


def test_what_customers_miss_is_what_the_standard_and_its_delivery_lack() -> None:
    """A standard of (200 x 5.5 + 100 x 5.8) / 300 = 5.6."""
    found = gaps(scenario(5.5, 5.8), lived(answers=10))
    assert {gap: row[0] for gap, row in found.items()} == pytest.approx(
        {"knowledge": -0.5, "standards": -0.4, "delivery": -0.6, "communication": -1.5, "customers": -1.0}
    )
    assert np.isnan([row[1:] for row in found.values()]).all()


def test_where_nobody_is_asked_nothing_is_known_and_where_nobody_is_served_there_is_no_gap() -> None:
    assert np.isnan(gaps(scenario(5.5, 5.8), lived())["knowledge"]).all()
    assert np.isnan(gaps(scenario(5.5, 5.8), HandMade(encounters=(0, 0)))["customers"][0])


def test_replications_weigh_alike_and_have_an_interval() -> None:
    better = lived()
    better.tallies[:, 0, 0, O.perceived_empathy] = [200 * 6 * FIXED_POINT, 100 * 6 * FIXED_POINT]
    series = assemble(scenario(5.5, 5.8), [lived(), better]).series
    rows = build_service_gaps(scenario(5.5, 5.8), series).set_index(["gap", "dimension"])
    value, low, high = rows.loc[("customers", "empathy")]
    assert value == pytest.approx(-0.5)
    assert high - value == pytest.approx(12.7062 * 0.5, rel=1e-4)
    assert value - low == pytest.approx(high - value)


@pytest.mark.parametrize(
    ("standard", "said"),
    [
        (5.6, "standard is 0.4 points below that, and what they see 0.6 points below the standard"),
        (6.2, "not lower than that: what they see is 1.2 points below it"),
        (4.5, "keeps its standard, which is 1.5 points below that"),
    ],
)
def test_a_report_says_where_it_falls_short(standard: float, said: str) -> None:
    (told,) = gap_sentences(assemble(scenario(standard, standard), [lived()]))
    assert told.startswith("What customers miss most: Empathy. They see 1.0 points")
    assert said in told


def test_where_customers_miss_nothing_nothing_is_told() -> None:
    content = lived()
    content.tallies[:, 0, 0, O.perceived_empathy] = content.tallies[:, 0, 0, O.should_empathy]
    assert gap_sentences(assemble(scenario(5.6, 5.6), [content])) == []
    assert gap_sentences(assemble(scenario(5.6, 5.6), [HandMade(encounters=(0, 0))])) == []
