"""Worlds for tests: small scenarios made by hand that together use every rule, and generated ones."""

from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

from sim.model.firm import Firm
from sim.model.learning import INSTRUMENTS
from sim.model.scenario import Scenario
from sim.parameters.paths import assign, set_path, validated
from sim.parameters.registry import ParameterInfo, parameters
from sim.scenario import load_text
from sim.vocabulary.errors import ScenarioError

# --- what came after version 0.1.0, off ------------------------------------------------------------------------------

OFF: dict[str, dict[str, Any]] = {
    "firm": {
        "strategy.advertising_hazard": 0.1,
        "strategy.advertising_response": 0.0,
        "price_reply.cuts": 0.0,
        "price_reply.rises": 0.0,
        "onboarding.extra_failures": 0.0,
        "onboarding.spending": 0.0,
        "systems.interception_share": 0.3,
        "desk.dedicated": True,
        "desk.handling_hours": 3.0,
        "desk.apology_hours": 0.0,
        "desk.logged_share": 0.0,
        "desk.remedy_cost": 0.0,
        "desk.public_answers": 0.0,
        "desk.expedite_cost": 0.0,
        "desk.channel_cost": 0.0,
        "waiting.word": 0.0,
        "guarantee.payout": 0.0,
        "guarantee.trust": 0.0,
        "people.followed": False,
        "learning.steering": "none",
        "learning.servqual_share": 0.0,
        "programme.offered": False,
        "certificate.held": False,
        "win_back.fatigue": 0.0,
        "costs.prevention_scale": 0.0,
        "costs.appraisal": 4.0,
        "costs.inspection": 0.0,
        "costs.operation_share": 0.0,
        "costs.overhead_share": 0.0,
        "costs.level_cost": 0.0,
        "costs.perfection_cost": 0.0,
        "costs.uniformity_cost": 0.0,
    },
    "customers": {
        "encounters.price_elasticity": 0.0,
        "encounters.satisfaction_effect": 0.0,
        "judgement.value_effect": 0.0,
        "judgement.tolerance_floor": 20.0,
        "bonds.reviews_per_year": 0.8,
        "bonds.alarm": 0.0,
        "bonds.doing_without": 0.0,
        "bonds.renewal_per_year": 0.0,
        "bonds.forgiveness_half_life": 0.0,
        "drop_out.per_purchase": 0.0,
        "drop_out.polarization": 0.0,
        "expectations.promise_pull": 0.03,
        "expectations.modesty_pull": 1.0,
        "expectations.ratchet_smoothing": 0.0,
        "expectations.should_drift": 0.0,
    },
    "talk": {
        "shares.dissatisfied": 0.5,
        "shares.satisfied": 0.03,
        "shares.delighted": 0.12,
        "reach.dissatisfied": 7.0,
        "reach.satisfied": 2.5,
        "strong_adoption": 0.03,
        "weak_adoption": 0.012,
        "opinion_on_adoption": 1.0,
        "opinion.by_the_word": False,
        "opinion.half_life": 0.0,
        "opinion.own_half_life": 0.0,
        "looking_around.strong_ties": 0.0,
        "looking_around.weak_ties": 0.0,
        "looking_around.praise": 0.0,
        "online.post_share": 0.0,
    },
    "voice": {
        "complaint_drivers.captive": 0.0,
        "silent_drivers.switching_cost": 0.0,
        "silent_drivers.contract": 0.0,
        "silent_drivers.barrier": 0.0,
    },
    "recovery": {"compensation_exponent": 1.0},
    "movement": {
        "opinion": 0.5,
        "promise": 0.3,
        "promise_reach": 0.0,
        "price_on_adoption": 0.0,
        "price_on_return": 0.0,
        "return_weighing": 0.0,
        "rebuy_weighing": 0.0,
    },
    "money": {"estimate_within_run": False, "value_of_time": 0.0},
}
"""Values with which the rules that came after version 0.1.0 leave no trace, and the defaults that it had."""


def with_rules_off(tree: dict[str, Any]) -> dict[str, Any]:
    """A scenario's tree in which rules that came after version 0.1.0 are off wherever it does not state them."""
    tree = deepcopy(tree)

    def state(section: dict[str, Any], values: dict[str, Any]) -> None:
        for path, value in values.items():
            *parents, name = path.split(".")
            inner = section
            for parent in parents:
                inner = inner.setdefault(parent, {})
            inner.setdefault(name, value)

    for firm in (tree.setdefault("firm", {}), *tree.get("rivals", [])):
        state(firm, OFF["firm"])
    for people in tree.get("segments") or [tree.setdefault("customers", {})]:
        state(people, OFF["customers"])
    for section in ("voice", "talk", "recovery", "movement", "money"):
        state(tree.setdefault(section, {}), OFF[section])
    return tree


