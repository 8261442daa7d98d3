"""What else people call parameters and outputs: for `sim explain`, and for suggestions after a wrong name.

Words stand in small letters, with spaces. A target is the path of a parameter, or the name of an output as it stands in
an experiment; a test holds that each exists.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.words import translated


class Synonym(NamedTuple):
    """What a word may mean.

    Attributes:
        parameters: Paths, the likeliest first.
        outputs: Names of outputs, the likeliest first.
    """

    parameters: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


_PRICE = Synonym(
    (
        "firm.strategy.price_index",
        "firm.strategy.usual_price",
        "movement.price",
        "customers.encounters.spend_per_purchase",
        "customers.encounters.price_elasticity",
    ),
    ("revenue", "margin"),
)
_CHURN = Synonym(
    ("customers.bonds.attrition_per_year", "customers.bonds.reviews_per_year", "movement.switch_share"),
    ("yearly_loss", "retention", "survival@12", "departed.total"),
)
_RESPONSE = Synonym(
    ("firm.desk.agents", "firm.desk.handling_hours", "firm.desk.investigation_days", "firm.desk.speed_target_days"),
    ("answer_days.mean", "wait_days.mean"),
)
_EMPOWERMENT = Synonym(("firm.desk.front_line_resolution", "firm.desk.logged_share"), ("front_line_resolved.total",))
_NPS = Synonym((), ("nps", "promoters.end", "detractors.end"))
_STAFF = Synonym(("firm.desk.agents", "firm.desk.agent_cost", "firm.desk.sized_by_load", "firm.desk.hours_per_year"))
_LIFETIME = Synonym(("money.discount_rate",), ("lifetime_value", "customer_equity", "profit"))
_MARKETING = Synonym(
    ("firm.strategy.advertising_hazard", "firm.strategy.advertising_cost"), ("cost_of_winning", "won_advertising.total")
)
_TALK = Synonym(
    ("talk.shares.dissatisfied", "talk.reach.dissatisfied", "market.network.mean_degree"),
    ("talk_ratio", "heard_negative.total", "heard_positive.total"),
)
_GOODWILL = Synonym(("firm.desk.compensation", "firm.desk.remedy_cost"), ("compensation_cost.total",))
_COMPLAINTS = Synonym(
    ("voice.complain_share", "firm.desk.ease", "customers.sociability.complaint_tendency"),
    ("complaint_share", "complained.total", "registered.total", "seen_share"),
)
_CONTRACT = Synonym(("firm.contract.months", "firm.contract.exit_fee", "firm.contract.notice_months"), ("bound.end",))
_QUALITY = Synonym(
    ("firm.systems.service.reliability", "firm.systems.failure_scale", "firm.systems.staff_variation"),
    ("quality_cost_share", "gap_mean.mean"),
)
_FAILURES = Synonym(
    ("firm.systems.failure_scale", "firm.systems.interception_share"), ("failures_felt.total", "failure_share.mean")
)
_SWITCHING = Synonym(
    (
        "customers.bonds.switching_cost",
        "customers.bonds.captive_share",
        "firm.contract.exit_fee",
        "movement.switching_cost",
    ),
    ("left_switch.total",),
)
_SATISFACTION = Synonym(
    ("customers.judgement.initial_satisfaction", "customers.judgement.satisfaction_at_reference"),
    ("satisfaction", "acsi", "dissatisfied_share", "satisfaction_mean.last_year"),
)

SYNONYMS: dict[str, Synonym] = {
    **dict.fromkeys(("price", "prices", "pricing", "price increase", "discount", "tariff", "fee"), _PRICE),
    **dict.fromkeys(("churn", "churn rate", "attrition", "defection", "cancellation", "turnover of customers"), _CHURN),
    **dict.fromkeys(("retention", "retention rate", "loyalty rate", "renewal rate"), _CHURN),
    **dict.fromkeys(
        (
            "response time",
            "waiting time",
            "wait",
            "speed",
            "speed of answer",
            "time to resolve",
            "resolution time",
            "turnaround",
            "sla",
            "service level",
            "backlog",
        ),
        _RESPONSE,
    ),
    **dict.fromkeys(
        (
            "empowerment",
            "empowered staff",
            "first contact resolution",
            "first call resolution",
            "fcr",
            "front line",
            "autonomy",
        ),
        _EMPOWERMENT,
    ),
    **dict.fromkeys(("nps", "net promoter score", "net promoter", "promoters", "recommendation"), _NPS),
    **dict.fromkeys(
        ("staff", "staffing", "headcount", "fte", "agents", "call centre", "call center", "helpdesk"), _STAFF
    ),
    **dict.fromkeys(
        ("clv", "cltv", "ltv", "lifetime value", "customer lifetime value", "customer value", "customer equity"),
        _LIFETIME,
    ),
    **dict.fromkeys(("marketing", "advertising", "promotion", "acquisition", "cac", "acquisition cost"), _MARKETING),
    **dict.fromkeys(("word of mouth", "wom", "referral", "referrals", "buzz", "social media", "reviews"), _TALK),
    **dict.fromkeys(("compensation", "refund", "refunds", "voucher", "vouchers", "goodwill", "gesture"), _GOODWILL),
    **dict.fromkeys(("complaint", "complaints", "complaint rate", "tickets", "cases", "claims"), _COMPLAINTS),
    **dict.fromkeys(
        ("contract", "contract length", "commitment", "lock in", "minimum term", "notice period"), _CONTRACT
    ),
    **dict.fromkeys(("quality", "service quality", "servqual", "reliability"), _QUALITY),
    **dict.fromkeys(("failure", "failures", "errors", "defects", "defect rate", "incidents", "outages"), _FAILURES),
    **dict.fromkeys(("switching cost", "switching costs", "barriers", "inertia", "captivity"), _SWITCHING),
    **dict.fromkeys(("satisfaction", "csat", "customer satisfaction", "acsi", "happiness"), _SATISFACTION),
    "apology": Synonym(("firm.desk.apology", "firm.desk.apology_hours")),
    "follow up": Synonym(("firm.desk.follow_up", "firm.desk.follow_up_cost")),
    "win back": Synonym(("firm.win_back.contacts_per_year", "firm.win_back.acceptance_share"), ("won_back.total",)),
    "market share": Synonym(("firm.initial_share",), ("market_share",)),
    **dict.fromkeys(
        ("rival", "rivals", "competitor", "competitors"),
        Synonym(("rivals[].name", "rivals[].strategy.price_index"), ("left_switch.total",)),
    ),
    **dict.fromkeys(
        ("workload", "understaffing", "burnout", "morale"),
        Synonym(("firm.people.followed", "firm.people.staffing", "firm.people.follow_load"), ("work_standard.mean",)),
    ),
    **dict.fromkeys(
        ("corrective action", "continuous improvement", "iso 9001"),
        Synonym(("firm.learning.steering", "firm.certificate.held"), ("corrections.total",)),
    ),
    **dict.fromkeys(
        ("usage", "share of wallet", "cross selling", "upselling"),
        Synonym(("customers.encounters.satisfaction_effect", "firm.programme.frequency"), ("revenue",)),
    ),
    **dict.fromkeys(
        ("gaps", "service gaps"),
        Synonym(("firm.learning.servqual_share", "firm.systems.service.reliability"), ("gap_mean.mean",)),
    ),
    "spurious loyalty": Synonym(("firm.programme.barrier", "customers.bonds.switching_cost")),
    **dict.fromkeys(
        ("price war", "price match", "price matching"), Synonym(("firm.price_reply.cuts",), ("price_asked.mean",))
    ),
    "promise": Synonym(
        ("firm.strategy.promise.reliability", "customers.expectations.promise_pull"), ("gap_mean.mean",)
    ),
    "expectation": Synonym(("customers.expectations.will.reliability", "customers.expectations.should.reliability")),
    "training": Synonym(("firm.people.training", "firm.onboarding.spending", "firm.costs.prevention")),
    "onboarding": Synonym(("firm.onboarding.spending", "firm.onboarding.extra_failures", "firm.onboarding.days")),
    "season": Synonym(("customers.encounters.purchases_per_year", "firm.systems.failure_scale")),
    "seasonality": Synonym(("customers.encounters.purchases_per_year", "firm.systems.failure_scale")),
    "frequency": Synonym(("customers.encounters.purchases_per_year", "customers.encounters.frequency_cv")),
    "arpu": Synonym(("customers.encounters.spend_per_purchase",), ("revenue", "margin_per_customer_year")),
    "spend": Synonym(("customers.encounters.spend_per_purchase", "customers.encounters.spend_cv"), ("revenue",)),
    "profit": Synonym(("firm.strategy.gross_margin",), ("profit", "margin", "net_present_value")),
    "roi": Synonym(("money.discount_rate",), ("net_present_value", "profit")),
    "cost of quality": Synonym(("firm.costs.prevention", "firm.costs.appraisal"), ("quality_cost_share",)),
    "population": Synonym(("market.customers", "market.entrants_per_year")),
    "network": Synonym(("market.network.kind", "market.network.mean_degree", "market.network.file")),
    "horizon": Synonym(("run.periods", "run.period")),
}


def meant(words: str) -> Synonym:
    """What a word may mean besides a parameter's own name; nothing where it is in no table.

    >>> meant("Response-Time").outputs, meant("ease").parameters
    (('answer_days.mean', 'wait_days.mean'), ())
    """
    folded = " ".join(words.lower().replace("_", " ").replace("-", " ").replace(".", " ").split())
    own = SYNONYMS.get(folded)
    return own or next((found for name, found in SYNONYMS.items() if translated(name) == folded), Synonym())
