"""What a plan sets that is no lever of the model, so that its answer says less than it seems to.

Such as a joining fee that is dropped, where what a fee keeps away is not modelled: its cost is counted, and nothing
that it brings.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.model.scenario import Scenario
from sim.parameters.labels import label, parted
from sim.parameters.paths import is_preset
from sim.parameters.plain_words import information
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.comparison_rows import steps
from sim.words import say, translated

MOST_TOLD = 2


def with_care(comparison: Comparison) -> list[str]:
    """What is to be read with care in what the scenarios change."""
    paths = [parted(step.path)[0] for world in comparison.labels[1:] for step in steps(comparison, world)]
    return read_with_care(paths, type(comparison.scenario))


def read_with_care(paths: Iterable[str], kind: type[Scenario]) -> list[str]:
    """A sentence for each changed parameter of the firm that is no lever, and why it is none; of a few only.

    >>> read_with_care(["firm.desk.ease", "firm.desk.speed_target_days"], Scenario)
    ['Read with care what “Complaint desk: Days of a quick answer” does here: a definition: what counts as quick.']
    """
    told = []
    for path in dict.fromkeys(path for path in paths if path.startswith("firm.") and not is_preset(path)):
        info = information(path, kind)
        if info is not None and info.no_lever and not info.setup:
            told.append(
                say(
                    "Read with care what “{lever}” does here: {reason}.",
                    lever=label(path, kind),
                    reason=translated(info.no_lever),
                )
            )
    return told if len(told) <= MOST_TOLD else []
