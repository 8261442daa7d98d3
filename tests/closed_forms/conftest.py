"""Scenarios that begin with every rule off, the comparison with an exact value, and the table of all comparisons.

Every form is a scenario file that extends `everything_off.yaml` and switches on what it needs; it goes through
`sim.scenario.load_scenario` as a user's would. `compare` then asks for |z| < 6, where z is the distance from the
exact value in exact standard deviations: a correct program fails it with probability 2e-9 per comparison, and seeds
are fixed, so a test that has passed passes always.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sim.engine.simulation import Simulation
from sim.engine.tables import Tables
from sim.model.rooms import OBSERVABLES, O
from sim.scenario import load_scenario
from sim.vocabulary.observables import AMOUNT, FIXED_POINT

MOST_SIGMAS = 6.0
OPTION = "--closed-forms-table"


EVERYTHING_OFF = Path(__file__).with_name("everything_off.yaml")


def _nested(changes: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, value in changes.items():
        *above, last = path.split(".")
        place = tree
        for key in above:
            place = place.setdefault(key, {})
        if isinstance(value, Mapping):
            place.setdefault(last, {}).update(value)
        else:
            place[last] = value
    return tree


@pytest.fixture
def scenario_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a scenario file that extends the world at rest: changes by path, or by section."""

    def write(changes: Mapping[str, Any]) -> Path:
        file = tmp_path / "scenario.yaml"
        text = {"extends": str(EVERYTHING_OFF), **_nested(changes)}
        file.write_text(yaml.safe_dump(text), encoding="utf-8")
        return file

    return write


@pytest.fixture
def simulate(scenario_file: Callable[..., Path]) -> Callable[..., Tables]:
    """Scenario in, tables out: `simulate({"run.periods": 12, ...}, seed=1)`."""

    def run(changes: Mapping[str, Any], *, seed: int = 1) -> Tables:
        file = scenario_file(changes)
        return Simulation(load_scenario(file).scenario, seed=seed, base_dir=file.parent).run()

    return run


@pytest.fixture
def rival() -> Callable[..., dict[str, Any]]:
    """A rival with all rules off, by name and share of the people at the start."""

    def build(name: str = "rival", initial_share: float = 0.0, price_index: float = 1.0) -> dict[str, Any]:
        strategy = {"advertising_hazard": 0.0, "welcome_cost": 0.0, "price_index": price_index}
        return {
            "name": name,
            "initial_share": initial_share,
            "strategy": strategy,
            "win_back": {"contacts_per_year": 0.0},
        }

    return build


@dataclass
class Comparison:
    """Compares what a run shows with the exact value, and keeps the figures for the table."""

    record: Callable[[str, object], None]
    form: str
    source: str
    settings: str
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def __call__(self, quantity: str, exact: float, seen: float, sd: float, *, show: bool = True) -> float:
        """Assert |seen - exact| < 6 sd, where sd is the exact standard deviation of what is seen; returns z."""
        assert sd > 0.0
        z = (float(seen) - float(exact)) / float(sd)
        if show:
            self._keep(quantity, exact, seen, f"{z:+.2f}")
        assert math.isfinite(z)
        assert abs(z) < MOST_SIGMAS, f"{quantity}: exact {exact:.8g}, seen {seen:.8g}, z = {z:.2f}"
        return z

    def equal(self, quantity: str, exact: float, seen: float, tolerance: float) -> None:
        """Assert equality up to rounding: what is not random has no z."""
        off = abs(float(seen) - float(exact))
        self._keep(quantity, exact, seen, f"±{tolerance:.0e}" if tolerance else "=")
        assert off <= tolerance, f"{quantity}: exact {exact:.10g}, seen {seen:.10g}, off by {off:.3g}"

    def _keep(self, quantity: str, exact: float, seen: float, verdict: str) -> None:
        row = (self.form, self.source, self.settings, quantity, f"{float(exact):.6g}", f"{float(seen):.6g}", verdict)
        self.record("closed form", row)


@pytest.fixture
def closed_form(record_property: Callable[[str, object], None]) -> Callable[..., Comparison]:
    """Begin the comparison of one form: its name, its source, the settings that matter."""
    return lambda form, source, settings: Comparison(record_property, form, source, settings)


@pytest.fixture
def flow() -> Callable[..., Any]:
    """A tally of the focal firm by period, over all segments: `flow(tables, "left_natural")`, fixed point undone."""

    def column(tables: Tables, name: str, firm: int = 0) -> Any:
        values = tables.tallies[:, firm, :, getattr(O, name)].sum(axis=1)
        return values / FIXED_POINT if OBSERVABLES[getattr(O, name)].form == AMOUNT else values

    return column


@pytest.fixture
def batch_mean() -> Callable[..., tuple[float, float]]:
    """Ratio of two series of sums with its standard deviation from the means of batches (autocorrelated data).

    The delta method on batches: the residuals numerator - ratio x denominator of long batches are nearly independent.
    With b batches (estimate - exact) / sd is t-distributed with b - 1 degrees of freedom; for 100 batches |t| < 6
    fails with probability 3e-8.
    """

    def estimate(numerator: Any, denominator: Any, batches: int = 100) -> tuple[float, float]:
        size = len(numerator) // batches
        above = np.asarray(numerator[: batches * size], float).reshape(batches, size).sum(axis=1)
        below = np.asarray(denominator[: batches * size], float).reshape(batches, size).sum(axis=1)
        ratio = above.sum() / below.sum()
        residual = above - ratio * below
        return ratio, math.sqrt(np.sum(residual**2) * batches / (batches - 1)) / below.sum()

    return estimate


# --- the table --------------------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(OPTION, action="store_true", help="print exact and seen value of every closed form as Markdown")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if not config.getoption(OPTION, default=False):
        return
    rows = [
        row
        for outcome in ("passed", "failed", "xfailed")
        for report in terminalreporter.stats.get(outcome, [])
        if getattr(report, "when", "") == "call"
        for name, row in report.user_properties
        if name == "closed form"
    ]
    terminalreporter.write_line("")
    terminalreporter.write_line("| form | source | scenario | quantity | exact | seen | z |")
    terminalreporter.write_line("|---|---|---|---|---|---|---|")
    before: tuple[str, ...] = ()
    for row in rows:
        repeated = row[:3] == before
        before = tuple(row[:3])
        cells = ["", "", "", *row[3:]] if repeated else list(row)
        terminalreporter.write_line("| " + " | ".join(cells) + " |")
