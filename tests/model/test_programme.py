"""Loyalty programme (docs/odd.md, 7.27): how long points live."""

import pytest

from sim.model.programme import Programme, points_lapse
from tests.model.worked import numbers

exp, mpf = numbers.exp, numbers.mpf


def test_points_lapse_by_their_life() -> None:
    assert points_lapse(Programme(lapse_months=9.0), 0.5) == pytest.approx(float(1 - exp(-mpf(6) / 9)), rel=1e-12)
