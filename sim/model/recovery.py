"""Recovery: the complaint desk, its answer, and the three kinds of justice by which the answer is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydantic import model_validator

from sim.compiled import double, kernel, rule
from sim.model.contexts import Books, Clock, Environment
from sim.model.desk import difficulty
from sim.model.in_use import at
from sim.model.loyalty import Grounds, loyalty_of, repurchase_shift
from sim.model.money import add_margin
from sim.model.person import CAPTIVE, INTENT_LEAVE_COMPLAINT
from sim.model.shares import clipped, fixed_point, shifted_share
from sim.model.talk import STORY_FAILED_RECOVERY, STORY_RECOVERED
from sim.model.third_party import is_upheld
from sim.model.tiers import switching_cost_of
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, STOCK, O, amounts, counts
from sim.vocabulary.parameter import Section, parameter, share
from sim.words import say

if TYPE_CHECKING:
    from sim.model.state_types import State

COLUMNS: tuple[Column, ...] = ()

OBSERVABLES = (
    *counts(
        STOCK,
        "complaints",
        {
            "open_complaints": "complaints at the desk without an answer",
        },
    ),
    *counts(
        FLOW,
        "complaints",
        {
            "front_line_resolved": "front-line complaints resolved on the spot",
            "registered": "complaints that reached the desk",
            "logged": "complaints settled at the front line that were written down",
            "unanswered": "complaints that ended without an answer",
            "unresolved": "complaints that ended unresolved",
            "resolved": "complaints that ended resolved, but not quickly",
            "resolved_quickly": "complaints that ended resolved quickly",
            "unanswered_kept": "of the unanswered: buy again",
            "unresolved_kept": "of the unresolved: buy again",
            "resolved_kept": "of the resolved: buy again",
            "resolved_quickly_kept": "of the quickly resolved: buy again",
            "complaint_lost": "complainers who left in anger",
            "complaint_captive": "complainers who would have left but cannot, or not yet",
            "complaint_moot": "complaints whose sender had left for other reasons before they ended",
            "desk_started": "complaints whose handling began",
            "desk_waited": "of those: had to wait",
        },
    ),
    *amounts(
        FLOW,
        "days",
        {
            "desk_wait_days": "sum of waiting times until handling began",
            "desk_answer_days": "sum of times from complaint to answer, of the answered",
        },
    ),
    *counts(
        FLOW,
        "complaints",
        {
            "desk_answered": "complaints that got an answer from the desk",
        },
    ),
    *amounts(
        FLOW,
        "index (-1 to 1)",
        {
            "justice_sum": "sum of perceived justice over ended complaints",
        },
    ),
)


_ORSINGHER = "Orsingher, Valentini & de Angelis 2010 (order); assumption (size)"


class Recovery(Section):
    """Justice of the answer to a complaint and what it does to satisfaction."""

    distributive: float = share(
        0.45,
        "Weight of the outcome (remedy and compensation)",
        _ORSINGHER,
        label="Weight of the outcome",
        practical=(0.2, 0.7),
    )
    interactional: float = share(
        0.33,
        "Weight of the treatment (apology, follow-up)",
        _ORSINGHER,
        label="Weight of the treatment",
        practical=(0.1, 0.6),
    )
    procedural: float = share(
        0.22,
        "Weight of the procedure (speed)",
        _ORSINGHER,
        label="Weight of the procedure",
        practical=(0.1, 0.6),
    )
    gain: float = parameter(
        22.0,
        "Satisfaction that a perfectly just answer adds",
        label="Gain from a just answer",
        unit="points (0-100)",
        source="de Matos, Henrique & Rossi 2007 (sign: the recovery paradox); assumption (size)",
        allowed=(0.0, 100.0),
        practical=(5.0, 40.0),
    )
    double_deviation: float = parameter(
        20.0,
        "Satisfaction that a perfectly unjust answer takes",
        label="Loss from an unjust answer",
        unit="points (0-100)",
        source="Bitner, Booms & Tetreault 1990 (sign); assumption (size)",
        allowed=(0.0, 100.0),
        practical=(5.0, 40.0),
    )

    remedy: float = parameter(
        0.4,
        "Distributive justice of a resolved complaint without compensation; full compensation makes it 1",
        label="Justice of a bare remedy",
        unit="index (-1 to 1)",
        allowed=(-1.0, 1.0),
        practical=(0.0, 0.9),
    )
    compensation_exponent: float = parameter(
        0.5,
        "Exponent of compensation in the justice of the outcome: below 1 the first money does most; 1 is even",
        label="Exponent of compensation",
        unit="ratio",
        source="Gelbrich, Gäthke & Grégoire 2015 (concave where the service is kept); assumption (size, and for all)",
        allowed=(0.1, 10.0),
        practical=(0.3, 1.0),
    )
    call_back: float = share(
        0.5,
        "Part of the way to perfect treatment that being called back makes up",
        label="Effect of calling back",
        practical=(0.0, 1.0),
    )
    no_remedy: float = parameter(
        -0.7,
        "Distributive justice of an answer that resolves nothing; no answer at all is -1",
        label="Justice without a remedy",
        unit="index (-1 to 1)",
        allowed=(-1.0, 1.0),
        practical=(-1.0, 0.0),
    )

    @model_validator(mode="after")
    def _sum_to_one(self) -> Recovery:
        total = self.distributive + self.interactional + self.procedural
        if abs(total - 1.0) > 1e-9:
            raise ValueError(say("the three justice weights must sum to 1, found {total:.6g}", total=total))
        return self


UNANSWERED, UNRESOLVED, RESOLVED, RESOLVED_QUICKLY = 0, 1, 2, 3


@rule
def outcome_of(answered: bool, resolved: bool, days: float, target_days: float) -> int:
    """Outcome of a complaint: 0 unanswered, 1 unresolved, 2 resolved, 3 resolved quickly.

    >>> outcome_of(True, True, 1.0, 2.0), outcome_of(True, False, 1.0, 2.0)
    (3, 1)
    """
    if not answered:
        return UNANSWERED
    if not resolved:
        return UNRESOLVED
    return RESOLVED_QUICKLY if days <= target_days else RESOLVED


@rule
def distributive_justice(outcome: int, compensation: float, remedy: float, no_remedy: float, exponent: float) -> float:
    """Fairness of what the complainer got, -1 to 1: nothing at all -1, no remedy, remedy, remedy and compensation.

    A share c of the purchase makes up c^exponent of what a bare remedy leaves: with an exponent below 1 the first money
    does most (Gelbrich, Gäthke & Grégoire 2015, where the service is kept).

    >>> [distributive_justice(outcome, 0.25, 0.4, -0.7, 0.5) for outcome in (0, 1, 2)]
    [-1.0, -0.7, 0.7]
    """
    if outcome == UNANSWERED:
        return -1.0
    if outcome == UNRESOLVED:
        return no_remedy
    return remedy + (1.0 - remedy) * compensation**exponent


@rule
def interactional_justice(outcome: int, apology: float, called_back: bool, call_back: float) -> float:
    """Fairness of the treatment, -1 to 1: twice the quality of the apology minus one, a call back part of the way up.

    >>> interactional_justice(2, 0.25, False, 0.75), interactional_justice(2, 0.25, True, 0.75)
    (-0.5, 0.625)
    """
    if outcome == UNANSWERED:
        return -1.0
    treatment = 2.0 * apology - 1.0
    if called_back:
        treatment = treatment + call_back * (1.0 - treatment)
    return treatment


@rule
def procedural_justice(outcome: int, days: float, target_days: float) -> float:
    """Fairness of the procedure, -1 to 1: 1 at once, 0.5 on target, -1 from four times the target on.

    A refusal earns nothing by being quick: unresolved it is at most 0.

    >>> procedural_justice(2, 2.0, 2.0), procedural_justice(2, 100.0, 2.0), procedural_justice(1, 0.0, 2.0)
    (0.5, -1.0, 0.0)
    """
    if outcome == UNANSWERED:
        return -1.0
    speed = 1.0 if days <= 0.0 else -1.0
    if target_days > 0.0:
        speed = clipped(1.0 - 0.5 * days / target_days, -1.0, 1.0)
    if outcome == UNRESOLVED and speed > 0.0:
        return 0.0
    return speed


@rule
def justice_of(
    distributive: float, interactional: float, procedural: float, w_dist: float, w_inter: float, w_proc: float
) -> float:
    """Overall justice, the weighted mean of the three (Orsingher, Valentini & de Angelis 2010), -1 to 1.

    >>> round(justice_of(0.7, -0.4, 0.25, 0.45, 0.33, 0.22), 3)
    0.238
    """
    return w_dist * distributive + w_inter * interactional + w_proc * procedural


@rule
def satisfaction_after_answer(satisfaction: float, justice: float, gain: float, double_deviation: float) -> float:
    """Cumulative satisfaction after the answer, 0 to 100: just answers add, unjust ones take again.

    Sources: de Matos, Henrique & Rossi 2007 (recovery paradox in satisfaction); Bitner, Booms & Tetreault 1990.

    >>> satisfaction_after_answer(60.0, 0.5, 18.0, 26.0), satisfaction_after_answer(60.0, -0.5, 18.0, 26.0)
    (69.0, 47.0)
    """
    change = gain * justice if justice >= 0.0 else double_deviation * justice
    return clipped(satisfaction + change, 0.0, 100.0)


class ComplaintAnswer(NamedTuple):
    """How a complaint ended.

    Attributes:
        outcome: 0 unanswered, 1 unresolved, 2 resolved, 3 resolved quickly.
        days: Time from complaint to answer, as it is felt.
        severity: Points that the encounter fell below adequate, minus one.
        ambition: Share of the complaints that is resolved where this one ended: at the front line, or at the desk.
    """

    outcome: int
    days: float
    severity: float
    ambition: float


class Fate(NamedTuple):
    """Draws that decide what the end of a complaint leads to.

    Attributes:
        repurchase, call, talk: Whether the customer buys again, is called back, tells of it.
        case, upheld: Whether a third party is asked where there was no remedy, and decides for the customer.
    """

    repurchase: float
    call: float
    talk: float
    case: float
    upheld: float


RECOVERY_DRAWS = 4
"""Indexes of the stream RECOVERY that belong to one encounter."""

ANSWERED = 1
"""Which of them decides whether and how the desk answers."""

LOGGED = 2
"""Which of them decides whether a front-line complaint is written down, and in its next draws what a third party makes
of a complaint. The indexes before decide how complaints end."""


@kernel
def settle(
    state: State,
    i: int,
    environment: Environment,
    books: Books,
    clock: Clock,
    answer: ComplaintAnswer,
    fate: Fate,
) -> None:
    """The end of a complaint of row i to its present supplier: justice, satisfaction, money, buying again, a story.

    `answer` says how it ended, `fate` is the luck of what follows.
    """
    person = state.people[i]
    f = state.supplier[i]
    counts = books.tally[f, person.segment]
    desk = environment.firms[f].desk
    recovery = environment.world[0].recovery
    voice = environment.world[0].voice
    outcome = answer.outcome
    remedied = outcome  # as the firm has it, or as a third party makes it
    if outcome < RESOLVED and is_upheld(state, i, environment, books, fate.case, fate.upheld):
        remedied = RESOLVED
    called_back = outcome != UNANSWERED and fate.call < desk.follow_up
    justice = justice_of(
        distributive_justice(
            remedied, desk.compensation, recovery.remedy, recovery.no_remedy, recovery.compensation_exponent
        ),
        interactional_justice(outcome, desk.apology, called_back, recovery.call_back),
        procedural_justice(outcome, answer.days, desk.speed_target_days),
        recovery.distributive,
        recovery.interactional,
        recovery.procedural,
    )
    state.satisfaction[i] = satisfaction_after_answer(
        double(state.satisfaction[i]), justice, recovery.gain, recovery.double_deviation
    )
    counts[O.unanswered + outcome] += 1
    counts[O.justice_sum] += fixed_point(justice)
    cost = 0.0
    if remedied >= RESOLVED:
        compensation = desk.compensation * double(state.spend[i])
        remedy = desk.remedy_cost * difficulty(answer.ambition) * double(state.spend[i])
        counts[O.compensation_cost] += fixed_point(compensation)
        counts[O.complaint_cost] += fixed_point(remedy)
        cost = compensation + remedy
    if called_back:
        counts[O.complaint_cost] += fixed_point(desk.follow_up_cost)
        cost += desk.follow_up_cost
    add_margin(state, i, f, -cost)

    binds = switching_cost_of(state, i, environment)
    grounds = Grounds(answer.severity, binds, loyalty_of(state, i, environment, clock), justice)
    bases = (
        voice.repurchase.unanswered,
        voice.repurchase.unresolved,
        voice.repurchase.resolved,
        voice.repurchase.resolved_quickly,
    )
    kept = fate.repurchase < shifted_share(bases[remedied], repurchase_shift(grounds, voice.repurchase_drivers))
    if state.leaves[at(state.leaves, i)] != 0 and remedied < RESOLVED:
        kept = False  # notice was given: only a remedy takes it back
    if kept:
        state.leaves[at(state.leaves, i)] = 0
        counts[O.unanswered_kept + outcome] += 1
    elif person.flags & CAPTIVE != 0 or state.leaves[at(state.leaves, i)] != 0:
        counts[O.complaint_captive] += 1
    else:
        counts[O.complaint_lost] += 1
        state.intent[i] = INTENT_LEAVE_COMPLAINT
    shares = environment.world[0].talk.shares
    if outcome < RESOLVED and fate.talk < shares[STORY_FAILED_RECOVERY - 1]:
        state.story[i] = STORY_FAILED_RECOVERY
    elif outcome >= RESOLVED and kept and fate.talk < shares[STORY_RECOVERED - 1]:
        state.story[i] = STORY_RECOVERED
