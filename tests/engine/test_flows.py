"""Flows between firms, against what is known of everybody before and after each period."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.model.person import GONE, NOBODY, PRESENT
from sim.model.rooms import O
from tests import worlds

PLACES = 2
"""Beside the firms: without a supplier, out of the market."""


def whereabouts(run: Simulation) -> Any:
    """Number of everybody's place: a firm, then nobody's customer, then out of the market."""
    there = run.state.people["flags"] & (PRESENT | GONE) == PRESENT
    without = np.where(there, run.firm_count, run.firm_count + 1)
    return np.where(run.state.supplier == NOBODY, without, run.state.supplier)


@pytest.mark.parametrize("name", worlds.BY_HAND)
def test_flows_are_those_of_everybody(name: str, tmp_path: Path) -> None:
    """Whoever took another's place came from outside, whither the other had gone."""
    run = Simulation(worlds.by_hand(name, tmp_path), threads=1, base_dir=tmp_path)
    while run.period < 0:
        run.step()
    places, expected = run.firm_count + PLACES, []
    for period in range(run.scenario.run.periods):
        before, born = whereabouts(run), run.state.people["born"].copy()
        run.step()
        after, new = whereabouts(run), run.state.people["born"] != born
        flows = np.zeros((places, places), int)
        np.add.at(flows, (before[~new], after[~new]), 1)
        np.add.at(flows, (before[new], places - 1), 1)
        np.add.at(flows, (places - 1, after[new]), 1)
        flows[-1, -1] = 0
        expected.append(flows)
        assert (run.state.people["born"][new] == period + 1).all()
    tables = run.tables()
    assert np.array_equal(tables.flows, expected)
    firms = slice(0, run.firm_count)
    active = np.concatenate([tables.initial[None], tables.tallies])[:, :, :, O.active].sum(axis=2)
    assert np.array_equal(tables.flows[:, firms].sum(axis=2), active[:-1])
    assert np.array_equal(tables.flows[:, :, firms].sum(axis=1), active[1:])
