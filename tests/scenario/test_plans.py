"""Plans as people say them: what a text means in values, dates and periods, and what is said where it means nothing."""

import datetime as dt
import re
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

from sim.model.market import Run
from sim.model.scenario import Change, Scenario
from sim.parameters.courses import courses
from sim.parameters.timeline import get_path, phases, set_path
from sim.report.assumptions import timeline
from sim.runs.experiment.parameters import find_parameter, overridden
from sim.scenario import load_scenario, load_text
from sim.scenario.document import read_text
from sim.scenario.plan_words import plan_lines, planned
from sim.scenario.said_dates import moment
from sim.scenario.schema import scenario_schema
from sim.vocabulary.errors import ScenarioError
from tests.cli.calling import call

CASES = Path(__file__).parents[1] / "data" / "cases"
PRICE = "firm.strategy.price_index"
BUYS = "customers.encounters.purchases_per_year"
MONTHS = "run: {period: month, periods: 24, start: 2026-01-01}\n"


def course(text: str, path: str = PRICE, folder: Path | None = None) -> dict[int, float]:
    """Values by the period from which on they hold."""
    found: dict[int, float] = {}
    for start, stretch in phases(load_text(text, base_dir=folder).scenario):
        value = get_path(stretch, path)
        if not found or list(found.values())[-1] != value:
            found[start] = value
    return found


def refused(text: str, folder: Path | None = None) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, base_dir=folder)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("firm: {strategy: {price_index: +3%}}", PRICE, 1.03),
        ("firm: {strategy: {price_index: '-3 %'}}", PRICE, 0.97),
        ("firm: {strategy: {price_index: +2.5 per cent}}", PRICE, 1.025),
        ("firm: {desk: {agents: x 0.5}}", "firm.desk.agents", 0.5),
        ("firm: {desk: {agents: ×3}}", "firm.desk.agents", 3.0),
        ("firm: {desk: {agents: 2 more}}", "firm.desk.agents", 3.0),
        ("firm: {desk: {agents: 50% more}}", "firm.desk.agents", 1.5),
        ("firm: {desk: {agents: 25 percent lower}}", "firm.desk.agents", 0.75),
        ("firm: {desk: {agents: Double}}", "firm.desk.agents", 2.0),
        ("firm: {desk: {agents: half}}", "firm.desk.agents", 0.5),
        ("firm: {desk: {answer_share: -2 points}}", "firm.desk.answer_share", 0.88),  # percentage points of 0.9
        ("firm: {desk: {answer_share: -10%}}", "firm.desk.answer_share", 0.81),
        ("firm: {desk: {answer_share: 85%}}", "firm.desk.answer_share", 0.85),
        ("firm: {desk: {answer_share: 62.5 per cent}}", "firm.desk.answer_share", 0.625),
        ("customers: {bonds: {attrition_per_year: 5%}}", "customers.bonds.attrition_per_year", 0.05),
        ("firm: {guarantee: {payout: 50%}}", "firm.guarantee.payout", 0.5),
        ("firm: {strategy: {promise: {empathy: +0.5 points}}}", "firm.strategy.promise.empathy", 6.1),  # of 1 to 7
        ("firm: {culture: poor, desk: {agents: +50%}}", "firm.desk.agents", 0.75),  # of the culture's 0.5
        ("market: {customers: x 0.5}", "market.customers", 5000),
    ],
)
def test_a_value_relative_to_what_lies_beneath(text: str, path: str, value: float):
    usual = Scenario().firm.strategy.promise.empathy
    assert usual == 5.6
    assert get_path(load_text(text).scenario, path) == value


def test_relative_to_the_scenario_that_a_file_extends(tmp_path: Path):
    (tmp_path / "today.yaml").write_text("firm: {strategy: {price_index: 1.2}}\n", encoding="utf-8")
    (tmp_path / "then.yaml").write_text(
        "extends: today.yaml\nfirm: {strategy: {price_index: +10%}}\n", encoding="utf-8"
    )
    loaded = load_scenario(tmp_path / "then.yaml", ["firm.desk.agents=x 4"])
    assert loaded.scenario.firm.strategy.price_index == 1.32
    assert loaded.scenario.firm.desk.agents == 4.0
    last = loaded.origins[PRICE][-1]
    assert last.origin.endswith("then.yaml:2 (+10%)")


