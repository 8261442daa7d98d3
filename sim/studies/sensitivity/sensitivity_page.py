"""The report of a sensitivity analysis: what matters, what money buys, where it happens, what it rests on."""

from __future__ import annotations

from typing import Any

from sim.parameters.labels import label
from sim.report.brief import BriefPoint, all_else
from sim.report.study_page import PageRow, study_page
from sim.results.amounts import change_unit, rounded, scale_of, signed, value_shown
from sim.results.outputs import output_label, output_unit
from sim.studies.sensitivity import sensitivity_words as words
from sim.studies.sensitivity.sensitivity import Sensitivity
from sim.studies.sensitivity.sensitivity_figures import FIGURES
from sim.studies.sensitivity.steps import ends
from sim.words import say, translated

METHODS = {"sobol": "Sobol indices", "morris": "elementary effects (Morris)"}
MEASURES = {
    "total": "total",
    "first_order": "first order",
    "second_order": "second order",
    "mu_star": "mean size μ*",
    "mu": "mean μ",
    "sigma": "spread σ",
}


def _indices(found: Sensitivity, output: str, unit: str) -> list[PageRow]:
    rows = found.indices[(found.indices["output"] == output) & found.indices["value"].notna()]
    scale = 1.0 if found.method == "sobol" else scale_of(unit)[0]
    lines = []
    for _, row in rows.iterrows():
        value, low, high = (rounded(scale * float(row[name]), 2) for name in ("value", "low", "high"))
        factor = label(str(row["factor"]))
        if row["with"]:
            factor = say("{factor} with {with_}", factor=factor, with_=label(str(row["with"])))
        lines.append(
            {
                "factor": factor,
                "measure": translated(MEASURES[str(row["measure"])]),
                "value": value,
                "interval": say("{low} to {high}", low=low, high=high),
            }
        )
    return lines


def _effects(found: Sensitivity, output: str, unit: str) -> list[PageRow]:
    scale = scale_of(unit)[0]
    lines = []
    for _, row in found.effects[found.effects["output"] == output].iterrows():
        low, high = (signed(scale * float(row[name])) for name in ("low", "high"))
        spent = ""
        if row["lever"]:
            limits = say(
                "{spending_low} to {spending_high}",
                spending_low=signed(float(row["spending_low"])),
                spending_high=signed(float(row["spending_high"])),
            )
            spent = f"{signed(float(row['spending']))} ({limits})"
        lines.append(
            {
                "factor": label(str(row["factor"])),
                "role": say("lever") if row["lever"] else say("uncertainty"),
                "step": f"{value_shown(row['start'])} → {value_shown(row['stop'])}",
                "effect": signed(scale * float(row["effect"])),
                "interval": say("{low} to {high}", low=low, high=high),
                "spending": spent,
            }
        )
    return lines


def _factors(found: Sensitivity) -> list[PageRow]:
    lines = []
    for axis in found.axes:
        if axis.values is not None:
            span = ", ".join(value_shown(value) for value in axis.values)
        else:
            low, high = ends(axis)
            span = say("{low} to {high}", low=value_shown(low), high=value_shown(high))
            if axis.factor.distribution != "uniform":
                span = say("{span} ({distribution}, 90% of it)", span=span, distribution=axis.factor.distribution)
            elif axis.factor.scale == "log":
                span += " (log)"
        cost = float(getattr(axis.factor, "cost", 0.0))
        lines.append(
            {
                "path": axis.path,
                "label": label(axis.path),
                "meaning": translated(axis.meaning),
                "role": say("lever") if axis.lever else say("uncertainty"),
                "base": value_shown(axis.base),
                "range": span,
                "unit": translated(axis.unit),
                "cost": rounded(cost) if cost else "",
            }
        )
    return lines


def _figures(found: Sensitivity) -> dict[str, dict[str, Any]]:
    """Figures of each output that varies, and under an empty name the one of the condition."""
    figures: dict[str, dict[str, Any]] = {output: {} for output in ("", *found.outputs)}
    for name in FIGURES.names(found):
        for output in found.outputs:
            home = "" if name == "regions" else output
            if name in figures[home] or (home and found.ranked(output).empty):
                continue
            figures[home][name] = FIGURES.forms(name, found, output)
    return figures


def page(found: Sensitivity) -> str:
    """The report as HTML text: styles and figures inside, no request to anywhere.

    The same analysis gives the same bytes: time and duration stand in the manifest only.
    """
    scenario = found.scenario
    currency = scenario.money.currency
    parts: list[PageRow] = []
    for output in found.outputs:
        unit = output_unit(output, scenario)
        parts.append(
            {
                "output": output,
                "label": output_label(output),
                "said": words.what_matters(found, output),
                "money": words.for_money(found, output),
                "indices": _indices(found, output, unit),
                "effects": _effects(found, output, unit),
                "unit": change_unit(unit),
            }
        )
    return study_page(
        "sensitivity.html.jinja",
        found,
        beside=__name__,
        experiment=found.experiment,
        method=translated(METHODS[found.method]),
        sobol=found.method == "sobol",
        runs=len(found.runs),
        failed=found.failed,
        reasons=_reasons(found),
        headline=words.headline(found),
        amount=words.sum_of_money(found),
        currency=currency,
        brief=[
            BriefPoint(say("What to do"), words.what_to_do(found)),
            BriefPoint(say("What moves it"), [part["said"][0] for part in parts]),
            BriefPoint(say("Costs and brings"), words.dearest(found)),
            BriefPoint(say("How sure"), [translated(words.CERTAINTY)]),
            all_else(scenario),
        ],
        sections=parts,
        where=words.where(found),
        factors=_factors(found),
        figures=_figures(found),
    )


def _reasons(found: Sensitivity) -> list[tuple[str, int]]:
    counts = found.runs[found.runs["status"] != "done"]["reason"].value_counts()
    return [(str(reason), int(count)) for reason, count in counts.head(5).items()]
