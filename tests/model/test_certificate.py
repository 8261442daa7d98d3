"""A certificate (docs/odd.md, 7.30): what compiled code reads of a certified firm beside one that is not."""

import numpy as np
import pytest

from sim.engine.accounts import book_period
from sim.model.certificate import audited
from sim.model.corrective_action import NOVICE, upkeep_cost, worn
from sim.model.firm import Firm
from sim.model.records import environment_records, firm_records
from sim.model.rooms import OBSERVABLES, O
from sim.model.scenario import Scenario
from sim.vocabulary.observables import FIXED_POINT

PROMISE = dict.fromkeys(("tangibles", "reliability", "responsiveness", "assurance", "empathy"), 6.5)
CERTIFICATE = {"held": True, "fee": 7800.0, "trust": 0.25, "steadier": 0.2, "audit": 0.75}


def scenario(**certificate: float) -> Scenario:
    firm = {"strategy": {"promise": PROMISE}, "certificate": {**CERTIFICATE, **certificate}}
    return Scenario.model_validate({"firm": firm, "run": {"period": "week"}})


def test_a_promise_is_believed_more_service_varies_less_and_no_level_is_higher() -> None:
    plain, certified = (firm_records(scenario(held=held))[0] for held in (False, True))
    doubted = 6.5 - np.asarray(plain["believed"])
    assert (doubted > 0.0).all()
    assert np.asarray(certified["believed"]) == pytest.approx(6.5 - 0.75 * doubted)
    assert certified["systems"]["staff_variation"] == pytest.approx(0.8 * plain["systems"]["staff_variation"])
    assert np.array_equal(certified["systems"]["service"], plain["systems"]["service"])
    assert certified["effort"] == plain["effort"]  # procedures are paid by the fee, not by the encounter


def test_limits_all_is_believed_nothing_varies() -> None:
    certified = firm_records(scenario(trust=1.0, steadier=1.0))[0]
    assert np.asarray(certified["believed"]).tolist() == [6.5] * 5
    assert certified["systems"]["staff_variation"] == 0.0


def test_audits_keep_up_what_was_corrected_and_upkeep_is_paid() -> None:
    corrected = NOVICE._replace(corrected=(0.5, *NOVICE.corrected[1:]))
    for audit, left in ((0.75, 0.5 * 0.8 ** (0.25 * 2)), (1.0, 0.5), (0.0, 0.5 * 0.8**2)):
        firm = audited(Firm.model_validate({"certificate": {**CERTIFICATE, "audit": audit}}))
        assert worn(corrected, firm.learning, 2.0).corrected[0] == pytest.approx(left)
        assert upkeep_cost(corrected, firm.learning, 2.0) == pytest.approx(audit * 500.0 * 0.5 * 2)
    kept = Firm.model_validate({"certificate": CERTIFICATE, "learning": {"upkeep": 0.9}})
    assert audited(kept).learning.upkeep == 0.9


def test_the_fee_is_booked_by_the_week() -> None:
    costs = []
    for held in (False, True):
        environment = environment_records(scenario(held=held))
        tally = np.zeros((2, 1, len(OBSERVABLES)), np.int64)
        book_period(environment, tally, np.zeros_like(tally))
        costs.append(tally[:, 0, O.appraisal_cost].tolist())
    assert costs == [[0, 0], [150 * FIXED_POINT, 0]]