def test_a_segment_is_relative_to_all_customers_wherever_those_stand():
    text = (
        "segments: [{name: a, share: 1, bonds: {switching_cost: x 0.5}}]\ncustomers: {bonds: {switching_cost: 0.8}}\n"
    )
    assert load_text(text).scenario.segments[0].bonds.switching_cost == 0.4


def test_in_a_timeline_it_is_relative_to_what_would_hold_without_the_change():
    text = f"""
    timeline:
      - {{at: 10, set: {{{PRICE}: +10%}}}}
      - {{at: 20, until: 30, set: {{{PRICE}: x 0.5}}}}
      - {{at: 25, set: {{{PRICE}: +10%}}}}
    """
    assert course(text) == {0: 1.0, 10: 1.1, 20: 0.55, 25: 0.605, 30: 1.21}


def test_of_all_customers_it_reaches_each_segment_by_its_own_value():
    text = f"""
    segments: [{{name: a, share: 0.5}}, {{name: b, share: 0.5, encounters: {{purchases_per_year: 30}}}}]
    timeline: [{{at: 10, set: {{{BUYS}: x 2}}}}]
    """
    assert course(text, "segments.a.encounters.purchases_per_year") == {0: 12.0, 10: 24.0}
    assert course(text, "segments.b.encounters.purchases_per_year") == {0: 30.0, 10: 60.0}


def test_a_share_in_per_cent_is_a_number_and_follows_nothing():
    """Of a segment with a share of its own it says nothing, and a sweep of the same parameter is warned of."""
    share = "customers.expectations.promise_trust"
    text = f"""
    segments: [{{name: a, share: 0.5}}, {{name: b, share: 0.5, expectations: {{promise_trust: 0.3}}}}]
    timeline: [{{at: 10, set: {{{share}: 20%}}}}]
    """
    assert list(course(text, "segments.a.expectations.promise_trust").values())[-1] == 0.2
    assert course(text, "segments.b.expectations.promise_trust") == {0: 0.3}
    scenario = load_text(f"timeline: [{{at: 10, set: {{{share}: 20%}}}}]").scenario
    assert overridden(scenario, find_parameter(scenario, share)) == 0
    ramp = "timeline: [{at: 10, until: 12, ramp: linear, set: {firm.desk.answer_share: {from: 80%, to: 90%}}}]"
    assert course(ramp, "firm.desk.answer_share") == {0: 0.9, 10: 0.8, 11: 0.85, 12: 0.9}


