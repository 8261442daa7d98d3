"""What a comparison takes of memory: its worlds, and what has become of everybody in two of them."""

from __future__ import annotations

from sim.engine.fitting import ALWAYS, SizeLever, levers_of, refusal
from sim.engine.footprint import Part, everybody, footprint, total
from sim.engine.free import free_memory, usable_cores
from sim.engine.layout import ROWS_PER_THREAD
from sim.model.scenario import Scenario
from sim.runs.memory import times, worlds_bytes
from sim.studies.comparison.comparison_plan import ComparisonPlan
from sim.vocabulary.errors import ScenarioError
from sim.words import say

ENDING_BYTES = 40
"""What is kept of a person to compare two worlds, and what comparing takes; a test measures it."""


def check_comparison(plan: ComparisonPlan, replications: int, threads: int | None) -> None:
    """Refuse a comparison that takes more memory than is free.

    Args:
        plan: The scenarios.
        replications: How many are run, at least.
        threads: Threads altogether; None for all processors.

    Raises:
        ScenarioError: As `check_run`; the place is the file of the largest scenario.
    """
    cores = threads or usable_cores()
    largest = max(plan.worlds, key=lambda world: worlds_bytes(world.scenario))
    small = max(world.scenario.market.customers for world in plan.worlds) < 2 * ROWS_PER_THREAD

    def parts(scenario: Scenario, cores: int = cores) -> list[Part]:
        at_once, each = (min(cores, replications), 1) if cores > 1 and small else (1, cores)
        world = footprint(scenario, each, largest.base_dir)
        endings = Part(say("what became of everybody"), everybody(scenario) * ENDING_BYTES, "market.customers")
        return times([*world.peak, *world.kept, endings], at_once)

    needed = parts(largest.scenario)
    if total(needed) <= ALWAYS:
        return
    levers = [
        *levers_of(largest.scenario, lambda other: total(parts(other))),
        SizeLever("workers", cores, 1, lambda number: total(parts(largest.scenario, number))),
    ]
    problem = refusal(needed, free_memory(cores), levers, say("the comparison"))
    if problem is not None:
        raise ScenarioError(problem.at("" if largest.path is None else str(largest.path)))
