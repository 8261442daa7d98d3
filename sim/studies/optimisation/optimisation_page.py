"""The report of an optimisation: the answer, the trade-off, the choices, what it rests on."""

from __future__ import annotations

from typing import NamedTuple

from sim.parameters.registry import parameters
from sim.report.templates import PERIOD_WORDS, style, template
from sim.report.wording import number
from sim.studies.optimisation import optimisation_words as words
from sim.studies.optimisation.optimisation import Optimisation, shown_outputs
from sim.studies.optimisation.optimisation_figures import FIGURES
from sim.studies.optimisation.space import short_names, written


class Choice(NamedTuple):
    """A choice of the last round as a reader sees it."""

    name: str
    levers: list[str]
    cells: list[tuple[str, str]]
    verdict: str
    kept: bool


class Lever(NamedTuple):
    """A lever as a reader sees it."""

    path: str
    meaning: str
    unit: str
    span: str
    today: str
    cost: str


def _choices(optimisation: Optimisation) -> list[Choice]:
    outputs = shown_outputs(optimisation.terms)
    found = []
    for entrant in optimisation.decision.entrants:
        cells = [("", "")] * len(outputs)
        if not entrant.judgement.reason:
            cells = [
                (
                    number(entrant.intervals[output].value, optimisation.units[output]),
                    words.spread_of(entrant.intervals[output], optimisation.units[output]),
                )
                for output in outputs
            ]
        levers = [written(entrant.judgement.values[path]) for path in optimisation.levers]
        kept = entrant.name in optimisation.decision.group
        found.append(Choice(entrant.name, levers, cells, words.verdict(optimisation, entrant), kept))
    return found


def _levers(optimisation: Optimisation) -> list[Lever]:
    known = {info.path: info for info in parameters()}
    currency = optimisation.scenario.money.currency
    rows = []
    for lever in optimisation.space.dimensions:
        info = known.get(lever.path)
        span = ", ".join(map(written, lever.options))
        side = "below" if lever.cost < 0.0 else "above"
        cost = f"{currency} {abs(lever.cost):,.0f} a year for each unit {side} today's value" if lever.cost else ""
        rows.append(
            Lever(
                lever.path,
                info.meaning if info else "",
                info.unit if info else "",
                span or f"{written(lever.low)} to {written(lever.high)}",
                written(lever.today),
                cost,
            )
        )
    return rows


def page(optimisation: Optimisation) -> str:
    """The page as HTML text: styles and figures inside, no scripts, no request to anywhere; same result, same bytes."""
    scenario = optimisation.scenario
    outputs = shown_outputs(optimisation.terms)
    return template("optimisation.html.jinja", beside=__name__).render(
        style=style(),
        optimisation=optimisation,
        scenario=scenario,
        manifest=optimisation.manifest,
        version=optimisation.manifest.get("version", "unknown"),
        periods=f"{scenario.run.periods} {PERIOD_WORDS[scenario.run.period]}",
        headline=words.headline(optimisation),
        answer=words.answer(optimisation),
        certainty=words.certainty(optimisation),
        asked=[words.asked(optimisation, requirement) for requirement in optimisation.terms.requirements],
        goals=[
            ("as much as possible of " if aim.larger else "as little as possible of ")
            + words.goal_words(optimisation, aim.output)
            for aim in optimisation.terms.aims
        ],
        columns=[optimisation.labels.get(output, output) for output in outputs],
        names=short_names(optimisation.levers),
        choices=_choices(optimisation),
        levers=_levers(optimisation),
        figures={name: FIGURES.forms(name, optimisation) for name in FIGURES.names(optimisation)},
        best_word=words.best_word(optimisation),
        effort=optimisation.effort,
    )  # fmt: skip
