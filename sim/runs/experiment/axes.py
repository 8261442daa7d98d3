"""A factor on its scenario: from a number between 0 and 1 to a value of the parameter, and back.

Every design fills the unit cube evenly; an axis maps its side of the cube to values by the inverse of the factor's
distribution function, so that one design serves ranges, distributions, whole numbers and lists alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.runs.experiment.definition import Factor
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.extras import needed
from sim.words import say

AxisKind = Literal["number", "whole", "truth", "text"]


@dataclass(frozen=True)
class Axis:
    """One factor of an experiment, with what the scenario knows of its parameter.

    Attributes:
        path: The parameter, as the experiment writes it.
        factor: What the experiment says of it.
        lever: Whether the firm decides it.
        kind: What kind of value the parameter has.
        base: The scenario's own value.
        lowest: The parameter's own lower limit, where it has one.
        highest: Its upper limit.
        unit: Its unit.
        meaning: What it means.

    >>> axis = Axis("firm.desk.ease", Factor(low=0.0, high=2.0), True, "number", 0.0)
    >>> axis.from_unit([0.0, 0.25, 1.0])
    array([0. , 0.5, 2. ])
    """

    path: str
    factor: Factor
    lever: bool
    kind: AxisKind
    base: Any
    lowest: float | None = None
    highest: float | None = None
    unit: str = ""
    meaning: str = ""

    @cached_property
    def values(self) -> tuple[Any, ...] | None:
        """The values of a factor that is a list of them, in the parameter's own kind of number."""
        if self.factor.values is None:
            return None
        return tuple(self.native(value) for value in self.factor.values)

    def native(self, value: Any) -> Any:
        """A value as the parameter holds it: 2 is 2.0 where the parameter is not a whole number."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        return float(value) + 0.0 if self.kind == "number" else int(value)  # + 0.0: there is one zero, not -0.0 too

    @property
    def varies(self) -> bool:
        """Whether the experiment says over what values the factor varies; in a list of points it need not."""
        factor = self.factor
        if factor.values is not None:
            return True
        if factor.distribution == "normal":
            return factor.mean is not None and factor.sd is not None
        return factor.low is not None and factor.high is not None

    @property
    def count(self) -> int | None:
        """How many values the factor can take; none where it is continuous."""
        if self.values is not None:
            return len(self.values)
        if self.kind == "whole" and math.isfinite(self.low) and math.isfinite(self.high):
            return int(self.high - self.low) + 1
        return None

    @property
    def dtype(self) -> type:
        """Type of arrays of values: float64, int64 (whole numbers), bool (truth values) or object (texts)."""
        return {"number": np.float64, "whole": np.int64, "truth": np.bool_, "text": np.object_}[self.kind]

    @cached_property
    def low(self) -> float:
        """Lower end: as given, else the parameter's own limit, else minus infinity; of whole numbers the lowest."""
        low = self.factor.low if self.factor.low is not None else self.lowest
        low = -math.inf if low is None else low
        return float(math.ceil(low)) if self.kind == "whole" and math.isfinite(low) else low

    @cached_property
    def high(self) -> float:
        """Upper end, likewise."""
        high = self.factor.high if self.factor.high is not None else self.highest
        high = math.inf if high is None else high
        return float(math.floor(high)) if self.kind == "whole" and math.isfinite(high) else high

    def from_unit(self, unit: ArrayLike) -> NDArray[Any]:
        """Values by the inverse distribution function.

        - a list of k values: value i where i/k <= u < (i + 1)/k
        - uniform: low + u (high - low); on a log scale low (high/low)^u
        - triangular: low + sqrt(u w (mode - low)) up to the mode, w = high - low, and its mirror image above
        - normal: mean + sd G(F(a) + u (F(b) - F(a))), F the standard normal distribution function, G its inverse, and
          a, b the ends in standard deviations from the mean
        - whole numbers: uniform ones have equal parts of the unit interval; others are rounded

        Args:
            unit: Numbers from 0 to 1, of any shape.

        Returns:
            An array of the same shape, see `dtype`.

        Raises:
            ScenarioError: If the experiment gives the factor no range.
        """
        u = np.clip(np.asarray(unit, np.float64), 0.0, 1.0)
        if self.values is not None:
            options: NDArray[Any] = np.array(self.values, self.dtype)
            return np.asarray(options[np.minimum((u * len(options)).astype(np.int64), len(options) - 1)])
        self._must_vary()
        factor, whole = self.factor, self.kind == "whole"
        # one more whole number than the distance between the ends
        top = self.high + (1.0 if whole and factor.distribution == "uniform" else 0.0)
        if factor.distribution == "triangular":
            found = _triangular(u, self.low, float(_given(factor.mode)), self.high)
        elif factor.distribution == "normal":
            found = self._normal(u)
        elif factor.scale == "log":
            found = self.low * np.power(top / self.low, u)
        else:
            found = self.low + u * (top - self.low)
        if whole:
            found = np.floor(found if factor.distribution == "uniform" else found + 0.5)
        found = np.clip(found, self.low, self.high)
        return found.astype(np.int64) if whole else found

    def levels(self) -> tuple[Any, ...]:
        """The values of the factor in a grid: those listed, or `levels` of them evenly over the range, each once.

        >>> Axis("a", Factor(low=1.0, high=100.0, scale="log", levels=3), False, "number", 1.0).levels()
        (1.0, 10.0, 100.0)
        """
        if self.values is not None:
            return tuple(dict.fromkeys(self.values))
        count = self.factor.levels
        if count is None or self.factor.low is None or self.factor.high is None:
            raise ScenarioError(
                say("a grid needs the values of the factor, or low, high and levels"),
                self.path,
                allowed=say("values: [...], or low, high and levels"),
            )
        spaced = np.geomspace if self.factor.scale == "log" else np.linspace
        found = spaced(self.low, self.high, count)
        if self.kind == "whole":
            return tuple(dict.fromkeys(np.floor(found + 0.5).astype(np.int64).tolist()))
        # 12 digits: 0.3, and not 0.30000000000000004, in tables and file names
        return tuple(dict.fromkeys(min(max(float(f"{x:.12g}"), self.low), self.high) for x in found.tolist()))

    def _must_vary(self) -> None:
        if not self.varies:
            raise ScenarioError(
                say("has no range"), self.path, allowed=say("low and high, values, or a normal distribution")
            )

    def _normal(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        special = needed("scipy.special", "studies", say("Normal distributions"))
        mean, sd = float(_given(self.factor.mean)), float(_given(self.factor.sd))
        a, b = (self.low - mean) / sd, (self.high - mean) / sd
        # In the upper tail the distribution function is 1 to the last digit: there the mirror image is computed.
        mirrored = a > 0.0
        if mirrored:
            a, b, u = -b, -a, 1.0 - u
        below, above = special.ndtr(a), special.ndtr(b)
        # the ends themselves may be infinite
        share = np.clip(below + u * (above - below), np.finfo(np.float64).tiny, 1.0 - 2.0**-53)
        z = np.clip(special.ndtri(share), a, b)
        return np.asarray(mean + sd * (-z if mirrored else z))


def _given(value: float | None) -> float:
    assert value is not None  # checked when the experiment was read
    return value


def _triangular(u: NDArray[np.float64], low: float, mode: float, high: float) -> NDArray[np.float64]:
    width = high - low
    if width == 0.0:
        return np.full(u.shape, low)
    rising = u * width < mode - low
    return np.where(
        rising,
        low + np.sqrt(u * width * (mode - low)),
        high - np.sqrt((1.0 - u) * width * (high - mode)),
    )