def test_it_follows_a_parameter_that_is_varied():
    """A season and a sweep of what it multiplies go together, and no warning says that the season wins."""
    scenario = load_text(f"timeline: [{{at: 10, set: {{{BUYS}: x 2}}}}]").scenario
    assert get_path(phases(set_path(scenario, BUYS, 20.0))[-1][1], BUYS) == 40.0
    assert overridden(scenario, find_parameter(scenario, BUYS)) is None
    assert set_path(Scenario(), PRICE, "+3%").firm.strategy.price_index == 1.03
    made = Scenario(timeline=[Change(at=3, set={PRICE: "+3%"})])
    assert get_path(phases(made)[-1][1], PRICE) == 1.03


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("month 6", 5),
        ("after 6 months", 6),
        ("in 1 month", 1),
        ("Month 1", 0),
        ("period 6", 6),
        ("week 3", dt.date(2026, 1, 19)),
        ("quarter 2", dt.date(2026, 4, 5)),
        ("year 2", dt.date(2027, 1, 5)),
        ("July 2026", dt.date(2026, 7, 1)),
        ("jul 2026", dt.date(2026, 7, 1)),
        ("2026-07", dt.date(2026, 7, 1)),
        ("1 July 2026", dt.date(2026, 7, 1)),
        ("July 4, 2026", dt.date(2026, 7, 4)),
        ("Q3 2026", dt.date(2026, 7, 1)),
        ("2026-W28", dt.date(2026, 7, 6)),
        ("31/07/2026", dt.date(2026, 7, 31)),
        ("after a year", dt.date(2027, 1, 5)),
        ("in six months", 6),
        ("in July 2026", dt.date(2026, 7, 1)),
        ("the 1st of July 2026", dt.date(2026, 7, 1)),
        ("July 4th, 2026", dt.date(2026, 7, 4)),
        ("second half of 2026", dt.date(2026, 7, 1)),
        ("H1 2027", dt.date(2027, 1, 1)),
        ("3rd quarter 2026", dt.date(2026, 7, 1)),
        ("beginning of 2027", dt.date(2027, 1, 1)),
        ("mid-July 2026", dt.date(2026, 7, 16)),
        ("middle of 2026", dt.date(2026, 7, 2)),
        ("Christmas 2026", dt.date(2026, 12, 25)),
        ("New Year 2027", dt.date(2027, 1, 1)),
        ("Black Friday 2027", dt.date(2027, 11, 26)),
        ("Black Friday 2028", dt.date(2028, 11, 24)),
        ("the start", 0),
        ("end of the run", 30),
    ],
)
def test_when(text: str, expected: int | dt.date):
    assert moment(text, Run(period="month", periods=30, start=dt.date(2026, 1, 5))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("end of 2026", dt.date(2027, 1, 1)),
        ("the end of July 2026", dt.date(2026, 8, 1)),
        ("end of Q4 2026", dt.date(2027, 1, 1)),
        ("end", 30),
    ],
)
def test_until_the_end_of_something_is_to_its_last_day(text: str, expected: int | dt.date):
    assert moment(text, Run(period="month", periods=30), until=True) == expected


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{at: month 0, set: {P: 1.1}}", ("yaml:2:17", "timeline.0.at", "counted from 1", "'month 0'", "`at: 0`")),
        ("{at: Julie 2026, set: {P: 1.1}}", ("no month", "'Julie 2026'", "did you mean June 2026?")),
        ("{at: 03/04/2026, set: {P: 1.1}}", ("may be two dates", "YYYY-MM-DD")),
        ("{at: soon, set: {P: 1.1}}", ("not a period", "'soon'", "July 2026", "month 6")),
        ("{at: july, set: {P: 1.1}}", ("not a period", "'july'", "say of which year: july 2026")),
        ("{at: Q3, set: {P: 1.1}}", ("not a period", "'Q3'", "say of which year: Q3 2026")),
        ("{at: 1st quarter, set: {P: 1.1}}", ("not a period", "say of which year: 1st quarter 2026")),
        ("{at: Christmas, set: {P: 1.1}}", ("not a period", "say of which year: Christmas 2026")),
        ("{at: 1, until: end of year, set: {P: 1.1}}", ("0.until", "say of which year: end of 2026")),
        ("{at: end of year, set: {P: 1.1}}", ("may be two periods", "2026-12-31", "2027-01-01")),
        ("{at: end of July, set: {P: 1.1}}", ("may be two periods", "2026-07-31", "2026-08-01")),
        ("{at: mid July, set: {P: 1.1}}", ("not a period", "say of which year: mid July 2026")),
        ("{at: Easter 2026, set: {P: 1.1}}", ("not a period", "another one each year: write it as YYYY-MM-DD")),
        ("{at: end of 2026, set: {P: 1.1}}", ("may be two periods", "2026-12-31", "2027-01-01")),
        ("{at: '2027', set: {P: 1.1}}", ("not a period", "January 2027")),
        ("{at: janvier 2026, set: {P: 1.1}}", ("no month", "did you mean January 2026?")),
        ("{at: summer 2026, set: {P: 1.1}}", ("not a period", "write a month, such as June 2026")),
        ("{at: 1, set: {P: 90%}}", ("per cent of what?", "x 0.9 for so much of the value before")),
        ("{every: summer, set: {P: 1.1}}", ("nothing that recurs", "June to August")),
        ("{at: July 2025, set: {P: 1.1}}", ("begins before the run", "2025-07-01", "2026-01-01")),
        ("{at: 1, set: {P: 1.1}, evry: month}", ("unknown key", "did you mean every?")),
        ("{at: 1, set: {P: +3% more}}", ("not a number", "'+3% more'")),
        ("{at: 1, set: {P: -2 points}}", ("points are said of shares", "x 0.5")),
        ("{at: 1, set: {firm.desk.ease: +5%}}", ("+5% of 0 is nothing",)),
        ("{at: 1, set: {firm.desk.answer_share: +90 points}}", ("too large", "1.8", "the value before is 0.9")),
        ("{at: 1, ramp: linear, set: {P: 1.1}}", ("a ramp needs `until`",)),
        ("{at: 1, until: 5, ramp: cubic, set: {P: 1.1}}", ("no such ramp", "'cubic'", "linear")),
        ("{at: 1, until: 5, ramp: linear, set: {P: [1, 2]}}", ("no end of a ramp", "a list of 2")),
        ("{at: 5, until: 5, ramp: linear, set: {P: 1.1}}", ("ends before it has lasted one period",)),
        ("{at: 1, until: 5, ramp: linear, set: {firm.desk.answer_share: 5}}", ("too large", "found 5", "0 to 1")),
        ("{every: weekend, set: {P: 1.1}}", ("longer than a day of the week", "run: {period: day}")),
        ("{every: Decembr, set: {P: 1.1}}", ("nothing that recurs", "did you mean december?")),
        ("{every: June, ramp: linear, set: {P: 1.1}}", ("is a ramp, recurs, or comes from a file",)),
        ("{from: nowhere.csv, set: {P: column}}", ("timeline.0.from", "no such file")),
        ("{from: prices.csv, set: {P: prise}}", ("no such column", "'prise'", "allowed: price_index")),
        ("{from: prices.csv, set: {P: 1.1}}", ("no column of the file", "found 1.1")),
        ("{from: prices.csv, at: 3, set: {P: column}}", ("the dates come from the file",)),
        ("{from: prices.csv, read: {decimals: comma}, set: {P: column}}", ("timeline.0.read",)),
        ("{at: 1, read: {decimal: comma}, set: {P: 1.1}}", ("there is no `from`",)),
    ],
)
def test_what_is_refused_is_told_with_line_key_and_remedy(entry: str, words: tuple[str, ...]):
    (problem,) = refused(f"{MONTHS}timeline: [{entry.replace('P:', f'{PRICE}:')}]", CASES)
    assert all(word in problem for word in words), problem


