"""Records: parameters as compiled code reads them, structured arrays with the names of the scenario file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel

from sim.compiled import PLAIN, double, kernel, rule
from sim.model.bonds import accepted_offers, forgiving
from sim.model.certificate import steadied, trusted, yearly_fee
from sim.model.contexts import Environment
from sim.model.contract import ALWAYS, bound_years
from sim.model.desk import QUEUES, desk_staff, idle_or_not
from sim.model.dimensions import DIMENSIONS
from sim.model.expectation import believed_promise
from sim.model.failures import FAILURE_MODES, Failures
from sim.model.firm import Firm, advertising_reach
from sim.model.guarantee import warranted
from sim.model.learning import INSTRUMENTS
from sim.model.market import PERIODS_PER_YEAR
from sim.model.money import Money
from sim.model.movement import Movement
from sim.model.onboarding import strain
from sim.model.opinion import share_left
from sim.model.price import Others, Prices, asked, beside, got_used, market_prices, price_of
from sim.model.programme import points_lapse
from sim.model.quality_cost import service_effort
from sim.model.recovery import Recovery
from sim.model.scenario import Scenario
from sim.model.shares import chance_of_event, chance_per_period
from sim.model.systems import failure_ladder, failure_odds
from sim.model.talk import Talk
from sim.model.third_party import ThirdParty
from sim.model.tiers import tier_barrier
from sim.model.voice import Voice
from sim.vocabulary.observables import FIXED_POINT, O
from sim.vocabulary.parameter import Vector

if TYPE_CHECKING:
    from sim.model.record_types import Counts, FirmRecord, Numbers, Records, SegmentRecord, WorldRecord


OF_MODES = ("probability", "severity", "complaint_propensity")
"""Numbers of a failure mode that compiled code reads, beside what it hurts."""


class World(BaseModel):
    """The sections that hold for the whole market, as one record."""

    voice: Voice
    recovery: Recovery
    talk: Talk
    movement: Movement
    money: Money
    third_party: ThirdParty


@cache
def record_type(section: type[BaseModel]) -> np.dtype[np.void]:
    """The structured type of a section: numbers as float64, sub-sections nested, text left out.

    >>> from sim.model.dimensions import Levels
    >>> record_type(Levels)
    Traceback (most recent call last):
        ...
    TypeError: Levels is a vector, not a record
    """
    if issubclass(section, Vector):
        raise TypeError(f"{section.__name__} is a vector, not a record")
    if section is Failures:
        count = len(FAILURE_MODES)
        numbers = [(name, "f8", (count,)) for name in OF_MODES]
        return np.dtype([*numbers, ("hurts", "f8", (count, len(DIMENSIONS)))], align=True)
    fields: list[Any] = []
    for name, field in section.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Vector):
            fields.append((name, "f8", (len(kind.model_fields),)))
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            fields.append((name, record_type(kind)))
        elif kind in (float, int, bool) or name == "queue":
            fields.append((name, "f8"))
    return np.dtype(fields, align=True)


def _values(section: BaseModel) -> tuple[Any, ...]:
    """The section's numbers, nested as `record_type` nests them."""
    if isinstance(section, Failures):
        modes = [getattr(section, name) for name in FAILURE_MODES]
        hurts = [[getattr(mode.hurts, name) for name in DIMENSIONS] for mode in modes]
        return *([getattr(mode, name) for mode in modes] for name in OF_MODES), hurts
    values: list[Any] = []
    for name in record_type(type(section)).names or ():
        value = getattr(section, name)
        if isinstance(value, Vector):
            values.append([getattr(value, key) for key in type(value).model_fields])
        elif isinstance(value, BaseModel):
            values.append(_values(value))
        else:
            values.append(QUEUES[value] if name == "queue" else float(value))
    return tuple(values)


def records(sections: list[Any], extra: dict[str, Any] | None = None) -> Any:
    """One structured array with a record for each section; `extra` adds derived columns by name.

    >>> from sim.model.firm import Firm
    >>> firms = records([Firm(name="rival", initial_share=0.25)])
    >>> float(firms[0]["initial_share"])
    0.25
    """
    kind: type[BaseModel] = type(sections[0])
    base = record_type(kind)
    derived = extra or {}
    fields: list[Any] = [(name, base.fields[name][0]) for name in base.names or ()]  # type: ignore[index]
    fields += [(name, "f8", np.shape(value)[1:]) for name, value in derived.items()]
    array = np.zeros(len(sections), np.dtype(fields, align=True))
    for row, section in enumerate(sections):
        for name, value in zip(base.names or (), _values(section), strict=True):
            array[name][row] = value
    for name, value in derived.items():
        array[name] = value
    return array.view(np.recarray) if PLAIN else array


def period_length(scenario: Scenario) -> float:
    """Length of one period in years.

    >>> period_length(Scenario()) * 52
    1.0
    """
    return 1.0 / PERIODS_PER_YEAR[scenario.run.period]


