"""The page in a real browser: every control moved, every error provoked, two apart, nothing asked of anybody else."""

import re
from pathlib import Path
from typing import Any

import pytest

from sim.scenario import load_scenario
from tests.app.browsing import PATIENCE, finished, type_into

pytestmark = pytest.mark.browser
EASE, ANSWERED = "Complaint desk: Ease of complaining", "Complaint desk: Complaints answered"
OF_EASE = ".lever[data-path='firm.desk.ease']"


@pytest.mark.parametrize("tab", [(390, "dark")], indirect=True)
def test_on_a_telephone_a_lever_moves_everything_and_nothing_scrolls_sideways(tab):
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


def test_a_strategist_moves_every_control_and_provokes_every_error_beside_another_page(tab, address, tmp_path):
    other = tab.context.new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(address)
    type_into(other, ANSWERED, "0.5")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")  # the skip link
    moves_levers(tab)
    provokes_errors(tab)
    steps_and_plays(tab)
    tries_a_range_and_keeps_it(tab, tmp_path)
    shares_out(tab)
    brings_a_table(tab, tmp_path)
    predicts_before_seeing(tab)
    looks_up_rules(tab)
    assert set(tab.evaluate("all()")) - set(tab.evaluate("[...moved]")) == {"A  in gallery", "A  in tongues"}
    beside = set(tab.evaluate("[...document.querySelectorAll('.problem[id]')].map((one) => one.id)"))
    told = set(tab.evaluate("[...told]"))
    assert {name for name in beside if not name.startswith("lever-")} <= told
    assert {"lever-firm.desk.ease-problem"} <= told
    finished(other)
    assert "Complaints answered 0.9 → 0.5" in other.locator("#sentence").text_content()
    assert "Ease" not in other.locator("#sentence").text_content()
    tab.locator("#gallery a", has_text="defaults").click()
    finished(tab)
    assert tab.locator("h1").text_content() == "What happens where every parameter has its default?"


def looks_up_rules(tab: Any) -> None:
    """In a page of their own, so that what was moved stays as it is."""
    with tab.context.expect_page() as opened:
        tab.locator(".card[data-name='talk_ratio'] a").click()
    opened.value.locator("h1", has_text="Word of mouth").wait_for()
    assert opened.value.locator("h2").first.text_content() == "sim/model/talk.py"
    opened.value.close()


def moves_levers(tab: Any) -> None:
    """By keys, by number, by search, and back."""
    tab.get_by_label(f"{ANSWERED}, slider").press("ArrowLeft")
    tab.locator("#sentence", has_text="Complaints answered 0.9 → 0.895").wait_for()
    search = tab.get_by_label("Search all parameters")
    search.fill("tolerance zone")
    tolerance = tab.locator(".lever[data-path='customers.judgement.tolerance']")
    tolerance.locator("summary").click()
    assert "Practical: " in tolerance.text_content()
    assert "Source: " in tolerance.locator("details").text_content()
    search.fill("no such thing at all")
    tab.locator("#found", has_text="No parameter has these words").wait_for()
    search.fill("preset")
    tab.locator(".lever[data-path='voice.preset'] select").select_option("slogan")
    tab.locator("#sentence", has_text="slogan").wait_for()
    search.fill("programme offered")
    tab.locator(".lever[data-path='firm.programme.offered'] input").check()
    search.fill("")
    tab.get_by_text("All back to today").click()
    tab.locator("#sentence", has_text="Both worlds are today's").wait_for()
    type_into(tab, EASE, "3")
    tab.locator("#sentence", has_text="Ease of complaining 0 → 3").wait_for()
    tab.locator(".lever.moved").get_by_text("Back to today").click()
    tab.locator("#sentence", has_text="Both worlds are today's").wait_for()


def provokes_errors(tab: Any) -> None:
    """Each is told beside its field, and gone when it is mended."""
    problem = tab.locator(f"{OF_EASE} .problem")
    for typed, told in (("99", "too large"), ("much", "not a number"), ("9", "outside the practical range")):
        type_into(tab, EASE, typed)
        tab.locator(f"{OF_EASE} .problem", has_text=told).wait_for()
    tab.route(re.compile("/play"), lambda route: route.abort())
    type_into(tab, EASE, "2")
    tab.locator("#problem:not(:empty)").wait_for()
    tab.unroute(re.compile("/play"))
    tab.route(re.compile("/save"), lambda route: route.abort())
    tab.locator("#save").click()
    tab.locator("#name-problem", has_text="does not answer any more").wait_for()
    tab.unroute(re.compile("/save"))
    type_into(tab, ANSWERED, "none")
    tab.locator("#state", has_text="Not run, for a value is not allowed").wait_for()
    type_into(tab, ANSWERED, "90%")
    goes_not_together(tab)
    type_into(tab, EASE, "1")
    tab.locator("#sentence", has_text="Ease of complaining 0 → 1").wait_for()
    assert problem.text_content() == tab.locator("#problem").text_content() == ""
    tab.locator("#seed").fill("-1")
    tab.locator("#seed").press("Enter")
    tab.locator("#seed-problem", has_text="whole number").wait_for()
    tab.locator("#seed").fill("7")
    tab.get_by_text("Another luck").click()
    assert tab.locator("#seed").input_value() == "8"
    tab.locator("#name").fill("")
    tab.locator("#save").click()
    tab.locator("#name-problem", has_text="needs a name").wait_for()
    tab.locator("#name").fill("mine")
    tab.locator("#question").fill("\x07")
    tab.locator("#save").click()
    tab.locator("#question-problem:not(:empty)").wait_for()
    finished(tab)


