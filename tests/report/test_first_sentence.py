"""Every kind of question is answered with its number, and where there is none, the usual sentence stands in."""

import math
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.report.assumed import foundations
from sim.report.beside_words import beside, loyalty_next_step
from sim.report.first_sentence import ANSWERS, first_sentence, usual
from sim.report.run_sentences import LOOK_FIRST, costs_and_brings, next_step

ASKS = Scenario.model_fields["asks"].annotation.__args__


def told(result, asks, *, figures=None, sums=None, **other):
    """The first sentence, with these key figures (value, low, high) and sums of the firm's in each of two runs."""
    summary = result.summary.copy()
    for name, values in (figures or {}).items():
        summary.loc[name, ["value", "low", "high"]] = values
    series = result.series.copy()
    for name, (first, second) in (sums or {}).items():
        series[name] = 0.0
        for number, value in ((0, first), (1, second)):
            rows = series[(series["replication"] == number) & (series["firm"] == result.scenario.firm.name)]
            series.loc[rows.index[0], name] = value
    scenario = result.scenario.model_copy(update={"asks": asks})
    changed = {"summary": summary, "series": series, "scenario": scenario, **other}
    return first_sentence(replace(result, **changed))


def worlds(*rows):
    names = ["world", "label", "missed", "missed_low", "missed_high", "customers", "customers_low", "customers_high"]
    return pd.DataFrame(rows, columns=names)


def test_every_kind_of_question_but_the_open_one_has_an_answer():
    assert set(ASKS) == {"anything", *ANSWERS}
    assert Scenario().asks == "anything"


def test_a_scenario_that_asks_nothing_has_the_usual_sentence(result):
    assert first_sentence(result) == usual(result)
    assert "loses" in usual(result) or "no customer was dissatisfied" in usual(result)


@pytest.mark.parametrize("asks", ASKS)
def test_no_answer_holds_what_is_not_known(result, asks):
    unknown = result.summary.assign(value=math.nan, low=math.nan, high=math.nan)
    said = told(replace(result, **{"summary": unknown}), asks)
    assert said.endswith(".")
    assert "nan" not in said


def test_what_the_register_shows_is_told_of_a_thousand(result):
    seen = {"seen_share": (0.039, 0.0341, 0.0452)}
    said = told(result, "register", figures=seen | {"complaint_share": (0.05, 0.04, 0.06)})
    assert said == (
        "Of every 1,000 experiences that dissatisfy, the complaint register of the firm shows 39 (34 to 45); the other "
        "961 it never hears of."
    )
    front = told(result, "register", figures=seen | {"complaint_share": (0.48, 0.45, 0.51)})
    assert front == (
        "Of every 1,000 experiences that dissatisfy, 480 are complained of, most of them at the front line, and the "
        "complaint register of the firm shows 39 (34 to 45); of the other 961 headquarters never hears."
    )


def test_what_becomes_of_a_firm_is_told_from_start_to_end(result):
    start = result.series[(result.series["firm"] == "focal") & (result.series["period"] == 0)]["active_start"].mean()
    shrinks = (0.5 * start, 0.4 * start, 0.6 * start)
    said = told(result, "fate", figures={"customers": shrinks, "margin": (300_000, 240_000, 360_000)})
    assert "loses 50% of its size" in said
    assert "EUR 0.52 M (0.42 to 0.62) a year" in said  # 30 of 52 weeks
    assert "grows by 25%" in told(result, "fate", figures={"customers": (1.25 * start, 1.2 * start, 1.3 * start)})
    same = {"customers": (0.9 * start, 0.8 * start, 1.1 * start), "yearly_loss": (0.31, 0.3, 0.32)}
    assert "about as many" in told(result, "fate", figures=same)
    assert "for 31% leave in a year and as many are won; its margin" in told(result, "fate", figures=same)


