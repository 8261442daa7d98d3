"""The kinds of studies that keep their runs: the one place where a kind is registered."""

from __future__ import annotations

from sim.studies.advice import ADVICE
from sim.studies.balance import BALANCE
from sim.studies.calibration import CALIBRATE
from sim.studies.causes import CAUSES
from sim.studies.command import Command
from sim.studies.cost import COST
from sim.studies.offers import OFFERS
from sim.studies.optimisation import OPTIMISE
from sim.studies.sensitivity import SENSITIVITY
from sim.studies.shares import SHARES
from sim.studies.sweep import SWEEP

COMMANDS: tuple[Command, ...] = (SWEEP, SENSITIVITY, CALIBRATE, OPTIMISE, ADVICE, BALANCE, COST, CAUSES, SHARES, OFFERS)
"""In the order of `sim --help`."""
