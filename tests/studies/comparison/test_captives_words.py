"""Where customers cannot leave, a comparison tells what they get and what it costs, and not whether it pays."""

import pandas as pd
import pytest

from sim.model.scenario import Scenario
from sim.studies.comparison.captives_words import ForCaptives, advised, is_about_captives, prices, served, served_best

BETTER, WORSE, OPEN = (73.0, 1.8, 1.7, 1.9), (73.0, -1.8, -1.9, -1.7), (73.0, 0.5, -1.0, 2.0)
DEARER, CHEAPER, SAME = (
    (9e5, -90_000.0, -95_000.0, -85_000.0),
    (9e5, 90_000.0, 85_000.0, 95_000.0),
    (9e5, 0.0, -1e3, 1e3),
)


def row(values: tuple[float, float, float, float], unit: str) -> pd.Series:
    first, difference, low, high = values
    told = {"first": first, "difference": difference, "low": low, "high": high, "unit": unit}
    return pd.Series(told | {"excludes_zero": low > 0.0 or high < 0.0})


def change(satisfaction, margin, borne=None) -> ForCaptives:
    bears = None if borne is None else row(borne, "EUR")
    return ForCaptives("the plan “x”", row(satisfaction, "points (0-100)"), row(margin, "EUR"), bears, "2 years")


def test_better_service_has_a_price_by_the_point():
    """90,000 for 1.8 points are 50,000 for each."""
    told = change(BETTER, DEARER, (90_000.0, -20_000.0, -21_000.0, -19_000.0))
    assert served(told) == (
        "the plan “x” serves those who cannot leave better: satisfaction +1.80 points (+1.70 to +1.90); they bear EUR "
        "20,000 (19,000 to 21,000) less; it takes EUR 90,000 (85,000 to 95,000) of margin over 2 years"
    )
    assert advised(told, "today").endswith("Each point of satisfaction takes EUR 50,000.")


@pytest.mark.parametrize(
    ("satisfaction", "margin", "says", "advises"),
    [
        (
            BETTER,
            CHEAPER,
            "better: satisfaction +1.80 points (+1.70 to +1.90); it brings EUR 90,000",
            "Do the plan “x”: it",
        ),
        (BETTER, SAME, "margin hardly changes over 2 years", "Do the plan “x”: it is better"),
        (
            WORSE,
            CHEAPER,
            "the plan “x” serves those who cannot leave worse",
            "It saves EUR 90,000 (85,000 to 95,000) at the",
        ),
        (WORSE, DEARER, "worse: satisfaction", "Stay with today."),
        (OPEN, DEARER, "the plan “x” makes no sure difference to those", "Stay with today."),
    ],
)
def test_what_is_said_follows_what_they_get_and_what_it_costs(satisfaction, margin, says, advises):
    told = change(satisfaction, margin)
    assert says in served(told)
    assert advised(told, "today").startswith(advises)


def test_who_asks_of_captives_is_told_so():
    assert is_about_captives(Scenario(asks="captives"))
    assert not is_about_captives(Scenario())


def test_of_several_plans_the_best_for_them_comes_first_and_each_has_its_price():
    """90,000 for 1.8 points; 36,000 for .9: 50,000 and 40,000 a point."""
    other = change((73.0, 0.9, 0.8, 1.0), (9e5, -36_000.0, -37_000.0, -35_000.0))._replace(label="the plan “y”")
    worse = change(WORSE, CHEAPER)._replace(label="the plan “z”")
    told, more = served_best([other, change(BETTER, DEARER), worse], "today")
    assert told.startswith("Of the 3, the plan “x” serves those best who cannot leave: satisfaction +1.80 points")
    assert more.startswith("Next, satisfaction and margin: the plan “y” +0.90 points (+0.80 to +1.00), EUR −36,000")
    assert prices([other, change(BETTER, DEARER), worse], "today").endswith(
        "For each point of satisfaction the plan “y” takes EUR 40,000; the plan “x” takes EUR 50,000."
    )
    assert prices([worse, change(OPEN, DEARER)], "today") == "Stay with today."
    assert served_best([worse, change(OPEN, DEARER)], "today")[0] == (
        "None of the 2 surely serves those better than today who cannot leave."
    )
