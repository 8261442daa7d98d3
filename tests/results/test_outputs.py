"""Recorded outputs are the numbers of the tables, to the last bit, by whatever way they are computed."""

import math
import re
import struct

import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.model.rooms import OBSERVABLES
from sim.model.scenario import Scenario
from sim.parameters.timeline import WITHOUT_FAILURES
from sim.results.keyfigures import KEY_FIGURES, figures_by_replication
from sim.results.measures import MEASURES, RATIO
from sim.results.outputs import (
    HOW,
    check_outputs,
    measure,
    needs_world_without_failures,
    output_label,
    output_unit,
)
from sim.results.series import FocalColumns, build_series, focal
from sim.results.survival import build_survival
from sim.scenario import load_text
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.observables import FLOW, STOCK

WORLDS = {
    "weeks": "market: {customers: 400}\nrun: {periods: 60}",
    "segments": "market: {customers: 500}\nrun: {periods: 20}\n"
    "segments: [{name: a, share: 0.3}, {name: b, share: 0.7}]",
    "three firms, months": "market: {customers: 400}\nrun: {period: month, periods: 15}\n"
    "rivals: [{name: x, initial_share: 0.3}, {name: y, initial_share: 0.2}]",
    "one period": "market: {customers: 300}\nrun: {periods: 1}",
    "nobody stays": "market: {customers: 300}\nrun: {period: month, periods: 30}\nrivals: []\n"
    "customers: {bonds: {attrition_per_year: 0.999999}}\nfirm: {strategy: {advertising_cost: 0.0}}",
    "no opportunity cost": "market: {customers: 300}\nrun: {periods: 12}\nmoney: {measure_opportunity_cost: false}",
}


def bits(value: float) -> bytes:
    return b"nan" if math.isnan(value) else struct.pack("<d", value)


@pytest.fixture(scope="module", params=list(WORLDS))
def run(request):
    scenario = load_text(WORLDS[request.param]).scenario
    tables = Simulation(scenario, seed=3, threads=1).run()
    without = Simulation(scenario, seed=3, threads=1, patch=WITHOUT_FAILURES).run()
    return scenario, tables, without if scenario.money.measure_opportunity_cost else None


def test_key_figures_are_those_of_the_report(run):
    scenario, tables, without = run
    series = build_series(scenario, [tables], None if without is None else [without])
    expected = figures_by_replication(series, scenario, [tables]).iloc[0]
    found = measure(scenario, tables, without, [figure.name for figure in KEY_FIGURES])
    assert {name: bits(value) for name, value in found.items()} == {
        name: bits(float(expected[name])) for name in expected.index
    }


def test_columns_are_those_of_the_series(run):
    scenario, tables, without = run
    table = focal(build_series(scenario, [tables], None if without is None else [without]), scenario)
    columns = FocalColumns(scenario, tables, without)
    numeric = [name for name in table.select_dtypes("number").columns if name not in ("replication", "seed", "period")]
    assert set(numeric) == set(columns)
    for name in columns:
        expected, found = table[name].to_numpy(), columns[name]
        assert found.dtype == expected.dtype, name
        np.testing.assert_array_equal(found, expected, err_msg=name)


def test_every_form_of_a_column(run):
    scenario, tables, without = run
    table = focal(build_series(scenario, [tables], None if without is None else [without]), scenario)
    last = scenario.run.periods - 1
    per_year = {"week": 52, "month": 12}[scenario.run.period]
    names = ["active", "loss", "margin", "satisfaction_mean"]
    forms = dict.fromkeys(("@0", f"@{last}", *(f".{how}" for how in HOW)))
    asked = [f"{name}{form}" for name in names for form in forms if form != ".total" or name == "margin"]
    assert check_outputs(asked, scenario) == []
    found = measure(scenario, tables, without, asked)
    for name in names:
        column = table[name].astype(float)
        assert bits(found[f"{name}@0"]) == bits(column.iloc[0])
        assert bits(found[f"{name}.end"]) == bits(found[f"{name}@{last}"]) == bits(column.iloc[-1])
        assert found[f"{name}.mean"] == pytest.approx(column.mean(), rel=1e-12, nan_ok=True)
        recent = column.iloc[-per_year:].mean()
        assert found[f"{name}.last_year"] == pytest.approx(recent, rel=1e-12, nan_ok=True)
    assert found["margin.total"] == pytest.approx(table["margin"].sum(), rel=1e-12)
    assert list(found) == asked


