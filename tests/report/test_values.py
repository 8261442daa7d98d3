"""Values behind figures: each is told, stands where it is drawn, and is reached by pointer and keys."""

import re

import pytest

from sim.plots import _places
from sim.plots.run_figures import FIGURES
from sim.plots.told_values import Value
from sim.report.run_page import write_report


@pytest.fixture(scope="module")
def page(result):
    return write_report(result)


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_tells_its_values_and_where_they_stand_in_both_forms(result, name):
    forms = FIGURES.forms(name, result)
    assert len(forms.values) > 2
    for form in ("wide", "narrow"):
        places = [tuple(map(int, place.split(","))) for place in forms.places[form].split()]
        assert len(places) == len(forms.values)
        assert all(0 <= x <= 1000 and 0 <= y <= 1000 for x, y in places)
    assert all(value.series and value.where and not re.search(r"\bnan\b", value.text) for value in forms.values)


def test_a_value_is_that_of_the_summary(result):
    told = {value.where: value.text for value in FIGURES.forms("customer_types", result).values}
    census = result.census[result.census["typology"] == "loyalty type"].set_index("type")["share"]
    assert told["spurious"] == f"{census['spurious']:.1%}"


def test_higher_values_stand_higher(result):
    values = [value for value in FIGURES.forms("retention", result).values if "%" in value.text]
    by_size = sorted(values, key=lambda value: float(value.text.partition("%")[0]))
    assert by_size[0].y > by_size[-1].y
    assert [value.x for value in values] == sorted(value.x for value in values)


def test_the_page_has_a_table_to_unfold_for_every_figure(page):
    assert page.count('<details class="values">') == page.count("<figure") == len(FIGURES)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1400, 390])
def test_keys_and_pointer_reach_the_values(page, tmp_path, width):
    playwright = pytest.importorskip("playwright.sync_api")
    import shutil

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    file = tmp_path / "report.html"
    file.write_text(page, encoding="utf-8")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": width, "height": 900})
        complaints = []
        tab.on("console", lambda message: complaints.append(message.text))
        tab.goto(file.as_uri())
        figures = tab.locator("figure[data-values]")
        assert figures.count() == len(FIGURES)
        for number in range(figures.count()):
            figure = figures.nth(number)
            form, said = figure.locator("[data-places]:visible"), figure.locator(".said")
            form.focus()
            for key, row in (("ArrowRight", 0), ("ArrowRight", 1), ("End", -1), ("ArrowRight", 0), ("Home", 0)):
                tab.keyboard.press(key)
                cells = figure.locator(".values tbody tr").nth(row).locator("th, td").all_text_contents()
                assert said.text_content() == " · ".join(cells)
                assert figure.locator(".mark").count() == 1
            tab.keyboard.press("Escape")
            assert said.text_content() == ""
            form.scroll_into_view_if_needed()
            box = form.bounding_box()
            tab.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
            assert said.text_content() != ""
        browser.close()
    assert complaints == []


def test_a_form_that_shows_fewer_of_them_leaves_gaps():
    wide = [Value(1, 1, "a", "", "1"), Value(2, 2, "b", "", "2"), Value(3, 3, "c", "", "3")]
    assert _places(wide, [wide[0], wide[2]._replace(x=9)]) == "1,1 - 9,3"
    assert _places(wide, [wide[1], wide[0]]) == ""  # in another order they are not told


@pytest.mark.browser
def test_keys_and_pointer_step_over_what_a_form_does_not_show(page, tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    import shutil

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    places = re.search(r'<div class="wide" data-places="([^"]*)"', page)[1].split()
    gaps = page.replace(" ".join(places), " ".join(["-", *places[1:-1], "-"]))
    (tmp_path / "report.html").write_text(gaps, encoding="utf-8")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1400, "height": 900})
        tab.goto((tmp_path / "report.html").as_uri())
        figure = tab.locator("figure[data-values]").first
        told = [" · ".join(row.locator("th, td").all_text_contents()) for row in figure.locator("tbody tr").all()]
        form, said = figure.locator("[data-places]:visible"), figure.locator(".said")
        form.focus()
        for key, row in (("ArrowLeft", -2), ("ArrowRight", 1), ("Home", 1), ("ArrowLeft", -2), ("End", -2)):
            tab.keyboard.press(key)
            assert said.text_content() == told[row]
        box = form.bounding_box()
        tab.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.1 * box["height"])
        assert said.text_content() in told[1:-1]
        browser.close()
