"""The report: one self-contained page that leads with the answer in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.results.result import Result


def write_report(result: Result) -> str:
    """The report of a result as HTML text: styles and figures inside, no scripts, no request to anywhere.

    The same result gives the same bytes: time and duration of the run stand in the manifest only.

    Args:
        result: What was run and what came out.

    Returns:
        A whole HTML document.
    """
    from sim.report.page import render

    return render(result)
