"""Loyalty programme: points by spend, tiers by twelve months' spend, rewards, points that lapse, and what is owed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.in_use import PROGRAMME
from sim.model.shares import chance_of_event
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, STOCK, amounts, counts
from sim.vocabulary.parameter import PRICE_PAID, Section, parameter, price_paid, share, switch

if TYPE_CHECKING:
    pass

MOST_POINTS = 65_535
"""That a person can hold, or have earned in twelve months: two bytes each."""

COLUMNS = (
    Column(
        "points",
        "u2",
        1,
        "points",
        "points held with the supplier's loyalty programme",
        apart=True,
        needed_for=PROGRAMME,
    ),
    Column(
        "year_points",
        "u2",
        1,
        "points",
        "points earned with it in twelve months, by which there are tiers",
        apart=True,
        needed_for=PROGRAMME,
    ),
)

OBSERVABLES = (
    *counts(STOCK, "points", {"points_held": "points that customers hold, for which rewards are owed"}),
    *counts(
        STOCK,
        "people",
        {
            "members_basic": "customers with points of a loyalty programme below its tiers",
            "members_silver": "customers in the lower tier of a loyalty programme",
            "members_gold": "customers in the upper tier of a loyalty programme",
        },
    ),
    *amounts(STOCK, "money", {"programme_liability": "what the points that customers hold will cost if redeemed"}),
    *counts(
        FLOW,
        "points",
        {
            "points_issued": "points given for purchases",
            "points_redeemed": "points turned into rewards",
            "points_lapsed": "points that lapsed, with time or because the customer left",
        },
    ),
    *amounts(
        FLOW,
        "money",
        {
            "programme_cost": "loyalty programme: points as they are issued, less those that lapse, and its upkeep",
            "rewards_paid": "of the liability: paid for rewards (their cost was booked when the points were issued)",
        },
    ),
)

COUNTED_AFTER_MOVING = ("members_basic", "members_silver", "members_gold", "programme_liability")
"""Stocks that are counted anew at the end of each period, not carried."""

HOW_PEOPLE_ARE = "what customers make of a programme, and no decision"


class Programme(Section):
    """A loyalty programme.

    Of the notes' five principles, `frequency` stands for the first, `fit` for adaptation, `bonus` for differentiation,
    `attitude` for satisfaction and `barrier` for commitment.
    """

    offered: bool = switch(
        False,
        "Whether the firm has one; when it ends, points are neither issued nor redeemed, and those held lapse in time",
        "model design",
        label="Loyalty programme",
        no_lever="its effects are assumed, not measured: compare with and without",
    )
    points: float = parameter(
        1.0,
        "Points for each unit of money that a customer pays",
        label="Points by spend",
        unit="points per money",
        allowed=(0.0, 1000.0),
        practical=(0.1, 10.0),
        paid_by="firm.programme.point_cost",
    )
    reward: float = parameter(
        250.0,
        "Points that a reward takes; whole points",
        label="Points for a reward",
        unit="points",
        source="assumption: half a year's purchases",
        allowed=(1.0, float(MOST_POINTS)),
        practical=(50.0, 5000.0),
        paid_by="firm.programme.point_cost",
    )
    point_cost: float = parameter(
        0.02,
        "What a redeemed point costs the firm",
        label="Cost of a point",
        unit="money per point",
        source="assumption: of what customers pay, a fiftieth comes back",
        allowed=(0.0, 1000.0),
        practical=(0.001, 0.1),
        no_lever=PRICE_PAID,
        setup=True,
    )
    upkeep: float = price_paid(
        1.0,
        "Cards, statements and service of the programme",
        "money per member and year",
        label="Upkeep of the programme",
        practical=(0.0, 10.0),
    )
    lapse_months: float = parameter(
        24.0,
        "Mean time after which points that are not redeemed lapse; 0 is never",
        label="Life of a point",
        unit="months",
        allowed=(0.0, 1200.0),
        practical=(6.0, 60.0),
        paid_by="firm.programme.point_cost",
    )
    silver: float = parameter(
        400.0,
        "Points earned in twelve months from which a customer is in the lower tier",
        label="Points for the lower tier",
        unit="points",
        allowed=(1.0, float(MOST_POINTS)),
        practical=(100.0, 10_000.0),
        paid_by="firm.programme.bonus",
    )
    gold: float = parameter(
        800.0,
        "Points earned in twelve months from which a customer is in the upper tier",
        label="Points for the upper tier",
        unit="points",
        allowed=(1.0, float(MOST_POINTS)),
        practical=(200.0, 30_000.0),
        paid_by="firm.programme.bonus",
    )
    bonus: float = share(
        0.25,
        "Differentiation: further points for a purchase, relative to those of everybody, for each tier",
        "notes 'Plan de calidad' (principle); assumption (size)",
        label="Bonus by tier",
        practical=(0.0, 1.0),
        paid_by="firm.programme.point_cost",
    )
    fit: float = share(
        0.6,
        "Adaptation: share of people to whom the rewards are of use; all others redeem nothing",
        "notes 'Plan de calidad' (principle); assumption (size)",
        label="Rewards that fit",
        practical=(0.2, 0.95),
        no_lever=HOW_PEOPLE_ARE,
    )
    frequency: float = share(
        0.05,
        "Frequency: further encounters, relative to one's usual ones, for each tier; 0 is no effect",
        "notes 'Plan de calidad' (principle); assumption (size)",
        label="Patronage by tier",
        practical=(0.0, 0.2),
        no_lever=HOW_PEOPLE_ARE,
    )
    goal: float = share(
        0.25,
        "Further encounters, relative to one's usual ones, just before a reward, in proportion before; 0 is no effect",
        "Kivetz, Urminsky & Zheng 2006 (sign); assumption (form and size)",
        label="Haste before a reward",
        practical=(0.0, 0.5),
        no_lever=HOW_PEOPLE_ARE,
    )
    barrier: float = share(
        0.15,
        "Commitment: what each tier adds to the personal switching cost, up to 1 together; 0 is no effect",
        "Dick & Basu 1994 (patronage without attitude); assumption (size)",
        label="Barrier by tier",
        practical=(0.0, 0.4),
        no_lever=HOW_PEOPLE_ARE,
    )
    usual_bonus: float = share(
        0.25,
        "Bonus at which a tier binds as much as `barrier` says: one that gives nothing binds nobody; 0: at any bonus",
        "assumption: the bonus as shipped",
        label="Bonus one expects of a tier",
        practical=(0.1, 0.5),
        no_lever=HOW_PEOPLE_ARE,
    )
    attitude: float = parameter(
        0.0,
        "Satisfaction: points of satisfaction that a reward that fits adds; 0 is no effect",
        label="Reward and attitude",
        unit="points (0-100)",
        source="Dick & Basu 1994 (attitude is not patronage); assumption: none",
        allowed=(0.0, 100.0),
        practical=(0.0, 5.0),
        no_lever=HOW_PEOPLE_ARE,
    )
    lapse_loss: float = parameter(
        4.0,
        "Points of satisfaction that it costs when points worth a reward lapse before they made one; 0 is no effect",
        label="Loss by points that lapse",
        unit="points (0-100)",
        source="assumption: as much as a tier that is lost",
        allowed=(0.0, 100.0),
        practical=(0.0, 10.0),
        no_lever=HOW_PEOPLE_ARE,
    )
    loss: float = parameter(
        4.0,
        "Points of satisfaction that each tier costs its members when the programme has ended; 0 is no effect",
        label="Loss of a tier",
        unit="points (0-100)",
        source="Wagner, Hennig-Thurau & Rudolph 2009 (sign: of customers demoted); assumption (size)",
        allowed=(0.0, 100.0),
        practical=(0.0, 10.0),
        no_lever=HOW_PEOPLE_ARE,
    )


def points_lapse(programme: Programme, years: float) -> float:
    """Share of the points held that lapses in some time, years: 1 - exp(-years 12 / months), 0 where none ever does.

    >>> round(points_lapse(Programme(lapse_months=6.0), 0.25), 4), points_lapse(Programme(lapse_months=0.0), 0.25)
    (0.3935, 0.0)
    """
    return chance_of_event(12.0 / programme.lapse_months, years) if programme.lapse_months > 0.0 else 0.0
