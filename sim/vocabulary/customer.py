"""Customers: what they need, expect, remember and how they decide. Segments override any of these."""

from __future__ import annotations

from sim.vocabulary.dimensions import Importance, Levels
from sim.vocabulary.parameter import OneLine, Section, parameter

_BOULDING = "Boulding, Kalra, Staelin & Zeithaml 1993 (form); assumption (size)"


class Encounters(Section):
    """How often people meet their supplier, and for what."""

    purchases_per_year: float = parameter(
        12.0, "Purchases of an average customer", unit="per year", source="assumption: monthly", ge=0.0, le=1000.0
    )
    help_requests_per_year: float = parameter(
        1.5, "'Help me' services: advice, installation, training", unit="per year",
        source="notes 'Conceptos y generalidades' (kind); assumption (rate)", ge=0.0, le=1000.0,
    )  # fmt: skip
    repairs_per_year: float = parameter(
        0.5, "'Fix it' services: repairs in and out of warranty", unit="per year",
        source="notes 'Conceptos y generalidades' (kind); assumption (rate)", ge=0.0, le=1000.0,
    )  # fmt: skip
    frequency_cv: float = parameter(
        0.7, "Spread of personal encounter frequency around 1 (gamma distributed, as in the NBD model)",
        unit="coefficient of variation", source="Ehrenberg 1959 (form); assumption (size)", setup=True, ge=0.0, le=5.0,
    )  # fmt: skip
    spend_per_purchase: float = parameter(
        40.0, "Mean revenue of a purchase", unit="money per purchase", source="assumption", setup=True, ge=0.0, le=1e6
    )
    spend_cv: float = parameter(
        0.6, "Spread of personal spend (lognormal)", unit="coefficient of variation", source="assumption",
        setup=True, ge=0.0, le=5.0,
    )  # fmt: skip
    help_weight: float = parameter(
        1.0, "Weight of a 'help me' service in memory, a purchase being 1", unit="ratio", source="assumption",
        ge=0.0, le=10.0,
    )  # fmt: skip
    repair_weight: float = parameter(
        1.5, "Weight of a 'fix it' service in memory, a purchase being 1", unit="ratio",
        source="assumption: services under stress are remembered", ge=0.0, le=10.0,
    )  # fmt: skip


class Expectations(Section):
    """What customers predict (will) and what they think is owed (should)."""

    will: Levels = Levels.of(5.5)
    should: Levels = Levels.of(6.1)
    spread: float = parameter(
        0.35, "Standard deviation of personal expectations around the mean, common to all dimensions",
        unit="points (1-7)", source="assumption", setup=True, ge=0.0, le=3.0,
    )  # fmt: skip
    will_memory: float = parameter(
        0.85, "Weight a of the old prediction in W' = a W + (1-a) P", unit="share", source=_BOULDING, ge=0.0, le=1.0
    )
    promise_pull: float = parameter(
        0.03, "Part of the distance to the firm's promise that the prediction moves at each encounter",
        unit="share per encounter", ge=0.0, le=1.0,
        source="notes 'Atención y servicio al cliente' (promises form expectations); assumption (size)",
    )  # fmt: skip
    should_ratchet: float = parameter(
        0.03, "Step b of H' = H + b (P - H), only when P exceeds H", unit="share per encounter", source=_BOULDING,
        ge=0.0, le=1.0,
    )  # fmt: skip
    promise_trust: float = parameter(
        0.5, "Weight of the promise in a newcomer's prediction; the rest is what they expected before",
        unit="share", source="notes 'Atención y servicio al cliente' (form); assumption (size)", ge=0.0, le=1.0,
    )  # fmt: skip


