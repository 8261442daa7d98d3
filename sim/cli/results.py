"""`sim results`: what a sweep's folder holds."""

from __future__ import annotations

from pathlib import Path

from sim.vocabulary.errors import ExitVoiceError


def show_results(folder: Path, *, failed: bool, sql: str | None, csv: Path | None, json_wanted: bool) -> None:
    """Print what a sweep's folder holds."""
    raise ExitVoiceError(f"{folder}: this command is still being built ({failed}, {sql}, {csv}, {json_wanted})")
