"""Contract: until when a decision to leave has to wait, what it costs not to wait, and when customers are billed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import kernel, rule
from sim.model.contexts import Books, Clock, Environment
from sim.model.in_use import CONTRACT, at
from sim.model.luck import uniforms
from sim.model.money import add_margin
from sim.model.person import NEWCOMER, luck_of
from sim.model.shares import fixed_point
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, STOCK, O, amounts, counts
from sim.vocabulary.parameter import Section, amount, parameter
from sim.vocabulary.streams import BONDS

if TYPE_CHECKING:
    from sim.model.state_types import State

COLUMNS = (
    Column(
        "leaves",
        "i4",
        1,
        "period",
        "when the contract lets the person go who has decided to leave; 0 undecided",
        apart=True,
        needed_for=CONTRACT,
    ),
    Column("leaves_by", "u1", 1, "code", "cause of that decision, in CAUSES", apart=True, needed_for=CONTRACT),
    Column(
        "onward",
        "u1",
        1,
        "index",
        "firm that the person goes to then; 255 none in particular",
        apart=True,
        needed_for=CONTRACT,
    ),
)

OBSERVABLES = (
    *counts(STOCK, "people", {"waiting": "customers who have decided to leave and wait for the end of their contract"}),
    *counts(
        FLOW,
        "people",
        {
            "bound": "customers who decided to leave and have to wait for the end of their contract",
            "paid_out": "customers who decided to leave and paid the fee not to wait",
        },
    ),
    *amounts(FLOW, "money", {"exit_fees": "of the revenue: paid for leaving before the end of a contract"}),
)


class Contract(Section):
    """For how long customers are bound, and what sets them free."""

    months: float = parameter(
        0.0,
        "Length of the first term; 0 is no contract, and who decides to leave is gone",
        label="Term of the contract",
        unit="months",
        source="assumption: none",
        allowed=(0.0, 120.0),
        practical=(0.0, 24.0),
    )
    renewal_months: float = parameter(
        1.0,
        "Length of each further term, entered by whoever gives no notice; 0 is none: then notice alone is to be kept",
        label="Term of a renewal",
        unit="months",
        source="Directive (EU) 2018/1972, article 105 (once renewed, free at a month's notice); assumption elsewhere",
        no_lever="law and the custom of a trade set it: month by month in European telecoms",
        allowed=(0.0, 120.0),
        practical=(0.0, 12.0),
    )
    notice_months: float = parameter(
        1.0,
        "How long before the end of a term a decision to leave has to be there; later it waits for the next end",
        label="Notice",
        unit="months",
        source="assumption: what Directive (EU) 2018/1972, article 105, allows at most in telecoms",
        no_lever="law and the custom of a trade set it: a month at most in European telecoms",
        allowed=(0.0, 24.0),
        practical=(0.0, 3.0),
    )
    exit_fee: float = amount(
        100.0,
        "Fee with which one may leave at once; 0 binds nobody",
        "money per early exit",
        label="Early exit fee",
        practical=(0.0, 400.0),
    )
    bills_per_year: float = parameter(
        0.0,
        "Bills in which customers pay for their purchases, afterwards and the last one on leaving; 0: at each purchase",
        label="Bills a year",
        unit="per year",
        source="assumption: paid at each purchase",
        setup=True,
        allowed=(0.0, 366.0),
        practical=(0.0, 12.0),
        no_lever="when is paid what is owed: neither what is owed nor who stays depends on it",
    )


NEARLY = 1e-9
"""What a period may be short of by rounding, periods."""

MONTHS_PER_YEAR = 12.0

ALWAYS = -math.inf
"""Since when newcomers sign the contract of a firm of which all customers of the start have signed one."""

EARLY_EXIT, PHASE = 0, 1
"""Indexes of the stream BONDS: whether somebody pays not to wait; how far contracts and bills have run at the start."""


@rule
def term_end(age: int, term: float, renewal: float, notice: float) -> int:
    """Age of a contract at which somebody is free who decides at `age` to leave: the first end that leaves the notice.

    Ends are at `term`, and then every `renewal`; without renewals anyone is free after the term and the notice. All in
    periods; an end within a period is its end.

    >>> [term_end(age, 12.0, 12.0, 2.0) for age in (1, 10, 11, 22, 23)]
    [12, 12, 24, 24, 36]
    >>> term_end(11, 12.0, 0.0, 2.0), term_end(11, 12.0, 1.0, 2.5)
    (13, 14)
    """
    earliest = age + notice
    end = term
    if earliest > term + NEARLY:
        end = earliest
        if renewal > 0.0:
            end = term + renewal * math.ceil((earliest - term) / renewal - NEARLY)
    return math.ceil(end - NEARLY)


@rule
def share_who_pay(fee: float, months: float, worth: float) -> float:
    """Share of those who want to leave that pays the fee rather than wait so many months.

    What freedom is worth is exponentially distributed between people, with a mean of `worth` (money) for each month:
    exp(-fee / (worth months)). Assumption (form).

    >>> round(share_who_pay(100.0, 12.0, 5.0), 4), share_who_pay(0.0, 12.0, 0.0), share_who_pay(1.0, 12.0, 0.0)
    (0.1889, 1.0, 0.0)
    """
    if fee <= 0.0:
        return 1.0
    if worth * months <= 0.0:
        return 0.0
    return math.exp(-fee / (worth * months))


def bound_years(contract: Contract, worth: float) -> float:
    """For how long a contract binds whoever signs it, years: term, renewal and notice, less what the fee sets free.

    >>> bound_years(Contract(), 5.0), bound_years(Contract(months=12.0, exit_fee=0.0), 5.0)
    (0.0, 0.0)
    >>> round(bound_years(Contract(months=24.0, renewal_months=1.0, notice_months=2.0, exit_fee=300.0), 5.0), 4)
    2.0062
    """
    if contract.months <= 0.0:
        return 0.0
    months = contract.months + contract.renewal_months + contract.notice_months
    return months / MONTHS_PER_YEAR * (1.0 - share_who_pay(contract.exit_fee, months, worth))


@rule
def signed(newcomer: bool, joined: int, since: float) -> bool:
    """Whether somebody became a customer when the firm had a contract already, which it has had since a period.

    >>> signed(True, 9, 8), signed(True, 7, 8), signed(False, 9, 8)
    (True, False, False)
    """
    return since == ALWAYS or (newcomer and joined >= since)


@rule
def periods_left(state: State, i: int, environment: Environment, clock: Clock) -> int:
    """Periods that the customer of row i would have to wait for, were it to decide now to leave; 0 without contract.

    The contracts of those who are customers from the start have run for any part of the first term, and the period in
    which it is asked is over. Where a firm had none at first, its customers of before have signed none.
    """
    firm = environment.firms[state.supplier[i]]
    contract = firm.contract
    newcomer, joined = state.people[i].flags & NEWCOMER != 0, int(state.joined[i])
    if contract.months <= 0.0 or not signed(newcomer, joined, firm.signed_since):
        return 0
    month = 1.0 / (MONTHS_PER_YEAR * environment.world[0].years)
    age = clock.period - joined
    if not newcomer:
        age += 1 + int(uniforms(clock.seed, BONDS, luck_of(state, i), 0, PHASE)[0] * contract.months * month)
    return term_end(age, contract.months * month, contract.renewal_months * month, contract.notice_months * month) - age


@kernel
def free_to_go(
    state: State, i: int, environment: Environment, books: Books, clock: Clock, cause: int, onward: int
) -> bool:
    """Whether the customer of row i, who has decided to leave, is gone at once; else the decision waits.

    Args:
        state: The people.
        i: Row of the customer.
        environment: Parameters.
        books: Where it is counted.
        clock: Seed and period.
        cause: Place in `CAUSES`.
        onward: Firm that the customer goes to, or NOBODY.
    """
    wait = periods_left(state, i, environment, clock)
    if wait <= 0:
        return True
    person = state.people[i]
    f = int(state.supplier[i])
    counts = books.tally[f, person.segment]
    fee = environment.firms[f].contract.exit_fee
    months = wait * MONTHS_PER_YEAR * environment.world[0].years
    u_pay = uniforms(clock.seed, BONDS, luck_of(state, i), clock.period, EARLY_EXIT)[0]
    if u_pay < share_who_pay(fee, months, environment.world[0].movement.freedom):
        counts[O.paid_out] += 1
        counts[O.exit_fees] += fixed_point(fee)
        counts[O.revenue] += fixed_point(fee)
        add_margin(state, i, f, fee)
        return True
    counts[O.bound] += 1
    end = clock.period + wait
    place = at(state.leaves, i)
    state.leaves[place] = end if end != 0 else 1  # 0 is nothing decided; a term ends there only after a warm-up
    state.leaves_by[place] = cause
    state.onward[place] = onward
    return False