class Judgement(Section):
    """From perception to satisfaction."""

    importance: Importance = Importance()
    will_assimilation: float = parameter(
        0.08, "Pull of perception towards the prediction", unit="share", source=_BOULDING, ge=0.0, le=1.0
    )
    should_contrast: float = parameter(
        0.05, "Loss of perceived quality per point that delivery falls short of what should be",
        unit="points per point", ge=0.0, le=1.0,
        source="Boulding, Kalra, Staelin & Zeithaml 1993 (sign); assumption (size, and that only a shortfall counts)",
    )  # fmt: skip
    loss_aversion: float = parameter(
        2.25, "Weight of a negative disconfirmation relative to a positive one", unit="ratio",
        source="Tversky & Kahneman 1992; asymmetry in satisfaction: Mittal, Ross & Baldasare 1998", ge=1.0, le=10.0,
    )  # fmt: skip
    tolerance: float = parameter(
        1.5, "Felt (loss-weighted) disconfirmation below which service is inadequate: lower edge of the zone",
        unit="felt points (1-7)", source="Zeithaml, Berry & Parasuraman 1993 (form); assumption (size)", ge=0.0, le=6.0,
    )  # fmt: skip
    delight_margin: float = parameter(
        0.0, "Distance above the desired (should) level from which an encounter delights", unit="points (1-7)",
        source="Zeithaml, Berry & Parasuraman 1993 (form); assumption (size)", ge=-6.0, le=6.0,
    )  # fmt: skip
    satisfaction_at_reference: float = parameter(
        82.0, "Satisfaction with an encounter that delivers the reference quality exactly as expected",
        unit="points (0-100)", source="assumption: set so that the baseline's ACSI comes out between 70 and 80",
        ge=0.0, le=100.0,
    )  # fmt: skip
    reference_quality: float = parameter(
        5.5, "Perceived quality at which the above holds", unit="points (1-7)", source="assumption", ge=1.0, le=7.0
    )
    quality_effect: float = parameter(
        8.0, "Satisfaction per point of perceived quality", unit="points (0-100) per point (1-7)",
        source="Oliver 1980; Fornell et al. 1996 (form); assumption (size)", ge=0.0, le=100.0,
    )  # fmt: skip
    disconfirmation_effect: float = parameter(
        14.0, "Satisfaction per point of weighted, asymmetric disconfirmation", unit="points (0-100) per point (1-7)",
        source="Oliver 1980 (form); assumption (size)", ge=0.0, le=100.0,
    )  # fmt: skip
    saturation: float = parameter(
        1.0, "How far satisfaction above the reference level saturates towards 100; 0 is a straight line",
        unit="share", source="Mittal, Ross & Baldasare 1998 (diminishing sensitivity); assumption (form)",
        ge=0.0, le=1.0,
    )  # fmt: skip
    first_step: float = parameter(
        0.5, "Step of cumulative satisfaction towards the very first experience", unit="share",
        source="Bolton 1998 (form); assumption (size)", ge=0.0, le=1.0,
    )  # fmt: skip
    last_step: float = parameter(
        0.2, "Step that remains after a long history", unit="share",
        source="Bolton 1998 (form); assumption (size): quicker than expectations, so that their following shows",
        ge=0.0, le=1.0,
    )  # fmt: skip
    history_half: float = parameter(
        6.0, "Encounters after which the step is half way between first and last", unit="encounters",
        source="Bolton 1998 (form); assumption (size)", gt=0.0, le=1e6,
    )  # fmt: skip
    initial_satisfaction: float = parameter(
        76.0, "Cumulative satisfaction of the customers at the start, and the anchor of newcomers",
        unit="points (0-100)", source="ACSI national average (level); assumption", setup=True, ge=0.0, le=100.0,
    )  # fmt: skip
    disposition_spread: float = parameter(
        11.0, "Standard deviation of the personal disposition to be satisfied, which adds to every judgement",
        unit="points (0-100)", source="Westbrook 1980 (dispositional satisfaction); assumption (size)", setup=True,
        ge=0.0, le=50.0,
    )  # fmt: skip
    initial_history: float = parameter(
        20.0, "Encounters that customers at the start have behind them", unit="encounters", source="assumption",
        setup=True, ge=0.0, le=60_000.0,
    )  # fmt: skip


