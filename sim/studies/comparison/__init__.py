"""Compare scenarios under the same luck."""

from __future__ import annotations

from sim.report import study_shown

SHOWN = study_shown(__name__, table="comparison_card:shown_table")
"""How a comparison is shown."""
