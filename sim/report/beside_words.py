"""What of a scenario's question no run answers by itself: the world to set beside it, named where the answer ends."""

from __future__ import annotations

from sim.model.scenario import Scenario
from sim.results.result import Result
from sim.words import say

TOLD_BY_ALL = ("none", "survey", "truth")
"""Ways of steering beside which a survey has nothing to show, or is what steers."""


def beside(scenario: Scenario) -> str:
    """The world without which the rest of the question stays open; empty where the run answers all of it.

    >>> beside(Scenario())
    ''
    """
    firm = scenario.firm
    if scenario.asks == "steering" and firm.learning.steering not in TOLD_BY_ALL:
        return say(
            "How much better it would do with a survey shows only beside a world with one "
            "(firm.learning.steering: survey, and sim compare)."
        )
    if scenario.asks == "loyalty" and firm.programme.offered:
        return say(
            "What the rewards themselves keep shows only beside a world without them "
            "(firm.programme.offered: false, and sim compare)."
        )
    if scenario.asks == "load" and firm.people.followed and firm.people.follow_load == 0.0:
        return say(
            "What is saved by hiring nobody, and what it costs, shows only beside a world that hires "
            "(firm.people.follow_load: 1, and sim compare)."
        )
    return ""


def loyalty_next_step(result: Result) -> list[str]:
    """What to do where the scenario asks for loyalty and more customers are held by barriers than by attitude."""
    kinds = result.census[result.census["typology"] == "loyalty type"].set_index("type")["count"]
    if result.scenario.asks != "loyalty" or not float(kinds["spurious"]) > float(
        kinds["sustainable"] + kinds["latent"]
    ):
        return []
    return [
        say(
            "More stay because leaving is a burden than because they want to: a rival's offer takes those first, and "
            "they go when the barrier falls. Set better service beside this world before rewards or contracts end."
        )
    ]
