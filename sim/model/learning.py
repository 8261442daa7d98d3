"""Learning: how a firm hears of failures, by an instrument with a sample, a bias, a delay and a cost.

What it believes by what it hears, and what it does about it, stands in `sim.model.corrective_action`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sim.compiled import double, kernel, rule
from sim.model.contexts import Books, Clock, Environment, Served
from sim.model.failures import FAILURE_MODES
from sim.model.judgement import LEVEL_DELIGHTED, LEVEL_DISSATISFIED
from sim.model.luck import uniforms
from sim.model.online import POST
from sim.model.person import luck_of
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, O, amounts, counts
from sim.vocabulary.parameter import ASSUMPTION, PRICE_PAID, Section, parameter, price_paid, share, weeks
from sim.vocabulary.streams import LEARNING, TALK

if TYPE_CHECKING:
    from sim.model.record_types import Counts, FirmRecord
    from sim.model.state_types import State

COLUMNS: tuple[Column, ...] = ()

BELIEVED = tuple(f"believed_{mode}" for mode in FAILURE_MODES)
"""What the firm believes of each failure mode, beside the truth, `failure_...`."""

OBSERVABLES = (
    *counts(
        FLOW,
        "reports",
        {
            f"reported_{mode}": f"failures of the mode {mode} that the firm's instrument told it"
            for mode in FAILURE_MODES
        },
    ),
    *counts(FLOW, "reports", {"praised": "praise in the suggestion box"}),
    *amounts(
        FLOW,
        "encounters",
        {
            name: f"felt failures of the mode {mode} by the firm's belief, beside failure_{mode}"
            for name, mode in zip(BELIEVED, FAILURE_MODES, strict=True)
        },
    ),
    *amounts(
        FLOW,
        "actions",
        {
            "corrections": "corrective actions implemented",
            "corrections_kept": "of those verified: their effect was seen",
            "corrections_undone": "of those verified: no effect was seen, and they were undone",
        },
    ),
)

INSTRUMENTS = {"none": 0, "register": 1, "box": 2, "survey": 3, "shopping": 4, "truth": 5, "posts": 6}
"""Instruments of steering, as records hold them."""

NONE, REGISTER, BOX, SURVEY, SHOPPING, TRUTH, POSTS = INSTRUMENTS.values()

ORDINARY, EXTREME = 75.0, 25.0
"""Satisfaction at which people write and answer least; points from it that count as one."""

HOW_FIRMS_HEAR = "how people answer and write, and no decision"
_BELIEVED = "what is believed, and no decision"
_A_STEP = "how long a step takes, and no decision"
_FOUR_STEPS = "notes 'Plan de calidad' (the four steps); assumption (size)"


def _step(default: float, meaning: str, source: str = ASSUMPTION, *, label: str) -> Any:
    """How long a step takes, which nobody decides."""
    return weeks(default, meaning, source, label=label, no_lever=_A_STEP)


class Learning(Section):
    """How the firm hears of failures, and what it does about them."""

    steering: Literal["none", "register", "box", "survey", "shopping", "truth", "posts"] = parameter(
        "none",
        "What corrective action goes by: none, register, suggestion box, survey, mystery shopping, truth, posts",
        label="Steering of corrective action",
        unit="name",
        source="notes 'Plan de calidad' (the instruments); assumption: off; the truth is none that a firm has",
        no_lever="policies to be compared, of which the truth is none that a firm has",
    )
    survey_share: float = share(
        0.1,
        "Share of the encounters after which the customer is asked",
        label="Encounters surveyed",
        practical=(0.0, 1.0),
        paid_by="firm.learning.survey_cost",
    )
    response_rate: float = share(
        0.2,
        "Share of those asked who answer, at a satisfaction of 75",
        "assumption: .1 to .3 is usual",
        label="Response to the survey",
        practical=(0.1, 0.3),
        no_lever=HOW_FIRMS_HEAR,
    )
    extremity: float = parameter(
        0.5,
        "a: response goes with 1 + a |satisfaction - 75| / 25; 0: whoever is asked answers as often as others",
        label="Non-response by satisfaction",
        unit="ratio",
        allowed=(0.0, 10.0),
        practical=(0.0, 2.0),
        no_lever=HOW_FIRMS_HEAR,
    )
    servqual_share: float = share(
        0.0,
        "Share of the encounters after which the customer is asked to rate the five dimensions; it steers nothing",
        "notes 'Plan de calidad' (the instruments); assumption: none",
        label="Encounters rated (SERVQUAL)",
        practical=(0.0, 1.0),
        paid_by="firm.learning.survey_cost",
    )
    survey_cost: float = price_paid(
        0.05, "Asking a customer", "money per customer asked", label="Cost of the survey", practical=(0.0, 5.0)
    )
    survey_weeks: float = _step(3.0, "Mean time until answers are evaluated", label="Delay of the survey")
    register_cost: float = price_paid(
        2.0,
        "Evaluating a complaint on the register",
        "money per complaint",
        label="Cost of the register",
        practical=(0.0, 20.0),
    )
    register_weeks: float = _step(1.0, "Mean time until complaints are evaluated", label="Delay of the register")
    box_share: float = share(
        0.02,
        "b: of those with a failure or delighted, b ((satisfaction - 75) / 25)^2 write: the extremes",
        label="Use of the suggestion box",
        practical=(0.0, 0.2),
        no_lever=HOW_FIRMS_HEAR,
    )
    box_cost: float = price_paid(
        1000.0,
        "Emptying and reading the suggestion box",
        "money per year",
        label="Cost of the suggestion box",
        practical=(0.0, 20_000.0),
    )
    box_weeks: float = _step(4.0, "Mean time until suggestions are evaluated", label="Delay of the suggestion box")
    posts_cost: float = price_paid(
        3000.0,
        "Watching what is posted online",
        "money per year",
        label="Cost of watching posts",
        practical=(0.0, 50_000.0),
    )
    posts_weeks: float = _step(1.0, "Mean time until posts are evaluated", label="Delay of watching posts")
    shopping_visits: float = parameter(
        200.0,
        "Encounters of mystery shoppers, who report every failure that they meet",
        label="Visits of mystery shoppers",
        unit="visits per year",
        allowed=(0.0, 20_000.0),
        practical=(0.0, 2000.0),
        paid_by="firm.learning.shopping_cost",
    )
    shopping_cost: float = price_paid(
        40.0, "Visit of a mystery shopper", "money per visit", label="Cost of mystery shopping", practical=(0.0, 300.0)
    )
    shopping_weeks: float = _step(2.0, "Mean time until visits are evaluated", label="Delay of mystery shopping")
    prior_rate: float = parameter(
        0.001,
        "What the firm believes of the rate of each failure mode before it hears anything",
        label="Rate believed at first",
        unit="per encounter",
        allowed=(0.0, 1.0),
        practical=(0.0, 0.05),
        no_lever=_BELIEVED,
    )
    prior_encounters: float = parameter(
        1000.0,
        "Encounters that this belief is worth",
        label="Weight of the first belief",
        unit="encounters",
        gt=0.0,
        le=1e9,
        practical=(10.0, 100_000.0),
        no_lever=_BELIEVED,
    )
    memory_weeks: float = parameter(
        52.0,
        "Time constant with which what was heard counts less",
        label="Memory of what was heard",
        unit="weeks",
        gt=0.0,
        le=1e6,
        practical=(8.0, 520.0),
        no_lever=_BELIEVED,
    )
    identify_weeks: float = _step(4.0, "Until the mode to correct is chosen", _FOUR_STEPS, label="Weeks to identify")
    investigate_weeks: float = _step(4.0, "Until its cause is known", _FOUR_STEPS, label="Weeks to investigate")
    implement_weeks: float = _step(8.0, "Until the action acts", _FOUR_STEPS, label="Weeks to implement")
    verify_weeks: float = _step(8.0, "How long failures are watched afterwards", _FOUR_STEPS, label="Weeks to verify")
    verify_level: float = parameter(
        0.1,
        "Level of the one-sided test by which an effect is seen; what is not seen is undone",
        label="Level of the verification",
        unit="probability",
        gt=0.0,
        lt=1.0,
        practical=(0.01, 0.5),
        no_lever="a definition: what counts as seen",
        definition=True,
    )
    action_cost: float = parameter(
        4000.0,
        "Implementing an action, against a mode whose correction_cost is 1; booked as prevention",
        label="Cost of a corrective action",
        unit="money per action",
        allowed=(0.01, 1e12),
        practical=(100.0, 1e6),
        no_lever=PRICE_PAID,
    )
    action_effect: float = parameter(
        0.5,
        "Share of a mode's failures that an action takes away",
        label="Effect of a corrective action",
        unit="share",
        source="assumption: it halves them",
        allowed=(0.0, 0.99),
        practical=(0.1, 0.9),
        no_lever="what an action brings, and no decision",
    )
    decay_per_year: float = share(
        0.2,
        "Share of what was corrected that comes undone in a year without upkeep",
        "assumption: a fifth",
        label="Decay of corrections",
        practical=(0.0, 0.5),
        no_lever="how corrections wear, and no decision",
    )
    upkeep: float = share(
        0.0,
        "How far what was corrected is kept up: 1 stops the decay",
        label="Upkeep of corrections",
        practical=(0.0, 1.0),
        paid_by="firm.learning.upkeep_cost",
    )
    upkeep_cost: float = price_paid(
        500.0,
        "Full upkeep of a mode that was corrected altogether; booked as prevention",
        "money per mode and year",
        label="Cost of upkeep",
        practical=(0.0, 100_000.0),
    )


@rule
def response(satisfaction: float, rate: float, extremity: float) -> float:
    """Probability of answering a survey: r (1 + a |S - 75| / 25), at most 1; assumption (form).

    >>> round(response(50.0, 0.2, 0.5), 3), response(80.0, 0.5, 10.0)
    (0.3, 1.0)
    """
    return min(1.0, rate * (1.0 + extremity * abs(satisfaction - ORDINARY) / EXTREME))


@rule
def writing(satisfaction: float, box_share: float) -> float:
    """Probability of writing to the suggestion box: b ((S - 75) / 25)^2, at most 1; assumption (form).

    >>> round(writing(35.0, 0.1), 3), writing(0.0, 0.2)
    (0.256, 1.0)
    """
    strength = (satisfaction - ORDINARY) / EXTREME
    return min(1.0, box_share * strength * strength)


@rule
def may_tell(instrument: float, failed: bool, level: int) -> bool:
    """Whether an encounter is one that the firm's instrument may hear of: something failed, or praise for the box.

    >>> may_tell(3.0, True, 0), may_tell(3.0, False, 2), may_tell(2.0, False, 2), may_tell(1.0, True, 0)
    (True, False, True, False)
    """
    if instrument <= REGISTER or instrument == SHOPPING:
        return False  # nobody listens to customers, or to those only who complain
    return failed or (level == LEVEL_DELIGHTED and instrument == BOX)


@kernel
def report(state: State, i: int, environment: Environment, books: Books, clock: Clock, served: Served) -> None:
    """The customer of row i may tell the firm of an encounter, by the instrument that it listens to.

    Where nothing failed, what is told is praise.
    """
    person = state.people[i]
    firm = environment.firms[state.supplier[i]]
    counts = books.tally[state.supplier[i], person.segment]
    satisfaction = double(state.satisfaction[i])
    chance = 1.0
    if firm.instrument == SURVEY:
        asked = firm.learning.survey_share
        chance = asked * response(satisfaction, firm.learning.response_rate, firm.learning.extremity)
    elif firm.instrument == BOX:
        chance = writing(satisfaction, firm.learning.box_share)
    elif firm.instrument == POSTS:
        talk = environment.world[0].talk
        tells = served.u_talk < talk.shares[LEVEL_DISSATISFIED]
        posts = uniforms(clock.seed, TALK, luck_of(state, i), clock.period, POST)[0] < talk.online.post_share
        chance = 1.0 if tells and posts and person.level == LEVEL_DISSATISFIED else 0.0
    if uniforms(clock.seed, LEARNING, luck_of(state, i), clock.period, served.encounter)[0] < chance:
        if served.mode >= 0:
            counts[O.reported_broken_commitment + served.mode] += 1
        else:
            counts[O.praised] += 1


@rule
def note(counts: Counts, firm: FirmRecord, mode: int) -> None:
    """Write a complaint about a failure into the register, if the firm steers by it; below 0 nothing had failed."""
    if firm.instrument == REGISTER and mode >= 0:
        counts[O.reported_broken_commitment + mode] += 1


@rule
def propensity(firm: FirmRecord, mode: int) -> float:
    """What the share who complain of an encounter is multiplied by; 1 below 0, where nothing failed."""
    if mode < 0:
        return 1.0
    return double(firm.systems.failures.complaint_propensity[mode])
