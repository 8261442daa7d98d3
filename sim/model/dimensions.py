"""The five SERVQUAL dimensions (Parasuraman, Zeithaml & Berry 1988) and values given per dimension."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from sim.vocabulary.parameter import Vector, parameter, share
from sim.words import say

DIMENSIONS = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")
TANGIBLES, RELIABILITY, RESPONSIVENESS, ASSURANCE, EMPATHY = range(5)
DIMENSION_COUNT = len(DIMENSIONS)

SCALE_LOW = 1.0
SCALE_HIGH = 7.0
TEN_POINTS = 10.0
"""Satisfaction by which effects of it are given, points (0-100)."""

_SERVQUAL = "Parasuraman, Zeithaml & Berry 1988, 1991 (the dimension and its 7-point scale); assumption (level)"


def _level(label: str) -> Any:
    return parameter(
        4.0,
        f"{label} on the SERVQUAL scale",
        label=label,
        unit="points (1-7)",
        source=_SERVQUAL,
        allowed=(SCALE_LOW, SCALE_HIGH),
    )


class Levels(Vector):
    """A quality level from 1 to 7 on each SERVQUAL dimension; what is practical depends on whose level it is."""

    tangibles: float = _level("Tangibles")
    reliability: float = _level("Reliability")
    responsiveness: float = _level("Responsiveness")
    assurance: float = _level("Assurance")
    empathy: float = _level("Empathy")

    @classmethod
    def of(cls, *values: float) -> Levels:
        """Build levels from five numbers in the order of `DIMENSIONS`; one number serves all five.

        >>> Levels.of(5.0).empathy
        5.0
        """
        five = values * 5 if len(values) == 1 else values
        return cls(**dict(zip(DIMENSIONS, five, strict=True)))


def _weight(name: str, default: float, label: str) -> Any:
    return share(
        default,
        f"Share of importance that {name} has in the overall judgement",
        "Parasuraman, Zeithaml & Berry 1991, points of importance (second-hand)",
        label=label,
        practical=(0.02, 0.6),
    )


class Importance(Vector):
    """Importance weights of the five dimensions; they sum to one."""

    tangibles: float = _weight("tangibles", 0.11, "Importance of tangibles")
    reliability: float = _weight("reliability", 0.32, "Importance of reliability")
    responsiveness: float = _weight("responsiveness", 0.22, "Importance of responsiveness")
    assurance: float = _weight("assurance", 0.19, "Importance of assurance")
    empathy: float = _weight("empathy", 0.16, "Importance of empathy")

    @model_validator(mode="after")
    def _sum_to_one(self) -> Importance:
        total = sum(getattr(self, name) for name in DIMENSIONS)
        if abs(total - 1.0) > 1e-9:
            raise ValueError(say("the five weights must sum to 1, found {total:.6g}", total=total))
        return self


def _hurt(name: str, label: str) -> Any:
    return parameter(
        0.0,
        f"Part of the severity that falls on {name}",
        label=label,
        unit="share of severity",
        source="assumption: the dimensions a failure mode hurts follow its name",
        no_lever="a definition: what such a failure hurts",
        definition=True,
        allowed=(0.0, 1.0),
        practical=(0.0, 1.0),
    )


class Hurts(Vector):
    """The share of a failure's severity that each dimension suffers."""

    tangibles: float = _hurt("tangibles", "Harm to tangibles")
    reliability: float = _hurt("reliability", "Harm to reliability")
    responsiveness: float = _hurt("responsiveness", "Harm to responsiveness")
    assurance: float = _hurt("assurance", "Harm to assurance")
    empathy: float = _hurt("empathy", "Harm to empathy")
