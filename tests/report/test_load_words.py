"""What is said of staff and load: nothing where nobody is followed, else what the series hold."""

from types import SimpleNamespace
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.report.load_words import load_answer, load_next_step, load_sentences
from sim.results.series import total_segment


def lived(rows: dict[str, list[float]]) -> Any:
    """A result of two replications of two periods."""
    scenario = Scenario()
    series = pd.DataFrame(rows).assign(
        firm=scenario.firm.name, segment=total_segment(scenario), period=[0, 1, 0, 1], replication=[0, 0, 1, 1]
    )
    return SimpleNamespace(series=series, scenario=scenario, replications=2, value={"yearly_loss": 0.19}.get)


def test_nothing_is_said_where_nobody_is_followed() -> None:
    nothing = dict.fromkeys(("work_demanded", "work_capacity", "work_ordered", "work_needed", "staff_cost"), [0.0] * 4)
    assert load_sentences(lived(nothing)) == []
    assert load_answer(lived(nothing)) == ""
    assert load_next_step(lived(nothing)) == []


def test_the_hardest_period_the_standard_and_the_cost_are_told() -> None:
    rows = {
        "work_demanded": [90.0, 130.0, 110.0, 110.0],
        "work_capacity": [100.0] * 4,
        "work_ordered": [100.0, 150.0, 110.0, 150.0],
        "work_needed": [1.0] * 4,
        "staff_cost": [1000.0, 2000.0, 1500.0, 1500.0],
    }
    hardest, standard, cost = load_sentences(lived(rows))
    assert "number 2," in hardest
    assert "120%" in hardest
    assert "80% of that at the start" in standard
    assert "EUR 3,000 over the run" in cost
    (step,) = load_next_step(lived(rows))
    assert step.typed == "firm: {people: {follow_load: 1, training: 1000}}"
    assert "hiring that goes with the work" in step
    assert load_next_step(lived({**rows, "work_ordered": rows["work_demanded"]})) == []
    assert load_answer(lived(rows)) == (
        "Service does not come back: at the peak there was 120% of the work that the staff can do; the time for each "
        "order fell to 80% of what it was at the start, and is 80% of it at the end. 19% of the customers leave in a "
        "year."
    )
    steady = load_sentences(lived(rows | {"work_demanded": [100.0, 150.0, 110.0, 150.0]}))
    assert len(steady) == 2
