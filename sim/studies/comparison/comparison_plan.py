"""What is compared with what: names, the common horizon, and whether a person in one world is one in the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.model.market import PERIODS_PER_YEAR
from sim.model.scenario import Scenario
from sim.parameters.labels import label as parameter_label
from sim.parameters.plain_words import closest
from sim.results.dictionary import refuse_taken_names
from sim.results.keyfigures import KEY_FIGURES
from sim.results.outputs import PROFIT
from sim.rules.reading import RuleSource
from sim.rules.scenario_kinds import with_rules
from sim.studies.changed_levers import ChangedLever
from sim.studies.shapley import CoalitionDesign
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.text import escaped
from sim.words import in_periods, periods_word, say

if TYPE_CHECKING:
    from sim.scenario import Loaded

MOST_SCENARIOS = 8
"""More than these are a sweep."""

MOST_SEED = 2**64 - 1

REPLICATIONS = 10
"""Runs of each world where nothing else is asked for."""

SHARED = (PROFIT, "margin")
"""What is shared out among the levers of a plan that changes several: what a comparison is judged by."""


@dataclass(frozen=True)
class ComparedWorld:
    """One scenario of a comparison.

    Attributes:
        label: Its name, different from those of the others.
        scenario: As it is run: common seed, common horizon, nobody followed one by one.
        base_dir: Folder that an edge list is relative to.
        path: The scenario file, or None.
        origins: Where parameters came from that differ from their default, by path.
        strangers: Why its people are not those of the first scenario; empty where they are.
        today: The first scenario, whose warm-up is lived before this world begins; None where it lives its own.
    """

    label: str
    scenario: Scenario
    base_dir: Path | None
    path: Path | None
    origins: dict[str, str]
    strangers: str = ""
    today: Scenario | None = None


class Bundle(NamedTuple):
    """A plan that changes several levers, with the worlds between today and it.

    Attributes:
        label: Its name.
        levers: What it changes: the players of a game.
        game: Which sets of them are taken from the plan together.
        between: Today with each of these sets, in the order of the game, but for none and all of them.
    """

    label: str
    levers: tuple[ChangedLever, ...]
    game: CoalitionDesign
    between: tuple[ComparedWorld, ...]


@dataclass(frozen=True)
class ComparisonPlan:
    """All scenarios of a comparison, today's first.

    Attributes:
        worlds: The scenarios.
        seed: Seed of replication 0 in each of them.
        measured: Whether the opportunity cost is measured, in a second world for each.
        notes: What a reader must know of how they are compared.
        bundles: Later scenarios whose change is shared out among their levers.
    """

    worlds: tuple[ComparedWorld, ...]
    seed: int
    measured: bool
    notes: tuple[str, ...]
    bundles: tuple[Bundle, ...] = ()

    @property
    def labels(self) -> list[str]:
        """Names of the scenarios, today's first."""
        return [world.label for world in self.worlds]

    @property
    def lived(self) -> int:
        """Worlds that are lived in each replication."""
        return len(self.worlds) + sum(len(bundle.between) for bundle in self.bundles)


