"""What an answer rests on: assumptions one at a time, in both worlds, with the same luck."""

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from sim.cli.compare_command import again, compare_files
from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.parameters.registry import parameters
from sim.report import usual_assumptions
from sim.results.folder import write_folder
from sim.results.place import FolderError
from sim.runs.execution.simulate import Base
from sim.runs.session import ResumeError
from sim.runs.store.store import Store
from sim.scenario import load_scenario
from sim.studies.assumed import candidates
from sim.studies.assumed import look as module
from sim.studies.assumed.assumed_words import (
    first_find_out,
    how_sure_of,
    looked_at_few,
    rests_most_on,
    short_labels,
    shown_at,
    turned,
)
from sim.studies.assumed.assumptions_table import LESS, MORE, build_assumptions
from sim.studies.assumed.candidates import find_assumptions, plausible
from sim.studies.assumed.look import (
    ALL_LUCK,
    CONFIRMED,
    FEW,
    FIRST_LUCK,
    LOOKED_AT_TWICE,
    MOST_CONFIRMED,
    ONCE,
    SCREENING,
    SECOND_LUCK,
    AssumedTask,
    LookedAt,
    LookPlan,
    _further_end,
    few_worlds,
    look,
    most_worlds,
)
from sim.studies.comparison.assumptions_block import how_to_ask, rests_on_most
from sim.studies.comparison.assumptions_run import (
    THE_USUAL,
    Kept,
    find_looked_at,
    find_usual,
    worlds_of_assumptions,
    worlds_of_usual,
)
from sim.studies.comparison.compare import compare
from sim.studies.comparison.comparison_figures import FIGURES
from sim.studies.comparison.comparison_page import page
from sim.studies.comparison.comparison_plan import SHARED, prepare
from sim.studies.comparison.comparison_summary import print_summary
from sim.vocabulary.errors import ScenarioError
from sim.words import speaking, translated

