"""The report of a comparison for a meeting: what changes, by how much, how sure, what it costs, what it returns."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from sim.report.brief import BriefPoint
from sim.report.signed_changes import change, changed_by, limits, negligible
from sim.report.templates import template
from sim.report.wording import number
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
from sim.studies.comparison.bundle_block import bundle_block
from sim.studies.comparison.changed_shown import changed_shown
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.comparison_figures import FIGURES
from sim.studies.comparison.comparison_rows import earned_of, money_of, row_of_figure, with_equity
from sim.studies.comparison.levers_words import bundles_of, lever_by_lever
from sim.words import NO_VALUE, in_periods, say, translated, written

CARDS = (
    ("retention", "Yearly retention"),
    ("customers", "Customers at the end"),
    ("satisfaction", "Satisfaction"),
)
MONEY_CARDS = (
    ("spending", "Spending", "On quality, on complaints and on winning customers, over the run"),
    ("margin", "Margin", "Revenue minus all costs that are booked, over the run"),
    ("profit", "Margin and value of customers", "Margin with what the customers in hand at the end are still worth"),
    ("return_on_spending", "Margin for spending", "Change in margin for each unit of change in spending"),
)


class ChangeCard(NamedTuple):
    """One change at a glance; `open` where it cannot be told apart from nothing."""

    label: str
    change: str
    unit: str
    interval: str
    levels: str
    open: bool
    meaning: str


class ComparisonLine(NamedTuple):
    """A row of the table of differences."""

    label: str
    first: str
    value: str
    change: str
    interval: str
    sure: str
    times: str
    n: int
    meaning: str


class Rank(NamedTuple):
    """A row of the table of more than two worlds, the one that brings most first."""

    label: str
    place: str
    earned: str
    margin: str
    sure: str
    spending: str
    customers: str
    retention: str
    satisfaction: str


class QuestionAnswered(NamedTuple):
    """What is said of one later scenario."""

    label: str
    question: str
    answer: str
    changes: list[str]
    money: list[str]
    people: list[str]
    cards: list[ChangeCard]
    lines: list[ComparisonLine]


class GlossaryEntry(NamedTuple):
    """A word of the glossary."""

    word: str
    meaning: str


GLOSSARY = (
    GlossaryEntry(
        "Same luck",
        "Each person meets the same chances in every world: who comes when, what fails, who hears what. What "
        "differs is what the scenarios make of it, so most luck cancels out of a difference.",
    ),
    GlossaryEntry(
        "Paired difference",
        "A figure in this world minus the same figure in today's world, run by run with the same luck, then averaged.",
    ),
    GlossaryEntry(
        "95% interval",
        "Made so that 95 of 100 such intervals hold the true mean difference of the model. If it holds 0, the "
        "difference cannot be told from nothing with these runs.",
    ),
    GlossaryEntry("Sure", ""),  # said by _glossary
    GlossaryEntry(
        "Independent luck would need",
        "How many times as many runs the same interval would take if each world had luck of its own: (variance "
        "in one + variance in the other) / variance of the paired difference. Below 1, pairing would do harm.",
    ),
    GlossaryEntry(
        "Spending",
        "Prevention, appraisal, complaint handling, compensation, advertising, welcome and win-back, as they "
        "are booked: with more customers some of it grows by itself.",
    ),
    GlossaryEntry(
        "Value of customers in hand",
        "What the customers of the end are still worth: their number, times what one of them leaves a year, times the "
        "years that they are still expected to stay, later ones discounted. It takes the last year to go on.",
    ),
    GlossaryEntry(
        "Return",
        "Change in margin for each unit of change in spending. Margin already bears the spending: 0 is just "
        "paid back. Its interval is Fieller's.",
    ),
)


def _glossary() -> list[GlossaryEntry]:
    marks = {name: translated(name) for name in (words.SURE, words.ALONE, words.UNSURE)}
    sure = say(
        "“{sure}”: stands even when all differences are looked at together (Holm's rule, 5% for any error in the whole "
        "table). “{alone}”: its own interval excludes 0, but among so many figures one or another would by chance. "
        "“{unsure}”: the interval holds 0.",
        sure=marks[words.SURE],
        alone=marks[words.ALONE],
        unsure=marks[words.UNSURE],
    )
    return [
        GlossaryEntry(translated(entry.word), translated(entry.meaning) if entry.meaning else sure)
        for entry in GLOSSARY
    ]


def _lines(comparison: Comparison, label: str) -> list[ComparisonLine]:
    rows = comparison.differences[comparison.differences["scenario"] == label]
    return [
        ComparisonLine(
            row["label"],
            number(row["first"], row["unit"]),
            number(row["value"], row["unit"]),
            change(row["difference"], row["unit"], (row["high"] - row["low"]) / 2.0),
            limits(row),
            translated(words.sure(row)),
            words.times(row),
            int(row["n"]),
            row["meaning"],
        )
        for _, row in rows.iterrows()
    ]


def _cards(comparison: Comparison, label: str) -> list[ChangeCard]:
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


def _ranks(comparison: Comparison) -> list[Rank]:
    """All worlds by margin and value of customers together; nothing where there are but two."""
    if len(comparison.labels) < 3:
        return []
    rows, today = [], comparison.labels[0]
    for place, label in enumerate(verdicts.ranked(comparison), start=1):
        if label == today:
            rows.append(Rank(label, written(place, "d"), say("today"), "", "", "", "", "", ""))
            continue
        margin = money_of(comparison, label, "margin")
        figures = [row_of_figure(comparison, label, name) for name in ("customers", "retention", "satisfaction")]
        cells = [_changed(row) for row in (money_of(comparison, label, "spending"), *figures)]
        sure = row_of_figure(comparison, label, "margin")
        told = translated(words.sure(sure)) if sure is not None else ""
        rows.append(
            Rank(label, written(place, "d"), _changed(earned_of(comparison, label)), _changed(margin), told, *cells)
        )
    return rows


def _changed(row: pd.Series | None) -> str:
    """A change with its interval, or that it is negligible."""
    if row is None:
        return NO_VALUE
    return say("negligible") if negligible(row) else changed_by(row)


def _brief(comparison: Comparison) -> list[BriefPoint]:
    later = comparison.labels[1:]
    money = []
    if len(later) == 1:
        costs, changes = words.costs_and_returns(comparison, later[0]), words.what_changes(comparison, later[0])
        # what the answer rests on has to stand on the first sheet too; the headline and "World by world" tell the rest
        money = costs[1:3] if is_known(comparison) else [*costs, *changes[:2]]
    rests: list[str] = []
    found = {label: verdicts.foundations(comparison, label) for label in later}
    for label, parts in found.items():
        if parts:
            told = "; ".join(parts)
            rests.append(told if len(later) == 1 else say("{label}: {parts}", label=label, parts=told))
    return [
        BriefPoint(say("Recommendation"), [verdicts.what_to_do(comparison), *before_deciding(comparison)]),
        BriefPoint(say("Costs and brings"), money),
        BriefPoint(say("Lever by lever"), [text for label in later for text in lever_by_lever(comparison, label)]),
        BriefPoint(say("How sure"), [verdicts.how_sure(comparison), *surely_so(comparison)]),
        BriefPoint(say("Rests on"), rests_on_most(comparison, rests)),
    ]


def _card(name: str, row: Any, levels: str, meaning: str) -> ChangeCard:
    if row["unit"] != "" and negligible(row):
        return ChangeCard(name, say("negligible"), "", limits(row), levels, True, meaning)
    half = (row["high"] - row["low"]) / 2.0
    value, _, unit = change(row["difference"], row["unit"], half).partition(" p")
    unit = f"p{unit}" if unit else ""
    open_one = not row["excludes_zero"] and row["high"] != row["low"]
    return ChangeCard(name, value, unit, limits(row), levels, open_one, meaning)


def _answers(comparison: Comparison) -> list[QuestionAnswered]:
    return [
        QuestionAnswered(
            label,
            comparison.scenarios[label].question,
            verdicts.answer(comparison, label),
            words.what_changes(comparison, label),
            words.costs_and_returns(comparison, label),
            words.who(comparison, label),
            _cards(comparison, label),
            _lines(comparison, label),
        )
        for label in comparison.labels[1:]
    ]


def page(comparison: Comparison) -> str:
    """The report of a comparison as HTML text: styles and figures inside, no request to anywhere.

    The same comparison gives the same bytes: time and duration stand in the manifest only.

    Args:
        comparison: What was compared.

    Returns:
        A whole HTML document.
    """
    scenario = comparison.scenario
    pairings = [words.pairing(comparison, label) for label in comparison.labels[1:]]
    return template("comparison.html.jinja", beside=__name__).render(
        labels=comparison.labels,
        scenario=scenario,
        manifest=comparison.manifest,
        hashes=[item["scenario_sha256"][:16] for item in comparison.manifest.get("scenarios", [])],
        runs=comparison.replications,
        periods=in_periods(scenario.run.periods, scenario.run.period),
        headline=verdicts.headline(comparison),
        brief=_brief(comparison),
        ranks=_ranks(comparison),
        answers=_answers(comparison),
        certainty=words.certainty(comparison),
        precision=words.precision(comparison),
        pairings=[text for text in pairings if text],
        notes=comparison.notes,
        figures={name: FIGURES.forms(name, comparison) for name in FIGURES.names(comparison)},
        matched=not comparison.persons.empty,
        bundles=[bundle_block(comparison, label, shared) for label, shared in bundles_of(comparison).items()],
        assumed=assumption_lines(comparison),
        assumed_told=assumptions_told(comparison),
        changed=changed_shown(comparison),
        glossary=_glossary(),
    )