# --- by hand ----------------------------------------------------------------------------------------------------------

TINY_DESK = """
question: a desk that cannot cope, served by value, then hires, then fires
run: {period: week, periods: 30, panel: 1000, seed: 3}
market: {customers: 150, rebuy_share: 0.6, network: {kind: small_world, mean_degree: 6, rewiring: 0.2}}
customers:
  encounters: {purchases_per_year: 40, help_requests_per_year: 15, repairs_per_year: 15}
  bonds: {attrition_per_year: 0.2, reviews_per_year: 4, returns_per_year: 3, captive_share: 0.1, renewal_per_year: 0.5,
    forgiveness_half_life: 0.2}
voice: {complain_share: 0.6, headquarters_share: 0.6, escalation_share: 0.5, lapse_share: 0.4}
talk: {strong_adoption: 0.3, weak_adoption: 0.1}
movement: {switch_share: 0.3}
firm:
  initial_share: 0.5
  systems: {failure_scale: 12}
  strategy: {advertising_hazard: 0.6}
  desk: {agents: 60, handling_hours: 60, patience_days: 25, investigation_days: 4, queue: value, answer_share: 0.8}
  certificate: {held: true, audit: 0.8}
  waiting: {word: 0.7, unfelt: 0.6}
  guarantee: {payout: 0.8, invites: 2, trust: 0.5}
  contract: {months: 2, renewal_months: 1, notice_months: 0.5, exit_fee: 20, bills_per_year: 10}
  win_back: {contacts_per_year: 8, acceptance_share: 0.5}
  people: {followed: true, staffing: 0.7, follow_load: 0.5, training: 400, empowerment: 0.3, hiring_weeks: 3}
  learning: {steering: register, identify_weeks: 1, investigate_weeks: 1, implement_weeks: 2, verify_weeks: 2,
    upkeep: 0.5, servqual_share: 0.7}
  programme: {offered: true, reward: 170.9, silver: 150, gold: 600, attitude: 9, goal: 1, lapse_months: 2}
rivals:
  - {name: rival, initial_share: 0.3, systems: {failure_scale: 10}, strategy: {advertising_hazard: 0.5}}
timeline:
  - {at: 10, set: {firm.desk.agents: 200, firm.desk.handling_hours: 20, firm.strategy.promise.reliability: 6.8}}
  - {at: 18, set: {firm.desk.agents: 60, firm.people.staffing: 1.2, firm.learning.steering: truth}}
  - {at: 22, set: {firm.programme.offered: false}}
  - {at: 5, until: 25, set: {firm.desk.ease: 1.5, rivals.rival.desk.ease: -1.5, rivals.rival.desk.queue: value}}
"""

