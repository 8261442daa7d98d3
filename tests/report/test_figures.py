import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import matplotlib
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.font_manager import fontManager
from matplotlib.textpath import TextToPath
from PIL import Image

from sim import plots
from sim.plots import overtime
from sim.plots.draw_iceberg import _LEFT, _RIGHT, cut
from sim.plots.run_figures import FIGURES
from sim.plots.savings import known_texts
from sim.plots.style import COLOURS, PAPER, spread
from sim.results.folder import write_folder


@pytest.mark.parametrize("width", [plots.WIDE, plots.NARROW])
@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_draws_and_says_what_it_shows(result, name, width):
    figure = FIGURES.draw(name, result, width=width)
    figure.draw_without_rendering()
    words = " ".join(text.get_text() for text in figure.texts)
    for stated in ("n = 2 runs of 400", "seed 7", f"ExitVoice {result.manifest['version']}"):
        assert stated in words
    assert "interval" in words


@pytest.mark.parametrize("name", FIGURES)
def test_one_run_is_drawn_without_interval_and_says_so(single, name):
    words = " ".join(text.get_text() for text in FIGURES.draw(name, single).texts)
    assert "one run: no interval" in words


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_is_cut_off_at_the_edges(result, name):
    for width in (plots.WIDE, plots.NARROW):
        figure = FIGURES.draw(name, result, width=width)
        box = figure.get_tightbbox()
        assert box.x0 > -0.02
        assert box.x1 < width + 0.02


@pytest.mark.parametrize("name", FIGURES)
def test_the_accessor_gives_axes(result, name):
    assert isinstance(getattr(result.plot, name)(), Axes)


def test_the_accessor_lists_its_figures(result):
    assert tuple(result.plot) == tuple(FIGURES)
    with pytest.raises(KeyError, match="iceberg"):
        result.plot.figure("iceburg")


def test_the_users_own_settings_are_left_alone(result):
    before = dict(matplotlib.rcParams)
    result.plot.satisfaction()
    assert dict(matplotlib.rcParams) == before


def test_each_form_of_a_figure_is_drawn_once_for_folder_and_page(result, tmp_path, monkeypatch):
    drawn = Counter()

    def counting(name, drawing):
        def draw(answer, width):
            drawn[name, width] += 1
            return drawing.draw(answer, width)

        return drawing._replace(draw=draw)

    monkeypatch.setattr(FIGURES, "drawings", {name: counting(name, each) for name, each in FIGURES.drawings.items()})
    write_folder(result, tmp_path / "out")
    assert drawn == {(name, width): 1 for name in FIGURES for width in (plots.WIDE, plots.NARROW)}


def test_what_is_drawn_once_is_forgotten_afterwards(result):
    with FIGURES.drawn_once():
        first = FIGURES.draw("iceberg", result)
        assert FIGURES.draw("iceberg", result) is first
        assert FIGURES.draw("iceberg", result, width=plots.NARROW) is not first
    assert FIGURES.draw("iceberg", result) is not first


def test_a_style_that_is_held_is_the_same_and_is_left_again(result):
    before = dict(matplotlib.rcParams)
    alone = plots.page_svg(FIGURES.draw("iceberg", result), "iceberg-wide")
    with FIGURES.drawn_once():
        assert matplotlib.rcParams["axes.edgecolor"] != before["axes.edgecolor"]
        assert plots.page_svg(FIGURES.draw("iceberg", result), "iceberg-wide") == alone
        assert matplotlib.rcParams["svg.fonttype"] == "path"
    assert dict(matplotlib.rcParams) == before


