import math
import re

import pandas as pd
import pytest

from sim import plots
from sim.model.market import Market, Run
from sim.model.scenario import Change, Scenario
from sim.parameters.paths import set_path
from sim.report.signed_changes import limits
from sim.report.templates import script
from sim.studies.comparison import comparison_words as words
from sim.studies.comparison.compare import compare
from sim.studies.comparison.comparison_figures import FIGURES
from sim.studies.comparison.comparison_page import page as page_of


@pytest.fixture(scope="module")
def worlds():
    today = Scenario(name="today <script>alert(1)</script>", market=Market(customers=400), run=Run(periods=30, seed=7))
    other = set_path(today, "firm.systems.failure_scale", 4.0)
    change = Change(at=10, until=20, set={"firm.desk.ease": 1.0})
    return [today, other.model_copy(update={"name": "worse & <b>worse</b>", "timeline": [change]})]


@pytest.fixture(scope="module")
def comparison(worlds):
    return compare(worlds, replications=3, threads=1)


@pytest.fixture(scope="module")
def same(worlds):
    return compare([worlds[0], worlds[0]], replications=2, threads=1)


@pytest.fixture(scope="module")
def unmatched(worlds):
    monthly = worlds[0].model_copy(update={"name": "monthly", "run": Run(period="month", periods=6)})
    weekly = worlds[0].model_copy(update={"run": Run(periods=26)})
    return compare([weekly, monthly], replications=2, threads=1)


@pytest.fixture(scope="module")
def page(comparison):
    return page_of(comparison)


def test_the_page_asks_nobody_for_anything(page):
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)", page.replace("http-equiv", ""), re.IGNORECASE)
    assert page.count("<script") == page.count(f"<script>{script()}</script>") == 1
    assert "<b>worse" not in page
    assert "default-src 'none'" in page


def test_the_page_leads_with_the_answer(page):
    names = (
        "answer",
        "worlds",
        "differences",
        "levers",
        "time",
        "persons",
        "money",
        "what-differs",
        "why-paired",
        "glossary",
    )
    order = [page.index(f'id="{name}"') for name in names]
    assert order == sorted(order)
    identifiers = re.findall(r'\bid="([^"]+)"', page)
    assert len(set(identifiers)) == len(identifiers)


def test_the_same_comparison_gives_the_same_page_and_tells_no_time(comparison, page):
    assert page_of(comparison) == page
    assert comparison.manifest["started"] not in page


@pytest.mark.parametrize("which", ["comparison", "same", "unmatched"])
def test_every_kind_of_comparison_has_a_page_without_nan(which, request):
    page = page_of(request.getfixturevalue(which))
    assert not re.search(r"\b(nan|inf)\b", re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL), re.IGNORECASE)


@pytest.mark.parametrize("width", [plots.WIDE, plots.NARROW])
@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("which", ["comparison", "same", "unmatched"])
def test_every_figure_draws_within_its_edges_and_says_what_it_shows(which, name, width, request):
    answer = request.getfixturevalue(which)
    assert ("shares" in FIGURES.names(answer)) == (which == "comparison")  # the others have no levers
    if name not in FIGURES.names(answer):
        return
    figure = FIGURES.draw(name, answer, width=width)
    said = " ".join(text.get_text() for text in figure.texts)
    assert "runs of 400 people" in said
    box = figure.get_tightbbox()
    assert box.x0 > -0.05
    assert box.x1 < width + 0.05


def test_figures_are_found_by_name(comparison):
    assert tuple(comparison.plot) == tuple(name for name in FIGURES if name != "assumptions")  # nobody asked
    assert comparison.plot.money() is not None
    with pytest.raises(KeyError, match="payback"):
        comparison.plot.figure("pay")


def test_nothing_changes_is_said_where_nothing_changes(same):
    label = same.labels[1]
    assert words.headline(same) == f"What happens in “{label}” changes nothing."
    assert words.what_changes(same, label)[0].startswith("Nothing")
    assert words.who(same, label) == ["Every person is a customer at the end in both worlds or in neither."]
    assert words.costs_and_returns(same, label) == ["It costs nothing and returns nothing."]


def test_people_who_cannot_be_matched_are_not_counted(unmatched):
    assert "cannot be matched" in words.who(unmatched, "monthly")[0]


def row(**values):
    return pd.Series(
        {
            "unit": "share",
            "first": 0.8,
            "value": 0.82,
            "difference": 0.02,
            "low": 0.01,
            "high": 0.03,
            "excludes_zero": True,
            "excludes_zero_together": False,
            **values,
        }
    )


def test_what_cannot_be_told_apart_is_said_to_be_so():
    sentence = words._goes(row(low=-0.01, high=0.05, excludes_zero=False), "Retention")
    assert sentence == "Retention cannot be told apart from today's 80.0% (change −1.0 to +5.0 percentage points)."
    assert words._goes(row(), "Retention").startswith(
        "Retention rises from 80.0% to 82.0%: +2.0 percentage points (+1.0"
    )


def test_a_limit_is_not_rounded_to_zero():
    assert limits(row(low=-0.00003, high=0.04)) == "−0.003 to +4.000"


def test_sure_has_three_answers():
    assert words.sure(row()) == words.ALONE
    assert words.sure(row(excludes_zero_together=True)) == words.SURE
    assert words.sure(row(excludes_zero=False)) == words.UNSURE


def test_the_saving_is_told_with_its_doubt():
    told = words.times(pd.Series({"variance_ratio": 14.2, "ratio_low": 3.5, "ratio_high": 59.0}))
    assert told == "14 (3.5 to 59)"
    assert "too few" in words.times(pd.Series({"variance_ratio": 2.0, "ratio_low": math.nan, "ratio_high": math.nan}))


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (390, "light"), (390, "dark")])
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
    assert shown == len(FIGURES) - 1  # assumptions were not asked for
