"""What is said of those who went straight from one firm to another, from flows set by hand."""

from itertools import product
from types import SimpleNamespace
from typing import Any

import pandas as pd

from sim.model.firm import Firm
from sim.model.scenario import Change, Scenario
from sim.report.flow_words import flow_sentences, newcomer_next_step
from sim.results.flows import NOBODY, OUTSIDE


def lived(moved: dict[tuple[str, str], list[int]], *rivals: str) -> Any:
    """A result of two replications of one period, in each of which so many went from one place to another."""
    scenario = Scenario(rivals=[Firm(name=name, initial_share=0.1) for name in rivals])
    places = ["focal", *rivals, NOBODY, OUTSIDE]
    rows = [
        {"replication": replication, "origin": a, "destination": b, "people": moved.get((a, b), [0, 0])[replication]}
        for replication in (0, 1)
        for a, b in product(places, places)
    ]
    return SimpleNamespace(scenario=scenario, flows=pd.DataFrame(rows))


def test_one_rival_is_told_in_one_sentence() -> None:
    result = lived({("focal", "other"): [1200, 1400], ("other", "focal"): [10, 20], ("focal", NOBODY): [7, 7]}, "other")
    assert flow_sentences(result) == [
        "Of the firm's customers 1,300 went straight over to other in a run, and 15 came straight from it."
    ]


def test_of_many_the_three_with_the_most_people_are_told() -> None:
    moved = {
        ("focal", "a"): [1, 1],
        ("focal", "b"): [30, 50],
        ("d", "focal"): [3, 5],
        ("c", "focal"): [8, 8],
        ("b", "c"): [99, 99],
    }
    assert flow_sentences(lived(moved, "a", "b", "c", "d")) == [
        "Of the firm's customers 41 went straight over to other firms in a run, most to: b (40), a (1), c (0). "
        "From other firms 12 came straight to it, most from: c (8), d (4), a (0)."
    ]


def test_nothing_is_said_where_nobody_moved() -> None:
    assert flow_sentences(lived({("other", NOBODY): [5, 5]}, "other")) == []
    assert flow_sentences(lived({})) == []


def test_of_a_firm_that_enters_it_is_told_how_to_find_out_what_it_takes() -> None:
    result = lived({}, "here", "late", "never")
    rivals = [rival.model_copy(update={"in_market": rival.name == "here"}) for rival in result.scenario.rivals]
    enters = [Change(at=3, set={f"rivals.{name}.in_market": True}) for name in ("here", "late")]
    result.scenario = result.scenario.model_copy(update={"rivals": rivals, "timeline": enters})
    (said,) = newcomer_next_step(result)
    assert said.endswith("sim causes FILE --cause 'late: rivals.late.in_market=false'.")