def test_a_ramp_takes_equal_steps_to_the_value_at_its_end():
    text = f"timeline: [{{at: 10, until: 14, ramp: linear, set: {{{PRICE}: 1.1}}}}]"
    assert course(text) == {0: 1.0, 11: 1.025, 12: 1.05, 13: 1.075, 14: 1.1}
    text = f"timeline: [{{at: 10, until: 12, ramp: linear, set: {{{PRICE}: {{from: 0.8, to: +10%}}}}}}]"
    assert course(text) == {0: 1.0, 10: 0.8, 11: 0.95, 12: 1.1}


def test_a_ramp_that_the_run_does_not_see_to_its_end():
    text = f"run: {{periods: 12}}\ntimeline: [{{at: 10, until: 14, ramp: linear, set: {{{PRICE}: 1.1}}}}]"
    assert course(text) == {0: 1.0, 11: 1.025}


def test_the_case_of_a_table_and_a_ramp(tmp_path: Path):
    """The shared case: prices from a table, then a ramp to 1.1 from the ninth week to the twenty-second."""
    text = f"""
    run: {{periods: 52}}
    timeline:
      - {{from: prices.csv, set: {{{PRICE}: column}}}}
      - {{at: 2026-03-02, until: 2026-06-01, ramp: linear, set: {{{PRICE}: 1.1}}}}
    """
    found = course(text, folder=CASES)
    steps = {8 + k: float(Fraction("1.03") + Fraction("0.07") * k / 13) for k in range(1, 14)}
    assert found == {0: 1.0, 4: 1.01, 8: 1.03} | steps
    assert found[21] == 1.1


