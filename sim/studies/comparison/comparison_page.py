"""The report of a comparison for a meeting: what changes, by how much, how sure, what it costs, what it returns."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.parameters.labels import parted, section_label
from sim.report.assumed import together
from sim.report.brief import BriefPoint
from sim.report.signed_changes import change, limits, negligible
from sim.report.study_page import PageRow, ShownCell, TableLine, study_page
from sim.report.wording import number
from sim.results.amounts import between, change_unit, scale_of, signed, text_shown
from sim.studies.comparison import comparison_words as words
from sim.studies.comparison import verdict_words as verdicts
from sim.studies.comparison.assumptions_block import (
    assumption_lines,
    assumptions_told,
    before_deciding,
    is_known,
    rests_on_most,
    surely_so,
)
from sim.studies.comparison.changed import ABSENT, flat
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.comparison_figures import FIGURES
from sim.studies.comparison.comparison_rows import earned_of, money_of, row_of_figure, with_equity
from sim.studies.comparison.groups_lines import groups_of_plans
from sim.studies.comparison.levers_words import bundles_of, how_shared, lever_by_lever, parts_of
from sim.studies.shared_output import SharedOutput, share_lines
from sim.words import NO_VALUE, say, translated, written

CARDS = (
    ("retention", "Yearly retention"),
    ("customers", "Customers at the end"),
    ("satisfaction", "Satisfaction"),
)
MONEY_CARDS = (
    ("spending", "Spending", "On quality, staff, complaints, rewards and winning customers, over the run"),
    ("margin", "Margin", "Revenue minus all costs that are booked, over the run"),
    ("profit", "Margin and value of customers", "Margin with what the customers in hand at the end are still worth"),
    ("return_on_spending", "Margin for spending", "Change in margin for each unit of change in spending"),
)


def _lines(comparison: Comparison, label: str) -> list[PageRow]:
    rows = comparison.differences[comparison.differences["scenario"] == label]
    return [
        {
            "label": row["label"],
            "first": number(row["first"], row["unit"]),
            "value": number(row["value"], row["unit"]),
            "change": change(row["difference"], row["unit"], (row["high"] - row["low"]) / 2.0),
            "interval": limits(row),
            "sure": translated(words.sure(row)),
            "times": words.times(row),
            "n": int(row["n"]),
            "meaning": row["meaning"],
        }
        for _, row in rows.iterrows()
    ]


def _cards(comparison: Comparison, label: str) -> list[PageRow]:
    """What changes, what it costs and what it returns, at a glance."""
    cards = []
    table = comparison.differences
    for figure, name in CARDS:
        for _, row in table[(table["scenario"] == label) & (table["figure"] == figure)].iterrows():
            before, after = number(row["first"], row["unit"]), number(row["value"], row["unit"])
            cards.append(_card(translated(name), row, f"{before} → {after}", row["meaning"]))
    table = comparison.money
    for item, name, meaning in MONEY_CARDS:
        for _, row in table[(table["scenario"] == label) & (table["item"] == item)].iterrows():
            kind = row["kind"] == "return"
            if item == "profit" and not with_equity(comparison, label):
                continue
            if kind and not words.pays_back(money_of(comparison, label, "spending"), row):
                continue
            levels = (
                say("per {split_item} of it", split_item=row["unit"].split()[0])
                if kind
                else f"{number(row['first'], row['unit'])} → {number(row['value'], row['unit'])}"
            )
            cards.append(_card(translated(name), row, levels, translated(meaning)))
    return cards


def _ranks(comparison: Comparison) -> list[TableLine]:
    """All worlds by margin and value of customers together, each with its place; nothing where there are but two."""
    if len(comparison.labels) < 3:
        return []
    rows, today = [], comparison.labels[0]
    for place, label in enumerate(verdicts.ranked(comparison), start=1):
        if label == today:
            rows.append(TableLine(label, [say("today"), *[""] * 6], written(place, "d")))
            continue
        margin = money_of(comparison, label, "margin")
        figures = [row_of_figure(comparison, label, name) for name in ("customers", "retention", "satisfaction")]
        cells = [_changed(row) for row in (money_of(comparison, label, "spending"), *figures)]
        sure = row_of_figure(comparison, label, "margin")
        told = translated(words.sure(sure)) if sure is not None else ""
        brought: list[str | ShownCell] = [_changed(earned_of(comparison, label)), _changed(margin), told]
        rows.append(TableLine(label, [*brought, *cells], written(place, "d")))
    return rows


def _changed(row: pd.Series | None) -> str | ShownCell:
    """A change with its interval below it, both without the unit, or that it is negligible."""
    if row is None:
        return NO_VALUE
    if negligible(row):
        return say("negligible")
    return ShownCell(change(row["difference"], row["unit"], (row["high"] - row["low"]) / 2.0, bare=True), limits(row))


def _brief(comparison: Comparison) -> list[BriefPoint]:
    later = comparison.labels[1:]
    money = []
    if len(later) == 1:
        costs, changes = words.costs_and_returns(comparison, later[0]), words.what_changes(comparison, later[0])
        # what the answer rests on has to stand on the first sheet too; the headline and "World by world" tell the rest
        money = costs[1:3] if is_known(comparison) else [*costs, *changes[:2]]
    return [
        BriefPoint(say("Recommendation"), [verdicts.what_to_do(comparison), *before_deciding(comparison)]),
        BriefPoint(say("Costs and brings"), money),
        BriefPoint(say("Lever by lever"), [text for label in later for text in lever_by_lever(comparison, label)]),
        BriefPoint(say("How sure"), [verdicts.how_sure(comparison), *surely_so(comparison)]),
        BriefPoint(say("Rests on"), rests_on_most(comparison)),
    ]


def _card(name: str, row: Any, levels: str, meaning: str) -> PageRow:
    if row["unit"] != "" and negligible(row):
        told = {"change": say("negligible"), "unit": "", "open": True}
    else:
        value, _, unit = change(row["difference"], row["unit"], (row["high"] - row["low"]) / 2.0).partition(" p")
        open_one = not row["excludes_zero"] and row["high"] != row["low"]
        told = {"change": value, "unit": f"p{unit}" if unit else "", "open": open_one}
    return {"label": name, **told, "interval": limits(row), "levels": levels, "meaning": meaning}


def _answers(comparison: Comparison) -> list[PageRow]:
    return [
        {
            "label": label,
            "question": comparison.scenarios[label].question,
            "answer": " ".join(part for part in verdicts.answer(comparison, label) if part),
            "changes": words.what_changes(comparison, label),
            "money": words.costs_and_returns(comparison, label),
            "people": words.who(comparison, label),
            "cards": _cards(comparison, label),
            "lines": _lines(comparison, label),
        }
        for label in comparison.labels[1:]
    ]


def _bundle(comparison: Comparison, label: str, shared: SharedOutput) -> PageRow:
    """A plan that was shared out among its levers: the table of their shares, and that of its parts."""
    unit = str(shared.total["unit"])
    return {
        "label": label,
        "output": str(shared.total["label"]),
        "unit": change_unit(unit),
        "note": how_shared(comparison, label),
        "lines": share_lines(shared),
        "parts": [_part(row, scale_of(unit)[0]) for _, row in parts_of(comparison, label).iterrows()],
    }


def _part(row: pd.Series, scale: float) -> TableLine:
    cells = []
    for name in ("change", "ahead"):
        low, high = scale * float(row[f"{name}_low"]), scale * float(row[f"{name}_high"])
        inside = between(low, high, lambda value: signed(value, 3)) if high > low else ""
        cells.append(ShownCell(signed(scale * float(row[name]), 3), inside))
    return TableLine(str(row["levers"]), cells)


def _changes(comparison: Comparison) -> list[dict[str, str]]:
    """What differs: a row for each parameter, or section whose parts differ alike, with values as a person reads them.

    The table that is written keeps a row a parameter, with values as in a file.

    Returns:
        `path`, `label`, `meaning`, `unit`, and a value for each scenario by its name.
    """
    shown: dict[tuple[str, ...], dict[str, str]] = {}
    kind, tree = type(comparison.scenario), comparison.scenario.model_dump()
    values = {label: flat(scenario) for label, scenario in comparison.scenarios.items()}
    for record in comparison.changed.to_dict(orient="records"):
        row = {str(name): str(value) for name, value in record.items()}
        path, moment = parted(row["path"])
        for label in comparison.labels:
            if moment and row[label] == ABSENT:
                row[label] = values[label].get(path, ABSENT)
            row[label] = text_shown(row[label])
        section = together(row["path"], tree, kind)
        key = (section, moment, *(row[label] for label in comparison.labels)) if section else (row["path"],)
        if key in shown:
            shown[key] |= {"path": section, "label": section_label(row["path"], kind), "meaning": ""}
        else:
            shown[key] = row
    return list(shown.values())


def page(comparison: Comparison) -> str:
    """The report of a comparison as HTML text: styles and figures inside, no request to anywhere.

    The same comparison gives the same bytes: time and duration stand in the manifest only.

    Args:
        comparison: What was compared.

    Returns:
        A whole HTML document.
    """
    answer, more = verdicts.answer_first(comparison)
    pairings = [words.pairing(comparison, label) for label in comparison.labels[1:]]
    return study_page(
        "comparison.html.jinja",
        comparison,
        beside=__name__,
        labels=comparison.labels,
        hashes=[item["scenario_sha256"][:16] for item in comparison.manifest.get("scenarios", [])],
        runs=comparison.replications,
        headline=answer,
        lede=more,
        brief=_brief(comparison),
        ranks=_ranks(comparison),
        answers=_answers(comparison),
        certainty=words.certainty(comparison),
        precision=words.precision(comparison),
        pairings=[text for text in pairings if text],
        notes=comparison.notes,
        figures={name: FIGURES.forms(name, comparison) for name in FIGURES.names(comparison)},
        matched=not comparison.persons.empty,
        groups=groups_of_plans(comparison),
        bundles=[_bundle(comparison, label, shared) for label, shared in bundles_of(comparison).items()],
        assumed=assumption_lines(comparison),
        assumed_told=assumptions_told(comparison),
        changed=_changes(comparison),
        marks=[translated(name) for name in (words.SURE, words.ALONE, words.UNSURE)],
    )
