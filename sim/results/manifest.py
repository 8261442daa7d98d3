"""What it takes to do a run again, and to know that it is the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
import re
import subprocess
import time
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from sim.model.scenario import Scenario
from sim.rules.scenario_kinds import named

SCHEMA_VERSION = 2
"""Version of the layout of results folders; a change that breaks readers raises it."""

PACKAGES = ("exitvoice", "numpy", "numba", "pandas", "pyarrow", "pydantic", "matplotlib", "jinja2")


def program_version() -> str:
    """Version of the program, or `unknown` where it is not installed."""
    return _version("exitvoice") or "unknown"


@cache
def _version(package: str) -> str | None:
    """Version of an installed package: its line alone is read, not the pages of description below it."""
    try:
        told = distribution(package).read_text("METADATA") or ""
    except PackageNotFoundError:
        return None
    found = re.search(r"^Version: *(\S+)", told.partition("\n\n")[0], re.MULTILINE)
    return found[1] if found else distribution(package).version


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of the resolved scenario as JSON with sorted keys: equal hashes, equal results for equal versions.

    >>> len(scenario_hash(Scenario()))
    64
    """
    text = json.dumps(scenario.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def rules_named(scenario: Scenario) -> dict[str, Any]:
    """The rules from outside of a run, by file and hash; nothing where there are none.

    >>> rules_named(Scenario())
    {}
    """
    if not scenario.outside:
        return {}
    return {"rules": named(scenario.outside)}


@cache
def _git_commit() -> str | None:
    """Commit of the source tree that the program runs from, with `+changes` where it is not clean; None outside git.

    As it is when this process first asks: what changes in the tree later, the process does not run.
    """
    root = Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return None
    try:
        found = subprocess.run(
            ["git", "-C", str(root), "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty=+changes"],
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip() or None


def _versions() -> dict[str, str]:
    return {package: found for package in PACKAGES if (found := _version(package)) is not None}


class Stopwatch:
    """When a study began, and how long it takes."""

    def __init__(self) -> None:
        self._began, self._since = dt.datetime.now(dt.UTC), time.perf_counter()

    def told(self) -> dict[str, Any]:
        """Both, as a manifest has them."""
        seconds = round(time.perf_counter() - self._since, 3)
        return {"started": self._began.isoformat(timespec="seconds"), "seconds": seconds}


def circumstances() -> dict[str, Any]:
    """Program, model, machine and libraries: what every manifest says, whatever was done.

    `model_hash` is the hash of the sources that results depend on: runs of programs in which it is equal are equal.

    >>> sorted(circumstances())
    ['git_commit', 'model_hash', 'packages', 'platform', 'program', 'python', 'schema_version', 'version']
    """
    from sim.compiled import sources_hash

    return {
        "schema_version": SCHEMA_VERSION,
        "program": "exitvoice",
        "version": program_version(),
        "model_hash": sources_hash(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "git_commit": _git_commit(),
        "packages": _versions(),
    }


def build_manifest(
    scenario: Scenario,
    *,
    seeds: list[int],
    took: Mapping[str, Any],
    path: Path | None = None,
    origins: dict[str, str] | None = None,
    threads: int | None = None,
) -> dict[str, Any]:
    """Everything about the circumstances of a run; the only place where its time and duration stand.

    Args:
        scenario: What was run, resolved.
        seeds: Seed of each replication.
        took: When it was begun and how long it took, as a `Stopwatch` tells.
        path: The scenario file, where there was one.
        origins: Where parameters came from that differ from their default, by path.
        threads: Threads asked for, or None for the program's choice.
    """
    file = None
    if path is not None and path.is_file():
        file = {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    return {
        **circumstances(),
        "name": scenario.name,
        "scenario_sha256": scenario_hash(scenario),
        "scenario_file": file,
        **rules_named(scenario),
        "seed": scenario.run.seed,
        "seeds": seeds,
        "replications": len(seeds),
        "opportunity_measured": scenario.money.measure_opportunity_cost,
        **took,
        "threads": threads,
        "origins": origins or {},
        "scenario": scenario.model_dump(mode="json"),
    }
