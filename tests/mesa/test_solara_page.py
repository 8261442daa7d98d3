"""The example for those who come from Mesa, on SolaraViz: skipped where the extra `solara` is not installed."""

import runpy
from pathlib import Path

import pytest

pytest.importorskip("solara")
EXAMPLE = Path(__file__).resolve().parents[2] / "experiments" / "mesa_page.py"


@pytest.mark.filterwarnings("ignore")
def test_the_page_has_its_sliders_and_goes_on_by_a_step():
    import solara

    made = runpy.run_path(str(EXAMPLE))
    shown, context = solara.render(made["page"], handle_error=False)
    assert shown.children
    context.close()
    assert {one.label for one in made["SLIDERS"].values()} >= {"Seed", "Ease of complaining", "Price index"}
    model = made["FastModel"](**made["FIXED"], seed=3, **{path: made["slider"](path).value for path in made["LEVERS"]})
    model.step()
    assert len(model.series) == 1
    assert model.parameters.market.customers == 10000


@pytest.mark.filterwarnings("ignore")
def test_every_slider_can_stand_at_todays_value():
    """A slider of SolaraViz puts its value on the nearest of its own steps, and so does a reset with it."""
    made = runpy.run_path(str(EXAMPLE))
    for one in made["SLIDERS"].values():
        steps = (one.value - one.min) / one.step
        assert abs(steps - round(steps)) < 1e-9, one.label
