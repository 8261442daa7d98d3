"""What a sweep answers: how far the first lever is to be taken, whether other factors change that, what to rely on."""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.model.scenario import Scenario
from sim.runs.execution.task import DONE
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import Experiment, Factor
from sim.runs.store.store_reader import RowCounts
from sim.studies.sweep.factor_words import of_factors
from sim.studies.sweep.interplay import between_halves
from sim.studies.sweep.sweep_words import headline, how_sure, of_outputs, what_to_do
from sim.studies.sweep.swept import Sweep

EASE, STAFF, GAIN = "firm.desk.ease", "firm.desk.agents", "recovery.gain"
PRESET, CULTURE = "voice.preset", "firm.culture"
LEVERS = (EASE, STAFF, CULTURE)


def swept(points: pd.DataFrame, outputs: Mapping[str, Callable[..., float]], runs: int = 3) -> Sweep:
    """A sweep whose outputs are functions of a point's values, in the order of its columns, and of the replication."""
    axes = tuple(
        Axis(path, Factor(values=list(dict.fromkeys(points[path]))), path in LEVERS, kind, points[path][0])
        for path in points
        for kind in ["text" if isinstance(points[path][0], str) else "number"]
    )
    rows = [
        {"point": f"p{number}", "replication": run, "status": DONE}
        | {name: float(output(*point, run)) for name, output in outputs.items()}
        for number, point in enumerate(points.itertuples(index=False))
        for run in range(runs)
    ]
    named = points.assign(number=range(len(points)), point=[f"p{number}" for number in range(len(points))])
    experiment = Experiment(scenario="baseline.yaml", replications=runs, outputs=list(outputs))
    counts = RowCounts(planned=len(rows), done=len(rows), failed=0, pending=0)
    return Sweep(experiment, axes, Scenario(), len(points), counts, {}, "", None, (named, pd.DataFrame(rows)))


def grid(**values: list[Any]) -> pd.DataFrame:
    paths = {"ease": EASE, "staff": STAFF, "gain": GAIN, "preset": PRESET, "culture": CULTURE}
    return pd.DataFrame(list(product(*values.values())), columns=[paths[name] for name in values])


def test_where_the_first_lever_is_best_whatever_the_other_is() -> None:
    found = swept(
        grid(ease=[0.0, 1.0, 2.0], staff=[1.0, 2.0]),
        {"profit": lambda ease, staff, run: 1000.0 - 100.0 * (ease - 1.0) ** 2 + (10.0 + run) * staff},
    )
    assert headline(found) == (
        "Ease of complaining: Margin and value of customers is highest at 1, whatever Desk staff may be"
    )
    assert what_to_do(found) == [
        "For the highest Margin and value of customers: Ease of complaining 1 and Desk staff 2."
    ]
    assert of_factors(found)[-1] == "Ease of complaining 0 → 2: whatever Desk staff may be, it does the same."


def test_the_best_among_points_that_cannot_be_told_apart() -> None:
    """2 is 0.4 above 1, while luck sets them apart by -1, 0.4 and 1.8: half-width 3.5. 3 is always 50 below."""
    found = swept(
        grid(ease=[1.0, 2.0, 3.0], staff=[1.0, 2.0]),
        {"profit": lambda ease, staff, run: {1.0: 100.0, 2.0: 99.0 + 1.4 * run, 3.0: 50.0}[ease]},
    )
    assert headline(found).endswith("at 2, whatever Desk staff may be, but 1 or 2 cannot be told apart")


def test_where_the_best_hangs_on_the_other_the_cases_are_told() -> None:
    """A desk pays 10 a person where service is good, and costs 10 where it is poor or awful: 40 apart from 0 to 2."""
    found = swept(
        grid(staff=[0.0, 1.0, 2.0], culture=["awful", "poor", "good"]),
        {"profit": lambda staff, culture, run: 100.0 + run + (10.0 if culture == "good" else -10.0) * staff},
    )
    assert headline(found) == (
        "Desk staff: Margin and value of customers is highest at 0 with awful or poor; 2 with good"
    )
    assert of_factors(found)[-1] == (
        "Desk staff 0 → 2: Margin and value of customers changes by EUR +20.0 (+20.0 to +20.0) at "
        "Service culture good, but by EUR −20.0 (−20.0 to −20.0) at Service culture awful."
    )


def test_a_lever_that_does_nothing_that_can_be_told() -> None:
    found = swept(
        grid(ease=[0.0, 1.0], staff=[1.0, 2.0]),
        {"profit": lambda ease, staff, run: 100.0 * staff + ease * (run - 1)},
    )
    assert headline(found) == (
        "Ease of complaining hardly moves Margin and value of customers, whatever Desk staff may be"
    )


