"""Bonds: what holds customers and what takes them away, and offers to those who left."""

from __future__ import annotations

import math

from sim.vocabulary.parameter import Section, parameter, price_paid, share, switch


class Bonds(Section):
    """What holds customers, and what takes them away whatever the service."""

    switching_cost: float = parameter(
        0.5,
        "Mean personal switching cost, 0 none to 1 prohibitive",
        label="Switching cost",
        unit="index (0-1)",
        source="Burnham, Frels & Mahajan 2003 (concept); assumption (level)",
        setup=True,
        allowed=(0.0, 1.0),
        practical=(0.0, 1.0),
    )
    switching_cost_spread: float = parameter(
        0.2,
        "Standard deviation of the switching cost (cut to 0-1)",
        label="Spread of switching cost",
        unit="index (0-1)",
        setup=True,
        allowed=(0.0, 1.0),
        practical=(0.0, 0.4),
    )
    captive_share: float = share(
        0.0,
        "Share who cannot leave: a government office, a monopoly",
        "Hirschman 1970 (concept); notes 'Servicio al cliente' (kind); assumption (share)",
        label="Captive customers",
        setup=True,
        practical=(0.0, 1.0),
    )
    attrition_per_year: float = parameter(
        0.07,
        "Mean yearly probability of leaving for reasons that no service can mend (moving, dying, no more need)",
        label="Natural attrition a year",
        unit="per year",
        source="assumption: a third to a half of usual yearly losses",
        setup=True,
        allowed=(0.0, 0.999999),
        practical=(0.0, 0.5),
    )
    attrition_polarization: float = parameter(
        0.1,
        "Polarization 1/(1+alpha+beta) of the beta distribution of that probability; 0 is the same for all",
        label="Inequality of attrition",
        unit="index (0-1)",
        source="Fader & Hardie 2007 (form); Sabavala & Morrison 1977 (index); assumption (size)",
        setup=True,
        allowed=(0.0, 0.99),
        practical=(0.0, 0.6),
    )
    renewal_per_year: float = parameter(
        0.03,
        "Yearly probability that a person leaves the market, whoever's customer, and is replaced; 0 is off",
        label="Renewal of people a year",
        unit="per year",
        source="assumption: a person is in a market for about thirty years",
        setup=True,
        allowed=(0.0, 0.999999),
        practical=(0.0, 0.2),
    )
    attrition_happens: bool = switch(
        True,
        "Whether anybody leaves by natural attrition or renewal: if not, the same people with the same chances stay",
        "assumption: on; off is a world to compare with (sim causes)",
        label="Natural attrition happens",
    )
    reviews_per_year: float = parameter(
        0.6,
        "How often a customer compares suppliers without being told anything and whatever the price",
        label="Comparisons a year",
        unit="per year",
        allowed=(0.0, 365.0),
        practical=(0.0, 12.0),
    )
    alarm: float = parameter(
        40.0,
        "Further comparisons a year per log unit that the price has risen above what one is used to",
        label="Looking around after a rise",
        unit="per year per log unit",
        source="assumption: a tenth more makes a fourth of customers compare within a month",
        allowed=(0.0, 1000.0),
        practical=(0.0, 120.0),
    )
    doing_without: float = parameter(
        0.15,
        "k: of those who compare and stay, 1 - price^-k does without at a price index above 1",
        label="Doing without",
        unit="ratio",
        allowed=(0.0, 5.0),
        practical=(0.0, 1.0),
    )
    returns_per_year: float = parameter(
        0.2,
        "How often a lapsed customer thinks of coming back",
        label="Thoughts of return a year",
        unit="per year",
        allowed=(0.0, 365.0),
        practical=(0.0, 4.0),
    )
    forgiveness_half_life: float = parameter(
        4.0,
        "Time after which half of those who left in anger have forgiven and may come back; 0 is never",
        label="Half-life of anger",
        unit="years",
        allowed=(0.0, 1000.0),
        practical=(1.0, 20.0),
    )


class WinBack(Section):
    """Offers to customers who left."""

    contacts_per_year: float = parameter(
        0.3,
        "How often a lapsed customer is contacted",
        label="Contacts a year",
        unit="per year",
        allowed=(0.0, 365.0),
        practical=(0.0, 6.0),
        paid_by="firm.win_back.cost",
    )
    acceptance_share: float = share(
        0.12,
        "Base share of contacted lapsed customers who come back",
        label="Offers accepted",
        practical=(0.0, 0.4),
        no_lever="how people answer; contacts are the lever",
    )
    fatigue: float = parameter(
        1.0,
        "c0: offers wear off, of c contacts a year each convinces (1 - exp(-c / c0)) / (c / c0) of a first one; 0 not",
        label="Contacts that wear off",
        unit="per year",
        allowed=(0.0, 365.0),
        practical=(0.2, 6.0),
        no_lever="how people answer; contacts are the lever",
    )
    cost: float = price_paid(
        6.0,
        "Cost of one contact",
        "money per contact",
        label="Cost of a contact",
        practical=(0.0, 50.0),
    )


def forgiving(bonds: Bonds) -> float:
    """Rate at which those who left in anger forgive, per year: ln 2 over the half-life; 0 where nobody ever does.

    >>> round(forgiving(Bonds(forgiveness_half_life=2.0)), 4), forgiving(Bonds(forgiveness_half_life=0.0))
    (0.3466, 0.0)
    """
    return math.log(2.0) / bonds.forgiveness_half_life if bonds.forgiveness_half_life > 0.0 else 0.0


def accepted_offers(offers: WinBack) -> float:
    """Base share of contacted lapsed customers who come back, so often as they are contacted.

    >>> accepted_offers(WinBack(fatigue=0.0)), round(accepted_offers(WinBack(contacts_per_year=2.0)), 4)
    (0.12, 0.0519)
    """
    if offers.fatigue <= 0.0 or offers.contacts_per_year <= 0.0:
        return offers.acceptance_share
    worn = offers.contacts_per_year / offers.fatigue
    return offers.acceptance_share * (1.0 - math.exp(-worn)) / worn
