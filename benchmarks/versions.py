"""The two versions that are measured in turns: this checkout, and version 0.1.0 in an environment of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
FORMER_COMMIT = "f086539"
"""Version 0.1.0."""


class Version(NamedTuple):
    """A version of the program that can be run.

    Attributes:
        name: What the table calls it.
        python: Its interpreter.
        folder: Its sources: where its commands are run.
        baseline: The scenario of 0.1.0's baseline, as this version has it.
        environment: Variables for its processes.
    """

    name: str
    python: Path
    folder: Path
    baseline: Path
    environment: dict[str, str]


class UnavailableError(RuntimeError):
    """Something that is measured beside ours cannot be had; says what failed."""


def _environment() -> dict[str, str]:
    """That of this process; modules are kept as bytecode, as on anybody's machine, or no start would be warm."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def present() -> Version:
    """This checkout, in the environment that runs the benchmark."""
    environment = {**_environment(), "PYTHONPATH": str(ROOT)}
    baseline = ROOT / "benchmarks" / "baseline_0_1_0.yaml"
    return Version("now", Path(sys.executable), ROOT, baseline, environment)


def former(folder: Path) -> Version:
    """Version 0.1.0, installed into an environment below `folder` unless it is there from an earlier call.

    Raises:
        UnavailableError: If the commit is not in this repository, or its dependencies cannot be installed.
    """
    source, venv = folder / "source", folder / "venv"
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = folder / "installed"
    if not done.is_file():
        source.mkdir(parents=True, exist_ok=True)
        packed = _call(["git", "archive", FORMER_COMMIT], cwd=ROOT)
        _call(["tar", "-x", "-C", str(source)], given=packed)
        _call([sys.executable, "-m", "venv", str(venv)])
        _call([str(python), "-m", "pip", "install", "--quiet", str(source)])
        done.write_text(FORMER_COMMIT, encoding="utf-8")
    environment = {name: value for name, value in _environment().items() if name != "PYTHONPATH"}
    return Version("0.1.0", python, source, source / "scenarios" / "baseline.yaml", environment)


def _call(command: list[str], *, cwd: Path | None = None, given: bytes | None = None) -> bytes:
    try:
        done = subprocess.run(command, cwd=cwd, input=given, capture_output=True, check=False)
    except OSError as error:
        raise UnavailableError(f"{command[0]}: {error}") from None
    if done.returncode:
        last = (done.stderr.decode(errors="replace").strip().splitlines() or ["no message"])[-1]
        raise UnavailableError(f"{' '.join(command[:4])} ended with {done.returncode}: {last}")
    return done.stdout
