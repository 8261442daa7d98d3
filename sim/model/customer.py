"""Customers: what they need, expect, remember and how they decide. Segments override any of these."""

from __future__ import annotations

from sim.model.bonds import Bonds
from sim.model.drop_out import DropOut
from sim.model.expectation import Expectations
from sim.model.judgement import Judgement
from sim.model.service import Encounters
from sim.model.sociability import Sociability
from sim.vocabulary.parameter import OneLine, Section, group, users_own


class Customers(Section):
    """Parameters of the customers of one segment."""

    encounters: Encounters = group(Encounters(), "Encounters")
    expectations: Expectations = group(Expectations(), "Expectations")
    judgement: Judgement = group(Judgement(), "Judgement")
    bonds: Bonds = group(Bonds(), "Bonds")
    drop_out: DropOut = group(DropOut(), "Dropping out")
    sociability: Sociability = group(Sociability(), "Sociability")


class Segment(Customers):
    """A named part of the market with customer parameters of its own."""

    name: OneLine = users_own(
        "everyone", "Name of the segment", label="Name", unit="name", pattern=r"^[A-Za-z0-9][A-Za-z0-9 _\-]{0,39}$"
    )
    share: float = users_own(
        1.0,
        "Share of the market's people who belong to the segment",
        label="Share of the market",
        unit="share",
        gt=0.0,
        le=1.0,
        practical=(0.01, 1.0),
    )
