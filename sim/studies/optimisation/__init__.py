"""Choose levers under a budget, for the best expected value or the worst case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.report import study_shown
from sim.studies.command import Command
from sim.vocabulary.neighbours import loaded_later
from sim.words import say

if TYPE_CHECKING:
    from sim.studies.optimisation.optimisation import Optimisation

SHOWN = study_shown(__name__)
"""How an optimisation is shown."""


def _shortfall(found: Optimisation, folder: Path) -> str:
    if found.best is not None:
        return ""
    return say("error: no choice meets all that is asked for; the nearest misses: {folder}", folder=folder)


OPTIMISE = Command(
    "optimise",
    "optimisation",
    "Choose levers under a budget, by the mean or the worst case.",
    loaded_later(__name__, "optimise:optimise"),
    loaded_later(__name__, "optimisation_summary:print_summary"),
    shortfall=_shortfall,
)