def test_what_a_failure_costs_is_margin_by_failures(result):
    said = told(
        result,
        "failures",
        figures={"opportunity_measured": (500, 400, 600)},
        sums={
            "opportunity_measured": (400, 660),
            "failures_felt": (10, 15),
            "complaints_kept": (3, 3),
            "complaints_ended": (4, 4),
            "silent": (10, 10),
            "silent_stayed": (2, 3),
            "silent_captive": (1, 0),
        },
    )
    assert said == (
        "One bad experience costs the firm EUR 42 (17 to 67) of margin that never comes, besides what it costs to put "
        "right; of 100 who complain 75 buy again, of 100 who say nothing 30 stay."
    )


def test_what_cannot_be_told_from_nothing_is_said_to_be_so(result):
    said = told(
        result,
        "talk",
        figures={"opportunity_measured": (0, -9, 9)},
        sums={
            "opportunity_measured": (-100, 130),
            "failures_felt": (10, 10),
            "won_talk": (2, 4),
            "told_positive": (300, 500),
        },
    )
    assert "cannot be told from nothing" in said
    assert "every 1,000 times that somebody is told something good bring 7.5 customers" in said


def test_what_answers_are_worth_needs_the_world_of_perfect_answers(result):
    assert "was not measured" in told(result, "answers", quality_worlds=None)
    better = worlds(("perfect_answers", "With perfect answers to complaints", 5000.0, 3000.0, 7000.0, 4.0, 2.0, 6.0))
    assert "would be worth EUR 5,000 (3,000 to 7,000) over the run" in told(result, "answers", quality_worlds=better)
    unsure = better.assign(missed_low=-100.0)
    assert "cannot be told from nothing" in told(result, "answers", quality_worlds=unsure)
    costs = {"cost_of_winning": (92, math.nan, math.nan), "cost_of_keeping": (9.5, math.nan, math.nan)}
    said = told(result, "keeping", figures=costs, quality_worlds=better)
    assert said.startswith("A new customer costs the firm EUR 92.0 to win, and one in hand EUR 9.50 a year to keep")


def test_where_customers_go_is_told_with_the_world_that_keeps_most(result):
    both = worlds(
        ("promises_kept", "With every level at least as promised", 1.0, 0.5, 1.5, 30.0, 20.0, 40.0),
        ("perfect_answers", "With perfect answers to complaints", 9.0, 8.0, 10.0, 4.0, 2.0, 6.0),
    )
    said = told(result, "departures", figures={"yearly_loss": (0.15, 0.12, 0.18)}, quality_worlds=both)
    assert said.startswith("15.0% (12.0% to 18.0%) of the customers leave in a year; first among the causes: ")
    assert said.endswith(
        "with every level at least as promised, it would have 30 (20 to 40) customers more at the end."
    )
    none = both.assign(customers_low=-1.0)
    assert "none of the better worlds" in told(result, "departures", quality_worlds=none)


def test_loyalty_that_is_only_a_burden_is_a_share_of_all_types(result):
    names = ("sustainable", "latent", "spurious", "none")
    counts = (40.0, 10.0, 30.0, 20.0)
    rows = [
        ("loyalty type", name, count, count - 5, count + 5, count / 100)
        for name, count in zip(names, counts, strict=True)
    ]
    census = pd.DataFrame(rows, columns=["typology", "type", "count", "low", "high", "share"])
    said = told(result, "loyalty", figures={"retention": (0.91, 0.9, 0.92)}, census=census)
    assert said.startswith("30% (25% to 35%) of the customers of the firm stay only because leaving is a burden")
    assert "91% are kept for a year" in said
    wide = told(result, "loyalty", figures={"retention": (0.91, 0.9, 0.92)}, census=census.assign(low=-5.0, high=130.0))
    assert wide.startswith("30% (0% to 100%) of the customers")


@pytest.mark.parametrize(("asks", "spurious", "told"), [("loyalty", 51, 1), ("loyalty", 50, 0), ("fate", 51, 0)])
def test_where_most_are_held_by_barriers_better_service_is_to_be_tried(asks: str, spurious: int, told: int):
    counts = {"sustainable": 30, "latent": 20, "spurious": spurious, "none": 40}
    rows = [("loyalty type", name, count) for name, count in counts.items()]
    census = pd.DataFrame(rows, columns=["typology", "type", "count"])
    said = loyalty_next_step(SimpleNamespace(scenario=Scenario(asks=asks), census=census))
    assert len(said) == told


