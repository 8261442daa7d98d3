"""A choice of levers in plain words: what is best, how sure, what cannot be told apart, what cannot be met."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from sim.report.changes import changed_by
from sim.report.wording import interval, number
from sim.results.intervals import Interval
from sim.studies.lever_costs import AFTER_COST, SPENDING
from sim.studies.optimisation.finals import FRONT, NO, TODAY, UNSURE, Entrant
from sim.studies.optimisation.judgement import EXPECTED
from sim.studies.optimisation.optimisation import Optimisation
from sim.studies.optimisation.requirement import Requirement
from sim.studies.optimisation.space import Dimension, same, written

_MOST = 6  # choices that are spoken of one by one
_NEAR = 0.02  # of a lever's range


def said(limits: Interval, unit: str) -> str:
    """A value with its interval: `81.2% (80.9% to 81.5%)`."""
    inside = interval(pd.Series({"low": limits.low, "high": limits.high, "unit": unit}))
    return number(limits.value, unit) + (f" ({inside})" if inside else "")


def difference(limits: Interval, unit: str) -> str:
    """A difference with its interval: `+0.45 percentage points (+0.36 to +0.54)`."""
    return changed_by(
        pd.Series({"difference": limits.value, "low": limits.low, "high": limits.high, "unit": unit})
    )  # fmt: skip


def kind(optimisation: Optimisation) -> str:
    """`expected`, `worst-case`, or nothing where there are no uncertainties."""
    if optimisation.effort.final_draws == 1:
        return ""
    return "expected " if optimisation.terms.over == EXPECTED else "worst-case "


def goal_words(optimisation: Optimisation, output: str) -> str:
    """A goal in words: `expected yearly retention`."""
    label = optimisation.labels.get(output, output)
    small = label[:1].lower() + label[1:] if label[1:2].islower() else label
    return kind(optimisation) + small


def levers_of(optimisation: Optimisation, entrant: Entrant) -> str:
    """The levers of a choice that differ from today's, with today's values."""
    changed = [
        f"{lever.path} {written(entrant.judgement.values[lever.path])} (today {written(lever.today)})"
        for lever in optimisation.space.dimensions
        if not same({"": entrant.judgement.values[lever.path]}, {"": lever.today})
    ]
    return ", ".join(changed) if changed else "nothing changed"


def headline(optimisation: Optimisation) -> str:
    """One sentence for those who read one sentence."""
    decision, aims = optimisation.decision, optimisation.terms.aims
    if decision.best is None:
        return "No choice meets all that is asked for"
    goals = " and ".join(goal_words(optimisation, aim.output) for aim in aims)
    if decision.best == TODAY:
        return f"No choice that was tried beats today's in {goals}"
    if len(aims) == 2:
        return f"{len(decision.front)} choices to weigh: more {goal_words(optimisation, aims[0].output)} against " + (
            ("less " if aims[1].larger else "more ") + goal_words(optimisation, aims[1].output)
        )
    value = optimisation.winner.intervals[aims[0].output].value
    now = decision.entrant(TODAY).intervals.get(aims[0].output)
    unit = optimisation.units.get(aims[0].output, "")
    against = f" against {number(now.value, unit)} today" if now else ""
    if now and not decision.entrant(TODAY).judgement.meets:
        perhaps = "perhaps " if decision.entrant(TODAY).meets == UNSURE else ""
        against += f", which {perhaps}misses what is asked for"
    return f"Best: {goals} of {number(value, unit)}{against}"


def answer(optimisation: Optimisation) -> list[str]:
    """The answer, sentence by sentence."""
    if optimisation.decision.best is None:
        return [*infeasible(optimisation), *_failures(optimisation), *_few(optimisation)]
    found = [_best(optimisation)]
    found += _against_today(optimisation)
    found += _requirements(optimisation)
    found += alike(optimisation)
    found += _other_front(optimisation)
    found += _ends(optimisation)
    return [*found, *_unbooked(optimisation), *_failures(optimisation), *_few(optimisation)]


def _best(optimisation: Optimisation) -> str:
    decision, winner = optimisation.decision, optimisation.winner
    values = " and ".join(
        f"{goal_words(optimisation, aim.output)} {said(winner.intervals[aim.output], optimisation.units[aim.output])}"
        for aim in optimisation.terms.aims
    )
    if decision.best == TODAY:
        return f"Today's choice is the best of those compared: {values}."
    if len(optimisation.terms.aims) == 2:
        return (
            f"None of {', '.join(decision.front)} beats another in both goals: which to take is for you to say. "
            f"{decision.best} lies nearest to the best of both, each measured by the width of the front: "
            f"{levers_of(optimisation, winner)}; {values}."
        )
    return (
        f"Choice {decision.best} is the best of those compared: {levers_of(optimisation, winner)}. It gives {values}."
    )


def _against_today(optimisation: Optimisation) -> list[str]:
    decision = optimisation.decision
    today = decision.entrant(TODAY)
    if decision.best in (None, TODAY):
        return []
    if today.judgement.reason:
        return [f"Today's choice cannot be judged: {today.judgement.reason}."]
    found = []
    for aim in optimisation.terms.aims:
        pair = decision.pair(str(decision.best), TODAY, aim.output)
        text = f"Against today that is {difference(pair.difference, optimisation.units[aim.output])} in "
        text += goal_words(optimisation, aim.output)
        found.append(text + ("." if pair.told_apart else ": it cannot be told apart from no change."))
    if not today.tried.allowed:
        found.append("Today's own values lie outside the levers' ranges or conditions, so it could not be chosen.")
    elif today.meets == NO:
        found.append("Today's choice misses what is asked for.")
    return found


def _requirements(optimisation: Optimisation) -> list[str]:
    winner = optimisation.winner
    found = []
    for requirement in optimisation.terms.requirements:
        limits = winner.intervals.get(requirement.output)
        if limits is None:
            continue
        unit = optimisation.units.get(requirement.output, "")
        sure = not limits.low <= requirement.bound <= limits.high
        text = f"What is asked for, {asked(optimisation, requirement)}: {winner.name} has {said(limits, unit)}"
        found.append(text + (", which meets it." if sure else ", and whether it meets it cannot be told."))
    if all(requirement.output != SPENDING for requirement in optimisation.terms.requirements) and all(
        aim.output != SPENDING for aim in optimisation.terms.aims
    ):
        found.append(f"{winner.name} spends {said(winner.intervals[SPENDING], optimisation.units[SPENDING])} a year.")
    return found


def asked(optimisation: Optimisation, requirement: Requirement) -> str:
    """A requirement in words: `expected spending of at most EUR 200,000`."""
    if not requirement.output:
        return f"`{requirement}`"
    bound = number(requirement.bound, optimisation.units.get(requirement.output, ""))
    least = "at least" if requirement.least else "at most"
    return f"{goal_words(optimisation, requirement.output)} of {least} {bound}"


def alike(optimisation: Optimisation) -> list[str]:
    """Which choices cannot be told apart from the best, by what they differ all the same, and how sure that is."""
    decision = optimisation.decision
    others = [name for name in decision.group if name != decision.best]
    best = str(decision.best)
    found = []
    for name in others[:_MOST]:
        parts = [
            f"{difference(decision.pair(best, name, aim.output).difference, optimisation.units[aim.output])} in "
            f"{goal_words(optimisation, aim.output)}"
            for aim in optimisation.terms.aims
        ]
        text = f"{best} and {name} cannot be told apart: {' and '.join(parts)}"
        found.append(f"{text}. {_cheaper(optimisation, best, name)}")
    if len(others) > _MOST:
        found.append(f"Nor can {', '.join(others[_MOST:])}.")
    compared = sum(entrant.role != FRONT for entrant in decision.entrants)
    unsure = [entrant.name for entrant in decision.entrants if entrant.role != FRONT and entrant.meets == UNSURE]
    if unsure:
        meet = "meets" if len(unsure) == 1 else "meet"
        found.append(
            f"It cannot be told whether {_listed(unsure)} {meet} what is asked for, nor therefore which choice is "
            "truly the best: more draws or replications would tell."
        )
    elif len(optimisation.terms.aims) == 1 and compared > 1:
        if others:
            names = ", ".join(decision.group)
            found.append(f"With 95% confidence the truly best of the {compared} choices compared is among {names}.")
        else:
            found.append(f"With 95% confidence it is truly the best of the {compared} choices compared.")
    return found


def _listed(names: list[str]) -> str:
    """Names as in a sentence.

    >>> _listed(["today", "A", "B"])
    'today, A and B'
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _other_front(optimisation: Optimisation) -> list[str]:
    """With one goal: what the choices on the front that are surely less good save."""
    first, second = optimisation.trade_off
    if len(optimisation.terms.aims) > 1 or first.output == second.output:
        return []
    decision, winner = optimisation.decision, optimisation.winner
    found: list[str] = []
    for name in decision.front:
        if name in decision.group or len(found) == _MOST:
            continue
        parts = [
            f"{difference(change, optimisation.units[aim.output])} in {goal_words(optimisation, aim.output)}"
            for aim in (first, second)
            if (change := optimisation.difference(decision.entrant(name), winner, aim.output)) is not None
        ]
        called = "Today's choice" if name == TODAY else name
        found.append(f"{called} instead of {winner.name} would be {' and '.join(parts)}.")
    return found