RAGE = """
question: three firms and a fourth that comes later, two segments, half of the people captive, rage at the front line
run: {period: month, periods: 14, panel: 1000, seed: 3}
market: {customers: 140, network: {kind: preferential_attachment, mean_degree: 6, strong_share: 0.7}}
customers:
  encounters: {purchases_per_year: 24, help_requests_per_year: 12, repairs_per_year: 8}
voice: {preset: rage_2015, escalation_share: 0.2}
third_party: {case_share: 0.3, upheld_share: 0.5}
segments:
  - {name: tied, share: 0.5, bonds: {captive_share: 0.6, switching_cost: 0.9, reviews_per_year: 6, doing_without: 5}}
  - name: free
    share: 0.5
    bonds: {switching_cost: 0.1, reviews_per_year: 9, returns_per_year: 4, attrition_polarization: 0, doing_without: 5}
    encounters: {purchases_per_year: 48, frequency_cv: 0, spend_cv: 0}
    judgement: {importance: {tangibles: 0.4, reliability: 0.1, responsiveness: 0.1, assurance: 0.1, empathy: 0.3}}
    sociability: {influencer_share: 0.5, complaint_tendency: 1}
movement: {switch_share: 0.5}
firm:
  initial_share: 0.4
  strategy: {price_index: 1.3, usual_price: 1.1}
  price_reply: {cuts: 0.3, weeks: 9, lowest: 0.9}
  systems: {failure_scale: 14, interception_share: 0.1}
  contract: {months: 4, renewal_months: 0, notice_months: 1, exit_fee: 60, bills_per_year: 30}
  desk: {patience_days: 0, dedicated: true, logged_share: 0.5}
  learning: {steering: box, box_share: 0.9, identify_weeks: 1, investigate_weeks: 1, implement_weeks: 1}
rivals:
  - {name: good, initial_share: 0.3, guarantee: {payout: 1.5, unasked: 0.6}, waiting: {word: 1},
     systems: {service: {reliability: 6.6, empathy: 6.5}}, desk: {follow_up: 1},
     price_reply: {cuts: 0.4, rises: 0.25, weeks: 3, premium: 1.1}}
  - {name: cheap, initial_share: 0.2, strategy: {price_index: 0.8}, systems: {failure_scale: 20},
     people: {followed: true, staffing: 0.6}, learning: {steering: shopping, shopping_visits: 400},
     programme: {offered: true, points: 40, reward: 60000, silver: 2000, gold: 65535, lapse_months: 0, fit: 0.3,
       barrier: 1}}
  - {name: late, in_market: false, initial_share: 0, strategy: {price_index: 0.9, advertising_hazard: 0.9},
     people: {followed: true, staffing: 0.4, expected_share: 0.3, hours_per_purchase: 2, most_overtime: 1.1}}
timeline:
  - {at: 3, set: {rivals.late.in_market: true}}
  - {at: 6, until: 9, set: {rivals.cheap.in_market: false}}
"""

GOODMAN = """
question: half complain at the front line, on a random network that newcomers enter, day by day
run: {period: day, periods: 25, panel: 1000}
market: {customers: 120, entrants_per_year: 400, network: {kind: random, mean_degree: 5.5}}
customers:
  encounters: {purchases_per_year: 200, help_requests_per_year: 60, repairs_per_year: 60}
  bonds: {attrition_per_year: 0.9, reviews_per_year: 100, returns_per_year: 60}
  drop_out: {per_purchase: 0.1, polarization: 0.3}
voice: {preset: goodman_1999, headquarters_share: 0.2, escalation_share: 0.5, lapse_share: 0.5}
talk: {online: {post_share: 0.5, most_readers: 40}}
firm:
  systems: {failure_scale: 20, channels: {chat: 0.8, telephone: 0.1, counter: 0.1, filter_strength: 1}}
  desk: {answer_share: 0.5, handling_hours: 1, investigation_days: 1, patience_days: 3, public_answers: 0.5}
  strategy: {advertising_hazard: 0.9}
  win_back: {contacts_per_year: 60}
  guarantee: {payout: 0.3, unasked: 1}
  people: {followed: true, staffing: 0.5, hours_per_complaint: 20, expected_complaints: 0.2, most_overtime: 1,
    least_time: 0.9}
  learning: {steering: survey, survey_share: 0.9, response_rate: 0.8, identify_weeks: 0, investigate_weeks: 0,
    implement_weeks: 1, verify_weeks: 1, verify_level: 0.6}
rivals:
  - {name: rival, initial_share: 0.4, systems: {failure_scale: 20}, strategy: {advertising_hazard: 0.9},
     learning: {steering: posts}}
"""

MONOPOLY = """
question: one firm, a complete mix of people, quality that delights, no desk at all until the middle
run: {period: month, periods: 12, panel: 1000}
market: {customers: 100, entrants_per_year: 30, network: {kind: complete}}
customers:
  judgement: {delight_margin: -0.5, loss_aversion: 1}
  bonds: {attrition_per_year: 0.3, returns_per_year: 6, renewal_per_year: 0.3, forgiveness_half_life: 0.5}
  drop_out: {per_purchase: 0.05}
  encounters: {help_requests_per_year: 10, repairs_per_year: 10}
voice: {preset: slogan, complain_share: 0.5}
talk: {strong_adoption: 0.3, weak_adoption: 0.2, shares: {delighted: 0.6}}
firm:
  initial_share: 0.4
  systems: {service: {reliability: 6.5, empathy: 6.8, tangibles: 6.5}, failure_scale: 15, staff_variation: 0.8}
  desk: {agents: 0, patience_days: 200}
rivals: []
timeline:
  - {at: 6, set: {firm.desk.agents: 100}}
"""

