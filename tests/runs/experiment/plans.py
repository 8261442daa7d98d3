"""Small plans for the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.runs.experiment.definition import Design, Experiment, Factor, Lever
from sim.runs.experiment.plan import ExperimentPlan
from sim.runs.experiment.reader import plan_experiment

SCENARIOS = Path(__file__).resolve().parents[3] / "scenarios"
PATHS = ("firm.desk.ease", "firm.desk.apology", "voice.complain_share", "talk.negative_impact", "recovery.gain")
TINY = ("market.customers=200", "run.periods=4", "run.settling.people=100")


def plan(design: Design, *, factors: int = 3, replications: int = 1, **also: Any) -> ExperimentPlan:
    """Factors between 0 and 1, the first a lever."""
    levers = {PATHS[0]: Lever(low=0.0, high=1.0)}
    others = {path: Factor(low=0.0, high=1.0) for path in PATHS[1:factors]}
    settings = {"levers": levers, "uncertainties": others, "replications": replications} | also
    return plan_experiment(Experiment(scenario="baseline.yaml", design=design, **settings), SCENARIOS, TINY)