def goes_not_together(tab: Any) -> None:
    """What several levers are wrong of together is told beside the one moved last."""
    tab.locator("#search").fill("share by")
    chat = tab.locator(".lever[data-path='firm.systems.channels.chat']")
    chat.locator("input[type=text]").fill("0.9")
    chat.locator("input[type=text]").press("Enter")
    chat.locator(".problem", has_text="must sum to 1").wait_for()
    assert tab.locator("#problem").text_content() == ""
    chat.get_by_text("Back to today").click()
    tab.locator("#search").fill("")


def steps_and_plays(tab: Any) -> None:
    """One cursor through people and curves, by keys too."""
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
    tab.locator("#people-what_if .person").nth(4).click()
    first = tab.locator("#people-today .person").first
    first.focus()
    first.press("ArrowRight")
    tab.keyboard.press("Enter")
    assert tab.locator("#diary-title").text_content() == "Person 2"
    assert re.match(r"Person 2: ", tab.locator("#people-today .person").nth(1).get_attribute("aria-label"))
    for line in tab.locator("#diary li").all_text_contents():
        assert line.startswith(("Week ", "Nothing of note"))
        assert "{" not in line
    tab.keyboard.press("Escape")
    assert tab.locator("#diary").is_hidden()
    assert tab.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Person 2: ")
    tab.locator("#people-what_if .person").nth(7).click()
    tab.locator("#close-diary").click()
    assert tab.evaluate("document.activeElement.closest('.crowd').id") == "people-what_if"
    tab.locator(".card svg").first.focus()
    tab.keyboard.press("ArrowLeft")
    assert tab.locator("#period").text_content().startswith("Week 25 of 26")
    assert "until week 25" in tab.locator(".card .told").first.text_content()
    tab.locator(".card summary").first.click()
    assert tab.locator(".card table").first.is_visible()


def tries_a_range_and_keeps_it(tab: Any, tmp_path: Path) -> None:
    """A range, the experiment it becomes, the what-if as a file that says the same, and a report that a move stops."""
    type_into(tab, ANSWERED, "0.5")
    finished(tab)
    lever = tab.locator(OF_EASE)
    lever.locator("summary").click()
    lever.get_by_text("Try a range").click()
    tab.locator("#range-state", has_text="Nine points").wait_for()
    assert tab.locator("#range svg").count() == 6
    assert "“Margin and value of customers” is " in tab.locator("#range-said").text_content()
    assert "What else is moved" in tab.locator("#range-state").text_content()
    assert tab.locator("#range svg").first.locator("circle.dot").count() == 9
    tab.locator("#range svg").first.press("ArrowLeft")
    with tab.expect_download() as kept:
        tab.get_by_text("Make this an experiment").click()
    assert kept.value.suggested_filename == "range_of_ease.yaml"
    type_into(tab, ANSWERED, "7")
    tab.get_by_text("Make this an experiment").click()
    tab.locator("#experiment-problem", has_text="too large").wait_for()
    type_into(tab, ANSWERED, "0.5")
    type_into(tab, EASE, "0")
    tab.locator("#to-keep").click()
    assert tab.evaluate("location.hash") == "#keep"
    tab.locator("#name").fill("fewer answers")
    tab.locator("#question").fill("What if <half> of them?")
    with tab.expect_download() as kept:
        tab.locator("#save").click()
    assert kept.value.suggested_filename == "fewer answers.yaml"
    saved = tmp_path / "saved.yaml"
    kept.value.save_as(saved)
    (tmp_path / "small.yaml").write_text("market: {customers: 400}", encoding="utf-8")
    scenario = load_scenario(saved).scenario
    assert (scenario.name, scenario.question) == ("fewer answers", "What if <half> of them?")
    assert (scenario.firm.desk.answer_share, scenario.market.customers) == (0.5, 400)
    assert tab.locator("#text").text_content() == saved.read_text(encoding="utf-8")
    assert tab.locator("#is-kept").text_content() == "Saved as fewer answers.yaml"
    tab.locator("#report").click()
    tab.locator("#kept", has_text=re.compile(r"\d+ of 20")).wait_for()
    type_into(tab, ANSWERED, "0.6")
    finished(tab)


