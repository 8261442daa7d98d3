"""A choice of levers in plain words: what is best, how sure, what cannot be told apart, what cannot be met."""

from __future__ import annotations

from sim.report.wording import number
from sim.studies.lever_costs import SPENDING
from sim.studies.optimisation.finals import FRONT, NO, TODAY, UNSURE, called
from sim.studies.optimisation.judge_choices import EXPECTED
from sim.studies.optimisation.optimisation import Optimisation
from sim.studies.optimisation.optimisation_phrases import (
    asked,
    at_end_of,
    choice_named,
    difference,
    goal_words,
    lever_name,
    levers_at,
    moved_levers,
    said,
    unbooked,
)
from sim.words import Sentences, listed, plural, say

_MOST = 6  # choices that are spoken of one by one


def headline(optimisation: Optimisation) -> str:
    """One sentence for those who read one sentence."""
    decision, aims = optimisation.decision, optimisation.terms.aims
    if decision.best is None:
        return say("No choice meets all that is asked for")
    goals = listed([goal_words(optimisation, aim.output) for aim in aims])
    if decision.best == TODAY:
        return say("No choice that was tried beats today's in {goals}", goals=goals)
    if len(aims) == 2:
        values = {
            "choices": len(decision.front),
            "one": goal_words(optimisation, aims[0].output),
            "other": goal_words(optimisation, aims[1].output),
        }
        if aims[1].larger:
            return say("{choices} choices to weigh: more {one} against less {other}", **values)
        return say("{choices} choices to weigh: more {one} against more {other}", **values)
    value = optimisation.winner.intervals[aims[0].output].value
    now = decision.entrant(TODAY).intervals.get(aims[0].output)
    unit = optimisation.units.get(aims[0].output, "")
    if not now:
        return say("Best: {goals} of {value}", goals=goals, value=number(value, unit))
    values = {"goals": goals, "value": number(value, unit), "today": number(now.value, unit)}
    choice = choice_named(optimisation, optimisation.winner)
    if decision.entrant(TODAY).judgement.meets:
        if choice:
            return say("Best is {choice}: {goals} of {value} against {today} today", choice=choice, **values)
        return say("Best: {goals} of {value} against {today} today", **values)
    if decision.entrant(TODAY).meets == UNSURE:
        return say("Best: {goals} of {value} against {today} today, which perhaps misses what is asked for", **values)
    return say("Best: {goals} of {value} against {today} today, which misses what is asked for", **values)


def sentences(optimisation: Optimisation) -> list[str]:
    """The answer, sentence by sentence."""
    told = [*what_to_do(optimisation), *costs_and_brings(optimisation), *how_sure(optimisation)]
    return [*told, *instead(optimisation)]


def what_to_do(optimisation: Optimisation) -> list[str]:
    """What to choose, or why nothing can be chosen."""
    return infeasible(optimisation) if optimisation.decision.best is None else [_best(optimisation)]


def costs_and_brings(optimisation: Optimisation) -> list[str]:
    """What the choice changes against today, what it spends, and whether it meets what is asked for."""
    if optimisation.decision.best is None:
        return []
    return [*_against_today(optimisation), *_requirements(optimisation), *unbooked(optimisation)]


def how_sure(optimisation: Optimisation) -> list[str]:
    """Which choices would do as well, and what was not tried or failed."""
    doubts = [*_failures(optimisation), *_few(optimisation)]
    if optimisation.decision.best is None:
        return doubts
    return [*alike(optimisation), *_ends(optimisation), *doubts]


def _best(optimisation: Optimisation) -> str:
    decision, winner = optimisation.decision, optimisation.winner
    values = listed(
        [
            f"{goal_words(optimisation, aim)} {said(winner.intervals[aim], optimisation.units[aim])}"
            for aim in (aim.output for aim in optimisation.terms.aims)
        ]
    )
    if decision.best == TODAY:
        return say("Today's choice is the best of those compared: {values}.", values=values)
    if len(optimisation.terms.aims) == 2:
        return say(
            "None of {front} beats another in both goals: which to take is for you to say. {best} lies "
            "nearest to the best of both, each measured by the width of the front: {levers_of}; {values}.",
            front=", ".join(decision.front),
            best=decision.best,
            levers_of=moved_levers(optimisation, winner),
            values=values,
        )
    return say(
        "Choice {best} is the best of those compared: {levers_of}. It gives {values}.",
        best=decision.best,
        levers_of=moved_levers(optimisation, winner),
        values=values,
    )


def _against_today(optimisation: Optimisation) -> list[str]:
    decision = optimisation.decision
    today = decision.entrant(TODAY)
    if decision.best in (None, TODAY):
        return []
    if today.judgement.reason:
        return [say("Today's choice cannot be judged: {reason}.", reason=today.judgement.reason)]
    found = Sentences()
    for aim in optimisation.terms.aims:
        pair = decision.pair(str(decision.best), TODAY, aim.output)
        values = {
            "change": difference(pair.difference, optimisation.units[aim.output]),
            "goal": goal_words(optimisation, aim.output),
        }
        found.append(
            say("Against today that is {change} in {goal}.", **values)
            if pair.told_apart
            else say("Against today that is {change} in {goal}: it cannot be told apart from no change.", **values)
        )
    if not today.tried.allowed:
        found.say("Today's own values lie outside the levers' ranges or conditions, so it could not be chosen.")
    elif today.meets == NO:
        found.say("Today's choice misses what is asked for.")
    return found


