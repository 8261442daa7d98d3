"""On which assumptions a comparison rests: which are looked at, how many worlds that takes, and the table of them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.engine.free import usable_cores
from sim.engine.layout import ROWS_PER_THREAD
from sim.parameters.labels import parted
from sim.results.manifest import circumstances
from sim.results.outputs import EQUITY, PROFIT
from sim.runs.evaluation import RowMemory
from sim.runs.execution.task import DONE
from sim.runs.session import open_store
from sim.studies.assumed.assumptions_table import build_assumptions
from sim.studies.assumed.candidates import Assumed, find_assumptions
from sim.studies.assumed.look import OWN_START, AssumedTask, LookPlan, few_worlds, look, look_at_few, most_worlds
from sim.studies.assumed.usual import usual_of
from sim.studies.comparison.changed import flat
from sim.studies.comparison.comparison_plan import SHARED, ComparisonPlan
from sim.vocabulary.errors import ScenarioError
from sim.words import say

ALL_OF_THEM, THE_USUAL = "all", "usual"
"""Which assumptions were looked at, as a manifest says it."""


class Kept(NamedTuple):
    """Where the runs with other assumptions are kept, so that an interrupted comparison can go on.

    Attributes:
        folder: Theirs alone.
        resume: Whether to go on with what is there.
    """

    folder: Path
    resume: bool = False


def find_looked_at(plan: ComparisonPlan) -> tuple[Assumed, ...]:
    """The assumptions of a comparison that are looked at: neither what its plan changes, nor what a timeline sets.

    Raises:
        ScenarioError: If it is of more than one plan, or there is nothing to look at.

    >>> from sim.model.scenario import Scenario
    >>> from sim.parameters.paths import set_path
    >>> from sim.studies.comparison.comparison_plan import prepare
    >>> today = Scenario()
    >>> found = find_looked_at(prepare([today, set_path(today, "movement.opinion", 2.0)]))
    >>> [item.name for item in found if item.name.startswith("movement.o")]
    []
    """
    if len(plan.worlds) != 2:
        raise ScenarioError(
            say("assumptions are looked at for one plan against today"),
            "assumptions",
            found=say("{count} scenarios", count=len(plan.worlds)),
            allowed=say("two"),
            hint=say("compare each plan with today by itself"),
        )
    worlds = [world.scenario for world in plan.worlds]
    today, then = map(flat, worlds)
    changed = {parted(path)[0] for path in {*today, *then} if today.get(path) != then.get(path)}
    dated = {parted(path)[0] for path in {*today, *then} if parted(path)[1]}
    found = find_assumptions(worlds, changed | dated)
    if not found:
        raise ScenarioError(say("nothing is left to be looked at: every assumption is changed"), "assumptions")
    return found


def find_usual(plan: ComparisonPlan) -> tuple[Assumed, ...]:
    """The assumptions that are looked at without being asked for; none but where there is one plan against today."""
    if len(plan.worlds) != 2:
        return ()
    try:
        return usual_of(find_looked_at(plan))
    except ScenarioError:
        return ()


def worlds_of_usual(plan: ComparisonPlan, replications: int) -> list[str]:
    """What is told of them before anything is run."""
    found = find_usual(plan)
    if not found:
        return []
    return [
        say(
            "{count} assumptions that usually move such an answer are looked at: up to {worlds} more worlds; "
            "--no-assumptions leaves them out, --assumptions looks at all.",
            count=len(found),
            worlds=few_worlds(found, replications),
        )
    ]


def worlds_of_assumptions(plan: ComparisonPlan, replications: int) -> str:
    """What is told before anything is run."""
    found = find_looked_at(plan)
    return say(
        "{count} assumptions are looked at, one at a time: up to {worlds} more worlds tell what the answer rests on.",
        count=len(found),
        worlds=most_worlds(found, replications),
    )


def look_at_assumptions(
    plan: ComparisonPlan,
    runs: pd.DataFrame,
    totals: Sequence[Mapping[str, float]],
    threads: int | None,
    progress: Callable[[int, int, int], None] | None,
    kept: Kept | None = None,
    *,
    usual: bool = False,
) -> pd.DataFrame:
    """Live today and the plan with each assumption otherwise; columns as `assumption_columns`.

    Args:
        plan: The comparison.
        runs: What was run, as `Comparison.runs`.
        totals: Sums of money of the same rows.
        threads: Threads altogether; None for all cores.
        progress: Called with worlds done, runs failed, and worlds to do.
        kept: Where they are kept; nowhere if left out.
        usual: Only those that usually move such an answer.

    Raises:
        FolderError: If that folder is taken, cannot be written, or holds runs of another comparison.
    """
    first, later = plan.worlds
    brought = runs[EQUITY].to_numpy(np.float64) + np.array([row["margin"] for row in totals])
    output = PROFIT
    if not np.isfinite(brought[(runs["status"] == DONE).to_numpy()]).all():
        brought, output = runs["margin"].to_numpy(np.float64), "margin"
    answer, today = _by_replication(runs, brought, [first.label, later.label])
    cores = threads or usable_cores()
    is_large = first.scenario.market.customers >= 2 * ROWS_PER_THREAD
    task = AssumedTask(
        SHARED,
        (first.scenario, later.scenario),
        (first.base_dir, later.base_dir),
        later.today is not None,
        cores if is_large else 1,
    )
    found = find_usual(plan) if usual else find_looked_at(plan)
    look_plan = LookPlan(task, found, output, plan.seed, answer, today)
    told = None if progress is None else lambda done, failed, asked: progress(2 * done, failed, 2 * asked)
    workers = 1 if is_large else cores
    if usual:
        looked, _ = look_at_few(look_plan, workers, told)
    else:
        with _memory(kept, plan, look_plan) as memory:
            looked, _ = look(look_plan, workers, told, memory)
    return build_assumptions(later.label, look_plan, looked, first.scenario.money.currency)


@contextmanager
def _memory(kept: Kept | None, plan: ComparisonPlan, look_plan: LookPlan) -> Iterator[RowMemory | None]:
    """What remembers the runs."""
    if kept is None:
        yield None
        return
    manifest = {
        **circumstances(),
        "kind": "assumptions",
        "name": plan.labels[-1],
        "scenarios": [world.scenario.model_dump(mode="json") for world in plan.worlds],
        "seed": plan.seed,
        "looked_at": {item.name: [dict(end.changes) for end in item.ends] for item in look_plan.found},
        "recorded": list(look_plan.task.outputs),
        "began": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
    factors = sorted({path for item in look_plan.found for end in item.ends for path in end.changes})
    outputs = list(look_plan.task.outputs)
    with open_store(kept.folder, manifest, factors=[OWN_START, *factors], outputs=outputs, resume=kept.resume) as store:
        yield store


def _by_replication(
    runs: pd.DataFrame, brought: np.ndarray[tuple[int], np.dtype[np.float64]], labels: Sequence[str]
) -> tuple[dict[int, float], dict[int, float]]:
    """The plan less today, and today, by replication; NaN where a run failed."""
    found: list[dict[int, float]] = []
    for label in labels:
        rows = (runs["scenario"] == label).to_numpy()
        done = (runs["status"] == DONE).to_numpy()
        values = np.where(done, brought, math.nan)[rows]
        found.append(dict(zip(runs["replication"][rows].tolist(), values.tolist(), strict=True)))
    today, then = found
    return {number: then[number] - today[number] for number in today}, today
