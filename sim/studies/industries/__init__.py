"""Industries: the figures of scenarios beside what is public of their trades."""

from __future__ import annotations

from sim.report import study_shown

SHOWN = study_shown(__name__, figures=False)
"""How industries are shown: tables and sentences, no figures."""
