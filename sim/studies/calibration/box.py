"""The part of the prior's range in which a search goes on, once it is known that the answer lies there.

Surfaces that are learnt over the whole of a wide range are bent where nobody needs them and coarse where the answer
lies. In the unit cube every prior is even, and so is what a box cuts out of it: within a box the search is the same
search, with the box as its cube.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.studies.calibration.prior import to_cube, to_scores
from sim.studies.calibration.target import Array

Mask = npt.NDArray[np.bool_]

TAIL = 0.001
"""Part of a sample that lies outside of the limits around which a box is drawn, on each side."""

MARGIN = 0.5
"""What a box has beyond the limits of a sample on each side, as part of the distance between them."""

DROP = 30.0
"""Points whose log-likelihood lies no more than this below the best are within the first box."""

NARROWEST = 0.1
"""Normal scores that the first box has at least beyond its points."""


@dataclass(frozen=True)
class Box:
    """A box in the unit cube.

    Attributes:
        low: float64[d].
        high: float64[d].

    >>> box = Box(np.array([0.2]), np.array([0.6]))
    >>> box.inner(np.array([[0.3]])).round(9).tolist(), box.outer(np.array([[0.25]])).round(9).tolist()
    ([[0.25]], [[0.3]])
    """

    low: Array
    high: Array

    @classmethod
    def whole(cls, dimensions: int) -> Box:
        """The unit cube."""
        return cls(np.zeros(dimensions), np.ones(dimensions))

    @classmethod
    def of_scores(cls, low: Array, high: Array) -> Box:
        """Between these normal scores; from -4 and up to 4 it reaches to the end of the range."""
        far = 4.0
        cube = to_cube(np.stack([low, high]))
        return cls(np.where(low <= -far, 0.0, cube[0]), np.where(high >= far, 1.0, cube[1]))

    @classmethod
    def around_points(cls, scores: Array, heights: Array, slack: float) -> Box:
        """Around all points that are not hopeless.

        Args:
            scores: Simulated points, float64[n, d].
            heights: Log-likelihood at each, float64[n].
            slack: By how much luck may move a height.
        """
        some = scores[heights >= heights.max() - DROP - slack]
        low, high = some.min(axis=0), some.max(axis=0)
        room = np.maximum(NARROWEST, 0.25 * (high - low))
        return cls.of_scores(low - room, high + room)

    @classmethod
    def around_sample(cls, cube: Array, weights: Array, also: Array) -> Box:
        """Around a weighted sample and some points, with a margin.

        Args:
            cube: float64[n, d].
            weights: float64[n].
            also: float64[k, d].
        """
        limits = []
        for column in cube.T:
            order = np.argsort(column, kind="stable")
            total = np.cumsum(weights[order])
            ends = np.searchsorted(total, np.array([TAIL, 1.0 - TAIL]) * total[-1])
            limits.append(column[order][np.minimum(ends, len(order) - 1)])
        low, high = np.array(limits).T
        low, high = np.min([low, *also], axis=0), np.max([high, *also], axis=0)
        room = MARGIN * (high - low) + 1e-7
        return cls(np.clip(low - room, 0.0, 1.0), np.clip(high + room, 0.0, 1.0))

    def inner(self, cube: Array) -> Array:
        """From the unit cube to the box's own."""
        return (cube - self.low) / (self.high - self.low)

    def outer(self, place: Array) -> Array:
        """From the box's own cube to the unit cube."""
        return self.low + place * (self.high - self.low)

    def outer_scores(self, scores: Array) -> Array:
        """From normal scores in the box's own cube to those of the prior."""
        return to_scores(self.outer(to_cube(scores)))

    def holds(self, cube: Array) -> Mask:
        """Which of the points lie within: bool[n]."""
        return np.abs(self.inner(cube) - 0.5).max(axis=1) <= 0.5

    def nearest(self, cube: Array, fewest: int) -> Mask:
        """Which of the points lie within; the nearest, where fewer than that do."""
        apart = np.abs(self.inner(cube) - 0.5).max(axis=1)
        inside = apart <= 0.5
        if inside.sum() < fewest:
            inside = apart <= np.sort(apart)[min(fewest, len(apart)) - 1]
        return inside
