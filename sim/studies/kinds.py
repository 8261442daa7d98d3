"""The kinds of studies that an experiment file can ask for: the one place where a kind is registered."""

from __future__ import annotations

from sim.studies.calibration import CALIBRATE
from sim.studies.command import Command
from sim.studies.optimisation import OPTIMISE
from sim.studies.sensitivity import SENSITIVITY
from sim.studies.sweep import SWEEP

COMMANDS: tuple[Command, ...] = (SWEEP, SENSITIVITY, CALIBRATE, OPTIMISE)
"""In the order of `sim --help`."""
