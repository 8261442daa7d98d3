"""Choose levers: search, then judge the best again."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.model.market import PERIODS_PER_YEAR
from sim.results.folder import keep_answer
from sim.results.manifest import Stopwatch, circumstances, scenario_hash
from sim.results.outputs import output_label, output_unit
from sim.rules.reading import RuleSource
from sim.runs.evaluation import Progress
from sim.runs.experiment.definition import Experiment, OptimisationSettings
from sim.runs.experiment.designs import refuse_runs
from sim.runs.experiment.plan import ExperimentPlan, sample_uncertainties, unit_cube
from sim.runs.experiment.points import PointValues
from sim.runs.experiment.reader import read_experiment
from sim.runs.session import Means, open_evaluation
from sim.studies.lever_costs import SPENDING, LeverBooks
from sim.studies.optimisation import OPTIMISE, SHOWN
from sim.studies.optimisation.choice_search import Tried, search
from sim.studies.optimisation.finals import Decision, decide, shortlist
from sim.studies.optimisation.judge_choices import Aim, EvaluateReplications, Judge, JudgingTerms, Requirement
from sim.studies.optimisation.optimisation import Effort, Optimisation
from sim.studies.optimisation.space import Space, dimension
from sim.vocabulary.errors import ExitVoiceError, ScenarioError
from sim.vocabulary.exit_status import ExitStatus
from sim.words import say

_DISCOUNT = "money.discount_rate"


class NothingAllowedError(ExitVoiceError):
    """The constraints leave no choice of levers."""

    exit_status = ExitStatus.BAD_INPUT


def terms_of(settings: OptimisationSettings) -> JudgingTerms:
    """By what choices are judged, as the file says; a budget is a requirement on spending.

    >>> from sim.runs.experiment.definition import Goal
    >>> found = terms_of(OptimisationSettings(goals=[Goal(output="retention")], budget=2e5))
    >>> [str(requirement) for requirement in found.requirements], found.outputs
    (['spending <= 200000'], ('retention', 'spending'))
    """
    aims = tuple(Aim(goal.output, goal.sense == "maximise") for goal in settings.goals)
    asked = list(settings.requirements)
    if settings.budget is not None:
        asked.append(f"{SPENDING} <= {settings.budget!r}".removesuffix(".0"))
    requirements = tuple(Requirement.parse(text) for text in asked)
    named = [name for requirement in requirements for name in requirement.condition.names]
    return JudgingTerms(
        aims, settings.over, requirements, tuple(dict.fromkeys([*(aim.output for aim in aims), *named, SPENDING]))
    )


def choose(
    space: Space,
    terms: JudgingTerms,
    settings: OptimisationSettings,
    evaluate: EvaluateReplications,
    *,
    draws: Sequence[PointValues],
    final_draws: Sequence[PointValues],
    replications: int,
    books: Callable[[PointValues], LeverBooks],
) -> tuple[tuple[Tried, ...], Decision, Effort]:
    """Search the space, and judge the best choices again with new draws and new luck.

    Args:
        space: The levers.
        terms: Goals and requirements.
        settings: Trials, finalists, seed.
        evaluate: `Evaluation.evaluate`.
        draws: Draws of the uncertainties for the search; `[{}]` where there are none.
        final_draws: Others, for the last round.
        replications: Runs with different luck of each choice and draw in the search. The last round has
            `settings.final_replications`, counted from there on, so that no luck is met twice.
        books: How a yearly cost is booked in a draw.

    Returns:
        Every choice of the search, what became of the best of them, and how much was run.
    """
    judge = Judge(evaluate, terms, draws, range(replications), space.spent, books)
    tried = search(space, judge, terms.aims, trials=settings.trials, seed=settings.seed)
    last = range(replications, replications + settings.final_replications)
    judge_again = Judge(evaluate, terms, final_draws, last, space.spent, books)
    picked = shortlist(tried, terms, space, settings.finalists)
    judged = judge_again([item.judgement.values for item, _ in picked], keep=True)
    effort = Effort(len(draws), replications, len(final_draws), len(last))
    return tuple(tried), decide(picked, judged, terms), effort


def settings_of(experiment: Experiment) -> OptimisationSettings:
    """The section `optimise` of an experiment.

    Raises:
        ScenarioError: If there is none, or there are no levers to choose.
    """
    if experiment.optimise is None:
        raise ScenarioError(say("says nothing of what is to be chosen"), "optimise", allowed=say("goals, and more"))
    if not experiment.levers:
        raise ScenarioError(say("there is nothing to choose"), "levers", allowed=say("factors that the firm decides"))
    return experiment.optimise


def recorded_outputs(experiment: Experiment) -> tuple[str, ...]:
    """What the runs must record: the experiment's outputs, and what the goals and requirements ask."""
    return tuple(dict.fromkeys([*experiment.outputs, *terms_of(settings_of(experiment)).outputs]))


class Prepared(NamedTuple):
    """What a search needs before anything is run: the choices there are, and what they will be judged by."""

    space: Space
    draws: list[dict[str, Any]]
    final_draws: list[dict[str, Any]]


