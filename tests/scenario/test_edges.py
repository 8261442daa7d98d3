"""Numbers and dates at the edge of what computers hold are refused in plain words, or run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pydantic import ValidationError

from sim.parameters.registry import ParameterInfo, parameters
from sim.runs.execution.task import Limits
from sim.runs.experiment.definition import Experiment
from sim.runs.experiment.designs import design_points
from sim.runs.experiment.reader import plan_experiment
from sim.runs.precision import MOST_REPLICATIONS, replications_needed
from sim.runs.run import run
from sim.runs.session import limits_of
from sim.scenario import Loaded, load_text
from sim.vocabulary.errors import ExitVoiceError, ScenarioError

EDGES = (
    "2147483648",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1" + "0" * 400,
    "-1",
    "1e308",
    "-1e308",
    "1e-320",
    "-0.0",
    "0",
    ".nan",
    ".NaN",
    ".NAN",
    ".inf",
    ".Inf",
    "-.inf",
    "+.inf",
    "1e400",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
)

SMALL = """
market: {customers: 50, network: {mean_degree: 4}}
run: {periods: 4, replications: 2}
segments: [{name: young, share: 0.5}, {name: old, share: 0.5}]
"""

NUMERIC = [
    info
    for info in parameters()
    if not info.path.startswith("timeline")
    and not info.choices
    and info.default is not None
    and (info.low is not None or info.high is not None or not isinstance(info.default, str | bool | list | dict))
]


def concrete(path: str) -> str:
    return path.replace("rivals[]", "rivals.rival").replace("segments[]", "segments.young")


def values(info: ParameterInfo) -> Iterator[str]:
    yield from EDGES
    for end in (info.low, info.high):
        if end is not None:
            yield repr(int(end) if isinstance(info.default, int) else float(end))


def loaded(info: ParameterInfo, value: str) -> Loaded | None:
    """The small scenario with one value; None where it is refused."""
    try:
        return load_text(SMALL, [f"{concrete(info.path)}={value}"])
    except ScenarioError as error:
        text = str(error)
        assert text.startswith(("--set: ", "scenario.yaml"))
        assert "found" in text or "sum to" in text or "at most" in text
        return None


def is_quick(given: Loaded) -> bool:
    scenario = given.scenario
    return scenario.market.customers <= 5000 and scenario.run.periods <= 400 and scenario.run.replications <= 20


def pairs() -> list[tuple[ParameterInfo, str]]:
    return [(info, value) for info in NUMERIC for value in values(info)]


def lives_or_is_refused(chosen: list[tuple[ParameterInfo, str]], *, runs: int | None) -> None:
    accepted = []
    for info, value in chosen:
        given = loaded(info, value)
        if given is not None and is_quick(given):
            accepted.append((info.path, value, given))
    seen: set[str] = set()
    for path, value, given in accepted[:runs]:
        text = given.scenario.model_dump_json()
        if text in seen:
            continue
        seen.add(text)
        try:
            result = run(given, threads=1)
        except ExitVoiceError:
            continue
        except Exception as error:
            raise AssertionError(f"{path}={value}: {type(error).__name__}: {error}") from error
        counted = result.series.loc[:, ["revenue", "goods_cost", "service_cost", "complaint_cost", "encounters"]]
        assert (counted >= 0).all().all(), f"{path}={value}: an amount below zero"


def test_a_sample_of_values_at_the_edge_is_refused_or_runs():
    lives_or_is_refused(random.Random(7).sample(pairs(), 150), runs=8)


@pytest.mark.slow
def test_every_value_at_the_edge_is_refused_or_runs():
    lives_or_is_refused(pairs(), runs=None)


@pytest.mark.parametrize("start", ["2026-01-05", "0001-01-01", "9999-11-01"])
@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_changes_at_the_edge_of_the_calendar_are_refused_or_run(start: str, period: str):
    moments = (*EDGES, "2", "3", "2026-02-01")
    chosen = random.Random(f"{start} {period}").sample(
        [(at, until) for at in moments for until in (None, *moments)], 40
    )
    chosen += [
        ("18446744073709551616", None),
        ("3", "18446744073709551616"),
        ("9999-12-31", "0001-01-01"),
        ("99999", "5"),
        ("0", "9999-12-31"),
    ]
    for at, until in chosen:
        end = "" if until is None else f", until: {until}"
        text = f"{SMALL}timeline: [{{at: {at}{end}, set: {{firm.desk.ease: 1}}}}]\n"
        told = "timeline"
        try:
            load_text(text, [f"run.start={start}", f"run.period={period}", "run.periods=1"])
        except ScenarioError as error:
            told = str(error)
        assert "timeline" in told or "year 9999" in told


def test_a_scenario_of_the_first_and_of_the_last_days_runs():
    for start in ("0001-01-01", "9999-11-25"):
        result = run(load_text(SMALL, [f"run.start={start}", "run.replications=1"]), threads=1)
        assert str(result.series["date"].iloc[0])[:4] == start[:4]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("timeline: [{at: 18446744073709551616, set: {firm.desk.ease: 1}}]", ("1:17", "timeline.0.at", "no run lasts")),
        ("market: {customers: 20, network: {mean_degree: 40}}", ("1:48", "more ties than there are other", "most 19")),
        ("market: {network: {mean_degree: 7}}", ("mean_degree", "an even number of ties", "kind: random")),
        (
            "market: {customers: 1000000}\nfirm: {costs: {purchase_service: 1000000000}}",
            ("2:34: firm.costs.purchase_service", "does not fit the accounts", "at most 17,592,186.04"),
        ),
        (
            "rivals: [{name: r, initial_share: .2, desk: {agent_cost: 1e9, agents: 10000}}]\n"
            "market: {customers: 100000}",
            ("rivals.r.desk.agent_cost", "does not fit the accounts"),
        ),
        (
            "customers: {encounters: {spend_per_purchase: 1e6}}\nmarket: {customers: 30000000}",
            ("1:46: customers.encounters.spend_per_purchase", "does not fit the accounts"),
        ),
        (
            "timeline: [{at: 3, set: {firm.costs.failure_effect: 1e9}}]\nmarket: {customers: 1000000}",
            ("firm.costs.failure_effect", "from period 3"),
        ),
    ],
)
def test_what_would_end_in_a_traceback_or_a_wrong_sum_is_refused(text: str, words: tuple[str, ...]):
    with pytest.raises(ScenarioError) as refused:
        load_text(text)
    for word in words:
        assert word in str(refused.value)


def test_the_largest_amounts_that_are_allowed_add_up():
    text = "market: {customers: 400, network: {kind: complete}}\nrun: {periods: 3, replications: 1}\n"
    money = [
        info for info in NUMERIC if info.unit.startswith("money") and info.path.startswith(("firm.", "customers."))
    ]
    given = load_text(text, [f"{info.path}={info.high}" for info in money])
    series = run(given, threads=1).series
    costs = [name for name in series.columns if name.endswith("_cost") and name not in ("opportunity_cost",)]
    assert (series[["revenue", *costs]].fillna(0.0) >= 0.0).all().all()
    assert series["service_cost"].max() > 1e9


def settings(**changes) -> dict:
    scenario = str(Path(__file__).parents[2] / "scenarios" / "baseline.yaml")
    content = {"scenario": scenario, "levers": {"firm.desk.ease": {"low": 0.0, "high": 1.0}}}
    return {**content, "design": {"kind": "random", "points": 3}, **changes}


NUMBERS = (-1, 0, 2**31, 2**53 + 1, 2**63, 2**64, 10**30, 1e308, -1e308, 1e-320, -0.0, float("nan"), float("inf"))


@pytest.mark.parametrize(
    "where",
    [
        "low",
        "high",
        "mean",
        "sd",
        "mode",
        "levels",
        "points",
        "seed",
        "trajectories",
        "replications",
        "seconds",
        "memory_mib",
        "half_width",
        "at_most",
        "value",
    ],
)
def test_an_experiment_at_the_edge_is_refused_or_has_a_design(where: str):
    for number in NUMBERS:
        factor = {"low": 0.0, "high": 1.0}
        content = settings()
        if where in ("low", "high"):
            content["levers"] = {"firm.desk.ease": {**factor, where: number}}
        elif where in ("mean", "sd"):
            content["levers"] = {"firm.desk.ease": {"distribution": "normal", "mean": 0.0, "sd": 1.0, where: number}}
        elif where == "mode":
            content["levers"] = {"firm.desk.ease": {**factor, "distribution": "triangular", "mode": number}}
        elif where == "levels":
            content |= {"design": {"kind": "grid"}, "levers": {"firm.desk.ease": {**factor, "levels": number}}}
        elif where == "value":
            content["levers"] = {"firm.desk.ease": {"values": [0.0, number]}}
        elif where in ("points", "seed"):
            content["design"] = {"kind": "random", "points": 3, where: number}
        elif where == "trajectories":
            content["design"] = {"kind": "morris", "trajectories": number}
        elif where in ("seconds", "memory_mib"):
            content["limits"] = {where: number}
        elif where in ("half_width", "at_most"):
            content["stopping"] = {"output": "retention", "half_width": 0.1, where: number}
        else:
            content["replications"] = number
        with suppress(ExitVoiceError, ValidationError):
            plan = plan_experiment(Experiment.model_validate(content))
            assert isinstance(limits_of(plan), Limits)
            for number_of, _ in enumerate(design_points(plan)):
                if number_of > 3:
                    break


def test_a_precision_at_the_edge_asks_for_too_many_replications():
    for width in (1e-320, 5e-324, 1e-200):
        assert replications_needed(0.5, 20, width) > MOST_REPLICATIONS
