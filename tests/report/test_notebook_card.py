"""What a notebook shows of an answer: told, escaped, told apart, and nothing asked from outside."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from sim.report.in_session import WIDTH, told
from sim.report.notebook_card import MOST_ROWS, card
from sim.report.terminal import PrintedTable
from sim.studies.comparison.compare import compare
from sim.studies.sweep.sweep import sweep
from tests.report.test_report import Reader, with_scenario


@pytest.fixture(scope="module")
def shown(result):
    return result._repr_html_()


@pytest.fixture(scope="module")
def comparison(scenario):
    desk = scenario.firm.desk.model_copy(update={"ease": 2.5})
    firm = scenario.firm.model_copy(update={"desk": desk})
    easy = scenario.model_copy(update={"name": "<i>easy</i>", "firm": firm})
    return compare([scenario, easy], replications=2, threads=1)


def pretty(answer):
    out = []
    answer._repr_pretty_(SimpleNamespace(text=out.append), cycle=False)
    return "".join(out)


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def test_a_run_shows_headline_intervals_and_one_figure(result, shown):
    assert text_of(shown).strip().startswith(result.sentences[0])
    row = result.summary.loc["satisfaction"]
    assert f"{row['value']:.1f}" in shown
    assert f"{row['low']:.1f} to {row['high']:.1f}" in shown
    assert shown.count("<svg") == 1
    assert "Result(" in shown


def test_it_is_one_well_formed_element_that_asks_nobody_for_anything(shown):
    reader = Reader(shown)
    assert reader.open == []
    assert reader.tags[0] == "section"
    assert len(reader.ids) == len(set(reader.ids))
    assert not {"script", "style", "link", "iframe", "img"} & set(reader.tags)
    assert not re.search(r"https?:|@import|url\((?!#)", shown)
    assert len(shown) < 150_000


def test_it_can_be_heard(shown):
    reader = Reader(shown)
    assert ("section", "aria-label") in [(tag, name) for tag, name, value in reader.attributes if value]
    assert ("svg", "aria-label") in [(tag, name) for tag, name, value in reader.attributes if value]
    assert reader.tags.count("caption") == 1
    scopes = [value for _, name, value in reader.attributes if name == "scope"]
    assert scopes.count("col") == 4
    assert scopes.count("row") == 10


def test_hostile_names_are_text(result, comparison):
    hostile = with_scenario(result, result.scenario.model_copy(update={"name": "<script>alert(1)</script>"}))
    assert "<script" not in hostile._repr_html_()
    assert "<i>" not in comparison._repr_html_()
    assert "&lt;i&gt;easy" in comparison._repr_html_()


def test_two_cards_on_one_page_share_no_identifier(shown, comparison):
    assert not set(Reader(shown).ids) & set(Reader(comparison._repr_html_()).ids)


def test_a_comparison_shows_both_worlds_and_how_sure_the_change_is(comparison):
    page = comparison._repr_html_()
    row = comparison.difference("complaint_share")
    assert f"{100 * row['first']:.1f}%" in page
    assert f"{100 * row['value']:.1f}%" in page
    assert "percentage points" in page
    assert Reader(page).tags.count("tr") == 8


def test_what_was_made_without_a_card_is_one_line(result):
    from sim.results.presentation import UNSHOWN

    bare = replace(result, **{"presentation": UNSHOWN})
    assert bare._repr_html_() is None


def test_a_long_table_says_how_much_it_leaves_out(result):
    table = PrintedTable()
    for head in ("point", "<b>"):
        table.add_column(head)
    for point in range(MOST_ROWS + 5):
        table.add_row(str(point), "0.1235")
    page = card(result, table)
    assert "5 more rows" in page
    assert page.count("0.1235") == MOST_ROWS
    assert "<b>" not in page


def test_amounts_of_both_worlds_are_told_alike(comparison):
    differences = comparison.differences.copy()
    margin = differences["figure"] == "margin"
    differences.loc[margin, ["first", "value"]] = [78_900.0, 103_000.0]
    page = text_of(replace(comparison, differences=differences)._repr_html_())
    assert "Margin EUR 0.079 M EUR 0.103 M" in page


@pytest.mark.parametrize("which", ["run", "comparison"])
def test_a_session_in_a_terminal_tells_headline_key_figures_and_what_else_there_is(result, comparison, which):
    answer = result if which == "run" else comparison
    text = pretty(answer)
    assert text.startswith(repr(answer))
    assert " ".join(answer.sentences[0].split()) in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= WIDTH
    assert "Margin" in text
    assert ".plot." in text
    assert ".sentences" in text


def test_a_session_shows_hostile_names_and_obeys_none(result):
    table = PrintedTable()
    table.add_column("name")
    table.add_row("\x1b[31m[bold]:smile:")
    text = told(result, table)
    assert "\x1b" not in text
    assert "[bold]:smile:" in text


def test_what_was_made_without_figures_is_one_line_in_a_session_too(result):
    from sim.results.presentation import UNSHOWN

    assert pretty(replace(result, **{"presentation": UNSHOWN})) == repr(result)


def test_a_study_shows_its_table_as_on_a_terminal(tmp_path):
    (tmp_path / "world.yaml").write_text("name: world\nmarket: {customers: 300}\nrun: {periods: 12}\n")
    experiment = tmp_path / "study.yaml"
    experiment.write_text(
        "name: study\nscenario: world.yaml\nreplications: 2\nlevers: {firm.desk.ease: {values: [0.0, 2.0]}}\n"
        "design: {kind: grid}\noutputs: [retention]\n"
    )
    found = sweep(experiment)
    page = found._repr_html_()
    assert Reader(page).tags.count("tr") == 3
    assert "firm.desk.ease" not in text_of(page)
    assert "Ease of complaining" in page
    assert "Yearly retention" in page
    assert f"{100 * found.first(2)['retention'][1]:.1f}%" in page
    assert "Sweep(" in page
