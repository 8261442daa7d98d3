"""The one door from studies up to figures and report.

Imports point downwards, and figures and report stand above studies. Still, `result.plot.iceberg()` and a results
folder with figures are what a user wants of a result. So the two packages are found here by name, when asked for, as
pandas finds its plotting backend; nothing below knows what is in them.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def plots() -> ModuleType:
    """The package of figures; loads matplotlib."""
    return import_module("sim.plots")


def plots_of(study: str) -> ModuleType:
    """The figures of a kind of study: `sim.plots.<study>`."""
    return import_module(f"sim.plots.{study}")


def report_of(study: str) -> ModuleType:
    """The page of a kind of study: `sim.report.<study>`."""
    return import_module(f"sim.report.{study}")


def report() -> ModuleType:
    """The package that writes the report; loads jinja2."""
    return import_module("sim.report")
