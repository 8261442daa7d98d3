"""Run a scenario, as often as its replications ask, and account for it."""

from __future__ import annotations

import hashlib
import threading
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sim.model.market import Run
from sim.model.scenario import Scenario
from sim.parameters.timeline import Patch, counterfactuals
from sim.report import RUN
from sim.results.failed_work import failed_runs_told, one_line, warn_of_failed_runs
from sim.results.manifest import Stopwatch, build_manifest
from sim.results.result import Result, assemble
from sim.rules.reading import RuleSource
from sim.rules.scenario_kinds import with_rules
from sim.runs.memory import check_run, side_by_side
from sim.vocabulary.errors import ExitVoiceError, Problem, ScenarioError
from sim.words import say

if TYPE_CHECKING:
    from sim.engine.tables import Tables
    from sim.scenario import Loaded


WorldJob = tuple[int, Patch | None]
"""Seed of a world, and what is other in it than in the scenario."""


class RunError(ExitVoiceError):
    """Every replication failed; the message gives the first reason."""


def replication_seed(seed: int, replication: int) -> int:
    """Seed of a replication: the seed itself for replication 0, else 64 bits of a hash of both.

    The first eight bytes, big-endian, of SHA-256 of the text `exitvoice replication <seed> <replication>`. More
    replications leave the earlier ones as they were.

    >>> replication_seed(1, 0), replication_seed(1, 1)
    (1, 12775803258309698691)
    """
    if replication == 0:
        return seed
    digest = hashlib.sha256(f"exitvoice replication {seed} {replication}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def workload(scenario: Scenario) -> int:
    """Customer-periods that `run` will simulate, newcomers to the market left out: the total for a progress bar.

    >>> workload(Scenario())
    20800000
    """
    worlds = 1 + len(counterfactuals(scenario))
    periods = scenario.run.warm_up + scenario.run.periods
    return scenario.market.customers * periods * scenario.run.replications * worlds


def _with_run(scenario: Scenario, seed: int | None, replications: int | None) -> Scenario:
    """The scenario with seed and replications replaced, checked as in a file."""
    asked = {"seed": seed, "replications": replications}
    changed = {key: value for key, value in asked.items() if value is not None}
    if not changed:
        return scenario
    try:
        new = Run.model_validate({**scenario.run.model_dump(), **changed})
    except ValidationError as error:
        problems = [Problem(item["msg"], f"run.{item['loc'][0]}", found=str(item["input"])) for item in error.errors()]
        raise ScenarioError(problems) from None
    return scenario.model_copy(update={"run": new})


def _apart(seeds: int, worlds: int, at_once: int) -> list[int]:
    """An order in which the worlds of one seed, whose places follow one another, do not start at the same time.

    They have the same people and ties: whoever starts later finds them, two who start at once make them twice.

    >>> _apart(3, 2, 2)
    [0, 2, 1, 3, 4, 5]
    """
    groups = [range(first, min(first + at_once, seeds)) for first in range(0, seeds, at_once)]
    return [seed * worlds + world for group in groups for world in range(worlds) for seed in group]


def _side_by_side(
    world: Callable[[WorldJob, int | None, Callable[[int], None] | None], Tables | str],
    jobs: Sequence[WorldJob],
    at_once: int,
    progress: Callable[[int], None] | None,
) -> list[Tables | str]:
    """Worlds too small for threads of their own, several at a time; in the order of `jobs`.

    An interruption, or an error in one of them, stops the others at the end of their period.
    """
    stop = threading.Event()

    def tell(done: int) -> None:
        if stop.is_set():
            raise InterruptedError
        if progress is not None:
            progress(done)

    with ThreadPoolExecutor(at_once) as pool:
        futures = [pool.submit(world, job, 1, tell) for job in jobs]
        try:
            return [future.result() for future in futures]
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def run(
    scenario: Scenario | Loaded | str | Path,
    *,
    seed: int | None = None,
    replications: int | None = None,
    threads: int | None = None,
    overrides: Sequence[str] = (),
    rules: Sequence[RuleSource] = (),
    progress: Callable[[int], None] | None = None,
    events: int = 0,
) -> Result:
    """Run a scenario and return its tables, key figures and figures.

    Args:
        scenario: A scenario file, what `load_scenario` made of one, or a `Scenario`.
        seed: Key of all luck, instead of the scenario's `run.seed`.
        replications: Number of runs with independent luck, instead of `run.replications`. Replication r has the seed
            `replication_seed(seed, r)`, so replication 0 has the seed itself.
        threads: Threads, or None for all cores; results do not depend on it.
        overrides: Parameters as `path=value`, for a scenario file.
        rules: Files with rules from outside, see `docs/adding_a_rule.md`. They are code, and are run.
        progress: Called with the number of customer-periods just simulated; `workload` gives the total.
        events: Places of the market whose customers' events are logged in replication 0, see `Result.events`; they are
            a sample of all. It changes nothing else.

    Returns:
        The result. With `money.measure_opportunity_cost` each replication is run a second time, with the same luck
        and no failures of the focal firm; the difference in margin before direct failure costs is the measured
        opportunity cost. With `money.measure_quality_worlds` two more worlds follow, see `Result.quality_worlds`.

    Raises:
        ScenarioError: If the file, an override, the seed or the replications are not allowed, or it takes more
            memory than is free, the event log included.
        RunError: If every replication failed.
        ValueError: If overrides are given without a file.

    Warns:
        ScenarioWarning: Where a file or a `Scenario` holds what is allowed but probably not meant, such as a value
            outside its practical range; of what `load_scenario` made, `Loaded.warnings` told already.
        FailedRunsWarning: Where some replications failed: the tables hold the others, under their own numbers, and
            `manifest["failed"]` says which failed and why.

    Example:
        >>> from sim.model.market import Market, Run
        >>> small = Scenario(market=Market(customers=300), run=Run(periods=4, replications=2))
        >>> result = run(small, seed=7)
        >>> len(result.series), round(float(result.summary.loc["yearly_loss", "value"]), 2) <= 1.0
        (16, True)
    """
    from sim.engine.free import usable_cores
    from sim.engine.logged import LoggedSimulation
    from sim.engine.simulation import Simulation
    from sim.results.dictionary import refuse_taken_names
    from sim.scenario.practical import ScenarioWarning, doubts

    base_dir: Path | None = None
    path: Path | None = None
    loaded: Loaded | None = None
    doubtful: tuple[Problem, ...] = ()
    origins: dict[str, Any] = {}
    if isinstance(scenario, str | Path):
        from sim.scenario import load_scenario

        scenario = load_scenario(Path(scenario), overrides, rules=rules)
        doubtful = scenario.doubts
    elif overrides:
        raise ValueError(say("overrides need a scenario file"))
    elif isinstance(scenario, Scenario):
        doubtful = tuple(doubts(scenario))
    if not isinstance(scenario, Scenario):
        loaded = scenario
        path, base_dir, origins = scenario.path, scenario.base_dir, dict(scenario.origins)
        scenario = scenario.scenario
    scenario = with_rules(scenario, rules)
    refuse_taken_names(scenario)

    scenario = _with_run(scenario, seed, replications)
    check_run(scenario, threads=threads, loaded=loaded, base_dir=base_dir)
    for doubt in doubtful:
        warnings.warn(str(doubt), ScenarioWarning, stacklevel=2)
    clock = Stopwatch()
    seeds = [replication_seed(scenario.run.seed, number) for number in range(scenario.run.replications)]

    logs: list[Any] = []

    def world(job: WorldJob, threads: int | None, progress: Callable[[int], None] | None) -> Tables | str:
        seed, patch = job
        try:
            if events > 0 and seed == seeds[0] and patch is None:
                noted = LoggedSimulation(scenario, events=events, seed=seed, threads=threads, base_dir=base_dir)
                lived = noted.run(progress)
                logs.append(noted.log.events())
                return lived
            return Simulation(scenario, seed=seed, threads=threads, base_dir=base_dir, patch=patch).run(progress)
        except (ScenarioError, InterruptedError):
            raise  # what is wrong with the input is wrong with every run
        except Exception as error:
            return one_line(error)

    others = counterfactuals(scenario)
    jobs = [(number, patch) for number in seeds for patch in (None, *others.values())]
    cores = threads or usable_cores()
    at_once, _ = side_by_side(scenario, len(jobs), cores)
    if at_once > 1:
        order = _apart(len(seeds), 1 + len(others), at_once)
        lived = _side_by_side(world, [jobs[place] for place in order], at_once, progress)
        worlds = [made for _, made in sorted(zip(order, lived, strict=True), key=itemgetter(0))]
    else:
        worlds = [world(job, threads, progress) for job in jobs]
    done, failed = _sorted_out(worlds, seeds)
    manifest = build_manifest(
        scenario,
        seeds=seeds,
        took=clock.told(),
        path=path,
        origins={key: steps[-1].origin for key, steps in origins.items() if steps[-1].origin != "default"},
        threads=threads,
    )
    manifest["failed"] = failed
    if not done:
        raise RunError(failed_runs_told(len(failed), len(seeds), failed[0]["reason"]))
    tables = [made[0] for made in done.values()]
    better = {name: [made[place] for made in done.values()] for place, name in enumerate(others, start=1)}
    log = logs[0] if logs and 0 in done else None
    result = assemble(scenario, tables, better, manifest, numbers=list(done), presentation=RUN, log=log)
    if failed:
        warn_of_failed_runs(len(failed), len(seeds), failed[0]["reason"])
    return result


def _sorted_out(
    worlds: Sequence[Tables | str], seeds: Sequence[int]
) -> tuple[dict[int, list[Tables]], list[dict[str, Any]]]:
    """The worlds of each replication that was done, by its number, and the replications of which one failed."""
    done: dict[int, list[Tables]] = {}
    failed: list[dict[str, Any]] = []
    each = len(worlds) // len(seeds)
    for number, seed in enumerate(seeds):
        own = worlds[number * each : (number + 1) * each]
        reasons = [made for made in own if isinstance(made, str)]
        if reasons:
            failed.append({"replication": number, "seed": seed, "reason": reasons[0]})
        else:
            done[number] = [made for made in own if not isinstance(made, str)]
    return done, failed