def _requirements(optimisation: Optimisation) -> list[str]:
    winner = optimisation.winner
    found = Sentences()
    for requirement in optimisation.terms.requirements:
        limits = winner.intervals.get(requirement.output)
        if limits is None:
            continue
        unit = optimisation.units.get(requirement.output, "")
        sure = not limits.low <= requirement.bound <= limits.high
        values = {"asked": asked(optimisation, requirement), "name": winner.name, "limits": said(limits, unit)}
        found.append(
            say("What is asked for, {asked}: {name} has {limits}, which meets it.", **values)
            if sure
            else say(
                "What is asked for, {asked}: {name} has {limits}, and whether it meets it cannot be told.", **values
            )
        )
    if all(requirement.output != SPENDING for requirement in optimisation.terms.requirements) and all(
        aim.output != SPENDING for aim in optimisation.terms.aims
    ):
        found.say(
            "{name} spends {interval} a year.",
            name=winner.name,
            interval=said(winner.intervals[SPENDING], optimisation.units[SPENDING]),
        )
    return found


def alike(optimisation: Optimisation) -> list[str]:
    """Which choices cannot be told apart from the best, by what they differ all the same, and how sure that is."""
    decision = optimisation.decision
    others = [name for name in decision.group if name != decision.best]
    best = str(decision.best)
    found = Sentences()
    for name in others[:_MOST]:
        parts = [
            say(
                "{change} in {goal}",
                change=difference(decision.pair(best, name, aim.output).difference, optimisation.units[aim.output]),
                goal=goal_words(optimisation, aim.output),
            )
            for aim in optimisation.terms.aims
        ]
        values = {"name": called(name), "changes": listed(parts)}
        if best == TODAY:
            text = say("Today's choice and {name} cannot be told apart: {changes}.", **values)
        else:
            text = say("{best} and {name} cannot be told apart: {changes}.", best=best, **values)
        found.append(f"{text} {_cheaper(optimisation, best, name)}")
    if len(others) > _MOST:
        found.say("Nor can {names}.", names=", ".join(map(called, others[_MOST:])))
    compared = sum(entrant.role != FRONT for entrant in decision.entrants)
    unsure = [entrant.called for entrant in decision.entrants if entrant.role != FRONT and entrant.meets == UNSURE]
    if unsure:
        found.plural(
            "It cannot be told whether {names} meets what is asked for, nor therefore which choice is "
            "truly the best: more draws or replications would tell.",
            "It cannot be told whether {names} meet what is asked for, nor therefore which choice is truly "
            "the best: more draws or replications would tell.",
            len(unsure),
            names=listed(unsure),
        )
    elif len(optimisation.terms.aims) == 1 and compared > 1:
        if others:
            names = ", ".join(map(called, decision.group))
            found.say(
                "With 95% confidence the truly best of the {compared} choices compared is among {names}.",
                compared=compared,
                names=names,
            )
        else:
            found.say("With 95% confidence it is truly the best of the {compared} choices compared.", compared=compared)
    return found


def instead(optimisation: Optimisation) -> list[str]:
    """With one goal: what the choices on the front that are surely less good save."""
    if optimisation.decision.best is None:
        return []
    first, second = optimisation.trade_off
    if len(optimisation.terms.aims) > 1 or first.output == second.output:
        return []
    decision, winner = optimisation.decision, optimisation.winner
    found: list[str] = []
    for name in decision.front:
        if name in decision.group or len(found) == _MOST:
            continue
        parts = [
            say(
                "{change} in {goal}",
                change=difference(change, optimisation.units[aim.output]),
                goal=goal_words(optimisation, aim.output),
            )
            for aim in (first, second)
            if (change := optimisation.difference(decision.entrant(name), winner, aim.output)) is not None
        ]
        values = {"winner": winner.name, "changes": listed(parts)}
        found.append(
            say("Today's choice instead of {winner} would be {changes}.", **values)
            if name == TODAY
            else say("{name} instead of {winner} would be {changes}.", name=name, **values)
        )
    return found


def _cheaper(optimisation: Optimisation, best: str, name: str) -> str:
    if any(aim.output == SPENDING for aim in optimisation.terms.aims):
        return say("Choose by other reasons.")
    pair = optimisation.decision.pair(name, best, SPENDING)
    value = pair.difference.value
    amount = number(abs(value), optimisation.units[SPENDING])
    if not pair.told_apart:
        return say("Choose by other reasons; their spending cannot be told apart either.")
    if value < 0:
        return say("Choose by other reasons: {name} spends {amount} a year less.", name=name, amount=amount)
    return say("Choose by other reasons: {name} spends {amount} a year more.", name=name, amount=amount)


