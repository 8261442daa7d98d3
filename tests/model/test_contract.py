"""Contracts (docs/odd.md, 7.19): ends of terms, and who pays not to wait."""

import pytest

from sim.model.contract import Contract, bound_years, share_who_pay, signed, term_end
from tests.model.worked import Examples, numbers, worked

exp, mpf = numbers.exp, numbers.mpf

EXAMPLES: Examples = {
    term_end: [
        ((3, 12.5, 3.25, 2.75), 13),  # in time for the end of the term, at 12.5
        ((11, 12.5, 3.25, 2.75), 16),  # 13.75 is late for 12.5, in time for 15.75
        ((14, 12.5, 3.25, 2.75), 19),  # 16.75 is late for 15.75, in time for 19
        ((10, 12.0, 3.0, 2.0), 12),  # just in time
        ((11, 12.0, 3.0, 2.0), 15),
        ((10, 12.5, 0.75, 2.75), 14),  # 12.75 is late for 12.5, in time for 13.25
        ((4, 3.3, 1.1, 0.4), 5),  # just in time for 4.4, by whatever rounding
        ((5, 1.2, 1.6, 0.3), 6),  # 5.3 is late for 4.4, in time for 6, by whatever rounding
        ((5, 12.5, 0.0, 9.25), 15),  # no renewals: notice alone, 14.25
        ((4, 12.5, 0.0, 9.25), 14),
        ((2, 12.5, 0.0, 9.25), 13),
    ],
    share_who_pay: [
        ((42.5, 8.0, 6.25), exp(-mpf("42.5") / 50)),
        ((0.0, 8.0, 6.25), 1.0),
        ((42.5, 0.0, 6.25), 0.0),
        ((0.375, 2.0, 0.125), exp(-mpf("1.5"))),  # where little is at stake
    ],
    # newcomers since there is a contract, and everybody where there was one from the start
    signed: [
        ((True, 9, 8.5), True),
        ((True, 8, 8.5), False),
        ((False, 9, 8.5), False),
        ((False, 2, -float("inf")), True),
    ],
}

test_rule = worked(EXAMPLES)


def test_a_contract_binds_for_term_renewal_and_notice_less_what_the_fee_sets_free() -> None:
    contract = Contract(months=20.0, renewal_months=6.0, notice_months=1.5, exit_fee=130.0)
    exact = mpf("27.5") / 12 * (1 - exp(-130 / (mpf("27.5") * 4)))
    assert bound_years(contract, 4.0) == pytest.approx(float(exact), rel=1e-12)
    assert bound_years(Contract(months=0.0, renewal_months=6.0, notice_months=1.5), 4.0) == 0.0