def prepare(
    scenarios: Sequence[Scenario | Loaded | str | Path],
    seed: int | None = None,
    overrides: Sequence[str] = (),
    rules: Sequence[RuleSource] = (),
) -> ComparisonPlan:
    """Load the scenarios and see how far they can be compared.

    All are run as long as the shortest of them, in years. They are refused where that cannot be done, or where they
    count in different money. Where they differ in what makes a person (see `strangers`), key figures are compared, and
    persons are not.

    Args:
        scenarios: Files, what `load_scenario` made of them, or scenarios; today's first.
        seed: Seed of replication 0, instead of the first scenario's.
        overrides: Parameters as `path=value`, for every file.
        rules: Files with rules from outside, for every scenario.

    Raises:
        ScenarioError: If a file, an override or the seed is not allowed, or the scenarios cannot be compared.
        ValueError: If overrides are given without files.
    """
    check_count(1 if isinstance(scenarios, str | Path) else len(scenarios))
    if seed is not None and not 0 <= seed <= MOST_SEED:
        raise ScenarioError(say("must be a whole number of 64 bits"), "seed", found=str(seed), allowed="0 to 2^64-1")
    worlds = [_world(item, overrides, rules) for item in scenarios]
    labels = _labels(worlds)
    first = worlds[0].scenario
    common, notes = _common_horizon(worlds, labels)
    for world, label in zip(worlds, labels, strict=True):
        if world.scenario.money.currency != first.money.currency:
            raise ScenarioError(
                say("counts in another money than the first scenario, so that they cannot be compared"),
                "money.currency",
                label,
                found=world.scenario.money.currency,
                allowed=first.money.currency,
            )
    seed = first.run.seed if seed is None else seed
    ready = []
    for world, label, periods in zip(worlds, labels, common, strict=True):
        calendar = world.scenario.run.model_copy(update={"seed": seed, "periods": periods, "panel": 0})
        scenario = world.scenario.model_copy(update={"run": calendar})
        ready.append(ComparedWorld(label, scenario, world.base_dir, world.path, world.origins))
    reasons = [strangers(ready[0].scenario, world.scenario) for world in ready]
    shared = [begins_as(ready[0].scenario, world.scenario) for world in ready]
    ready = [
        ComparedWorld(world.label, world.scenario, world.base_dir, world.path, world.origins, reason, today)
        for world, reason, today in zip(ready, reasons, shared, strict=True)
    ]
    notes += [
        say(
            "{label}: does not begin where {first} begins, for people, firms or what is lived before the start are "
            "not the same: it has a past of its own.",
            label=world.label,
            first=labels[0],
        )
        for world in ready[1:]
        if world.scenario.run.has_a_past and world.today is None
    ]
    notes += [
        say(
            "{label}: people cannot be matched with those of {first}: {strangers}. Key figures are "
            "compared all the same.",
            label=world.label,
            first=labels[0],
            strangers=world.strangers,
        )
        for world in ready
        if world.strangers
    ]
    notes += [
        say(
            "{label}: the desk's staff are paid for the hours that they work on complaints, so that fewer of them save "
            "nothing. Where they do nothing else, set “{parameter}” to yes in every scenario.",
            label=world.label,
            parameter=parameter_label("firm.desk.dedicated"),
        )
        for world in ready[1:]
        if world.scenario.firm.desk.agents < first.firm.desk.agents and not world.scenario.firm.desk.dedicated
    ]
    measuring = [world.scenario.money.measure_opportunity_cost for world in ready]
    if any(measuring) and not all(measuring):
        notes.append(
            say(
                "Not every scenario asks for the opportunity cost to be measured, so that it is measured in "
                "none: the rule of thumb stands in for it."
            )
        )
    return ComparisonPlan(tuple(ready), seed, all(measuring), tuple(notes))


def check_count(count: int) -> None:
    """Refuse one scenario, or too many.

    Raises:
        ScenarioError: With what is allowed.
    """
    if not 2 <= count <= MOST_SCENARIOS:
        raise ScenarioError(
            say("a comparison needs several scenarios"),
            found=str(count),
            allowed=say("2 to {most_scenarios}", most_scenarios=MOST_SCENARIOS),
            hint=say("many variants of one scenario are a sweep") if count > 2 else "",
        )


def check_figure(figure: str, plan: ComparisonPlan) -> None:
    """Refuse the name of a key figure that the comparison will not have.

    Raises:
        ScenarioError: With the nearest name.
    """
    names = [item.name for item in KEY_FIGURES]
    if figure not in names:
        near = closest(figure, names)
        raise ScenarioError(
            say("no such key figure"), "figure", found=figure, allowed=", ".join(names), suggestion=near
        )
    if figure == "opportunity_measured" and not plan.measured:
        raise ScenarioError(
            say("is not measured in these scenarios"),
            "figure",
            found=figure,
            hint=say("set money.measure_opportunity_cost: true in each of them"),
        )


def _world(given: Any, overrides: Sequence[str], rules: Sequence[RuleSource]) -> ComparedWorld:
    if isinstance(given, str | Path):
        from sim.scenario import load_scenario

        given = load_scenario(Path(given), overrides, rules=rules)
    elif overrides:
        raise ValueError(say("overrides need scenario files"))
    if isinstance(given, Scenario):
        given = with_rules(given, rules)
        refuse_taken_names(given)
        return ComparedWorld(given.name, given, None, None, {})
    origins = {key: steps[-1].origin for key, steps in given.origins.items() if steps[-1].origin != "default"}
    scenario = with_rules(given.scenario, rules)
    refuse_taken_names(scenario)
    return ComparedWorld(scenario.name, scenario, given.base_dir, given.path, origins)


def _labels(worlds: Sequence[ComparedWorld]) -> list[str]:
    """Names of the scenarios; where two are the same, of their files; else numbered."""
    names = [world.scenario.name for world in worlds]
    if len(set(names)) < len(names) and all(world.path is not None for world in worlds):
        stems = [escaped(world.path.stem) for world in worlds if world.path is not None]
        names = stems if len(set(stems)) == len(stems) else names
    labels: list[str] = []
    for name in names:
        label, number = name, 2
        while label in labels:
            label, number = f"{name} ({number})", number + 1
        labels.append(label)
    return labels


