"""A problem of an experiment with its place in the file."""

from __future__ import annotations

from typing import NamedTuple

from sim.parameters.plain_words import Place
from sim.runs.experiment.definition import Experiment
from sim.vocabulary.errors import Problem


class Finding(NamedTuple):
    """A problem of an experiment.

    Attributes:
        place: Keys and positions that lead to it: `("levers", "firm.desk.ease", "low")`.
        problem: What is wrong, without its place.
        of_key: Whether it is about the key itself, and not about its value.
    """

    place: Place
    problem: Problem
    of_key: bool = False


def place_of(experiment: Experiment, path: str) -> Place:
    """Where a factor stands in the experiment.

    >>> place_of(Experiment(scenario="a.yaml", levers={"firm.desk.ease": {}}), "firm.desk.ease")
    ('levers', 'firm.desk.ease')
    """
    return ("levers" if path in experiment.levers else "uncertainties", path)
