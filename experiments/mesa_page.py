"""For those who come from Mesa: the engine on Mesa's own page, SolaraViz, with sliders from our registry.

In the folder of the sources: `pip install '.[solara]'`, then
`solara run experiments/mesa_page.py --host 127.0.0.1 --production --no-check-version`. Step and play go on week by
week. `sim app` shows more: two worlds with the same luck, intervals, people. More for those who know Mesa is in
`docs/mesa.md`.

SolaraViz makes the model anew, as `FastModel(**parameters)`, when Reset is pressed: what sliders say holds from then
on. Habits of it to know: without `--production` the page asks a site of Solara once, to tell it that it works, and
without `--no-check-version` the server asks PyPI for a newer Solara; what is typed into a text field arrives as text,
so that the seed is a slider here; a slider puts its value on the nearest of its own steps, so that these have to reach
the default; long labels shrink sliders to dots; and drawing takes longer than simulating: a larger render interval
draws fewer weeks.
"""

from collections.abc import Callable
from pathlib import Path

from mesa.visualization import Slider, SolaraViz, make_plot_component

from sim.app.movable import step
from sim.mesa import FastModel
from sim.parameters.plain_words import information
from sim.scenario import load_scenario

SCENARIO = Path(__file__).resolve().parents[1] / "scenarios" / "baseline.yaml"
LEVERS = ("firm.desk.ease", "firm.desk.answer_share", "firm.strategy.price_index")


def slider(path: str) -> Slider:
    """A slider over the practical range of a parameter, from its default."""
    info = information(path)
    low, high = info.practical
    return Slider(info.label, info.default, low, high, step(low, high))


def titled(title: str, unit: str) -> Callable:
    """Words for a plot, and room for all weeks from the first."""

    def finish(axes) -> None:
        axes.set(title=title, ylabel=unit, xlim=(0, WEEKS))

    return finish


WEEKS = load_scenario(SCENARIO).scenario.run.periods
FIXED = {"source": SCENARIO}
SLIDERS = {"seed": Slider("Seed", 1, 0, 99, 1), **{path: slider(path) for path in LEVERS}}

page = SolaraViz(
    FastModel(**FIXED, **{name: one.value for name, one in SLIDERS.items()}),
    components=[
        make_plot_component({"active": "tab:blue"}, titled("Customers of the firm", "people")),
        make_plot_component(
            {"dissatisfied": "tab:orange", "registered": "tab:purple"},
            titled("Dissatisfied, and registered", "a week"),
        ),
        make_plot_component({"satisfaction_mean": "tab:green"}, titled("Mean satisfaction", "points of 100")),
    ],
    model_params={**FIXED, **SLIDERS},
    name="ExitVoice",
)
