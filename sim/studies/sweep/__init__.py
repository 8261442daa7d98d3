"""Sweep: run a scenario at many points, keep every run, and describe how outputs respond."""

from __future__ import annotations

from pathlib import Path

from sim.report import study_shown
from sim.studies.command import Command, Option, on_or_off
from sim.vocabulary.neighbours import loaded_later

SHOWN = study_shown(__name__)
"""How a sweep is shown."""


_PART = "Do only this part of the design, such as 3/16, in a folder of its own."
_GATHER = "First take in what the parts in the folders of this folder have done; then do what is missing."
_REPORT = "Write report.html and figures, into the folder's analysis."

SWEEP = Command(
    "sweep",
    "sweep",
    "Run a scenario at many points, and keep every run.",
    loaded_later(__name__, "sweep:sweep"),
    loaded_later(__name__, "sweep_summary:print_summary"),
    options=(
        on_or_off("extend", "Like --resume, and add points or replications."),
        on_or_off("retry_failed", "With --resume or --extend: do failed runs again."),
        Option("part", str | None, _PART, None, metavar="I/N", left_out="all of it", again=True),
        Option("gather", Path | None, _GATHER, None, metavar="DIR"),
        Option("report", bool, _REPORT, True, ("--report/--no-report",)),
    ),
    concludes=False,
)
