"""Sociability: how much people talk and listen, as persons."""

from __future__ import annotations

from sim.vocabulary.parameter import Section, parameter, share


class Sociability(Section):
    """How much people talk and listen, as persons."""

    influencer_share: float = share(
        0.1,
        "Share of influential customers",
        "notes 'Conceptos y generalidades' (type); Keller & Berry 2003 (one in ten)",
        label="Influencers",
        setup=True,
        practical=(0.0, 0.3),
    )
    influencer_factor: float = parameter(
        2.5,
        "How many times more people an influential customer tells",
        label="Reach of influencers",
        unit="ratio",
        allowed=(1.0, 100.0),
        practical=(1.0, 10.0),
    )
    expectation_susceptibility: float = parameter(
        0.08,
        "Part of the distance to what others expect that a listener's own prediction moves with a word",
        label="Sway of others' expectations",
        unit="share per word",
        source="DeGroot 1974 (form); assumption (size)",
        allowed=(0.0, 1.0),
        practical=(0.0, 0.4),
    )
    opinion_susceptibility: float = parameter(
        0.15,
        "Part of the distance to the talk heard that a listener's opinion of the firm moves with a word",
        label="Sway of others' opinions",
        unit="share per word",
        allowed=(0.0, 1.0),
        practical=(0.0, 0.6),
    )
    complaint_tendency: float = parameter(
        0.0,
        "Shift of this segment's willingness to complain",
        label="Tendency to complain",
        unit="logit",
        source="assumption: none",
        allowed=(-10.0, 10.0),
        practical=(-2.0, 2.0),
    )
    complaint_spread: float = parameter(
        0.5,
        "Standard deviation of personal willingness to complain",
        label="Spread of complaint tendency",
        unit="logit",
        setup=True,
        allowed=(0.0, 5.0),
        practical=(0.0, 1.5),
    )
