"""What the notebooks share: where scenarios are, small worlds, the style of figures, sliders over a drawing."""

import re

import matplotlib.pyplot as plt
import matplotlib.scale
import pandas as pd

import sim
from sim import words
from sim.plots.style import Ticks
from sim.scenario.shipped_files import shipped_folder
from sim.words import written

SCENARIOS = shipped_folder()  # also where somebody has the notebooks alone
DIMENSIONS = ["tangibles", "reliability", "responsiveness", "assurance", "empathy"]
BLUE, ORANGE, GREEN, RED, PURPLE, GREY = "#0072b2", "#e69f00", "#009e73", "#d55e00", "#8f4a8b", "#5b6773"

# A year of 4,000 people who were not there before: it answers within a second or two. Shipped scenarios first let the
# market live for forty years, and look two years ahead at ten thousand people.
SMALL = [
    "market.customers=4000",
    "run.periods=52",
    "run.settling.years=0",
    "money.measure_opportunity_cost=false",
]

# Numbers as the reader's language writes them: at the axes of every picture and in tables; in a sentence that a cell
# puts together, `with_signs` does it.
matplotlib.scale.ScalarFormatter = Ticks
pd.options.display.float_format = lambda value: written(value, ",.3f" if abs(value) < 100 else ",.0f")

plt.rcParams.update(
    {
        "figure.figsize": (7.5, 3.8),
        "figure.dpi": 110,
        "figure.constrained_layout.use": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlelocation": "left",
        "axes.titleweight": "bold",
        "axes.grid": True,
        "grid.color": "#e3e7ec",
        "axes.axisbelow": True,
        "legend.frameon": False,
    }
)


def with_signs(text):
    """Numbers in a text as the reader's language writes them, with a true minus; what rounds to nothing has no sign."""
    text = re.sub(r"(?<![\w.])([-+])(0(?:\.0+)?)(?![\d.,])", r"\2", text)
    return re.sub(r"(?<!\w)-(?=\d)", "−", words.with_signs(text))


def run(*changes, scenario="baseline", replications=3, world=SMALL):
    """A small world with some changes, each written `path=value`."""
    return sim.run(SCENARIOS / f"{scenario}.yaml", overrides=[*world, *changes], replications=replications, seed=1)


def compare(worlds, *, scenario="baseline", replications=4, world=SMALL):
    """Worlds under the same luck: their changes by name, the first of them today."""
    loaded = [
        sim.load_scenario(SCENARIOS / f"{scenario}.yaml", [*world, *changes, f"name={name}"])
        for name, changes in worlds.items()
    ]
    return sim.compare(loaded, replications=replications, seed=1, shares=False)


def play(draw, **sliders):
    """Sliders where ipywidgets is installed, else one picture with the starting values.

    Each slider is given as (what it is called, lowest, highest, step, start).
    """
    try:
        from ipywidgets import FloatSlider, interact
    except ImportError:
        print("(No sliders here: install ipywidgets to get them, or change the numbers in the cell.)")
        draw(**{name: start for name, (*_, start) in sliders.items()})
        return
    interact(
        draw,
        **{
            name: FloatSlider(
                start,
                min=low,
                max=high,
                step=step,
                description=label,
                style={"description_width": "190px"},
                layout={"width": "480px"},
                continuous_update=False,
            )
            for name, (label, low, high, step, start) in sliders.items()
        },
    )


def bars(axes, names, values, colours, form="{:.0f}", *, low=None, high=None):
    """Horizontal bars with their values written, the first on top; with limits, whiskers."""
    whiskers = None
    if low is not None:
        whiskers = [
            [v - a for v, a in zip(values, low, strict=True)],
            [b - v for v, b in zip(values, high, strict=True)],
        ]
    axes.barh(names, values, color=colours, xerr=whiskers, error_kw={"ecolor": GREY, "lw": 1.2, "capsize": 3})
    ends = values if high is None else high
    for place, (value, end) in enumerate(zip(values, ends, strict=True)):
        axes.annotate(
            with_signs(form.format(value)), (max(end, 0), place), (5, 0), textcoords="offset points", va="center"
        )
    axes.set_ylim(len(values) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.margins(x=0.15)
