"""Levers: every parameter of the firm that it decides on, read off the registry, with the steps to turn it to."""

from __future__ import annotations

import fnmatch
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, NamedTuple

from sim.model.scenario import Scenario
from sim.parameters.paths import get_path
from sim.parameters.registry import ParameterInfo, parameters
from sim.runs.experiment.parameters import Parameter, find_parameter, problems_together
from sim.scenario.practical import WORTH_ABOUT_A_EURO
from sim.vocabulary.errors import ScenarioError
from sim.words import say, translated

FIRM = "firm."
"""The focal firm: what others decide is none of its levers."""

PEOPLE = "firm.people."
"""What acts only where the firm's staff are followed."""

LEARNING = "firm.learning."
"""What acts only where the firm steers corrective action by something."""
PROGRAMME = "firm.programme."
"""What acts only where the firm offers a loyalty programme."""

PRICE = "firm.strategy.price_index"
PRICE_STEPS = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.45, 1.6, 2.0)
"""Steps of the price, as multiples of today's."""

RISE = 1.1
"""The rise, a multiple of today's price, at which its elasticity is measured."""


def share_who_can_leave(scenario: Scenario) -> float:
    """Share of people who are no captives; 0 where there is no rival to go to.

    >>> share_who_can_leave(Scenario()), share_who_can_leave(Scenario(rivals=[]))
    (1.0, 0.0)
    """
    if not scenario.rivals:
        return 0.0
    return sum(segment.share * (1.0 - segment.bonds.captive_share) for segment in scenario.all_segments)


HALF = 0.5
"""Where fewer than this share of people can leave, no advice is given by money."""


def are_held(scenario: Scenario) -> bool:
    """Whether fewer than half of the people can leave, so that profit is no sign that a lever is turned rightly.

    >>> are_held(Scenario()), are_held(Scenario(rivals=[]))
    (False, True)
    """
    return share_who_can_leave(scenario) < HALF


class LeverStep(NamedTuple):
    """A value of a lever.

    Attributes:
        value: As it is told; of several parameters together their mean.
        changes: Parameters by path; empty for today's.
        outer: Whether it lies on a bound of the practical range, or beyond.
    """

    value: Any
    changes: dict[str, Any]
    outer: bool


@dataclass(frozen=True)
class FirmLever:
    """Something that the firm can turn.

    Attributes:
        name: The parameter, or the section whose parameters are turned together.
        label: A short name for people.
        unit: Of its value.
        practical: Lowest and highest value that a practitioner would try; none of a choice.
        steps: In order of value, today's among them.
        paid_by: The parameter that makes more of it dearer; empty where nothing does.
        less_costs: Whether less of it is what costs.
    """

    name: str
    label: str
    unit: str
    practical: tuple[float, float] | None
    steps: tuple[LeverStep, ...]
    paid_by: str = ""
    less_costs: bool = False

    @property
    def today(self) -> Any:
        """Today's value."""
        return self.steps[self.number_of_today].value

    @property
    def number_of_today(self) -> int:
        """Which of the steps is today's."""
        return next(number for number, step in enumerate(self.steps) if not step.changes)

    @property
    def is_outside(self) -> bool:
        """Whether today's value lies outside the practical range."""
        return self.practical is not None and not self.practical[0] <= self.today <= self.practical[1]

    @property
    def is_choice(self) -> bool:
        """Whether it has no order: names, or yes and no."""
        return self.practical is None

    def beside(self, number: int) -> tuple[float, float]:
        """Values of the steps on both sides of one, its own where there is none; NaN of a choice.

        What has one top only, and is highest at this step of all, has it between the two.
        """
        if self.is_choice:
            return math.nan, math.nan
        below, above = self.steps[max(number - 1, 0)], self.steps[min(number + 1, len(self.steps) - 1)]
        return float(below.value), float(above.value)


class LeftOut(NamedTuple):
    """A parameter of the firm that is not turned.

    Attributes:
        name: Its path.
        label: A short name for people.
        unit: Its unit.
        today: Its value.
        declared: Whether it is declared to be no lever; else it cannot be turned here.
        reason: Why.
    """

    name: str
    label: str
    unit: str
    today: Any
    declared: bool
    reason: str


class FoundLevers(NamedTuple):
    """All parameters of the firm: those that are turned, alone and together, and those that are not."""

    levers: tuple[FirmLever, ...]
    left_out: tuple[LeftOut, ...]