def test_a_table_in_another_folder_with_another_comma(tmp_path: Path):
    """Rows before the run: the latest holds from its beginning; rows after it are said to have no effect."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "plan.csv").write_text(
        "Monat;Preis;Agenten\n2025-10;0,95;1\n2025-12;0,98;1\n2026-03;1,02;2\n2030-01;1,5;3\n".replace(
            "Monat", "month"
        ),
        encoding="utf-8",
    )
    (tmp_path / "data" / "plan.yaml").write_text(
        f"{MONTHS}timeline: [{{from: plan.csv, set: {{{PRICE}: Preis, firm.desk.agents: agenten}}}}]", encoding="utf-8"
    )
    (tmp_path / "then.yaml").write_text("extends: data/plan.yaml\n", encoding="utf-8")
    loaded = load_scenario(tmp_path / "then.yaml")
    assert [(one.path, one.begin, one.value) for one in planned(loaded)] == [
        (PRICE, 0, 0.98),
        ("firm.desk.agents", 0, 1.0),
        (PRICE, 2, 1.02),
        ("firm.desk.agents", 2, 2.0),
    ]
    assert "2 of 4 rows have no effect" in "\n".join(loaded.warnings)


def test_wrong_cells_of_a_table_are_told_with_their_line(tmp_path: Path):
    (tmp_path / "p.csv").write_text("period,price_index\n0,1.0\n4,many\n3,1.2\n", encoding="utf-8")
    first = refused(f"timeline: [{{from: p.csv, set: {{{PRICE}: column}}}}]", tmp_path)
    assert any("p.csv:3" in line and "not a number" in line and "'many'" in line for line in first)
    (tmp_path / "p.csv").write_text("period,price_index\n0,1.0\n4,1.1\n3,1.2\n", encoding="utf-8")
    (second,) = refused(f"timeline: [{{from: p.csv, set: {{{PRICE}: column}}}}]", tmp_path)
    assert "p.csv:4" in second
    assert "not after the row before" in second
    (tmp_path / "p.csv").write_text("period,price_index\n0,1.0\n4,-1.1\n", encoding="utf-8")
    (third,) = refused(f"timeline: [{{from: p.csv, set: {{{PRICE}: column}}}}]", tmp_path)
    assert "too small" in third
    assert "-1.1" in third


def test_what_recurs_comes_back_every_year():
    text = f"{MONTHS}timeline: [{{every: December, set: {{{BUYS}: x 2}}}}]"
    assert course(text, BUYS) == {0: 12.0, 11: 24.0, 12: 12.0, 23: 24.0}
    text = f"{MONTHS}timeline: [{{every: [Nov, Dec], at: July 2026, until: 2027-07-01, set: {{{BUYS}: 3 more}}}}]"
    assert course(text, BUYS) == {0: 12.0, 10: 15.0, 12: 12.0}


@pytest.mark.parametrize(
    ("every", "months"),
    [
        ("November and December", {10, 11}),
        ("Nov, Dec", {10, 11}),
        ("November to January", {0, 10, 11}),
        ("Christmas", {11}),
        ("Black Friday", {10}),
        ("New Year", {0}),
    ],
)
def test_what_recurs_as_people_say_it(every: str, months: set[int]):
    text = f"{MONTHS}timeline: [{{every: '{every}', set: {{{BUYS}: 24}}}}]"
    found, held = course(text, BUYS), 12.0
    for period in range(24):
        held = found.get(period, held)
        assert (held == 24.0) == (period % 12 in months), period


def test_the_week_of_a_feast():
    """Christmas 2026 is a Friday, and weeks begin on Thursdays here; New Year 2027 lies in the week after."""
    text = f"run: {{periods: 60, start: 2026-01-01}}\ntimeline: [{{every: FEAST, set: {{{BUYS}: x 2}}}}]"
    assert course(text.replace("FEAST", "Christmas"), BUYS) == {0: 12.0, 51: 24.0, 52: 12.0}
    assert course(text.replace("FEAST", "New Year"), BUYS) == {0: 24.0, 1: 12.0, 52: 24.0, 53: 12.0}


def test_a_year_in_the_place_of_a_period_is_asked_about():
    (warning,) = load_text(f"{MONTHS}timeline: [{{at: 2027, set: {{{PRICE}: 1.1}}}}]").warnings
    assert "has no effect; a year is said by its month: January 2027" in warning


def test_a_season_has_a_value_for_each_month():
    text = f"{MONTHS}timeline: [{{every: year, set: {{{BUYS}: {{november: x 2, dec: x 4, august: x 0.5}}}}}}]"
    assert course(text, BUYS) == {
        0: 12.0,
        7: 6.0,
        8: 12.0,
        10: 24.0,
        11: 48.0,
        12: 12.0,
        19: 6.0,
        20: 12.0,
        22: 24.0,
        23: 48.0,
    }


def test_weekends_of_a_run_by_days():
    """The run begins on a Monday: the sixth and seventh day of each week."""
    text = f"run: {{period: day, periods: 14}}\ntimeline: [{{every: weekend, set: {{{BUYS}: x 2}}}}]"
    assert course(text, BUYS) == {0: 12.0, 5: 24.0, 7: 12.0, 12: 24.0}


def test_a_period_belongs_to_the_month_of_its_middle():
    """Months from the 25th: the one that holds most of December begins in November. Weeks go by their Thursday."""
    text = f"run: {{period: month, periods: 12, start: 2026-01-25}}\ntimeline: [{{every: Dec, set: {{{BUYS}: x 2}}}}]"
    assert course(text, BUYS) == {0: 12.0, 10: 24.0, 11: 12.0}
    text = f"run: {{periods: 60}}\ntimeline: [{{every: December, set: {{{BUYS}: x 2}}}}]"
    assert course(text, BUYS) == {0: 12.0, 47: 24.0, 52: 12.0}  # Thursday 3 December to Thursday 31 December


def test_what_never_comes_is_said():
    (warning,) = load_text(f"run: {{periods: 4}}\ntimeline: [{{every: June, set: {{{PRICE}: 1.1}}}}]").warnings
    assert "does not come in any period of the run" in warning


def test_the_plan_is_told_with_values_dates_and_periods():
    text = f"""{MONTHS}timeline:
      - {{at: July 2026, set: {{{PRICE}: +3%}}}}
      - {{at: month 10, until: 2027-07-01, ramp: linear, set: {{{PRICE}: 1.21}}}}
    """
    lines = list(plan_lines(load_text(text)))
    assert lines[:4] == [
        "from period 6 (2026-07-01):",
        f"  {PRICE} = 1.03 (+3%)",
        "from period 10 (2026-11-01) until period 11 (2026-12-01):",
        f"  {PRICE} = 1.05 (1/9 of the way to 1.21)",
    ]
    assert lines[-3:] == ["... 4 more changes", "from period 18 (2027-07-01):", f"  {PRICE} = 1.21"]


def test_validate_prints_the_plan(tmp_path: Path):
    (tmp_path / "a.yaml").write_text(
        f"market: {{customers: 100}}\ntimeline: [{{at: 3, set: {{{PRICE}: +3%}}}}]", encoding="utf-8"
    )
    told = call(tmp_path, "validate", "a.yaml")
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines()[1:] == ["  from period 3 (2026-01-26):", f"    {PRICE} = 1.03 (+3%)"]


def test_the_echo_on_the_page_is_what_is_printed(tmp_path: Path):
    root = Path(__file__).resolve().parents[2]
    page = (root / "docs" / "plans.md").read_text(encoding="utf-8")
    (tmp_path / "scenarios").symlink_to(root / "scenarios")
    (plan,) = re.findall(r"<!-- plan: my_plan.yaml -->\n```yaml\n(.*?)```", page, re.DOTALL)
    (echo,) = re.findall(r"<!-- echo of: sim validate my_plan.yaml -->\n```\n(.*?)```", page, re.DOTALL)
    (tmp_path / "my_plan.yaml").write_text(plan, encoding="utf-8")
    assert call(tmp_path, "validate", "my_plan.yaml").stdout == echo


def test_a_report_tells_a_ramp_and_a_season_once():
    text = f"""{MONTHS}timeline:
      - {{at: 2, until: 8, ramp: linear, set: {{{PRICE}: 1.1}}}}
      - {{every: December, set: {{{BUYS}: x 2}}}}
    """
    scenario = load_text(text).scenario
    assert timeline(scenario) == [
        "from 1 April 2026: Strategy: Price index = to 1.1, in 6 steps",
        "from 1 December 2026 until 1 January 2027: Customers, Encounters: Purchases a year = x 2 (and once more)",
    ]
    two = load_text(f"timeline: [{{at: 1, until: 5, set: {{{PRICE}: 1}}}}, {{at: 5, set: {{{PRICE}: 2}}}}]").scenario
    assert len(courses(two.timeline)) == 2


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("firm: {desk: {ease: x 0.5}}", True),
        ("firm: {desk: {ease: half}}", False),
        ("timeline: [{at: July 2026, until: 4, ramp: linear, set: {firm.desk.ease: {from: 1, to: 2}}}]", True),
        ("timeline: [{every: December, set: {firm.desk.ease: +3%}}]", True),
        ("timeline: [{from: a.csv, set: {firm.desk.ease: column}}]", True),
        ("timeline: [{set: {firm.desk.ease: 1}}]", False),
    ],
)
def test_an_editor_knows_it(text: str, passes: bool):
    document = read_text(text, "a.yaml").root.plain
    assert jsonschema.Draft7Validator(scenario_schema()).is_valid(document) is passes