class Bonds(Section):
    """What holds customers, and what takes them away whatever the service."""

    switching_cost: float = parameter(
        0.5, "Mean personal switching cost, 0 none to 1 prohibitive", unit="index (0-1)",
        source="Burnham, Frels & Mahajan 2003 (concept); assumption (level)", setup=True, ge=0.0, le=1.0,
    )  # fmt: skip
    switching_cost_spread: float = parameter(
        0.2, "Standard deviation of the switching cost (cut to 0-1)", unit="index (0-1)", source="assumption",
        setup=True, ge=0.0, le=1.0,
    )  # fmt: skip
    captive_share: float = parameter(
        0.0, "Share who cannot leave: a government office, a monopoly", unit="share",
        source="Hirschman 1970; notes 'Servicio al cliente'", setup=True, ge=0.0, le=1.0,
    )  # fmt: skip
    attrition_per_year: float = parameter(
        0.07, "Mean yearly probability of leaving for reasons that no service can mend (moving, dying, no more need)",
        unit="per year", source="assumption: a third to a half of usual yearly losses", setup=True, ge=0.0, le=0.999999,
    )  # fmt: skip
    attrition_polarization: float = parameter(
        0.1, "Polarization 1/(1+alpha+beta) of the beta distribution of that probability; 0 is the same for all",
        unit="index (0-1)", source="Fader & Hardie 2007; Sabavala & Morrison 1977", setup=True, ge=0.0, le=0.99,
    )  # fmt: skip
    reviews_per_year: float = parameter(
        0.8, "How often a customer looks around and compares suppliers", unit="per year", source="assumption",
        ge=0.0, le=365.0,
    )  # fmt: skip
    returns_per_year: float = parameter(
        0.2, "How often a lapsed customer thinks of coming back", unit="per year", source="assumption", ge=0.0, le=365.0
    )


class Sociability(Section):
    """How much people talk and listen, as persons."""

    influencer_share: float = parameter(
        0.1, "Share of influential customers", unit="share",
        source="notes 'Conceptos y generalidades' (type); Keller & Berry 2003 (one in ten)",
        setup=True, ge=0.0, le=1.0,
    )  # fmt: skip
    influencer_factor: float = parameter(
        2.5,
        "How many times more people an influential customer tells",
        unit="ratio",
        source="assumption",
        ge=1.0,
        le=100.0,
    )
    expectation_susceptibility: float = parameter(
        0.08, "Part of the distance to what others expect that a listener's own prediction moves in a period with talk",
        unit="share per period with talk", source="DeGroot 1974 (form); assumption (size)", ge=0.0, le=1.0,
    )  # fmt: skip
    opinion_susceptibility: float = parameter(
        0.15, "Part of the distance to the talk heard that a listener's opinion of the firm moves",
        unit="share per period with talk", source="assumption", ge=0.0, le=1.0,
    )  # fmt: skip
    complaint_tendency: float = parameter(
        0.0,
        "Shift of this segment's willingness to complain",
        unit="logit",
        source="assumption: none",
        ge=-10.0,
        le=10.0,
    )
    complaint_spread: float = parameter(
        0.5, "Standard deviation of personal willingness to complain", unit="logit", source="assumption",
        setup=True, ge=0.0, le=5.0,
    )  # fmt: skip


class Customers(Section):
    """Parameters of the customers of one segment."""

    encounters: Encounters = Encounters()
    expectations: Expectations = Expectations()
    judgement: Judgement = Judgement()
    bonds: Bonds = Bonds()
    sociability: Sociability = Sociability()


class Segment(Customers):
    """A named part of the market with customer parameters of its own."""

    name: OneLine = parameter(
        "everyone", "Name of the segment", unit="name", source="user's data", setup=True,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9 _\-]{0,39}$",
    )  # fmt: skip
    share: float = parameter(
        1.0, "Share of the market's people who belong to the segment", unit="share", source="user's data",
        setup=True, gt=0.0, le=1.0,
    )  # fmt: skip
