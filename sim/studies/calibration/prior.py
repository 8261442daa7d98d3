"""What is believed before the data: the uncertainties of the experiment, as a unit cube and as normal scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.runs.experiment.axes import Axis
from sim.studies.calibration.target import Array
from sim.vocabulary.errors import Problems
from sim.words import say

DIGITS = 7
"""Significant digits of the values that are simulated: what differs by less is the same point on every machine."""

LARGEST_SCORE = 6.0

Allowed = Callable[[Mapping[str, Array]], Array]
"""Of values by path: which combinations the experiment's constraints leave."""


@dataclass(frozen=True)
class Prior:
    """The distributions of the parameters to be fitted, independent of each other but for the constraints.

    The search moves in *scores*: a parameter whose distribution function is u has the score z with normal distribution
    function u, so that the prior is standard normal in every experiment.

    Attributes:
        axes: One for each parameter.
        allowed: Which combinations the constraints leave, where there are any.
    """

    axes: tuple[Axis, ...]
    allowed: Allowed | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """The parameters."""
        return tuple(axis.path for axis in self.axes)

    def parameters(self, cube: Array) -> Array:
        """Values of the parameters, float64[k, d], at places in the unit cube, float64[k, d]."""
        columns = [np.asarray(axis.from_unit(cube[:, i]), np.float64) for i, axis in enumerate(self.axes)]
        return np.stack(columns, axis=1)

    def points(self, cube: Array) -> list[dict[str, Any]]:
        """Values by path at places in the unit cube, rounded to seven digits."""
        rows = self.parameters(cube)
        return [
            {
                axis.path: int(value) if axis.kind == "whole" else float(f"{value:.{DIGITS}g}")
                for axis, value in zip(self.axes, row, strict=True)
            }
            for row in rows
        ]

    def inside(self, cube: Array) -> Array:
        """Which places of the unit cube the constraints leave: bool[k]."""
        if self.allowed is None:
            return np.ones(len(cube), dtype=bool)
        rows = self.parameters(cube)
        return np.asarray(self.allowed({path: rows[:, i] for i, path in enumerate(self.paths)}), dtype=bool)


def prior_of(axes: Sequence[Axis], allowed: Allowed | None = None) -> Prior:
    """The prior over these axes.

    Raises:
        ScenarioError: If there is none, or one is not a range of numbers.
    """
    problems = Problems()
    if not axes:
        problems.add(say("nothing to fit"), "uncertainties", allowed=say("at least one parameter with its range"))
    for axis in axes:
        if axis.values is not None or axis.kind not in ("number", "whole"):
            problems.add(
                say("cannot be fitted"),
                f"uncertainties.{axis.path}",
                found=say("a list of values"),
                allowed=say("low and high, or a normal distribution"),
                hint=say("calibrate once for each of the values and compare the fits"),
            )
    problems.check()
    return Prior(tuple(axes), allowed)


def to_cube(scores: Array) -> Array:
    """From normal scores to the unit cube.

    >>> to_cube(np.array([[0.0]])).tolist()
    [[0.5]]
    """
    from scipy.special import ndtr

    return ndtr(np.clip(scores, -LARGEST_SCORE, LARGEST_SCORE))


def to_scores(cube: Array) -> Array:
    """From the unit cube to normal scores."""
    from scipy.special import ndtri

    return np.clip(ndtri(cube), -LARGEST_SCORE, LARGEST_SCORE)
