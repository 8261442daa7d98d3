"""Figures, page and folder of a sensitivity analysis."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import pandas as pd
import pytest
from matplotlib.axes import Axes

from sim.parameters.labels import short_label
from sim.plots import NARROW, WIDE
from sim.plots.panels import path_lines
from sim.plots.told_values import values_of
from sim.report.templates import script
from sim.results.folder import read_parquet, write_folder
from sim.results.place import FolderError
from sim.studies.sensitivity import sensitivity_words as words
from sim.studies.sensitivity.sensitivity_figures import FIGURES
from sim.studies.sensitivity.sensitivity_page import page as page_of
from tests.studies.sensitivity.known import EASE, Arithmetic, analysed


@pytest.fixture(scope="module")
def sobol():
    return analysed(Arithmetic(scatter=0.01), condition="retention < 0.7")


@pytest.fixture(scope="module")
def morris():
    return analysed(Arithmetic(scatter=0.01), method="morris", samples=12, condition="retention < 0.7")


@pytest.fixture(params=["sobol", "morris"])
def found(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_draws_in_its_frame_and_says_what_it_rests_on(found, name, width):
    for output in ("retention", "active.end"):
        figure = FIGURES.draw(name, found, output, width=width)
        figure.draw_without_rendering()
        assert output != "retention" or values_of(figure)
        said = " ".join(text.get_text() for text in figure.texts)
        assert re.search(r"n = [\d,]+ runs at", said)
        assert "300 people each" in said
        assert "seed 1" in said
        assert "ExitVoice 1.2.3" in said
        box = figure.get_tightbbox()
        assert box.x0 > -0.02
        assert box.x1 < width + 0.02


@pytest.mark.parametrize("name", FIGURES)
def test_the_accessor_gives_axes(sobol, name):
    assert isinstance(getattr(sobol.plot, name)(), Axes)
    assert tuple(sobol.plot) == tuple(FIGURES)


def test_a_wrong_name_is_answered_with_those_there_are(sobol):
    with pytest.raises(KeyError, match="tornado"):
        sobol.plot.figure("tornadoes")
    with pytest.raises(KeyError, match="retention"):
        sobol.plot.figure("indices", "retentoin")


def test_pyplot_is_never_loaded():
    code = (
        "import sys; import sim.studies.sensitivity.find_what_matters; assert 'matplotlib' not in sys.modules;"
        "import sim.studies.sensitivity.sensitivity_figures; assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_long_paths_are_broken_and_lose_nothing():
    path = "firm.people.training_hours_per_agent_and_year"
    for width in (0.6, 1.0, 1.5, 2.5):
        assert path_lines(path, width, 9.0).replace("\n", "") == path
    assert len(path_lines(path, 1.3, 9.0).splitlines()) >= 2


def test_the_page_is_whole_and_asks_nobody(found):
    page = page_of(found)
    assert page == page_of(found)
    assert page.count("<script") == page.count(f"<script>{script()}</script>") == 1
    assert "http" not in re.sub(r'"http-equiv|http-equiv=|http://www\.w3\.org/[^"]*', "", page)
    HTMLParser().feed(page)
    identifiers = re.findall(r'\bid="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers))
    for path in found.factors:
        assert path in page
    assert "the output is the same everywhere" in page


def test_the_page_says_what_failed():
    broken = analysed(Arithmetic(breaks=lambda values: values.get(EASE, 0.0) > 1.97))
    page = page_of(broken)
    assert "the desk fell apart" in page
    assert "base samples were left out" in page


def test_text_of_users_is_escaped(sobol):
    asked = sobol.experiment.model_copy(update={"name": "<b>x</b>", "question": "<script>alert(1)</script>"})
    page = page_of(type(sobol)(**(vars(sobol) | {"experiment": asked})))
    assert page.count("<script") == page.count(f"<script>{script()}</script>") == 1
    assert "<b>x" not in page


def test_the_words_name_what_matters_and_what_does_not(sobol):
    said = " ".join(words.what_matters(sobol, "satisfaction"))
    assert "Desk staff takes part in 9" in said
    assert re.search(r"Ease of complaining.* hardly matter", said)
    assert "From 1 to 6 of Desk staff its mean goes from 6" in said
    assert "Luck makes up" in said
    assert "matters most for yearly retention; Desk staff matters most for satisfaction" in words.headline(sobol)
    (line,) = words.what_matters(sobol, "active.end")
    assert line == "Active, at the end: no index can be given: the output is the same everywhere."


def test_the_words_on_money_are_those_of_the_numbers(sobol):
    said = words.for_money(sobol, "satisfaction")
    amount = float(re.search(r"EUR ([\d,]+) a year", words.sum_of_money(sobol))[1].replace(",", ""))
    agents = next(line for line in said if line.startswith("Desk staff"))
    told = float(re.search(r": \+([\d.]+) points", agents)[1])
    assert told == pytest.approx(amount * 10.0 / 600.0, rel=0.05)


def test_the_best_use_of_money_is_the_lever_that_surely_raises_it_if_any_does(sobol):
    told = {line.partition(":")[0].partition(",")[0]: line for line in words.dearest(sobol)}
    rows = sobol.lever_steps("satisfaction")
    best = rows[rows["per_money_low"] > 0.0]["factor"].iloc[0]
    assert f": {short_label(best, [axis.path for axis in sobol.axes])}: +" in told["Satisfaction"]
    costs = sobol.effects.assign(per_money_low=-1.0)
    doubted = words.dearest(type(sobol)(**(vars(sobol) | {"effects": costs})))
    assert all("surely raises it by no lever" in line for line in doubted)


def test_one_replication_is_told():
    asked = analysed(Arithmetic())
    single = asked.experiment.model_copy(update={"replications": 1})
    said = words.what_matters(type(asked)(**(vars(asked) | {"experiment": single})), "retention")
    assert any("With one replication" in line for line in said)


@pytest.mark.slow
def test_the_folder_holds_everything_and_comes_out_the_same_twice(sobol, tmp_path):
    folders = [write_folder(sobol, tmp_path / name) for name in ("a", "b")]
    files = sorted(path.relative_to(folders[0]).as_posix() for path in folders[0].rglob("*") if path.is_file())
    assert {
        "indices.csv",
        "effects.csv",
        "regions.csv",
        "points.parquet",
        "runs.parquet",
        "report.html",
        "figures/tornado_retention.svg",
        "figures/regions.png",
        "summary.json",
    } <= set(files)
    for name in files:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
    summary = json.loads((folders[0] / "summary.json").read_text(encoding="utf-8"))
    assert len(summary["indices"]) == len(sobol.indices)
    assert summary["indices"][-1]["value"] is None
    assert len(read_parquet(folders[0] / "runs.parquet")) == len(sobol.runs)
    with pytest.raises(FolderError):
        write_folder(sobol, folders[0])


def test_every_column_is_explained(found, tmp_path):
    folder = write_folder(found, tmp_path / "out", figures=False, report=False)
    known = found.dictionary().groupby("table")["column"].agg(set).to_dict()
    tables = {path.stem: pd.read_csv(path) for path in folder.glob("*.csv") if path.stem != "dictionary"}
    tables |= {path.stem: read_parquet(path) for path in folder.glob("*.parquet")}
    for name, table in tables.items():
        assert set(table.columns) - known[name] <= {*found.factors, *found.outputs, "spending"}