EDGES = """
question: a network from a file, a bad rival and an excellent one, everything at once
run: {period: week, periods: 20, panel: 1000}
market: {customers: 90, network: {kind: edges, file: ties.csv}}
customers:
  encounters: {purchases_per_year: 60, help_requests_per_year: 20, repairs_per_year: 20}
  bonds: {attrition_per_year: 0.5, reviews_per_year: 20, returns_per_year: 20}
voice: {preset: tarp_minor, complain_share: 0.5, lapse_share: 0.5}
talk: {strong_adoption: 0.5, weak_adoption: 0.3, negative_impact: 3}
movement: {switch_share: 0.6, return_share: 0.6}
firm:
  initial_share: 0.25
  onboarding: {extra_failures: 3, days: 30, spending: 1}
  systems: {failure_scale: 12}
  desk: {answer_share: 1, investigation_days: 0, handling_hours: 40, compensation: 1, apology: 1, follow_up: 1}
rivals:
  - {name: bad, initial_share: 0.3, culture: awful, win_back: {contacts_per_year: 30}}
  - {name: excellent, initial_share: 0.3, culture: exceptional}
"""

EVERYTHING = f"""
extends: {Path(__file__).parents[1] / "benchmarks" / "everything_on.yaml"}
question: whatever is off as shipped is on, in one world and at once
run: {{period: week, periods: 26, panel: 1000}}
market: {{customers: 150, entrants_per_year: 60, network: {{mean_degree: 6}}}}
voice: {{complain_share: 0.5}}
third_party: {{case_share: 0.3}}
segments:
  - name: many
    share: 0.6
    encounters: {{purchases_per_year: 40, help_requests_per_year: 15, repairs_per_year: 15, satisfaction_effect: 0.2}}
    judgement: {{tolerance_floor: 2}}
    bonds: {{reviews_per_year: 6, returns_per_year: 4, forgiveness_half_life: 0.3}}
    drop_out: {{per_purchase: 0.005, polarization: 0.3}}
  - name: few
    share: 0.4
    encounters: {{purchases_per_year: 20, help_requests_per_year: 10, repairs_per_year: 25, satisfaction_effect: 0.1}}
    judgement: {{tolerance_floor: 3}}
    bonds: {{reviews_per_year: 9, captive_share: 0.3, renewal_per_year: 0.3}}
    drop_out: {{per_purchase: 0.01, polarization: 0.2}}
firm:
  strategy: {{price_index: 1.05}}
  price_reply: {{cuts: 0.3, rises: 0.2, weeks: 3}}
  systems: {{failure_scale: 8, interception_share: 0.2}}
  guarantee: {{trust: 0.4}}
  desk: {{agents: 60, handling_hours: 40, patience_days: 20, public_answers: 0.5}}
  people: {{staffing: 0.7, training: 200}}
  learning: {{identify_weeks: 1, investigate_weeks: 1, implement_weeks: 2, verify_weeks: 2}}
  programme: {{reward: 200, silver: 200, gold: 500, attitude: 4}}
rivals:
  - name: rival
    initial_share: 0.4
    culture: poor
    price_reply: {{cuts: 0.5, rises: 0.5, weeks: 2}}
    strategy: {{price_index: 0.95, advertising_hazard: 0.4}}
    people: {{followed: true, staffing: 0.8}}
    learning: {{steering: survey, survey_share: 0.5, identify_weeks: 1, investigate_weeks: 1, implement_weeks: 1,
      servqual_share: 0.3}}
    programme: {{offered: true, reward: 300, silver: 150, gold: 400}}
    desk: {{public_answers: 0.3}}
    guarantee: {{payout: 0.4, trust: 0.3}}
    certificate: {{held: true}}
    waiting: {{word: 0.8}}
timeline:
  - {{at: 12, until: 20, set: {{rivals.rival.strategy.price_index: 0.8}}}}
  - {{at: 18, set: {{firm.learning.steering: box, firm.people.training: 600}}}}
"""
"""What `benchmarks/everything_on.yaml` times, with what it leaves off besides: no rule of `OFF` is off in it."""

BY_HAND = {
    "tiny desk": TINY_DESK,
    "rage": RAGE,
    "goodman": GOODMAN,
    "monopoly": MONOPOLY,
    "edges": EDGES,
    "everything": EVERYTHING,
}


