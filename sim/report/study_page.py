"""What the pages of studies share: what every template is given, and lines of their tables."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any, NamedTuple

from sim.model.scenario import Scenario
from sim.report.templates import template
from sim.report.wording import people
from sim.words import in_periods, say, scaled_amounts

PageRow = dict[str, Any]
"""A row of a page: each cell as it is read, by the name that the page's template has for it."""


class ShownCell(NamedTuple):
    """A value with its interval, which stands below it; empty where there is none."""

    value: str
    interval: str = ""


class TableLine(NamedTuple):
    """A line of a table as a reader sees it.

    Attributes:
        label: What it is.
        cells: Its cells.
        also: What stands below the label: a meaning, or a path.
        marked: Whether it stands out.
    """

    label: str
    cells: Sequence[str | ShownCell]
    also: str = ""
    marked: bool = False


def firm_of(scenario: Scenario) -> str:
    """The firm within a sentence: by its name where it was given one.

    >>> firm_of(Scenario())
    'the firm'
    """
    name = scenario.firm.name
    return name if name != Scenario().firm.name else say("the firm")


def money_cell(value: float, low: float, high: float, *, signs: bool = False) -> ShownCell:
    """An amount with its interval, as both are told in a meeting; the table's caption names the currency.

    >>> money_cell(-3360.0, -5910.0, -812.0)
    ShownCell(value='−3,400', interval='−5,900 to −800')
    """
    if not (isfinite(low) and isfinite(high) and high > low):
        (told,), name = scaled_amounts((value,), signs=signs)
        return ShownCell(f"{told}{name}")
    (told, *ends), name = scaled_amounts((value, low, high), (high - low) / 2.0, signs=signs)
    return ShownCell(f"{told}{name}", say("{low} to {high}", low=ends[0], high=f"{ends[1]}{name}"))


def people_cell(value: float, low: float, high: float) -> ShownCell:
    """A number of people with its interval: whole from ten on.

    >>> people_cell(38.4, 28.9, 47.9), people_cell(0.0, 0.0, 0.0)
    (ShownCell(value='38', interval='29 to 48'), ShownCell(value='0', interval=''))
    """
    shown, least, most = map(people, (value, low, high))
    return ShownCell(shown, say("{low} to {high}", low=least, high=most) if high > low else "")


def study_page(name: str, found: Any, *, beside: str, **given: Any) -> str:
    """The page of a study as HTML text: styles and figures inside, no request to anywhere; same answer, same bytes.

    Args:
        name: Of the template.
        found: The answer.
        beside: The module in whose folder the template stands, by its `__name__`.
        given: What else the template takes.
    """
    scenario, manifest = found.scenario, {"version": "unknown", **found.manifest}
    periods = in_periods(scenario.run.periods, scenario.run.period)
    given = {"scenario": scenario, "firm": firm_of(scenario), "manifest": manifest, "periods": periods, **given}
    return template(name, beside=beside).render(found=found, **given)
