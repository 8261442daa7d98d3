"""Third party: a regulator or ombudsman, to whom those go whom the firm's answer did not satisfy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import kernel
from sim.model.contexts import Books, Environment
from sim.model.money import add_margin
from sim.model.person import CAPTIVE
from sim.model.shares import fixed_point, shifted_share
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, O, amounts, counts
from sim.vocabulary.parameter import Section, amount, parameter, share

if TYPE_CHECKING:
    from sim.model.state_types import State

COLUMNS: tuple[Column, ...] = ()

OBSERVABLES = (
    *counts(
        FLOW,
        "complaints",
        {
            "third_party_cases": "complaints without a remedy that were taken to a third party",
            "third_party_upheld": "of those: decided for the customer, whom the firm has to put right",
        },
    ),
    *amounts(
        FLOW, "money", {"third_party_cost": "of the cost of complaints: fees and work for cases of a third party"}
    ),
)


class ThirdParty(Section):
    """A further channel of complaint, outside the firm."""

    case_share: float = share(
        0.0,
        "Base share of complaints without an answer or a remedy that are taken to a third party; 0 where there is none",
        label="Complaints taken further",
        practical=(0.0, 0.3),
    )
    captive: float = parameter(
        1.0,
        "Of somebody who cannot leave, and has nothing else left",
        label="Captives who go further",
        unit="logit",
        source="Hirschman 1970 (sign); assumption (size)",
        allowed=(-20.0, 20.0),
        practical=(0.0, 3.0),
    )
    upheld_share: float = share(
        0.35,
        "Share of cases decided for the customer: the firm remedies and compensates as if it had resolved them",
        label="Cases upheld",
        practical=(0.0, 0.8),
    )
    cost: float = amount(
        650.0,
        "What a case costs the firm, whoever is right: fee and work",
        "money per case",
        "Financial Ombudsman Service 2025 (second-hand: a fee of 650 pounds a case); assumption (elsewhere, and work)",
        label="Cost of a case",
        practical=(0.0, 2000.0),
    )


@kernel
def is_upheld(state: State, i: int, environment: Environment, books: Books, u_case: float, u_upheld: float) -> bool:
    """Whether a third party decides for the customer of row i, whose complaint found no remedy; books the case.

    Args:
        state: The people.
        i: Row of the complainer.
        environment: Parameters.
        books: Where it is counted.
        u_case: Draw that decides whether the complaint is taken further.
        u_upheld: Draw that decides for whom the case is decided.
    """
    third = environment.world[0].third_party
    person = state.people[i]
    captive = third.captive if person.flags & CAPTIVE != 0 else 0.0
    if u_case >= shifted_share(third.case_share, captive):
        return False
    f = int(state.supplier[i])
    counts = books.tally[f, person.segment]
    counts[O.third_party_cases] += 1
    counts[O.third_party_cost] += fixed_point(third.cost)
    counts[O.complaint_cost] += fixed_point(third.cost)
    add_margin(state, i, f, -third.cost)
    if u_upheld >= third.upheld_share:
        return False
    counts[O.third_party_upheld] += 1
    return True
