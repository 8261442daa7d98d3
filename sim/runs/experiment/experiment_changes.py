"""How one experiment differs from another, and whether it has only grown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.parameters.plain_words import shown
from sim.runs.experiment.definition import Experiment
from sim.words import say

_GROWING_DESIGNS = {
    "random": ("points",),
    "latin_hypercube": ("points",),
    "sobol": ("points",),
    "morris": ("trajectories",),
    "list": ("rows",),
    "grid": (),
}
"""What of each kind of design may grow and leave the points that are there, and their numbers, as they are."""

_MOST_SHOWN = 60


def changed_leaves(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Every value that differs between two trees of data, a line each, in the order of the newer one.

    >>> changed_leaves({"a": {"low": 1, "high": 2}}, {"a": {"low": 1, "high": 3}})
    ['a.high: 2 -> 3']
    >>> changed_leaves({"outputs": ["nps"]}, {"outputs": ["nps", "margin"], "seed": 0})
    ["outputs: added 'margin'", 'seed: nothing -> 0']
    """
    return list(_changed(old, new, ""))


def differences(old: Experiment, new: Experiment) -> list[str]:
    """How an experiment differs from another, in plain words; empty where they are the same.

    >>> from sim.runs.experiment.definition import Lever
    >>> old, new = (
    ...     Experiment(scenario="a.yaml", levers={"firm.desk.ease": Lever(low=0.0, high=high)}) for high in (2.0, 3.0)
    ... )
    >>> differences(old, new)
    ['levers.firm.desk.ease.high: 2.0 -> 3.0']
    """
    return changed_leaves(old.model_dump(), new.model_dump())


def is_extension(old: Experiment, new: Experiment) -> bool:
    """Whether the newer experiment has only grown, so that every run of the older one counts in it.

    These may grow: replications; points, trajectories or rows of the design; the values of the first factor of a
    grid, at the end of its list (of another, the points would get other numbers); `stopping`, when it asks for more.
    The limits of a run and the question may be what they like.

    >>> old = Experiment(scenario="a.yaml", replications=2)
    >>> is_extension(old, old.model_copy(update={"replications": 5}))
    True
    >>> is_extension(old, old.model_copy(update={"scenario": "b.yaml"}))
    False
    """
    before, after = old.model_dump(), new.model_dump()
    for side in (before, after):
        for key in ("question", "limits"):
            del side[key]
    if not _grown(before.pop("replications"), after.pop("replications")):
        return False
    if not _more_stopping(before.pop("stopping"), after.pop("stopping")):
        return False
    for key in _GROWING_DESIGNS[new.design.kind]:
        if not _grown(before["design"].pop(key), after["design"].pop(key)):
            return False
    first = next(iter(new.factors), None)
    if new.design.kind == "grid" and first is not None and first == next(iter(old.factors), None):
        section = "levers" if first in new.levers else "uncertainties"
        factors = [side[section].get(first, {}) for side in (before, after)]
        if not _grown(*(factor.pop("values", None) for factor in factors)):
            return False
    order = [[list(side.levers), list(side.uncertainties)] for side in (old, new)]
    return before == after and order[0] == order[1]


def _grown(old: Any, new: Any) -> bool:
    """Whether a number is no smaller, or a list begins with the older one."""
    if isinstance(old, list) and isinstance(new, list):
        return new[: len(old)] == old
    if old is None or new is None:
        return old is new
    return bool(new >= old)


def _more_stopping(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> bool:
    if old is None or new is None:
        return old is None
    same = old["output"] == new["output"]
    return same and new["half_width"] <= old["half_width"] and new["at_most"] >= old["at_most"]


def _changed(old: Any, new: Any, path: str) -> Iterator[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys([*new, *old]):
            here = f"{path}.{key}" if path else str(key)
            yield from _changed(old.get(key), new.get(key), here)
        return
    if old == new and isinstance(old, bool) == isinstance(new, bool):
        return
    if isinstance(old, Mapping) or isinstance(new, Mapping):
        if new is None:
            yield say("{path}: removed", path=path)
        elif old is None:
            yield say("{path}: added", path=path)
        else:
            yield f"{path}: {_told(old)} -> {_told(new)}"
    elif isinstance(old, list) and isinstance(new, list):
        yield from _changed_list(old, new, path)
    else:
        yield f"{path}: {_told(old)} -> {_told(new)}"


def _changed_list(old: list[Any], new: list[Any], path: str) -> Iterator[str]:
    """What was added at the end, or each position that differs; both whole where their lengths differ otherwise."""
    if new[: len(old)] == old:
        yield say("{path}: added {items}", path=path, items=_told(new[len(old) :]))
    elif len(old) == len(new) and any(isinstance(item, Mapping | list) for item in old):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _changed(one, other, f"{path}.{index}")
    else:
        yield f"{path}: [{_told(old)}] -> [{_told(new)}]"


def _told(value: Any) -> str:
    if isinstance(value, list):
        text = (
            ", ".join(_told(item) for item in value)
            if len(value) <= _MOST_SHOWN
            else say("{length} entries", length=len(value))
        )
        return text if len(text) <= 2 * _MOST_SHOWN else say("{length} entries", length=len(value))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_told(item)}" for key, item in value.items()) + "}"
    return shown(value)
