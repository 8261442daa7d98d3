"""Run the worlds that the patterns need, and measure every pattern."""

from __future__ import annotations

from collections.abc import Callable

from sim.model.scenario import Scenario
from sim.studies.patterns.catalogue import GROUPS
from sim.studies.patterns.laboratory import Laboratory
from sim.studies.patterns.patterns import Patterns
from sim.studies.patterns.patterns_table import measure_all
from sim.studies.patterns.variants import variants

REPLICATIONS = 10


def measure_patterns(
    scenario: Scenario,
    *,
    replications: int = REPLICATIONS,
    threads: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Patterns:
    """Run the baseline and the variants that the patterns need, with the same luck, and measure every pattern.

    Args:
        scenario: The baseline, in weeks.
        replications: Runs with independent luck of each world, for the intervals.
        threads: Threads of a run; results do not depend on it.
        progress: Told the name of each world before it is run.
    """
    laboratory = Laboratory(scenario, variants(scenario), replications, threads, progress)
    return Patterns(scenario, tuple(measure_all(GROUPS, laboratory)), replications)
