"""What a customer is worth (docs/odd.md, 7.12), worked out in whole money."""

from typing import NamedTuple

from sim.model.money import Bill, Tariff, bill, earned_by, remaining_value, share_within, yearly_margin
from tests.model.worked import Examples, worked

PURCHASE, HELP, REPAIR = range(3)
TARIFF = Tariff(1.2, 0.35, 0.15, 3.5, 7.5, 28.0, 0.3, 46.0)


class Rates(NamedTuple):
    purchases_per_year: float
    help_requests_per_year: float
    repairs_per_year: float


class Strategy(NamedTuple):
    price_index: float
    gross_margin: float


class Costs(NamedTuple):
    purchase_service: float
    help_service: float
    repair_service: float
    warranty_share: float
    repair_price: float
    operation_share: float


class Firm(NamedTuple):
    strategy: Strategy
    costs: Costs
    effort: float


EXAMPLES: Examples = {
    yearly_margin: [
        # an effort of 2: 9 purchases (12 x 0.75) at 50 (1.1 - 0.6 - 2 x 0.05) - 6 = 14, 4 calls at 14, 2 repairs at
        # 0.25 x 60 - 70 = -55
        (
            (
                1.5,
                50.0,
                Rates(12.0, 4.0, 2.0),
                0.75,
                Firm(Strategy(1.1, 0.4), Costs(3.0, 7.0, 35.0, 0.75, 60.0, 0.05), 2.0),
            ),
            1.5 * (9 * 14 - 4 * 14 - 2 * 55),
        ),
        # half the effort: 6 purchases (5 x 1.2) at 80 (0.9 - 0.35 - 0.5 x 0.2) - 3 = 33, 3 calls at 4.5, 8 repairs at
        # 0.6 x 70 - 14 = 28
        (
            (
                0.7,
                80.0,
                Rates(5.0, 3.0, 8.0),
                1.2,
                Firm(Strategy(0.9, 0.65), Costs(6.0, 9.0, 28.0, 0.4, 70.0, 0.2), 0.5),
            ),
            0.7 * (6 * 33 - 3 * 4.5 + 8 * 28),
        ),
    ],
    # m r / (1 + d - r), never below nothing
    remaining_value: [
        ((140.0, 0.75, 0.25), 210.0),
        ((60.0, 0.6, 0.08), 75.0),
        ((0.9, 0.5, 0.4), 0.5),
        ((-0.9, 0.5, 0.4), 0.0),
        ((-140.0, 0.75, 0.25), 0.0),
    ],
    # 1 - (3/4 / (5/4))^2 = 1 - .6^2; nothing is left of a run that ends; half a year of a fourth each year
    share_within: [
        ((2.0, 0.75, 0.25), 0.64),
        ((0.0, 0.75, 0.25), 0.0),
        ((0.5, 0.3, 0.2), 0.5),
        ((3.0, 0.0, 0.1), 1.0),
    ],
    # revenue, goods, operation, service, warranty: 40 at an index of 1.2; goods 65%, operation 15% of the list price
    bill: [
        ((PURCHASE, 40.0, 0.9, TARIFF), (48.0, 26.0, 6.0, 3.5, 0.0)),
        ((HELP, 40.0, 0.2, TARIFF), (0.0, 0.0, 0.0, 7.5, 0.0)),
        # a warranty share of .3: below it the firm pays, from it on the customer
        ((REPAIR, 40.0, 0.29, TARIFF), (0.0, 0.0, 0.0, 0.0, 28.0)),
        ((REPAIR, 40.0, 0.3, TARIFF), (46.0, 0.0, 0.0, 28.0, 0.0)),
        ((REPAIR, 40.0, 0.31, TARIFF), (46.0, 0.0, 0.0, 28.0, 0.0)),
        ((REPAIR, 40.0, 0.69, TARIFF), (46.0, 0.0, 0.0, 28.0, 0.0)),
        ((REPAIR, 40.0, 0.71, TARIFF), (46.0, 0.0, 0.0, 28.0, 0.0)),
    ],
    earned_by: [
        ((Bill(48.0, 26.0, 6.5, 3.5, 2.25),), 9.75),
        ((Bill(5.0, 8.0, 2.0, 28.0, 13.0),), -46.0),
    ],
}

test_rule = worked(EXAMPLES)
