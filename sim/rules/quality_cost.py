"""What a customer is worth, and what a lost one costs."""

from sim.compiled import rule


@rule
def yearly_margin(
    frequency: float,
    purchases: float,
    help_requests: float,
    repairs: float,
    spend: float,
    price_index: float,
    gross_margin: float,
    purchase_cost: float,
    help_cost: float,
    repair_cost: float,
    warranty_share: float,
    repair_price: float,
) -> float:
    """Expected yearly margin of a customer, before failures: revenue less goods and cost to serve, money.

    frequency x (purchases x (spend (price - (1 - margin)) - cost) - help x cost + repairs x ((1 - w) price - cost)).

    >>> yearly_margin(1.5, 12.0, 4.0, 2.0, 50.0, 1.25, 0.25, 3.0, 7.0, 35.0, 0.75, 60.0)
    294.0
    """
    purchase = spend * (price_index - (1.0 - gross_margin)) - purchase_cost
    repair = (1.0 - warranty_share) * repair_price - repair_cost
    return frequency * (purchases * purchase - help_requests * help_cost + repairs * repair)


@rule
def remaining_value(margin: float, retention: float, discount: float) -> float:
    """Value of a customer who is kept, m r / (1 + d - r) (Gupta & Lehmann 2003), money; never below zero.

    >>> round(remaining_value(100.0, 0.8, 0.1), 2)
    266.67
    """
    value = margin * retention / (1.0 + discount - retention)
    return value if value > 0.0 else 0.0