def shares_out(tab: Any) -> None:
    """Which of several levers does it: asked for, refused where they are one, and gone with the next move."""
    tab.get_by_text("All back to today").click()
    finished(tab)
    assert tab.locator("#shares").is_hidden()
    for part in ("empathy", "reliability"):
        tab.get_by_label("Search all parameters").fill(f"promise.{part}")
        number = tab.locator(f".lever[data-path='firm.strategy.promise.{part}'] input[type=text]")
        number.fill("5")
        number.press("Enter")
    tab.get_by_label("Search all parameters").fill("")
    finished(tab)
    tab.get_by_text("Share it out").click()
    tab.locator("#shares-problem", has_text="allowed: 2 to 6").wait_for()
    type_into(tab, EASE, "3")
    finished(tab)
    assert tab.locator("#shares-problem").text_content() == ""
    tab.get_by_text("Share it out").click()
    tab.locator("#shared table").wait_for()
    assert tab.locator("#shared tbody th").all_text_contents()[-1] == "All together"
    finished(tab)
    type_into(tab, EASE, "2")
    tab.locator("#shared table").wait_for(state="detached")


def brings_a_table(tab: Any, tmp_path: Path) -> None:
    """One that is none, and one of churn, to which today can be fitted."""
    tab.locator("#bring > summary").click()
    wrong, right = tmp_path / "wrong.csv", tmp_path / "ours.csv"
    rows = "".join(f"1{n % 9}.03.2024;{'' if n % 2 else '14.05.2025'}\n" for n in range(40))
    wrong.write_text(f"Vertrag ab;Kündigung zum\n{rows}", encoding="utf-8")
    rows = "".join(f"{n},{1 + n % 24},{n % 2}\n" for n in range(60))
    right.write_text(f"customer,tenure,churned\n{rows}", encoding="utf-8")
    tab.locator("#table").set_input_files(wrong)
    tab.locator("#table-problem", has_text="what does it hold?").wait_for()
    assert tab.locator("#reading").get_attribute("open") is not None
    tab.get_by_text("Read it as churn: 'Vertrag ab' → joined, 'Kündigung zum' → left").click()
    tab.locator("#table-problem", has_text="exported: 2025-05-14").wait_for()
    tab.locator("#exported").fill("2026-01-31")
    tab.locator("#exported").press("Tab")
    tab.locator("#understood", has_text="40: 20 left (50.0%), 20 still there").wait_for()
    tab.locator("#dates").select_option("day first")
    tab.locator("#understood", has_text="day before month").wait_for()
    tab.locator("#kind").select_option("nps")
    tab.locator("#table-problem:not(:empty)").wait_for()
    tab.locator("#kind").select_option("churn")
    tab.locator("#understood", has_text="20 still there").wait_for()
    for field in ("scale", "further"):
        tab.locator(f"#{field}").fill("nonsense")
        tab.locator(f"#{field}").press("Tab")
        tab.locator("#table-problem:not(:empty)").wait_for()
        tab.locator(f"#{field}").fill("")
        tab.locator(f"#{field}").press("Tab")
        tab.locator("#understood", has_text="20 still there").wait_for()
    tab.locator("#reading summary").click()
    tab.locator("#table").set_input_files(right)
    tab.locator("#understood", has_text="churn").wait_for()
    tab.locator("#unit").select_option("months")
    tab.locator("#fit").wait_for()
    with tab.expect_download() as kept:
        tab.locator("#fit").click()
    assert kept.value.suggested_filename == "fit_small.yaml"
    told = "Saved as fit_small.yaml. Keep it beside the table; then: sim calibrate fit_small.yaml --data ours.csv"
    assert tab.locator("#fitted").text_content() == told
    tab.locator("#gallery summary").click()


def predicts_before_seeing(tab: Any) -> None:
    """In a class nothing is lived before it is said what is expected."""
    tab.get_by_label("Class: predict first").check()
    before = tab.locator("#sentence").text_content()
    type_into(tab, EASE, "3")
    tab.get_by_role("button", name="Run both worlds", exact=True).click()
    tab.locator("#verdict", has_text="First say what you expect").wait_for()
    assert tab.locator("#sentence").text_content() == before
    for name in ("retention", "satisfaction", "margin"):
        tab.locator(f"input[name='guess-{name}'][value='up']").check()
    draws_a_curve(tab)
    tab.get_by_role("button", name="Run both worlds", exact=True).click()
    tab.locator("#verdict", has_text="of 3 right").wait_for()
    assert tab.locator("#verdict li").count() == 3
    told = tab.locator("#drawing .told").text_content()
    assert re.match(r"On average your line is \d+\.\d percentage points from what came; today's is \d+\.\d\.", told)
    assert tab.locator("#drawn .line").count() == 3


