"""Assumptions of a scenario that an answer may rest on, each with both ends of its plausible range."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from statistics import fmean
from typing import Any, NamedTuple

from sim.model.firm import Firm
from sim.model.scenario import Scenario
from sim.parameters.labels import label as label_of
from sim.parameters.labels import unit_in
from sim.parameters.paths import locate, value_at
from sim.parameters.plain_words import Place
from sim.parameters.registry import ParameterInfo, parameters
from sim.runs.execution.simulate import Base
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.parameter import ASSUMPTION, PRICE_PAID, USERS_DATA, Vector
from sim.words import say, translated

FACTOR = 2.0
"""What nobody has measured is taken to be known to a factor of two: practical ranges are those of all trades, and a
firm knows better than they what its own customers spend."""

ASSUMED, PUBLISHED, SET = "assumption", "published", "set"
"""Where a value comes from: nobody has measured it; somebody has, elsewhere; the scenario sets it."""

LOW, HIGH = "low", "high"

_NO_ASSUMPTION = ("run.", "name", "question", "asks", "calibration", "timeline", "segments[]", "market.customers")
_AS_MANY_PEOPLE = ("market.entrants_per_year",)
_A_RIVALS_OWN = ("rivals[].costs.", "rivals[].strategy.gross_margin", "rivals[].strategy.welcome_cost")
_BUT = ("prevention", "prevention_scale", "unpreventable_share")
"""What a rival earns and pays is nothing to us, but for what keeps it from failing."""

_SCALES = ("points (1-7)", "points (0-100)")
"""Units without a natural zero, of which half and double mean nothing."""

_FIRMS = ("firm.", "rivals[].")
_VALUATION = "money."

_OFF_IN_FIRM: dict[str, Callable[[Firm], bool]] = {
    "people.": lambda firm: not firm.people.followed,
    "learning.": lambda firm: firm.learning.steering == "none",
    "programme.": lambda firm: not firm.programme.offered,
    "contract.": lambda firm: firm.contract.months == 0.0,
    "certificate.": lambda firm: not firm.certificate.held,
    "price_reply.": lambda firm: firm.price_reply.cuts == firm.price_reply.rises == 0.0,
}
"""Rules of a firm that may be off; what belongs to one that is has no effect, and is not looked at."""

_OFF: dict[str, Callable[[Scenario], bool]] = {
    "talk.online.": lambda world: world.talk.online.post_share == 0.0,
    "third_party.": lambda world: world.third_party.case_share == 0.0,
    "movement.contract": lambda world: all(firm.contract.months == 0.0 for firm in world.firms),
    "movement.freedom": lambda world: all(firm.contract.months == 0.0 for firm in world.firms),
    "voice.silent_drivers.contract": lambda world: all(firm.contract.months == 0.0 for firm in world.firms),
}
"""The same of rules that are nobody's own."""

_WEIGHTS = {
    "customers.judgement.importance.": ("tangibles", "reliability", "responsiveness", "assurance", "empathy"),
    "recovery.": ("distributive", "interactional", "procedural"),
}
"""Weights that sum to 1: where one rises, the others give way, each by the same part."""


class AssumedEnd(NamedTuple):
    """An end of a plausible range.

    Attributes:
        end: `low` or `high`.
        value: The value there; of several parameters together their mean.
        changes: Parameters by path.
    """

    end: str
    value: float
    changes: dict[str, float]


class Assumed(NamedTuple):
    """An assumption: a parameter, or several that are turned together.

    Attributes:
        name: Its path, that of the section whose parts belong together, or a pattern with `*`.
        label: A short name for people.
        unit: Of its value.
        origin: `assumption`, `published` or `set`.
        source: What the registry says of it.
        value: As it is.
        practical: Lowest and highest value that a practitioner would try.
        ends: Ends of its plausible range, but for those that are the value itself, or not possible.
        is_outside: Whether the value lies outside the practical range.
        is_price: Whether it is a price that the firm pays.
        shapes_start: Whether people at the start may be others with it; not with a price that the firm pays.
        is_setup: Whether it shapes people before the first period.
    """

    name: str
    label: str
    unit: str
    origin: str
    source: str
    value: float
    practical: tuple[float, float]
    ends: tuple[AssumedEnd, ...]
    is_outside: bool
    is_price: bool
    shapes_start: bool
    is_setup: bool


