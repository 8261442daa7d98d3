"""Compare scenarios under the same luck."""

from __future__ import annotations

from dataclasses import replace

from sim.report import study_shown
from sim.vocabulary.neighbours import loaded_later

SHOWN = replace(study_shown(__name__), card=loaded_later(__name__, "comparison_card:comparison_card"))
"""How a comparison is shown."""
