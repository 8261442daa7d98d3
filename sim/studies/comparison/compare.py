"""Compare scenarios under the same luck: `sim.compare`."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.model.scenario import Scenario
from sim.results.failed_work import warn_of_failed_runs
from sim.results.keyfigures import KEY_FIGURES
from sim.results.manifest import Stopwatch, build_manifest, circumstances
from sim.results.outputs import EQUITY
from sim.rules.reading import RuleSource
from sim.runs.execution.task import DONE, FAILED
from sim.runs.precision import MOST_REPLICATIONS, PILOT, refuse_too_many, replications_needed
from sim.runs.run import replication_seed
from sim.studies.comparison import SHOWN
from sim.studies.comparison.assumptions_run import (
    ALL_OF_THEM,
    THE_USUAL,
    Kept,
    find_looked_at,
    find_usual,
    look_at_assumptions,
)
from sim.studies.comparison.bundles import build_shared, with_bundles
from sim.studies.comparison.changed import Met, build_changed, repriced
from sim.studies.comparison.comparison import INTERVAL, Comparison
from sim.studies.comparison.comparison_memory import check_comparison
from sim.studies.comparison.comparison_plan import REPLICATIONS, ComparisonPlan, check_figure, prepare
from sim.studies.comparison.cost_and_return import ITEMS, build_money
from sim.studies.comparison.desk_time import desk_time_notes
from sim.studies.comparison.differences import Pilot, build_differences, pairs, scatter
from sim.studies.comparison.groups import build_groups
from sim.studies.comparison.persons import MatchedWorlds, build_persons
from sim.studies.comparison.replicate import Replication, replicate_all
from sim.studies.comparison.world_paths import Paths
from sim.vocabulary.errors import ExitVoiceError, ScenarioError
from sim.words import plural, say

if TYPE_CHECKING:
    from sim.scenario import Loaded

Progress = Callable[[int, int, int], None]
"""Called with runs done, runs failed, and runs to do altogether as far as that is known."""


class ComparisonError(ExitVoiceError):
    """Too few runs were done to compare anything; the message gives the first reason."""


class _Gathered:
    """What comes of the replications, put together in their order."""

    def __init__(self, plan: ComparisonPlan) -> None:
        self.plan = plan
        self.rows: list[tuple[Any, ...]] = []
        self.totals: list[dict[str, float]] = []
        self.matched: dict[str, list[MatchedWorlds]] = {
            world.label: [] for world in plan.worlds[1:] if not world.strangers
        }
        self.paths = Paths({world.label: world.scenario for world in plan.worlds})
        self.met = Met({world.label: world.scenario for world in plan.worlds})
        self.groups: dict[str, list[Any]] = {label: [] for label in plan.labels}
        self.games: dict[str, list[Any]] = {bundle.label: [] for bundle in plan.bundles}
        self.failed_between: list[str] = []

    def add(self, found: Replication) -> None:
        """One replication. Where one of its runs failed, the others have nothing to be compared with."""
        names = [figure.name for figure in KEY_FIGURES]
        for label, lived, reason in zip(self.plan.labels, found.worlds, found.reasons, strict=True):
            values = [math.nan if lived is None else lived.figures[name] for name in names]
            values.append(math.nan if lived is None else lived.equity)
            self.rows.append((label, found.number, found.seed, FAILED if reason else DONE, reason, *values))
            self.totals.append(dict.fromkeys(ITEMS, math.nan) if lived is None else lived.money)
        whole = [lived for lived in found.worlds if lived is not None]
        if len(whole) < len(found.worlds):
            return
        self.paths.add([lived.path for lived in whole])
        self.met.add([lived.totals for lived in whole], [lived.digest for lived in whole])
        for label, each in zip(self.plan.labels, whole, strict=True):
            self.groups[label].append(each.groups)
        for label, counted in zip(self.plan.labels[1:], found.matched, strict=True):
            if counted is not None:
                self.matched[label].append(counted)
        self.failed_between += found.reasons_between
        for bundle, game in zip(self.plan.bundles, found.games, strict=True):
            self.games[bundle.label].append(game)

    @property
    def runs(self) -> pd.DataFrame:
        """A row for each scenario and replication, those of one replication together."""
        keys = ["scenario", "replication", "seed", "status", "reason"]
        table = pd.DataFrame(self.rows, columns=[*keys, *(figure.name for figure in KEY_FIGURES), EQUITY])
        return table.astype({"replication": np.int64, "seed": np.uint64})

    def complete(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Runs and sums of money of the replications in which no run failed."""
        runs = self.runs
        whole = runs.groupby("replication")["status"].transform(lambda status: (status == DONE).all())
        return runs[whole], pd.DataFrame(self.totals)[whole]

    def failed(self) -> int:
        """Number of runs that failed."""
        return sum(bool(row[4]) for row in self.rows)

    @property
    def reason(self) -> str:
        """Why the first of them failed."""
        return next((row[4] for row in self.rows if row[4]), "")