TODAY = """
name: now
run: {period: month, periods: 8, seed: 3, settling: {years: 2, people: 1000}}
market: {customers: 300}
"""
PLAN = """
extends: now.yaml
name: then
firm: {costs: {prevention: 8}}
timeline: [{at: 3, set: {movement.opinion: 1.5}}]
"""
PRICE, SCALE, OFF = (
    "firm.costs.purchase_service",
    "firm.costs.prevention_scale",
    "customers.encounters.price_elasticity",
)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rests")
    for name, text in (("now", TODAY), ("then", PLAN)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [folder / "now.yaml", folder / "then.yaml"]


@pytest.fixture(scope="module")
def few(files):
    """A handful of assumptions, so that all of them go through every stage."""
    plan = prepare(files)
    found = {item.name: item for item in find_looked_at(plan)}
    names = (PRICE, SCALE, OFF, "customers.bonds.attrition_per_year", "customers.judgement.loss_aversion")
    return plan, tuple(found[name] for name in names)


def looked(plan, found, workers=1, replications=3, progress=None):
    """The table of some assumptions, with the answer as `compare` finds it, and the worlds that it took."""
    worlds = [world.scenario for world in plan.worlds]
    task = AssumedTask(SHARED, tuple(worlds))
    compared = compare(worlds, replications=replications, threads=1)
    runs = compared.runs.assign(brought=compared.runs["margin"] + compared.runs["customer_equity"])
    now, then = (runs[runs["scenario"] == name].set_index("replication")["brought"] for name in ("now", "then"))
    asked = LookPlan(task, found, "profit", plan.seed, (then - now).to_dict(), now.to_dict())
    best, lived = look(asked, workers, progress)
    return build_assumptions("then", asked, best, "EUR"), lived


@pytest.fixture(scope="module")
def table(few):
    return looked(*few)


def with_set(files, *overrides):
    """What a comparison of the two files with overrides tells of margin and value of customers."""
    again = compare(files, replications=3, threads=1, overrides=overrides)
    return again.money[again.money["item"] == "profit"].iloc[0]


@pytest.mark.parametrize("name", [PRICE, SCALE, "customers.bonds.attrition_per_year"])
def test_an_end_is_what_a_comparison_with_that_value_set_tells_to_the_last_bit(files, table, name):
    """A price that both worlds pay for each purchase; the effect of the lever; a trait, with a start of its own."""
    rows = table[0][(table[0]["assumption"] == name) & (table[0]["stage"] == ALL_LUCK)]
    assert list(rows["end"].sort_values()) == ["high", "low"]
    as_it_is = with_set(files)
    for _, row in rows.iterrows():
        there = with_set(files, f"{name}={row['at']!r}")
        assert row["answer"] == pytest.approx(there["difference"], rel=1e-12)
        assert row["difference"] == pytest.approx(there["difference"] - as_it_is["difference"], rel=1e-9)


def test_single_runs_are_those_of_a_run_with_that_value_bit_by_bit(files, few):
    plan, found = few
    task = AssumedTask(SHARED, tuple(world.scenario for world in plan.worlds))
    for item in found:
        own = {"own_start": True} if item.shapes_start else {}
        for end in item.ends:
            values = task({**end.changes, **own}, plan.seed, lambda: None)
            overrides = [f"{path}={value!r}" for path, value in end.changes.items()]
            again = compare(files, replications=2, threads=1, overrides=overrides).runs
            first = again[again["replication"] == 0].set_index("scenario")
            for number, name in enumerate(("now", "then")):
                assert values[f"margin {number}"] == first.loc[name, "margin"]
                assert values[f"profit {number}"] == first.loc[name, "margin"] + first.loc[name, "customer_equity"]


def test_a_price_does_not_shape_the_people_of_the_start(files, few):
    """So that it needs no start of its own: with one it brings the same bits."""
    plan, _ = few
    task = AssumedTask(SHARED, tuple(world.scenario for world in plan.worlds))
    prices = {
        path: value
        for item in find_looked_at(plan)
        if not item.shapes_start
        for path, value in item.ends[0].changes.items()
    }
    assert len(prices) > 20
    with_own, without = (task({**prices, **own}, plan.seed, lambda: None) for own in ({"own_start": True}, {}))
    assert with_own == without != task({}, plan.seed, lambda: None)


def test_an_assumption_that_does_nothing_gets_exactly_nothing(table):
    rows = table[0][table[0]["assumption"] == OFF]
    assert len(rows) == 2
    assert (rows["difference"] == 0.0).all()
    assert set(rows["stage"]) == {ONCE}
    assert not rows["turns"].any()


def test_no_more_worlds_are_lived_than_were_announced_and_progress_counts_them(few, table):
    plan, found = few
    ends = [len(item.ends) for item in found]
    moving = len(ends) - 1  # all but the one that does nothing
    first, second = FIRST_LUCK * (1 + sum(ends)), SECOND_LUCK * 2 * moving + SECOND_LUCK - FIRST_LUCK
    # what shapes nobody at the start, or had its own already, is the same point in both looks
    again = sum(len(item.ends) for item in found if item.name != OFF and not _starts_anew(item)) * FIRST_LUCK
    assert table[1] == 2 * (first + second - again + 3 * 2 * moving)
    assert table[1] <= most_worlds(found, 3)
    told = []
    looked(plan, found[:1], progress=lambda done, failed, asked: told.append((done, failed, asked)))
    assert told[-1][0] == told[-1][2]
    assert told[-1][1] == 0
    assert worlds_of_assumptions(plan, 3).startswith(f"{len(find_looked_at(plan))} assumptions are looked at")


def _starts_anew(item):
    """Whether the second look is at another point than the first."""
    return item.shapes_start and not item.is_setup


def test_the_table_does_not_depend_on_workers(few, table):
    other, lived = looked(*few, workers=3)
    assert lived == table[1]
    pd.testing.assert_frame_equal(other, table[0], check_exact=True)


def test_looks_have_luck_of_their_own(few, monkeypatch):
    plan, found = few
    asked = []
    evaluate = module.Evaluation.evaluate

    def noted(self, points, replications=1):
        asked.append((len(points), tuple(replications)))
        return evaluate(self, points, replications)

    monkeypatch.setattr(module.Evaluation, "evaluate", noted)
    looked(plan, found)
    lucks = [luck for _, luck in asked]
    assert lucks == [(SCREENING,), (SCREENING,), (SCREENING, SCREENING + 1), (SCREENING, SCREENING + 1), (0, 1, 2)]


def item_of(name, **changed):
    return next(item for item in find_assumptions([Scenario(), Scenario()]) if item.name == name)._replace(**changed)


def judged(answers, base, today=1e6, stage=ALL_LUCK):
    """The table of one assumption with these answers at its low end."""
    item = item_of(SCALE)
    known = dict(enumerate(base))
    asked = LookPlan(None, (item,), "profit", 1, known, dict.fromkeys(known, today))
    one = LookedAt(item, 0, stage, np.array(answers), np.array(base), today)
    return build_assumptions("then", asked, [one], "EUR")


BASE = [100_000.0, 101_000.0, 102_000.0]


def test_an_answer_turns_where_its_whole_interval_lies_on_the_other_side():
    found = judged([-50_000.0, -51_000.0, -49_000.0], BASE)
    (row,) = found.to_dict(orient="records")
    assert (row["as_it_is"], row["says"], row["turns"]) == (MORE, LESS, True)
    assert row["turns_at"] == pytest.approx(4.0 - 2.0 * 101 / 151)  # from 4 to 2 the answer goes from 101 to -50
    (told,) = turned(found)
    assert told.startswith("The answer turns where “Prevention that divides by e” is below about 2.7 (here 4 EUR per")
    assert "before you decide, by a survey of customers or a trial" in told
    assert "first find out" in first_find_out(found)


def test_what_may_be_luck_turns_nothing():
    found = judged([-50_000.0, 190_000.0, -149_000.0], BASE)
    assert found[["says", "turns", "opens"]].to_numpy().tolist() == [["open", False, False]]
    assert turned(found)[0].startswith("No single one of the 1 assumptions")
    assert first_find_out(found) == ""
    assert "cannot be told from EUR" in rests_most_on(found)[0]
    assert how_sure_of(found).startswith("No single assumption that was looked at turns it")


def test_an_answer_may_cease_to_be_sure():
    found = judged([1_000.0, -1_400.0, 1_600.0], [101_000.0, 99_000.0, 102_000.0], today=1e3)
    assert found[["says", "turns", "opens"]].to_numpy().tolist() == [["open", False, True]]
    assert "no longer sure where “Prevention that divides by e” is 2 (here 4" in " ".join(turned(found))
    assert "no longer sure" in how_sure_of(found)


def test_what_is_negligible_beside_the_firm_turns_nothing():
    """As a comparison judges: half a per cent of what today brings."""
    assert not judged([-400.0, -410.0, -405.0], BASE, today=1e6)["turns"].item()
    assert judged([-400.0, -410.0, -405.0], BASE, today=1e4)["turns"].item()


def test_an_open_answer_may_be_decided():
    found = judged([50_000.0, 51_000.0, 49_000.0], [-40_000.0, 60_000.0, 1_000.0])
    assert (found["as_it_is"].item(), found["turns"].item()) == ("open", True)
    assert "surely brings more than today where “Prevention that divides by e” is 2 (here 4" in turned(found)[0]


def test_what_was_only_looked_at_is_not_judged():
    found = judged([-50_000.0, -51_000.0, -49_000.0], BASE, stage=ONCE)
    assert (found["says"].item(), found["turns"].item()) == ("", False)
    assert found[["low", "high"]].isna().all(axis=None)
    both = pd.concat([judged([300_000.0, 301_000.0, 302_000.0], BASE), found.assign(assumption="other", rank=2)])
    assert turned(both)[0].startswith("No single one of the 2")
    assert turned(both)[1].startswith("With 1 more the answer seemed to turn, though that may be luck")


def test_levers_of_the_firm_and_rules_that_are_off_are_not_looked_at(few):
    names = [item.name for item in find_looked_at(few[0])]
    assert len(names) == len(set(names)) > 150
    assert SCALE in names  # declared to be no lever, and what prevention rests on
    assert "movement.opinion" not in names  # the plan changes it over time
    assert not any(name.startswith(("firm.people.", "firm.programme.", "talk.online", "run.")) for name in names)
    assert not {"firm.costs.prevention", "firm.desk.agents", "market.customers", "voice.lapse_share"} & set(names)
    together = find_assumptions([load_scenario("scenarios/baseline.yaml").scenario] * 2)
    wide = {item.name: item for item in together}
    assert len(wide["customers.expectations.will"].ends[0].changes) == 5
    assert len(wide["firm.systems.failures.*.probability"].ends[0].changes) == 12
    assert {"rivals.*.strategy.price_index", "voice.complain_share"} <= set(wide)
    assert wide["voice.complain_share"].origin == "published"


def test_weights_that_sum_to_one_give_way_to_each_other():
    item = item_of("recovery.distributive")
    for end in item.ends:
        assert sum(end.changes.values()) == pytest.approx(1.0, abs=1e-12)
        assert end.changes["recovery.interactional"] / end.changes["recovery.procedural"] == pytest.approx(0.33 / 0.22)


def test_every_end_is_possible_in_both_worlds(few):
    plan, _ = few
    for item in find_looked_at(plan):
        for end in item.ends:
            for world in plan.worlds:
                assert Base(world.scenario).at(end.changes) != world.scenario


def test_what_lies_outside_the_practical_range_is_said():
    assert plausible(30.0, (1.0, 20.0)) == (15.0, 20.0)
    scenario = set_path(Scenario(), SCALE, 45.0)
    item = next(item for item in find_assumptions([scenario, scenario]) if item.name == SCALE)
    assert item.is_outside
    assert [end.value for end in item.ends] == [20.0]


def test_how_many_are_looked_at_how_often():
    ends = [2] * 40
    assert CONFIRMED <= MOST_CONFIRMED <= LOOKED_AT_TWICE < len(ends)
    items = [item_of(SCALE)] * len(ends)
    first = FIRST_LUCK * (1 + 80)
    second = SECOND_LUCK * 2 * LOOKED_AT_TWICE + SECOND_LUCK - FIRST_LUCK
    assert most_worlds(items, 10) == 2 * (first + second + 10 * 2 * MOST_CONFIRMED)


def test_more_than_one_plan_is_refused(files):
    with pytest.raises(ScenarioError, match="for one plan against today") as caught:
        compare([*files, files[1]], replications=2, threads=1, assumptions=True)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].found == "3 scenarios"


