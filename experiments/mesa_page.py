"""For those who come from Mesa: the engine on Mesa's own page, SolaraViz, with sliders from our registry.

In the folder of the sources: `pip install '.[solara]'`, then
`solara run experiments/mesa_page.py --host 127.0.0.1 --production`. The play button goes on week by week. `sim app`
shows more: two worlds with the same luck, intervals, people.

SolaraViz makes the model anew, as `FastModel(**parameters)`, when Reset is pressed: what sliders say holds from then
on. Habits of it to know: without `--production` the page asks a site of Solara once, to tell it that it works; what is
typed into a text field arrives as text, so that the seed is a slider here; long labels shrink its sliders to dots; and
drawing takes longer than simulating, so that not every step is drawn.
"""

from pathlib import Path

from mesa.visualization import Slider, SolaraViz, make_plot_component

from sim.mesa import FastModel
from sim.parameters.plain_words import information

SCENARIO = Path(__file__).resolve().parents[1] / "scenarios" / "baseline.yaml"
LEVERS = ("firm.desk.ease", "firm.desk.answer_share", "firm.strategy.price_index")


def slider(path: str) -> Slider:
    """A slider over the practical range of a parameter, from its default."""
    info = information(path)
    low, high = info.practical
    return Slider(info.label, info.default, low, high, (high - low) / 100)


FIXED = {"source": SCENARIO, "customers": 2000, "overrides": {"run.settling.years": 0}}  # each reset would settle anew
SLIDERS = {"seed": Slider("Seed", 1, 0, 99, 1), **{path: slider(path) for path in LEVERS}}

page = SolaraViz(
    FastModel(**FIXED, **{name: one.value for name, one in SLIDERS.items()}),
    components=[
        make_plot_component({"active": "tab:blue"}),
        make_plot_component({"dissatisfied": "tab:orange", "registered": "tab:purple"}),
        make_plot_component({"satisfaction_mean": "tab:green"}),
    ],
    model_params={**FIXED, **SLIDERS},
    name="ExitVoice",
    render_interval=4,
)