def test_figures_of_the_last_year_are_of_its_periods_and_no_others(run):
    scenario, tables, without = run
    per_year = {"week": 52, "month": 12}[scenario.run.period]
    recent = focal(build_series(scenario, [tables]), scenario).iloc[-per_year:]
    people = recent["active"].sum()
    satisfaction = recent["satisfaction_sum"].sum() / people if people else math.nan
    nps = 100 * (recent["promoters"].sum() - recent["detractors"].sum()) / people if people else math.nan
    found = measure(scenario, tables, without, ["satisfaction", "nps"])
    assert found == pytest.approx({"satisfaction": satisfaction, "nps": nps}, rel=1e-12, nan_ok=True)


def test_survival_is_that_of_the_curve(run):
    scenario, tables, without = run
    curve = build_survival(scenario, [tables])
    curve = curve[curve["cohort"] == "initial"].set_index("periods")["survival"]
    asked = [f"survival@{k}" for k in range(1, scenario.run.periods + 1)]
    found = measure(scenario, tables, without, asked)
    for k, name in enumerate(asked, start=1):
        # the curve ends where nobody is left; nobody is a share of 0
        assert bits(found[name]) == bits(float(curve.fillna(0.0)[k]))


def test_survival_is_the_share_of_the_first_customers_who_are_still_there(run):
    scenario, tables, _ = run
    left = tables.leavers[0, 0].sum(axis=0)
    everyone = left.sum() + tables.stayers[0, 0].sum()
    for k in range(1, scenario.run.periods + 1):
        (share,) = measure(scenario, tables, None, [f"survival@{k}"]).values()
        assert share == pytest.approx(1 - left[:k].sum() / everyone, abs=1e-12)


def test_nobody_at_the_start_has_no_survival():
    scenario = load_text("market: {customers: 50}\nrun: {periods: 3}\nfirm: {initial_share: 0.0}").scenario
    tables = Simulation(scenario, seed=1, threads=1).run()
    assert math.isnan(measure(scenario, tables, None, ["survival@2"])["survival@2"])


def test_spending_is_a_yearly_sum_of_what_the_firm_decides(run):
    scenario, tables, without = run
    parts = ("prevention", "appraisal", "complaint", "compensation", "advertising", "welcome", "win_back")
    found = measure(scenario, tables, without, ["spending", *(f"{part}_cost.total" for part in parts)])
    per_year = {"week": 52, "month": 12}[scenario.run.period]
    total = sum(found[f"{part}_cost.total"] for part in parts)
    assert found["spending"] == pytest.approx(total * per_year / scenario.run.periods, rel=1e-12)


