"""A firm's book of customers lost and won tells how many leave for nothing it does, and whom advertising wins.

The tables are what a market of the model shows, by luck of its own; each fit is `sim calibrate`'s, with few trials. The
truth must lie within intervals of 95% that are widened by half (2.94 standard errors): one right fit of two parameters
in 150 would fail. Seeds are fixed.
"""

import numpy as np
import pandas as pd
import pytest

from sim.runs.execution.simulate import SimulationTask
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import CalibrationSettings, Factor
from sim.studies.calibration.calibration_figures import draw_fit
from sim.studies.calibration.targets import read_data

ATTRITION, ADVERTISING = "customers.bonds.attrition_per_year", "firm.strategy.advertising_hazard"
TRUTH = {ATTRITION: 0.3, ADVERTISING: 0.2}
WORLD = (
    "run.period=month", "run.periods=12", "run.start=2024-01-01", "customers.bonds.attrition_polarization=0",
    "firm.initial_share=0.3",
)  # fmt: skip
"""Three in ten are customers, the others may be won."""

FEW = {"trials": 24, "members": 8}


def axis(path: str, low: float, high: float) -> Axis:
    return Axis(path, Factor(low=low, high=high), False, "number", (low + high) / 2)


@pytest.fixture
def book(at_rest):
    """The table of a run of that many people: customers at the beginning of each month, lost and won."""

    def of(people: int, seed: int = 7) -> str:
        scenario = at_rest(*WORLD, f"market.customers={people}", *(f"{path}={value}" for path, value in TRUTH.items()))
        names = [f"{column}@{month}" for column in ("active", "departed", "joined") for month in range(12)]
        seen = SimulationTask(tuple(names), {(): scenario})({}, seed, lambda: None)
        ending, lost, won = np.array([seen[name] for name in names]).reshape(3, 12)
        rows = [
            f"{2024 + month // 12}-{month % 12 + 1:02d},{start:.0f},{gone:.0f},{come:.0f}"
            for month, (start, gone, come) in enumerate(zip(ending + lost - won, lost, won, strict=True))
        ]
        return "\n".join(["month,opening customers,lost customers,new customers", *rows, ""])

    return of


def test_who_leaves_and_whom_advertising_wins_is_found_again(at_rest, write, fit, book):
    axes = [axis(ATTRITION, 0.05, 0.6), axis(ADVERTISING, 0.02, 0.6)]
    scenario = at_rest(*WORLD, "market.customers=3000")
    result = fit(write(book(3000)), CalibrationSettings(data="movements", **FEW), scenario, axes)
    assert result.converged, result.convergence.reasons
    rows = result.posterior.set_index("parameter")
    for path, value in TRUTH.items():
        low, high = rows.loc[path, ["low", "high"]]
        assert low - (high - low) / 4 <= value <= high + (high - low) / 4, (path, low, high)
        assert rows.loc[path, "identified"] == "yes"
    lost, won = (result.fit.loc[result.fit["quantity"].str.startswith(f"customers {word}")] for word in ("lost", "won"))
    assert len(lost) == len(won) == 12
    assert result.fitted_to[0].axis_of_time == "months since the start"
    lower, upper = sorted((axes for axes in draw_fit(result, 7.0).axes), key=lambda axes: axes.get_position().y0)
    assert [axes.get_xlabel() for axes in (upper, lower)] == ["months since the start"] * 2


def test_a_growing_firm_is_compared_with_who_was_there_when_each_month_began(at_rest, write):
    """100 of 1,000 leave, 300 come; then 60 of 1,200, and 240 come: 160 of 2,200, not of 2,580 at the months' ends."""
    rows = "".join(f"2024-{month + 1:02d},{1000 + month},50,60\n" for month in range(12))
    scenario = at_rest(*WORLD, "market.customers=3000")
    _, target = read_data(write("month,customers,lost,won\n" + rows), CalibrationSettings(data="movements"), scenario)
    seen = {"active": (1200, 1380), "departed": (100, 60), "joined": (300, 240)}
    row = {f"{column}@{month}": float(value) for column, values in seen.items() for month, value in enumerate(values)}
    row |= {name: row[f"{name.partition('@')[0]}@1"] for name in target.outputs if name not in row}
    found = np.exp(target.summaries(pd.DataFrame([row]))[0])
    assert found[0] == pytest.approx(100.5 / 1000, rel=1e-12)
    assert found[1] == pytest.approx(60.5 / 1200, rel=1e-12)
    assert found[12] == pytest.approx(300.5 / 1000, rel=1e-12)
    assert found[13] == pytest.approx(240.5 / 1200, rel=1e-12)


def test_a_book_without_those_who_came_is_fitted_by_those_who_left(at_rest, write):
    scenario = at_rest(*WORLD, "market.customers=3000")
    rows = "".join(f"2024-{month:02d},1000,{50 - month}\n" for month in range(1, 13))
    [table], target = read_data(write("month,customers,lost\n" + rows), CalibrationSettings(data="movements"), scenario)
    assert target.column == "departed"
    assert target.counts.sum() == 50 * 12 - 78
    assert not [name for name in table.names if name == "won"]
