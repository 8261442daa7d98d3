"""`sim compare`: scenarios under the same luck."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.vocabulary.errors import ExitVoiceError


@dataclass(frozen=True)
class Options:
    """What the user asked for, as on the command line."""

    files: tuple[Path, ...]
    replications: int | None
    precision: float | None
    figure: str
    seed: int | None
    out: Path | None
    workers: int | None
    force: bool
    report: bool
    json: bool
    quiet: bool


def compare_files(options: Options) -> None:
    """`sim compare`: scenarios under the same luck."""
    raise ExitVoiceError(f"{options.files}: this command is still being built")