def by_hand(name: str, folder: Path) -> Scenario:
    """A world of `BY_HAND`; its edge list, where it has one, is written to `folder`."""
    rows = [f"{i},{(i * 7 + step) % 90},{'strong' if (i + step) % 3 else 'weak'}" for i in range(90) for step in (1, 3)]
    pairs: dict[frozenset[str], str] = {}
    for row in rows:
        source, target, _ = row.split(",")
        if source != target:
            pairs.setdefault(frozenset((source, target)), row)
    (folder / "ties.csv").write_text("source,target,strength\n" + "\n".join(pairs.values()), encoding="utf-8")
    return load_text(BY_HAND[name], base_dir=folder).scenario


# --- generated --------------------------------------------------------------------------------------------------------

APART = {"initial_share", "share", "chat", "telephone", "counter", "distributive", "interactional", "procedural"}
"""Names of parameters that have to sum to something."""


def _free(info: ParameterInfo, prefix: str) -> bool:
    name = info.path.rsplit(".", 1)[-1]
    return (
        info.path.startswith(prefix)
        and isinstance(info.default, float)
        and name not in APART
        and "importance" not in info.path
        and "failures" not in info.path
    )


def _leaves(*prefixes: str) -> dict[str, ParameterInfo]:
    return {info.path: info for prefix in prefixes for info in parameters() if _free(info, prefix)}


WORLD = _leaves("voice.", "recovery.", "talk.", "movement.", "third_party.")
PERSONAL = _leaves("customers.")
FIRM = _leaves("firm.")


@cache
def candidates(path: str) -> list[float]:
    """The default of a parameter, its half and double, and both ends of the range unless they are far away."""
    info = next(info for info in parameters() if info.path == path)
    default = float(info.default)
    low = -4.0 if info.low is None else max(info.low, -4.0)
    high = max(4.0 * abs(default), 1.0) if info.high is None else min(info.high, max(4.0 * abs(default), 1.0))
    found = sorted({low, high, *(min(max(x, low), high) for x in (default, default / 2, default * 2))})
    return [value for value in found if _allowed(path, value)]


def _allowed(path: str, value: float) -> bool:
    """Whether a value is inside the range: the registry does not say which bounds are themselves outside."""
    try:
        set_path(Scenario(), path, value)
    except ScenarioError:
        return False
    return True


def _changed(dice: Random, leaves: Iterable[str], most: int, least: int = 0) -> dict[str, float]:
    paths = dice.sample(sorted(leaves), dice.randint(least, most))
    return {path: dice.choice(candidates(path)) for path in paths}


LIVELY = {
    "customers.encounters.purchases_per_year": 30.0,
    "customers.encounters.help_requests_per_year": 8.0,
    "customers.encounters.repairs_per_year": 8.0,
    "customers.bonds.reviews_per_year": 4.0,
    "customers.bonds.captive_share": 0.2,
    "customers.bonds.attrition_per_year": 0.3,
    "customers.bonds.returns_per_year": 3.0,
    "customers.bonds.renewal_per_year": 0.2,
    "customers.bonds.forgiveness_half_life": 0.5,
    "voice.complain_share": 0.4,
    "voice.headquarters_share": 0.5,
    "voice.escalation_share": 0.4,
    "voice.lapse_share": 0.3,
    "talk.strong_adoption": 0.2,
    "talk.weak_adoption": 0.1,
    "movement.switch_share": 0.3,
}
LIVELY_FIRM = {"systems.failure_scale": 20.0, "win_back.contacts_per_year": 4.0, "desk.handling_hours": 100.0}


def base(rivals: int = 1, segments: int = 0) -> dict[str, Any]:
    """The data of a scenario in which much happens to few people."""
    others = [Firm(name=f"rival {n}", initial_share=0.2) for n in range(rivals)]
    tree = Scenario(firm=Firm(initial_share=0.4), rivals=others).model_dump()
    for path, value in LIVELY.items():
        assign(tree, path, value)
    for owner in ("firm", *(f"rivals.{n}" for n in range(rivals))):
        for path, value in LIVELY_FIRM.items():
            assign(tree, f"{owner}.{path}", value)
    for n in range(segments):
        tree["segments"].append({"name": f"segment {n}", "share": 1.0 / segments, **deepcopy(tree["customers"])})
    return tree


def world(fixed: dict[str, Any] | None = None, *, rivals: int = 1, segments: int = 0) -> Scenario:
    """A lively scenario with some parameters fixed by path."""
    tree = base(rivals, segments)
    for path, value in everywhere(fixed or {}, rivals, segments).items():
        assign(tree, path, value)
    return validated(tree)


