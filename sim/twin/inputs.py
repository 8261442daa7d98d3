"""What the constructors of both Mesa models take: a scenario, parameters by path, a seed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.model.scenario import Scenario
from sim.parameters.timeline import set_path
from sim.rules.reading import RuleSource
from sim.rules.scenario_kinds import with_rules
from sim.scenario import Loaded, load_scenario, load_text
from sim.words import say

SHORT = {"customers": "market.customers", "periods": "run.periods", "preset": "voice.preset"}
"""Parameters with a name of their own among the arguments of both Mesa models."""

Source = Scenario | Loaded | str | Path | None
"""A scenario, one that was loaded, the name of a file, or None for the default scenario."""


def resolved(
    source: Source, changes: Mapping[str, Any], rules: Sequence[RuleSource] = ()
) -> tuple[Scenario, Path | None]:
    """The scenario with parameters changed by path, with rules from outside, and the folder of its file.

    Raises:
        ScenarioError: If the file, a path or a value is not allowed.
        ValueError: If a preset is asked for where there is no file to read.

    >>> resolved(None, {"voice.preset": "slogan"})[0].voice.lapse_share
    1.0
    """
    paths = {SHORT.get(path, path): _plain(value) for path, value in changes.items() if path != "scenario"}
    if isinstance(changes.get("scenario"), Scenario | Loaded | str | Path):
        raise ValueError(say("give the scenario as `source`: Mesa has another thing by the name of scenario"))
    if source is None or isinstance(source, str | Path):
        texts = [f"{path}={json.dumps(value)}" for path, value in paths.items()]
        loaded = load_text("{}", texts, rules=rules) if source is None else load_scenario(source, texts, rules=rules)
        return loaded.scenario, loaded.base_dir
    scenario, base_dir = (source, None) if isinstance(source, Scenario) else (source.scenario, source.base_dir)
    if "voice.preset" in paths:
        raise ValueError(say("a preset is applied when a file is read: give the file, or load it with the preset"))
    scenario = with_rules(scenario, rules)
    for path, value in paths.items():
        scenario = set_path(scenario, path, value)
    return scenario, base_dir


def chosen_seed(seed: Any, rng: Any, otherwise: int) -> int:
    """The seed that was asked for as `seed` or as `rng`: 0 to 2**64 - 1.

    >>> chosen_seed(None, None, 5), chosen_seed("12", None, 5), chosen_seed(None, 3, 5)
    (5, 12, 3)
    """
    if seed is not None and rng is not None:
        raise ValueError(say("give seed or rng, not both"))
    asked = seed if rng is None else rng
    if asked is None:
        return otherwise
    if isinstance(asked, np.random.Generator):
        return int(asked.integers(2**63))
    typed = isinstance(asked, str) and asked.strip().isdecimal()  # a dashboard's input field gives text
    number = int(asked) if typed or isinstance(asked, int | float | np.number) else -1
    if not (typed or number == asked) or not 0 <= number < 2**64 or isinstance(asked, bool):
        raise ValueError(say("seed is {asked!r}, allowed: a whole number from 0 to 2**64 - 1", asked=asked))
    return number


def _plain(value: Any) -> Any:
    """A NumPy number as a Python number."""
    return value.item() if isinstance(value, np.generic) else value
