"""Functions whose answers are known, and a small world of arithmetic instead of a market."""

import numpy as np

from sim.model.market import Market, Run
from sim.model.scenario import Scenario
from sim.runs.evaluation import Evaluation
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import Experiment, Factor, Lever, SensitivitySettings
from sim.studies.sensitivity.analysis import analyse

EASE, AGENTS, COMPETITION, PRESET = "firm.desk.ease", "firm.desk.agents", "market.pull", "voice.preset"


def ishigami(unit):
    """Ishigami & Homma 1990 with a = 7, b = 0.1, on [-pi, pi]^3."""
    x = np.pi * (2.0 * unit - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices():
    """First-order, then total indices in closed form; and that of the pair (0, 2)."""
    v1, v2, v13 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 0.01 * np.pi**8 * 8 / 225
    v = v1 + v2 + v13
    return np.array([v1, v2, 0.0, v1 + v13, v2, v13]) / v, v13 / v


def sobol_g(unit, a):
    """Sobol's g-function: the product of (|4 u_i - 2| + a_i) / (1 + a_i)."""
    return np.prod((np.abs(4.0 * unit - 2.0) + a) / (1.0 + a), axis=1)


def sobol_g_indices(a):
    """First-order and total indices in closed form."""
    v = 1.0 / (3.0 * (1.0 + a) ** 2)
    whole = np.prod(1.0 + v) - 1.0
    return v / whole, v * np.prod(1.0 + v) / (1.0 + v) / whole


AXES = (
    Axis(EASE, Lever(low=0.0, high=2.0, cost=500.0), True, "number", 0.0, unit="index"),
    Axis(AGENTS, Lever(low=1, high=6), True, "whole", 3),
    Axis(COMPETITION, Factor(low=0.0, high=1.0), False, "number", 0.5),
    Axis(PRESET, Factor(values=["minor", "major"]), False, "text", "minor"),
)


class Arithmetic:
    """retention = 0.7 + 0.05 e - 0.1 c e + 0.01 a (+ 0.02 for the major preset) + luck; `active.end` never changes."""

    outputs = ("retention", "satisfaction", "active.end", "spending")

    def __init__(self, scatter=0.0, breaks=lambda values: False):
        self.scatter, self.breaks = scatter, breaks

    def __call__(self, values, seed, tick):
        if self.breaks(values):
            raise ValueError("the desk fell apart")
        ease, agents = values.get(EASE, 0.0), values.get(AGENTS, 3)
        pull, preset = values.get(COMPETITION, 0.5), values.get(PRESET, "minor")
        luck = np.random.default_rng(seed).normal(size=3)
        # luck that the smallest change deals anew
        anew = np.random.default_rng([seed, round(1e6 * ease), agents, round(1e6 * pull)]).normal(size=3)
        noise = 0.01 * luck + self.scatter * anew
        return {
            "retention": 0.7 + 0.05 * ease - 0.1 * pull * ease + 0.01 * agents + 0.02 * (preset == "major") + noise[0],
            "satisfaction": 60.0 + 5.0 * agents - 8.0 * pull**2 + noise[1],
            "active.end": 3.0,
            "spending": 1000.0 * ease + 300.0 * agents + 1000.0 * noise[2],
        }


def experiment(**settings):
    return Experiment(
        scenario="small.yaml",
        name="small",
        replications=2,
        outputs=["retention", "satisfaction", "active.end"],
        levers={axis.path: axis.factor for axis in AXES if axis.lever},
        uncertainties={axis.path: axis.factor for axis in AXES if not axis.lever},
        sensitivity=SensitivitySettings(**{"samples": 64, **settings}),
    )


def small_scenario():
    return Scenario(name="small", market=Market(customers=300), run=Run(periods=12, seed=1))


def analysed(task=None, **settings):
    evaluation = Evaluation(task or Arithmetic(), seed=1)
    return analyse(experiment(**settings), AXES, small_scenario(), evaluation.evaluate, manifest={"version": "1.2.3"})
