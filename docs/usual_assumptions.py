"""What answers usually rest on: `python docs/usual_assumptions.py` writes the page, in eleven minutes on two cores.

Every assumption of some shipped plans and scenarios is moved to both ends of its plausible range, one at a time. Those
named first are the ones that `sim.report.usual_assumptions` has: where they are others now, it is to be changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

import sim
from sim.engine.simulation import Simulation
from sim.model.scenario import Scenario
from sim.report.usual_assumptions import PLAN, USUALLY
from sim.results.outputs import measure, output_label
from sim.runs.execution.simulate import Base
from sim.runs.run import replication_seed
from sim.scenario import Loaded, load_scenario
from sim.studies.assumed.candidates import find_assumptions

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "usual_assumptions.md"

PLANS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "good and fast answers": ("baseline", "answer_well_and_fast", ()),
    "a price 3% lower and easy complaints": (
        "baseline",
        "baseline",
        ("firm.desk.ease=1.5", "firm.strategy.price_index=0.97"),
    ),
    "promise less, deliver more": ("baseline", "promise_less_deliver_more", ()),
    "cut the desk": ("baseline", "cut_the_desk", ()),
    "a new rival": ("baseline", "a_new_rival", ()),
    "contracts of six months": ("telecom", "telecom", ("firm.contract.months=6",)),
    "hire with the work": ("strained_call_centre", "strained_call_centre", ("firm.people.follow_load=1",)),
    "no rewards": ("rewards_with_bad_service", "rewards_with_bad_service", ("firm.programme.offered=false",)),
}
"""What is set beside what: today, the plan, and what it changes besides."""

OF_PLANS = ("market.customers=4000",)
PLAN_RUNS = 4

SCENARIOS = ("baseline", "telecom", "restaurant", "software")
OF_SCENARIOS = (
    "market.customers=2000",
    "run.settling.years=6",  # each assumption that shapes the start settles anew
    "money.measure_opportunity_cost=false",
    "money.measure_quality_worlds=false",
)
RUNS, SEED = 2, 7
FIGURES = tuple(name for name in USUALLY if name != PLAN)

MOST_SHOWN = 9

Sizes = Mapping[str, float]
"""How far assumptions move a figure, by name."""

INTRODUCTION = """\
No single run tells on which assumptions its figures rest, and nobody looks at 200 assumptions before every meeting.
So it was measured which ones usually matter: every assumption that no firm decides on was moved to half and double of
its value (of points: half of the way to their practical ends), one at a time. A report of one scenario names the
first three of the tables below, with the values that they have in it, as those to check first; `sim compare` moves
those of the first table in your own worlds, and `sim compare --assumptions` all of them ([comparing](comparing.md)).

*Size* is how far an assumption moves the figure, as a part of what the one does that moves it most, on average;
*among three*, in how many of them it is among the first three. That is of shipped worlds and small ones: in yours it
may be otherwise.

Written by `python docs/usual_assumptions.py`.
"""


def moved_in_plans() -> Iterator[Sizes]:
    """How far each assumption moves what a plan brings, plan by plan; of those that were lived with every luck."""
    for today, plan, changes in PLANS.values():
        worlds: list[Loaded] = [_load(today, OF_PLANS), _load(plan, (*OF_PLANS, *changes, "name=plan"))]
        table = sim.compare(worlds, replications=PLAN_RUNS, shares=False, assumptions=True).assumptions
        sure = table[table["stage"] == "every_luck"]
        yield sure["difference"].abs().groupby(sure["assumption"]).max().to_dict()


def moved_in(scenario: Scenario) -> dict[str, Sizes]:
    """How far each assumption moves the figures of a scenario, by figure."""
    seeds = [replication_seed(SEED, number) for number in range(RUNS)]

    def live(world: Scenario, start: Scenario) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        rows = []
        for seed in seeds:
            run = Simulation(world, seed=seed, threads=1, today=start)
            found = measure(world, run.run(lambda _: None), None, FIGURES)
            rows.append([found[name] for name in FIGURES])
        return np.array(rows)

    as_it_is = live(scenario, scenario)
    sizes: dict[str, dict[str, float]] = {name: {} for name in FIGURES}
    for assumed in find_assumptions([scenario, scenario]):
        worlds = [Base(scenario).at(dict(end.changes)) for end in assumed.ends]
        ends = [live(world, world if assumed.shapes_start else scenario) - as_it_is for world in worlds]
        moved = np.abs(np.mean(ends, axis=1)).max(axis=0)
        for name, size in zip(FIGURES, moved.tolist(), strict=True):
            sizes[name][assumed.name] = size
    return sizes


def _load(name: str, overrides: Sequence[str]) -> Loaded:
    return load_scenario(ROOT / "scenarios" / f"{name}.yaml", overrides)


def page(plans: Sequence[Sizes], scenarios: Sequence[Mapping[str, Sizes]]) -> str:
    """The page, of what was measured."""
    return "\n".join([*_lines(plans, scenarios), ""])


def _lines(plans: Sequence[Sizes], scenarios: Sequence[Mapping[str, Sizes]]) -> Iterator[str]:
    yield "# What answers usually rest on"
    yield ""
    yield from INTRODUCTION.splitlines()
    yield ""
    yield "## What a plan brings"
    yield ""
    count = f"{len(PLANS)} comparisons of 4,000 people and {PLAN_RUNS} runs"
    yield f"Margin and value of customers against today, in {count}:"
    yield f"{'; '.join(PLANS)}."
    yield ""
    yield from _table(plans)
    named = ", ".join(f"`{name}`" for name in SCENARIOS)
    for figure in FIGURES:
        yield ""
        yield f"## {output_label(figure)}"
        yield ""
        yield f"Of one world: {named}, 2,000 people, 2 runs."
        yield ""
        yield from _table([found[figure] for found in scenarios])


def _table(found: Sequence[Sizes]) -> Iterator[str]:
    parts: dict[str, float] = defaultdict(float)
    first: dict[str, int] = defaultdict(int)
    for sizes in found:
        known = {name: size for name, size in sizes.items() if np.isfinite(size)}
        order = sorted(known, key=lambda name: (-known[name], name))
        for name in order:
            parts[name] += known[name] / (known[order[0]] or 1.0) / len(found)
        for name in order[:3]:
            first[name] += 1
    yield "| assumption | size | among three |"
    yield "|---|---|---|"
    for name in sorted(parts, key=lambda name: (-parts[name], name))[:MOST_SHOWN]:
        yield f"| `{name}` | {parts[name]:.2f} | {first[name]} of {len(found)} |"


def main() -> None:
    """Measure, and write the page."""
    scenarios = [moved_in(_load(name, OF_SCENARIOS).scenario) for name in SCENARIOS]
    PAGE.write_text(page(list(moved_in_plans()), scenarios), encoding="utf-8")


if __name__ == "__main__":
    main()