def _common_horizon(worlds: Sequence[ComparedWorld], labels: Sequence[str]) -> tuple[list[int], list[str]]:
    """Periods of each scenario that make the shortest horizon of all, and what to tell of it."""
    runs = [world.scenario.run for world in worlds]
    years = [Fraction(run.periods, PERIODS_PER_YEAR[run.period]) for run in runs]
    shortest = min(years)
    common, notes = [], []
    for run, label, length in zip(runs, labels, years, strict=True):
        periods = shortest * PERIODS_PER_YEAR[run.period]
        if periods.denominator != 1:
            other = runs[years.index(shortest)]
            raise ScenarioError(
                say(
                    "a horizon of {horizon}, the shortest of these, is no whole number of {periods}, so that sums "
                    "over it cannot be compared",
                    horizon=in_periods(other.periods, other.period),
                    periods=periods_word(run.period),
                ),
                "run.periods",
                label,
                found=in_periods(run.periods, run.period),
                hint=say("give all scenarios the same horizon"),
            )
        common.append(int(periods))
        if length != shortest:
            notes.append(
                say(
                    "{label} lasts {length}; only the first {periods} are run and compared, as long as the shortest "
                    "scenario lasts.",
                    label=label,
                    length=in_periods(run.periods, run.period),
                    periods=int(periods),
                )
            )
    if len({run.period for run in runs}) > 1:
        notes.append(
            say(
                "The scenarios have periods of different length: they share who people are, not what happens "
                "to them, and part of a difference comes from the length of the period."
            )
        )
    return common, notes


def begins_as(first: Scenario, other: Scenario) -> Scenario | None:
    """The scenario whose past is that of another: worlds part at the first period that is counted.

    None where people or firms at the start are not the same. Without warm-up and settling all that is shared is who has
    signed a contract.

    >>> from sim.model.market import Run
    >>> today = Scenario(run=Run(warm_up=52))
    >>> begins_as(today, Scenario(run=Run(warm_up=52, periods=4))) is today, begins_as(today, Scenario())
    (True, None)
    """
    if strangers(first, other) or _at_the_start(first) != _at_the_start(other):
        return None
    return first


def _at_the_start(scenario: Scenario) -> tuple[object, ...]:
    firms = [(firm.name, firm.initial_share) for firm in scenario.firms]
    return scenario.run.warm_up, scenario.run.settling, firms, scenario.market.network, type(scenario)


def strangers(first: Scenario, other: Scenario) -> str:
    """Why a person of one scenario is not a person of the other; empty where people can be matched.

    A person is known by a number, which is the key of all their luck. The same number is the same person where the same
    numbers exist and enter the market at the same time, in the same segment, as a customer of the focal firm or not,
    and where luck is drawn for the same periods. All else is a difference between worlds and not between their people,
    such as what they are like, whom they know, what firms do.

    >>> from sim.model.market import Market
    >>> strangers(Scenario(), Scenario(market=Market(customers=500)))
    '“Market: People in the market” is 10000 in one and 500 in the other'
    """
    a, b = _who(first), _who(other)
    different = [name for name in a if name in b and a[name] != b[name]]
    return "; ".join(
        say("“{name}” is {one} in one and {other} in the other", name=name, one=a[name], other=b[name])
        for name in different
    )


def _who(scenario: Scenario) -> dict[str, str]:
    segments = ", ".join(f"{segment.name} {segment.share:g}" for segment in scenario.all_segments)
    found = {
        parameter_label("run.period"): f"a {scenario.run.period}",
        parameter_label("market.customers"): f"{scenario.market.customers}",
        parameter_label("market.entrants_per_year"): f"{scenario.market.entrants_per_year:g}",
        say("Segments"): segments if scenario.segments else say("none"),
        parameter_label("firm.initial_share"): f"{scenario.firm.initial_share:g}",
    }
    return found | _settled(scenario)


def _settled(scenario: Scenario) -> dict[str, str]:
    """Of which world the people of the start are drawn, where they are of one that has settled."""
    asked, network = scenario.run.settling, scenario.market.network
    found = {parameter_label("run.settling.years"): f"{asked.years:g}"}
    if asked.years == 0:
        return found
    return found | {
        parameter_label("run.settling.people"): f"{asked.people}",
        say("Firms at the start"): ", ".join(f"{firm.name} {firm.initial_share:g}" for firm in scenario.firms),
        parameter_label("market.network.kind"): network.kind,
        parameter_label("market.network.mean_degree"): f"{network.mean_degree:g}",
    }
