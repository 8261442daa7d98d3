"""The page in a real browser: every control moved, every error provoked, nothing asked of anybody else."""

import re
import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from sim.app.door import welcome
from sim.app.serving import listen
from sim.app.starts import Starts
from sim.app.turns import Turns
from sim.app.web import site
from sim.scenario import load_scenario

pytestmark = pytest.mark.browser
PATIENCE = 120_000
"""Milliseconds to wait for a state of the page, on a machine with other work."""


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    uvicorn = pytest.importorskip("uvicorn")
    file = tmp_path_factory.mktemp("page") / "small.yaml"
    file.write_text(
        "question: Which of them?\nrun: {periods: 26, seed: 7}\nmarket: {customers: 400}\n", encoding="utf-8"
    )
    turns, listening = Turns(2), listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    application = site(Starts(file), turns, welcome("127.0.0.1", port))
    server = uvicorn.Server(uvicorn.Config(application, log_level="error", lifespan="off", ws="none"))
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    turns.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def tab(browser, address, request) -> Iterator[Any]:
    """A page that has shown its first picture; afterwards: nothing was asked elsewhere, nothing was complained of."""
    width, scheme = getattr(request, "param", (1400, "light"))
    opened = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True)
    opened.set_default_timeout(PATIENCE)
    asked: list[str] = []
    complaints: list[str] = []
    opened.on("request", lambda sent: asked.append(sent.url))
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(address)
    finished(opened)
    yield opened
    opened.close()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert [text for text in complaints if "422" not in text] == []


def finished(tab: Any) -> None:
    tab.locator("#state", has_text="10 runs of each world").wait_for()


def type_into(tab: Any, lever: str, value: str) -> None:
    field = tab.get_by_label(f"{lever}, number", exact=True)
    field.fill(value)
    field.press("Enter")


EASE, ANSWERED = "Complaint desk: Ease of complaining", "Complaint desk: Complaints answered"


@pytest.mark.parametrize("tab", [(1400, "light"), (390, "light"), (390, "dark")], indirect=True)
def test_a_lever_moves_everything_and_nothing_scrolls_sideways(tab):
    assert tab.locator("h1").text_content() == "Which of them?"
    assert tab.locator(".card").count() == 5
    assert tab.locator(".card .change").all_text_contents() == ["no difference"] * 5
    type_into(tab, EASE, "3")
    tab.locator("#sentence", has_text=f"Changed: {EASE} 0 → 3.").wait_for()
    finished(tab)
    assert "percentage points" in tab.locator(".card .change").first.text_content()
    assert tab.locator(".card svg polyline.line").count() == 10
    assert tab.locator(".person").count() == 240
    wider = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
    tab.locator(".lever.moved").get_by_text("Back to today").click()
    tab.locator("#sentence", has_text="Both worlds are today's").wait_for()


def test_a_slider_moves_by_keys_and_a_search_finds_every_parameter(tab):
    tab.get_by_label(f"{ANSWERED}, slider").press("ArrowLeft")
    tab.locator("#sentence", has_text="Complaints answered 0.9 → 0.895").wait_for()
    tab.get_by_label("Search all parameters").fill("tolerance zone")
    tab.locator(".lever[data-path='customers.judgement.tolerance']").wait_for()
    tab.locator(".lever[data-path='customers.judgement.tolerance'] summary").click()
    assert "Practical: " in tab.locator(".lever[data-path='customers.judgement.tolerance'] details").text_content()
    tab.get_by_label("Search all parameters").fill("no such thing at all")
    tab.locator("#found", has_text="No parameter has these words").wait_for()
    tab.get_by_label("Search all parameters").fill("preset")
    tab.locator(".lever[data-path='voice.preset'] select").select_option("slogan")
    tab.locator("#sentence", has_text="slogan").wait_for()
    tab.get_by_label("Search all parameters").fill("")
    tab.get_by_text("All back to today").click()
    tab.locator("#sentence", has_text="Both worlds are today's").wait_for()


def test_what_is_wrong_is_told_beside_its_field_and_gone_when_mended(tab):
    problem = tab.locator(".lever[data-path='firm.desk.ease'] .problem")
    for typed, told in (("99", "too large"), ("much", "not a number"), ("9", "outside the practical range")):
        type_into(tab, EASE, typed)
        tab.locator(".lever[data-path='firm.desk.ease'] .problem", has_text=told).wait_for()
    type_into(tab, EASE, "1")
    tab.locator("#sentence", has_text="Ease of complaining 0 → 1").wait_for()
    assert problem.text_content() == ""
    tab.locator("#seed").fill("-1")
    tab.locator("#seed").press("Enter")
    tab.locator("#seed-problem", has_text="whole number").wait_for()
    tab.locator("#seed").fill("7")
    tab.get_by_text("Another luck").click()
    assert tab.locator("#seed").input_value() == "8"
    finished(tab)
    tab.locator("#name").fill("")
    tab.get_by_text("Save as YAML").click()
    tab.locator("#name-problem", has_text="needs a name").wait_for()