def draws_a_curve(tab: Any) -> None:
    """With the pointer, and by keys from there."""
    curve = tab.locator("#drawn")
    box = curve.bounding_box()
    tab.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"])
    tab.mouse.down()
    tab.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.3 * box["height"], steps=4)
    tab.mouse.up()
    points = curve.locator(".drawn").get_attribute("points").split()
    assert len(points) > 2
    curve.press("ArrowLeft")
    before = float(curve.get_attribute("aria-valuenow"))
    curve.press("ArrowUp")
    assert float(curve.get_attribute("aria-valuenow")) == pytest.approx(before + 0.005)
    assert curve.get_attribute("aria-valuetext").startswith("until week ")


def test_the_page_turns_to_spanish_and_back_and_keeps_what_was_moved(tab, browser, address):
    type_into(tab, EASE, "3")
    tab.locator("#seed").fill("11")
    tab.locator("#seed").press("Enter")
    tab.get_by_label("Question").fill("Does it pay?")
    finished(tab)
    told = tab.locator(".card .change").all_text_contents()
    tab.get_by_role("link", name="Español").click()
    tab.locator("#state", has_text="10 simulaciones de cada mundo").wait_for()
    assert tab.locator("html").get_attribute("lang") == "es"
    assert tab.locator("#seed").input_value() == "11"
    assert tab.locator("#question").input_value() == "Does it pay?"
    assert tab.locator(f"{OF_EASE} input[type=text]").input_value() == "3"
    assert tab.locator("#sentence").text_content().startswith("Cambiado: Servicio de reclamaciones: ")
    assert "puntos porcentuales" in tab.locator(".card .change").first.text_content()
    answered = tab.locator(".lever[data-path='firm.desk.answer_share'] input[type=text]")
    assert answered.input_value() == "0,9"
    for typed, said in (("0,8", "0,9 → 0,8"), ("70%", "0,9 → 0,7"), ("0.9", " 0 → 3. ")):
        answered.fill(typed)
        answered.press("Enter")
        tab.locator("#sentence", has_text=said).wait_for()
    assert tab.locator("#tongues [aria-current]").all_text_contents() == ["Español"]
    other = browser.new_context().new_page()  # whoever comes anew is answered as the process speaks
    other.set_default_timeout(PATIENCE)
    other.goto(address)
    finished(other)
    other.context.close()
    tab.get_by_role("link", name="English").click()
    finished(tab)
    assert tab.locator(f"{OF_EASE} input[type=text]").input_value() == "3"
    assert tab.locator(".card .change").all_text_contents() == told
    assert tab.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize("tab", [(1400, "light"), (390, "dark")], indirect=True)
def test_axe_finds_nothing_in_any_state(tab, address, tmp_path):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def clean(state: str, page: Any = tab) -> None:
        found = axe.run(page).response["violations"]
        assert [(state, rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, state

    clean("start")
    type_into(tab, EASE, "much")
    tab.locator("#state", has_text="Not run").wait_for()
    clean("refused")
    type_into(tab, EASE, "9")
    type_into(tab, ANSWERED, "0.5")
    tab.locator(f"{OF_EASE} .problem", has_text="outside").wait_for()
    finished(tab)
    for summary in tab.locator(".card summary, #gallery > summary, #bring > summary").all():
        summary.click()
    table = tmp_path / "other.csv"
    table.write_text("Vertrag ab;Kündigung zum\n" + "01.03.2024;\n02.03.2024;14.05.2025\n" * 9, encoding="utf-8")
    tab.locator("#table").set_input_files(table)
    tab.locator("#proposals button").wait_for()
    clean("doubted, everything open, columns proposed")
    lever = tab.locator(OF_EASE)
    lever.locator("summary").click()
    lever.get_by_text("Try a range").click()
    tab.locator("#range-said:not(:empty)").wait_for()
    tab.locator("#people-today .person").nth(4).click()
    clean("a range and a diary")
    tab.locator("#share-out").click()
    tab.locator("#shared table").wait_for()
    tab.locator("#save").click()
    tab.locator("#text:not(:empty)").wait_for()
    tab.get_by_label("Class: predict first").check()
    type_into(tab, EASE, "1")
    tab.locator("#run").click()
    clean("shared out, saved, asked to predict")
    tab.goto(f"{address}/rules/margin")
    clean("rules")
