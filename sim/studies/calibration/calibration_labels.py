"""What the figures of a calibration state below."""

from __future__ import annotations

from sim.studies.calibration.fit import CalibrationResult
from sim.words import say


def foot(result: CalibrationResult, drawn: str) -> str:
    """What every figure of a calibration states: members, what is drawn, the data, seed, version."""
    version = result.manifest.get("version", "unknown")
    return say(
        "ensemble of {members} · {drawn} · {trials} points simulated, each of {customers:,} "
        "people · data {data} · seed {seed} · ExitVoice {version}",
        members=len(result.ensemble),
        drawn=drawn,
        trials=result.trials,
        customers=result.scenario.market.customers,
        data=result.data,
        seed=result.seed,
        version=version,
    )