def find_levers(scenario: Scenario, steps: int, wanted: Sequence[str] = ()) -> FoundLevers:
    """The levers of the focal firm in a scenario, each with its steps.

    A number is turned to `steps` values on each side of today's, up to the bound of its practical range, the price to
    multiples of today's, a choice to each of its values. Where all parameters of a section are levers with one unit
    and range, such as the service level on each dimension, they are turned together as well: the mean goes through the
    range, and each of them the same part of its way to the bound.

    Args:
        scenario: Today.
        steps: Number of values on each side of today's, 1 at least, which is the bound.
        wanted: Patterns such as `firm.desk.*`, with or without `firm.`; all levers where there are none.

    Raises:
        ScenarioError: If there is no lever of such a name.

    >>> found = find_levers(Scenario(), 2, ["desk.apology", "desk.speed_target_days"])
    >>> [(lever.name, [step.value for step in lever.steps]) for lever in found.levers]
    [('firm.desk.apology', [0.0, 0.3, 0.6, 0.8, 0.9, 1.0])]
    >>> found.left_out[0].reason
    'a definition: what counts as quick'
    """
    levers: list[FirmLever] = []
    left_out: list[LeftOut] = []
    section: list[tuple[ParameterInfo, FirmLever]] = []
    infos = [info for info in parameters() if info.path.startswith(FIRM)]
    for number, info in enumerate(infos):
        turned = _turned(scenario, info, steps)
        if isinstance(turned, FirmLever):
            levers.append(turned)
            section.append((info, turned))
        else:
            left_out.append(turned)
        if number + 1 == len(infos) or _section(infos[number + 1].path) != _section(info.path):
            of_section = sum(_section(other.path) == _section(info.path) for other in infos)
            levers += _together(scenario, section, of_section, steps)
            section = []
    levers = [lever for lever in levers if _is_wanted(lever.name, wanted)]
    left_out = [item for item in left_out if _is_wanted(item.name, wanted)]
    if not levers:
        raise ScenarioError(
            say("no lever of the firm has such a name"),
            "levers",
            found=", ".join(wanted),
            allowed=say("patterns such as firm.desk.*; `sim explain firm` lists the firm's parameters"),
        )
    return FoundLevers(tuple(levers), tuple(left_out))


def _section(path: str) -> str:
    return path.rpartition(".")[0]


def _is_wanted(name: str, wanted: Sequence[str]) -> bool:
    return not wanted or any(
        fnmatch.fnmatchcase(name, pattern) or fnmatch.fnmatchcase(name, FIRM + pattern) for pattern in wanted
    )


def _turned(scenario: Scenario, info: ParameterInfo, steps: int) -> FirmLever | LeftOut:
    """A parameter with its steps, or why it has none."""
    today = get_path(scenario, info.path)
    label = f"{translated(info.groups[-1])}: {translated(info.label)}"

    def left_out(reason: str, *, declared: bool = False) -> LeftOut:
        return LeftOut(info.path, label, info.unit, today, declared, reason)

    if info.no_lever:
        return left_out(translated(info.no_lever), declared=True)
    if info.path.startswith(PEOPLE) and not scenario.firm.people.followed:
        return left_out(say("the firm's staff are not followed in this scenario"))
    if info.path.startswith(LEARNING) and scenario.firm.learning.steering == "none":
        return left_out(say("the firm does not learn in this scenario"))
    if info.path.startswith(PROGRAMME) and not scenario.firm.programme.offered:
        return left_out(say("the firm offers no loyalty programme in this scenario"))
    is_number = isinstance(today, int | float) and not isinstance(today, bool)
    if is_number and info.practical is None:
        return left_out(say("no practical range is declared"))
    if is_number and info.unit.startswith("money") and scenario.money.currency not in WORTH_ABOUT_A_EURO:
        return left_out(say("its practical range is one of euros, in which this scenario does not count"))
    if not is_number and not info.choices and not isinstance(today, bool):
        return left_out(say("it is neither a number nor a choice"))
    parameter = find_parameter(scenario, info.path)
    possible: list[LeverStep] = []
    why_not = ""
    for value in _values(info, today, steps) if is_number else (info.choices or (False, True)):
        if value == today:
            possible.append(LeverStep(today, {}, is_number and _is_outer(info, today)))
            continue
        reason = _impossible(scenario, parameter, value)
        if not reason:
            possible.append(LeverStep(value, {info.path: value}, is_number and _is_outer(info, value)))
        why_not = why_not or reason
    if len(possible) < 2:
        return left_out(why_not or say("it has one value only"))
    practical = info.practical if is_number else None
    return FirmLever(info.path, label, info.unit, practical, tuple(possible), info.paid_by, info.less_costs)


