"""Sweep: run a scenario at many points, keep every run, and describe how outputs respond."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.report import study_card
from sim.results.presentation import Presentation
from sim.studies.command import Command, Option, Work, on_or_off

if TYPE_CHECKING:
    from sim.plots import Gallery
    from sim.studies.sweep.swept import Sweep


def _figures() -> Gallery:
    from sim.studies.sweep.sweep_figures import FIGURES

    return FIGURES


def _sentences(found: Sweep) -> list[str]:
    from sim.studies.sweep.sweep_words import sentences

    return sentences(found)


def _page(found: Sweep) -> str:
    from sim.studies.sweep.sweep_page import page

    return page(found)


SHOWN = Presentation(_figures, _sentences, _page, study_card)
"""How a sweep is shown."""


def _work() -> Work:
    from sim.studies.sweep.sweep import sweep
    from sim.studies.sweep.sweep_summary import print_summary

    return sweep, print_summary


_PART = "Do only this part of the design, such as 3/16, in a folder of its own."
_GATHER = "First take in what the parts in the folders of this folder have done; then do what is missing."
_REPORT = "Write report.html and figures, into the folder's analysis."

SWEEP = Command(
    "sweep",
    "sweep",
    "Run a scenario at many points, and keep every run.",
    _work,
    options=(
        on_or_off("extend", "Like --resume, and add points or replications."),
        on_or_off("retry_failed", "With --resume or --extend: do failed runs again."),
        Option("part", str | None, _PART, None, metavar="I/N", left_out="all of it", again=True),
        Option("gather", Path | None, _GATHER, None, metavar="DIR"),
        Option("report", bool, _REPORT, True, ("--report/--no-report",)),
    ),
    concludes=False,
)
