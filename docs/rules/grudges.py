"""Grudges: watches whom bad encounters pile up with, and changes nothing."""

from typing import NamedTuple

from sim.rules import FLOW, STOCK, Column, Section, amounts, at, counts, parameter

VERSION = 1


class Parameters(Section):
    """When an encounter is resented, and how many make a grudge."""

    felt_below: float = parameter(
        -0.5,
        "Disconfirmation below which an encounter is resented",
        label="Resented below",
        unit="points (1-7)",
        source="assumption",
        ge=-18.0,
        le=0.0,
        practical=(-2.0, 0.0),
    )
    make_a_grudge: int = parameter(
        3,
        "Resented encounters that make a grudge",
        label="Encounters that make a grudge",
        unit="encounters",
        source="assumption",
        ge=1,
        le=1000,
        practical=(1, 10),
    )


COLUMNS = (Column("resented", "f8", 1, "encounters", "encounters that the person resents", followed=True),)

OBSERVABLES = (
    *counts(FLOW, "encounters", {"resented_encounters": "encounters that were resented"}),
    *amounts(FLOW, "money", {"resented_margin": "margin of encounters that were resented"}),
    *counts(STOCK, "people", {"grudges": "customers with a grudge"}),
)


class Resentment(NamedTuple):
    """What an encounter leaves."""

    resented: float
    resented_encounters: float
    resented_margin: float


class Holders(NamedTuple):
    """Who holds a grudge."""

    grudges: float


@at("after_encounter")
def resent(felt, earned, resented, felt_below) -> Resentment:
    """An encounter that was felt to be bad enough is remembered, and counted with what it earned."""
    if felt < felt_below:
        return Resentment(resented + 1.0, 1.0, earned)
    return Resentment(resented, 0.0, 0.0)


@at("end_of_period")
def hold(resented, make_a_grudge) -> Holders:
    """Whoever has been through enough of them holds a grudge."""
    return Holders(1.0 if resented >= make_a_grudge else 0.0)
