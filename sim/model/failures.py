"""The named ways in which a service encounter fails, after the notes 'Plan de calidad' and 'Servicio al cliente'."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from sim.model.dimensions import Hurts
from sim.vocabulary.parameter import PRICE_PAID, Section, group, parameter
from sim.words import say

FAILURE_MODES = (
    "broken_commitment",
    "wrong_answer",
    "lack_of_coordination",
    "defensive_reply",
    "inflexibility",
    "apathy",
    "brush_off",
    "coldness",
    "condescension",
    "robotism",
    "rulebook",
    "runaround",
)


class FailureMode(Section):
    """One way to fail: how often, how badly, and what it hurts."""

    probability: float = parameter(
        0.0,
        "Probability that an encounter fails in this way",
        label="Probability",
        unit="per encounter",
        allowed=(0.0, 1.0),
        practical=(0.0, 0.05),
        no_lever="what fails is no decision: prevention and inspection are",
    )
    severity: float = parameter(
        2.5,
        "Loss of delivered quality on a dimension that is hurt in full",
        label="Severity",
        unit="points (1-7)",
        allowed=(0.0, 6.0),
        practical=(0.5, 5.0),
        no_lever="what fails is no decision: prevention and inspection are",
    )
    complaint_propensity: float = parameter(
        1.0,
        "Multiplies the share of the dissatisfied who complain of it: a wrong bill is reported, coldness hardly ever",
        label="Propensity to complain of it",
        unit="ratio",
        source="assumption: no difference",
        allowed=(0.0, 1000.0),
        practical=(0.0, 5.0),
        no_lever="what customers do",
    )
    correction_cost: float = parameter(
        1.0,
        "Cost of a corrective action against it, relative to `firm.learning.action_cost`",
        label="Cost of correcting it",
        unit="ratio",
        source="assumption: no difference",
        allowed=(0.01, 1000.0),
        practical=(0.2, 5.0),
        no_lever=PRICE_PAID,
    )
    hurts: Hurts = group(Hurts(), "What it hurts")


def _mode(probability: float, severity: float, **hurts: float) -> Any:
    return FailureMode(probability=probability, severity=severity, hurts=Hurts(**hurts))


class Failures(Section):
    """All failure modes of a firm; at most one strikes an encounter."""

    broken_commitment: FailureMode = group(_mode(0.0024, 3.0, reliability=1.0, assurance=0.4), "Broken commitment")
    wrong_answer: FailureMode = group(_mode(0.0024, 2.6, reliability=0.7, assurance=0.8), "Wrong answer")
    lack_of_coordination: FailureMode = group(
        _mode(0.0018, 2.4, reliability=0.6, responsiveness=0.9), "Lack of coordination"
    )
    defensive_reply: FailureMode = group(_mode(0.0006, 2.4, assurance=0.6, empathy=1.0), "Defensive reply")
    inflexibility: FailureMode = group(_mode(0.0012, 2.2, responsiveness=0.8, empathy=0.7), "Inflexibility")
    apathy: FailureMode = group(_mode(0.0012, 2.2, responsiveness=0.7, empathy=0.9), "Apathy")
    brush_off: FailureMode = group(_mode(0.0009, 2.8, responsiveness=1.0, empathy=0.8), "Brush-off")
    coldness: FailureMode = group(_mode(0.0009, 2.0, empathy=1.0), "Coldness")
    condescension: FailureMode = group(_mode(0.0006, 2.6, assurance=0.7, empathy=1.0), "Condescension")
    robotism: FailureMode = group(_mode(0.0012, 1.8, assurance=0.4, empathy=1.0), "Robotism")
    rulebook: FailureMode = group(_mode(0.0009, 2.2, responsiveness=0.8, empathy=0.8), "Rulebook")
    runaround: FailureMode = group(_mode(0.0009, 2.8, responsiveness=1.0, reliability=0.5), "Runaround")

    @model_validator(mode="after")
    def _at_most_one(self) -> Failures:
        total = sum(getattr(self, name).probability for name in FAILURE_MODES)
        if total > 1.0 + 1e-12:
            raise ValueError(
                say("the probabilities of all failure modes must sum to at most 1, found {total:.6g}", total=total)
            )
        return self
