"""Sweep: run a scenario at many points, keep every run, and describe how outputs respond."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.results.presentation import Presentation
from sim.studies.command import Command, switch

if TYPE_CHECKING:
    from sim.plots import Gallery


def _figures() -> Gallery:
    from sim.studies.sweep.sweep_figures import FIGURES

    return FIGURES


SHOWN = Presentation(_figures)
"""How a sweep is shown."""


def _study() -> Callable[..., Any]:
    from sim.studies.sweep.sweep import sweep

    return sweep


def _summary() -> Callable[..., None]:
    from sim.studies.sweep.sweep_summary import print_summary

    return print_summary


SWEEP = Command(
    "sweep",
    "sweep",
    "Run a scenario at many points, and keep every run.",
    _study,
    _summary,
    options=(
        switch("extend", "Like --resume, and add points or replications."),
        switch("retry_failed", "With --resume or --extend: do failed runs again."),
    ),
    concludes=False,
)
