"""Customers of a table whose tenure is known: they leave, and drop out, as those who have stayed for so long.

Compared with exact values by |z| < 6: a correct program fails one comparison with probability 2e-9.
"""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import hyp2f1
from scipy.stats import beta

from sim.engine.simulation import Simulation
from sim.model.rooms import O
from sim.scenario import load_scenario

PEOPLE = 20_000
MEAN, UNEQUAL = 0.3, 0.4
R, ALPHA, A, B = 0.8, 4.414, 0.793, 2.426
"""Of purchases (weeks) and of dropping out: those of CDNOW, but for fewer who hardly ever buy."""


@pytest.fixture
def born(scenario_file, tmp_path):
    """Everybody of a table has been a customer for so long."""

    def begin(tenure: str, unit: str, **changes) -> Simulation:
        (tmp_path / "crm.csv").write_text("id,tenure\n" + "".join(f"{i},{tenure}\n" for i in range(PEOPLE)))
        world = {
            "market.customers": PEOPLE,
            "market.people.file": str(tmp_path / "crm.csv"),
            "market.people.tenure_unit": unit,
            **{path.replace("__", "."): value for path, value in changes.items()},
        }
        return Simulation(load_scenario(scenario_file(world)).scenario, seed=5)

    return begin


def near(seen: np.ndarray, exact: float) -> None:
    z = (float(seen.mean()) - exact) / (float(seen.std()) / len(seen) ** 0.5)
    assert abs(z) < 6, f"{seen.mean()} for {exact}: z {z:.1f}"


@pytest.mark.parametrize(("months", "years"), [("0", 0.0), ("18", 1.5), ("120", 10.0), ("", None)])
def test_attrition_of_who_has_stayed(born, months: str, years: float | None):
    """The mean of beta(a, b + years): retention rises with tenure. Where it is not known it is that of who comes."""
    run = born(
        months,
        "months",
        **{
            "run.period": "month",
            "run.periods": 12,
            "customers.bonds.attrition_per_year": MEAN,
            "customers.bonds.attrition_polarization": UNEQUAL,
        },
    )
    size = 1 / UNEQUAL - 1
    exact = MEAN * size / (size + (years or 0.0))
    near(1 - (1 - run.state.attrition.astype(float)) ** 12, exact)
    left = run.run().tallies[:, 0, 0, O.left_natural].sum()
    assert abs(left - PEOPLE * exact) < 6 * math.sqrt(PEOPLE * exact * (1 - exact))


def test_all_alike_stay_as_they_are(born):
    run = born("120", "months", **{"run.period": "month", "run.periods": 1, "customers.bonds.attrition_per_year": MEAN})
    assert (1 - (1 - run.state.attrition.astype(float)) ** 12) == pytest.approx(np.full(PEOPLE, MEAN), rel=1e-5)


BUYING = {
    "run.period": "week",
    "run.periods": 26,
    "customers.encounters.purchases_per_year": 52 * R / ALPHA,
    "customers.encounters.frequency_cv": R**-0.5,
    "customers.drop_out.per_purchase": A / (A + B),
    "customers.drop_out.polarization": 1 / (1 + A + B),
}


@pytest.mark.parametrize("weeks", [0, 13, 104])
def test_dropping_out_of_who_has_stayed(born, weeks: int):
    """Chances and rates given that nobody of them has dropped out yet, and who is still there half a year later."""
    run = born(str(weeks), "weeks", **BUYING)
    stayed, _ = quad(lambda q: beta.pdf(q, A, B) * (1 + q * weeks / ALPHA) ** -R, 0, 1)
    chance, _ = quad(lambda q: q * beta.pdf(q, A, B) * (1 + q * weeks / ALPHA) ** -R, 0, 1)
    rate, _ = quad(lambda q: R / (ALPHA + q * weeks) * beta.pdf(q, A, B) * (1 + q * weeks / ALPHA) ** -R, 0, 1)
    near(run.state.drop_out.astype(float), chance / stayed)
    near(run.state.frequency.astype(float) * R / ALPHA, rate / stayed)
    run.run()
    exact = float(hyp2f1(R, A, A + B, -(weeks + 26) / ALPHA) / hyp2f1(R, A, A + B, -weeks / ALPHA))
    near((run.state.supplier == 0).astype(float), exact)
