"""Recommendations, items of service, segments and purchases: a truth that the model was run with is found again.

The tables are what a market of the model shows, by luck of its own; each fit is `sim calibrate`'s, with few trials. The
truth must lie within intervals of 95% that are widened by half (2.94 standard errors): one right fit of two parameters
in 150 would fail. Seeds are fixed.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine.event_log import EVENTS
from sim.engine.logged import LoggedSimulation
from sim.engine.simulation import Simulation
from sim.model.perception import perceived
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import CalibrationSettings, Factor
from sim.scenario import load_text
from sim.studies.calibration.targets import read_data
from sim.vocabulary.errors import ScenarioError

EVERYTHING_OFF = Path(__file__).resolve().parents[2] / "closed_forms" / "everything_off.yaml"
FEW = {"trials": 24, "members": 16}


def axis(path: str, low: float, high: float) -> Axis:
    return Axis(path, Factor(low=low, high=high), False, "number", (low + high) / 2)


def found_again(result: Any, truth: dict[str, float]) -> None:
    assert result.converged, result.convergence.reasons
    rows = result.posterior.set_index("parameter")
    for path, value in truth.items():
        row = rows.loc[path]
        half = (row["high"] - row["low"]) / 4
        assert row["low"] - half <= value <= row["high"] + half, (path, value, row["low"], row["high"])
        assert row["identified"] == "yes"


# --- recommendations --------------------------------------------------------------------------------------------------

FEELING = {"customers.judgement.initial_satisfaction": 72.0, "customers.judgement.disposition_spread": 12.0}


def feeling(at_rest: Callable[..., Any], people: int, *more: str) -> Any:
    return at_rest("run.periods=1", f"market.customers={people}", *more)


def test_recommendations_tell_level_and_spread_of_satisfaction(at_rest, write, fit):
    """400 answers; detractors were asked twice as often, and count half: without weights the level is lower."""
    world = Simulation(feeling(at_rest, 400, *(f"{path}={value}" for path, value in FEELING.items())), seed=7)
    world.run()
    answers = np.floor(world.state.satisfaction / 10 + 0.5).astype(int)
    counts = np.bincount(answers, minlength=11)
    rows = "".join(f"{a},{n * (2 if a <= 6 else 1)},{0.5 if a <= 6 else 1}\n" for a, n in enumerate(counts) if n)
    data = write("recommend,n,weight\n" + rows)
    axes = [
        axis("customers.judgement.initial_satisfaction", 50, 90),
        axis("customers.judgement.disposition_spread", 4, 25),
    ]
    scenario = feeling(at_rest, 4000)
    result = fit(data, CalibrationSettings(data="nps", **FEW), scenario, axes)
    found_again(result, FEELING)
    score = result.fit.iloc[-1]
    promoters, detractors = counts[9:].sum() / 400, counts[:7].sum() / 400
    assert score["quantity"] == "net promoter score"
    assert score["observed"] == pytest.approx(100 * (promoters - detractors))
    assert result.fit["observed"].tolist()[:3] == pytest.approx([detractors, 1 - promoters - detractors, promoters])
    _, unweighted = read_data(
        write("recommend,n\n" + rows.replace(",0.5\n", "\n").replace(",1\n", "\n")),
        CalibrationSettings(data="nps"),
        scenario,
    )
    _, weighted = read_data(write("recommend,n,weight\n" + rows), CalibrationSettings(data="nps"), scenario)
    assert unweighted.counts[0] / unweighted.counts.sum() > weighted.counts[0] / weighted.counts.sum() + 0.03
    # (sum n w)^2 / sum n w^2 answers with equal weights
    d = counts[:7].sum()
    assert weighted.counts.sum() == pytest.approx(400**2 / (0.5 * d + (400 - d)))


def test_likelihood_of_recommendations_is_multinomial(at_rest, write):
    from scipy.stats import multinomial

    _, target = read_data(write("recommend,n\n3,20\n8,50\n9,30\n"), CalibrationSettings(data="nps"), at_rest())
    shares = np.array([[0.3, 0.4, 0.3], [0.1, 0.5, 0.4]])
    logits = np.stack([np.log(shares[:, 0] / (1 - shares[:, 0])), np.log(shares[:, 1] / shares[:, 2])], axis=1)
    ours = target.log_likelihood(logits, np.zeros((2, 2, 2)))
    exact = [multinomial.logpmf([20, 50, 30], 100, p) for p in shares]
    assert np.diff(ours) == pytest.approx(np.diff(exact), rel=1e-10)
    assert target.replicate(logits, np.random.default_rng(1)).sum(axis=1).tolist() == [100, 100]


# --- items of service -------------------------------------------------------------------------------------------------

SERVED = (
    "run.periods=2",
    "customers.encounters.purchases_per_year=12",
    "customers.expectations.spread=0.6",
    "customers.judgement.will_assimilation=0.4",
)


def test_items_of_service_tell_what_is_delivered_and_owed(at_rest, write, fit):
    """Of 200 people what the model lets each perceive and expect of two dimensions, on 1 to 7, with weights.

    Each answer errs by half a point of its own, as answers do. Where one follows from another to the last digit, what
    they say together is known so well that the luck of a thousand runs is large beside it.
    """
    truth = {"firm.systems.service.reliability": 5.2, "customers.expectations.should.reliability": 5.9}
    world = Simulation(at_rest("market.customers=200", *SERVED, *(f"{p}={v}" for p, v in truth.items())), seed=9)
    world.run()
    people, rows, slips = world.state.people, [], np.random.default_rng(9)
    for i in range(200):
        for d, name, level in ((0, "tangibles", 4.0), (1, "Reliability", 5.2)):
            will, should = float(people["will"][i, d]), float(people["should"][i, d])
            said = perceived(level, will, should, 0.4, 0.0), should
            seen, owed = np.clip(said + slips.normal(0.0, 0.5, 2), 1.0, 7.0)
            rows.append(f"{name},{seen:.2f},{owed:.2f},K{i},{1 + i % 3}\n")
    data = write("dimension,perceived,expected,customer,weight\n" + "".join(rows))
    axes = [axis("firm.systems.service.reliability", 3, 7), axis("customers.expectations.should.reliability", 4, 7)]
    result = fit(data, CalibrationSettings(data="servqual", **FEW), at_rest("market.customers=3000", *SERVED), axes)
    found_again(result, truth)
    assert result.fit["quantity"].tolist() == [
        "tangibles, perceived (1-7)",
        "reliability, perceived (1-7)",
        "tangibles, expected (1-7)",
        "reliability, expected (1-7)",
    ]


def test_answers_of_one_person_count_together(at_rest, write):
    """Two equal answers of everybody know no more than one."""
    once = "".join(f"empathy,{p},c{i}\n" for i, p in enumerate((2, 3, 4, 5, 6) * 8))
    settings = CalibrationSettings(data="servqual", scale="1-7")
    _, one = read_data(write("dimension,perceived,customer\n" + once), settings, at_rest())
    _, two = read_data(write("dimension,perceived,customer\n" + once * 2), settings, at_rest())
    _, apart = read_data(
        write(
            "dimension,perceived\n"
            + (once * 2).replace(",c", "#c").replace("#", ",")[:0]
            + "".join(line.rsplit(",", 1)[0] + "\n" for line in (once * 2).splitlines())
        ),
        settings,
        at_rest(),
    )
    assert one.covariance[0, 0] == pytest.approx(2.0 / 40, rel=1e-4)
    assert two.covariance[0, 0] == pytest.approx(one.covariance[0, 0])
    assert apart.covariance[0, 0] == pytest.approx(one.covariance[0, 0] / 2)


# --- segments ---------------------------------------------------------------------------------------------------------

PARTED = f"""
extends: {EVERYTHING_OFF}
run: {{periods: 12}}
market: {{customers: 1200}}
segments:
  - {{name: gold, share: 0.4, bonds: {{attrition_per_year: 0.5}}}}
  - {{name: tin, share: 0.6, bonds: {{attrition_per_year: 0.1}}}}
