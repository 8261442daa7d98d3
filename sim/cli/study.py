"""What the commands that run many simulations share: options, the experiment, an end that keeps what was done."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.study_progress import Update, study_progress
from sim.studies.place import LEDGER

if TYPE_CHECKING:
    from sim.studies.experiment.plan import Plan

INTERRUPTED = 130


@dataclass(frozen=True)
class StudyOptions:
    """What the user asked for, as on the command line."""

    file: Path
    out: Path | None
    workers: int | None
    engine: str
    dask: str | None
    resume: bool
    json: bool
    quiet: bool

    @property
    def means(self) -> dict[str, Any]:
        """With what runs are done, as arguments of a study's function."""
        return {"workers": self.workers, "engine": self.engine, "dask": self.dask, "resume": self.resume}

    def plan(self) -> Plan:
        """The experiment on its scenario; its warnings go to standard error.

        Raises:
            ScenarioError: If the file is not right.
        """
        from sim.studies.experiment.reader import read_experiment

        plan = read_experiment(self.file)
        for warning in plan.warnings:
            print(f"warning: {warning}", file=sys.stderr)
        return plan

    @contextmanager
    def kept(self, command: str, folder: Path) -> Iterator[Update | None]:
        """Show progress; after Ctrl-C or SIGTERM say that what was done is kept, and how to go on, and end.

        Args:
            command: The command with whatever else it needs, such as `sim calibrate --data ours.csv`.
            folder: Of the study.

        Raises:
            SystemExit: With status 130 after Ctrl-C, 143 after SIGTERM.
        """
        from sim.studies.execution.signals import orderly_end

        try:
            with orderly_end(of_process=True), _damage_told(), study_progress(quiet=self.quiet) as progress:
                yield progress
        except KeyboardInterrupt as interruption:
            said = str(interruption) or "interrupted"
            if (folder / LEDGER).is_file():
                said += f"; every run that was done is kept: {command} {self.file} --out {folder} --resume goes on"
            else:
                said += "; nothing was written"
            print(said, file=sys.stderr)
            raise SystemExit(getattr(interruption, "exit_status", INTERRUPTED)) from None


@contextmanager
def _damage_told() -> Iterator[None]:
    """Print what was found damaged in a folder as the other warnings of the command line are printed."""
    from sim.studies.session import DamageWarning

    with warnings.catch_warnings():
        others = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if issubclass(category, DamageWarning):
                print(f"warning: {message}", file=sys.stderr)
            else:
                others(message, category, *where, **more)

        warnings.simplefilter("always", DamageWarning)
        warnings.showwarning = show
        yield


def print_json(answer: Mapping[str, Any], folder: Path) -> None:
    """Print an answer, and where it is kept, as strict JSON."""
    print(json.dumps({**answer, "folder": str(folder)}, indent=2, ensure_ascii=False, allow_nan=False))
