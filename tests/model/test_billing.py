"""Bills on their date (docs/odd.md, 7.19): how many fall due, what part runs, what one is worth; by fractions."""

from fractions import Fraction

from sim.model.billing import bills_due, bills_until, running_part, worth_of_bill
from tests.model.worked import Examples, worked

EXAMPLES: Examples = {
    # 7 periods of 5/16 bills, and 3/8 of one before
    bills_until: [((7.0, 0.3125, 0.375), float(Fraction(35, 16) + Fraction(3, 8))), ((3.0, 4.0, 0.0), 12.0)],
    # dates are at whole numbers: 3 between 2.25 and 5.75; one that is reached has come, also where it is a hair short
    bills_due: [
        ((2.25, 5.75), 3),
        ((2.25, 2.75), 0),
        ((2.75, 3.25), 1),
        ((2.25, 3.0), 1),
        ((3.0, 3.5), 0),
        ((2.75, 2.9999999999), 1),
        ((2.9999999999, 3.5), 0),
    ],
    running_part: [((5.625,), 0.625), ((7.0,), 0.0), ((6.9999999999,), 0.0)],
    # a fourth of 2.5 x 30 x 6
    worth_of_bill: [((2.5, 30.0, 6.0, 4.0), 112.5), ((0.5, 30.0, 6.0, 12.0), 7.5)],
}

test_rule = worked(EXAMPLES)
