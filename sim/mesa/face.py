"""The Mesa face of the fast engine: a `mesa.Model` that Mesa's tools drive like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import mesa
from mesa.datacollection import DataCollector

from sim.engine.simulation import Simulation
from sim.engine.tables import Tables
from sim.rules.reading import RuleSource
from sim.runs.batch_iteration import iteration_of_batch_run
from sim.runs.run import replication_seed
from sim.twin.inputs import Source, chosen_seed, resolved
from sim.twin.reporters import REPORTERS

if TYPE_CHECKING:
    import pandas as pd


class FastModel(mesa.Model):
    """The compiled engine as a Mesa model: `step` simulates one period, `datacollector` has the main measures.

    People live in the engine's arrays (`simulation.state`), not in objects: `agents` is empty, and there are no agent
    reporters. For one agent a person take `sim.mesa.Twin`, which gives the same numbers.

    Rows are collected at the end of each step and not at the start, so that `batch_run` gets every period, the last
    one too. It runs at most `max_steps` (1000) steps unless told otherwise.

    Args:
        source: A scenario file, a `Scenario`, or None for the default one. (Mesa has scenarios of its own; from Mesa
            3.5 on its visualisation passes one as `scenario`, which is left alone.)
        overrides: Parameters by path, `{"firm.desk.ease": 1.0}`. `batch_run` iterates over whatever it is given, so
            hand it a list of such mappings, even if it is only one.
        customers: `market.customers`.
        periods: `run.periods`.
        preset: `voice.preset`; with a file or the default scenario only.
        seed: Key of all luck, a whole number; the scenario's `run.seed` if left out.
        rng: The same under Mesa's newer name; a NumPy generator gives its next whole number.
        replication: Another luck from the same seed, as replications of `sim.run`; left out, 0, and under `batch_run`
            the number of the iteration: `batch_run(FastModel, ..., rng=[None] * 5)`, or `iterations=5` before Mesa 3.5,
            gives replications 0 to 4; `rng=[3, 7]` gives the runs of these two seeds. Newer Mesas overwrite a `seed`
            among the parameters of `batch_run`, and say nothing: hand seeds over as `rng`.
        threads: Threads of the compiled loops; results do not depend on it.
        patch: Parameters by path that hold in every period: the same people with the same luck in another world.
        rules: Files with rules from outside; `batch_run` takes a list of such lists.
        **kwargs: Further parameters by path; in a call they need `**{"firm.desk.ease": 1.0}`, in the dictionaries of
            `batch_run` and `SolaraViz` they stand as any other name.

    Raises:
        ScenarioError: If the file, a path or a value is not allowed.
        ValueError: If both seed and rng are given, or a preset with a `Scenario`.

    >>> model = FastModel(customers=200, periods=3, seed=7, **{"firm.desk.ease": 1.0})
    >>> model.run_model()
    >>> model.series["active"].size, model.running
    (3, False)
    """

    running: bool

    def __init__(
        self,
        source: Source = None,
        *,
        overrides: Mapping[str, Any] | None = None,
        customers: int | None = None,
        periods: int | None = None,
        preset: str | None = None,
        seed: int | None = None,
        rng: Any = None,
        replication: int | None = None,
        threads: int = 1,
        patch: Mapping[str, Any] | None = None,
        rules: Sequence[RuleSource] = (),
        **kwargs: Any,
    ) -> None:
        short = {"customers": customers, "periods": periods, "preset": preset}
        given = {name: value for name, value in short.items() if value is not None}
        self.parameters, base_dir = resolved(source, {**given, **(overrides or {}), **kwargs}, rules)
        number = iteration_of_batch_run() if replication is None else replication
        self.seed = replication_seed(chosen_seed(seed, rng, self.parameters.run.seed), number)
        super().__init__(rng=self.seed)
        self.simulation = Simulation(self.parameters, seed=self.seed, threads=threads, base_dir=base_dir, patch=patch)
        self.datacollector = DataCollector(model_reporters=REPORTERS)

    @property
    def period(self) -> int:
        """Periods simulated so far."""
        return self.simulation.period

    @property
    def tallies(self) -> Any:
        """The engine's tallies, int64[periods, firms, segments, observables]; zero for periods still to come."""
        return self.simulation.tallies

    @property
    def series(self) -> pd.DataFrame:
        """What was collected so far: a row a period."""
        return self.datacollector.get_model_vars_dataframe()

    def step(self) -> None:
        """Simulate one period, and before the first the warm-up; nothing happens after the last."""
        if not self.running:
            return
        while self.period < 0:
            self.simulation.step()
        self.simulation.step()
        self.running = self.period < self.parameters.run.periods
        self.datacollector.collect(self)

    def tables(self) -> Tables:
        """The engine's full results so far."""
        return self.simulation.tables()
