"""Money: what service and its failures cost, what a customer is worth, and what a lost one costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.compiled import double, kernel, rule, single
from sim.model.desk import channel_upkeep
from sim.model.encounter_table import T
from sim.model.quality_cost import inspection_cost
from sim.model.service import HELP, NO_FAILURE, PURCHASE
from sim.model.shares import fixed_point
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, O, amounts
from sim.vocabulary.parameter import OneLine, Section, parameter, switch, users_own

if TYPE_CHECKING:
    from sim.model.encounter_table import Table
    from sim.model.record_types import Counts, FirmRecord, SegmentRecord
    from sim.model.service import Encounters
    from sim.model.state_types import State

COLUMNS = (
    Column(
        "margin",
        "f4",
        "watched",
        "money",
        "margin that the person has brought each firm so far",
        apart=True,
        followed=True,
    ),
)

OBSERVABLES = (
    *amounts(
        FLOW,
        "money",
        {
            "revenue": "paid by customers",
            "goods_cost": "the goods themselves",
            "service_cost": "cost to serve purchases, help and repairs out of warranty",
            "operation_cost": "running the service: crew, shop, network",
            "overhead_cost": "overheads",
            "advertising_cost": "advertising to prospects",
            "welcome_cost": "discounts and set-up work for customers won",
            "win_back_cost": "contacts with lapsed customers",
            "prevention_cost": "cost of quality: prevention",
            "appraisal_cost": "cost of quality: appraisal",
            "internal_failure_cost": "cost of quality: failures found before the customer felt them",
            "failure_effect_cost": "cost of quality, external failure: direct effects of felt failures",
            "warranty_cost": "cost of quality, external failure: repairs within warranty",
            "complaint_cost": "cost of quality, external failure: desk staff, handling, calling back",
            "compensation_cost": "cost of quality, external failure: compensation paid",
            "opportunity_estimate": "rule of thumb: remaining value of customers lost through dissatisfaction",
        },
    ),
)


class Money(Section):
    """Valuation of cash flows and of lost customers."""

    currency: OneLine = users_own(
        "EUR", "Name of the money unit, for labels only", label="Currency", unit="name", min_length=1, max_length=8
    )
    discount_rate: float = parameter(
        0.10,
        "Yearly discount rate",
        label="Discount rate",
        unit="per year",
        source="Gupta & Lehmann 2003 use 12%; assumption",
        setup=True,
        allowed=(0.0, 1.0),
        practical=(0.02, 0.25),
    )
    assumed_retention: float = parameter(
        0.80,
        "Yearly retention in the rule of thumb for the remaining value of a lost customer, m r / (1 + d - r)",
        label="Assumed retention",
        unit="per year",
        source="Gupta & Lehmann 2003 (form); assumption (size)",
        setup=True,
        allowed=(0.0, 0.999),
        practical=(0.5, 0.95),
    )
    value_of_time: float = parameter(
        15.0,
        "What an hour is worth to a customer; 0: the loss of those who cannot leave is not counted",
        label="Value of a customer's time",
        unit="money per hour",
        source="assumption: about an hour's net pay",
        setup=True,
        allowed=(0.0, 10_000.0),
        practical=(0.0, 60.0),
    )
    hours_lost: float = parameter(
        2.0,
        "Time and bother that an experience after which others leave costs who cannot: waiting, asking, coming again",
        label="Time lost by who cannot leave",
        unit="hours",
        setup=True,
        allowed=(0.0, 1000.0),
        practical=(0.0, 20.0),
    )
    estimate_within_run: bool = switch(
        True,
        "Count in the rule of thumb only the years that the run still lasts when somebody is lost, as the measure does",
        "model design",
        label="Estimate ends with the run",
        setup=True,
    )
    measure_opportunity_cost: bool = switch(
        True,
        "Run the same world with the same luck but without failures, to measure the opportunity cost",
        "model design",
        label="Measure the opportunity cost",
        setup=True,
    )
    measure_quality_worlds: bool = switch(
        False,
        "Run it twice more: with every level at least as promised, and with perfect answers to complaints (run only)",
        "model design",
        label="Measure better worlds",
        setup=True,
    )


@rule
def yearly_margin(frequency: float, spend: float, rates: Encounters, demand: float, firm: FirmRecord) -> float:
    """Expected yearly margin of a customer, before failures and overheads: revenue less goods and service, money.

    frequency x (demand x purchases x (spend (price - (1 - margin) - e o) - e c) - help x e c + repairs x ((1 - w) price
    - e c)), with e the effort of the service level, o the operating cost of a purchase, c the cost to serve each kind.

    Args:
        frequency: Personal frequency, 1 is average.
        spend: Personal spend per purchase, money.
        rates: The segment's `encounters`: purchases, help requests and repairs per year.
        demand: What the price makes of purchases, relative to a price index of 1.
        firm: The firm's record: `strategy`, `costs` and `effort`.
    """
    strategy, costs, effort = firm.strategy, firm.costs, firm.effort
    left = strategy.price_index - (1.0 - strategy.gross_margin) - effort * costs.operation_share
    purchase = spend * left - effort * costs.purchase_service
    repair = (1.0 - costs.warranty_share) * costs.repair_price - effort * costs.repair_service
    return frequency * (
        demand * rates.purchases_per_year * purchase
        - rates.help_requests_per_year * (effort * costs.help_service)
        + rates.repairs_per_year * repair
    )


@rule
def remaining_value(margin: float, retention: float, discount: float) -> float:
    """Value of a customer who is kept, m r / (1 + d - r) (Gupta & Lehmann 2003), money; never below zero.

    >>> round(remaining_value(100.0, 0.8, 0.1), 2)
    266.67
    """
    value = margin * retention / (1.0 + discount - retention)
    return value if value > 0.0 else 0.0


@rule
def share_within(years: float, retention: float, discount: float) -> float:
    """Share of `remaining_value` that falls into the next so many years: 1 - (r / (1 + d))^years.

    >>> share_within(2.0, 0.75, 0.5), share_within(0.0, 0.75, 0.5)
    (0.75, 0.0)
    """
    return 1.0 - (retention / (1.0 + discount)) ** years


class Tariff(NamedTuple):
    """What a firm asks for an encounter, and what it costs the firm.

    Attributes:
        price_index: Price relative to the market's.
        gross_margin: Share of revenue left after the goods, at the market's price.
        operation: Running the service, share of a purchase at the market's price.
        purchase_cost, help_cost, repair_cost: Cost to serve, money.
        warranty_share: Share of repairs that the firm pays.
        repair_price: What a repair out of warranty is paid, money.
    """

    price_index: float
    gross_margin: float
    operation: float
    purchase_cost: float
    help_cost: float
    repair_cost: float
    warranty_share: float
    repair_price: float


class Bill(NamedTuple):
    """Where the money of one encounter is booked: revenue, goods, operation, cost to serve, the warranty; money."""

    revenue: float
    goods: float
    operation: float
    service: float
    warranty: float


@rule
def bill(kind: int, spend: float, u_warranty: float, tariff: Tariff) -> Bill:
    """What one encounter brings and costs, failures apart.

    A purchase: spend x price, spend x (1 - margin), spend x operation, and service. Help: service. A repair: service at
    the firm's cost where the draw `u_warranty` is below the warranty share, else paid for.

    >>> bill(0, 40.0, 0.9, Tariff(1.25, 0.75, 0.125, 2.5, 7.0, 28.0, 0.5, 45.0))
    Bill(revenue=50.0, goods=10.0, operation=5.0, service=2.5, warranty=0.0)
    >>> bill(2, 40.0, 0.4, Tariff(1.25, 0.75, 0.125, 2.5, 7.0, 28.0, 0.5, 45.0))
    Bill(revenue=0.0, goods=0.0, operation=0.0, service=0.0, warranty=28.0)
    """
    if kind == PURCHASE:
        goods = spend * (1.0 - tariff.gross_margin)
        return Bill(spend * tariff.price_index, goods, spend * tariff.operation, tariff.purchase_cost, 0.0)
    if kind == HELP:
        return Bill(0.0, 0.0, 0.0, tariff.help_cost, 0.0)
    if u_warranty < tariff.warranty_share:
        return Bill(0.0, 0.0, 0.0, 0.0, tariff.repair_cost)
    return Bill(tariff.repair_price, 0.0, 0.0, tariff.repair_cost, 0.0)


@rule
def earned_by(bill: Bill) -> float:
    """Margin of an encounter before failures: revenue less goods, operation, service and warranty, money.

    >>> earned_by(Bill(50.0, 10.0, 4.0, 2.5, 1.0))
    32.5
    """
    return bill.revenue - bill.goods - bill.operation - bill.service - bill.warranty


@kernel
def pay(table: Table, people: int, firm: FirmRecord, counts: Counts) -> None:
    """Book revenue, goods, operation and service of the first `people` encounters; `earned` is the margin of each.

    Where customers are billed (`sim.model.billing`), purchases bring the service alone: the rest comes with the bill.
    """
    costs, effort = firm.costs, firm.effort
    billed = firm.contract.bills_per_year > 0.0
    tariff = Tariff(
        0.0 if billed else firm.strategy.price_index,
        1.0 if billed else firm.strategy.gross_margin,
        0.0 if billed else effort * costs.operation_share,
        effort * costs.purchase_service,
        effort * costs.help_service,
        effort * costs.repair_service,
        costs.warranty_share,
        costs.repair_price,
    )
    revenue = 0
    goods = 0
    operation = 0
    service = 0
    warranty = 0
    for i in range(people):
        booked = bill(table[T.kind, i], table[T.spend, i], table[T.u_warranty, i], tariff)
        table[T.earned, i] = earned_by(booked)
        revenue += fixed_point(booked.revenue)
        goods += fixed_point(booked.goods)
        operation += fixed_point(booked.operation)
        service += fixed_point(booked.service)
        warranty += fixed_point(booked.warranty)
    counts[O.revenue] += revenue
    counts[O.goods_cost] += goods
    counts[O.operation_cost] += operation
    counts[O.service_cost] += service
    counts[O.warranty_cost] += warranty


@kernel
def pay_for_failures(table: Table, struck: int, firm: FirmRecord, counts: Counts) -> None:
    """Book what the first `struck` failures of the table cost, and take it from what those encounters earned."""
    internal, effect = firm.costs.internal_failure, firm.costs.failure_effect
    for n in range(struck):
        if table[T.mode, n] == NO_FAILURE:
            counts[O.internal_failure_cost] += fixed_point(internal)
            table[T.earned, int(table[T.struck, n])] -= internal
        else:
            counts[O.failure_effect_cost] += fixed_point(effect)
            table[T.earned, int(table[T.struck, n])] -= effect


@rule
def add_margin(state: State, i: int, f: int, amount: float) -> None:
    """Add to the margin that the person of row i has brought firm f, money, below zero where it was spent.

    It is known person by person of the firms that are watched; of others there are tallies.
    """
    if f < state.margin.shape[1]:
        state.margin[i, f] += single(amount)


@rule
def book_running_costs(firm: FirmRecord, segment: SegmentRecord, counts: Counts, began: int, years: float) -> None:
    """Book what a firm pays by the period for a segment: by customer, by prospect, by its share, and overheads.

    A desk is paid busy or idle. `began` is the number of customers at the start, by whose spending overheads are
    measured, `years` the length of the period.
    """
    costs, share = firm.costs, segment.share
    spent = segment.encounters.purchases_per_year * segment.encounters.spend_per_purchase
    appraisal = costs.appraisal + inspection_cost(firm.systems.interception_share, costs)
    appraisal += channel_upkeep(firm.desk)
    counts[O.price_sum] += counts[O.active] * fixed_point(firm.strategy.price_index)
    counts[O.prevention_cost] += counts[O.active] * fixed_point(costs.prevention * years)
    counts[O.appraisal_cost] += counts[O.active] * fixed_point(appraisal * years)
    counts[O.appraisal_cost] += fixed_point(firm.certificate_paid * share)
    counts[O.advertising_cost] += counts[O.prospects] * fixed_point(firm.strategy.advertising_cost * years)
    counts[O.complaint_cost] += fixed_point(firm.desk_paid * share)
    counts[O.overhead_cost] += fixed_point(costs.overhead_share * double(began) * spent * years)
