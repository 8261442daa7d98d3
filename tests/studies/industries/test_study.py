"""Industries on tiny markets: figures equal those of the run itself, marks, and what is said of them."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.report.templates import script
from sim.results.intervals import mean_interval
from sim.studies.industries.figures import FIGURES
from sim.studies.industries.industries import ABOVE, BELOW, INSIDE, UNKNOWN, mark
from sim.studies.industries.industries_page import markdown, page
from sim.studies.industries.industries_plan import scenario_files
from sim.studies.industries.industries_words import UNEXPLAINED, headline, of_scenario, sentences
from sim.studies.industries.measure_industries import industries
from sim.studies.industries.public import PublicFigure, public_figures
from sim.vocabulary.errors import ScenarioError
from sim.words import speaking

SCENARIO = """
name: {name}
run: {{period: month, periods: 5, seed: 3}}
market: {{customers: 300}}
voice: {{complain_share: 0.6}}
firm: {{systems: {{failure_scale: 5}}, desk: {{agents: 30}}, strategy: {{price_index: 1.2, usual_price: 1.2}}}}
"""
HOW = {"replications": 3, "engine": "in-process", "workers": 1}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("industries")
    for name in ("bank", "telecom", "mine"):
        (path / f"{name}.yaml").write_text(SCENARIO.format(name=name), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def found(folder):
    return industries([folder], **HOW)


def rows_of(found, scenario: str) -> pd.DataFrame:
    return found.of(scenario).set_index("figure")


def test_a_folder_stands_for_its_industries_in_the_order_of_the_data(found, folder):
    assert list(found.scenarios) == ["telecom", "bank"]
    assert [path.name for path in scenario_files([folder])] == ["telecom.yaml", "bank.yaml"]
    assert len(found.figures) == 2 * len(FIGURES)


def test_figures_are_those_of_the_run_itself(found, folder):
    rows = rows_of(found, "bank")
    run = sim.run(folder / "bank.yaml", replications=3, threads=1)
    sums = run.series[run.series["firm"] == "focal"].groupby("replication").sum(numeric_only=True)
    for name, values in {
        "problems": sums["failures_felt"] / sums["customer_years"],
        "cost_per_encounter": sums["service_cost"] / sums["encounters"],
        "margin_share": sums["margin"] / sums["revenue"],
    }.items():
        seen = rows.loc[name]
        assert (seen["value"], seen["low"], seen["high"]) == pytest.approx(tuple(mean_interval(values)), rel=1e-9)
    for name in ("acsi", "nps", "cost_of_winning"):
        assert rows.loc[name, "value"] == pytest.approx(run.summary.loc[name, "value"], rel=1e-12)


def test_the_elasticity_is_of_two_years_with_the_same_luck(found, folder):
    sold = []
    for price in (1.2, 1.2 * 1.1):
        changed = [f"firm.strategy.price_index={price}", "run.periods=24"]
        run = sim.run(folder / "telecom.yaml", overrides=changed, replications=3, threads=1)
        focal = run.series[run.series["firm"] == "focal"]
        sold.append(focal.groupby("replication")["purchases"].sum().to_numpy(np.float64))
    expected = mean_interval((np.log(sold[1]) - np.log(sold[0])) / math.log(1.1))
    seen = rows_of(found, "telecom").loc["elasticity"]
    assert (seen["value"], seen["low"], seen["high"]) == pytest.approx(tuple(expected), rel=1e-9)
    assert seen["value"] < 0.0


def test_public_figures_stand_beside_ours(found):
    rows = rows_of(found, "telecom")
    public = public_figures().of("telecom")
    for name, row in rows.iterrows():
        beside = public.get(str(name))
        assert (row["source"] == "") == (beside is None)
        assert row["mark"] == mark(row["value"], beside)
        if beside is not None:
            assert (row["public_low"], row["public_high"], row["where"]) == (beside.low, beside.high, beside.where)


def test_marks_on_both_sides_and_on_the_ends():
    beside = PublicFigure(low=2.0, high=3.0, source="somebody counted", second_hand=True)
    assert [mark(value, beside) for value in (1.99, 2.0, 2.5, 3.0, 3.01)] == [BELOW, INSIDE, INSIDE, INSIDE, ABOVE]
    assert mark(math.nan, beside) == mark(1.0, None) == UNKNOWN


def test_what_does_not_fit_is_said_with_its_reason(found):
    compared = found.compared
    outside = compared[compared["mark"] != INSIDE]
    inside = len(compared) - len(outside)
    assert headline(found) == f"{inside} of {len(compared)} figures lie in their public range"
    said = [text for name in found.scenarios for text in of_scenario(found, name)]
    assert len(said) == len(found.scenarios) + len(outside)
    for _, row in outside.iterrows():
        assert any(text.startswith(row["label"]) and text.endswith(row["differs"] or UNEXPLAINED) for text in said)
        assert row["mark"] in (ABOVE, BELOW)
    assert sentences(found)[1].startswith("Telecom operator (telecom): ")


def test_page_and_markdown_hold_every_row(found):
    html, text = page(found), markdown(found)
    assert html.count("<script") == html.count(f"<script>{script()}</script>") == 1
    assert text.count("\n| ") == 2 * (len(FIGURES) + 1)
    assert html.count('<th scope="row">') == 2 * len(FIGURES)
    for shown in (html, text):
        assert "Cumberland Building Society" in shown
        assert "(second-hand)" in shown
    assert "sim industries scenarios --replications 3 --page docs/industries.md" in text


def test_json_is_strict_and_whole(found):
    told = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert len(told["industries"]) == len(found.figures)
    assert set(told["scenarios"]) == {"telecom", "bank"}
    assert set(found.dictionary()["column"]) == set(found.figures.columns)


def test_a_scenario_of_ones_own_is_set_beside_a_trade(folder):
    with pytest.raises(ScenarioError, match="--as"):
        industries([folder / "mine.yaml"], **HOW)
    with pytest.raises(ScenarioError, match="retail"):
        industries([folder / "mine.yaml"], industry="retial", **HOW)
    found = industries([folder / "mine.yaml"], industry="retail", **HOW)
    assert set(found.figures["trade"]) == {"Supermarket"}
    assert set(found.figures["scenario"]) == {"mine"}


def test_what_cannot_be_told_apart_or_is_not_there_is_refused(folder, tmp_path: Path):
    with pytest.raises(ScenarioError, match="same name"):
        industries([folder / "bank.yaml", folder / "bank.yaml"], **HOW)
    with pytest.raises(ScenarioError, match="no scenario file of an industry"):
        industries([tmp_path], **HOW)


def test_in_spanish_trades_sources_and_reasons_are_spanish_too(found):
    english = markdown(found)
    with speaking("es"):
        told = markdown(found)
    assert told.startswith("# Sectores")
    for industry in found.scenarios:
        trade = public_figures().industries[industry]
        for text in (trade.trade, *(figure.source for figure in public_figures().of(industry).values())):
            assert text in english
            assert text not in told
    assert "(de segunda mano)" in told