def test_the_second_world_is_run_where_a_number_depends_on_it_and_nowhere_else():
    """Against the numbers themselves: an output depends on it if it changes with it."""
    scenario = load_text("market: {customers: 400}\nrun: {periods: 12}").scenario
    tables = Simulation(scenario, seed=1, threads=1).run()
    without = Simulation(scenario, seed=1, threads=1, patch=WITHOUT_FAILURES).run()
    columns = [name for name in FocalColumns(scenario, tables) if name != "years"]
    names = [figure.name for figure in KEY_FIGURES] + [f"{name}.mean" for name in columns]
    one, other = (measure(scenario, tables, world, names) for world in (None, without))
    changed = {name for name in names if bits(one[name]) != bits(other[name])}
    assert {"opportunity_measured", "quality_cost_share", "opportunity_share", "poor_quality_cost.mean"} <= changed
    assert changed == {name for name in names if needs_world_without_failures([name], scenario)}
    unmeasured = load_text("money: {measure_opportunity_cost: false}").scenario
    assert not needs_world_without_failures(names, unmeasured)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("retenton", ("no such output", "did you mean retention?")),
        ("activ.end", ("no such column", "did you mean active.end?")),
        ("active", ("not a single number", "active.mean, active.last_year, active.end, active@PERIOD")),
        ("complained", ("not a single number", "complained.total, complained.mean")),
        ("active.sum", ("no such summary", "active.end")),
        ("active.en", ("no such summary", "active.end")),
        ("active.total", ("a sum over periods says nothing", "active.mean")),
        ("retention.total", ("a sum over periods says nothing", "retention.mean")),
        ("active@012", ("no such output",)),
        ("active@" + "9" * 5000, ("no such output",)),
        ("active@104", ("no such period", "0 to 103")),
        ("survival@105", ("1 to 104",)),
        ("survival@0", ("1 to 104",)),
        ("survival", ("survival@12",)),
        ("survival.end", ("survival@12",)),
        ("active@-1", ("no such output",)),
        ("active@1.5", ("no such output",)),
        ("", ("no such output",)),
        ("replication.end", ("no such column",)),
    ],
)
def test_wrong_names_are_refused_kindly(name, words):
    problems = check_outputs([name], Scenario())
    assert len(problems) == 1
    for word in words:
        assert word in str(problems[0])


def test_a_run_that_is_too_short_for_an_output_says_so(run):
    scenario, tables, _ = run
    for name in (f"active@{scenario.run.periods}", f"survival@{scenario.run.periods + 1}"):
        with pytest.raises(ScenarioError, match="no such"):
            measure(scenario, tables, None, [name])


def test_what_is_not_measured_is_no_number_and_is_refused(run):
    scenario, tables, _ = run
    names = ["opportunity_measured", "opportunity_measured.total", "opportunity_measured.end"]
    assert all(math.isnan(value) for value in measure(scenario, tables, None, names).values())
    unmeasured = load_text("money: {measure_opportunity_cost: false}").scenario
    assert [problem.key for problem in check_outputs([*names, "opportunity_share"], unmeasured)] == names


def test_kinds_of_sums_are_those_of_their_parts():
    kinds = {row.name: row.kind for row in OBSERVABLES} | {"opportunity_measured": FLOW, "active_start": STOCK}
    for measure_ in MEASURES:
        parts = re.findall(r"[a-z_]+", measure_.formula)
        if measure_.kind != RATIO and all(part in kinds for part in parts):
            assert {kinds[part] for part in parts} == {measure_.kind}, measure_.name
        kinds[measure_.name] = measure_.kind
    assert kinds["reachable"] == STOCK
    assert kinds["margin"] == kinds["opportunity_cost"] == FLOW
    assert kinds["loss"] == RATIO


def test_units_say_of_what_a_number_is():
    months = load_text("run: {period: month}\nmoney: {currency: CHF}").scenario
    assert output_unit("complained.total", months) == "complaints"
    assert output_unit("complained.mean", months) == "complaints per month"
    assert output_unit("active.mean", months) == "people"
    assert output_unit("spending", months) == "CHF per year"


def test_right_names_pass_and_have_label_and_unit():
    scenario = Scenario()
    names = [
        *(figure.name for figure in KEY_FIGURES),
        "spending",
        "survival@52",
        "active@0",
        "loss.mean",
        "margin.total",
    ]
    assert check_outputs(names, scenario) == []
    for name in names:
        assert output_label(name)
        assert "money" not in output_unit(name, scenario)
    assert [str(problem) for problem in check_outputs(["nps", "nps"], scenario)] == ["nps: stands twice"]