def _ends(optimisation: Optimisation) -> list[str]:
    """Levers whose best value lies at an end of their range: the true best may lie beyond."""
    if optimisation.decision.best == TODAY:
        return []
    values = optimisation.winner.judgement.values
    found = [
        told
        for lever in optimisation.space.dimensions
        for told in at_end_of(lever, values[lever.path], lever_name(optimisation, lever.path))
    ]
    if not found:
        return []
    return [
        say("At or near an end of its range: {found}. Beyond it there may be something better.", found=", ".join(found))
    ]


def _failures(optimisation: Optimisation) -> list[str]:
    failed = [item for item in optimisation.tried if item.judgement.reason]
    if not failed:
        return []
    reason = failed[0].judgement.reason
    return [
        say(
            "{failed} of {tried} choices could not be judged, the first because {reason}.",
            failed=len(failed),
            tried=len(optimisation.tried),
            reason=reason,
        )
    ]


def _few(optimisation: Optimisation) -> list[str]:
    """A warning where each choice of the search was judged by next to nothing."""
    effort = optimisation.effort
    if effort.draws * effort.replications >= 4:
        return []
    runs = effort.draws * effort.replications
    return [
        plural(
            "Each choice of the search was judged by {n} run only, so it may have passed over better ones: "
            "ask for more replications.",
            "Each choice of the search was judged by {n} runs only, so it may have passed over better ones: "
            "ask for more replications.",
            runs,
        )
    ]


def infeasible(optimisation: Optimisation) -> list[str]:
    """Which requirement cannot be met, and the nearest miss."""
    allowed = [item for item in optimisation.tried if item.allowed and not item.judgement.reason]
    if not allowed:
        return [say("No choice could be judged.")]
    found = Sentences()
    requirements = optimisation.terms.requirements
    least = [min(item.judgement.shortfalls[place] for item in allowed) for place in range(len(requirements))]
    for place, requirement in enumerate(requirements):
        if least[place] > 0.0:
            if not requirement.output:
                found.say("Nothing that was tried meets {asked}.", asked=asked(optimisation, requirement))
                continue
            nearest = min(allowed, key=lambda item: item.judgement.shortfalls[place])
            value = nearest.judgement.estimates[requirement.output]
            found.say(
                "Nothing that was tried meets {asked}: the nearest is {value}, with {levers}.",
                asked=asked(optimisation, requirement),
                value=number(value, optimisation.units.get(requirement.output, "")),
                levers=levers_at(optimisation, nearest.judgement.values),
            )
    if requirements and not any(least):
        met = any(item.eligible for item in allowed)
        names = listed([asked(optimisation, requirement) for requirement in requirements])
        if met:
            found.say(
                "In the search some choices met {names}, but none did when judged again by new luck.", names=names
            )
        else:
            found.say("Each can be met, but not all together: {names}.", names=names)
    closest = min(
        (
            entrant
            for entrant in optimisation.decision.entrants
            if not entrant.judgement.reason and entrant.tried.allowed
        ),
        key=lambda entrant: entrant.judgement.missing,
        default=None,
    )
    if closest is not None:
        has = [
            f"{goal_words(optimisation, output)} {said(closest.intervals[output], optimisation.units.get(output, ''))}"
            for output in dict.fromkeys(item.output for item in requirements if item.output)
        ]
        told = "; ".join([moved_levers(optimisation, closest), *([", ".join(has)] if has else [])])
        found.append(
            say("The nearest miss is today's choice: {levers}.", levers=told)
            if closest.name == TODAY
            else say("The nearest miss is choice {name}: {levers}.", name=closest.name, levers=told)
        )
    return found


def certainty(optimisation: Optimisation) -> str:
    """What the numbers rest on, and what they do not say."""
    effort = optimisation.effort
    tried = len(optimisation.tried)
    again = len(optimisation.decision.entrants)
    values = {"tried": tried, "again": again, "runs": effort.final_replications}
    if effort.draws > 1:
        rounds = say(
            "{tried} choices were tried, each judged by the same {draws} draws of the uncertainties and the same luck; "
            "{again} of them were judged again by {final_draws} new draws, each with {runs} runs of new luck.",
            draws=effort.draws,
            final_draws=effort.final_draws,
            **values,
        )
    else:
        rounds = plural(
            "{tried} choices were tried, each judged by {n} run with the same luck; {again} of them were "
            "judged again by {runs} runs of new luck.",
            "{tried} choices were tried, each judged by {n} runs with the same luck; {again} of them were "
            "judged again by {runs} runs of new luck.",
            effort.replications,
            **values,
        )
    told = Sentences()
    told.append(rounds)
    told.say(
        "All numbers here come from that second round: the best of many noisy numbers is better than it deserves. "
        "Intervals are at 95%; those of differences between finalists hold all together."
    )
    if optimisation.terms.over != EXPECTED and effort.final_draws > 1:
        told.say("A worst case is the worst of {draws} draws, not the worst there is.", draws=effort.final_draws)
    told.say(
        "A search of {tried} choices need not have met the best there is. Nor do intervals say whether the model "
        "holds for a real firm.",
        tried=tried,
    )
    return " ".join(told)
