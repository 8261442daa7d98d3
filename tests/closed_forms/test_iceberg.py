"""The complaint iceberg: with all driver weights zero each preset gives its published shares.

Every encounter dissatisfies; nothing but the preset decides who complains, who leaves, who comes back. For the
slogan and 1,000 dissatisfied: 40 complain, 960 leave in silence, 873.6 of those never return, 86.4 may; if every
complaint is attended to, 28 come back and tell at most 140 people. Shares are binomial; each comparison asks for |z|
< 6: a correct program fails it with probability 2e-9.
"""

import math

import pytest

PRESETS = {
    "slogan": "notes 'Servicio al cliente'",
    "tarp_minor": "TARP, second-hand",
    "tarp_major": "TARP, second-hand",
    "goodman_1999": "Goodman 1999",
    "rage_2015": "Customer Rage 2015",
}
ENDS = ("unanswered", "unresolved", "resolved", "resolved_quickly")
DISSATISFIED = {
    "run.periods": 4,
    "run.period": "month",
    "market.customers": 200_000,
    "customers.encounters.purchases_per_year": 6.0,
    "customers.judgement.tolerance": 0.0,
    "firm.systems.service": {"reliability": 2.0},
    "firm.desk.agents": 10_000.0,
    "firm.desk.handling_hours": 0.0,
}


@pytest.mark.parametrize("preset", PRESETS)
def test_base_shares_of_a_preset(simulate, flow, closed_form, preset):
    """Shares of those who complain, where, and of each outcome who buys again; silent: gone, lapsed, stayed."""
    compare = closed_form(
        f"iceberg, {preset}", PRESETS[preset], "all dissatisfied, drivers 0, 80% answered, half resolved"
    )
    tables = simulate(
        DISSATISFIED
        | {
            "voice.preset": preset,
            "firm.desk.answer_share": 0.8,
            "firm.desk.resolution_share": 0.5,
            "firm.desk.investigation_days": 1.0,
            "firm.desk.speed_target_days": 1.0,
        },
        seed=91,
    )
    scenario = tables.scenario
    voice, desk = scenario.voice, scenario.firm.desk
    count = lambda name: float(flow(tables, name).sum())  # noqa: E731

    def share(name, part, whole, exact):
        if whole == 0 or exact in (0.0, 1.0):
            assert part == exact * whole, name
            return
        compare(name, exact, part / whole, math.sqrt(exact * (1 - exact) / whole))

    decided = count("dissatisfied") - count("pending")
    assert count("satisfied") == count("delighted") == 0
    share("complain", count("complained"), decided, voice.complain_share)
    share("of them: to headquarters", count("complained_headquarters"), count("complained"), voice.headquarters_share)
    front = count("complained_front_line")
    share("front line: resolved", count("front_line_resolved"), front, desk.front_line_resolution)
    share("front line: escalated", count("escalated"), front, (1 - desk.front_line_resolution) * voice.escalation_share)
    gone, lapse = 1 - voice.repurchase.silent, voice.repurchase.silent * voice.lapse_share
    share("silent: never return", count("silent_lost"), count("silent"), gone)
    share("silent: leave, may return", count("silent_lapsed"), count("silent"), lapse)
    for end in ENDS:
        share(f"{end.replace('_', ' ')}: buy again", count(f"{end}_kept"), count(end), getattr(voice.repurchase, end))
    assert count("left_silent") == count("silent_lost")
    assert count("left_complaint") == count("complaint_lost")


def test_expected_counts_of_the_slogan(simulate, flow, closed_form):
    """Per 1,000 dissatisfied, every complaint attended to and every recovered complainer talking to five people."""
    compare = closed_form(
        "iceberg of the slogan, per 1,000 dissatisfied", "notes 'Servicio al cliente'", "every complaint attended to"
    )
    settings = DISSATISFIED | {"voice.preset": "slogan", "talk.shares.recovered": 1.0, "run.periods": 1}
    settings |= {"market.network.kind": "small_world", "market.network.mean_degree": 8, "market.network.rewiring": 0.0}
    tables = simulate(settings, seed=92)
    count = lambda name: float(flow(tables, name).sum())  # noqa: E731
    n = count("dissatisfied") - count("pending")
    assert count("registered") == count("complained")
    for words, names, exact in (
        ("complain", ("complained",), 40.0),
        ("leave in silence", ("silent_lost", "silent_lapsed"), 960.0),
        ("never return", ("silent_lost",), 873.6),
        ("may return", ("silent_lapsed",), 86.4),
    ):
        p = exact / 1000
        compare(words, exact, 1000 * sum(map(count, names)) / n, 1000 * math.sqrt(p * (1 - p) / n))
    ended = sum(map(count, ENDS))
    assert ended == count("complained"), "the desk answers at once"
    kept = count("resolved_kept") + count("resolved_quickly_kept")
    compare("come back", 28.0, 1000 * kept / n, 1000 * math.sqrt(0.028 * 0.972 / n))


def test_people_told_by_the_recovered(simulate, flow, closed_form):
    """28 come back and tell at most 140: five each when everyone who comes back talks."""
    compare = closed_form(
        "people told by the recovered, per 1,000", "notes 'Servicio al cliente'", "all who come back talk, reach 5"
    )
    settings = DISSATISFIED | {"voice.preset": "slogan", "talk.shares.recovered": 1.0, "run.periods": 1}
    settings |= {"market.network.kind": "small_world", "market.network.mean_degree": 8, "market.network.rewiring": 0.0}
    tables = simulate(settings, seed=92)
    n = float((flow(tables, "dissatisfied") - flow(tables, "pending")).sum())
    seen = 1000 * flow(tables, "told_recovered").sum() / n
    compare("told", 140.0, seen, 5000 * math.sqrt(0.028 * 0.972 / n))


@pytest.mark.parametrize(
    ("driver", "setting", "value", "shift"),
    [
        ("ease", "firm.desk.ease", 1.5, 1.5),
        ("person", "customers.sociability.complaint_tendency", -1.0, -1.0),
        ("switching_cost", "customers.bonds.switching_cost", 0.9, 0.4),
        ("expected_success", "firm.desk.resolution_share", 0.25, -0.25),
    ],
)
def test_a_driver_shifts_the_logit(simulate, flow, closed_form, driver, setting, value, shift):
    """logit(share) = logit(base) + weight x driver."""
    base, weight = 0.04, 2.0
    compare = closed_form("logit of the share who complain", "Hirschman 1970 (sign)", f"weight 2 on {driver}")
    tables = simulate(
        DISSATISFIED
        | {
            "run.periods": 1,
            "customers.encounters.purchases_per_year": 36.0,
            "voice.complain_share": base,
            f"voice.complaint_drivers.{driver}": weight,
            setting: value,
        },
        seed=93,
    )
    odds = base / (1 - base) * math.exp(weight * shift)
    exact = odds / (1 + odds)
    n = float((flow(tables, "dissatisfied") - flow(tables, "pending")).sum())
    compare(f"{setting} {value}", exact, flow(tables, "complained").sum() / n, math.sqrt(exact * (1 - exact) / n))
