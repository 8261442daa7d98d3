"""What of a scenario's question no run answers by itself, and the world to set beside it."""

from __future__ import annotations

from sim.model.scenario import Scenario
from sim.parameters.labels import label
from sim.report.brief import Typed
from sim.results.result import Result
from sim.words import say

TOLD_BY_ALL = ("none", "survey", "truth")
"""Ways of steering beside which a survey has nothing to show, or is what steers."""


def beside(scenario: Scenario) -> list[str]:
    """The world without which a part of the question stays open; none where the run answers all of it.

    >>> beside(Scenario())
    []
    """
    firm = scenario.firm
    if scenario.asks == "steering" and firm.learning.steering not in TOLD_BY_ALL:
        return [
            Typed(
                say(
                    "How much better it would do with a survey shows only beside a world with one: “{parameter}” is "
                    "survey there (sim compare).",
                    parameter=label("firm.learning.steering"),
                ),
                {"firm.learning.steering": "survey"},
            )
        ]
    if scenario.asks == "loyalty" and firm.programme.offered:
        return [
            Typed(
                say("What the rewards themselves keep shows only beside a world without them (sim compare)."),
                {"firm.programme.offered": False},
            )
        ]
    return []


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
