"""Traits: what is drawn of a person, before segment and firm say what it comes to."""

from __future__ import annotations

from typing import NamedTuple

from sim.compiled import rule
from sim.model.attrition import attrition_of_anybody
from sim.model.contexts import Environment
from sim.model.expectation import left_of_prior
from sim.model.gammas import gamma
from sim.model.luck import log_variance, normal, uniforms
from sim.vocabulary.streams import INITIAL

PLACE_DRAW, CHARACTER_DRAW, PURSE_DRAW = 0, 1, 2
"""Indexes of the stream INITIAL: segment, supplier, who is captive and who influential; four traits; what is spent."""

FREQUENCY_DRAWS = 10_000
"""Where the indexes of the stream INITIAL begin of how often somebody comes, which needs more than one draw."""


class Traits(NamedTuple):
    """What is drawn of a person, before segment and firm say what it comes to.

    Attributes:
        held: Uniform, decides who is captive.
        followed: Uniform, decides who is influential.
        standards: Standard normal, as are the next four.
        disposition: Of satisfaction.
        binding: Of what it costs to switch.
        complaint: Of willingness to complain.
        purse: Of what is spent.
        frequency: Times the mean of the segment.
        attrition: Chance per period of natural attrition of who comes.
        prior_left: What experience has left of a first prediction, the same for all of a segment, see `left_of_prior`.
        purse_variance: Of the logarithm of what is spent, likewise.
    """

    held: float
    followed: float
    standards: float
    disposition: float
    binding: float
    complaint: float
    purse: float
    frequency: float
    attrition: float
    prior_left: float
    purse_variance: float


@rule
def draw_traits(environment: Environment, s: int, luck: int, born: int, seed: int) -> Traits:
    """The traits of a person of segment s who comes at period `born`; the engine draws those of many at once."""
    segment = environment.segments[s]
    place = uniforms(seed, INITIAL, luck, born, PLACE_DRAW)
    character = uniforms(seed, INITIAL, luck, born, CHARACTER_DRAW)
    purse = uniforms(seed, INITIAL, luck, born, PURSE_DRAW)
    frequency = 1.0
    if segment.encounters.frequency_cv > 0.0:
        shape = frequency_shape(segment.encounters.frequency_cv)
        frequency = gamma(seed, INITIAL, luck, born, FREQUENCY_DRAWS, shape) / shape
    return Traits(
        place[2],
        place[3],
        normal(character[0]),
        normal(character[1]),
        normal(character[2]),
        normal(character[3]),
        normal(purse[0]),
        frequency,
        attrition_of_anybody(seed, luck, born, segment.bonds, environment.world[0].years, 0.0),
        left_of_prior(segment.expectations.will_memory, segment.judgement.initial_history),
        log_variance(segment.encounters.spend_cv),
    )


@rule
def frequency_shape(cv: float) -> float:
    """Shape of the gamma distribution whose coefficient of variation is `cv` > 0: 1 / cv^2.

    >>> frequency_shape(0.5)
    4.0
    """
    return 1.0 / (cv * cv)