def _cheaper(optimisation: Optimisation, best: str, name: str) -> str:
    if any(aim.output == SPENDING for aim in optimisation.terms.aims):
        return "Choose by other reasons."
    pair = optimisation.decision.pair(name, best, SPENDING)
    value = pair.difference.value
    amount = number(abs(value), optimisation.units[SPENDING])
    if not pair.told_apart:
        return "Choose by other reasons; their spending cannot be told apart either."
    return f"Choose by other reasons: {name} spends {amount} a year {'less' if value < 0 else 'more'}."


def _ends(optimisation: Optimisation) -> list[str]:
    """Levers whose best value lies at an end of their range: the true best may lie beyond."""
    if optimisation.decision.best == TODAY:
        return []
    values = optimisation.winner.judgement.values
    found = [
        f"{lever.path} ({end} end, {written(values[lever.path])})"
        for lever in optimisation.space.dimensions
        for end in _end_of(lever, values[lever.path])
    ]
    if not found:
        return []
    return [f"At or near an end of its range: {', '.join(found)}. Beyond it there may be something better."]


def _end_of(lever: Dimension, value: Any) -> list[str]:
    if lever.options and not lever.ordered:
        return []
    place = lever.place(value)
    return ["lower"] if place <= _NEAR else ["upper"] if place >= 1.0 - _NEAR else []


