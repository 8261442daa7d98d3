"""A task for workers: small, with compiled code that is made ready before runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Adding:
    """One compiled addition."""

    outputs: tuple[str, ...] = ("total",)

    def prepare(self) -> None:
        """Compile it here, or load it."""
        self({"x": 0.0}, 0, lambda: None)

    def __call__(self, values: Any, seed: int, tick: Any) -> dict[str, float]:
        from sim.compiled import atomic_add

        total = np.zeros(1, np.int64)
        atomic_add(total, 0, int(values["x"]))
        return {"total": float(total[0])}