def test_people_are_stepped_through_played_and_read_by_keys(tab):
    type_into(tab, EASE, "3")
    finished(tab)
    tab.locator("#cursor").fill("0")
    assert tab.locator("#period").text_content().startswith("The start · 0 of 120")
    tab.get_by_label("One period on").click()
    assert tab.locator("#period").text_content().startswith("Week 1 of 26")
    tab.get_by_label("One period back").click()
    tab.locator("#speed").select_option("fast")
    tab.get_by_role("button", name="Play").click()
    tab.locator("#period", has_text="Week 26 of 26").wait_for()
    tab.get_by_role("button", name="Play").wait_for()
    first = tab.locator("#people-today .person").first
    first.focus()
    first.press("ArrowRight")
    tab.keyboard.press("Enter")
    assert tab.locator("#diary-title").text_content() == "Person 2"
    assert re.match(r"Person 2: ", tab.locator("#people-today .person").nth(1).get_attribute("aria-label"))
    for line in tab.locator("#diary li").all_text_contents():
        assert line.startswith(("Week ", "Nothing of note"))
        assert "{" not in line
    tab.locator(".card svg").first.focus()
    tab.keyboard.press("ArrowLeft")
    assert tab.locator("#period").text_content().startswith("Week 25 of 26")
    assert "until week 25" in tab.locator(".card .told").first.text_content()


def test_a_range_is_tried_and_kept_and_the_what_if_is_saved(tab, tmp_path):
    type_into(tab, ANSWERED, "0.5")
    finished(tab)
    lever = tab.locator(".lever[data-path='firm.desk.ease']")
    lever.locator("summary").click()
    lever.get_by_text("Try a range").click()
    tab.locator("#range-state", has_text="Nine points").wait_for()
    assert tab.locator("#range svg").count() == 5
    assert tab.locator("#range svg").first.locator("circle.dot").count() == 9
    with tab.expect_download() as kept:
        tab.get_by_text("Make this an experiment").click()
    assert kept.value.suggested_filename == "range_of_ease.yaml"
    tab.locator("#name").fill("fewer answers")
    tab.locator("#question").fill("What if <half> of them?")
    with tab.expect_download() as kept:
        tab.get_by_text("Save as YAML").click()
    assert kept.value.suggested_filename == "fewer answers.yaml"
    saved = tmp_path / "saved.yaml"
    kept.value.save_as(saved)
    (tmp_path / "small.yaml").write_text("market: {customers: 400}", encoding="utf-8")
    scenario = load_scenario(saved).scenario
    assert (scenario.name, scenario.question) == ("fewer answers", "What if <half> of them?")
    assert (scenario.firm.desk.answer_share, scenario.market.customers) == (0.5, 400)
    assert tab.locator("#text").text_content() == saved.read_text(encoding="utf-8")


def test_a_class_predicts_before_it_sees(tab):
    tab.get_by_label("Class: predict first").check()
    before = tab.locator("#sentence").text_content()
    type_into(tab, EASE, "3")
    tab.get_by_role("button", name="Run", exact=True).click()
    tab.locator("#verdict", has_text="First say what you expect").wait_for()
    assert tab.locator("#sentence").text_content() == before
    for name in ("retention", "satisfaction", "margin"):
        tab.locator(f"input[name='guess-{name}'][value='up']").check()
    tab.get_by_role("button", name="Run", exact=True).click()
    tab.locator("#verdict", has_text="of 3 right").wait_for()
    assert tab.locator("#verdict li").count() == 3


def test_another_scenario_of_the_gallery_is_started_from(tab):
    tab.locator("#gallery summary").click()
    tab.locator("#gallery a", has_text="defaults").click()
    finished(tab)
    assert tab.locator("h1").text_content() == "What happens where every parameter has its default?"


def test_two_pages_do_not_disturb_each_other(tab, browser, address):
    other = browser.new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(address)
    other.locator(".card").first.wait_for()
    type_into(tab, EASE, "3")
    type_into(other, ANSWERED, "0.5")
    finished(tab)
    finished(other)
    assert "Ease" in tab.locator("#sentence").text_content()
    assert "Ease" not in other.locator("#sentence").text_content()
    other.close()


@pytest.mark.parametrize("tab", [(1400, "light"), (1400, "dark")], indirect=True)
def test_every_control_has_a_name(tab):
    """As a screen reader hears it: no control without a name, and no name twice for an identifier."""
    unnamed = tab.evaluate(
        """() => [...document.querySelectorAll("button, input, select, a, summary, [tabindex]")].filter((element) =>
        !(element.getAttribute("aria-label") || element.labels?.length || element.textContent.trim())).length"""
    )
    twice = tab.evaluate(
        """() => { const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
        return ids.filter((id, place) => ids.indexOf(id) !== place); }"""
    )
    assert unnamed == 0
    assert twice == []
