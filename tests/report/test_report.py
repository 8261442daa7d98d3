import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from sim.model.scenario import Scenario
from sim.model.voice import Voice
from sim.report.assumptions import assumptions, timeline
from sim.report.first_sentence import first_sentence
from sim.report.run_page import write_report
from sim.report.run_sentences import PRESETS, answer, failures, preset_in_use
from sim.report.templates import script, script_policy
from sim.words import rounded_money


@pytest.fixture(scope="module")
def page(result):
    return write_report(result)


def with_scenario(result, scenario):
    return replace(result, **{"scenario": scenario})


class Reader(HTMLParser):
    """Tags, attributes, open elements and identifiers of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.ids, self.open = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in ("meta", "link", "br", "hr", "img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_asks_nobody_for_anything(page):
    reader = Reader(page)
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)", page.replace("http-equiv", ""), re.IGNORECASE)
    assert reader.tags.count("script") == 1
    assert f"script-src {script_policy()}" in page
    assert not {"iframe", "object", "embed", "img", "video", "base", "form"} & set(reader.tags)
    for tag, name, value in reader.attributes:
        assert not name.startswith("on")
        if name in ("src", "href", "xlink:href", "action"):
            assert value.startswith("#") or (tag == "link" and value == "data:,")
    assert "default-src 'none'" in page


def test_hostile_names_are_text(page):
    assert page.count("<script") == page.count(f"<script>{script()}</script>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>not</b>" not in page


def test_the_page_is_well_formed_and_identifiers_are_unique(page):
    reader = Reader(page)
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    referred = set(re.findall(r'(?:url\(|href=")#([^)"]+)', page))
    assert referred <= set(reader.ids)


def test_the_page_leads_with_the_answer(page):
    order = [page.index(f'id="{name}"') for name in ("answer", "iceberg", "retention", "satisfaction", "talk", "money")]
    assert order == sorted(order)
    assert page.index("<h1") < order[0]


def test_failed_runs_are_told_where_there_are_any(result, page):
    assert "failed;" not in page
    assert failures(result) == ""
    manifest = result.manifest | {"failed": [{"replication": 1, "seed": 8, "reason": "MemoryError: <none>"}]}
    told = write_report(replace(result, **{"manifest": manifest}))
    asked = len(set(result.series["replication"])) + 1
    said = "runs failed; the first: MemoryError: &lt;none&gt;. Everything on this page comes from the others."
    assert f"1 of {asked} {said}" in told


def test_the_page_has_the_honest_note_and_the_preset(page):
    assert "disowns" in page
    assert "names no preset" in page
    assert "96%" in page


def test_the_same_result_gives_the_same_page(result, page):
    assert write_report(result) == page


def test_the_page_tells_no_time_and_no_machine(result, page):
    assert result.manifest["started"] not in page
    assert result.manifest["platform"] not in page


def test_one_run_is_reported_without_intervals(single):
    page = write_report(single)
    assert "This is one run" in page
    assert not re.search(r"\bnan\b", page, re.IGNORECASE)


def test_numbers_of_the_answer_are_those_of_the_summary(result):
    text = " ".join([first_sentence(result), *answer(result)])
    assert f"{result.value('yearly_loss'):.1%}" in text
    assert f"{result.value('satisfaction'):.1f}" in text
    assert rounded_money(result.value("opportunity_estimate"), "EUR") in text


def test_there_are_no_sentences_about_what_is_not_known(result):
    summary = result.summary.assign(value=float("nan"), low=float("nan"), high=float("nan"))
    nothing = replace(result, **{"summary": summary, "iceberg": result.iceberg * 0 == 1})
    assert answer(nothing) == []


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_is_named_for_what_it_is(result, name):
    said = preset_in_use(with_scenario(result, Scenario(voice=Voice(preset=name))))
    assert said.startswith(PRESETS[name])


def test_every_parameter_stands_in_the_assumptions(result):
    rows = {row.path: row for row in assumptions(result)}
    assert rows["market.customers"].value == "400"
    assert rows["market.customers"].changed
    assert rows["firm.systems.failures.apathy.severity"].default == "2.2"
    assert rows["rivals.rival.desk.ease"].changed is False
    assert all(row.source for row in rows.values())


def test_changes_over_time_are_told(result):
    assert timeline(result.scenario) == [
        "from 16 March 2026 until 25 May 2026: Complaint desk: Ease of complaining = 1"
    ]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (400, "light"), (400, "dark")])
def test_a_browser_shows_the_page_without_a_request_or_a_sideways_scroll(page, tmp_path, width, scheme):
    playwright = pytest.importorskip("playwright.sync_api")
    import shutil

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    file = tmp_path / "report.html"
    file.write_text(page, encoding="utf-8")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        requests, complaints = [], []
        tab.on("request", lambda request: requests.append(request.url))
        tab.on("console", lambda message: complaints.append(message.text))
        tab.goto(file.as_uri())
        overflow = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        shown = tab.locator(".figure svg:visible").count()
        browser.close()
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert complaints == []
    assert overflow <= 0
    assert shown == 9


@pytest.mark.browser
def test_printed_it_is_a4_with_the_whole_answer_on_the_first_page(page, tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    import shutil

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    file = tmp_path / "report.html"
    file.write_text(page, encoding="utf-8")
    pixels = 96 / 25.4  # to a millimetre
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": int((210 - 30) * pixels), "height": int((297 - 30) * pixels)})
        tab.emulate_media(media="print")
        tab.goto(file.as_uri())
        last = tab.evaluate("document.querySelector('#answer .cards').getBoundingClientRect().bottom")
        printed = tab.pdf(prefer_css_page_size=True)
        browser.close()
    assert last < (297 - 30) * pixels
    assert re.search(rb"/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]", printed)
