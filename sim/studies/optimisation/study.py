"""Choose levers: search, then judge the best again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.studies.experiment.definition import OptimisationSettings
from sim.studies.experiment.points import Values
from sim.studies.optimisation.finals import Decision, decide, shortlist
from sim.studies.optimisation.judgement import SPENDING, Aim, Books, Evaluate, Judge, Terms
from sim.studies.optimisation.requirement import Requirement
from sim.studies.optimisation.result import Effort
from sim.studies.optimisation.search import Tried, search
from sim.studies.optimisation.space import Space


def terms_of(settings: OptimisationSettings) -> Terms:
    """By what choices are judged, as the file says; a budget is a requirement on spending.

    >>> from sim.studies.experiment.definition import Goal
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
    return Terms(
        aims, settings.over, requirements, tuple(dict.fromkeys([*(aim.output for aim in aims), *named, SPENDING]))
    )


def choose(
    space: Space,
    terms: Terms,
    settings: OptimisationSettings,
    evaluate: Evaluate,
    *,
    draws: Sequence[Values],
    final_draws: Sequence[Values],
    replications: int,
    books: Callable[[Values], Books],
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
