"""Rivals and segments of a comparison: the figures of a run's own table, world by world, and their change."""

import numpy as np
import pytest

import sim
from sim.model.customer import Segment
from sim.model.firm import Firm
from sim.model.market import Market, Run
from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.report.firms_and_segments import firms, segments
from sim.results.folder import write_folder
from sim.studies.comparison.comparison_page import page
from sim.studies.comparison.groups import FIGURES, groups_of
from sim.studies.comparison.groups_lines import groups_of_plans

RIVALS = [Firm(name="one", initial_share=0.3), Firm(name="two", initial_share=0.2)]
SEGMENTS = [Segment(name="young", share=0.4), Segment(name="old", share=0.6)]
TODAY = Scenario(
    name="today",
    market=Market(customers=800),
    run=Run(period="month", periods=18, seed=3),
    rivals=RIVALS,
    segments=SEGMENTS,
)
PLAN = set_path(TODAY, "firm.strategy.price_index", 0.9).model_copy(update={"name": "plan"})
RUNS = 3


@pytest.fixture(scope="module")
def found():
    return sim.compare([TODAY, PLAN], replications=RUNS, threads=1)


def of_series(result, kind, name):
    """The four figures run by run, worked out from the long table."""
    series = result.series
    rows = series[(series["firm"] == name) & (series["segment"] == "all")]
    if kind == "segment":
        rows = series[(series["firm"] == result.scenario.firm.name) & (series["segment"] == name)]
    by_run = rows.groupby("replication")
    last_year = rows[rows["period"] >= 6].groupby("replication")
    lost = by_run["departed"].sum() / by_run["active_start"].sum()
    return {
        "customers": rows[rows["period"] == 17].set_index("replication")["active"],
        "satisfaction": last_year["satisfaction_sum"].sum() / last_year["active"].sum(),
        "yearly_loss": 1.0 - (1.0 - lost) ** 12,
        "margin": by_run["margin"].sum(),
    }


def test_each_world_has_the_figures_of_a_run_and_the_change_is_run_by_run(found):
    runs = [sim.run(scenario, replications=RUNS, threads=1) for scenario in (TODAY, PLAN)]
    table = found.groups.set_index(["kind", "group", "figure"])
    for kind, name in groups_of(TODAY):
        before, after = (of_series(run, kind, name) for run in runs)
        for figure in FIGURES:
            row = table.loc[(kind, name, figure)]
            assert row["first"] == pytest.approx(before[figure].mean(), rel=1e-12)
            assert row["value"] == pytest.approx(after[figure].mean(), rel=1e-12)
            assert row["difference"] == pytest.approx((after[figure] - before[figure]).mean(), rel=1e-9)
            assert row["n"] == RUNS


def test_a_cheaper_firm_takes_customers_of_its_rivals_and_the_report_says_so(found):
    rows = found.groups[(found.groups["kind"] == "rival") & (found.groups["figure"] == "customers")]
    assert (rows["difference"] < 0.0).all()
    (plan,) = groups_of_plans(found)
    assert [(line.label, line.also) for line in plan.lines] == [
        ("one", "rival"),
        ("two", "rival"),
        ("young", "segment of the firm"),
        ("old", "segment of the firm"),
    ]
    html = page(found)
    assert 'id="groups"' in html
    assert plan.lines[0].cells[0].value in html
    today = sim.run(TODAY, replications=RUNS, threads=1)
    told = {row.name: row.customers for row in [*firms(today), *segments(today)]}
    for line in plan.lines:
        assert told[line.label].startswith(line.cells[0].value.partition(" → ")[0])


def test_who_is_not_there_today_has_no_change():
    newcomer = [*RIVALS, Firm(name="new", initial_share=0.04)]
    other = TODAY.model_copy(update={"rivals": newcomer, "name": "other"})
    rows = sim.compare([TODAY, other], replications=2, threads=1)
    new = rows.groups[rows.groups["group"] == "new"]
    assert np.isnan(new["first"]).all()
    assert np.isnan(new["difference"]).all()
    assert (new["n"] == 0).all()
    cell = next(line for line in groups_of_plans(rows)[0].lines if line.label == "new").cells[0]
    assert cell.interval == "not there today"


def test_without_rivals_and_with_one_segment_there_is_no_such_table(tmp_path):
    alone = Scenario(market=Market(customers=200), run=Run(periods=3), rivals=[])
    rows = sim.compare([alone, set_path(alone, "firm.desk.ease", 1.0)], replications=2, threads=1)
    assert rows.groups.empty
    assert 'id="groups"' not in page(rows)
    write_folder(rows, tmp_path / "out", report=False)
    assert not (tmp_path / "out" / "groups.csv").exists()
