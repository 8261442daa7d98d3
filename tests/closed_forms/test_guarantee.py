"""A guarantee at rest: it is paid for a share of the felt failures, and for all others whose customers complain."""

import math


def test_what_a_guarantee_pays(simulate, flow, closed_form):
    """All encounters dissatisfy and all complain: unasked a binomial share, with those that complaints invoke all."""
    compare = closed_form(
        "service guarantee", "binomial", "6,000 people, 4 purchases a year, .6 of a purchase for a failure"
    )
    for unasked, complain in ((0.25, 0.0), (0.25, 1.0)):
        tables = simulate(
            {
                "market.customers": 6000,
                "run.periods": 12,
                "customers.encounters.purchases_per_year": 4.0,
                "customers.encounters.spend_per_purchase": 40.0,
                "customers.judgement.tolerance": 0.0,
                "firm.systems.failure_scale": 20.0,
                "firm.systems.service.reliability": 1.0,
                "voice.complain_share": complain,
                "voice.headquarters_share": 0.0,
                "voice.escalation_share": 0.0,
                "firm.guarantee": {"payout": 0.6, "unasked": unasked},
            },
            seed=91,
        )
        failed = flow(tables, "failures_felt").sum()
        paid = flow(tables, "guarantee_paid").sum()
        if complain:
            compare.equal("payments, all complain", failed, paid, 0.0)
        else:
            compare("payments, unasked .25", unasked * failed, paid, math.sqrt(failed * unasked * (1 - unasked)))
        assert flow(tables, "compensation_cost").sum() == paid * 24.0
