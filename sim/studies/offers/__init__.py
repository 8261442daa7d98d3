"""Offers: who is worth one, by worlds in which everybody, nobody or a policy's chosen get it, person by person."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.report import study_card
from sim.results.presentation import Presentation
from sim.studies.command import Command, Option, Work
from sim.words import say

if TYPE_CHECKING:
    from sim.plots import Gallery
    from sim.studies.offers.offers_plan import OffersPlan
    from sim.studies.offers.worth_an_offer import WorthAnOffer


def _figures() -> Gallery:
    from sim.studies.offers.draw_uplift import FIGURES

    return FIGURES


def _sentences(found: WorthAnOffer) -> list[str]:
    from sim.studies.offers.offers_words import sentences

    return sentences(found)


def _page(found: WorthAnOffer) -> str:
    from sim.studies.offers.offers_page import page

    return page(found)


SHOWN = Presentation(_figures, _sentences, _page, study_card)
"""How it is shown who is worth an offer."""


def _read() -> Callable[..., OffersPlan]:
    from sim.studies.offers.offers_plan import plan_offers

    return plan_offers


def _work() -> Work:
    from sim.studies.offers.offers import offers
    from sim.studies.offers.offers_summary import print_summary

    return offers, print_summary


def _begin(plan: OffersPlan, **_: Any) -> str:
    return say("{runs:,} runs of {worlds:,} worlds each", runs=plan.planned, worlds=plan.worlds)


OFFERS = Command(
    "offers",
    "offers",
    "Tell who is worth an offer, such as a call or a discount.\n\n"
    "Each customer lives with the offer and without, with the same luck; ways of choosing are compared.",
    _work,
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
    read=_read,
    suffix="_offers",
    begin=_begin,
)
"""`sim.offers`: from a scenario file to who is worth an offer."""
