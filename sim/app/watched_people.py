"""The first 120 people of a world: where each stands at the end of every period, and a diary of what happened.

The same number is the same person in both worlds, with the same luck; the engine's panel says what is known of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.engine.panel import panel_rows
from sim.model.judgement import LEVEL_DELIGHTED, LEVEL_DISSATISFIED
from sim.model.movement import CAUSES, FLOWS_IN, NATURAL
from sim.model.person import GONE, NOBODY
from sim.words import period_word, say

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

PEOPLE = 120

DELIGHTED, SATISFIED, DISSATISFIED, RIVAL, NOBODYS, LOST = "hsdrnl"
"""States, a letter each: customers of ours by how they judged their last encounter, a rival's customers, nobody's, and
who will never come back or left the market."""

OURS = DELIGHTED + SATISFIED + DISSATISFIED
"""States of our customers."""

COMPLAINED, TO_RIVAL, REPLACED, UNHAPPY, HAPPY = "complained", "to_rival", "replaced", "unhappy", "happy"


class WatchedPeople(NamedTuple):
    """What 120 people went through in one world.

    Attributes:
        states: For the start, then for the end of each period: a text with a letter a person.
        diaries: For each person `(period, event, detail)`: an event is a name in `events`, the detail a number in its
            sentence (satisfaction, 0-100) or the name of a rival.
    """

    states: list[str]
    diaries: list[list[tuple[int, str, int | str]]]


class Watching:
    """Notes what the people of a simulation go through, period by period.

    Args:
        simulation: Before its first period that is counted.
    """

    def __init__(self, simulation: Simulation) -> None:
        self._names = [firm.name for firm in simulation.scenario.firms]
        self._before = _known(simulation)
        self._states = [_states(self._before)]
        self._diaries: list[list[tuple[int, str, int | str]]] = [[] for _ in self._before["supplier"]]

    def note(self, simulation: Simulation) -> None:
        """The period that has just ended."""
        now, before = _known(simulation), self._before
        period = simulation.period - 1
        changed = [now[name] != before[name] for name in ("born", "supplier", "complaints")]
        changed.append(now["history"] > before["history"])
        for i in np.flatnonzero(np.logical_or.reduce(changed)).tolist():  # to the others nothing has happened
            self._diaries[i] += [(period, event, detail) for event, detail in self._happened(before, now, i)]
        self._states.append(_states(now))
        self._before = now

    def watched(self) -> WatchedPeople:
        """Everything noted."""
        return WatchedPeople(self._states, self._diaries)

    def _happened(self, before: dict[str, Any], now: dict[str, Any], i: int) -> list[tuple[str, int | str]]:
        was, is_now = int(before["supplier"][i]), int(now["supplier"][i])
        if now["born"][i] != before["born"][i]:
            return [*([(CAUSES[NATURAL], "")] if was == 0 else []), (REPLACED, "")]
        found: list[tuple[str, int | str]] = []
        satisfaction = round(float((now if is_now == 0 else before)["satisfaction"][i]))
        met = was == is_now == 0 and now["history"][i] > before["history"][i]
        if met and now["level"][i] == LEVEL_DISSATISFIED:
            found.append((UNHAPPY, satisfaction))
        if met and now["level"][i] == LEVEL_DELIGHTED and before["level"][i] != LEVEL_DELIGHTED:
            found.append((HAPPY, satisfaction))
        if was == 0 and now["complaints"][i] > before["complaints"][i]:
            found.append((COMPLAINED, ""))
        if was == 0 and is_now != 0:
            cause = int(now["lost_by"][i])
            found.append((CAUSES[cause] if cause < len(CAUSES) else REPLACED, satisfaction))
        if is_now == 0 and was != 0:
            way = int(now["won_by"][i])
            found += [(FLOWS_IN[way], satisfaction)] if way < len(FLOWS_IN) else []
        if is_now not in (0, NOBODY, was):
            found.append((TO_RIVAL, self._names[is_now]))
        return found


def _known(simulation: Simulation) -> dict[str, Any]:
    """What the panel follows of the first people, and how our firm lost and won them."""
    state = simulation.state
    known = panel_rows(state, PEOPLE, simulation.period)
    rows = slice(0, len(known["supplier"]))
    known |= {name: getattr(state, name)[rows, 0].copy() for name in ("lost_by", "won_by")}
    known["barred"] = state.barred[rows].copy()
    return known | {name: state.people[name][rows].copy() for name in ("born", "flags")}


def _states(known: dict[str, Any]) -> str:
    supplier, level = known["supplier"], known["level"]
    ours = np.select([level == LEVEL_DISSATISFIED, level == LEVEL_DELIGHTED], [DISSATISFIED, DELIGHTED], SATISFIED)
    lost = ((known["barred"] & 1) != 0) | ((known["flags"] & GONE) != 0)
    others = np.where(supplier != NOBODY, RIVAL, np.where(lost, LOST, NOBODYS))
    return "".join(np.where(supplier == 0, ours, others).tolist())


def state_words() -> dict[str, str]:
    """What each state is called."""
    return {
        DELIGHTED: say("our customer, delighted"),
        SATISFIED: say("our customer, satisfied"),
        DISSATISFIED: say("our customer, dissatisfied"),
        RIVAL: say("a rival's customer"),
        NOBODYS: say("nobody's customer"),
        LOST: say("lost for good"),
    }


def events(period: str) -> dict[str, str]:
    """A sentence for each event; a page puts number and detail into its places.

    Args:
        period: Length of a period.

    >>> events("week")["complained"]
    'Week {n}: complained.'
    """
    place = {"period": period_word(period).capitalize(), "n": "{n}", "detail": "{detail}"}
    return {
        UNHAPPY: say("{period} {n}: a bad experience; satisfaction is now {detail} of 100.", **place),
        HAPPY: say("{period} {n}: delighted; satisfaction is now {detail} of 100.", **place),
        COMPLAINED: say("{period} {n}: complained.", **place),
        TO_RIVAL: say("{period} {n}: became a customer of {detail}.", **place),
        REPLACED: say("{period} {n}: left the market; another person takes the place.", **place),
        "left_silent": say("{period} {n}: left in anger, without a word.", **place),
        "lapsed_silent": say("{period} {n}: left without a word, and may return.", **place),
        "left_complaint": say("{period} {n}: left for good after a complaint.", **place),
        "left_switch": say("{period} {n}: left for a better offer.", **place),
        "left_natural": say("{period} {n}: left for reasons that no service can mend.", **place),
        "left_without": say("{period} {n}: left, to do without.", **place),
        "left_closed": say("{period} {n}: left, for the firm closed the account.", **place),
        "won_advertising": say("{period} {n}: became our customer through advertising.", **place),
        "won_talk": say("{period} {n}: became our customer through what others told.", **place),
        "won_switch": say("{period} {n}: came over from a rival.", **place),
        "returned": say("{period} {n}: came back.", **place),
        "returned_switch": say("{period} {n}: came back from a rival.", **place),
        "won_back": say("{period} {n}: came back after an offer.", **place),
    }
