"""The figure of a sweep: an output along each factor, for designs of every kind."""

import re

import numpy as np
import pytest
from matplotlib.axes import Axes

from sim.plots import NARROW, WIDE
from sim.results.amounts import value_shown
from sim.studies.sweep.sweep import sweep
from sim.studies.sweep.sweep_figures import FIGURES

pytestmark = pytest.mark.filterwarnings("ignore::sim.results.failed_work.FailedRunsWarning")
"""A quarter of the experiment's runs fails, see conftest.py."""

HEAD = "name: figure\nscenario: world-200-6.yaml\noutputs: [satisfaction, complaint_share, revenue.total]\n"
DESIGNS = {
    "grid": "levers:\n  firm.desk.ease: {values: [-1, 0, 1]}\n  firm.desk.agents: {values: [5, 20]}\n"
    "design: {kind: grid}\nreplications: 3\n",
    "one run a point": "levers:\n  firm.desk.ease: {low: 0, high: 2}\ndesign: {kind: random, points: 5}\n",
    "names": "uncertainties:\n  voice.preset: {}\ndesign: {kind: list, rows: [{voice.preset: slogan}, "
    "{voice.preset: rage_2015}]}\nreplications: 2\n",
    "truth values": "levers:\n  money.measure_opportunity_cost: {values: [true, false]}\n"
    "  firm.desk.ease: {values: [0, 1, 2]}\ndesign: {kind: grid}\nreplications: 2\n",
    "ranges": "levers:\n  firm.desk.ease: {low: 0, high: 2}\n  firm.desk.agents: {low: 1, high: 100, scale: log}\n"
    "uncertainties:\n  market.customers: {low: 150, high: 250}\ndesign: {kind: sobol, points: 64}\n",
    "nothing done": "levers:\n  firm.systems.failures.apathy.probability: {values: [0.6]}\n"
    "  firm.systems.failures.wrong_answer.probability: {values: [0.6]}\ndesign: {kind: grid}\n",
}


@pytest.fixture(params=list(DESIGNS))
def found(request, experiment):
    file = experiment()
    file.write_text(HEAD + DESIGNS[request.param])
    return sweep(file, engine="in-process", workers=1)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_it_stays_in_its_frame_and_says_what_it_rests_on(found, width):
    for output in found.outputs:
        figure = FIGURES.draw("response", found, output, width=width)
        figure.draw_without_rendering()
        said = " ".join(text.get_text().replace("\n", " ") for text in figure.texts)
        assert re.search(rf"n = {len(found.runs)} runs at {len(found.points)} points?", said)
        assert "seed 5" in said
        assert f"ExitVoice {found.manifest['version']}" in said
        box = figure.get_tightbbox()
        assert box.x0 > -0.02
        assert box.x1 < width + 0.02


def test_every_point_is_a_dot_at_its_mean(found):
    axes = found.plot.response("satisfaction")
    assert isinstance(axes, Axes)
    means = found.summary("satisfaction")["mean"].dropna()
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert sum(len(line.get_ydata()) for line in dots) == len(means)
    if len(means):
        assert np.allclose(np.sort(dots[0].get_ydata()), np.sort(means))


def test_the_page_says_first_where_the_output_is_highest(found):
    page = found.presentation.page(found)
    assert page.count('class="figure"') == len(found.outputs)
    means = found.summary("satisfaction")["mean"]
    headline = re.search("<h1.*?>(.*?)</h1>", page).group(1)
    if means.notna().any():
        assert headline.startswith("Satisfaction")
        assert f"{means.max():,.1f}" in headline
    else:
        assert headline == "No run is done, so that nothing can be told"


def test_the_page_tells_which_values_of_each_factor_were_tried(experiment):
    file = experiment()
    file.write_text(HEAD + DESIGNS["grid"])
    found = sweep(file, engine="in-process", workers=1)
    page = found.presentation.page(found)
    for axis in found.axes:
        tried = found.points[axis.path].unique()
        assert f"<td>{', '.join(value_shown(axis.native(value)) for value in tried)}</td>" in page


def test_shares_are_drawn_in_per_cent(experiment):
    found = sweep(experiment("0, 1", 2), engine="in-process", workers=1)
    (dots,) = (line for line in found.plot.response("complaint_share").lines if line.get_marker() == "o")
    assert np.allclose(np.sort(dots.get_ydata()), np.sort(100 * found.summary("complaint_share")["mean"].dropna()))
    assert "4 runs failed" in " ".join(text.get_text() for text in found.plot.figure("response").texts)


def test_a_wrong_name_is_answered_with_those_there_are(experiment):
    found = sweep(experiment("0", 1), engine="in-process", workers=1)
    assert tuple(found.plot) == tuple(FIGURES)
    with pytest.raises(KeyError, match="response"):
        found.plot.figure("responses")
    with pytest.raises(KeyError, match="satisfaction"):
        found.plot.response("satisfactoin")


def test_every_point_or_mean_can_be_told_however_wide_its_interval(found):
    """Of few points each, whether or not their intervals leave room to be drawn; of many the mean of each bin."""
    axes = sum(found.points[axis.path].nunique() > 1 for axis in found.axes) or len(found.axes)
    for output in found.outputs:
        forms = FIGURES.forms("response", found, output)
        known = int(found.summary(output)["mean"].notna().sum())
        assert bool(forms.places["wide"]) == bool(known)
        assert len(forms.places["narrow"].split()) == len(forms.values)
        if known <= 40:
            assert len(forms.values) == known * axes
        else:
            assert 3 * axes <= len(forms.values) < known
            assert all(" to " in value.where for value in forms.values)