def test_the_two_greatest_causes_are_named(result):
    gone = {"left_natural": (30, 30), "left_switch": (15, 15), "left_silent": (5, 5), "lapsed_silent": (0, 0)}
    rest = dict.fromkeys(("left_complaint", "left_without", "left_closed"), (0, 0))
    series = result.series.assign(**dict.fromkeys((*gone, *rest), 0.0))
    said = told(replace(result, series=series), "departures", sums=gone | rest, quality_worlds=None)
    assert said.endswith(
        "first among the causes: reasons that no service can mend (60%) and going over to a rival (30%)."
    )


def test_loyalty_tells_how_many_are_left_where_that_has_changed(result):
    rows = [("loyalty type", name, 25.0, 25.0, 25.0, 0.25) for name in ("sustainable", "latent", "spurious", "none")]
    census = pd.DataFrame(rows, columns=["typology", "type", "count", "low", "high", "share"])
    said = told(result, "loyalty", figures={"retention": (0.9, 0.9, 0.9), "customers": (9, 8, 11)}, census=census)
    assert said.endswith(" to 9 (8 to 11).")
    assert " From start to end its customers go from " in said


@pytest.mark.parametrize(
    ("asks", "changes", "named"),
    [
        ("steering", {"firm.learning.steering": "box"}, "firm: {learning: {steering: survey}}"),
        ("steering", {"firm.learning.steering": "survey"}, ""),
        ("loyalty", {"firm.programme.offered": True}, "firm: {programme: {offered: false}}"),
        ("loyalty", {}, ""),
        ("fate", {"firm.programme.offered": True}, ""),
    ],
)
def test_what_only_another_world_answers_is_named(asks, changes, named):
    scenario = Scenario(asks=asks)
    for path, value in changes.items():
        scenario = set_path(scenario, path, value)
    said = beside(scenario)
    assert [text.typed for text in said] == ([named] if named else [])
    assert not any("firm." in text for text in said)  # labels in the sentence; what is typed stands below it


def test_captives_are_counted_with_what_they_bear(result):
    held = {"silent_captive": (6, 8), "complaint_captive": (1, 1)}
    said = told(result, "captives", figures={"captive_loss": (250, 200, 300)}, sums=held)
    assert "8 (0 to 21) times in 30 weeks somebody stayed only because they cannot leave" in said
    assert said.endswith("at a cost to themselves of EUR 250 (200 to 300).")
    assert "to themselves" not in told(result, "captives", figures={"captive_loss": (0, 0, 0)}, sums=held)


@pytest.mark.parametrize(
    ("kept", "begins"),
    [
        (9, "Complaining helps: a complaint that is never made costs the firm about EUR 240, for of 100 who "),
        (6, "Complaining changes little"),
        (2, "Complaining is no"),
    ],
)
def test_whether_complaining_is_the_remedy_depends_on_who_stays(result, kept, begins):
    sums = {
        "complaints_kept": (kept, kept),
        "complaints_ended": (10, 10),
        "silent": (10, 10),
        "silent_stayed": (6, 6),
        "silent_captive": (0, 0),
    }
    assert told(result, "voice", figures={"lifetime_value": (800, 700, 900)}, sums=sums).startswith(begins)


def test_a_change_by_itself_says_what_it_takes_to_answer(result):
    assert "sim compare TODAY.yaml THIS.yaml" in told(result, "change")


def test_the_first_page_says_where_to_look_what_it_brings_and_what_it_rests_on(result):
    assert next_step(result)[0] in LOOK_FIRST.values()
    assert costs_and_brings(result)[0].startswith("Margin is EUR ")
    assert foundations(result.scenario) == []  # what a run counts assumes nothing