def prepare(plan: ExperimentPlan) -> Prepared:
    """Choices and draws of the uncertainties; refuses what cannot be searched, before anything is run.

    Raises:
        ScenarioError: If the experiment asks for no choice, a factor has no range, or the constraints leave no draw of
            the uncertainties.
        NothingAllowedError: If the constraints leave no choice.
    """
    settings = settings_of(plan.experiment)
    unit_cube(plan)
    draws, final_draws = (
        sample_uncertainties(plan, settings.draws if plan.uncertainties else 1, int(seed))
        for seed in np.random.SeedSequence(settings.seed).generate_state(2)
    )
    unknown = {axis.path for axis in plan.uncertainties}
    on_levers = [condition for condition in plan.constraints if not set(condition.names) <= unknown]
    mixed = any(unknown & set(condition.names) for condition in on_levers)
    every = draws + final_draws if mixed else [{}]

    def allowed(values: PointValues) -> bool:
        return all(condition.holds({**values, **draw}) for condition in on_levers for draw in every)

    space = Space(tuple(dimension(axis) for axis in plan.levers), allowed)
    if not space.has_any(settings.seed):
        raise NothingAllowedError(
            say("the constraints leave no choice of levers: {constraints}", constraints=", ".join(map(str, on_levers)))
        )
    return Prepared(space, draws, final_draws)


def choose_levers(
    plan: ExperimentPlan,
    evaluate: EvaluateReplications,
    *,
    manifest: dict[str, Any] | None = None,
) -> Optimisation:
    """Search the levers of an experiment, and say how sure the answer is.

    Args:
        plan: An experiment with a section `optimise`, on its scenario.
        evaluate: Does the runs of `plan.task(recorded_outputs(plan.experiment))`.
        manifest: What to record of the circumstances.

    Raises:
        ScenarioError: If the experiment asks for no choice, or the constraints leave no draw of the uncertainties.
        NothingAllowedError: If the constraints leave no choice.
    """
    settings, scenario = settings_of(plan.experiment), plan.scenario
    terms = terms_of(settings)
    space, draws, final_draws = prepare(plan)

    def books(draw: PointValues) -> LeverBooks:
        discount = float(draw.get(_DISCOUNT, scenario.money.discount_rate))
        return LeverBooks(scenario.run.periods, PERIODS_PER_YEAR[scenario.run.period], discount)

    tried, decision, effort = choose(
        space,
        terms,
        settings,
        evaluate,
        draws=draws,
        final_draws=final_draws,
        replications=plan.experiment.replications,
        books=books,
    )
    return Optimisation(
        name=plan.experiment.name,
        question=plan.experiment.question,
        scenario=scenario,
        terms=terms,
        space=space,
        uncertainties=tuple(axis.path for axis in plan.uncertainties),
        tried=tried,
        decision=decision,
        effort=effort,
        labels={name: output_label(name) for name in terms.outputs},
        units={name: output_unit(name, scenario) for name in terms.outputs},
        plan=plan,
        manifest=manifest or {},
        presentation=SHOWN,
    )


def optimise(
    experiment: str | os.PathLike[str] | ExperimentPlan,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    engine: str = "auto",
    dask: str | None = None,
    resume: bool = False,
    overrides: Sequence[str] = (),
    rules: Sequence[RuleSource] = (),
    report: bool = True,
    progress: Progress | None = None,
) -> Optimisation:
    """Choose levers under a budget, for the best expected value or the worst case over the uncertainties.

    Args:
        experiment: An experiment file with a section `optimise`, or what `read_experiment` made of one.
        out: Folder that keeps every run, and in `analysis` within it what `write_folder` writes: tables, the best
            choice as a scenario file, figures, report. Nothing is written if left out.
        workers: How many runs are done at a time; results do not depend on it.
        engine: `auto`, `in-process`, `spawn`, `loky` or `mpi`.
        dask: Address of a Dask scheduler.
        resume: Go on with the runs in `out`; only with the same experiment.
        overrides: Parameters of the scenario as `path=value`, for a file.
        rules: Files with rules from outside, for a file.
        report: Write `report.html` and figures.
        progress: Told runs done, runs failed and runs altogether.

    Returns:
        What was tried, the finalists by new draws and new luck, and what can be told apart.

    Raises:
        ScenarioError: If the file is not allowed, or asks for no choice.
        FolderError: If `out` is taken, cannot be written, or holds another study.
        NothingAllowedError: If the constraints leave no choice.

    Example:
        >>> import sim
        >>> found = sim.optimise("experiments/choose_the_desk.yaml")  # doctest: +SKIP
        >>> found.best, found.answer, found.plot.front()  # doctest: +SKIP
    """
    plan = experiment if isinstance(experiment, ExperimentPlan) else read_experiment(experiment, overrides, rules)
    prepare(plan)
    task = plan.task(recorded_outputs(plan.experiment))
    planned = _planned(plan)
    refuse_runs(plan, planned)

    clock = Stopwatch()
    means = Means(out, workers, engine, dask, resume, progress, planned)
    with open_evaluation(plan, task, OPTIMISE.kind, means) as evaluation:
        found = choose_levers(plan, evaluation.evaluate, manifest=circumstances())
    found.manifest.update(
        kind=OPTIMISE.kind,
        name=plan.experiment.name,
        definition=plan.experiment.model_dump(mode="json"),
        definition_sha256=plan.sha256,
        scenario_sha256=scenario_hash(plan.scenario),
        seed=plan.scenario.run.seed,
        interval=found.interval,
        **clock.told(),
    )
    return keep_answer(found, out, report=report)


def _planned(plan: ExperimentPlan) -> int:
    """Runs of the search and, at most, of the last round: what progress is measured by."""
    settings = settings_of(plan.experiment)
    draws = settings.draws if plan.uncertainties else 1
    entrants = 1 + settings.finalists * (2 if len(settings.goals) == 1 else 1)
    return draws * ((settings.trials + 1) * plan.experiment.replications + entrants * settings.final_replications)
