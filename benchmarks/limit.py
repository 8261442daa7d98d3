"""The rows of the table of speed and size: what each measures, in turns with version 0.1.0, and its bar."""

import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import machine
import peers
import studies
from turns import Taken, Turns, World, command, in_turns, script, worlds
from versions import ROOT, UnavailableError, Version

QUIET = 432.0
"""Reference loop of the quiet machine on which bars were set, million uniforms a second."""
MILLION = 1_000_000
HALF_A_YEAR = 26
"""Weeks that a small world takes in a turn, as in a run: one by itself begins with what the other left in caches."""
TODAY = ROOT / "scenarios" / "baseline.yaml"
EVERYTHING = ROOT / "benchmarks" / "everything_on.yaml"

FIRST_RESULT = """
try:
    from sim.model.market import Market, Run
except ModuleNotFoundError:
    from sim.vocabulary.market import Market, Run
import sim
small = sim.Scenario(market=Market(customers=1000), run=Run(periods=4, replications=1))
print(float(sim.run(small).summary.loc["satisfaction", "value"]))
"""


class How(NamedTuple):
    """How to measure.

    Attributes:
        quick: Fewer turns and runs.
        busy: The processor's time for what the engine takes, on a machine with other work.
    """

    quick: bool = False
    busy: bool = False

    def of(self, taken: Taken, workers: int = 1) -> float:
        """What counts of the time that a command took with so many workers, seconds."""
        return taken.processor / workers if self.busy else taken.seconds


Measure = Callable[[Version, Version, How], Turns]


class Row(NamedTuple):
    """One row of the table.

    Attributes:
        key: Its name on the command line.
        what: What is measured.
        unit: Of the numbers.
        was: What 0.1.0 takes on a quiet machine; the bar as a part of it is what the ratio is held against.
        bar: At most, on a quiet machine; None where there is none.
        measure: Takes 0.1.0, this version, and how to measure.
        scaled: Whether it goes faster on a faster processor.
        slow: Left out unless it is asked for.
    """

    key: str
    what: str
    unit: str
    was: float | None
    bar: float | None
    measure: Measure
    scaled: bool = True
    slow: bool = False


def _periods(threads: int, customers: int, ours: Path | None = None) -> Measure:
    def measure(then: Version, now: Version, how: How) -> Turns:
        turns, together = 6 if how.quick else 24, 1
        if customers < MILLION:
            turns, together = 4 if how.quick else 8, HALF_A_YEAR
        both = (then, then.baseline), (now, ours or now.baseline)
        return worlds(*both, customers, turns, threads, together=together, busy=how.busy)

    return measure


def _bytes(ours: Path | None = None) -> Measure:
    def measure(then: Version, now: Version, how: How) -> Turns:
        people = MILLION // (10 if how.quick else 1)
        found = worlds((then, then.baseline), (now, ours or now.baseline), people, 3, 1, busy=how.busy)
        return Turns([found.also["bytes"][0]], [found.also["bytes"][1]], None, {"peak": found.also["peak"]})

    return measure


def _ten_million(then: Version, now: Version, how: How) -> Turns:
    return worlds(
        (then, then.baseline), (now, now.baseline), 10 * MILLION, 8 if how.quick else 104, 2, whole=True, busy=how.busy
    )


def _many_runs(then: Version, now: Version, how: How) -> Turns:
    runs = 1000  # also where it is to be quick: of fewer, ten times what starts and ends a sweep would be counted

    def action(version: Version, folder: Path) -> float:
        points = runs // studies.REPLICATIONS
        file = studies.experiment(folder, version.baseline, points, studies.CUSTOMERS, studies.PERIODS)
        words = ["sweep", str(file), "--out", str(folder / "out"), "--workers", "2", "--quiet"]
        return how.of(command(version, words), workers=2)

    return _beside(lambda: in_turns(then, now, action, 1 if how.quick else 2, warm=0))


def _one_run(then: Version, now: Version, how: How) -> Turns:
    def action(version: Version, folder: Path) -> float:
        words = ["run", str(version.baseline), "--replications", "1", "--no-report", "--no-figures"]
        return how.of(command(version, [*words, "--out", str(folder / "run")]))

    return _beside(lambda: in_turns(then, now, action, 3 if how.quick else 9))


def _main_job(then: Version, now: Version, how: How) -> Turns:
    def action(version: Version, folder: Path) -> float:
        return command(version, ["run", "scenarios/baseline.yaml", "--out", str(folder / "run")]).processor

    return _beside(lambda: in_turns(then, now, action, 2 if how.quick else 5))


def _first_result(then: Version, now: Version, how: How) -> Turns:
    def action(version: Version, folder: Path) -> float:
        return how.of(script(version, FIRST_RESULT, EXITVOICE_CACHE_DIR=str(folder)))

    return _beside(lambda: in_turns(then, now, action, 1 if how.quick else 3, warm=0))


def _hundred_million(then: Version, now: Version, how: How) -> Turns:
    del then, how
    try:
        world = World(now, now.baseline, 100 * MILLION, 4, machine.cores())
    except UnavailableError as refused:
        if "more memory than is free" in str(refused):  # refused with its size: this is what was measured
            return Turns([], [], None, {"refused": str(refused).rsplit("ScenarioError: ", 1)[-1]})
        raise
    steps = [world.step() for _ in range(4)]
    seconds = statistics.median(step["seconds"] for step in steps[1:])
    reference = statistics.median(step["reference"] for step in steps)
    also = {**world.memory(), "setup": world.setup}
    return Turns([], [seconds / (100 * MILLION) * 1e9], reference, also)


