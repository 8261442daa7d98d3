"""What the commands that run many simulations share: options, the experiment, an end that keeps what was done."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.ending import Ending, ending, look_into, say
from sim.cli.study_progress import Update, study_progress
from sim.results.place import LEDGER
from sim.vocabulary.errors import ExitVoiceError
from sim.vocabulary.exit_status import ExitStatus

if TYPE_CHECKING:
    from sim.runs.experiment.plan import Plan


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
        from sim.runs.experiment.reader import read_experiment

        plan = read_experiment(self.file)
        for warning in plan.warnings:
            print(f"warning: {warning}", file=sys.stderr)
        return plan

    def progress(self) -> AbstractContextManager[Update | None]:
        """Shows progress while its block runs; see `study_progress`."""
        return study_progress(quiet=self.quiet)

    @contextmanager
    def kept(self, command: str, folder: Path) -> Iterator[Ending]:
        """The work of a study, whose runs are kept however it ends, and an end that tells what failed.

        Args:
            command: The command with whatever else it needs, such as `sim calibrate --data ours.csv`.
            folder: Of the study.

        Yields:
            What takes note of failures; the answer is printed within.

        Raises:
            SystemExit: With status 1 where anything failed, 130 after Ctrl-C, 143 after SIGTERM.
        """
        try:
            with ending(look_into(folder)) as end:
                yield end
        except KeyboardInterrupt as interruption:
            if not (folder / LEDGER).is_file():
                raise
            words = shlex.join([str(self.file), "--out", str(folder), "--resume"])
            say(f"{str(interruption) or 'interrupted'}; every run that was done is kept: {command} {words} goes on")
            raise SystemExit(int(getattr(interruption, "exit_status", ExitStatus.INTERRUPTED))) from None
        except ExitVoiceError as error:
            if error.exit_status != ExitStatus.FAILED or not (folder / LEDGER).is_file():
                raise
            say(f"error: {error}; the runs are kept, see: {look_into(folder)}")
            raise SystemExit(int(ExitStatus.FAILED)) from None


def print_json(answer: Mapping[str, Any], folder: Path) -> None:
    """Print an answer, and where it is kept, as strict JSON."""
    print(json.dumps({**answer, "folder": str(folder)}, indent=2, ensure_ascii=False, allow_nan=False))
