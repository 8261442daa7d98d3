"""Consensus of expectations on a fixed network (DeGroot 1974), person by person.

Everybody meets the firm and tells all neighbours in every period; nothing but talk moves the prediction: W' = (1 -
s) W + s (weighted mean of the neighbours' W). The panel of the run is compared with the matrix iteration in float64:
the state is float32 and what is told is a fixed-point number of 1/65536, so that one step agrees within 1e-5.
Nothing here is random except whether somebody has no encounter in a month (probability 2e-9 each), which the test
counts.
"""

import numpy as np
import pytest

from sim.model.dimensions import DIMENSIONS

PEOPLE, PERIODS, SUSCEPTIBILITY = 200, 60, 0.4
WEIGHTS = np.array([0.11, 0.32, 0.22, 0.19, 0.16])


def ring_with_chords(rng):
    """Ties of a connected network whose degrees differ, some of them strong."""
    ties = {(i, (i + 1) % PEOPLE) for i in range(PEOPLE)}
    while len(ties) < 3 * PEOPLE:
        a, b = (int(x) for x in rng.integers(0, PEOPLE, 2))
        if a != b and (b, a) not in ties:
            ties.add((a, b))
    ends = np.array(sorted({(min(t), max(t)) for t in ties}))
    return ends, rng.random(len(ends)) < 0.4


@pytest.mark.parametrize("weak_weight", [1.0, 0.5])
def test_consensus(simulate, flow, closed_form, tmp_path, weak_weight):
    ends, strong = ring_with_chords(np.random.default_rng(5))
    words = [f"{a},{b},{'strong' if s else 'weak'}" for (a, b), s in zip(ends, strong, strict=True)]
    (tmp_path / "ties.csv").write_text("\n".join(["source,target,strength", *words]), encoding="utf-8")
    compare = closed_form(
        "consensus of expectations", "DeGroot 1974", f"200 people, edge list, weak ties {weak_weight}"
    )
    tables = simulate(
        {
            "run.periods": PERIODS,
            "run.panel": PEOPLE,
            "market.customers": PEOPLE,
            "market.network.kind": "edges",
            "market.network.file": "ties.csv",
            "customers.encounters.purchases_per_year": 240.0,
            "customers.expectations.spread": 0.8,
            "customers.sociability.expectation_susceptibility": SUSCEPTIBILITY,
            "talk.shares.satisfied": 1.0,
            "talk.reach.satisfied": 1000.0,
            "talk.weak_tie_weight": weak_weight,
        },
        seed=81,
    )
    assert (flow(tables, "talkers_positive") == PEOPLE).all(), "everybody talks in every month"
    assert (flow(tables, "told_positive") == 2 * len(ends)).all(), "to all neighbours"
    will = np.stack([tables.panel[f"will_{name}"] for name in DIMENSIONS], axis=-1).astype(float)
    will = will.reshape(PERIODS, PEOPLE, 5) @ WEIGHTS

    strength = np.zeros((PEOPLE, PEOPLE))
    strength[ends[:, 0], ends[:, 1]] = np.where(strong, 1.0, weak_weight)
    strength += strength.T
    listening = strength / strength.sum(axis=1, keepdims=True)
    step = (1 - SUSCEPTIBILITY) * np.eye(PEOPLE) + SUSCEPTIBILITY * listening

    assert will[0].std() > 0.1
    one_step = np.abs(will[1:] - will[:-1] @ step.T).max()
    compare.equal("largest error of one step, any person", 0.0, one_step, 1e-5)
    expected = will[0]
    for _ in range(PERIODS - 1):
        expected = step @ expected
    compare.equal("largest error after 59 steps", 0.0, np.abs(will[-1] - expected).max(), 1e-4)
    consensus = (strength.sum(axis=1) @ will[0]) / strength.sum()
    compare.equal("consensus: mean weighted by strength", consensus, will[-1].mean(), 1e-3)
    assert will[-1].std() < 1e-3