def believed_levels(firm: Firm, scenario: Scenario) -> list[float]:
    """What those who are not its customers believe of a firm's promise, by dimension."""
    usual, reach = scenario.customers.expectations.will, scenario.movement.promise_reach
    found = []
    for name in DIMENSIONS:
        promise = getattr(firm.strategy.promise, name)
        believed = trusted(promise, believed_promise(promise, getattr(usual, name), reach), firm.certificate)
        found.append(warranted(promise, believed, firm.guarantee))
    return found


def firm_records(scenario: Scenario, before: Records[FirmRecord] | None = None, period: int = 0) -> Records[FirmRecord]:
    """The firms, focal one first, with chances per period, cumulated failure odds, and what follows from policy.

    `before` are the firms up to this period, on whose customers no contract is imposed that they did not sign.
    """
    firms = scenario.firms
    years = period_length(scenario)
    staff = [desk_staff(firm.desk, scenario.market.customers) for firm in firms]
    found = records(
        list(firms),
        {
            "failure_ladder": [failure_ladder(failure_odds(firm.systems, firm.costs)) for firm in firms],
            "advertising_chance": [chance_per_period(advertising_reach(f.strategy), years) for f in firms],
            "believed": [believed_levels(firm, scenario) for firm in firms],
            "bound_years": [bound_years(firm.contract, scenario.movement.freedom) for firm in firms],
            "signed_since": signed_since(firms, before, period),
            "strain": [strain(firm.onboarding) for firm in firms],
            "accepted_offers": [accepted_offers(firm.win_back) for firm in firms],
            "instrument": [INSTRUMENTS[f.learning.steering] for f in firms],
            "effort": [service_effort(f.systems.service, f.systems.staff_variation, f.costs) for f in firms],
            "desk_hours": [firm.desk.hours_per_year * each.time for firm, each in zip(firms, staff, strict=True)],
            "desk_paid": [idle_or_not(firm.desk, each) * years for firm, each in zip(firms, staff, strict=True)],
            "points_lapse": [points_lapse(firm.programme, years) for firm in firms],
            "tier_barrier": [tier_barrier(firm.programme) for firm in firms],
            "year_passes": [chance_of_event(1.0, years)] * len(firms),
            "contact_chance": [chance_of_event(f.win_back.contacts_per_year, years) for f in firms],
            "certificate_paid": [yearly_fee(firm.certificate) * years for firm in firms],
        },
    )
    found["systems"]["staff_variation"] = [steadied(firm) for firm in firms]
    return found


def segment_records(scenario: Scenario) -> Records[SegmentRecord]:
    """The segments, with chances per period."""
    segments = scenario.all_segments
    years = period_length(scenario)
    return records(
        list(segments),
        {
            "return_chance": [chance_of_event(s.bonds.returns_per_year, years) for s in segments],
            "forgiveness_chance": [chance_of_event(forgiving(s.bonds), years) for s in segments],
            "renewal_chance": [chance_per_period(s.bonds.renewal_per_year, years) for s in segments],
        },
    )


def world_record(scenario: Scenario) -> Records[WorldRecord]:
    """Voice, recovery, talk, movement and money; the length of a period, in years, and what it leaves of opinions."""
    years, fading = period_length(scenario), scenario.talk.opinion
    world = World(**{name: getattr(scenario, name) for name in World.model_fields})
    return records(
        [world],
        {
            "years": [years],
            "rebuy_share": [scenario.market.rebuy_share],
            "opinion_left": [[share_left(years, fading.half_life), share_left(years, fading.own_half_life)]],
        },
    )


def attributed(array: Any) -> Any:
    """A structured array whose records have attributes, also where code is not compiled."""
    return array.view(np.recarray) if PLAIN else array


def copied(array: Any) -> Any:
    """A copy of a structured array, byte by byte: NumPy's own goes through hundreds of fields, ten times as long.

    >>> firms = firm_records(Scenario())
    >>> bool((copied(firms) == firms).all()), copied(firms) is firms
    (True, False)
    """
    return attributed(array.view(np.uint8).copy().view(array.dtype))


def present(environment: Environment) -> list[bool]:
    """Which firms are in the market.

    >>> present(environment_records(Scenario()))
    [True, True]
    """
    return [bool(firm["in_market"]) for firm in environment.firms]


def priced(environment: Environment, usual: Sequence[float], market: Sequence[float]) -> Environment:
    """The environment in which the customers of each firm are used to these prices, and others ask those.

    Args:
        environment: Firms, segments and world as records.
        usual: Price index that the customers of each firm are used to.
        market: Price index of the market without each firm.
    """
    firms, segments = environment.firms, environment.segments
    years = float(environment.world[0]["years"])
    there = present(environment)
    tables = np.array(
        [
            [asked(f["strategy"], s, float(u), float(m), years, rivals=sum(there) > here) for s in segments]
            for f, u, m, here in zip(firms, usual, market, there, strict=True)
        ]
    )
    columns = [np.ascontiguousarray(tables[:, :, field]) for field in range(tables.shape[2])]
    before: Any = environment.prices
    replies = (np.ones(len(firms)), np.zeros(len(firms))) if before is None else (before.replied, before.waited)
    return environment._replace(
        prices=Prices._make([np.array(usual, float), np.array(market, float), *columns, *replies])
    )