def test_pyplot_is_never_loaded():
    code = (
        "import sys; from sim import plots; assert 'matplotlib' not in sys.modules;"
        "import sim.plots.run_figures; assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_is_left_out_is_put_back(result, tmp_path):
    """Texts are measured once while many figures are saved; what is written is the same, and matplotlib as it was."""
    kept = (
        (TextToPath, "get_text_width_height_descent"),
        (type(fontManager), "_find_fonts_by_props"),
        (matplotlib.axis.Axis, "_copy_tick_props"),
    )
    before = [vars(owner)[name] for owner, name in kept]
    plots.save(FIGURES.draw("iceberg", result), tmp_path / "alone.svg")
    with FIGURES.drawn_once():
        assert [vars(owner)[name] for owner, name in kept] != before
        with known_texts():
            plots.save(FIGURES.draw("iceberg", result), tmp_path / "again.svg")
            plots.save(FIGURES.draw("iceberg", result), tmp_path / "known.svg")
    assert [vars(owner)[name] for owner, name in kept] == before
    assert len({(tmp_path / f"{name}.svg").read_bytes() for name in ("alone", "again", "known")}) == 1


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_what_is_left_out_is_not_seen(result, tmp_path, name, suffix):
    """Ticks with less, tables of the typeface read once: figures are those that matplotlib draws by itself."""
    plots.save(FIGURES.draw(name, result), tmp_path / f"alone.{suffix}")
    with FIGURES.drawn_once():
        plots.save(FIGURES.draw(name, result), tmp_path / f"among.{suffix}")
    assert (tmp_path / f"alone.{suffix}").read_bytes() == (tmp_path / f"among.{suffix}").read_bytes()


def test_a_page_takes_the_drawing_of_the_folder(result, tmp_path, monkeypatch):
    alone = plots.page_svg(FIGURES.draw("gaps", result), "gaps-wide")
    with FIGURES.drawn_once():
        plots.save(FIGURES.draw("gaps", result), tmp_path / "gaps.svg")
        monkeypatch.setattr("sim.plots.as_svg.svg_with_text", lambda _: pytest.fail("was drawn again"))
        assert plots.page_svg(FIGURES.draw("gaps", result), "gaps-wide") == alone
    assert "\x01" not in alone + (tmp_path / "gaps.svg").read_text()
    assert "<text" in alone
    assert "<text" not in (tmp_path / "gaps.svg").read_text()


def test_a_png_is_as_large_as_the_figure_and_lies_on_paper(result, tmp_path):
    figure = FIGURES.draw("levels", result)
    canvas, dpi = figure.canvas, figure.dpi
    plots.save(figure, tmp_path / "levels.png")
    assert (figure.canvas, figure.dpi) == (canvas, dpi)
    with Image.open(tmp_path / "levels.png") as picture:
        picture.verify()  # checksums
    with Image.open(tmp_path / "levels.png") as picture:
        assert picture.size == tuple(int(side * plots.PNG_DPI) for side in figure.get_size_inches())
        assert [round(dots) for dots in picture.info["dpi"]] == [plots.PNG_DPI, plots.PNG_DPI]
        assert picture.convert("RGB").getpixel((0, 0)) == to_rgb_bytes(PAPER)


def to_rgb_bytes(colour):
    return tuple(bytes.fromhex(colour[1:]))


@pytest.mark.parametrize(
    "loaded",
    [
        "from sim.plots.savings import load_without_help; load_without_help();",
        "from sim.plots.savings import loaded_meanwhile\nwith loaded_meanwhile(True): import matplotlib.axes\n",
    ],
)
def test_a_command_loads_matplotlib_without_its_help(loaded):
    """And whoever loads it otherwise has it; what is drawn is the same."""
    code = loaded + (
        "from matplotlib import artist, figure, lines;"
        "assert len(figure.Figure.set.__doc__ or '') < 100; assert artist.kwdoc(lines.Line2D);"
        "class_ = type('Later', (lines.Line2D,), {}); assert 'linewidth' in class_.set.__doc__;"
        "assert lines.Line2D([], []).set(linewidth=3, color='red')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_a_figure_has_the_same_bytes_each_time(result, tmp_path, suffix):
    for name in ("a", "b"):
        plots.save(FIGURES.draw("iceberg", result), tmp_path / f"{name}.{suffix}")
    assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


def test_every_colour_of_a_figure_on_a_page_can_change(result):
    text = plots.page_svg(FIGURES.draw("quality_cost", result), "quality_cost-wide")
    for name, colour in COLOURS.items():
        assert text.count(colour) == text.count(f"var(--fig-{name}, {colour})")


def test_areas_of_the_iceberg_are_in_proportion():
    shares = [0.04, 0.0, 0.36, 0.6]
    heights = np.linspace(0.0, 1.0, 200_001)
    width = np.interp(heights, *_LEFT.T) + np.interp(heights, *_RIGHT.T)
    edges = [1.0, *cut(shares)]
    areas = [width[(heights < top) & (heights >= low)].sum() for top, low in pairwise(edges)]
    assert np.array(areas) / width.sum() == pytest.approx(shares, abs=2e-4)


def test_labels_keep_their_distance_and_order():
    places = spread([0.5, 0.5, 0.52, 0.9], 0.1, 0.0, 1.0)
    assert np.diff(places).min() >= 0.1 - 1e-6
    assert places == sorted(places)


def test_a_run_without_dissatisfaction_has_no_iceberg_and_no_error(result):
    ledger = result.iceberg.assign(per_1000=np.nan, per_1000_low=np.nan, per_1000_high=np.nan)
    calm = replace(result, **{"iceberg": ledger})
    assert "no iceberg" in calm.plot.figure("iceberg").get_label()


def test_a_line_is_computed_once_for_both_forms(result, monkeypatch):
    asked = []
    real = overtime.rows_of
    monkeypatch.setattr(overtime, "rows_of", lambda *given: asked.append(given) or real(*given))
    one = overtime.ratio_line(result, "encounters", "dissatisfied")
    assert overtime.ratio_line(result, "encounters", "dissatisfied") is one
    assert overtime.ratio_line(result, "encounters", "dissatisfied", scale=2.0) is not one
    assert len(asked) == 2