def _beside(measure: Callable[[], Turns]) -> Turns:
    """What is measured, between two looks at the reference loop."""
    before = machine.reference_speed()
    found = measure()
    return found._replace(reference=(before + machine.reference_speed()) / 2)


_NS, _S = "ns per customer-period", "s"
ROWS = (
    Row("two-threads", "10^6, two threads, baseline of 0.1.0", _NS, 35.6, 22.0, _periods(2, MILLION)),
    Row("one-thread", "the same, one thread", _NS, 68.0, 42.0, _periods(1, MILLION)),
    Row("all-on", "10^6, two threads, today's baseline with everything on; beside it that of 0.1.0", _NS, 35.6, 27.0,
        _periods(2, MILLION, TODAY)),
    Row("everything-on", "10^6, two threads, all of the firm's other half on as well, beside 0.1.0's baseline", _NS,
        35.6, 32.0, _periods(2, MILLION, EVERYTHING)),
    Row("ten-thousand", "10,000 people, one thread, baseline of 0.1.0", _NS, 75.0, 35.0, _periods(1, 10_000)),
    Row("thousand-runs", "1,000 runs of 10,000 x 104 by `sim sweep`, two workers, from shell to shell", _S, 58.8, 25.0,
        _many_runs),
    Row("bytes", "bytes per customer in arrays: state, network, buffers", "bytes", 200.0, 150.0, _bytes(),
        scaled=False),
    Row("bytes-everything-on", "the same with everything on that the loops know", "bytes", 200.0, 180.0,
        _bytes(EVERYTHING), scaled=False),
    Row("ten-million", "10^7 x 104 weeks, two threads, set-up included", _S, 50.0, 25.0, _ten_million, slow=True),
    Row("one-run", "`sim run`, warm, one replication, no report or figures", _S, 1.6, 1.0, _one_run),
    Row("main-job", "`sim run scenarios/baseline.yaml`, warm, as it stands in each version: processor", _S, 6.3, 3.5,
        _main_job),
    Row("first-result", "first result on a fresh machine: nothing compiled", _S, 19.0, 8.0, _first_result),
    Row("hundred-million", "10^8 customers, two threads: run, or refused with its size", _NS, None, None,
        _hundred_million, slow=True),
)  # fmt: skip
"""In the order of the table. What 0.1.0 took on a quiet machine was measured when the bars were set."""


class Measured(NamedTuple):
    """A row with its numbers."""

    row: Row
    turns: Turns

    @property
    def ratio(self) -> float | None:
        """What is now as a part of what was then, turn by turn."""
        return self.turns.ratio if self.turns.then and self.turns.now else None

    @property
    def quiet(self) -> float | None:
        """What it comes to where the reference loop gives 432 M/s."""
        if not self.turns.now:
            return None
        faster = (self.turns.reference or QUIET) / QUIET if self.row.scaled else 1.0
        return statistics.median(self.turns.now) * faster

    @property
    def verdict(self) -> str:
        """Whether the ratio holds what the bar asks for; the machine of the day has no part in it."""
        if self.row.was is None or self.row.bar is None:
            return "refused" if "refused" in self.turns.also else "run"
        assert self.ratio is not None
        return "held" if self.ratio <= self.row.bar / self.row.was else "missed"

    def as_json(self) -> dict[str, Any]:
        """Everything about it."""
        turns = {name: getattr(self.turns, name) for name in ("then", "now", "reference", "also")}
        row = {name: getattr(self.row, name) for name in ("key", "what", "unit", "was", "bar")}
        return {**row, **turns, "ratio": self.ratio, "quiet": self.quiet, "verdict": self.verdict}

    def cells(self) -> list[str]:
        """As it stands in the table."""
        row, turns = self.row, self.turns
        bar = "-" if row.bar is None or row.was is None else f"{row.bar:g} of {row.was:g} ({row.bar / row.was:.2f})"
        what = f"{row.what}, {row.unit}"
        if "refused" in turns.also:
            what += f": {turns.also['refused']}"
        return [what, _median(turns.then), _median(turns.now), _short(self.ratio, 2), bar, _short(self.quiet),
                self.verdict]  # fmt: skip


HEAD = ["what", "0.1.0", "now", "ratio", "bar (ratio)", "on a quiet machine", "verdict"]
PEERS_HEAD = ["beside ours", "ns per person and step", "ours beside it", "times as long", "what it leaves out"]


def _median(values: list[float]) -> str:
    return _short(statistics.median(values)) if values else "-"


def _short(value: float | None, digits: int = 1) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def peer_cells(found: dict[str, Any]) -> list[str]:
    """A peer's row; one that is not installed says so."""
    if "missing" in found:
        return [found["what"], "-", "-", "-", f"skipped: {found['missing']}"]
    return [f"{found['what']}, {found['people']:,} people", _short(found["ns"]), _short(found["ours"]),
            _short(found["ns"] / found["ours"]), found["leaves_out"]]  # fmt: skip


def chosen(names: list[str] | None, *, everything: bool) -> tuple[list[Row], list[str]]:
    """Rows of ours and names of peers that were asked for; all but the slow ones where nothing was."""
    if not names:
        return [row for row in ROWS if everything or not row.slow], list(peers.PEERS)
    return [row for row in ROWS if row.key in names], [name for name in peers.PEERS if name in names]
