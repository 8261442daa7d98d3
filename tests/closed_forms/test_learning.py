"""What a firm takes up that goes by its register, where everything else is off.

Two modes of equal severity and cost happen at rates p1 and p2; of the second rho times as many are reported. With much
data the register takes up the larger of p1 and rho p2, and is wrong if and only if p1 / p2 lies between 1 and rho.
"""

import pytest

from sim.engine.simulation import Simulation
from sim.model.corrective_action import of_row
from sim.model.failures import FAILURE_MODES
from sim.scenario import load_scenario

RHO, RATE = 1.5, 0.03
ALL = dict.fromkeys(("tangibles", "reliability", "responsiveness", "assurance", "empathy"), 1.0)
FIRST, SECOND = 0, 7


@pytest.fixture
def taken_up(scenario_file):
    """The mode that a firm takes up after a year of a million encounters, 1 or 2."""

    def of(steering, ratio):
        def failing(probability, propensity):
            return {"probability": probability, "severity": 2.0, "hurts": {**ALL}, "complaint_propensity": propensity}

        modes = {mode: {"probability": 0.0} for mode in FAILURE_MODES}
        modes[FAILURE_MODES[FIRST]] = failing(RATE, 1.0)
        modes[FAILURE_MODES[SECOND]] = failing(RATE / ratio, RHO)
        file = scenario_file(
            {
                "run.periods": 12,
                "market.customers": 20_000,
                "customers.encounters.purchases_per_year": 50.0,
                "customers.judgement.tolerance": 0.5,
                "voice.complain_share": 0.5,
                "voice.headquarters_share": 0.0,
                "firm.systems.failure_scale": 1.0,
                "firm.systems.failures": modes,
                "firm.desk": {"logged_share": 1.0, "front_line_resolution": 1.0},
                "firm.learning": {"steering": steering, "identify_weeks": 52.0},
            }
        )
        run = Simulation(load_scenario(file).scenario, seed=91, base_dir=file.parent, threads=1)
        run.run()
        return {FIRST: 1, SECOND: 2}[int(of_row(run.learners[0].tolist()).mode)]

    return of


@pytest.mark.parametrize("ratio", [0.9, 0.97, 1.03, 1.1, 1.45, 1.55, 1.6])
def test_the_register_takes_up_the_wrong_mode_exactly_where_more_of_the_rarer_are_reported(
    ratio, taken_up, closed_form
):
    compare = closed_form(
        "steering by the register", "wrong where p1 / p2 lies in (1, rho)", f"rho 1.5, p1 / p2 {ratio}"
    )
    compare.equal("mode taken up by the register", 1 if ratio > RHO else 2, taken_up("register", ratio), tolerance=0.0)
    if 0.97 <= ratio <= 1.1:
        compare.equal("mode taken up by the truth", 1 if ratio > 1.0 else 2, taken_up("truth", ratio), tolerance=0.0)
