"""What is counted: one integer tally for each observable, firm and segment, in every period.

All tallies are int64, so that sums do not depend on their order. Counts are whole numbers; money, satisfaction
and other real amounts are fixed-point numbers with `FIXED_POINT` steps to the unit.
"""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from typing import Any

from sim.vocabulary.dimensions import DIMENSIONS
from sim.vocabulary.failures import FAILURE_MODES

FIXED_POINT = 65536.0

STOCK, FLOW = "stock", "flow"
COUNT, AMOUNT = "count", "amount"


@dataclass(frozen=True)
class Observable:
    """One tally.

    Attributes:
        name: Column name in the tables.
        kind: `stock` (at the end of the period) or `flow` (during it).
        form: `count` (whole number) or `amount` (fixed point).
        unit: Unit of the value once the fixed point is undone.
        meaning: One sentence.
    """

    name: str
    kind: str
    form: str
    unit: str
    meaning: str


def _stocks() -> list[Observable]:
    people = [
        ("prospects", "people in the market who never were customers of the firm"),
        ("active", "customers of the firm"),
        ("lapsed", "former customers who may return"),
        ("lost", "former customers who never will, and all who left the market"),
        ("promoters", "customers who would recommend with 9 or 10 of 10"),
        ("detractors", "customers who would recommend with 0 to 6 of 10"),
        ("level_dissatisfied", "customers whose last encounter dissatisfied"),
        ("level_satisfied", "customers whose last encounter satisfied (or who had none yet)"),
        ("level_delighted", "customers whose last encounter delighted"),
        ("captive_dissatisfied", "dissatisfied customers who cannot leave"),
    ]
    amounts = [
        ("satisfaction_sum", "points (0-100)", "sum of cumulative satisfaction over customers"),
        ("satisfaction_squares", "points squared", "sum of squared cumulative satisfaction over customers"),
        ("acsi_expectation_sum", "points (1-10)", "sum of the ACSI item 'compared with expectations' over customers"),
        ("acsi_ideal_sum", "points (1-10)", "sum of the ACSI item 'compared with the ideal' over customers"),
        ("will_sum", "points (1-7)", "sum of weighted will expectation over customers"),
        ("should_sum", "points (1-7)", "sum of weighted should expectation over customers"),
        ("opinion_sum", "index (-1 to 1)", "sum of the opinion formed by talk, over customers"),
    ]
    rows = [Observable(name, STOCK, COUNT, "people", meaning) for name, meaning in people]
    rows.append(Observable("open_complaints", STOCK, COUNT, "complaints", "complaints at the desk without an answer"))
    return rows + [Observable(name, STOCK, AMOUNT, unit, meaning) for name, unit, meaning in amounts]


def _movement() -> list[Observable]:
    flows = [
        ("entered", "newcomers to the market: nobody -> prospect"),
        ("won_advertising", "prospect -> customer through advertising"),
        ("won_talk", "prospect -> customer through word of mouth"),
        ("won_switch", "prospect -> customer who came from a rival"),
        ("returned", "lapsed -> customer who came back unasked"),
        ("returned_switch", "lapsed -> customer who came back from a rival after comparing"),
        ("won_back", "lapsed -> customer who took a win-back offer"),
        ("left_silent", "customer -> lost, dissatisfied and without a word"),
        ("lapsed_silent", "customer -> lapsed, dissatisfied and without a word"),
        ("left_complaint", "customer -> lost after a complaint"),
        ("left_switch", "customer -> lapsed, to a rival that looked better"),
        ("left_natural", "customer -> lost for reasons that no service can mend"),
        ("prospects_gone", "prospect -> lost because the person left the market as a rival's customer"),
        ("lapsed_gone", "lapsed -> lost because the person left the market as a rival's customer"),
    ]
    return [Observable(name, FLOW, COUNT, "people", meaning) for name, meaning in flows]


def _encounters() -> list[Observable]:
    counts = [
        ("encounters", "service encounters of all kinds"),
        ("purchases", "purchases"),
        ("help_requests", "'help me' services"),
        ("repairs", "'fix it' services"),
        ("dissatisfied", "encounters that dissatisfied"),
        ("satisfied", "encounters that satisfied"),
        ("delighted", "encounters that delighted"),
        ("failures_felt", "failures that reached the customer"),
        ("failures_intercepted", "failures found and mended before the customer felt them"),
    ]
    rows = [Observable(name, FLOW, COUNT, "encounters", meaning) for name, meaning in counts]
    rows += [
        Observable(f"failure_{mode}", FLOW, COUNT, "encounters", f"felt failures of the mode {mode}")
        for mode in FAILURE_MODES
    ]
    for item, meaning in (
        ("perceived", "perceived quality"),
        ("will", "will expectation"),
        ("should", "should expectation"),
    ):
        rows += [
            Observable(f"{item}_{name}", FLOW, AMOUNT, "points (1-7)", f"sum over encounters of {meaning}, {name}")
            for name in DIMENSIONS
        ]
    return rows


