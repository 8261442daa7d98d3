"""Values of parameters in reports: told with the signs of the reader's language, and written as in a file."""

import pytest

from sim.model.scenario import Scenario
from sim.report.assumed import ChangedParameter, rests_on
from sim.results.amounts import text_shown
from sim.scenario import load_scenario
from sim.studies.comparison.compare import compare
from sim.words import speaking


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0.6", "0,6"),
        ("-0.25", "−0,25"),
        ("yes", "sí"),
        ("none", "ninguna"),
        ("weight 0.5, share 2", "weight 0,5, share 2"),
        ("plan_1.2", "plan_1.2"),
        ("ties/v1.2.csv", "ties/v1.2.csv"),
    ],
)
def test_values_of_a_file_are_told_with_the_signs_of_the_reader(text, told):
    with speaking("es"):
        assert text_shown(text) == told
    assert text_shown(text) == text.replace("-", "−")


def test_what_an_answer_rests_on_has_the_signs_of_the_reader():
    with speaking("es"):
        (told,) = rests_on([ChangedParameter("firm.desk.resolution_share", "0.6", "0.9")], Scenario())
    assert "0,6 → 0,9" in told


def test_what_differs_is_shown_with_the_signs_of_the_reader_and_written_as_in_a_file(tmp_path):
    file = tmp_path / "now.yaml"
    file.write_text("run: {periods: 8}\nmarket: {customers: 100}\n", encoding="utf-8")
    plan = load_scenario(file, ["name=plan", "firm.desk.resolution_share=0.95"])
    today = load_scenario(file, ["name=now"])
    with speaking("es"):
        found = compare([today, plan], replications=2, threads=1)
        page = found.presentation.page(found)
    assert "<td>0,95</td>" in page
    assert "<td>0.95</td>" not in page
    assert set(found.changed["plan"]) == {"0.95"}
