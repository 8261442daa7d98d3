"""Which assumptions a report of one scenario names as those to check first."""

import re
from pathlib import Path

import pytest

from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.report.brief import held_fixed, resting_on
from sim.report.usual_assumptions import PLAN, RUNS_FIGURE, USUALLY, usually_rests_on
from sim.results.outputs import output_label
from sim.studies.assumed.candidates import find_assumptions
from sim.studies.assumed.usual import usual_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "usual_assumptions.md"


def test_they_are_those_that_were_measured_in_their_order():
    parts = re.split(r"^## (.*)$", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    tables = dict(zip(parts[1::2], parts[2::2], strict=True))
    for figure, names in USUALLY.items():
        heading = "What a plan brings" if figure == PLAN else output_label(figure)
        measured = re.findall(r"^\| `(.*?)` ", tables[heading], flags=re.MULTILINE)
        assert list(names) == measured[: len(names)], heading


def test_every_one_is_an_assumption_with_two_ends():
    found = {item.name: item for item in find_assumptions([Scenario(), Scenario()])}
    named = {name for names in USUALLY.values() for name in names}
    assert named <= set(found)
    assert len(usual_of(tuple(found.values()))) == len(USUALLY[PLAN]) == 9


@pytest.mark.parametrize("asks", Scenario.model_fields["asks"].annotation.__args__)
def test_every_question_has_three_with_their_values_and_no_path(asks):
    (told,) = usually_rests_on(Scenario(asks=asks))
    assert told.startswith(f"“{output_label(RUNS_FIGURE.get(asks, 'retention'))}” usually rests most on “")
    assert told.count("assumption)") + told.count("measured elsewhere)") == 3
    assert not re.search(r"[a-z_]+\.[a-z_]+\.", told)


def test_what_is_set_is_said_to_be_and_rivals_that_are_not_there_are_not_named():
    alone = set_path(Scenario(rivals=[]), "customers.judgement.tolerance", 1.25)
    (told,) = usually_rests_on(alone, "retention")
    assert "Rivals" not in told
    assert told.startswith("“Yearly retention” usually rests most on “Zone of tolerance” (1.25 felt points, set in the")


def test_a_report_says_that_it_was_not_measured_here_and_a_fit_what_it_held_fixed():
    heading, said = resting_on(Scenario(), PLAN)
    assert (heading, len(said)) == ("Rests on", 2)
    assert "not in this one" in said[1]
    assert held_fixed(Scenario()).said == ["All that was not fitted was held fixed at its default."]
    fixed = held_fixed(set_path(Scenario(), "customers.bonds.renewal_per_year", 0.0)).said
    assert fixed[0].startswith("Customers, Bonds: Renewal of people a year ")
    assert "held fixed" in fixed[1]