def _unbooked(optimisation: Optimisation) -> list[str]:
    """A warning where a goal in money leaves the levers' own cost out."""
    if all(lever.cost == 0.0 for lever in optimisation.space.dimensions):
        return []
    currency = optimisation.scenario.money.currency
    left = [
        goal_words(optimisation, aim.output)
        for aim in optimisation.terms.aims
        if aim.output not in AFTER_COST and optimisation.units.get(aim.output, "").startswith(currency)
    ]
    return [f"The levers' own cost is not in {' and '.join(left)}, which is as the model books it."] if left else []


def _failures(optimisation: Optimisation) -> list[str]:
    failed = [item for item in optimisation.tried if item.judgement.reason]
    if not failed:
        return []
    reason = failed[0].judgement.reason
    return [f"{len(failed)} of {len(optimisation.tried)} choices could not be judged, the first because {reason}."]


def _few(optimisation: Optimisation) -> list[str]:
    """A warning where each choice of the search was judged by next to nothing."""
    effort = optimisation.effort
    if effort.draws * effort.replications >= 4:
        return []
    runs = effort.draws * effort.replications
    return [
        f"Each choice of the search was judged by {runs} run{'s' if runs > 1 else ''} only, so it may have passed over "
        "better ones: ask for more replications."
    ]