def plausible(value: float, practical: tuple[float, float], unit: str = "") -> tuple[float, float]:
    """The plausible range of a value: half to double, as far as that is practical.

    On a scale without a natural zero it goes half of the way to each practical bound. Of a value beyond a practical
    bound that bound is an end, so that both ends are practical.

    >>> plausible(4.0, (1.0, 20.0)), plausible(-2.0, (-5.0, 0.0)), plausible(82.0, (65.0, 92.0), "points (0-100)")
    ((2.0, 8.0), (-4.0, -1.0), (73.5, 87.0))
    >>> plausible(50.0, (1.0, 20.0))
    (20.0, 20.0)
    """
    least, most = practical
    if unit in _SCALES:
        low, high = (value + (bound - value) / FACTOR for bound in practical)
    else:
        low, high = sorted((value / FACTOR, value * FACTOR))
    return _plain(min(max(low, least), most)), _plain(max(min(high, most), least))


def _plain(value: float) -> float:
    """12 digits: 0.3, and not 0.30000000000000004, in tables."""
    return float(f"{value:.12g}")


def find_assumptions(worlds: Sequence[Scenario], aside: Collection[str] = ()) -> tuple[Assumed, ...]:
    """The assumptions on which a comparison of worlds may rest, with the ends of their plausible ranges.

    All numbers with a practical range that no firm of ours decides on: what customers are like, what rivals do, what
    things cost, how causes work. Left out is what the worlds differ in, what no world uses since a rule is off, what
    stands at 0 (an effect that the scenario leaves out, of which half and double are nothing), how many people there
    are, and users' own data. Parts of a section with one unit and range, such as expectations on each dimension, are
    turned together; so are the same parameter of all kinds of failures, of all rivals and of all segments.

    Args:
        worlds: Today first.
        aside: Paths that are left out, rivals and segments by name.

    >>> found = {item.name: item for item in find_assumptions([Scenario(), Scenario()], ["movement.opinion"])}
    >>> [(end.end, end.value) for end in found["firm.costs.prevention_scale"].ends]
    [('low', 2.0), ('high', 8.0)]
    >>> "movement.opinion" in found, "firm.desk.agents" in found, "firm.people.pay" in found
    (False, False, False)
    """
    today = worlds[0]
    tree = today.model_dump()
    bases = [Base(world) for world in worlds]
    groups: dict[str, list[ParameterInfo]] = {}
    infos = [info for info in parameters(type(today)) if _is_assumption(info, worlds)]
    for info in infos:
        groups.setdefault(_group(info, tree, type(today)), []).append(info)
    found = []
    for name, members in groups.items():
        places = [place for info in members for place in _places(info, today, tree, type(today))]
        values = [value_at(tree, place) for place in places]
        if not all(_is_number(value) for value in values) or not any(values):
            continue
        if {_named(place, tree) for place in places} & set(aside):
            continue
        found.append(_assumed(name, members[0], today, places, values, bases))
    return tuple(item for item in found if item.ends)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_assumption(info: ParameterInfo, worlds: Sequence[Scenario]) -> bool:
    path = info.path
    if info.practical is None or info.definition or path.startswith(_NO_ASSUMPTION) or path in _AS_MANY_PEOPLE:
        return False
    if info.source == USERS_DATA or (path.startswith("firm.") and not info.no_lever):
        return False
    if path.startswith("rivals[]") and info.no_lever == PRICE_PAID:
        return False
    if path.startswith(_A_RIVALS_OWN) and not path.endswith(_BUT):
        return False
    return not any(path.startswith(start) and all(map(off, worlds)) for start, off in _OFF.items()) and not any(
        path.startswith(f"{owner}{start}") and all(off(firm) for world in worlds for firm in _whose(owner, world))
        for owner in _FIRMS
        for start, off in _OFF_IN_FIRM.items()
    )


def _whose(owner: str, world: Scenario) -> Sequence[Firm]:
    return [world.firm] if owner == "firm." else world.rivals


def _group(info: ParameterInfo, tree: dict[str, Any], kind: type[Scenario]) -> str:
    """The name of what a parameter is turned with; its own where that is nothing else."""
    path = info.path.replace("rivals[]", "rivals.*")
    head, failures, rest = path.partition(".failures.")
    if failures:
        path = f"{head}{failures}*.{rest.partition('.')[2]}"
    if any(info.path.startswith(section) and info.path.endswith(names) for section, names in _WEIGHTS.items()):
        return path
    above = info.path.rpartition(".")[0]
    siblings = [other for other in parameters(kind) if other.path.rpartition(".")[0] == above]
    alike = len({(other.unit, other.practical) for other in siblings}) == 1
    return path.rpartition(".")[0] if alike and len(siblings) > 1 and _is_vector(above, tree, kind) else path


