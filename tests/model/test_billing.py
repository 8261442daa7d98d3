"""Bills on their date (docs/odd.md, 7.19): how many fall due, what part runs, what one is worth."""

from sim.model.billing import bills_due, bills_until, may_be_either, periods_before, running_part, worth_of_bill
from tests.model.worked import Examples, worked

EXAMPLES: Examples = {
    # whole periods of a year of 52, or of four years where there is a bill in four years
    periods_before: [
        ((0.3, 52.0, 4.5), 15),
        ((0.3, 52.0, 0.25), 62),
        ((0.9999, 12.0, 12.0), 11),
        ((0.3, 12.0, 0.5), 7),
        ((0.7, 12.0, 1.5), 8),  # 8.4: of one year
    ],
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
    # 4.5 a year for 40 weeks; from the start also for those before, .3 x 52 = 15 and one, or of four years 62 and one
    bills_until: [
        ((40, True, 0.3, 4.5, 1 / 52), 4.5 * 40 / 52),
        ((40, False, 0.3, 4.5, 1 / 52), 4.5 * 56 / 52),
        ((40, False, 0.3, 0.25, 1 / 52), 0.25 * 103 / 52),
    ],
    # who joined in period 0, and everybody in a warm-up
    may_be_either: [((-1, False), False), ((1, False), False), ((0, False), True), ((-9, True), True)],
    running_part: [((5.625,), 0.625), ((7.0,), 0.0), ((6.9999999999,), 0.0)],
    # a fourth of 2.5 x 30 x 6
    worth_of_bill: [((2.5, 30.0, 6.0, 4.0), 112.5), ((0.5, 30.0, 6.0, 12.0), 7.5)],
}

test_rule = worked(EXAMPLES)
