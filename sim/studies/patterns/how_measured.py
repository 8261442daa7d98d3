"""How each pattern of `catalogue.yaml` is measured, by its name."""

from __future__ import annotations

from collections.abc import Callable

from sim.studies.patterns import measured as m
from sim.studies.patterns.laboratory import LaboratoryWorld
from sim.studies.patterns.measured import Measuring

_HALF, _SOONER = "half complain", "half complain, answered sooner"
_ANSWERED = ("recovered", "failed")
_ENDED = m.kept("unanswered", "unresolved", "resolved", "resolved_quickly")
_NEITHER = "neither heterogeneity nor loyalty"


def _apart(world: str, other: str, measure: Callable[[LaboratoryWorld], float]) -> Measuring:
    """What one world has more of than another."""
    return m.difference(m.per_world(world, measure), m.per_world(other, measure))


def _kept_more(outcomes: tuple[str, ...], than: Callable[[LaboratoryWorld], float] = m.silent_kept) -> Measuring:
    """The share kept of complainers whose complaint ended so, minus another, where half complain."""
    return m.difference(m.per_world(_HALF, m.kept(*outcomes)), m.per_world(_HALF, than))


def _followed(group: str, other: str, what: str) -> Measuring:
    """What those of one group are ahead of those of another by."""
    return m.difference(m.followed(group, what), m.followed(other, what))


MEASURES: dict[str, Measuring] = {
    "satisfaction": m.key_figure("satisfaction"),
    "skewness": m.per_world("baseline", m.skewness),
    "acsi": m.key_figure("acsi"),
    "nps": m.key_figure("nps"),
    "talk_ratio": m.key_figure("talk_ratio"),
    "bad_story": m.per_world("baseline", m.reach_ratio),
    "joined_by_talk": m.joined_by_talk,
    "improvement_by_talk": m.quotient(m.won_by_improvement(), m.won_by_improvement(", nobody talks")),
    "yearly_loss": m.key_figure("yearly_loss"),
    "rise": m.per_world("five years", m.rise_with_tenure),
    "rise_heterogeneity": _apart("heterogeneity without loyalty", _NEITHER, m.rise_with_tenure),
    "rise_loyalty": _apart("loyalty without heterogeneity", _NEITHER, m.rise_with_tenure),
    "silent_lost": m.key_figure("silent_lost_ratio"),
    "register": m.key_figure("seen_share"),
    "answered_well": _kept_more(("resolved", "resolved_quickly")),
    "answered_quickly": _kept_more(("resolved_quickly",), than=m.kept("resolved")),
    "unanswered": _kept_more(("unanswered",)),
    "unresolved": _kept_more(("unresolved",)),
    "failed_still": _followed("failed", "silent", "still"),
    "failed_satisfaction": _followed("failed", "silent", "satisfaction"),
    "paradox": _followed("recovered", "undisturbed", "satisfaction"),
    "no_paradox": _followed("recovered", "undisturbed", "still"),
    "sooner_satisfaction": m.difference(
        m.followed(_ANSWERED, "satisfaction", _SOONER), m.followed(_ANSWERED, "satisfaction")
    ),
    "sooner_kept": _apart(_SOONER, _HALF, _ENDED),
    "ease_complaints": m.ease_gain("complaint_share", m.SOME_EASE, 0),
    "ease_retention": m.ease_gain("retention", m.GOOD_EASE, 0),
    "ease_pays": m.ease_gain(m.PROFIT, m.GOOD_EASE, 0),
    "ease_limit": m.ease_gain(m.PROFIT, m.HIGH_EASE, m.GOOD_EASE),
    "delight_at_once": m.gain(0, 13, "delighted", "encounters"),
    "delight_fades": m.faded,
    "satisfaction_gain": m.gain(104, 156, "satisfaction_sum", "active"),
    "satisfaction_fades": m.difference(
        m.gain(104, 156, "satisfaction_sum", "active"), m.gain(26, 52, "satisfaction_sum", "active")
    ),
    "promise_retention": m.asymmetry("retention"),
    "promise_money": m.asymmetry(m.PROFIT),
    "promise_satisfaction": m.asymmetry("satisfaction"),
    "quality_cost": m.cost_figure(lambda row: row["quality_cost_share"]),
    "quality_cost_thumb": m.cost_figure(m.rule_of_thumb),
    "failure_most": m.cost_figure(m.failure_and_opportunity),
    "prevention_least": m.cost_figure(m.prevention_over_least),
    "keeping": m.quotient(m.key_figure("cost_of_winning"), m.key_figure("cost_of_keeping")),
    "few_new": m.loss_over_own(),
    "few_silent": m.loss_over_own(suffix=", nobody told"),
    "few_mature": m.loss_over_own(prefix="mature, "),
    "captives_complain": _apart("all captive", "baseline", m.complaining),
    "spurious_rises": _apart("switching is hard", "switching is easy", m.spurious),
    "price_a_tenth": m.better_pleased("price a tenth up", "price of today"),
    "price_three_tenths": m.better_pleased("price three tenths up", "price of today"),
}
