"""A market of three firms and a few people in which hardly two numbers are equal, for the loops one call at a time."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.compiled import PLAIN
from sim.engine.state import empty_state
from sim.model.contexts import Books, Clock
from sim.model.movement import CAUSES, COHORTS
from sim.model.opinion import SWAYS, sways_of_one
from sim.model.person import NOBODY, PRESENT
from sim.model.records import environment_records
from sim.model.rooms import OBSERVABLES
from sim.model.scenario import Scenario
from tests.model.philox import draws
from tests.model.worked import numbers
from tests.worlds import with_rules_off

SEED = 0x5DEECE66D2B99C41
YEARS = 1 / 12
TENURES = 30
NOBODY_LIVED = np.zeros(2, np.int64)
"""Of both segments."""
DIMENSIONS = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")


def levels(*five: float) -> dict[str, float]:
    return dict(zip(DIMENSIONS, five, strict=True))


FIRMS: list[dict[str, Any]] = [
    {
        "strategy": {
            "promise": levels(5.25, 6.5, 4.75, 6.125, 5.875),
            "price_index": 1.125,
            "gross_margin": 0.375,
            "welcome_cost": 41.5,
            "advertising_hazard": 0.3,
            "advertising_cost": 7.5,
        },
        "systems": {
            "service": levels(5.375, 4.625, 5.875, 6.25, 4.875),
            "staff_variation": 0.625,
            "failure_scale": 30.0,
            "interception_share": 0.375,
            "channels": {"chat": 0.25, "telephone": 0.3125, "counter": 0.4375, "filter_strength": 0.625},
        },
        "desk": {
            "agents": 35.0,
            "handling_hours": 90.0,
            "hours_per_year": 1600.0,
            "patience_days": 21.0,
            "investigation_days": 5.0,
            "speed_target_days": 3.5,
            "ease": 0.625,
            "answer_share": 0.875,
            "resolution_share": 0.5625,
            "front_line_resolution": 0.3125,
            "compensation": 0.375,
            "apology": 0.6875,
            "follow_up": 0.1875,
            "handling_cost": 8.5,
            "agent_cost": 42_000.0,
            "follow_up_cost": 4.75,
        },
        "win_back": {"contacts_per_year": 3.25, "acceptance_share": 0.125, "cost": 6.25},
        "costs": {
            "purchase_service": 2.25,
            "help_service": 7.125,
            "repair_service": 27.5,
            "warranty_share": 0.4375,
            "repair_price": 46.75,
            "prevention": 2.75,
            "appraisal": 4.125,
            "internal_failure": 14.5,
            "failure_effect": 9.375,
        },
        "initial_share": 0.4,
    },
    {
        "name": "second",
        "strategy": {
            "promise": levels(6.75, 5.125, 6.375, 4.25, 5.5),
            "price_index": 0.875,
            "gross_margin": 0.4375,
            "welcome_cost": 28.25,
            "advertising_hazard": 0.45,
            "advertising_cost": 5.25,
        },
        "systems": {"service": levels(4.125, 5.625, 6.5, 5.0, 6.375), "failure_scale": 12.0},
        "desk": {"agents": 25.0, "ease": -0.375, "patience_days": 0.0, "queue": "value", "compensation": 0.8125},
        "win_back": {"contacts_per_year": 1.75, "acceptance_share": 0.3125, "cost": 3.875},
        "initial_share": 0.25,
    },
    {
        "name": "third",
        "strategy": {
            "promise": levels(4.5, 6.25, 5.375, 6.625, 4.125),
            "price_index": 1.0625,
            "welcome_cost": 12.75,
            "advertising_hazard": 0.375,
        },
        "desk": {"agents": 10.0},
        "initial_share": 0.15,
    },
]

SEGMENTS: list[dict[str, Any]] = [
    {
        "name": "many",
        "share": 0.6875,
        "encounters": {
            "purchases_per_year": 14.0,
            "help_requests_per_year": 6.0,
            "repairs_per_year": 4.0,
            "help_weight": 1.375,
            "repair_weight": 1.625,
        },
        "expectations": {
            "will": levels(5.5, 5.0, 5.75, 4.5, 5.25),
            "should": levels(6.0, 6.25, 5.5, 6.5, 5.75),
            "spread": 0.4375,
            "will_memory": 0.8125,
            "promise_pull": 0.1875,
            "modesty_pull": 0.625,
            "should_ratchet": 0.3125,
            "promise_trust": 0.4375,
        },
        "judgement": {
            "importance": levels(0.125, 0.3125, 0.25, 0.1875, 0.125),
            "will_assimilation": 0.21875,
            "should_contrast": 0.15625,
            "loss_aversion": 1.75,
            "tolerance": 0.625,
            "delight_margin": 0.25,
            "satisfaction_at_reference": 76.0,
            "reference_quality": 5.375,
            "quality_effect": 7.5,
            "disconfirmation_effect": 11.0,
            "saturation": 0.75,
            "first_step": 0.5625,
            "last_step": 0.0625,
            "history_half": 7.0,
            "initial_satisfaction": 72.0,
            "disposition_spread": 6.5,
            "initial_history": 9.0,
        },
        "bonds": {
            "switching_cost": 0.4375,
            "switching_cost_spread": 0.1875,
            "captive_share": 0.3,
            "attrition_per_year": 0.21,
            "attrition_polarization": 0.35,
            "reviews_per_year": 2.5,
            "returns_per_year": 1.375,
        },
        "sociability": {
            "influencer_share": 0.35,
            "influencer_factor": 2.25,
            "expectation_susceptibility": 0.1875,
            "opinion_susceptibility": 0.3125,
            "complaint_tendency": 0.4375,
            "complaint_spread": 0.8125,
        },
    },
    {
        "name": "few",
        "share": 0.3125,
        "encounters": {"purchases_per_year": 31.0, "help_requests_per_year": 3.0, "repairs_per_year": 5.0},
        "judgement": {"importance": levels(0.3125, 0.0625, 0.1875, 0.3125, 0.125), "initial_satisfaction": 66.0},
    },
]

TREE: dict[str, Any] = {
    "run": {"period": "month", "periods": TENURES - 1, "seed": 7},
    "market": {"customers": 1000, "rebuy_share": 0.4375},
    "firm": FIRMS[0],
    "rivals": FIRMS[1:],
    "segments": SEGMENTS,
    "voice": {
        "complain_share": 0.0875,
        "headquarters_share": 0.5625,
        "escalation_share": 0.3125,
        "lapse_share": 0.1875,
        "loyalty_reference": 71.0,
        "loyalty_scale": 18.0,
        "tenure_loyalty": 0.6875,
        "repurchase": {
            "silent": 0.375,
            "unanswered": 0.3125,
            "unresolved": 0.4375,
            "resolved": 0.6875,
            "resolved_quickly": 0.8125,
        },
        "complaint_drivers": {
            "ease": 0.9375,
            "severity": 0.4375,
            "switching_cost": 0.8125,
            "loyalty": 0.3125,
            "expected_success": 1.1875,
            "person": 0.6875,
        },
        "repurchase_drivers": {"severity": -0.1875, "switching_cost": 0.9375, "loyalty": 0.5625, "justice": 0.4375},
    },
    "recovery": {
        "distributive": 0.4375,
        "interactional": 0.3125,
        "procedural": 0.25,
        "gain": 17.0,
        "double_deviation": 23.0,
        "remedy": 0.375,
        "call_back": 0.5625,
        "no_remedy": -0.6875,
    },
    "talk": {
        "shares": {
            "dissatisfied": 0.46,
            "satisfied": 0.07,
            "delighted": 0.19,
            "recovered": 0.38,
            "failed_recovery": 0.7,
        },
        "reach": {"dissatisfied": 3.6, "satisfied": 1.3, "delighted": 2.4, "recovered": 2.7, "failed_recovery": 4.2},
        "weak_tie_weight": 0.4375,
        "strong_adoption": 0.0875,
        "weak_adoption": 0.0375,
        "negative_impact": 1.375,
        "opinion_on_adoption": 1.1875,
    },
    "movement": {
        "switch_share": 0.1375,
        "advantage": 0.8125,
        "opinion": 0.5625,
        "price": 3.75,
        "switching_cost": -1.875,
        "loyalty": -0.6875,
        "promise": 0.34375,
        "parting_neutral": 68.0,
        "parting_scale": 28.0,
        "return_share": 0.2625,
        "return_opinion": 0.9375,
    },
    "money": {"discount_rate": 0.08, "assumed_retention": 0.74},
}

SCENARIO = Scenario.model_validate(with_rules_off(TREE))
"""Rules that came after version 0.1.0 are off here, and turned on one by one in `test_economy.py`."""


@dataclass
class Small:
    """State and parameters of the small market, and the tables that the loops fill."""

    people: int = 6
    scenario: Scenario = SCENARIO
    state: Any = field(init=False)

    def __post_init__(self) -> None:
        firms = len(self.scenario.firms)
        self.reputation = np.array([73.5, 79.25, 66.75, 82.0][:firms])
        self.environment = environment_records(self.scenario)._replace(reputation=self.reputation)
        self.firms, self.segments, self.world = (
            self.environment.firms,
            self.environment.segments,
            self.environment.world,
        )
        self.state = empty_state(self.people, firms, watched=firms)
        self.tally = np.zeros((firms, len(self.scenario.all_segments), len(OBSERVABLES)), np.int64)
        self.leavers = np.zeros(firms * len(COHORTS) * len(CAUSES) * TENURES, np.int64)
        self.moves = np.zeros((firms + 2, firms + 2), np.int64)
        self.books = Books(self.tally, self.leavers, self.moves)
        self.seed = SEED if PLAIN else np.uint64(SEED)
        crowd = self.state.people
        self.state.luck[:] = 101 + 13 * np.arange(self.people)
        self.state.supplier[:] = NOBODY
        self.state.former[:] = self.state.won_by[:] = self.state.lost_by[:] = NOBODY
        crowd["flags"] = PRESENT
        for i in range(self.people):
            self.become(
                i,
                will=[5.125 + 0.125 * i, 4.75, 5.5 - 0.125 * i, 6.0, 4.375],
                should=[6.25, 5.875 - 0.125 * i, 6.5, 5.125, 6.125 + 0.0625 * i],
                satisfaction=61.0 + 4.25 * i,
                disposition=-3.25 + 1.75 * i,
                confirmation=-0.375 + 0.1875 * i,
                history=5.0 + 2 * i,
                frequency=0.625 + 0.25 * i,
                spend=33.5 + 8.25 * i,
                attrition=0.015625 + 0.0078125 * i,
                switching_cost=0.3125 + 0.0625 * i,
                complaint_tendency=-0.4375 + 0.25 * i,
                joined=2 + i,
                level=1,
            )
            opinions = [0.3125 - 0.125 * i, -0.4375 + 0.0625 * i, 0.1875 + 0.125 * i, -0.0625]
            self.state.opinion[i] = opinions[:firms]
            self.state.margin[i] = [12.5 + 3.25 * i - 7.5 * f for f in range(firms)]

    @property
    def sways(self) -> Any:
        """How far one word moves a listener, as `listen` wants to know it."""
        sways = np.full((len(self.segments), SWAYS), np.nan)
        sways_of_one(self.environment, sways)
        return sways

    def clock(self, period: int) -> Clock:
        """The moment in which things happen."""
        return Clock(self.seed, period)

    def become(self, i: int, **columns: Any) -> None:
        """Set columns of person i, wherever they stand."""
        for name, value in columns.items():
            home = getattr(self.state, name) if name in self.state._fields else self.state.people[name]
            home[i] = value

    def hears(self, i: int, row: Any) -> None:
        """Put the words of a period into the inbox of a person: belief, then good and bad words of each firm."""
        self.state.heard[i] = i + 1
        self.state.inbox[i + 1] = row

    def heard_by(self) -> Any:
        """The inbox of each person."""
        return self.state.inbox[self.state.heard]

    def of(self, i: int, name: str) -> Any:
        """A column of person i, widened."""
        home = getattr(self.state, name) if name in self.state._fields else self.state.people[name]
        value = home[self.state.heard[i] if name == "inbox" else i]
        return value.tolist() if value.ndim else value.item()

    def draw(self, i: int, stream: int, period: int, index: int) -> tuple[float, ...]:
        """Luck of person i, from the paper."""
        return draws(SEED, stream, int(self.state.luck[i]), period, index)

    def counted(self, f: int, s: int) -> dict[str, int]:
        """What the tally of a firm and segment holds, zeros left out."""
        row = self.tally[f, s]
        return {observable.name: int(row[k]) for k, observable in enumerate(OBSERVABLES) if row[k]}


def put(array: Any, path: str, value: float, row: int = 0) -> None:
    """Set a parameter in a record array by its path, also to what no file may say."""
    *sections, name = path.split(".")
    for section in sections:
        array = array[section]
    array[name][row] = value


def fixed(value: Any) -> int:
    """An amount in whole steps of 1/65536, a half rounded up, what is below zero cut after adding the half."""
    shifted = numbers.mpf(value) * 65536 + numbers.mpf(1) / 2
    return int(numbers.floor(shifted)) if shifted >= 0 else -int(numbers.floor(-shifted))


def shifted(base: Any, shift: Any) -> Any:
    """b e^s / (1 - b + b e^s)."""
    b, e = numbers.mpf(base), numbers.exp(shift)
    return b * e / (1 - b + b * e)


def base_for(chance: float, shift: Any) -> float:
    """The base share that this shift moves to `chance`: the same shift taken back."""
    return float(shifted(chance, -shift))


A_HAIR = 1e-7
"""How far a chance is put from the draw that it is compared with: every wrong term moves it further."""


def sides(u: float, shift: Any) -> list[tuple[float, bool]]:
    """Base shares that the shift moves just over and just under the draw `u`, and whether u is then below."""
    return [(base_for(u + A_HAIR, shift), True), (base_for(u - A_HAIR, shift), False)]


def strictly(u: float, below: bool) -> float:
    """A share that the draw `u` is just below, or not: the draw itself, for what is as large is not below."""
    return float(np.nextafter(u, 1)) if below else u


def weighted(importance: Any, values: Any) -> Any:
    """sum_d w_d x_d."""
    return sum(numbers.mpf(w) * numbers.mpf(x) for w, x in zip(importance, values, strict=True))


def five(section: Any) -> list[float]:
    """Five numbers of a section, in the order of the dimensions."""
    return [getattr(section, name) for name in DIMENSIONS]


def loyalty_by_hand(satisfaction: Any, years: Any) -> Any:
    """(S - 71) / 18 + 0.6875 ln(1 + years) / ln 11."""
    return (numbers.mpf(satisfaction) - 71) / 18 + numbers.mpf("0.6875") * numbers.log(1 + years) / numbers.log(11)
