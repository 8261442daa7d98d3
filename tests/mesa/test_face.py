"""The fast engine as a Mesa model: Mesa's own tools drive it, and what they collect is what the engine tallies."""

import inspect
import warnings
from pathlib import Path

import mesa
import numpy as np
import pandas as pd
import pytest

from sim.engine.simulation import Simulation
from sim.mesa import FastModel, Twin
from sim.model.customer import Segment
from sim.model.market import Market, Run
from sim.model.rooms import OBSERVABLES, O
from sim.model.scenario import Scenario
from sim.parameters.timeline import set_path
from sim.runs.run import replication_seed, run
from sim.scenario import load_scenario
from sim.twin.reporters import REPORTERS
from sim.vocabulary.errors import ScenarioError

SMALL = Scenario(
    market=Market(customers=300),
    segments=[Segment(name="young", share=0.4), Segment(name="old", share=0.6)],
    run=Run(periods=8, replications=1, seed=5),
)
COUNTS = [row.name for row in OBSERVABLES if row.name in REPORTERS and row.form == "count"]


def batch(model: type[mesa.Model], parameters: dict[str, object], every: int = 1) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Mesa's own
        rows = mesa.batch_run(model, parameters, data_collection_period=every, display_progress=False)
    return pd.DataFrame(rows)


def test_the_collected_frame_equals_the_engines_tallies():
    model = FastModel(SMALL)
    model.run_model()
    tallies = Simulation(SMALL, threads=1).run().tallies
    assert np.array_equal(model.tables().tallies, tallies)
    assert len(COUNTS) >= 8
    for name in COUNTS:
        assert list(model.series[name]) == tallies[:, 0, :, getattr(O, name)].sum(axis=1).tolist()


@pytest.mark.parametrize("model", [FastModel, Twin])
def test_every_measure_is_that_of_the_studies(model: type[FastModel] | type[Twin]):
    """A measure has one definition: what Mesa collects is what the tables of a run say."""
    face = model(SMALL)
    face.run_model()
    collected = face.datacollector.get_model_vars_dataframe()
    series = run(SMALL, threads=1).series
    focal = series[(series["firm"] == "focal") & (series["segment"] == "all")].reset_index(drop=True)
    assert len(focal) == len(collected)
    for name in REPORTERS:
        np.testing.assert_allclose(
            collected[name].to_numpy(float), focal[name].to_numpy(float), rtol=1e-9, atol=1e-6, err_msg=name
        )


def test_batch_run_over_two_parameters_has_every_period_and_the_last():
    parameters = {
        "source": SMALL.model_copy(update={"segments": []}),
        "customers": [150, 300],
        "firm.desk.ease": [-5.0, 5.0],
        "rng": [1, 2],
    }
    rows = batch(FastModel, {**parameters, "source": [parameters["source"]]})
    assert len(rows) == 2 * 2 * 2 * 8
    assert set(rows.groupby("RunId")["period"].max()) == {7}
    complaints = rows.groupby("firm.desk.ease")["complained"].sum()
    assert complaints[5.0] > complaints[-5.0]
    for _, group in rows.groupby("RunId"):
        first = group.iloc[0]
        scenario = set_path(parameters["source"], "market.customers", int(first["customers"]))
        scenario = set_path(scenario, "firm.desk.ease", float(first["firm.desk.ease"]))
        tallies = Simulation(scenario, seed=int(first["rng"]), threads=1).run().tallies
        assert list(group["active"]) == tallies[:, 0, :, O.active].sum(axis=1).tolist()
        assert list(group["seed"]) == [int(first["rng"])] * 8


def test_batch_run_gives_the_last_row_when_asked_for_the_end_only():
    rows = batch(FastModel, {"source": [SMALL], "seed": 3, "rng": [None]}, every=-1)
    assert list(rows["period"]) == [7]


def test_batch_run_takes_mappings_of_paths_in_a_list():
    rows = batch(FastModel, {"customers": 100, "periods": 2, "overrides": [{"firm.desk.ease": x} for x in (0.0, 1.0)]})
    assert len(rows) == 4


def test_replications_have_the_luck_of_sim_run():
    for replication in (0, 2):
        model = FastModel(SMALL, replication=replication)
        assert model.seed == replication_seed(5, replication)
        model.step()
        assert model.series["seed"].tolist() == [model.seed]


class Mine(FastModel):
    """What a user derives from the face."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)


@pytest.mark.parametrize("model", [FastModel, Twin, Mine])
def test_iterations_of_batch_run_are_replications_of_sim_run(model: type[mesa.Model]):
    """Each has a luck of its own, the first that of the seed; again, here or in other processes, it is the same.

    In other processes `Mine` stands for what it is derived from too: each of them has to import everything anew.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        rows, again, *elsewhere = (
            pd.DataFrame(
                mesa.batch_run(
                    model,
                    {"source": [SMALL], "market.customers": [60]},
                    iterations=3,
                    number_processes=processes,
                    display_progress=False,
                )
            ).sort_values("iteration", ignore_index=True)
            for processes in ((1, 1) if model is FastModel else (1, 1, 2))
        )
    assert rows["seed"].tolist() == [replication_seed(5, number) for number in range(3)]
    assert rows["satisfaction_mean"].nunique() == 3
    for others in (again, *elsewhere):
        pd.testing.assert_frame_equal(rows, others)


def test_a_replication_that_is_asked_for_wins_over_the_iteration():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        rows = mesa.batch_run(FastModel, {"source": [SMALL], "replication": [4]}, iterations=2, display_progress=False)
    assert [row["seed"] for row in rows] == [replication_seed(5, 4)] * 2


