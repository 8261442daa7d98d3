"""Whether what a run takes of memory is there, and how large a run could be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.engine.footprint import MIB, Part, footprint, is_trivial, total
from sim.engine.free import HEADROOM, Free, free_memory
from sim.model.scenario import Scenario
from sim.vocabulary.errors import Problem
from sim.words import say, written

ALWAYS = 64 * MIB
"""Less than this is never refused: whoever has not even that cannot start the program."""

MOST_NAMED = 3
"""Kinds of arrays that a refusal names."""


@dataclass(frozen=True)
class SizeLever:
    """A number that makes a run larger or smaller.

    Attributes:
        key: The parameter or option.
        now: Its value.
        least: The smallest value there is.
        takes: Bytes at another value; grows with it.
    """

    key: str
    now: int
    least: int
    takes: Callable[[int], int]

    def most(self, usable: int) -> int | None:
        """The largest value up to now that fits; None where not even the least does.

        >>> SizeLever("a", 1000, 1, lambda value: 3 * value).most(100)
        33
        """
        low, high = self.least, self.now
        if low > high or self.takes(low) > usable:
            return None
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.takes(middle) <= usable else (low, middle - 1)
        return low


def size_text(size: int) -> str:
    """Bytes for people.

    >>> size_text(3 * 2**30), size_text(100 * 2**20), size_text(1)
    ('3.0 GiB', '100 MiB', '0 MiB')
    """
    return f"{written(size / 2**30, ',.1f')} GiB" if size >= 2**30 else f"{written(size / MIB, ',.0f')} MiB"


def made_of(parts: Sequence[Part]) -> str:
    """The size of all, and the largest of them.

    >>> made_of([Part("people", 3 * 2**30, ""), Part("people", 2**30, ""), Part("network", 2**20, "")])
    '4.0 GiB: people 4.0, network 0.0'
    """
    sizes: dict[str, int] = {}
    for part in parts:
        sizes[part.name] = sizes.get(part.name, 0) + part.size
    largest = sorted((item for item in sizes.items() if item[1]), key=lambda item: -item[1])[:MOST_NAMED]
    unit = 2**30 if total(parts) >= 2**30 else MIB
    digits = 1 if unit == 2**30 else 0
    return f"{size_text(total(parts))}: " + ", ".join(
        f"{name} {written(size / unit, f',.{digits}f')}" for name, size in largest
    )


def refusal(parts: Sequence[Part], free: Free, levers: Sequence[SizeLever], what: str = "") -> Problem | None:
    """What is wrong with a run that does not fit; None for one that does.

    Args:
        parts: What it takes at its peak.
        free: What is free.
        levers: What could be smaller, the most usual first.
        what: What takes it; without it, the run.

    Returns:
        A problem without place, whose key is that of the largest part if less of it is enough, else the first that is.
    """
    if total(parts) <= max(free.usable, ALWAYS):
        return None
    by_key: dict[str, int] = {}
    for part in parts:
        by_key[part.key] = by_key.get(part.key, 0) + part.size
    main = max(by_key, key=lambda key: by_key[key])
    able = [
        (lever, lever.most(max(free.usable, ALWAYS))) for lever in sorted(levers, key=lambda item: item.key != main)
    ]
    named = [(lever.key, most) for lever, most in able if most is not None and most < lever.now]
    key = named[0][0] if named else main
    sizes = {"usable": size_text(free.usable), "size": size_text(free.size), "source": free.source, "kept": HEADROOM}
    allowed = (
        say(
            "{usable}, of {size} free {source} ({kept:.0%} is kept back); that is {most:,} at most",
            most=rounded(named[0][1]),
            **sizes,
        )
        if named
        else say("{usable}, of {size} free {source} ({kept:.0%} is kept back)", **sizes)
    )
    hint = say("or {key} {most:,} at most", key=named[1][0], most=rounded(named[1][1])) if len(named) > 1 else ""
    return Problem(
        say("{what} takes more memory than is free", what=what or say("the run")),
        key,
        found=made_of(parts),
        allowed=allowed,
        hint=hint,
    )


def rounded(number: int) -> int:
    """A number cut to two digits: no more of it is sure.

    >>> rounded(4_294_967), rounded(7)
    (4200000, 7)
    """
    digits = 10 ** max(0, len(str(number)) - 2)
    return number // digits * digits


def changed(scenario: Scenario, section: str, **values: Any) -> Scenario:
    """A scenario with values of `run`, `market` or `market.network` replaced, unchecked."""
    inner: Any = scenario.market.network if section == "network" else getattr(scenario, section)
    inner = inner.model_copy(update=values)
    if section == "network":
        return scenario.model_copy(update={"market": scenario.market.model_copy(update={"network": inner})})
    return scenario.model_copy(update={section: inner})


def levers_of(scenario: Scenario, takes: Callable[[Scenario], int]) -> Iterator[SizeLever]:
    """What of a scenario could be smaller.

    Args:
        scenario: The scenario.
        takes: Bytes that a scenario takes.
    """
    market, run = scenario.market, scenario.run
    yield SizeLever(
        "market.customers", market.customers, 1, lambda value: takes(changed(scenario, "market", customers=value))
    )
    yield SizeLever(
        "market.entrants_per_year",
        int(market.entrants_per_year),
        0,
        lambda value: takes(changed(scenario, "market", entrants_per_year=float(value))),
    )
    yield SizeLever(
        "market.network.mean_degree",
        int(market.network.mean_degree),
        0,
        lambda value: takes(changed(scenario, "network", mean_degree=float(value))),
    )
    yield SizeLever("run.panel", run.panel, 0, lambda value: takes(changed(scenario, "run", panel=value)))
    yield SizeLever("run.periods", run.periods, 1, lambda value: takes(changed(scenario, "run", periods=value)))


def too_large(scenario: Scenario, threads: int = 1, base_dir: Path | None = None) -> Problem | None:
    """Why one run of a scenario does not fit into what is free now, if it does not.

    >>> too_large(Scenario())
    """
    if is_trivial(scenario) and threads == 1:
        return None
    parts = footprint(scenario, threads, base_dir).peak
    if total(parts) <= ALWAYS:
        return None
    levers = levers_of(scenario, lambda other: total(footprint(other, threads, base_dir).peak))
    return refusal(parts, free_memory(threads), [*levers])