def _voice() -> list[Observable]:
    counts = [
        ("pending", "dissatisfied again while an earlier complaint is open: no new decision"),
        ("silent", "dissatisfied customers who said nothing"),
        ("silent_stayed", "of the silent: stayed"),
        ("silent_lapsed", "of the silent: left, and may return"),
        ("silent_lost", "of the silent: left for ever"),
        ("silent_captive", "of the silent: would have left but cannot"),
        ("complained", "dissatisfied customers who complained"),
        ("complained_front_line", "of the complainers: at the front line"),
        ("complained_headquarters", "of the complainers: straight to the complaint desk"),
        ("front_line_resolved", "front-line complaints resolved on the spot"),
        ("escalated", "front-line complaints carried on to the desk"),
        ("registered", "complaints that reached the desk: the firm's complaint register"),
        ("unanswered", "complaints that ended without an answer"),
        ("unresolved", "complaints that ended unresolved"),
        ("resolved", "complaints that ended resolved, but not quickly"),
        ("resolved_quickly", "complaints that ended resolved quickly"),
        ("unanswered_kept", "of the unanswered: buy again"),
        ("unresolved_kept", "of the unresolved: buy again"),
        ("resolved_kept", "of the resolved: buy again"),
        ("resolved_quickly_kept", "of the quickly resolved: buy again"),
        ("complaint_lost", "complainers who left for ever"),
        ("complaint_captive", "complainers who would have left but cannot"),
        ("complaint_moot", "complaints whose sender had left for other reasons before they ended"),
        ("desk_started", "complaints whose handling began"),
        ("desk_waited", "of those: had to wait"),
    ]
    rows = [Observable(name, FLOW, COUNT, "complaints", meaning) for name, meaning in counts]
    return [
        *rows,
        Observable("desk_wait_days", FLOW, AMOUNT, "days", "sum of waiting times until handling began"),
        Observable("desk_answer_days", FLOW, AMOUNT, "days", "sum of times from complaint to answer, of the answered"),
        Observable("desk_answered", FLOW, COUNT, "complaints", "complaints that got an answer from the desk"),
        Observable("justice_sum", FLOW, AMOUNT, "index (-1 to 1)", "sum of perceived justice over ended complaints"),
    ]


def _talk() -> list[Observable]:
    return [
        Observable("talkers_positive", FLOW, COUNT, "people", "people who told something good"),
        Observable("talkers_negative", FLOW, COUNT, "people", "people who told something bad"),
        Observable("told_positive", FLOW, COUNT, "people told", "people told something good about the firm"),
        Observable("told_negative", FLOW, COUNT, "people told", "people told something bad about the firm"),
        Observable(
            "told_recovered", FLOW, COUNT, "people told", "of those told something good: by recovered complainers"
        ),
        Observable(
            "heard_positive", FLOW, COUNT, "people told", "good words about the firm, by the listener's segment"
        ),
        Observable("heard_negative", FLOW, COUNT, "people told", "bad words about the firm, by the listener's segment"),
    ]


def _money() -> list[Observable]:
    amounts = [
        ("revenue", "paid by customers"),
        ("goods_cost", "the goods themselves"),
        ("service_cost", "cost to serve purchases, help and repairs out of warranty"),
        ("advertising_cost", "advertising to prospects"),
        ("welcome_cost", "discounts and set-up work for customers won"),
        ("win_back_cost", "contacts with lapsed customers"),
        ("prevention_cost", "cost of quality: prevention"),
        ("appraisal_cost", "cost of quality: appraisal"),
        ("internal_failure_cost", "cost of quality: failures found before the customer felt them"),
        ("failure_effect_cost", "cost of quality, external failure: direct effects of felt failures"),
        ("warranty_cost", "cost of quality, external failure: repairs within warranty"),
        ("complaint_cost", "cost of quality, external failure: desk staff, handling, calling back"),
        ("compensation_cost", "cost of quality, external failure: compensation paid"),
        ("opportunity_estimate", "rule of thumb: remaining value of customers lost through dissatisfaction"),
    ]
    return [Observable(name, FLOW, AMOUNT, "money", meaning) for name, meaning in amounts]


OBSERVABLES: tuple[Observable, ...] = (
    *_stocks(),
    *_movement(),
    *_encounters(),
    *_voice(),
    *_talk(),
    *_money(),
)

# A global named tuple of ints: inside compiled code `O.revenue` is a constant.
_Index = namedtuple("_Index", [row.name for row in OBSERVABLES])  # type: ignore[misc]
O: Any = _Index(*range(len(OBSERVABLES)))  # noqa: E741

FLOWS_IN = ("won_advertising", "won_talk", "won_switch", "returned", "returned_switch", "won_back")
FLOWS_OUT = ("left_silent", "lapsed_silent", "left_complaint", "left_switch", "left_natural")

# Causes of leaving, in the order of the survival tables (`leavers[firm, cohort, cause, tenure]`).
CAUSES = FLOWS_OUT
COHORTS = ("initial", "newcomers")
