"""What the figures of a calibration state below, and short names of parameters."""

from __future__ import annotations

from sim.studies.calibration.fit import CalibrationResult
from sim.words import say


def short_name(path: str, paths: list[str]) -> str:
    """The end of a parameter's path in words, as long as it takes to tell it from the others.

    >>> short_name("firm.desk.ease", ["firm.desk.ease", "firm.desk.agents"])
    'ease'
    >>> short_name("firm.desk.ease", ["firm.desk.ease", "rivals.one.desk.ease"])
    'firm: desk: ease'
    """
    parts = path.split(".")
    for count in range(1, len(parts) + 1):
        end = parts[-count:]
        if sum(other.split(".")[-count:] == end for other in paths) <= 1:
            break
    return ": ".join(part.replace("_", " ") for part in end)


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