@pytest.fixture(scope="module")
def whole(files, few):
    """A comparison with few assumptions: what is found is cut for the sake of time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.studies.comparison.assumptions_run.find_looked_at", lambda plan: few[1])
        return compare(files, replications=3, threads=1, assumptions=True)


def test_a_comparison_shows_what_it_rests_on_everywhere(whole, table, tmp_path):
    pd.testing.assert_frame_equal(whole.assumptions, table[0], check_exact=True)
    html = page(whole)
    assert 'id="rests-on"' in html
    assert rests_most_on(whole.assumptions)[0] in html
    folder = write_folder(whole, tmp_path / "out", figures=False)
    written = pd.read_csv(folder / "assumptions.csv")
    assert list(written.columns) == list(whole.assumptions.columns)
    assert len(written) == len(whole.assumptions)
    meanings = pd.read_csv(folder / "dictionary.csv")
    assert set(written.columns) <= set(meanings[meanings["table"] == "assumptions"]["column"])
    rows = json.loads((folder / "summary.json").read_text())["assumptions"]
    assert [row["assumption"] for row in rows] == list(whole.assumptions["assumption"])
    console = Console(file=io.StringIO(), width=80)
    print_summary(whole, folder, console)
    assert "What the answer rests on" in console.file.getvalue()
    assert how_sure_of(whole.assumptions) in html


def test_without_it_the_command_is_named_and_nothing_is_claimed(files):
    plain = compare(files, replications=2, threads=1)
    assert plain.assumptions.empty
    assert how_to_ask(plain).endswith("sim compare now.yaml then.yaml --assumptions")
    html = page(plain)
    assert how_to_ask(plain) in html
    assert 'id="rests-on"' not in html


@pytest.fixture(scope="module")
def usual(files):
    return compare(files, replications=3, threads=1, assumptions=None)


def test_without_being_asked_the_usual_are_looked_at_and_the_first_three_with_every_luck(files, usual):
    plan = prepare(files)
    found, table = find_usual(plan), usual.assumptions
    assert usual.manifest["assumptions"] == THE_USUAL
    assert (
        set(table["assumption"])
        == {item.name for item in found}
        <= set(usual_assumptions.USUALLY[usual_assumptions.PLAN])
    )
    confirmed = table[table["stage"] == ALL_LUCK]
    assert len(confirmed) == confirmed["assumption"].nunique() == FEW
    assert set(table["stage"]) == {ALL_LUCK, ONCE}
    once = table[table["stage"] == ONCE].groupby("assumption")["difference"].agg(lambda found: found.abs().max())
    assert len(table) == sum(len(item.ends) for item in found) == len(table.drop_duplicates(["assumption", "end"]))
    assert once.drop(list(confirmed["assumption"]), errors="ignore").max() > 0.0
    said = [text for text in worlds_of_usual(plan, 3) if str(few_worlds(found, 3)) in text]
    assert len(said) == 1


def test_what_the_usual_do_is_what_a_comparison_with_that_value_set_tells(files, usual):
    as_it_is = with_set(files)
    for _, row in usual.assumptions[usual.assumptions["stage"] == ALL_LUCK].iterrows():
        if "*" not in row["assumption"]:
            there = with_set(files, f"{row['assumption']}={row['at']!r}")
            assert row["difference"] == pytest.approx(there["difference"] - as_it_is["difference"], rel=1e-9)


def test_the_end_that_turns_the_answer_comes_before_the_one_that_moves_it_more(few):
    item = few[1][0]
    known = {number: np.array([value]) for number, value in enumerate((-30.0, 80.0))}
    best = {
        (item.name, number): LookedAt(item, number, ONCE, 20.0 + moved, np.array([20.0]), 100.0)
        for number, moved in known.items()
    }
    assert _further_end(best, item) == 0
    best[item.name, 0] = best[item.name, 0]._replace(answers=np.array([5.0]))
    assert _further_end(best, item) == 1


def test_the_first_page_says_what_the_usual_do_and_how_to_look_at_all(usual):
    html = page(usual)
    for sentence in (*rests_most_on(usual.assumptions), how_to_ask(usual), looked_at_few(usual.assumptions)):
        assert sentence.replace("'", "&#39;") in html
    assert how_to_ask(usual).startswith("All other assumptions")
    console = Console(file=io.StringIO(), width=200, color_system=None)
    print_summary(usual, Path("out"), console)
    assert rests_most_on(usual.assumptions)[0] in console.file.getvalue()


def test_of_several_plans_the_command_is_of_the_best(files):
    other = set_path(load_scenario(files[1]).scenario, "firm.costs.prevention", 60.0).model_copy(
        update={"name": "dear"}
    )
    found = compare([*files, other], replications=2, threads=1, assumptions=None)
    assert found.assumptions.empty
    assert find_usual(prepare([*files, other])) == ()
    usually, *_ = rests_on_most(found)
    assert usually.startswith("What a plan brings usually rests most on “Gross margin” (55%, assumption)")


def test_an_interrupted_comparison_goes_on_with_what_was_done(files, few, whole, tmp_path):
    folder = tmp_path / "out_assumptions"

    def compared(resume, progress=None, which=files):
        kept = Kept(folder, resume)
        return compare(which, replications=3, threads=1, assumptions=True, kept=kept, progress=progress)

    def stop_amid(done, failed, asked):
        if done > 30:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.studies.comparison.assumptions_run.find_looked_at", lambda plan: few[1])
        with pytest.raises(KeyboardInterrupt):
            compared(False, stop_amid)
        assert 0 < Store.open(folder).counts().done < 30
        with pytest.raises(FolderError):
            compared(False)
        done = []
        found = compared(True, lambda *told: done.append(told[0]))
        pd.testing.assert_frame_equal(found.assumptions, whole.assumptions, check_exact=True)
        assert Store.open(folder).counts().failed == 0
        with pytest.raises(ResumeError, match="another study"):
            compared(True, which=[files[0], set_path(load_scenario(files[1]).scenario, "firm.costs.prevention", 9.0)])


def test_going_on_is_refused_where_nothing_is_kept(files, tmp_path):
    given = dict.fromkeys(("replications", "precision", "shares", "together", "seed", "rules", "workers"))
    given |= {"figure": "retention", "force": False, "report": False, "json": False, "quiet": True}
    with pytest.raises(ScenarioError, match="nothing to go on with"):
        compare_files(files=files, out=tmp_path / "out", assumptions=False, resume=True, **given)
    assert list(tmp_path.iterdir()) == []


def test_the_command_that_goes_on_asks_for_the_same_levers():
    given = [("--seed", None), ("--together", "firm.desk.*")]
    told = again([Path("a.yaml"), Path("b.yaml")], Path("out"), given, shares=False)
    asked = "--assumptions --out out --resume --no-shares --together 'firm.desk.*'"
    assert told == f"sim compare a.yaml b.yaml {asked}"


def test_intervals_hold_for_all_that_was_picked_together():
    """Bonferroni: of two ends each has the level 97.5%, of which Student's t with 2 degrees of freedom is 6.2053."""
    item, values = item_of(SCALE), np.array([1.0, 2.0, 3.0])
    asked = LookPlan(None, (item,), "profit", 1, {0: 0.0, 1: 0.0, 2: 0.0}, {0: 1.0, 1: 1.0, 2: 1.0})
    both = [LookedAt(item, number, ALL_LUCK, values, np.zeros(3), 1.0) for number in (0, 1)]
    found = build_assumptions("then", asked, both, "EUR")
    assert found["high"].tolist() == pytest.approx([2.0 + 6.2053 / np.sqrt(3.0)] * 2, rel=1e-4)


