"""From data and uncertainties to an ensemble that fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.data.understood import understood
from sim.data.users_table import UsersTable
from sim.model.calibration import Calibration
from sim.model.scenario import Scenario
from sim.results.manifest import Stopwatch, circumstances, scenario_hash
from sim.runs.execution.task import DONE
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import CalibrationSettings
from sim.runs.experiment.points import PointValues, point_id
from sim.studies.calibration import SHOWN
from sim.studies.calibration.calibration_words import sentences
from sim.studies.calibration.climb import Evaluator
from sim.studies.calibration.convergence import Convergence, check_convergence
from sim.studies.calibration.counts import EventCounts
from sim.studies.calibration.durations import Durations
from sim.studies.calibration.fit import TOGETHER, CalibrationResult, FittedTo, hash_of
from sim.studies.calibration.fit_search import FoundFit, Runs, Search, one_thread
from sim.studies.calibration.forecast import forecast_sentences
from sim.studies.calibration.goodness import (
    NOT_CONVERGED,
    correlations,
    fit_table,
    goodness,
    middle_member,
    posterior_table,
    unknown_fit,
    unknown_posterior,
)
from sim.studies.calibration.prior import Allowed, Prior, prior_of, to_cube
from sim.studies.calibration.several import SeriesOfOne, each, first_durations
from sim.studies.calibration.target import Target
from sim.words import periods_word, say


def fit_to_data(
    tables: Sequence[UsersTable],
    target: Target,
    settings: CalibrationSettings,
    scenario: Scenario,
    axes: Sequence[Axis],
    evaluation: Evaluator,
    *,
    at: Callable[[PointValues], Scenario],
    allowed: Allowed | None = None,
    replications: int = 1,
    name: str = "calibration",
    question: str = "",
) -> CalibrationResult:
    """Fit parameters of a scenario to tables.

    Args:
        tables: The tables.
        target: The same as `read_data` made them comparable with runs.
        settings: Kind of data, trials, members, seed.
        scenario: What is fitted.
        axes: The parameters with their prior distributions.
        evaluation: Does the runs of an `OwnLuck.of(task, seed)` with the outputs of `target`.
        at: The scenario at values of the parameters.
        allowed: Which combinations of values the constraints leave.
        replications: Runs at each point.
        name: Name of the experiment.
        question: Its question.

    Raises:
        ScenarioError: If a parameter cannot be fitted.
        CalibrationError: If too many runs fail.
    """
    clock = Stopwatch()
    prior = prior_of(axes, allowed)
    search = Search(
        evaluation,
        prior,
        target,
        trials=settings.trials,
        replications=replications,
        seed=settings.seed,
    )
    with one_thread():
        found = search.run()
        chosen = found.sample.draw(settings.members)
        members = search.simulate(to_cube(found.sample.scores[chosen]))
        posterior, correlated = posterior_table(found, prior), correlations(found, prior)
        convergence = check_convergence(found, evaluation, prior, chosen)
        worth = goodness(found, members, settings.seed, converged=convergence.converged)
        fit = fit_table(found, settings.seed)
        forecast = _forecast(search, members, converged=convergence.converged)
    if not convergence.converged:
        posterior, fit = unknown_posterior(posterior), unknown_fit(fit)
    failed = found.runs.failed + members.failed + convergence.failed
    ensemble = _ensemble(found, prior, chosen, converged=convergence.converged)
    values = prior.points(to_cube(middle_member(found, chosen)[None, :]))[0]
    if convergence.converged and convergence.ends:
        values = convergence.likeliest
    fitted_to = tuple(
        FittedTo(table.kind.name, table.sha256, understood(table), _axis(one))
        for table, one in zip(tables, each(found.target), strict=True)
    )
    labels = [one.understood.name for one in fitted_to]
    sha256 = hash_of([one.sha256 for one in fitted_to])
    return CalibrationResult(
        name=name,
        question=question,
        fitted_to=fitted_to,
        scenario=scenario,
        calibrated=_calibrated(at(values), values, posterior, TOGETHER.join(labels), sha256, convergence),
        axes=tuple(axes),
        ensemble=ensemble,
        posterior=posterior,
        correlations=correlated,
        fit=fit,
        goodness=worth,
        convergence=convergence,
        values=values,
        trials=settings.trials,
        seed=settings.seed,
        findings=(
            *sentences(posterior, correlated, worth, failed, convergence, labels),
            *forecast_sentences(forecast),
        ),
        forecast=forecast,
        presentation=SHOWN,
        manifest={
            **circumstances(),
            "name": name,
            "kind": "calibration",
            "data": _data_named(fitted_to[0]),
            "also": [_data_named(one) for one in fitted_to[1:]],
            "scenario_sha256": scenario_hash(scenario),
            "settings": settings.model_dump(mode="json"),
            "parameters": list(prior.paths),
            "replications": replications,
            "seed": settings.seed,
            **clock.told(),
        },
    )


def _data_named(table: FittedTo) -> dict[str, Any]:
    return {
        "name": table.understood.data,
        "sha256": table.sha256,
        "understood": table.understood.as_json(),
    }


def _forecast(search: Search, members: Runs, *, converged: bool) -> pd.DataFrame:
    """What the members say of times beyond the data; empty where nothing is forecast."""
    durations = first_durations(search.target)
    if not converged or durations is None:
        return pd.DataFrame()
    rows = search.evaluation.evaluate(search.prior.points(members.cube), search.replications)
    table = durations.forecast(rows.loc[rows["status"] == DONE])
    return pd.DataFrame() if table is None else table


def _axis(target: Target) -> str:
    if isinstance(target, Durations):
        return say("{unit} as a customer", unit=periods_word(target.unit.removesuffix("s")))
    one = target.targets[0] if isinstance(target, SeriesOfOne) else target
    return say("{periods} since the start", periods=periods_word(one.period)) if isinstance(one, EventCounts) else ""


def _ensemble(
    found: FoundFit, prior: Prior, chosen: np.ndarray[Any, np.dtype[np.int64]], *, converged: bool
) -> pd.DataFrame:
    points = prior.points(to_cube(found.sample.scores[chosen]))
    table = pd.DataFrame(points, columns=list(prior.paths))
    table.insert(0, "member", np.arange(len(points)))
    table.insert(1, "point", [point_id(values) for values in points])
    table["log_likelihood"] = found.sample.log_likelihood[chosen]
    table["weight"] = 1.0 / len(points)
    table["converged"] = converged
    return table


def _calibrated(
    scenario: Scenario,
    values: Mapping[str, Any],
    posterior: pd.DataFrame,
    label: str,
    sha256: str,
    convergence: Convergence,
) -> Scenario:
    if not convergence.converged:
        tried = "; ".join(f"{path} = {value:.4g}" for path, value in values.items())
        return scenario.model_copy(
            update={"calibration": Calibration(data=label, sha256=sha256, fitted=f"{NOT_CONVERGED}: {tried}")}
        )
    fitted = "; ".join(
        say(
            "{parameter} = {value:.4g} ({low:.4g} to {high:.4g})",
            parameter=row["parameter"],
            value=values[str(row["parameter"])],
            low=row["low"],
            high=row["high"],
        )
        for _, row in posterior.iterrows()
    )
    return scenario.model_copy(update={"calibration": Calibration(data=label, sha256=sha256, fitted=fitted)})
