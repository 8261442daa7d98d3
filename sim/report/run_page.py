"""The page put together: sentences, key figures, figures, tables."""

from __future__ import annotations

import pandas as pd

from sim.plots.run_figures import FIGURES
from sim.report import run_sentences
from sim.report.assumptions import assumptions, timeline
from sim.report.brief import BriefPoint, resting_on
from sim.report.drift_words import drift_sentence
from sim.report.firms_and_segments import firms, moves, segments
from sim.report.first_sentence import first_sentence
from sim.report.study_page import PageRow
from sim.report.templates import template
from sim.report.wording import interval, number, per_1000, with_interval
from sim.results.amounts import unit_words
from sim.results.result import Result
from sim.results.unmet import unmet_sentence
from sim.words import in_periods, say, written

CARDS = (
    "yearly_loss",
    "seen_share",
    "satisfaction",
    "nps",
    "complainers_kept",
    "talk_ratio",
    "quality_cost_share",
    "lifetime_value",
)


def _lines(result: Result) -> dict[str, PageRow]:
    table = result.summary
    return {
        str(name): {
            "label": row["label"],
            "value": number(row["value"], row["unit"]),
            "interval": interval(row),
            "unit": unit_words(row["unit"]),
            "meaning": row["meaning"],
        }
        for name, row in table.iterrows()
    }


def _ledger(result: Result) -> list[PageRow]:
    lines = []
    for _, row in result.iceberg.iterrows():
        limits = ""
        if row["per_1000_low"] == row["per_1000_low"] and row["per_1000_high"] > row["per_1000_low"]:
            limits = say(
                "{low} to {high}",
                low=per_1000(max(0.0, row["per_1000_low"])),
                high=per_1000(row["per_1000_high"]),
            )
        if row["count"] or row["depth"] < 2:
            lines.append(
                {
                    "label": row["label"],
                    "depth": int(row["depth"]),
                    "seen": bool(row["seen"]),
                    "per_1000": per_1000(row["per_1000"]),
                    "interval": limits,
                    "in_a_run": written(row["count"], ",.0f"),
                }
            )
    return lines


def _worlds(result: Result) -> list[PageRow]:
    if result.quality_worlds is None:
        return []
    currency = result.scenario.money.currency

    def shown(row: pd.Series, name: str, unit: str) -> str:
        limits = {"value": row[name], "low": row[f"{name}_low"], "high": row[f"{name}_high"], "unit": unit}
        return with_interval(pd.Series(limits))

    return [
        {
            "label": row["label"],
            "missed": shown(row, "missed", currency),
            "customers": shown(row, "customers", "people"),
        }
        for _, row in result.quality_worlds.iterrows()
    ]


def _brief(result: Result) -> list[BriefPoint]:
    return [
        BriefPoint(say("What to do"), run_sentences.next_step(result)),
        BriefPoint(say("Costs and brings"), run_sentences.costs_and_brings(result)),
        BriefPoint(say("How sure"), [run_sentences.certainty(result)]),
        resting_on(result.scenario),
    ]


def write_report(result: Result) -> str:
    """The report of a result as HTML text: styles and figures inside, no request to anywhere.

    The same result gives the same bytes: time and duration of the run stand in the manifest only.

    Args:
        result: What was run and what came out.

    Returns:
        A whole HTML document.
    """
    scenario = result.scenario
    rows, lines = assumptions(result), _lines(result)
    return template("report.html.jinja", beside=__name__).render(
        scenario=scenario,
        manifest=result.manifest,
        runs=result.replications,
        periods=in_periods(scenario.run.periods, scenario.run.period),
        headline=first_sentence(result),
        brief=_brief(result),
        answer=run_sentences.answer(result),
        failures=run_sentences.failures(result),
        drift=drift_sentence(result),
        unmet=unmet_sentence(result.unmet),
        preset=run_sentences.preset_in_use(result),
        note=result.summary.attrs.get("note", ""),
        cards=[line for name, line in lines.items() if name in CARDS],
        lines=list(lines.values()),
        ledger=_ledger(result),
        worlds=_worlds(result),
        firms=firms(result),
        moves=moves(result) if scenario.rivals else [],
        segments=segments(result),
        figures={name: FIGURES.forms(name, result) for name in FIGURES.names(result)},
        changed=[row for row in rows if row.changed],
        assumptions=rows,
        timeline=timeline(scenario),
    )