def test_a_model_that_is_made_elsewhere_is_replication_0():
    """Only the model that `batch_run` makes is of an iteration, not one that this makes for itself."""

    class Asking(mesa.Model):
        def __init__(self, rng: object = None) -> None:  # which newer Mesas hand over
            super().__init__()
            self.datacollector = mesa.DataCollector(model_reporters={"own": lambda _: self.own})

        def step(self) -> None:
            self.own = FastModel(SMALL).seed
            self.running = False
            self.datacollector.collect(self)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        rows = mesa.batch_run(Asking, {}, iterations=2, display_progress=False)
    assert [row["own"] for row in rows] == [5, 5]


def test_the_twin_and_the_fast_model_collect_the_same():
    fast, twin = FastModel(SMALL, seed=11), Twin(SMALL, seed=11)
    fast.run_model()
    twin.run_model()
    pd.testing.assert_frame_equal(fast.series, twin.datacollector.get_model_vars_dataframe())


def test_the_twin_runs_under_batch_run_too():
    rows = batch(Twin, {"source": [SMALL], "seed": [None]})
    assert list(rows["period"]) == list(range(8))


def test_a_file_with_overrides_and_a_preset(tmp_path: Path):
    file = tmp_path / "mine.yaml"
    file.write_text("market: {customers: 90}\nrun: {periods: 3}\nfirm: {desk: {ease: 2}}\n", encoding="utf-8")
    overrides = {"firm.desk.apology": 0.25}
    model = FastModel(file, preset="slogan", overrides=overrides, periods=2, **{"talk.reach.satisfied": 1})
    expected = load_scenario(
        file, ["voice.preset=slogan", "firm.desk.apology=0.25", "talk.reach.satisfied=1", "run.periods=2"]
    ).scenario
    assert model.parameters == expected
    model.run_model()
    assert model.period == 2


def test_stepping_beyond_the_end_changes_nothing():
    model = FastModel(SMALL, periods=2)
    model.run_model()
    before = model.series.copy()
    model.step()
    pd.testing.assert_frame_equal(model.series, before)


def test_numbers_that_controls_and_arrays_give_are_taken():
    assert FastModel(customers=np.int64(50), seed="12", periods=1).seed == 12
    assert FastModel(customers=50, seed=np.float64(3.0), periods=1).seed == 3
    again = [FastModel(customers=50, periods=1, rng=np.random.default_rng(4)).seed for _ in range(2)]
    assert again[0] == again[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"seed": 1, "rng": 2}, "seed or rng"),
        ({"seed": -1}, "whole number"),
        ({"seed": 1.5}, "whole number"),
        ({"seed": "one"}, "whole number"),
        ({"seed": True}, "whole number"),
        ({"source": SMALL, "preset": "slogan"}, "preset"),
        ({"scenario": SMALL}, "source"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: dict[str, object], words: str):
    with pytest.raises(ValueError, match=words):
        FastModel(**arguments)


@pytest.mark.parametrize("model", [FastModel, Twin])
def test_mesas_own_scenario_is_left_alone(model: type[FastModel] | type[Twin]):
    """From Mesa 3.5 on the visualisation's reset button passes one, next to the parameters of the model."""

    class OfMesa:
        pass

    again = model(SMALL, scenario=OfMesa(), **{"run.periods": 1})
    again.run_model()
    assert again.period == 1


def test_an_unknown_path_is_refused_with_the_nearest_name():
    with pytest.raises(ScenarioError, match=r"did you mean firm\.desk\.ease"):
        FastModel(**{"firm.desk.eas": 1.0})
    with pytest.raises(ScenarioError, match=r"firm\.desk\.eas"):
        FastModel(SMALL, **{"firm.desk.eas": 1.0})


@pytest.mark.parametrize("model", [FastModel, Twin])
def test_the_constructor_suits_mesas_visualisation(model: type[FastModel] | type[Twin]):
    """SolaraViz wants keyword arguments, and takes names outside the signature only under the name `kwargs`."""
    parameters = inspect.signature(model.__init__).parameters
    kinds = {name: parameter.kind for name, parameter in parameters.items()}
    assert inspect.Parameter.VAR_POSITIONAL not in kinds.values()
    assert kinds["kwargs"] is inspect.Parameter.VAR_KEYWORD
    assert all(p.default is not p.empty for name, p in parameters.items() if name not in ("self", "kwargs"))


def test_people_of_the_fast_model_are_no_objects():
    assert len(FastModel(customers=20, periods=1).agents) == 0


@pytest.mark.parametrize("model", [FastModel, Twin])
def test_both_models_take_the_short_names(model: type[FastModel] | type[Twin]):
    made = model(customers=30, periods=2, preset="slogan", seed=1)
    assert made.parameters.market.customers == 30
    assert made.parameters.run.periods == 2
    assert made.parameters.voice.lapse_share == 1.0


@pytest.mark.skipif(
    "rng" not in inspect.signature(mesa.batch_run).parameters, reason="Mesa seeds iterations from 3.5 on"
)
@pytest.mark.parametrize("model", [FastModel, Twin])
def test_an_iteration_with_a_seed_of_its_own_is_the_run_of_that_seed(model: type[FastModel] | type[Twin]):
    rows = mesa.batch_run(model, {"source": [SMALL]}, rng=[3, 7], data_collection_period=-1, display_progress=False)
    alone = model(SMALL, seed=7)
    alone.run_model()
    assert rows[-1]["iteration"] == 1
    assert rows[-1]["seed"] == alone.seed
    collected = alone.datacollector.get_model_vars_dataframe()
    assert rows[-1]["satisfaction_mean"] == collected["satisfaction_mean"].iloc[-1]
