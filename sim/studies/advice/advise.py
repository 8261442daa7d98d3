"""`sim.advise`: from a scenario file to the table of advice."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.results.folder import keep_answer
from sim.results.intervals import mean_interval
from sim.results.outputs import EQUITY, PROFIT, output_label, output_unit
from sim.rules.reading import RuleSource
from sim.runs.evaluation import Evaluation, Progress
from sim.runs.session import Done, Means, do_runs
from sim.studies.advice import ADVICE, SHOWN
from sim.studies.advice.advice import Advice
from sim.studies.advice.advice_plan import (
    CAPTIVE_LOSS,
    CASES,
    OUTCOMES,
    REPLICATIONS,
    STEPS,
    UNITS,
    YEARS,
    AdvicePlan,
    plan_advice,
    told_of,
)
from sim.studies.advice.closing import LOOKS, look_until_told
from sim.studies.advice.desk_that_pays import busier, cases, desk_table
from sim.studies.advice.levers import PRICE, RISE, FirmLever, are_held, dear, share_who_can_leave
from sim.studies.advice.reasons import explain_parts, reason_of_bound
from sim.studies.advice.verdicts import (
    BOUND,
    DEFINITION,
    EXPLAINED,
    LEFT_OUT,
    NOTHING,
    UNJUDGED,
    JudgedLever,
    all_equal,
    judge,
    least,
    paired,
)
from sim.studies.elasticity import elasticity
from sim.studies.patched import Outputs
from sim.studies.study_of_scenario import common
from sim.vocabulary.errors import ExitVoiceError
from sim.words import say

Values = npt.NDArray[np.float64]

CANNOT_LEAVE = "fewer than half of the customers can leave, and those who cannot pay any price and bear any service"


class AdviceError(ExitVoiceError):
    """So many runs of today failed that nothing can be compared with them; the message gives the first reason."""


def advise(
    file: str | os.PathLike[str] | AdvicePlan,
    *,
    replications: int = REPLICATIONS,
    years: int = YEARS,
    steps: int = STEPS,
    levers: Sequence[str] | None = None,
    looks: int = LOOKS,
    overrides: Sequence[str] | None = None,
    rules: Sequence[RuleSource] = (),
    out: str | Path | None = None,
    workers: int | None = None,
    engine: str = "auto",
    dask: str | None = None,
    resume: bool = False,
    report: bool = True,
    progress: Progress | None = None,
) -> Advice:
    """Turn every lever of the focal firm, one at a time, and tell which win by their bound.

    Args:
        file: The scenario file, or what `plan_advice` made of one; then the next seven are those of the plan.
        replications: Runs with the same luck at every step.
        years: Length of the runs, instead of the scenario's own.
        steps: Values of a lever on each side of today's, up to the bound of its practical range.
        levers: Patterns of levers such as `firm.desk.*`; all if left out.
        looks: How often what closing the desk does is looked at, at most: each time but the first at twice as many
            pairs of runs, until it can be told from luck; 1 leaves it at `replications`.
        overrides: Parameters of the scenario as `path=value`.
        rules: Files with rules from outside.
        out: Folder that keeps every run, and in `analysis` within it the tables, figures and report; nothing is written
            if left out.
        workers: Workers at a time; all processors if left out. The result does not depend on it.
        engine: `auto`, `in-process`, `spawn`, `loky` or `mpi`.
        dask: Address of a Dask scheduler.
        resume: Go on with the runs in `out`; only with the same scenario and the same question.
        report: Write `report.html` and figures.
        progress: Called with runs done, runs failed and runs altogether.

    Raises:
        ScenarioError: If the file or an override is not right, there is no such lever, or memory does not suffice.
        FolderError: If the folder is taken, cannot be written or holds another study.
        AdviceError: If fewer than two runs of today were done.

    Warns:
        FailedRunsWarning: Where runs failed; they are left out in pairs.

    Example:
        >>> found = advise("scenarios/baseline.yaml", levers=["firm.desk.*"])  # doctest: +SKIP
        >>> found.levers, found.plot.profit()  # doctest: +SKIP
    """
    plan = file
    if not isinstance(plan, AdvicePlan):
        plan = plan_advice(
            plan,
            replications=replications,
            years=years,
            steps=steps,
            levers=levers,
            looks=looks,
            overrides=overrides,
            rules=rules,
        )
    means = Means(out=out, workers=workers, engine=engine, dask=dask, resume=resume, progress=progress)
    further: list[tuple[Outputs, Outputs]] = []

    def look(evaluation: Evaluation, rows: pd.DataFrame) -> None:
        """Run the desk closed, and as it is, until they can be told apart."""
        pairs = _by_point(plan, rows, len(plan.points), range(plan.experiment.replications))

        def more(numbers: range) -> tuple[Outputs, Outputs]:
            found = _by_point(plan, evaluation.evaluate([{}, plan.closed], numbers), 2, numbers)
            return _of(found, 0), _of(found, 1)

        looks = plan.looks if plan.closed else 1
        further.append(look_until_told(_of(pairs, 0), _of(pairs, plan.points.index(plan.closed)), looks, more))

    done = do_runs(plan, plan.task(), ADVICE.kind, means, plan.points, then=look)
    return keep_answer(_concluded(plan, done, *further[0]), out, report=report)


def _by_point(plan: AdvicePlan, rows: pd.DataFrame, points: int, numbers: range) -> Outputs:
    """Outputs by name from rows point by point and replication by replication: float64[points, replications]."""
    shape = (points, len(numbers))
    return {name: rows[name].to_numpy(np.float64).reshape(shape) for name in plan.experiment.outputs}


def _of(outputs: Outputs, point: int) -> Outputs:
    return {name: values[point] for name, values in outputs.items()}


def _concluded(plan: AdvicePlan, done: Done, with_desk: Outputs, without: Outputs) -> Advice:
    """The answer from the rows of all points, and from all runs with and without the desk."""
    outputs = _by_point(plan, done.rows, len(plan.points), range(plan.experiment.replications))
    today, desk = _of(outputs, 0), cases(with_desk, without, busier(plan.scenario))
    if np.isfinite(today["margin"]).sum() < 2:
        raise AdviceError(
            say(
                "{failed_count} of {rows} runs failed, so that nothing can be compared: {reason}",
                failed_count=done.failed,
                rows=done.runs,
                reason=done.reason,
            )
        )
    judged, told = [], []
    risen: Values | None = None
    place = 1
    for lever in plan.turned:
        numbers = []
        for step in lever.steps:
            numbers.append(place if step.changes else 0)
            place += bool(step.changes)
        of_lever = {name: values[numbers] for name, values in outputs.items()}
        table = _steps(lever, of_lever, told_of(plan.scenario))
        told.append(table)
        judged.append(_judged(plan, lever, of_lever, table, desk))
        for number, step in zip(numbers, lever.steps, strict=True):
            if lever.name == PRICE and math.isclose(step.value, RISE * lever.today, rel_tol=1e-9):
                risen = outputs[UNITS][number]
    explain_parts(judged)
    left = [
        {
            "lever": item.name,
            "label": item.label,
            "unit": item.unit,
            "today": item.today,
            "verdict": DEFINITION if item.declared else LEFT_OUT,
            "reason": item.reason,
        }
        for item in plan.left_out
    ]
    columns = list(judged[0])
    return Advice(
        **common(plan, done, SHOWN),
        years=plan.years,
        levers=pd.DataFrame([*judged, *left], columns=columns).astype({"reason": "object"}),
        steps=pd.concat(told, ignore_index=True),
        figures=_figures(plan, today, risen),
        desk=desk_table(with_desk, without, plan.scenario, plan.looks),
    )


def _steps(lever: FirmLever, outputs: Outputs, outcomes: Sequence[str]) -> pd.DataFrame:
    """The steps of a lever as rows, each outcome with its difference to today."""
    today = lever.number_of_today
    found = []
    for number, step in enumerate(lever.steps):
        done = np.isfinite(outputs["margin"][number]) & np.isfinite(outputs["margin"][today])
        row: dict[str, Any] = {
            "lever": lever.name,
            "label": lever.label,
            "value": step.value,
            "is_today": number == today,
            "outer": step.outer,
            "pairs": int(done.sum()),
        }
        for name in outcomes:
            change = paired(outputs[name][number], outputs[name][today])
            row[name] = mean_interval(outputs[name][number]).value
            row[f"{name}_change"], row[f"{name}_low"], row[f"{name}_high"] = change
        found.append(row)
    return pd.DataFrame(found).astype({"value": "object"})


def _judged(plan: AdvicePlan, lever: FirmLever, outputs: Outputs, steps: pd.DataFrame, desk: Outputs) -> dict[str, Any]:
    """A lever with its best step and the verdict on it."""
    today = lever.number_of_today
    of_today = {name: values[today] for name, values in outputs.items()}
    untouched = all(
        all_equal({name: values[number] for name, values in outputs.items()}, of_today)
        for number in range(len(lever.steps))
    )
    outer = [step.outer for step in lever.steps]
    found = judge(outputs[PROFIT], today, outer, choice=lever.is_choice, untouched=untouched, costs=dear(lever))
    reason = reason_of_bound(lever, outputs, desk, found.best, plan.scenario) if found.verdict == BOUND else ""
    if reason:
        found = JudgedLever(found.best, EXPLAINED)
    if found.verdict != NOTHING and are_held(plan.scenario):
        # Who cannot leave pays any price: it is no lever. What eases them is told of all others.
        eases = today if lever.name == PRICE else least(outputs[CAPTIVE_LOSS], today)
        found, reason = JudgedLever(eases, UNJUDGED), CANNOT_LEAVE
    low, high = lever.practical or (math.nan, math.nan)
    best = steps.iloc[found.best]
    changes = steps["profit_change"]
    beside = lever.beside(found.best)
    return {
        "lever": lever.name,
        "label": lever.label,
        "unit": lever.unit,
        "today": lever.today,
        "low": low,
        "high": high,
        "outside": lever.is_outside,
        "best": lever.steps[found.best].value,
        "best_from": beside[0],
        "best_to": beside[1],
        "change": best["profit_change"],
        "change_low": best["profit_low"],
        "change_high": best["profit_high"],
        "span": changes.max() - changes.min(),
        "verdict": found.verdict,
        "paid_by": lever.paid_by,
        "reason": reason,
    }


def _figures(plan: AdvicePlan, today: Outputs, risen: Values | None) -> pd.DataFrame:
    """Today's outcomes with their intervals, the own-price elasticity, and who can leave; what captives bear."""
    scenario = plan.scenario
    rows: list[tuple[Any, ...]] = [
        (name, output_label(name), *mean_interval(today[name]), output_unit(name, scenario))
        for name in (*OUTCOMES, EQUITY, UNITS)
    ]
    if risen is not None:
        found = elasticity(risen, today[UNITS], RISE)
        rows.append(("elasticity", say("Own-price elasticity of units sold"), *found, say("% per % of price")))
    if are_held(scenario):
        for name in (CAPTIVE_LOSS, CASES):
            rows.append((name, output_label(name), *mean_interval(today[name]), output_unit(name, scenario)))
    rows.append(("can_leave", say("People who can leave"), share_who_can_leave(scenario), math.nan, math.nan, "share"))
    return pd.DataFrame(rows, columns=["name", "label", "value", "low", "high", "unit"])
