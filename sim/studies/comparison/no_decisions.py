"""What a plan sets that is no lever of the model, so that its answer says less than it seems to.

Such as a joining fee that is dropped, where what a fee keeps away is not modelled: its cost is counted, and nothing
that it brings.
"""

from __future__ import annotations

from sim.parameters.labels import entry_label, parted
from sim.parameters.paths import is_preset
from sim.parameters.plain_words import information, registry_path
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.comparison_rows import steps
from sim.words import say, translated

MOST_TOLD = 2


def with_care(comparison: Comparison) -> list[str]:
    """A sentence for each parameter of the firm that a plan changes and that is no lever, and why it is none."""
    kind = type(comparison.scenario)
    told: dict[str, str] = {}
    for label in comparison.labels[1:]:
        for step in steps(comparison, label):
            path = parted(step.path)[0]
            info = information(registry_path(tuple(path.split("."))), kind) if path.startswith("firm.") else None
            if info is not None and info.no_lever and not info.setup and not is_preset(path):
                told[path] = say(
                    "Read with care what “{lever}” does here: {reason}.",
                    lever=entry_label(path, kind),
                    reason=translated(info.no_lever),
                )
    return list(told.values()) if len(told) <= MOST_TOLD else []
