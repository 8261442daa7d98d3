"""Sliders for a class, in a notebook: today beside a what-if, with the same luck.

`sim.sliders("scenarios/baseline.yaml", "firm.desk.ease", "firm.desk.resolution_share")` is a line for a teacher: each
parameter gets a slider over its practical range, and below them stands what the change does, with intervals.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from sim.vocabulary.errors import ExitVoiceError, ScenarioError
from sim.vocabulary.extras import needed
from sim.words import say

SMALL = ("market.customers=2000", "run.periods=104", "money.measure_opportunity_cost=false")
"""A world that answers within seconds."""


def sliders(
    scenario: str | os.PathLike[str],
    *paths: str,
    overrides: Sequence[str] = SMALL,
    replications: int = 5,
    seed: int = 1,
) -> Any:
    """Sliders over parameters of a scenario, and what moving them does. Needs the extra `notebooks`.

    Args:
        scenario: The scenario file of today.
        paths: Parameters to move, such as `firm.desk.ease`: numbers that have a practical range, switches, choices.
        overrides: What else is changed in both worlds; a small world if left out.
        replications: Pairs of runs behind each answer.
        seed: Seed of replication 0.

    Returns:
        A box of ipywidgets: the sliders, a button back to today, and the answer as a notebook shows it.

    Raises:
        MissingExtraError: If ipywidgets is not installed.
        ScenarioError: If the file or a path is wrong.

    >>> sim.sliders("scenarios/baseline.yaml", "firm.desk.ease", "firm.desk.agents")  # doctest: +SKIP
    """
    from sim.app.movable import levers
    from sim.parameters.plain_words import nearest_path
    from sim.scenario import load_scenario

    widgets = needed("ipywidgets", "notebooks", say("Sliders"))
    known = {lever["path"]: lever for lever in levers(load_scenario(scenario, overrides))}
    for path in paths:
        if path not in known:
            raise ScenarioError(say("no parameter that a slider can move"), path, suggestion=nearest_path(path, known))
    moved = {path: _mover(widgets, known[path]) for path in paths}
    answer = widgets.HTML()
    back = widgets.Button(description=say("Back to today"), layout={"width": "auto"})
    start = {path: slider.value for path, slider in moved.items()}
    holding = [False]

    def show(_: Any = None) -> None:
        if holding[0]:
            return
        changes = [f"{path}={slider.value}" for path, slider in moved.items() if slider.value != start[path]]
        answer.value = _answer(os.fspath(scenario), overrides, changes, replications, seed)

    def reset(_: Any) -> None:
        holding[0] = True
        for path, slider in moved.items():
            slider.value = start[path]
        holding[0] = False
        show()

    for slider in moved.values():
        slider.observe(show, names="value")
    back.on_click(reset)
    show()
    return widgets.VBox([*moved.values(), back, answer])


def _mover(widgets: Any, lever: Mapping[str, Any]) -> Any:
    """A slider over the practical range, a box to tick, or a list to choose from."""
    told = {
        "description": lever["label"],
        "tooltip": lever["meaning"],
        "style": {"description_width": "16em"},
        "layout": {"width": "40em", "max_width": "100%"},
    }
    if lever["kind"] == "switch":
        return widgets.Checkbox(lever["value"], **told)
    if lever["kind"] == "choice":
        return widgets.Dropdown(options=lever["choices"], value=lever["value"], **told)
    kind = widgets.IntSlider if lever["step"] == 1 else widgets.FloatSlider
    limits = {name: lever[end] for name, end in (("min", "low"), ("max", "high"), ("step", "step"))}
    return kind(lever["value"], **limits, **told, continuous_update=False)


def _answer(scenario: str, overrides: Sequence[str], changes: Sequence[str], replications: int, seed: int) -> str:
    """Today where nothing is changed, else the comparison; the program's own message where a value is not allowed."""
    from html import escape

    from sim.runs.run import run
    from sim.scenario import load_scenario
    from sim.studies.comparison.compare import compare

    try:
        if not changes:
            shown = run(scenario, overrides=list(overrides), replications=replications, seed=seed)
            return shown._repr_html_() or ""
        worlds = [
            load_scenario(scenario, [*overrides, f"name={say('Today')}"]),
            load_scenario(scenario, [*overrides, *changes, f"name={say('What if')}"]),
        ]
        return compare(worlds, replications=replications, seed=seed, shares=False)._repr_html_() or ""
    except ExitVoiceError as error:
        return f"<pre><output>{escape(str(error))}</output></pre>"
