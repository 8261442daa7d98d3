"""The figures of a calibration: their names, and which module draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.plots import NARROW, WIDE, check_known, drawn, page_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.studies.calibration.result import CalibrationResult

FIGURES: tuple[str, ...] = ("fit", "posterior", "identification")
"""Names of all figures, in the order of the report; `identification` needs two parameters and a fit."""


def figures(result: CalibrationResult) -> tuple[str, ...]:
    """Those that this calibration has."""
    return FIGURES if len(result.values) > 1 and result.converged else FIGURES[:-1]


def draw(name: str, result: CalibrationResult, *, width: float = WIDE) -> Figure:
    """Draw a figure.

    Args:
        name: One of `FIGURES`.
        result: What to show.
        width: Width in inches; below 6 the figure takes its narrow form.

    Raises:
        KeyError: If there is no such figure.
    """
    check_known("figure", name, figures(result))
    return drawn(f"calibration_{name}", "draw", result, width)


def inline_svg(name: str, result: CalibrationResult, *, narrow: bool = False) -> str:
    """A figure as an SVG element for a page, see `sim.plots.inline_svg`."""
    form = "narrow" if narrow else "wide"
    return page_svg(draw(name, result, width=NARROW if narrow else WIDE), f"{name}-{form}")


def short_name(path: str, paths: list[str]) -> str:
    """The end of a parameter's path in words, as long as it takes to tell it from the others.

    >>> short_name("firm.desk.ease", ["firm.desk.ease", "firm.desk.agents"])
    'ease'
    >>> short_name("firm.desk.ease", ["firm.desk.ease", "rivals.one.desk.ease"])
    'firm: desk: ease'
    """
    parts = path.split(".")
    for count in range(1, len(parts) + 1):
        end = parts[-count:]
        if sum(other.split(".")[-count:] == end for other in paths) <= 1:
            break
    return ": ".join(part.replace("_", " ") for part in end)


def foot(result: CalibrationResult, drawn: str) -> str:
    """What every figure of a calibration states: members, what is drawn, the data, seed, version."""
    version = result.manifest.get("version", "unknown")
    return (
        f"ensemble of {len(result.ensemble)} · {drawn} · {result.trials} points simulated, each of "
        f"{result.scenario.market.customers:,} people · data {result.data} · seed {result.seed} · ExitVoice {version}"
    )
