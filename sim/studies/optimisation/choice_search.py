"""The search: batch by batch, the same choices for the same seed and the same rows."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from sim.runs.experiment.points import PointValues, point_id
from sim.studies.optimisation.judge_choices import Aim, JudgedChoice
from sim.studies.optimisation.space import DRAWN, Dimension, Space
from sim.vocabulary.extras import needed

BATCH = 8
"""Choices judged at a time: a constant, so that the search does not depend on the number of workers."""

LEAST_FIRST = 12
_ASKED = 12  # times that the sampler is asked for each choice that is wanted, before chance is
_HOPELESS = 1e30  # told to the sampler, so that every choice that misses a requirement ranks below those that do not

TODAY, EVERY, FIRST, SEARCH = "today", "every", "first", "search"


@dataclass(frozen=True)
class Tried:
    """A choice that was tried.

    Attributes:
        number: Position in the search; 0 is the scenario as it is.
        origin: `today`, `every` (all combinations were tried), `first` (corners and a Latin hypercube) or `search`.
        allowed: Whether it lies within the levers' ranges and conditions; today's choice need not.
        judgement: What came of it.
    """

    number: int
    origin: str
    allowed: bool
    judgement: JudgedChoice

    @property
    def eligible(self) -> bool:
        """Whether it may be chosen: it is allowed and meets all requirements."""
        return self.allowed and self.judgement.meets


def search(
    space: Space,
    judge: Callable[[Sequence[PointValues]], list[JudgedChoice]],
    aims: Sequence[Aim],
    *,
    trials: int,
    seed: int,
) -> list[Tried]:
    """Try choices, today's first.

    Where there are no more combinations than `trials`, all of them are tried. Else a first part of the trials is
    spread over the space (corners and a Latin hypercube), and the others are asked, in batches of `BATCH`, of Optuna's
    tree-structured Parzen estimator, for one goal or for two.

    Args:
        space: The choices there are.
        judge: Judges a batch of them.
        aims: One goal or two.
        trials: How many choices are tried, today's not counted.
        seed: Of the search.

    Returns:
        What was tried, in order: fewer than asked for where the conditions leave no more.

    Source: Bergstra et al. 2011; with two goals Ozaki et al. 2022.
    """
    tried = _TriedChoices(space, judge)
    tried.add([space.today], TODAY)
    if space.size <= trials:
        tried.add_all(space.all(), EVERY, trials)
        return tried.done
    first = min(trials, max(LEAST_FIRST, trials // 4))
    tried.add_all(_first(space, first, seed), FIRST, first)
    sampler = _Sampler(space, aims, seed)
    sampler.tell(tried.done)
    while (left := trials + 1 - len(tried.done)) > 0:
        wanted = min(BATCH, left)
        found = sampler.ask(tried, wanted)
        if not found:
            found = list(islice(tried.fresh(space.spread(DRAWN, seed + len(tried.done))), wanted))
        if not found:
            break
        sampler.tell(tried.add(found, SEARCH))
    return tried.done


def _first(space: Space, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Choices spread over the space; where conditions forbid too many of them, more at random."""
    yield from space.spread(count, seed)
    yield from space.spread(DRAWN, seed)


class _TriedChoices:
    """What was tried so far: no choice twice."""

    def __init__(self, space: Space, judge: Callable[[Sequence[PointValues]], list[JudgedChoice]]) -> None:
        self.space, self.judge = space, judge
        self.done: list[Tried] = []
        self.names: set[str] = set()

    def add(self, choices: Sequence[dict[str, Any]], origin: str) -> list[Tried]:
        self.names |= {point_id(choice) for choice in choices}
        new = [
            Tried(len(self.done) + position, origin, self.space.contains(judgement.values), judgement)
            for position, judgement in enumerate(self.judge(choices))
        ]
        self.done += new
        return new

    def add_all(self, choices: Iterable[dict[str, Any]], origin: str, most: int) -> None:
        fresh = islice(self.fresh(choices), most)
        while batch := list(islice(fresh, BATCH)):
            self.add(batch, origin)

    def fresh(self, choices: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Those that are allowed and new, each once."""
        met: set[str] = set()
        for choice in choices:
            name = point_id(choice)
            if name not in met and self.is_new(choice) and self.space.allowed(choice):
                met.add(name)
                yield choice

    def is_new(self, choice: PointValues) -> bool:
        return point_id(choice) not in self.names


@contextmanager
def _calm() -> Iterator[None]:
    """Optuna without its notes on what is new in it: the options used here are the same in its versions 4 and 5."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class _Sampler:
    """Optuna's sampler behind ask and tell, in memory."""

    def __init__(self, space: Space, aims: Sequence[Aim], seed: int) -> None:
        optuna = needed("optuna", "studies", "Searches")
        self.optuna, self.space, self.aims = optuna, space, aims
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        with _calm():
            sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=1, multivariate=True, constant_liar=True)
            self.study = optuna.create_study(directions=["maximize"] * len(aims), sampler=sampler)
        self.distributions = {item.path: self._distribution(item) for item in space.dimensions}
        self.waiting: dict[str, Any] = {}

    def _distribution(self, item: Dimension) -> Any:
        kinds = self.optuna.distributions
        if item.options and not item.ordered:
            return kinds.CategoricalDistribution(list(range(len(item.options))))
        if item.options or item.whole:
            return kinds.IntDistribution(int(np.ceil(item.low)), int(np.floor(item.high)), log=item.log)
        return kinds.FloatDistribution(item.low, item.high, log=item.log)

    def ask(self, tried: _TriedChoices, wanted: int) -> list[dict[str, Any]]:
        """New choices that are allowed; fewer, or none, where no more turn up.

        What the conditions forbid is told as hopeless, without a run; what is known already is forgotten.
        """
        found: list[dict[str, Any]] = []
        with _calm():
            for _ in range(wanted * _ASKED):
                if len(found) == wanted:
                    break
                trial = self.study.ask(self.distributions)
                choice = {item.path: item.rounded(trial.params[item.path]) for item in self.space.dimensions}
                if not self.space.allowed(choice):
                    self.study.tell(trial, self._hopeless)
                elif point_id(choice) in self.waiting or not tried.is_new(choice):
                    self.study.tell(trial, state=self.optuna.trial.TrialState.FAIL)
                else:
                    self.waiting[point_id(choice)] = trial
                    found.append(choice)
        return found

    @property
    def _hopeless(self) -> list[float]:
        return [-_HOPELESS * 1e6] * len(self.aims)

    def tell(self, tried: Sequence[Tried]) -> None:
        """Let the sampler know what came of choices, its own and others."""
        with _calm():
            for item in tried:
                values = self._told(item.judgement)
                trial = self.waiting.pop(point_id(item.judgement.values), None)
                if trial is not None:
                    self.study.tell(trial, values)
                elif item.allowed:
                    self.study.add_trial(
                        self.optuna.trial.create_trial(
                            params=self._params(item.judgement.values), distributions=self.distributions, values=values
                        )
                    )

    def _params(self, values: PointValues) -> dict[str, Any]:
        return {
            item.path: item.options.index(values[item.path]) if item.options else values[item.path]
            for item in self.space.dimensions
        }

    def _told(self, judgement: JudgedChoice) -> list[float]:
        """The goals, larger better; of a choice that misses a requirement, the less the worse, below all others."""
        if judgement.reason:
            return self._hopeless
        if not judgement.meets:
            return [-_HOPELESS * (1.0 + judgement.missing)] * len(self.aims)
        return [aim.better(judgement.estimates[aim.output]) for aim in self.aims]