def _is_vector(path: str, tree: dict[str, Any], kind: type[Scenario]) -> bool:
    if not path or (path.startswith("rivals[]") and not tree["rivals"]):
        return False
    _, section = locate(tree, path.replace("[]", ".0"), kind)
    return section is not None and issubclass(section, Vector)


def _places(info: ParameterInfo, today: Scenario, tree: dict[str, Any], kind: type[Scenario]) -> Iterator[Place]:
    """Where it stands: of all rivals, and of customers in every segment as well."""
    if info.path.startswith("rivals[]"):
        for number in range(len(today.rivals)):
            yield locate(tree, info.path.replace("rivals[]", f"rivals.{number}"), kind)[0]
        return
    place, _ = locate(tree, info.path, kind)
    yield place
    if place[0] == "customers":
        for number in range(len(today.segments)):
            yield ("segments", number, *place[1:])


def _named(place: Place, tree: dict[str, Any]) -> str:
    """The path of a place, with entries of lists by name."""
    return ".".join(
        str(tree[str(place[0])][part]["name"] if number == 1 and isinstance(part, int) else part)
        for number, part in enumerate(place)
    )


def _assumed(
    name: str,
    info: ParameterInfo,
    today: Scenario,
    places: Sequence[Place],
    values: Sequence[float],
    bases: Sequence[Base],
) -> Assumed:
    assert info.practical is not None  # others are left out
    ranges = [plausible(float(value), info.practical, info.unit) for value in values]
    ends = []
    for number, end in enumerate((LOW, HIGH)):
        changes: dict[str, float] = {}
        for place, value, ranged in zip(places, values, ranges, strict=True):
            there = round(ranged[number]) if isinstance(value, int) else ranged[number]
            if there != value:
                changes |= _with_others(place, there, today)
        value = _plain(fmean(ranged[number] for ranged in ranges))
        if changes and _is_possible(changes, bases):
            ends.append(AssumedEnd(end, value, changes))
    if len(ends) == 2 and ends[0].changes == ends[1].changes:
        ends.pop()
    low, high = info.practical
    return Assumed(
        name,
        _label(name, info, today),
        unit_in(info.unit, today.money.currency),
        _origin(info, values),
        translated(info.source),
        _plain(fmean(values)),
        info.practical,
        tuple(ends),
        not all(low <= value <= high for value in values),
        info.no_lever == PRICE_PAID,
        info.no_lever != PRICE_PAID and not info.path.startswith(_VALUATION),
        info.setup and not info.path.startswith(_VALUATION),
    )


def _with_others(place: Place, value: float, today: Scenario) -> dict[str, float]:
    """A parameter with its new value, and of weights that sum to 1 the others, which give way in proportion."""
    path = ".".join(map(str, place))
    general = ".".join(["customers", *map(str, place[2:])]) if place[0] == "segments" else path
    for section, names in _WEIGHTS.items():
        if not (general.startswith(section) and place[-1] in names):
            continue
        own: Any = today
        for part in place[:-1]:
            own = own[part] if isinstance(part, int) else getattr(own, part)
        rest = 1.0 - getattr(own, str(place[-1]))
        above = path.rpartition(".")[0]
        return {
            f"{above}.{other}": value if other == place[-1] else getattr(own, other) * (1.0 - value) / rest
            for other in names
        }
    return {path: value}


def _is_possible(changes: dict[str, float], bases: Sequence[Base]) -> bool:
    """Whether every world can be so: shares must not exceed 1 together, for instance."""
    try:
        for base in bases:
            base.at(changes)
    except ScenarioError:
        return False
    return True


def _origin(info: ParameterInfo, values: Sequence[float]) -> str:
    if ASSUMPTION in info.source:
        return ASSUMED
    return PUBLISHED if all(value == info.default for value in values) else SET


def _label(name: str, info: ParameterInfo, today: Scenario) -> str:
    """What it is called; of several together what their section is called."""
    kind = type(today)
    if "*" not in name and name == info.path:
        return label_of(name, kind)
    groups = [translated(group) for group in info.groups][1 if info.path.startswith(_FIRMS) else 0 :]
    own = translated(info.label) if name.endswith(info.path.rpartition(".")[2]) else ""
    if ".failures." in name:  # of all kinds of failures, not of the first
        at = info.path.split(".").index("failures")
        del groups[at + 1 - (1 if info.path.startswith(_FIRMS) else 0)]
    label = ": ".join(part for part in (", ".join(groups), own) if part)
    return say("Rivals, {label}", label=label) if name.startswith("rivals.") else label