def test_of_what_nobody_chooses_the_output_that_hangs_on_it_most_is_told() -> None:
    """Satisfaction moves most in its own unit; dissatisfying encounters by .0001: surely, and by nothing that matters;
    how many customers there are by luck."""
    shares = {"slogan": 0.04, "rage_2015": 0.8}
    found = swept(
        grid(preset=list(shares)),
        {
            "satisfaction": lambda preset, run: 78.0 + run + 4.0 * (preset == "slogan"),
            "dissatisfied_share": lambda preset, run: 0.01 * run + 0.0001 * (preset == "slogan"),
            "customers": lambda preset, run: 5000.0 + (350.0 * run - 300.0) * (preset == "slogan"),
            "retention": lambda preset, run: 0.8 + 0.01 * run + 0.02 * (preset == "slogan"),
            "complaint_share": lambda preset, run: shares[preset] + 0.001 * run,
        },
    )
    assert headline(found).startswith("What was varied moves “Dissatisfied who complain” most: 4.1%")
    assert headline(found).endswith("at Set of base shares rage_2015")
    assert what_to_do(found) == [
        "Before you rely on Dissatisfied who complain, Satisfaction and Yearly retention, find out: Set of base "
        "shares.",
        "Whichever is right, Dissatisfying encounters or Customers at the end hardly changes.",
    ]


def test_a_grid_of_levers_and_of_what_nobody_chooses() -> None:
    found = swept(
        grid(ease=[0.0, 1.0], gain=[10.0, 20.0]),
        {"profit": lambda ease, gain, run: 100.0 * ease + gain + run},
    )
    assert what_to_do(found) == [
        "Ease of complaining: Margin and value of customers is highest at 1, whatever Gain from a just answer may be."
    ]


def drawn(points: int = 64) -> Sweep:
    """Ease brings 100 a unit, staff costs 40, gain does nothing; 5 of luck."""
    generator = np.random.Generator(np.random.PCG64(1))
    table = pd.DataFrame(generator.random((points, 3)), columns=[EASE, STAFF, GAIN])
    return swept(table, {"profit": lambda ease, staff, gain, run: 100.0 * ease - 40.0 * staff + 5.0 * (run - 1)})


def test_points_that_are_drawn_are_compared_by_halves() -> None:
    """Halves of an even draw are half a unit apart: some +50 for ease. One seed, so that no chance is left."""
    found = drawn()
    told = headline(found)
    assert told.startswith("Ease of complaining moves Margin and value of customers most: EUR +")
    assert told.endswith("from its lower to its upper half")
    assert what_to_do(found) == [
        "Ease of complaining: rather in the upper half of what was tried.",
        "Desk staff: rather in the lower half of what was tried.",
    ]
    assert of_factors(found)[2] == (
        "What these do to Margin and value of customers cannot be told from nothing: Gain from a just answer."
    )
    assert len(of_outputs(found)) == 1
    assert " in the middle of all points, EUR " in of_outputs(found)[0]
    assert "compared over points" in how_sure(found)[1]


def test_a_lever_of_a_few_values_among_points_that_are_drawn_has_no_halves() -> None:
    """Staff is 1 or 2 and brings 300; that is told where factors are, not as a half of which nothing is known."""
    generator = np.random.Generator(np.random.PCG64(2))
    table = pd.DataFrame({EASE: generator.random(64), STAFF: generator.integers(1, 3, 64), GAIN: generator.random(64)})
    found = swept(table, {"profit": lambda ease, staff, gain, run: 100.0 * ease + 300.0 * staff + run})
    assert not any("Desk staff" in each for each in what_to_do(found))
    assert any(each.startswith("Desk staff 1 → 2: ") for each in of_factors(found))


def test_the_interval_of_halves() -> None:
    """By hand: means 4.5 and 15.5, variances 6 and 58 / 7, error 1.3363, 13.65 degrees of freedom, t of 13: 2.1604."""
    table = pd.DataFrame({EASE: np.arange(16.0), GAIN: np.arange(16.0)[::-1]})
    values = [1, 2, 3, 4, 5, 6, 7, 8, 11, 14, 13, 16, 15, 18, 17, 20]
    found = swept(table, {"profit": lambda ease, gain, run: values[int(ease)]}, runs=1)
    moved = between_halves(found, "profit", found.axes[0])
    assert moved == pytest.approx((11.0, 8.1131, 13.8869), abs=1e-4)


def test_too_few_points_for_halves_and_choices_have_none() -> None:
    found = swept(pd.DataFrame({EASE: np.arange(15.0)}), {"profit": lambda ease, run: ease})
    assert between_halves(found, "profit", found.axes[0]) is None
    found = swept(grid(preset=["a", "b"]), {"profit": lambda preset, run: 1.0})
    assert between_halves(found, "profit", found.axes[0]) is None


def test_one_run_a_point_tells_no_luck() -> None:
    found = swept(
        grid(ease=[0.0, 1.0], staff=[1.0, 2.0]), {"profit": lambda ease, staff, run: 100.0 * ease + staff}, runs=1
    )
    assert "Ease of complaining: Margin and value of customers is highest at 1, whatever" in headline(found)
    assert not any("it does the same" in each for each in of_factors(found))


def test_what_to_do_does_not_choose_by_luck_what_the_headline_leaves_out() -> None:
    """With good service two more at the desk seem to bring more, and luck may do that; with poor service they cost."""
    found = swept(
        grid(staff=[0.0, 2.0], culture=["poor", "exceptional"]),
        {
            "profit": lambda staff, culture, run: (
                900.0 + staff * (10.0 * run - 8.0) if culture == "exceptional" else 100.0 - staff
            )
        },
    )
    assert headline(found) == (
        "Desk staff: Margin and value of customers is highest at 0, whatever Service culture may be"
    )
    assert what_to_do(found)[0] == (
        "For the highest Margin and value of customers: Desk staff 0 and Service culture exceptional."
    )