"""


@pytest.fixture
def parted() -> Any:
    return load_text(PARTED).scenario


def test_a_segment_is_compared_with_its_own_data(parted, write, fit):
    """Who left of gold and of tin; both together lose 26% a year, and neither does."""
    world, lines = Simulation(parted, seed=3), _survivors(Simulation(parted, seed=3), 0)
    for month in (6, 12):
        while world.period < month:
            world.step()
        lines += _survivors(world, month)
    rows = []
    for i in range(1200):
        gone = world.state.supplier[i] != 0
        name = ("Gold", "tin")[world.state.people["segment"][i]]
        rows.append(f"{12 if not gone else 6 + i % 7},{'yes' if gone else 'no'},{name}\n")
    data = write("tenure,churned,segment\n" + "".join(rows))
    settings = CalibrationSettings(data="churn", unit="months", **FEW)
    tables, target = read_data(data, settings, parted)
    assert [table.of_segment for table in tables] == ["gold", "tin"]
    assert all(name.endswith(("[gold]", "[tin]")) for name in target.outputs)
    yearly = write("time,survivors,segment\n" + "".join(lines))
    axes = [axis(f"segments.{name}.bonds.attrition_per_year", 0.02, 0.9) for name in ("gold", "tin")]
    larger = load_text(PARTED.replace("customers: 1200", "customers: 8000")).scenario
    result = fit(yearly, CalibrationSettings(data="retention", unit="months", **FEW), larger, axes)
    found_again(result, {"segments.gold.bonds.attrition_per_year": 0.5, "segments.tin.bonds.attrition_per_year": 0.1})
    assert [one.understood.name for one in result.fitted_to] == ["data.csv [gold]", "data.csv [tin]"]


def _survivors(world: Simulation, month: int) -> list[str]:
    segment = world.state.people["segment"]
    left = [int(((segment == s) & (world.state.supplier == 0)).sum()) for s in (0, 1)]
    return [f"{month},{count},{name}\n" for name, count in zip(("gold", "tin"), left, strict=True)]


def test_what_is_said_of_segments(parted, at_rest, write):
    text = "tenure,churned,segment\n" + "3,yes,gold\n5,no,gold\n" * 10 + "2,yes,{}\n9,no,{}\n" * 10
    settings = CalibrationSettings(data="churn", unit="months")
    with pytest.raises(ScenarioError) as error:
        read_data(write(text.replace("{}", "lead")), settings, parted)
    assert all("no segment of the scenario" in problem.message for problem in error.value.problems)
    assert "data.csv:22" in str(error.value)
    (table,), whole = read_data(write(text.replace("gold", "a").replace("{}", "b")), settings, parted)
    assert any("compared with the whole firm" in sentence for sentence in table.odd)
    assert not any("[" in name for name in whole.outputs)
    (table,), stated = read_data(write(text.replace("{}", "x")), settings.model_copy(update={"segment": "tin"}), parted)
    assert table.of_segment == "tin"
    assert stated.customers == pytest.approx(720)
    assert all(name.endswith("[tin]") for name in stated.outputs)
    with pytest.raises(ScenarioError, match="no such segment"):
        read_data(write(text.replace("{}", "x")), settings.model_copy(update={"segment": "tinn"}), parted)
    wide = "segment,cohort,0,1,2\n" + "gold,Jan,100,80,60\ngold,Feb,50,40,\ntin,Jan,90,88,80\n"
    tables, target = read_data(write(wide), CalibrationSettings(data="retention", unit="months"), parted)
    assert [one.trials.tolist() for one in target.targets] == [[150, 80], [90, 88]]
    assert [table.of_segment for table in tables] == ["gold", "tin"]
    (_,), together = read_data(
        write(wide), CalibrationSettings(data="retention", unit="months"), at_rest("run.periods=12")
    )
    assert together.trials.tolist() == [240, 168]


# --- purchases --------------------------------------------------------------------------------------------------------

BUYING = ("run.period=week", "run.periods=20", "customers.encounters.frequency_cv=0.8")


def test_purchases_tell_how_often_people_buy_and_drop_out(at_rest, write, fit):
    """From the engine's own event log: purchases of 500 people in 20 weeks, each on a day of its own."""
    truth = {"customers.encounters.purchases_per_year": 20.0, "customers.drop_out.per_purchase": 0.25}
    world = at_rest("market.customers=500", *BUYING, *(f"{path}={value}" for path, value in truth.items()))
    run = LoggedSimulation(world, events=500, seed=5)
    run.run()
    start, bought = dt.date(2026, 1, 4), dict.fromkeys(range(500), 0)
    rows = [f"{i},{start}\n" for i in range(500)]
    week = dict.fromkeys(range(500), (-1, 0))
    for event in run.log.events():
        if EVENTS[event["event"]] == "purchase":
            who, when = int(event["place"]), int(event["period"])
            nth = week[who][1] + 1 if week[who][0] == when else 1
            week[who] = (when, nth)
            bought[who] += nth <= 7
            rows += [f"{who},{start + dt.timedelta(7 * when + nth)}\n"] if nth <= 7 else []
    data = write("customer,date\n" + "".join(rows))
    axes = [axis("customers.encounters.purchases_per_year", 5, 50), axis("customers.drop_out.per_purchase", 0.02, 0.7)]
    settings = CalibrationSettings(data="transactions", exported=start + dt.timedelta(140), **FEW)
    scenario = at_rest("market.customers=6000", *BUYING)
    (table,), target = read_data(data, settings, scenario)
    assert target.counts.sum() == 500
    assert target.counts[0] == sum(count == 0 for count in bought.values())
    assert any("groups of customers" in sentence for _, sentence in table.facts)
    found_again(fit(data, settings, scenario, axes), truth)
    with pytest.raises(ScenarioError, match="the run ends before the data do"):
        read_data(data, settings, at_rest("market.customers=1000", *BUYING, "run.periods=12"))