def _impossible(scenario: Scenario, parameter: Parameter, value: Any) -> str:
    """Why a parameter cannot have a value while all others stay; empty where it can. What was found is left out."""
    alone = parameter.problem(value)
    problems = [problem for _, problem in problems_together(scenario, parameter, value)] if alone is None else [alone]
    return problems[0].message.partition(", found")[0] if problems else ""


def _is_outer(info: ParameterInfo, value: float) -> bool:
    assert info.practical is not None  # numbers without are left out
    return not info.practical[0] < value < info.practical[1]


def _values(info: ParameterInfo, today: float, steps: int) -> list[float]:
    """The values that a number is turned to, today's among them, in order."""
    assert info.practical is not None
    found = (
        [times * today for times in PRICE_STEPS]
        if info.path == PRICE
        else spaced(*info.practical, today, steps, dear(info))
    )
    plain = [round(value) if isinstance(today, int) else _plain(value) for value in found]
    return sorted({*plain, today})


def spaced(low: float, high: float, today: float, steps: int, dear_end: str = "") -> list[float]:
    """Values on both sides of today's: the bound, half of the way to it, a quarter, and so on.

    So there is always something between today and a bound that would win. Where today lies beyond a bound, that bound
    is among them, and the way goes to the other one. Towards the end that costs, where too much can be spent, three
    quarters of the way are among them from two steps on.

    Args:
        low: Lower bound.
        high: Upper bound.
        today: Today's value.
        steps: Number of values on each side.
        dear_end: The end that costs: "low", "high", or "" where nothing is to be paid.

    >>> spaced(0.0, 50.0, 2.0, 2), spaced(0.0, 10.0, 20.0, 2), spaced(0.0, 30.0, 2.0, 2, "high")
    ([0.0, 1.0, 26.0, 50.0], [0.0, 10.0], [0.0, 1.0, 16.0, 23.0, 30.0])
    """
    parts = [0.5**number for number in range(steps)]
    finer = [*parts, 0.75] if steps > 1 else parts
    below = [today + part * (low - today) for part in (finer if dear_end == "low" else parts) if low < today]
    above = [today + part * (high - today) for part in (finer if dear_end == "high" else parts) if today < high]
    return sorted({low, high, *map(_plain, below), *map(_plain, above)})


def dear(lever: FirmLever | ParameterInfo) -> str:
    """At which end a lever costs: "low", "high", or "" where nothing is to be paid."""
    return ("low" if lever.less_costs else "high") if lever.paid_by else ""


def _plain(value: float) -> float:
    """12 digits: 0.3, and not 0.30000000000000004, in tables."""
    return float(f"{value:.12g}")


def _together(
    scenario: Scenario, section: list[tuple[ParameterInfo, FirmLever]], of_section: int, steps: int
) -> Iterator[FirmLever]:
    """All parameters of a section as one lever, where they are alike."""
    kinds = {(info.unit, info.practical) for info, _ in section}
    if len(section) < max(of_section, 2) or len(kinds) != 1 or section[0][0].practical is None:
        return
    unit, (low, high) = section[0][0].unit, section[0][0].practical
    today = {info.path: float(get_path(scenario, info.path)) for info, _ in section}
    mean = _plain(fmean(today.values()))
    found = []
    for value in sorted({*spaced(low, high, mean, steps, dear(section[0][0])), mean}):
        outer = not low < value < high
        changes = (
            {} if value == mean else {path: _plain(_moved(own, mean, value, low, high)) for path, own in today.items()}
        )
        found.append(LeverStep(value, changes, outer))
    yield FirmLever(
        _section(section[0][0].path),
        say("{group}: all together", group=translated(section[0][0].groups[-1])),
        unit,
        (low, high),
        tuple(found),
        section[0][0].paid_by,
        section[0][0].less_costs,
    )


def _moved(own: float, mean: float, value: float, low: float, high: float) -> float:
    """One of several, moved so that their mean goes to `value`: the same part of its way to the bound as the others.

    >>> _moved(5.0, 4.0, 2.5, 1.0, 7.0), _moved(3.0, 4.0, 2.5, 1.0, 7.0)
    (3.0, 2.0)
    """
    bound = low if value < mean else high
    return bound + (own - bound) * (value - bound) / (mean - bound)
