"""Offers: who is worth one, by worlds in which everybody, nobody or a policy's chosen get it, person by person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report import study_shown
from sim.studies.command import Command, Option
from sim.vocabulary.neighbours import loaded_later
from sim.words import say

if TYPE_CHECKING:
    from sim.studies.offers.offers_plan import OffersPlan

SHOWN = study_shown(__name__)
"""How it is shown who is worth an offer."""


def _begin(plan: OffersPlan, **_: Any) -> str:
    return say("{runs:,} runs of {worlds:,} worlds each", runs=plan.planned, worlds=plan.worlds)


OFFERS = Command(
    "offers",
    "offers",
    "Tell who is worth an offer, such as a call or a discount.\n\n"
    "Each customer lives with the offer and without, with the same luck; ways of choosing are compared.",
    loaded_later(__name__, "offers:offers"),
    loaded_later(__name__, "offers_summary:print_summary"),
    asks=(
        Option(
            "offer",
            str,
            "What is offered: call, discount, answer (to a complaint, at once), or of your own as 'cost=6, lift=4'.",
            "call",
            metavar="OFFER",
        ),
        Option("share", float, "Part of the customers who get it.", 0.2),
        Option("at", int | None, "Period at whose beginning they get it.", None, left_out="after a quarter", least=0),
        Option("replications", int, "Runs, each with luck of its own.", 10, least=2, most=10_000),
        Option("years", int | None, "Length of the runs.", None, left_out="the scenario's own", least=1, most=100),
    ),
    read=loaded_later(__name__, "offers_plan:plan_offers"),
    suffix="_offers",
    begin=_begin,
)
"""`sim.offers`: from a scenario file to who is worth an offer."""
