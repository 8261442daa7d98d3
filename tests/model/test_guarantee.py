"""Service guarantee (docs/odd.md, 7.29): what a payment makes good; who is paid stands in `tests/engine/loops`."""

import numpy as np
import pytest

from sim.model.guarantee import made_good
from sim.model.records import firm_records
from sim.model.scenario import Scenario
from tests.model.worked import Examples, numbers, worked

mpf = numbers.mpf

EXAMPLES: Examples = {
    made_good: [
        ((61.5, 0.3, 7.25, 0.6), mpf("61.5") + mpf("7.25") * mpf(0.3) ** mpf(0.6)),
        ((61.5, 3.0, 7.25, 0.6), mpf("68.75")),
        ((98.5, 0.9, 7.25, 0.6), 100.0),
    ]
}

test_rule = worked(EXAMPLES)


@pytest.mark.parametrize(("payout", "trusted"), [(0.0, 0.0), (0.5, 0.125), (1.0, 0.25), (3.0, 0.25)])
def test_a_promise_is_believed_more_by_what_is_paid_where_it_is_not_kept(payout: float, trusted: float) -> None:
    """With a trust of .25; a whole purchase is enough, and beside a certificate it takes its part of what is left."""
    promise = dict.fromkeys(("tangibles", "reliability", "responsiveness", "assurance", "empathy"), 6.75)
    believed = []
    for guarantee, held in (
        ({}, False),
        ({"payout": payout, "trust": 0.25}, False),
        ({"payout": payout, "trust": 0.25}, True),
    ):
        firm = {
            "strategy": {"promise": promise},
            "guarantee": guarantee,
            "certificate": {"held": held, "trust": 0.5},
        }
        believed.append(np.asarray(firm_records(Scenario.model_validate({"firm": firm}))[0]["believed"]))
    doubted = 6.75 - believed[0]
    assert (doubted > 0.0).all()
    assert 6.75 - believed[1] == pytest.approx((1.0 - trusted) * doubted)
    assert 6.75 - believed[2] == pytest.approx((1.0 - trusted) * 0.5 * doubted)
