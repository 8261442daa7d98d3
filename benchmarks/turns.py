"""Measurements in turns: one version, then the other, again and again, so that a machine that drifts favours none."""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from versions import ROOT, UnavailableError, Version

PROBE = ROOT / "benchmarks" / "probe.py"


class Turns(NamedTuple):
    """What was measured in turns.

    Attributes:
        then: Of version 0.1.0, one number a turn.
        now: Of this checkout, likewise.
        reference: Millions of uniforms a second beside them, the median.
        also: Whatever else was measured, by name.
    """

    then: list[float]
    now: list[float]
    reference: float | None = None
    also: dict[str, Any] = {}  # noqa: RUF012 (never changed)

    @property
    def ratio(self) -> float:
        """Median over the turns of what is now, as a part of what it was beside it.

        >>> Turns([2.0, 4.0, 3.0], [1.0, 1.0, 2.0]).ratio
        0.5
        """
        return statistics.median(now / then for then, now in zip(self.then, self.now, strict=True))


class World:
    """A world of some version in a process of its own, see `probe.py`."""

    def __init__(self, version: Version, scenario: Path, customers: int, periods: int, threads: int) -> None:
        words = ["--customers", str(customers), "--periods", str(periods), "--threads", str(threads)]
        self._process = subprocess.Popen(
            [str(version.python), str(PROBE), str(scenario), *words], cwd=version.folder, env=version.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.setup = self._heard()["setup"]

    def _heard(self) -> dict[str, float]:
        line = self._process.stdout.readline()
        if not line:
            raise UnavailableError(f"a world ended early: {self._process.stderr.read().strip()[-500:]}")
        return json.loads(line)

    def step(self, periods: int = 1) -> dict[str, float]:
        """So many more periods: their `seconds`, those of the `processor`, and the `reference` loop before them."""
        self._process.stdin.write(f"{periods}\n")
        self._process.stdin.flush()
        return self._heard()

    def memory(self) -> dict[str, float]:
        """Bytes a customer: in `bytes` those of the arrays, in `peak` of the process; the world is then gone."""
        self._process.stdin.close()
        found = self._heard()
        self._process.wait()
        return found

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()


def worlds(
    then: tuple[Version, Path],
    now: tuple[Version, Path],
    customers: int,
    periods: int,
    threads: int,
    *,
    together: int = 1,
    whole: bool = False,
    busy: bool = False,
) -> Turns:
    """Two worlds, period by period in turns.

    Args:
        then: Version 0.1.0 and its scenario.
        now: This version and its own.
        customers: People of each.
        periods: Turns, after one that is not counted.
        threads: Of each.
        together: Periods in one turn: of few people, or what the other world left in the caches would be measured.
        whole: Seconds of the whole run, set-up and all, in one number; else ns per customer-period, one for each turn.
        busy: Take the processor's time, a thread's part of it, instead of the clock's: other work counts less in it.
    """
    with ExitStack() as stack:
        both = []
        for version, scenario in (then, now):
            both.append(World(version, scenario, customers, (periods + 1) * together, threads))
            stack.callback(both[-1].close)
        steps = [[world.step(together) for world in both] for _ in range(periods + 1)]
        memory = [world.memory() for world in both]
        setups = [world.setup for world in both]
    reference = statistics.median(turn["reference"] for pair in steps for turn in pair)
    counted = steps if whole else steps[1:]  # the first touches memory that nobody has touched before

    def of(which: int, name: str) -> list[float]:
        return [pair[which][name] for pair in counted]

    def taken(which: int) -> list[float]:
        return [spent / threads for spent in of(which, "processor")] if busy else of(which, "seconds")

    also = {
        "bytes": [found["bytes"] for found in memory],
        "peak": [found["peak"] for found in memory],
        "setup": setups,
        "processor": [sum(of(which, "processor")) for which in (0, 1)],
    }
    if whole:
        # one period more was done than was asked for
        totals = [setups[which] + sum(taken(which)[:periods]) for which in (0, 1)]
        return Turns([totals[0]], [totals[1]], reference, also)
    scaled = [[seconds / (customers * together) * 1e9 for seconds in taken(which)] for which in (0, 1)]
    return Turns(scaled[0], scaled[1], reference, also)


class Taken(NamedTuple):
    """What a command took: seconds on the clock and of the processor, its children's included."""

    seconds: float
    processor: float


def command(version: Version, words: Sequence[str], **variables: str) -> Taken:
    """Run `sim` of a version.

    Raises:
        UnavailableError: If it fails.
    """
    return _timed([str(version.python), "-m", "sim", *words], version, variables)


def script(version: Version, text: str, **variables: str) -> Taken:
    """Run a few lines of Python with a version."""
    return _timed([str(version.python), "-c", text], version, variables)


def _timed(words: list[str], version: Version, variables: dict[str, str]) -> Taken:
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            words, cwd=version.folder, env={**version.environment, **variables}, stdout=subprocess.DEVNULL, stderr=said
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            last = said.read().decode(errors="replace").strip()[-300:]
            raise UnavailableError(f"sim {' '.join(words[3:6])} of {version.name} ended with {status}: {last}")
    return Taken(seconds, usage.ru_utime + usage.ru_stime)


def in_turns(then: Version, now: Version, action: Callable[[Version, Path], float], turns: int, warm: int = 1) -> Turns:
    """An action of both versions in turns, each time in an empty folder.

    Args:
        then: Version 0.1.0.
        now: This version.
        action: Does it and says what it took.
        turns: How often.
        warm: How often it is done first without counting.
    """
    taken: dict[str, list[float]] = {then.name: [], now.name: []}
    for _ in range(warm + turns):
        for version in (then, now):
            folder = Path(tempfile.mkdtemp(prefix="exitvoice-benchmark-"))
            try:
                taken[version.name].append(action(version, folder))
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    return Turns(taken[then.name][warm:], taken[now.name][warm:])
