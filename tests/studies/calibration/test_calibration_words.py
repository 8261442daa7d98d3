"""What a calibration says in words: no number that means nothing to a reader, no fault where there is none."""

import pandas as pd
import pytest

from sim.studies.calibration.calibration_words import sentences
from sim.studies.calibration.convergence import Convergence
from sim.studies.calibration.goodness import IDENTIFIED, Goodness

MEAN, INEQUALITY = "customers.bonds.attrition_per_year", "customers.bonds.attrition_polarization"


def said(simulated_error: float = 1.0, low: float = 0.1, at_edge: bool = False) -> str:
    posterior = pd.DataFrame(
        {
            "parameter": [MEAN, INEQUALITY],
            "identified": IDENTIFIED,
            "low": [0.2, low],
            "at_edge": [False, at_edge],
        }
    )
    apart = pd.DataFrame([[1.0, 0.1], [0.1, 1.0]], index=[MEAN, INEQUALITY], columns=[MEAN, INEQUALITY])
    return "\n".join(sentences(posterior, apart, Goodness(0.4, simulated_error, 0.05, 900.0), 0, Convergence(())))


@pytest.mark.parametrize(("error", "told"), [(1.2, ""), (2.0, "2.0 times as far"), (92244.9, "do not trust the inter")])
def test_runs_that_contradict_the_prediction(error: float, told: str):
    text = said(error)
    assert told in text
    assert ("The intervals rest on a prediction" in text) == bool(told)
    assert "9224" not in text


def test_none_at_all_is_no_end_of_a_range_that_was_too_narrow():
    assert "Inequality of attrition may as well be 0, as low as it can be." in said(low=0.0, at_edge=True)
    assert "presses against an end of its range" in said(low=0.3, at_edge=True)
    assert "0, as low" not in said(low=0.0)