def infeasible(optimisation: Optimisation) -> list[str]:
    """Which requirement cannot be met, and the nearest miss."""
    allowed = [item for item in optimisation.tried if item.allowed and not item.judgement.reason]
    if not allowed:
        return ["No choice could be judged."]
    found = []
    requirements = optimisation.terms.requirements
    least = [min(item.judgement.shortfalls[place] for item in allowed) for place in range(len(requirements))]
    for place, requirement in enumerate(requirements):
        if least[place] > 0.0:
            text = f"Nothing that was tried meets {asked(optimisation, requirement)}"
            if requirement.output:
                nearest = min(allowed, key=lambda item: item.judgement.shortfalls[place])
                value = number(
                    nearest.judgement.estimates[requirement.output], optimisation.units.get(requirement.output, "")
                )
                text += f": the nearest is {value}, with {_levers(optimisation, nearest.judgement.values)}"
            found.append(text + ".")
    if requirements and not any(least):
        met = any(item.eligible for item in allowed)
        names = " and ".join(asked(optimisation, requirement) for requirement in requirements)
        if met:
            found.append(f"In the search some choices met {names}, but none did when judged again by new luck.")
        else:
            found.append(f"Each can be met, but not all together: {names}.")
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
        text = f"The nearest miss is {_called(closest)}: {levers_of(optimisation, closest)}"
        found.append(text + (f"; {', '.join(has)}." if has else "."))
    return found


def _levers(optimisation: Optimisation, values: Any) -> str:
    return ", ".join(f"{path} {written(values[path])}" for path in optimisation.levers)


def _called(entrant: Entrant) -> str:
    return "today's choice" if entrant.name == TODAY else f"choice {entrant.name}"


def certainty(optimisation: Optimisation) -> str:
    """What the numbers rest on, and what they do not say."""
    effort = optimisation.effort
    tried = len(optimisation.tried)
    again = len(optimisation.decision.entrants)
    if effort.draws > 1:
        judged = f"by the same {effort.draws} draws of the uncertainties and the same luck"
        last = f"{effort.final_draws} new draws, each with {effort.final_replications} runs of new luck"
    else:
        judged = f"by {effort.replications} run{'s' if effort.replications > 1 else ''} with the same luck"
        last = f"{effort.final_replications} runs of new luck"
    worst = (
        f" A worst case is the worst of {effort.final_draws} draws, not the worst there is."
        if optimisation.terms.over != EXPECTED and effort.final_draws > 1
        else ""
    )
    return (
        f"{tried} choices were tried, each judged {judged}; {again} of them were judged again by {last}. All numbers "
        "here come from that second round: the best of many noisy numbers is better than it deserves. Intervals are "
        f"at 95%; those of differences between finalists hold all together.{worst} A search of {tried} choices need "
        "not have met the best there is. Nor do intervals say whether the model holds for a real firm."
    )


def verdict(optimisation: Optimisation, entrant: Entrant) -> str:
    """What is to be said of a choice in a word or two."""
    if entrant.judgement.reason:
        return entrant.judgement.reason
    if entrant.name == optimisation.decision.best:
        return best_word(optimisation)
    if entrant.meets == NO:
        return "misses a requirement"
    words = f"like the {best_word(optimisation)}" if entrant.name in optimisation.decision.group else ""
    if entrant.meets == UNSURE:
        words += (", " if words else "") + "perhaps misses a requirement"
    if not words and entrant.name in optimisation.decision.front:
        return "on the front"
    return words


def best_word(optimisation: Optimisation) -> str:
    """What the best choice is called: with two goals it is a compromise."""
    return "best" if len(optimisation.terms.aims) == 1 else "compromise"


def spread_of(limits: Interval, unit: str) -> str:
    """Limits of an interval, for a table; empty where there are none."""
    if not (math.isfinite(limits.low) and math.isfinite(limits.high)):
        return ""
    return f"{number(limits.low, unit)} to {number(limits.high, unit)}"