def test_more_of_the_same_turns_nothing():
    found = judged([300_000.0, 301_000.0, 302_000.0], BASE)
    assert found[["as_it_is", "says", "turns", "opens"]].to_numpy().tolist() == [[MORE, MORE, False, False]]
    assert rests_most_on(found) == [
        "“Prevention that divides by e” (assumption): EUR +0.3010 M at 2 instead of 4 EUR per customer and year."
    ]


@pytest.mark.parametrize("width", [3.4, 7.2])
def test_the_tornado_stays_on_its_sheet_and_shows_what_moves_the_answer(whole, width):
    figure = FIGURES.draw("assumptions", whole, width=width)
    box = figure.get_tightbbox()
    assert box.x0 > -0.05
    assert box.x1 < width + 0.05
    named = [" ".join(text.get_text().split()) for text in figure.axes[0].get_yticklabels()]
    moving = whole.assumptions[whole.assumptions["difference"] != 0.0].drop_duplicates("assumption")
    assert named == [short_labels(whole.assumptions)[name] for name in moving["assumption"]][::-1]
    widths = [bar.get_width() for bar in figure.axes[0].patches]
    told = whole.assumptions["difference"]
    assert sorted(widths) == pytest.approx(sorted(told[told != 0.0]))


def test_shares_are_per_cent_in_every_language():
    with speaking("es"):
        assert shown_at(0.275, translated("share")).replace("\N{NO-BREAK SPACE}", " ") == "27,5 %"
    assert shown_at(0.275, "share") == "27.5%"


def test_what_is_left_out_by_name_is_there() -> None:
    """A parameter that is renamed would be looked at in silence."""
    paths = [info.path for info in parameters()]
    ends = (*candidates._BUT, *candidates._AS_MANY_PEOPLE)
    ends += tuple(f"{section}{name}" for section, names in candidates._WEIGHTS.items() for name in names)
    starts = (*candidates._A_RIVALS_OWN, *candidates._OFF, *(f"firm.{start}" for start in candidates._OFF_IN_FIRM))
    assert [name for name in ends if not any(path.endswith(name) for path in paths)] == []
    assert [name for name in starts if not any(path.startswith(name) for path in paths)] == []
