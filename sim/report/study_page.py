"""What the pages of studies share: what every template is given, and lines of their tables."""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.report.templates import template


class TableLine(NamedTuple):
    """A line of a table as a reader sees it.

    Attributes:
        label: What it is.
        cells: Its cells.
        also: What stands below the label: a meaning, or a path.
        marked: Whether it stands out.
    """

    label: str
    cells: list[str]
    also: str = ""
    marked: bool = False


def study_page(name: str, found: Any, *, beside: str, **given: Any) -> str:
    """The page of a study as HTML text: styles and figures inside, no request to anywhere; same answer, same bytes.

    Args:
        name: Of the template.
        found: The answer.
        beside: The module in whose folder the template stands, by its `__name__`.
        given: What else the template takes.
    """
    manifest = {"version": "unknown", **found.manifest}
    return template(name, beside=beside).render(found=found, scenario=found.scenario, manifest=manifest, **given)