@st.composite
def worlds(
    draw: Any,
    fixed: dict[str, Any] | None = None,
    *,
    people: int = 60,
    periods: int = 12,
    rivals: int | None = None,
    segments: int | None = None,
    entrants: bool = True,
    timeline: bool = True,
) -> Scenario:
    """A generated scenario of few people and periods; what is `fixed`, by path, stays as it is given.

    `firms.x` fixes x for every firm, `customers.x` for every segment. All other values follow from one number, which
    is the seed of the world's luck too: drawn one by one they would mostly be the simplest.
    """
    number = draw(st.integers(0, 2**64 - 1))
    dice = Random(number)
    firms = dice.choice([0, 1, 1, 2]) if rivals is None else rivals
    groups = dice.choice([0, 2, 3]) if segments is None else segments
    tree = base(firms, groups)
    crowd = people - draw(st.integers(0, people - 4))  # the simplest example is the fullest
    chosen: dict[str, Any] = {
        "run.seed": number,
        "run.period": dice.choice(["week", "month", "month"]),
        "run.periods": periods - draw(st.integers(0, periods - 2)),
        "market.customers": crowd,
        "market.rebuy_share": dice.choice([0.0, 0.5, 1.0]),
        "market.entrants_per_year": dice.choice([0.0, 50.0]) if entrants else 0.0,
        "market.network.kind": dice.choice(["small_world", "preferential_attachment", "random", "complete"]),
        "market.network.mean_degree": float(dice.choice([0, 2, min(6, (crowd - 1) // 2 * 2)])),
        "market.network.rewiring": dice.choice([0.0, 0.3, 1.0]),
        "market.network.strong_share": dice.choice([0.0, 0.5, 1.0]),
        "firm.initial_share": dice.choice([0.1, 0.4]),
        "firm.desk.queue": dice.choice(["first_come", "value"]),
    }
    chosen |= _changed(dice, WORLD, 8)
    owners = ["customers"] if groups == 0 else [f"segments.{n}" for n in range(groups)]
    for owner in owners:
        chosen |= {owner + path.removeprefix("customers"): x for path, x in _changed(dice, PERSONAL, 6).items()}
    for owner in ["firm", *(f"rivals.{n}" for n in range(firms))]:
        chosen |= {owner + path.removeprefix("firm"): x for path, x in _changed(dice, FIRM, 6).items()}
    chosen |= {
        f"{owner}.{switch}": dice.random() < 0.5
        for owner in ("firm", *(f"rivals.{n}" for n in range(firms)))
        for switch in ("people.followed", "programme.offered")
    }
    chosen |= {
        f"{owner}.learning.steering": dice.choice([*INSTRUMENTS])
        for owner in ("firm", *(f"rivals.{n}" for n in range(firms)))
    }
    for path, value in (chosen | everywhere(fixed or {}, firms, groups)).items():
        assign(tree, path, value)
    if timeline:
        stays = {path.replace("firms.", "firm.", 1) for path in fixed or {}}
        tree["timeline"] = [_change(dice, tree["run"]["periods"], stays) for _ in range(dice.choice([0, 1, 2]))]
    return validated(tree)


def everywhere(fixed: dict[str, Any], rivals: int, segments: int) -> dict[str, Any]:
    """Paths with `firms.x` written out for every firm, and `customers.x` for every segment too.

    >>> everywhere({"firms.desk.ease": 1.0, "customers.bonds.captive_share": 0.5}, 1, 1)
    {'firm.desk.ease': 1.0, 'rivals.0.desk.ease': 1.0, 'customers.bonds.captive_share': 0.5,
     'segments.0.bonds.captive_share': 0.5}
    """
    paths: dict[str, Any] = {}
    for path, value in fixed.items():
        first, rest = path.split(".", 1)
        if first == "firms":
            paths |= {f"{owner}.{rest}": value for owner in ("firm", *(f"rivals.{n}" for n in range(rivals)))}
        else:
            paths[path] = value
        if first == "customers":
            paths |= {f"segments.{n}.{rest}": value for n in range(segments)}
    return paths


def _change(dice: Random, periods: int, stays: set[str]) -> dict[str, Any]:
    begin, lasting = dice.randint(0, periods), dice.choice([None, 1, 3])
    leaves = WORLD | PERSONAL | FIRM
    may_change = [path for path, info in leaves.items() if not (info.setup or path in stays)]
    return {
        "at": begin,
        "until": None if lasting is None else begin + lasting,
        "set": _changed(dice, may_change, 5, 1),
    }
