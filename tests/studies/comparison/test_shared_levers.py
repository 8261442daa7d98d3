"""Which lever of a plan does it: a comparison shares out what a bundle changes, as `sim shares` does."""

import io
import json
import re

import numpy as np
import pandas as pd
import pytest

from sim.report.wording import told_amount
from sim.studies.comparison import replicate as module
from sim.studies.comparison import verdict_words as verdicts
from sim.studies.comparison.bundles import MOST_WORLDS, build_shared, with_bundles, worlds_added
from sim.studies.comparison.compare import compare
from sim.studies.comparison.comparison_page import page
from sim.studies.comparison.comparison_plan import SHARED, prepare
from sim.studies.comparison.levers_words import lever_by_lever, shared_of
from sim.studies.shared_output import shown_shares, shown_whole, told_shares
from sim.studies.shares.share_out import shares

TODAY = """
name: now
run: {period: month, periods: 8, seed: 3}
market: {customers: 300}
firm: {win_back: {contacts_per_year: 0}}
"""
PLAN = """
extends: now.yaml
name: then
firm: {strategy: {price_index: 1.1}, win_back: {cost: 99}}
timeline: [{at: 3, set: {firm.systems.service: {empathy: 6.4, assurance: 6.2}}}]
"""
MANY = """
extends: now.yaml
name: many
firm: {strategy: {price_index: 1.1}, desk: {ease: 1, agents: 2, resolution_share: .7, compensation: .9}}
"""
ONE = """
extends: now.yaml
name: one
firm: {strategy: {promise: {reliability: 5.0, empathy: 5.0}}}
"""
PRICE, LEVELS, IDLE = "firm.strategy.price_index", "firm.systems.service", "firm.win_back.cost"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("levers")
    for name, text in (("now", TODAY), ("then", PLAN), ("many", MANY), ("one", ONE)):
        (path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def found(folder):
    return compare([folder / "now.yaml", folder / "then.yaml"], replications=3, threads=1)


def test_it_is_what_sim_shares_finds_of_the_same_files(found, folder):
    """To the last bit, in both outputs, with the default seed of the file."""
    alone = shares(
        folder / "then.yaml", folder / "now.yaml", replications=3, outputs=SHARED, engine="in-process", workers=1
    )
    for ours, theirs in ((found.levers.shares, alone.shares), (found.levers.totals, alone.totals)):
        assert set(ours["scenario"]) == {"then"}
        pd.testing.assert_frame_equal(ours.drop(columns="scenario"), theirs, check_exact=True)


def test_shares_add_up_to_the_cent_to_what_the_comparison_itself_tells(found):
    for output in SHARED:
        shared = found.shared(output, "then")
        whole = found.money[found.money["item"] == output].iloc[0]
        assert abs(shared.rows["value"].sum() - whole["difference"]) < 0.005
        assert [shared.total[end] for end in ("low", "high")] == pytest.approx([whole["low"], whole["high"]])
        parts = [float(text.replace("−", "-").replace(",", "")) for text in shown_shares(shared).values()]
        assert sum(parts) == pytest.approx(float(shown_whole(shared).replace("−", "-").replace(",", "")), abs=1e-9)


def test_a_lever_that_does_nothing_gets_nothing_and_is_said_to(found):
    idle = found.levers.shares[found.levers.shares["lever"] == IDLE]
    assert (idle[["value", "low", "high", "least", "most"]] == 0.0).all(axis=None)
    assert "Cost of a contact" in (told := lever_by_lever(found, "then")[0])
    assert "nothing, in whatever order levers are turned" in told


def test_parts_of_one_section_are_one_lever_and_a_pattern_makes_one_of_several(folder, found):
    assert list(found.shared("margin", "then").rows["lever"].sort_values()) == [PRICE, LEVELS, IDLE]
    one = compare([folder / "now.yaml", folder / "one.yaml"], replications=2, threads=1)
    assert one.levers.shares.empty
    assert lever_by_lever(one, "one") == []
    plan = prepare([folder / "now.yaml", folder / "many.yaml"])
    joined = with_bundles(plan, None, ["firm.desk.*"]).bundles[0]
    assert [lever.name for lever in joined.levers] == [PRICE, "firm.desk.*"]


@pytest.mark.parametrize("asked", [None, True, False])
def test_few_levers_are_shared_out_unasked_and_more_only_if_asked_for(folder, asked):
    files = [folder / "now.yaml", folder / "then.yaml", folder / "many.yaml"]
    plan = with_bundles(prepare(files), asked)
    worlds = {bundle.label: len(bundle.between) for bundle in plan.bundles}
    assert worlds == {None: {"then": 6}, True: {"then": 6, "many": 30}, False: {}}[asked]
    assert sum(worlds.values()) <= MOST_WORLDS or asked
    assert plan.lived == 3 + sum(worlds.values())
    assert [line.split(":")[0] for line in worlds_added(plan)] == [
        f"{label} changes {3 if label == 'then' else 5} levers" for label in worlds
    ]


def test_where_it_is_not_shared_out_the_command_is_named(folder):
    many = compare([folder / "now.yaml", folder / "many.yaml"], replications=2, threads=1)
    (told,) = lever_by_lever(many, "many")
    assert told.endswith("tells: sim shares many.yaml --today now.yaml")
    assert "5 levers" in told
    assert told in page(many)
    assert 'id="levers"' not in page(many)
    precise = compare([folder / "now.yaml", folder / "then.yaml"], precision=1e9, figure="margin", threads=1)
    assert precise.levers.shares.empty  # how many runs it takes is not known before


def test_a_plan_of_other_people_says_why_it_has_no_shares(folder):
    (folder / "others.yaml").write_text(
        "extends: now.yaml\nname: others\nfirm: {strategy: {price_index: 1.1}}\n"
        "customers: {judgement: {initial_history: 3}}\n",
        encoding="utf-8",
    )
    found = compare([folder / "now.yaml", folder / "others.yaml"], replications=2, threads=1)
    assert found.levers.shares.empty
    (told,) = lever_by_lever(found, "others")
    assert told.startswith("What each lever of “others” contributes cannot be told: ")
    assert "shapes the people before the first period" in told


def test_it_is_shown_on_the_first_page_in_a_table_and_as_json(found):
    text = page(found)
    first, shared = text[text.index('id="answer"') : text.index('id="worlds"')], shared_of(found, "then")
    for share in shown_shares(shared).values():
        assert share in text
    assert "Lever by lever" in first
    assert shown_whole(shared) in first
    assert "Every part of then that was lived" in text
    stored = json.loads(json.dumps(found.as_json()))
    assert {row["lever"] for row in stored["shares"]} == {PRICE, LEVELS, IDLE}
    assert len(stored["parts"]) == 2 * 7
    known = {table.name: table for table in found.tables()}
    for name in ("shares", "share_totals", "parts"):
        assert [column.name for column in known[name].columns] == list(known[name].rows.columns)


def test_threads_decide_nothing(found, folder):
    again = compare([folder / "now.yaml", folder / "then.yaml"], replications=3, threads=3)
    for one, other in zip(again.levers, found.levers, strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_a_failed_world_between_leaves_the_comparison_whole(found, folder, monkeypatch):
    lived, calls = module._between, []

    def fails(bundle, *how):
        calls.append(bundle.label)
        values, reasons = lived(bundle, *how)
        return ([(np.nan, np.nan), *values[1:]], ["ValueError: broken"]) if len(calls) == 1 else (values, reasons)

    monkeypatch.setattr(module, "_between", fails)
    again = compare([folder / "now.yaml", folder / "then.yaml"], replications=3, threads=1)
    pd.testing.assert_frame_equal(again.differences, found.differences, check_exact=True)
    assert set(again.levers.totals["pairs"]) == {2}
    assert any("1 run with some levers of a plan failed" in note for note in again.notes)


def invented(folder, games):
    """A comparison whose worlds bring what is said: by the levers that are the plan's, then today's luck."""
    plan = with_bundles(prepare([folder / "now.yaml", folder / "then.yaml"]), None)
    bundle = plan.bundles[0]
    values = [games[tuple(sorted(one))] for one in bundle.game.coalitions]
    lived = [np.array([[value + luck, value + luck] for value in values]) for luck in (-1.0, 0.0, 1.0)]
    return bundle, build_shared([bundle], {"then": lived}, plan.worlds[0].scenario)


def test_the_part_of_a_plan_that_is_better_than_all_of_it_is_recommended(folder, found, monkeypatch):
    """Lever 0 costs 10,000 wherever it is turned, lever 1 brings 30,000, lever 2 nothing: do 1 alone."""
    game = {
        one: 900_000.0 + 30_000.0 * (1 in one) - 10_000.0 * (0 in one)
        for one in [(), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]
    }
    bundle, levers = invented(folder, game)
    changed = type(found)(**{**vars(found), "levers": levers})
    labels = [lever.label for lever in bundle.levers]
    told = verdicts.better_part(changed, "then")
    amount = told_amount(10_000.0, 10_000.0, 10_000.0, "EUR")
    assert told == f"Better still, do only this part of it: {labels[1]}. It brings {amount} more than the whole plan."
    assert verdicts.paying_part(changed, "then").startswith(f"But part of it pays: {labels[1]}. That brings EUR 30,000")
    assert verdicts.behind_verdict(changed, "then").startswith("Without its change of ")
    monkeypatch.setattr(verdicts, "is_a_choice", lambda comparison, label: False)  # what happens to a firm
    assert "ithout its change" not in verdicts.behind_verdict(changed, "then")
    shown = shown_shares(changed.shared("profit", "then"))
    assert shown == {PRICE: "−10,000", LEVELS: "+30,000", IDLE: "0"}


def test_a_part_that_may_pay_of_a_plan_that_does_not_is_named_with_what_is_open(folder, found):
    """Lever 0 costs 10,000 in each run; lever 1 brings 6,000 at the mean, by luck between nothing and 12,000."""
    plan = with_bundles(prepare([folder / "now.yaml", folder / "then.yaml"]), None)
    bundle = plan.bundles[0]
    lived = [
        np.array([[9e5 + luck * (1 in one) - 10_000.0 * (0 in one)] * 2 for one in bundle.game.coalitions])
        for luck in (0.0, 6_000.0, 12_000.0)
    ]
    levers = build_shared([bundle], {"then": lived}, plan.worlds[0].scenario)
    changed = type(found)(**{**vars(found), "levers": levers})
    labels = [lever.label for lever in bundle.levers]
    told = verdicts.paying_part(changed, "then")
    assert told.startswith(f"Part of it may pay, and is surely better than the whole: {labels[1]}, EUR +6,000 (−")
    assert told.endswith(" against now. More runs tell (--replications).")


def test_nothing_better_is_said_of_a_plan_whose_every_lever_brings_something(folder, found):
    game = {
        one: 900_000.0 + 1_000.0 * sum(number + 1 for number in one)
        for one in [(), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]
    }
    changed = type(found)(**{**vars(found), "levers": invented(folder, game)[1]})
    assert verdicts.better_part(changed, "then") == ""


def test_the_terminal_shows_shares_and_ends_with_what_to_do(found, tmp_path):
    from rich.console import Console

    from sim.studies.comparison.comparison_summary import print_summary

    console = Console(width=80, record=True, file=io.StringIO(), color_system=None)
    print_summary(found, tmp_path, console)
    said = console.export_text()
    assert "then: what each lever contributes" in said
    for share in shown_shares(shared_of(found, "then")).values():
        assert share in said
    flowing = re.sub(r"\s+", " ", said)
    assert re.sub(r"\s+", " ", verdicts.what_to_do(found)) in flowing
    assert max(map(len, said.splitlines())) <= 80 or "Results:" in said


def test_large_shares_are_told_in_millions_and_still_add_up(found):
    shared = found.shared("profit", "then")
    large = shared._replace(
        rows=shared.rows.assign(value=[-1_064_000.0, -24_000.0, 4_000.0], low=-1.2e6, high=9_000.0),
        total=pd.Series({**shared.total, "change": -1_084_000.0, "unit": "EUR"}),
    )
    told = told_shares(large)
    assert told.whole == "EUR −1.08 M"
    assert list(told.shares.values()) == ["EUR −1.06 M", "EUR −0.02 M", "EUR 0.00 M"]
    assert set(told.spans.values()) == {"−1.20 to +0.01"}
    assert told_shares(shared).whole.startswith("EUR −11,")
