"""Word of mouth: propensity, reach and impact are three different things.

East, Hammond & Wright 2007 measure incidence, East, Hammond & Lomax 2008 impact (on the probability of buying).
"""

from __future__ import annotations

from typing import Any

from sim.vocabulary.parameter import Section, parameter


def _talks(default: float, who: str, source: str) -> Any:
    return parameter(default, f"Share of {who} who talk about it", unit="share", source=source, ge=0.0, le=1.0)


def _reach(default: float, who: str, source: str) -> Any:
    return parameter(default, f"People told by one of {who} who talks", unit="people", source=source, ge=0.0, le=1000.0)


class Stories(Section):
    """One number for each sort of story that a customer can tell."""

    dissatisfied: float = 0.0
    satisfied: float = 0.0
    delighted: float = 0.0
    recovered: float = 0.0
    failed_recovery: float = 0.0


class TalkShares(Stories):
    """Who talks."""

    dissatisfied: float = _talks(0.50, "dissatisfying encounters", "Anderson 1998 (U shape); assumption (size)")
    satisfied: float = _talks(0.03, "satisfying encounters", "Anderson 1998 (U shape); assumption (size)")
    delighted: float = _talks(0.12, "delighting encounters", "Anderson 1998 (U shape); assumption (size)")
    recovered: float = _talks(0.50, "recovered complainers", "notes 'Servicio al cliente'; assumption (size)")
    failed_recovery: float = _talks(0.70, "complainers answered badly", "assumption: let down twice, they talk most")


class Reach(Stories):
    """To how many."""

    dissatisfied: float = _reach(7.0, "the dissatisfied", "TARP: nine to ten (second-hand); assumption: somewhat fewer")
    satisfied: float = _reach(2.5, "the satisfied", "assumption")
    delighted: float = _reach(3.5, "the delighted", "TARP: four to five (second-hand); assumption: somewhat fewer")
    recovered: float = _reach(5.0, "the recovered", "notes 'Servicio al cliente': at most five")
    failed_recovery: float = _reach(9.0, "those answered badly", "TARP: nine to ten, second-hand")


class Talk(Section):
    """Word of mouth over strong and weak ties."""

    shares: TalkShares = TalkShares()
    reach: Reach = Reach()
    weak_tie_weight: float = parameter(
        0.5, "Weight of what a weak tie says, a strong tie being 1", unit="ratio",
        source="Goldenberg, Libai & Muller 2001 (order); assumption (size)", ge=0.0, le=1.0,
    )  # fmt: skip
    strong_adoption: float = parameter(
        0.03, "b_s: probability that one good word over a strong tie wins a prospect", unit="per tie that talks",
        source="Goldenberg, Libai & Muller 2001 (form; 0.01-0.07 in their simulations); assumption (size)",
        ge=0.0, le=1.0,
    )  # fmt: skip
    weak_adoption: float = parameter(
        0.012, "b_w: the same over a weak tie", unit="per tie that talks",
        source="Goldenberg, Libai & Muller 2001 (form; 0.005-0.015 in their simulations); assumption (size)",
        ge=0.0, le=1.0,
    )  # fmt: skip
    negative_impact: float = parameter(
        1.2, "Weight of a bad word on opinion, a good one being 1", unit="ratio",
        source="assumption: losses weigh more; East, Hammond & Lomax 2008 found praise to move purchase generally more",
        ge=0.0, le=10.0,
    )  # fmt: skip
    opinion_on_adoption: float = parameter(
        1.0, "Shift of the odds of adoption per unit of opinion (-1 to 1)", unit="logit per unit", source="assumption",
        ge=0.0, le=20.0,
    )  # fmt: skip
