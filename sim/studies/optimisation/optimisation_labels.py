"""What the figures of an optimisation state below, and at their axes."""

from __future__ import annotations

from sim.results.amounts import unit_words
from sim.results.below_figures import standing_below
from sim.studies.optimisation.optimisation import Optimisation
from sim.words import say, translated


def foot(optimisation: Optimisation, interval: str) -> str:
    """What every figure of an optimisation states: n, kind of interval, seed, version.

    Args:
        optimisation: What is shown.
        interval: How intervals are drawn and what they cover.
    """
    effort, scenario = optimisation.effort, optimisation.scenario
    runs, people = effort.final_replications, scenario.market.customers
    size = (
        say(
            "n = {draws} draws of the uncertainties x {runs} runs of {people:,} people a choice",
            draws=effort.final_draws,
            runs=runs,
            people=people,
        )
        if effort.final_draws > 1
        else say("n = {runs} runs of {people:,} people a choice", runs=runs, people=people)
    )
    return standing_below(optimisation, size, interval)


def case(optimisation: Optimisation) -> str:
    """`expected` or `worst case`, where there are uncertainties to expect over; else empty."""
    if optimisation.effort.final_draws == 1:
        return ""
    return say("expected") if optimisation.terms.over == "expected" else say("worst case")


def _shown(unit: str) -> str:
    return unit_words(unit) if " per " in unit else translated(unit)


def axis_label(optimisation: Optimisation, output: str) -> str:
    """Name of an output with its unit and the kind of value, for an axis."""
    unit = optimisation.units.get(output, "")
    parts = [part for part in (case(optimisation), "" if unit.startswith("share") else _shown(unit)) if part]
    label = optimisation.labels.get(output, output)
    return f"{label} ({', '.join(parts)})" if parts else label


def tick(unit: str) -> str:
    """How numbers of a unit are written at an axis: `percent`, `thousands` or `plain`.

    >>> tick("share"), tick("EUR per year"), tick("points (0-100)")
    ('percent', 'thousands', 'plain')
    """
    if unit.startswith("share"):
        return "percent"
    return "plain" if unit.startswith(("points", "ratio", "people")) else "thousands"
