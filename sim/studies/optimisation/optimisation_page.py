"""The report of an optimisation: the answer, the trade-off, the choices, what it rests on."""

from __future__ import annotations

from sim.parameters.labels import label, short_label
from sim.parameters.registry import parameters
from sim.report.brief import BriefPoint, resting_on
from sim.report.study_page import PageRow, study_page
from sim.report.usual_assumptions import PLAN
from sim.report.wording import number
from sim.studies.optimisation import optimisation_phrases as phrases
from sim.studies.optimisation import optimisation_words as words
from sim.studies.optimisation.optimisation import Optimisation, shown_outputs
from sim.studies.optimisation.optimisation_figures import FIGURES
from sim.studies.optimisation.space import lever_value
from sim.words import money, say, translated

LITTLE_SURE = (
    "All numbers are of runs with new luck, and their intervals at 95%. They do not say whether the model holds for a "
    "real firm; what was tried, and how, stands below the choices."
)


def _choices(optimisation: Optimisation) -> list[PageRow]:
    outputs = shown_outputs(optimisation.terms)
    found = []
    for entrant in optimisation.decision.entrants:
        cells = [("", "")] * len(outputs)
        if not entrant.judgement.reason:
            cells = [
                (
                    number(entrant.intervals[output].value, optimisation.units[output]),
                    phrases.spread_of(entrant.intervals[output], optimisation.units[output]),
                )
                for output in outputs
            ]
        levers = [lever_value(entrant.judgement.values[path]) for path in optimisation.levers]
        kept = entrant.name in optimisation.decision.group
        found.append(
            {
                "name": entrant.called,
                "levers": levers,
                "cells": cells,
                "verdict": phrases.verdict(optimisation, entrant),
                "kept": kept,
            }
        )
    return found


def _levers(optimisation: Optimisation) -> list[PageRow]:
    known = {info.path: info for info in parameters(type(optimisation.scenario))}
    currency = optimisation.scenario.money.currency
    rows = []
    for lever in optimisation.space.dimensions:
        info = known.get(lever.path)
        span = ", ".join(map(lever_value, lever.options))
        amount = money(abs(lever.cost), currency)
        cost = ""
        if lever.cost < 0.0:
            cost = say("{amount} a year for each unit below today's value", amount=amount)
        elif lever.cost > 0.0:
            cost = say("{amount} a year for each unit above today's value", amount=amount)
        rows.append(
            {
                "path": lever.path,
                "label": label(lever.path),
                "meaning": translated(info.meaning) if info else "",
                "unit": translated(info.unit) if info else "",
                "span": span or say("{low} to {high}", low=lever_value(lever.low), high=lever_value(lever.high)),
                "today": lever_value(lever.today),
                "cost": cost,
            }
        )
    return rows


def page(optimisation: Optimisation) -> str:
    """The page as HTML text: styles and figures inside, no request to anywhere; same result, same bytes."""
    scenario = optimisation.scenario
    outputs = shown_outputs(optimisation.terms)
    return study_page(
        "optimisation.html.jinja",
        optimisation,
        beside=__name__,
        headline=words.headline(optimisation),
        brief=[
            BriefPoint(say("What to do"), words.what_to_do(optimisation)),
            BriefPoint(say("Costs and brings"), words.costs_and_brings(optimisation)),
            BriefPoint(say("How sure"), [*words.how_sure(optimisation), translated(LITTLE_SURE)]),
            resting_on(scenario, PLAN),
        ],
        instead=words.instead(optimisation),
        certainty=words.certainty(optimisation),
        asked=[phrases.asked(optimisation, requirement) for requirement in optimisation.terms.requirements],
        goals=[
            say("as much as possible of {goal}", goal=phrases.goal_words(optimisation, aim.output))
            if aim.larger
            else say("as little as possible of {goal}", goal=phrases.goal_words(optimisation, aim.output))
            for aim in optimisation.terms.aims
        ],
        columns=[optimisation.labels.get(output, output) for output in outputs],
        unknown=[label(path) for path in optimisation.uncertainties],
        names=[short_label(path, optimisation.levers) for path in optimisation.levers],
        choices=_choices(optimisation),
        levers=_levers(optimisation),
        figures={name: FIGURES.forms(name, optimisation) for name in FIGURES.names(optimisation)},
        effort=optimisation.effort,
    )
