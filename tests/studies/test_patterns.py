"""The table of patterns: its verdicts, and that every claimed pattern holds.

`sim patterns` and `docs/patterns.md` share this code. The slow test runs the table of the page, with its seeds and its
ten replications, and asserts each claimed pattern (with five, `rise_heterogeneity` is undecided). It fails where
a changed default or rule moves a pattern out of its range; then the model has lost a pattern.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.model.market import Market, Run
from sim.model.movement import FLOWS_IN
from sim.model.scenario import Scenario
from sim.results.intervals import Interval
from sim.scenario import load_scenario
from sim.studies.patterns import measured
from sim.studies.patterns.catalogue import GROUPS
from sim.studies.patterns.laboratory import Laboratory, changed
from sim.studies.patterns.patterns import Patterns, measure_patterns
from sim.studies.patterns.patterns_markdown import page
from sim.studies.patterns.patterns_table import FAILS, HOLDS, OPEN, UNMEASURED, Pattern, SeenPattern, measure_all
from sim.studies.patterns.variants import Variant, variants
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.files import FileError

ROOT = Path(__file__).parents[2]
PATTERNS = [pattern for group in GROUPS for pattern in group.patterns]


@pytest.fixture(scope="module")
def rows() -> dict[str, SeenPattern]:
    scenario = load_scenario(ROOT / "scenarios" / "baseline.yaml").scenario
    return {row.pattern.name: row for row in measure_patterns(scenario, replications=10).rows}


@pytest.mark.slow
@pytest.mark.parametrize("name", [pattern.name for pattern in PATTERNS if pattern.required])
def test_every_claimed_pattern_holds(rows: dict[str, SeenPattern], name: str) -> None:
    assert rows[name].verdict == HOLDS, rows[name]


@pytest.mark.slow
def test_contrasts_have_values_and_say_what_they_teach(rows: dict[str, SeenPattern]) -> None:
    contrasts = [row for row in rows.values() if not row.pattern.required]
    assert contrasts
    assert all(math.isfinite(row.seen.value) and row.pattern.note for row in contrasts)


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (Interval(0.2, 0.15, 0.25), HOLDS),
        (Interval(0.2, 0.05, 0.35), OPEN),
        (Interval(0.4, 0.35, 0.45), FAILS),
        (Interval(0.1, 0.1, 0.1), FAILS),
        (Interval(0.2, math.nan, math.nan), HOLDS),
        (Interval(math.nan, math.nan, math.nan), UNMEASURED),
    ],
)
def test_verdicts(seen: Interval, verdict: str) -> None:
    pattern = Pattern("x", "an example", "nobody", "share", (0.1, 0.3), lambda lab: [])
    assert SeenPattern(pattern, "g", seen).verdict == verdict


def test_patterns_are_named_once_and_sourced() -> None:
    assert len({pattern.name for pattern in PATTERNS}) == len(PATTERNS)
    for pattern in PATTERNS:
        assert pattern.source
        assert pattern.expected[0] < pattern.expected[1]
        assert pattern.required or pattern.note


def test_variants_differ_from_the_baseline_in_what_they_say() -> None:
    scenario = Scenario()
    for name, variant in variants(scenario).items():
        assert (changed(scenario, variant.changes) == scenario) == (not variant.changes), name


def test_what_nobody_meets_in_a_small_market_has_no_number() -> None:
    """Of 100 people in 12 weeks too few complain for shares of what becomes of each kind of complaint."""
    small = Scenario(market=Market(customers=100), run=Run(periods=12, seed=3))
    seen = measure_all(GROUPS, Laboratory(small, variants(small), 1))
    lacking = [row for row in seen if math.isnan(row.seen.value)]
    assert 0 < len(lacking) < len(seen) / 2
    assert {row.verdict for row in lacking} == {UNMEASURED}


def test_the_laboratory_pairs_luck_and_remembers() -> None:
    small = Scenario(market=Market(customers=400), run=Run(periods=6))
    asked: list[str] = []
    lab = Laboratory(small, {"a": Variant(), "b": Variant({"firm.desk.ease": 1.0})}, 2, progress=asked.append)
    first = lab.worlds("a")
    assert lab.worlds("a") is first
    assert [world.tables.seed for world in first] == [world.tables.seed for world in lab.worlds("b")]
    assert asked == ["a", "b"]
    assert [w.total("encounters") for w in first] == pytest.approx(
        [w.total("encounters") for w in lab.worlds("b")], rel=0.01
    )


def test_those_let_down_leave_and_their_luck_is_kept() -> None:
    small = Scenario(market=Market(customers=2000), run=Run(periods=8))
    lab = Laboratory(small, {"hurt": Variant(kind="LetDown"), "well": Variant(kind="NotLetDown")}, 1)
    hurt, well = lab.worlds("hurt")[0], lab.worlds("well")[0]
    few = round(0.05 * int(hurt.tables.initial[0, :, 1].sum()))
    assert few - 3 <= hurt.total("left_silent") - well.total("left_silent") <= few
    assert 0.0 < hurt.notes["own"] < well.notes["own"]


def test_a_part_of_those_who_join_do_so_by_talk_and_an_improvement_wins_more_with_it() -> None:
    """Person by person against the same world without talk; the page has the intervals of ten larger markets."""
    small = load_scenario(ROOT / "scenarios" / "baseline.yaml", ["market.customers=4000"]).scenario
    lab = Laboratory(small, variants(small), 2)
    assert all(0.2 < share < 0.5 for share in measured.joined_by_talk(lab))
    told, untold = measured.won_by_improvement()(lab), measured.won_by_improvement(", nobody talks")(lab)
    assert sum(told) > 1.2 * sum(untold) > 0
    for world in lab.worlds("three years"):
        joined, entries = int(world.notes["joined"].sum()), world.total(*FLOWS_IN)
        assert 0.9 * entries < joined <= entries, "few join twice"
    assert lab.worlds("three years, nobody talks")[0].total("told_positive", "told_negative", "won_talk") == 0


def test_the_page_holds_every_row_of_the_documentation(tmp_path: Path) -> None:
    records = [SeenPattern(p, group.title, Interval(1.0, 0.9, 1.1)) for group in GROUPS for p in group.patterns]
    text = page(records, Scenario(), 10)
    flat = " ".join(text.split())
    assert all(group.title in text and group.text in flat for group in GROUPS)
    committed = (ROOT / "docs" / "patterns.md").read_text(encoding="utf-8")
    for row in records:
        assert f"{row.pattern.label}" in committed
    found = Patterns(Scenario(), tuple(records), 10)
    assert json.loads(json.dumps(found.as_json()))["patterns"][0]["pattern"] == PATTERNS[0].name
    assert found.other_files(tmp_path) == {"patterns.md": text}
    (table,) = found.tables()
    assert found.dictionary()["column"].tolist() == table.rows.columns.tolist()


def test_the_command_refuses_what_it_cannot_use(tmp_path: Path) -> None:
    monthly = tmp_path / "monthly.yaml"
    monthly.write_text("run: {period: month}\n", encoding="utf-8")
    outcome = CliRunner().invoke(app, ["patterns", str(monthly)])
    assert isinstance(outcome.exception, ScenarioError)
    outcome = CliRunner().invoke(app, ["patterns", "--out", str(tmp_path / "nowhere" / "page.md")])
    assert isinstance(outcome.exception, FileError)
