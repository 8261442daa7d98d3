"""The figures of a sweep: their names, which module draws them, and what they say below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.plots import WIDE, check_known, drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.studies.sweep.swept import Sweep

_DRAWN_BY = {"response": ("sweep_response", "draw")}

FIGURES: tuple[str, ...] = tuple(_DRAWN_BY)
"""Names of all figures; each is about one output."""


def draw(name: str, found: Sweep, output: str, *, width: float = WIDE) -> Figure:
    """Draw a figure.

    Args:
        name: One of `FIGURES`.
        found: What to show.
        output: The output that the figure is about.
        width: Width in inches; below 6 the figure takes its narrow form.

    Raises:
        KeyError: If there is no such figure, or no such output.
    """
    check_known("figure", name, FIGURES)
    check_known("output", output, found.outputs)
    return drawn(*_DRAWN_BY[name], found, output, width)


def foot(found: Sweep, drawn: str) -> str:
    """What every figure states: runs and points behind it, what is drawn, seed, version.

    Args:
        found: What is shown.
        drawn: What dots, lines and intervals are.
    """
    said = [f"n = {len(found.runs):,} runs at {len(found.points):,} points"]
    if "market.customers" not in found.factors:
        said[0] += f", {found.scenario.market.customers:,} people each"
    failed = int((found.runs["status"] != "done").sum())
    if failed:
        said.append(f"{failed:,} runs failed")
    said += [drawn, f"seed {found.scenario.run.seed}", f"ExitVoice {found.manifest.get('version', 'unknown')}"]
    return " · ".join(said)
