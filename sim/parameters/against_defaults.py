"""A scenario beside the defaults: what was changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.model.scenario import Scenario
from sim.parameters.leaves import leaves

_LISTS = ("rivals", "segments")


def against_defaults(scenario: Scenario) -> Iterator[tuple[str, str, Any, Any]]:
    """Path, path in the registry, value and default of every parameter but the timeline.

    A rival starts from the default rival, a segment from what the scenario says of all customers.

    >>> from sim.model.money import Money
    >>> found = against_defaults(Scenario(money=Money(discount_rate=0.2)))
    >>> [(path, value) for path, _, value, default in found if value != default]
    [('money.discount_rate', 0.2)]
    """
    values, defaults = scenario.model_dump(), type(scenario)().model_dump()
    listed = {key: values.pop(key) for key in _LISTS}
    for tree in (values, defaults):
        tree.pop("timeline")
    known = dict(leaves({key: value for key, value in defaults.items() if key not in _LISTS}))
    for path, value in leaves(values):
        yield path, path, value, known.get(path)
    usual = {"rivals": Scenario().rivals[0].model_dump(), "segments": {"share": 1.0, **values["customers"]}}
    for key in _LISTS:
        start = dict(leaves(usual[key]))
        for item in listed[key]:
            for path, value in leaves(item):
                if path != "name":
                    yield f"{key}.{item['name']}.{path}", f"{key}[].{path}", value, start.get(path)
