"""Simulation-based calibration: intervals hold the truth as often as they say (Talts et al. 2018).

    pytest -n 0 -s -m slow tests/studies/calibration/test_simulation_based.py

The share of posterior below the truth must be uniform over fits. Its empirical distribution must stay within the
simultaneous band of Kolmogorov's exact distribution, 97.5% for each of the two parameters; the three coverages of each
within their exact binomial 99.5% range. A correct program fails with a probability of at most 5% + 6 x 0.5% = 8% for
each kind of data, once and for all: seeds are fixed.
"""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

STATED = (0.5, 0.8, 0.95)
FIT_COUNT = {"retention": 200, "churn": 100, "complaints": 100, "movements": 100, "satisfaction": 100}
MOST_ALARMS = 0.02
"""Share of right fits that may be called not converged."""

ROOT = Path(__file__).parents[3]


def ranks(kind: str, first: int, last: int, processes: int) -> tuple[np.ndarray, list[list[str]]]:
    edges = np.linspace(first, last, processes + 1).astype(int)
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.studies.calibration.fits", kind, str(low), str(high)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for low, high in pairwise(edges)
    ]
    try:
        answers = [process.communicate()[0] for process in running]
    finally:
        for process in running:
            process.kill()
            process.wait()
    assert all(process.returncode == 0 for process in running)
    rows = [json.loads(line) for answer in answers for line in answer.splitlines()]
    return np.array([below for below, _ in rows]), [reasons for _, reasons in rows if reasons]


def check(found: np.ndarray, *, level: float, coverage_level: float) -> None:
    count = len(found)
    half_width = stats.kstwo.ppf(level, count)
    for number, column in enumerate(found.T):
        farthest = stats.kstest(column, "uniform").statistic
        covered = [int(np.sum(np.abs(column - 0.5) < stated / 2)) for stated in STATED]
        print(f"parameter {number}: {farthest:.3f} from uniform, band {half_width:.3f}; {covered} of {count} covered")
        assert farthest < half_width, f"parameter {number}: {farthest:.3f} from uniform, band {half_width:.3f}"
        for stated, inside in zip(STATED, covered, strict=True):
            low, high = stats.binom.interval(coverage_level, count, stated)
            assert low <= inside <= high, f"parameter {number}: {inside} of {count} in the {stated:.0%} intervals"


@pytest.mark.slow
@pytest.mark.parametrize("kind", FIT_COUNT)
def test_many_fits(kind):
    count = FIT_COUNT[kind]
    found, alarms = ranks(kind, 0, count, 2)
    print(f"{kind}: {len(alarms)} of {count} fits are said not to have converged: {alarms}")
    check(found, level=0.975, coverage_level=0.995)
    assert len(alarms) <= MOST_ALARMS * count


def test_a_wrong_method_would_be_found():
    """Intervals that are a third too narrow, and a posterior that is shifted by half its width, fail the check."""
    truth = np.random.default_rng(5).standard_normal((200, 2))
    for wrong in (stats.norm.cdf(truth * 1.5), stats.norm.cdf(truth + 0.5)):
        with pytest.raises(AssertionError):
            check(wrong, level=0.975, coverage_level=0.995)
    check(stats.norm.cdf(truth), level=0.975, coverage_level=0.995)
