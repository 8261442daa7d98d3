"""`sim calibrate`: fit parameters to data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.vocabulary.errors import ExitVoiceError


@dataclass(frozen=True)
class Options:
    """What the user asked for, as on the command line."""

    file: Path
    data: Path
    out: Path | None
    workers: int | None
    engine: str
    dask: str | None
    resume: bool
    report: bool
    json: bool
    quiet: bool


def calibrate_file(options: Options) -> None:
    """`sim calibrate`: fit parameters to data."""
    raise ExitVoiceError(f"{options.file}: this command is still being built")