def compare(
    scenarios: Sequence[Scenario | Loaded | str | Path],
    *,
    replications: int | None = None,
    precision: float | None = None,
    figure: str = "retention",
    seed: int | None = None,
    threads: int | None = None,
    overrides: Sequence[str] = (),
    rules: Sequence[RuleSource] = (),
    shares: bool | None = None,
    together: Sequence[str] = (),
    assumptions: bool | None = False,
    kept: Kept | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Run scenarios with the same luck and compare each with the first.

    Replication r of every scenario has the seed `replication_seed(seed, r)`: the same people meet the same chances in
    each world, and what differs is what the scenarios make of them (common random numbers; Law 2015, ch. 11).

    Args:
        scenarios: Two to eight scenario files, what `load_scenario` made of them, or scenarios; today's first.
        replications: Number of replications, 10 if left out; not together with `precision`.
        precision: Half-width of the interval of the difference in `figure`, in that figure's unit (0.005 is half a
            percentage point of a share). After a first stage of 20 replications as many are added as Stein's
            two-stage rule asks for, the most of all later scenarios, and more where all of them still scatter too
            much.
        figure: Key figure that `precision` is about.
        seed: Seed of replication 0, instead of the first scenario's.
        threads: Threads, or None for all cores; results do not depend on it.
        overrides: Parameters as `path=value`, for every scenario file.
        rules: Files with rules from outside, for every scenario.
        shares: Whether a plan that changes several levers is shared out among them, as by `sim.shares`, in worlds
            that have some of them; if left out, plans of up to four levers and not more than 14 such worlds in all,
            and none with `precision`.
        together: Patterns of parameters that are one lever, such as `firm.desk.*`.
        assumptions: Whether every assumption is moved to both ends of its plausible range, one at a time, to tell which
            of them move the answer most and whether any turns it; of one plan against today. With None those that
            usually move such an answer, as `sim compare` does without being asked, where that can be done.
        kept: Folder that keeps the runs with other assumptions, and whether to go on with what is there.
        progress: Called with runs done, failed and to do.

    Returns:
        The comparison. All scenarios are run as long as the shortest; with `money.measure_opportunity_cost` in each
        of them every run has a second world without the focal firm's failures.

    Raises:
        ScenarioError: If a file, an override or an argument is not allowed, the scenarios cannot be compared, or they
            take more memory than is free.
        PrecisionError: If the half-width would need more than 10,000 replications.
        ComparisonError: If fewer than two replications were done, because runs failed.
        ValueError: If overrides are given without files.

    Warns:
        FailedRunsWarning: Where runs failed; the replications they belong to are left out.

    Example:
        >>> from sim.model.market import Market, Run
        >>> from sim.parameters.paths import set_path
        >>> today = Scenario(market=Market(customers=200), run=Run(periods=3))
        >>> found = compare([today, set_path(today, "firm.desk.ease", 2.0)], replications=2, threads=1)
        >>> found.labels, len(found.runs), float(found.difference("customers")["difference"]) < 10
        (['scenario', 'scenario (2)'], 4, True)
    """
    _check(replications, precision)
    plan = prepare(scenarios, seed, overrides, rules)
    check_figure(figure, plan)
    plan = with_bundles(plan, False if shares is None and precision is not None else shares, together)
    if assumptions:
        find_looked_at(plan)
    usual = assumptions is None and precision is None and bool(find_usual(plan))
    check_comparison(plan, PILOT if precision is not None else replications or REPLICATIONS, threads)
    clock = Stopwatch()
    gathered = _Gathered(plan)
    lock = threading.Lock()
    counted = {"done": 0, "failed": 0}

    def go_on(numbers: range) -> None:
        def finished(found: Replication) -> None:
            if progress is not None:
                with lock:
                    counted["done"] += plan.lived
                    counted["failed"] += sum(map(bool, found.reasons)) + len(found.reasons_between)
                    progress(counted["done"], counted["failed"], numbers.stop * plan.lived)

        for found in replicate_all(plan, numbers, threads, finished):
            gathered.add(found)

    pilots: dict[tuple[str, str], Pilot] = {}
    if precision is None:
        go_on(range(replications or REPLICATIONS))
    else:
        go_on(range(PILOT))
        pilots, wanted = _stage(gathered, figure, precision)
        done = PILOT
        while wanted > done:
            go_on(range(done, wanted))
            done, (_, wanted) = wanted, _stage(gathered, figure, precision)
    _enough(gathered)
    rests = None
    if assumptions or usual:
        rests = look_at_assumptions(plan, gathered.runs, gathered.totals, threads, progress, kept, usual=usual)
    asked = None if precision is None else (figure, precision)
    found = _concluded(gathered, pilots, asked, rests, clock, threads)
    if rests is not None:
        found.manifest["assumptions"] = THE_USUAL if usual else ALL_OF_THEM
    warn_of_failed_runs(gathered.failed(), len(gathered.rows), gathered.reason)
    return found


def _check(replications: int | None, precision: float | None) -> None:
    if replications is not None and precision is not None:
        raise ScenarioError(say("replications and precision exclude each other"), hint=say("give one of them"))
    if replications is not None and not 2 <= replications <= MOST_REPLICATIONS:
        raise ScenarioError(
            say("is not allowed"),
            "replications",
            found=str(replications),
            allowed=say("2 to {most_replications}", most_replications=MOST_REPLICATIONS),
        )
    if precision is not None and not (math.isfinite(precision) and precision > 0.0):
        raise ScenarioError(say("is not allowed"), "precision", found=str(precision), allowed=say("a number above 0"))


def _enough(gathered: _Gathered) -> tuple[pd.DataFrame, pd.DataFrame]:
    runs, totals = gathered.complete()
    if runs["replication"].nunique() < 2:
        raise ComparisonError(
            say(
                "{failed} of {rows} runs failed, so that nothing can be compared: {reason}",
                failed=gathered.failed(),
                rows=len(gathered.rows),
                reason=gathered.reason,
            )
        )
    return runs, totals


def _stage(gathered: _Gathered, figure: str, precision: float) -> tuple[dict[tuple[str, str], Pilot], int]:
    """The scatter so far for each later scenario, and the replications that the widest needs."""
    runs, _ = _enough(gathered)
    labels = gathered.plan.labels
    done = len(gathered.rows) // len(labels)
    values = {label: runs.loc[runs["scenario"] == label, figure].to_numpy(np.float64) for label in labels}
    unit = next(item.unit for item in KEY_FIGURES if item.name == figure)
    found, wanted = {}, done
    for label in labels[1:]:
        first, other = pairs(values[labels[0]], values[label])
        if len(first) < 2:
            raise ScenarioError(
                say("has no value in these scenarios, so that no precision of it can be reached"),
                "figure",
                found=figure,
            )
        stage = Pilot(len(first), scatter(first, other))
        found[label, figure] = stage
        # Where some differences have no value, as many more runs are done as that share asks for.
        needed = replications_needed(stage.deviation, stage.replications, precision)
        wanted = max(wanted, math.ceil(needed * done / stage.replications))
    refuse_too_many(wanted, done, precision, figure, unit)
    return found, wanted


def _concluded(
    gathered: _Gathered,
    pilots: dict[tuple[str, str], Pilot],
    precision: tuple[str, float] | None,
    rests: pd.DataFrame | None,
    clock: Stopwatch,
    threads: int | None,
) -> Comparison:
    plan = gathered.plan
    runs, totals = _enough(gathered)
    currency = plan.worlds[0].scenario.money.currency
    numbers = sorted({row[1] for row in gathered.rows})
    seeds = [replication_seed(plan.seed, number) for number in numbers]
    took = clock.told()
    notes = [*plan.notes, *desk_time_notes(gathered.met)]
    if gathered.failed():
        notes.append(
            say(
                "{failed} of {rows} runs failed; the replications they belong to are left out. The first "
                "reason: {reason}",
                failed=gathered.failed(),
                rows=len(gathered.rows),
                reason=gathered.reason,
            )
        )
    if gathered.failed_between:
        notes.append(
            plural(
                "{n} run with some levers of a plan failed; shares leave its replication out. The reason: {reason}",
                "{n} runs with some levers of a plan failed; shares leave their replications out. The first reason: "
                "{reason}",
                len(gathered.failed_between),
                reason=gathered.failed_between[0],
            )
        )
    about = ("name", "scenario_sha256", "scenario_file", "origins", "scenario", "rules")
    each = [
        build_manifest(
            world.scenario,
            seeds=seeds,
            took=took,
            path=world.path,
            origins=world.origins,
            threads=threads,
        )
        for world in plan.worlds
    ]
    manifest = {
        **circumstances(),
        "kind": "comparison",
        "labels": plan.labels,
        "seed": plan.seed,
        "seeds": seeds,
        "replications": len(numbers),
        "failed_runs": gathered.failed(),
        "interval": INTERVAL,
        "precision": None if precision is None else {"figure": precision[0], "half_width": precision[1]},
        "opportunity_measured": plan.measured,
        "notes": notes,
        **took,
        "threads": threads,
        "scenarios": [{key: item[key] for key in about if key in item} for item in each],
    }
    scenarios = {world.label: world.scenario for world in plan.worlds}
    changed = build_changed(scenarios)
    return Comparison(
        scenarios=scenarios,
        differences=build_differences(runs, plan.labels, currency, pilots),
        runs=gathered.runs,
        persons=build_persons(dict(gathered.matched)),
        money=build_money(runs, totals, plan.labels, currency, repriced(changed)),
        trajectories=gathered.paths.table(currency),
        changed=changed,
        groups=build_groups(scenarios, gathered.groups, currency),
        unmet=gathered.met.unmet(changed),
        levers=build_shared(plan.bundles, gathered.games, plan.worlds[0].scenario),
        assumptions=pd.DataFrame() if rests is None else rests,
        notes=tuple(notes),
        manifest=manifest,
        precision=precision,
        presentation=SHOWN,
    )