def remembered(environment: Environment) -> dict[str, Numbers]:
    """What an environment has from the past, by name: what is known of the firms, and what prices were and became."""
    prices = environment.prices
    known = {name: getattr(prices, name) for name in ("usual", "market", "replied", "waited")}
    return {"reputation": environment.reputation, **known}


def remembering(environment: Environment, past: Mapping[str, Any]) -> Environment:
    """The environment with another past, see `remembered`; firms ask what their parameters and replies say.

    Args:
        environment: Of firms that have not replied to prices.
        past: Arrays by name.
    """
    firms: Any = environment.firms
    firms["strategy"]["price_index"] *= past["replied"]
    prices = environment.prices._replace(replied=past["replied"], waited=past["waited"])
    known = environment._replace(reputation=past["reputation"], prices=prices)
    return priced(known, past["usual"].tolist(), past["market"].tolist())


@kernel
def get_known(environment: Environment, stocks: Counts, known: Any) -> None:
    """Fill `known`, float64[firms], with what the market knows of each firm at the end of a period, see `knowing`."""
    for f in range(stocks.shape[0]):
        customers = 0
        satisfaction = 0
        for s in range(stocks.shape[1]):
            customers += stocks[f, s, O.active]
            satisfaction += stocks[f, s, O.satisfaction_sum]
        if customers > 0:
            known[f] = double(satisfaction) / FIXED_POINT / customers
        else:
            known[f] = environment.reputation[f]


def knowing(environment: Environment, stocks: Counts) -> Environment:
    """The environment in which the market knows each firm by the mean satisfaction of its customers.

    Args:
        environment: Of the period; a firm without customers keeps its reputation.
        stocks: int64[firms, segments, observables].
    """
    known = np.empty(len(stocks))
    get_known(environment, stocks, known)
    return environment._replace(reputation=known)


@kernel
def get_used(environment: Environment, stocks: Counts, usual: Any, market: Any) -> None:
    """Fill `usual` and `market`, float64[firms], with the price indexes of `Prices` when a period has passed."""
    world, before = environment.world[0], environment.prices.usual
    for f in range(stocks.shape[0]):
        usual[f] = got_used(
            before[f], environment.firms[f].strategy.price_index, world.years, world.movement.price_memory
        )
    for f in range(stocks.shape[0]):
        market[f] = _others_price(environment, stocks, usual, f)


@rule
def _others_price(environment: Environment, stocks: Counts, usual: Any, f: int) -> float:
    """Price index of the market without firm f, see `market_prices`."""
    others = Others(0, 0, 0.0, 0.0)
    for g in range(stocks.shape[0]):
        customers = 0
        for s in range(stocks.shape[1]):
            customers += stocks[g, s, O.active]
        if g != f:
            others = beside(others, usual[g], customers, environment.firms[g].in_market != 0.0)
    return price_of(others)


@kernel
def have_moved(environment: Environment, usual: Numbers, market: Numbers) -> bool:
    """Whether these price indexes, see `get_used`, are others than before: in most markets seldom."""
    before = environment.prices
    moved = False
    for f in range(usual.shape[0]):
        moved |= (usual[f] != before.usual[f]) | (market[f] != before.market[f])
    return bool(moved)


def signed_since(firms: Sequence[Firm], before: Records[FirmRecord] | None, period: int) -> list[float]:
    """Since which period each firm's newcomers sign its contract; `ALWAYS` from the start."""
    if before is None:
        return [ALWAYS] * len(firms)
    return [
        period if firm.contract.months > 0.0 and had["contract"]["months"] <= 0.0 else float(had["signed_since"])
        for firm, had in zip(firms, before, strict=True)
    ]


def environment_records(
    scenario: Scenario, before: Environment | None = None, period: int = 0, today: Scenario | None = None
) -> Environment:
    """What surrounds everybody: reputations and prices are those of `before`, or what customers start with.

    Args:
        scenario: What holds from this period on.
        before: What surrounded everybody up to it.
        period: Its number.
        today: At the start, the scenario under which those who are there became customers, if it was another.

    >>> environment_records(Scenario()).reputation.tolist()
    [76.0, 76.0]
    """
    held = before.firms if before is not None else None if today is None else firm_records(today)
    firms, segments, world = firm_records(scenario, held, period), segment_records(scenario), world_record(scenario)
    if before is not None:
        return remembering(before._replace(firms=firms, segments=segments, world=world), remembered(before))
    start = scenario.all_segments[0].judgement.initial_satisfaction
    usual = [firm.strategy.usual_price for firm in scenario.firms]
    customers = [round(firm.initial_share * scenario.market.customers) for firm in scenario.firms]
    unpriced: Any = None
    return priced(
        Environment(firms, segments, world, np.full(len(usual), start), unpriced),
        usual,
        market_prices(usual, customers, [firm.in_market for firm in scenario.firms]),
    )
