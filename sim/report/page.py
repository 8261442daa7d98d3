"""The page put together: sentences, key figures, figures, tables."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.plots import FIGURES, NARROW, WIDE, inline_svg
from sim.report import sentences
from sim.report.assumptions import assumptions, timeline
from sim.report.wording import interval, number, per_1000
from sim.results.result import Result

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

CARDS = (
    "yearly_loss", "seen_share", "satisfaction", "nps", "complainers_kept", "talk_ratio", "quality_cost_share",
    "lifetime_value",
)  # fmt: skip

PERIOD_WORDS = {"day": "days", "week": "weeks", "month": "months"}


class Line(NamedTuple):
    """A key figure as a reader sees it."""

    label: str
    value: str
    interval: str
    unit: str
    meaning: str


class LedgerLine(NamedTuple):
    """A line of the iceberg's ledger as a reader sees it."""

    label: str
    depth: int
    seen: bool
    per_1000: str
    interval: str
    in_a_run: str


@cache
def environment() -> jinja2.Environment:
    """Templates of this package: everything put in is escaped, and a name that is missing is an error."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("sim.report", "."), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def style() -> Markup:
    """The style sheet of all pages."""
    from markupsafe import Markup

    return Markup(files("sim.report").joinpath("style.css").read_text(encoding="utf-8"))


def _lines(result: Result) -> dict[str, Line]:
    table = result.summary
    return {
        str(name): Line(
            row["label"], number(row["value"], row["unit"]), interval(row), row["unit"], row["meaning"]
        )
        for name, row in table.iterrows()
    }  # fmt: skip


def _ledger(result: Result) -> list[LedgerLine]:
    lines = []
    for _, row in result.iceberg.iterrows():
        limits = ""
        if row["per_1000_low"] == row["per_1000_low"] and row["per_1000_high"] > row["per_1000_low"]:
            limits = f"{per_1000(max(0.0, row['per_1000_low']))} to {per_1000(row['per_1000_high'])}"
        if row["count"] or row["depth"] < 2:
            lines.append(
                LedgerLine(
                    row["label"], int(row["depth"]), bool(row["seen"]), per_1000(row["per_1000"]), limits,
                    f"{row['count']:,.0f}",
                )
            )  # fmt: skip
    return lines


def _figures(result: Result) -> dict[str, Any]:
    from markupsafe import Markup

    return {
        name: {
            form: Markup(inline_svg(name, result, width=width)) for form, width in (("wide", WIDE), ("narrow", NARROW))
        }
        for name in FIGURES
    }


def render(result: Result) -> str:
    """The whole document."""
    scenario = result.scenario
    rows = assumptions(result)
    return environment().get_template("report.html.jinja").render(
        style=style(),
        scenario=scenario,
        manifest=result.manifest,
        runs=result.replications,
        periods=f"{scenario.run.periods} {PERIOD_WORDS[scenario.run.period]}",
        headline=sentences.headline(result),
        answer=sentences.answer(result),
        certainty=sentences.certainty(result),
        preset=sentences.preset_in_use(result),
        note=result.summary.attrs.get("note", ""),
        cards=[line for name, line in _lines(result).items() if name in CARDS],
        lines=list(_lines(result).values()),
        ledger=_ledger(result),
        figures=_figures(result),
        changed=[row for row in rows if row.changed],
        assumptions=rows,
        timeline=timeline(scenario),
    )  # fmt: skip
