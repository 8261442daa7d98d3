"""Patterns of cause and effect: answers, ease, expectations, cost of quality, a few who are let down."""

from __future__ import annotations

from math import inf

from sim.studies.patterns import measured as m
from sim.studies.patterns.patterns_table import ABOVE_0, BELOW_0, Pattern, PatternGroup
from sim.studies.patterns.variants import EASE_COST, LET_DOWN

_FORNELL = "Fornell & Wernerfelt 1987, 1988"
_TARP = "TARP, second-hand"
_GOLDENBERG = "Goldenberg et al. 2007"
_SOONER = "half complain, answered sooner"
_ANSWERED = ("recovered", "failed")
_ENDED = ("unanswered", "unresolved", "resolved", "resolved_quickly")

MECHANISMS: tuple[PatternGroup, ...] = (
    PatternGroup(
        "Answers to complaints",
        "A world in which half complain (and the desk is ten times as large), since the baseline's few complaints "
        "would need millions of customers. Buying again: the share kept right after the answer, minus the share of "
        "the silent who stay. Followed: satisfaction on the day, and who is a customer still after half a year, for "
        "complainers whose answer raised (recovered) or lowered (failed) their satisfaction, for the silent, and for "
        "customers on a day without trouble. The recovery paradox is that the recovered are more satisfied than "
        "those who never had trouble. Sooner: all whose complaint has ended, where inquiries take half as many days.",
        (
            Pattern(
                "answered_well",
                "answered well: more buy again than of the silent",
                _TARP,
                "percentage points",
                ABOVE_0,
                m.difference(
                    m.per_world("half complain", m.kept("resolved", "resolved_quickly")),
                    m.per_world("half complain", m.silent_kept),
                ),
            ),
            Pattern(
                "answered_quickly",
                "answered quickly: still more",
                _TARP,
                "percentage points",
                ABOVE_0,
                m.difference(
                    m.per_world("half complain", m.kept("resolved_quickly")),
                    m.per_world("half complain", m.kept("resolved")),
                ),
            ),
            Pattern(
                "unanswered",
                "no answer: fewer buy again than of the silent",
                "assumption, after Bitner, Booms & Tetreault 1990",
                "percentage points",
                BELOW_0,
                m.difference(
                    m.per_world("half complain", m.kept("unanswered")), m.per_world("half complain", m.silent_kept)
                ),
            ),
            Pattern(
                "unresolved",
                "not resolved: fewer buy again than of the silent",
                "Bitner et al. 1990; TARP says the opposite",
                "percentage points",
                BELOW_0,
                m.difference(
                    m.per_world("half complain", m.kept("unresolved")), m.per_world("half complain", m.silent_kept)
                ),
                required=False,
                note="Two sources disagree. Bitner, Booms & Tetreault (1990) call a failed recovery worse than the "
                "failure; TARP's complainers who were not satisfied say that they will buy again more often than "
                "those who kept silent (46 against 37%, 19 against 9% of large losses). The presets keep TARP's "
                "shares as published, so the double deviation shows in satisfaction, in talk, and in buying again "
                "only where no answer came at all. A heavier weight of justice could turn the sign, but it would "
                "count twice what TARP's four shares hold already.",
            ),
            Pattern(
                "failed_still",
                "a failed answer: customers still after half a year, against the silent",
                "Bitner et al. 1990; TARP says the opposite",
                "percentage points",
                BELOW_0,
                m.difference(m.followed("failed", "still"), m.followed("silent", "still")),
                required=False,
                note="The same disagreement, half a year later, for all failed answers together.",
            ),
            Pattern(
                "failed_satisfaction",
                "a failed answer is worst of all: satisfaction against the silent",
                "Bitner, Booms & Tetreault 1990",
                "points",
                BELOW_0,
                m.difference(m.followed("failed", "satisfaction"), m.followed("silent", "satisfaction")),
            ),
            Pattern(
                "paradox",
                "recovery paradox in satisfaction: recovered against undisturbed",
                "de Matos, Henrique & Rossi 2007",
                "points",
                ABOVE_0,
                m.difference(m.followed("recovered", "satisfaction"), m.followed("undisturbed", "satisfaction")),
            ),
            Pattern(
                "no_paradox",
                "hardly in repurchase: customers still after half a year, against undisturbed",
                "de Matos, Henrique & Rossi 2007",
                "percentage points",
                (-inf, 0.02),
                m.difference(m.followed("recovered", "still"), m.followed("undisturbed", "still")),
            ),
            Pattern(
                "sooner_satisfaction",
                "answered in half the time: complainers are more satisfied",
                "assumption, after Orsingher, Valentini & de Angelis 2010",
                "points",
                ABOVE_0,
                m.difference(m.followed(_ANSWERED, "satisfaction", _SOONER), m.followed(_ANSWERED, "satisfaction")),
            ),
            Pattern(
                "sooner_kept",
                "and more of them buy again",
                _TARP,
                "percentage points",
                ABOVE_0,
                m.difference(m.per_world(_SOONER, m.kept(*_ENDED)), m.per_world("half complain", m.kept(*_ENDED))),
            ),
        ),
    ),
    PatternGroup(
        "Ease of complaining",
        f"`firm.desk.ease` at 0, 2, 4, 8 over five years. What effort costs is an assumption: {EASE_COST} EUR x ease "
        "squared per customer and year, booked as appraisal (the first notice on the bill is nearly free, each "
        "further channel dearer). The desk keeps its staff, so more complaints also wait longer. What it pays is "
        "profit: the margin of five years with the value of the customers in hand at their end. Where the optimum "
        "lies depends on the price of effort.",
        (
            Pattern(
                "ease_complaints",
                "easier complaining raises the share who complain (ease 2 against 0)",
                _FORNELL,
                "percentage points",
                ABOVE_0,
                m.ease_gain("complaint_share", m.SOME_EASE, 0),
            ),
            Pattern(
                "ease_retention",
                "and yearly retention (ease 4 against 0)",
                _FORNELL,
                "percentage points",
                ABOVE_0,
                m.ease_gain("retention", m.GOOD_EASE, 0),
            ),
            Pattern(
                "ease_pays",
                "it pays (ease 4 against 0)",
                _FORNELL,
                "money",
                ABOVE_0,
                m.ease_gain(m.PROFIT, m.GOOD_EASE, 0),
                required=False,
                note="More complain, more are kept, and the effort costs: which is more cannot be told from luck with "
                "ten replications. Who is silent is held by switching costs too, so that an answer keeps fewer than "
                "it did when silence bound nobody.",
            ),
            Pattern(
                "ease_limit",
                "up to a point (ease 8 against 4)",
                _FORNELL,
                "money",
                BELOW_0,
                m.ease_gain(m.PROFIT, m.HIGH_EASE, m.GOOD_EASE),
            ),
        ),
    ),
    PatternGroup(
        "Expectations that follow",
        "From the second year on all service levels are half a point higher for good; against the same world "
        "without. Delight: the share of encounters that delight. Satisfaction: cumulative, a slow anchor, so that "
        "its gain is highest some nine months after the change and its fading small. Promises: half a point above "
        "and half a point below what is delivered, from the start, two years; positive where the broken promise "
        "costs more than the modest one gains.",
        (
            Pattern(
                "delight_at_once",
                "a lasting improvement delights at once (first quarter)",
                "Boulding et al. 1993",
                "percentage points",
                (0.05, inf),
                m.gain(0, 13, "delighted", "encounters"),
            ),
            Pattern(
                "delight_fades",
                "part of that is gone in the third year after",
                "Boulding et al. 1993",
                "share",
                (0.1, 0.9),
                m.faded,
            ),
            Pattern(
                "satisfaction_gain",
                "satisfaction gains for good (third year after)",
                "Boulding et al. 1993",
                "points",
                ABOVE_0,
                m.gain(104, 156, "satisfaction_sum", "active"),
            ),
            Pattern(
                "satisfaction_fades",
                "less than at its height (months 7 to 12)",
                "Boulding et al. 1993",
                "points",
                BELOW_0,
                m.difference(
                    m.gain(104, 156, "satisfaction_sum", "active"), m.gain(26, 52, "satisfaction_sum", "active")
                ),
            ),
            Pattern(
                "promise_retention",
                "broken promises cost more than modest ones gain: yearly retention",
                "Tversky & Kahneman 1992; Anderson & Sullivan 1993",
                "percentage points",
                ABOVE_0,
                m.asymmetry("retention"),
            ),
            Pattern(
                "promise_money",
                "the same in money",
                "Anderson & Sullivan 1993",
                "money",
                ABOVE_0,
                m.asymmetry(m.PROFIT),
                required=False,
                note="In customers kept the broken promise costs more; in money the modest one gains more, for whom it "
                "keeps is valued with years to come, and the broken promise draws people in who pay while they stay. "
                "What a promise draws and what it costs have no source in money: an optimum of the promise is an "
                "optimum of assumptions.",
            ),
            Pattern(
                "promise_satisfaction",
                "the same in satisfaction",
                "Anderson & Sullivan 1993",
                "points",
                ABOVE_0,
                m.asymmetry("satisfaction"),
                required=False,
                note="In mean satisfaction the two are the same size. A promise half a point off moves the prediction "
                "by less than a tenth of a point, since experience corrects it, and over so small a step value is "
                "nearly straight although losses weigh more than gains. What makes the broken promise dear is the "
                "tail: it brings three times as many more dissatisfying encounters as the modest one takes away, and "
                "the dissatisfied leave.",
            ),
        ),
    ),
    PatternGroup(
        "Cost of poor quality",
        "Prevention, appraisal, internal and external failure, and opportunity cost, over the operating cost that "
        "is booked, goods apart; five years. Opportunity cost is measured: the same world with the same luck and no"
        " failures of the focal firm. It grows with the horizon, since a customer lost early is missed for long: "
        "the two years of the baseline show less than half of it. The rule of thumb (customers lost through "
        "dissatisfaction x remaining value) ends with the run too. Failure: internal and external together. "
        "Keeping: prevention, appraisal, complaint handling and compensation per customer-year; winning: "
        "advertising, welcome and win-back per customer won.",
        (
            Pattern(
                "quality_cost",
                "cost of poor quality, share of operating cost",
                "rule of thumb after Crosby and Juran, second-hand",
                "share",
                (0.20, 0.40),
                m.cost_figure(lambda row: row["quality_cost_share"]),
            ),
            Pattern(
                "quality_cost_thumb",
                "the same with the rule of thumb",
                "rule of thumb after Crosby and Juran, second-hand",
                "share",
                (0.20, 0.40),
                m.cost_figure(m.rule_of_thumb),
                required=False,
                note="The published rule takes the whole life that is lost with a customer; here it ends with the run, "
                "as the measured opportunity cost does, and nothing is told of those who never came because of talk.",
            ),
            Pattern(
                "failure_most",
                "most of it failure and opportunity cost",
                "Feigenbaum and Juran, second-hand",
                "share",
                (0.5, 1),
                m.cost_figure(m.failure_and_opportunity),
            ),
            Pattern(
                "prevention_least",
                "least of it prevention: against the least of the others",
                "Feigenbaum and Juran, second-hand",
                "ratio",
                (0, 1),
                m.cost_figure(m.prevention_over_least),
            ),
            Pattern(
                "keeping",
                "winning a customer costs more than keeping one for a year",
                "notes 'El buen y mal servicio'",
                "ratio",
                (1, inf),
                m.quotient(m.key_figure("cost_of_winning"), m.key_figure("cost_of_keeping")),
            ),
        ),
    ),
    PatternGroup(
        "A few dissatisfied customers",
        f"{100 * LET_DOWN:.0f}% of the firm's customers are let down once, leave for ever, and tell; then the "
        "present value that is lost in five years, over what those few themselves would have brought. Measured for "
        "a new product on a small world without rivals (one in ten is a customer; Bass's p = .03, and talk as "
        "strong as a q of about .17, below the mean of .38 over many products: Sultan, Farley & Lehmann 1990), as "
        "Goldenberg et al. did; with nobody told; and in the mature market of the baseline, where nearly everybody "
        "has a supplier already.",
        (
            Pattern(
                "few_new",
                "new product: they cost clearly more than their own custom",
                _GOLDENBERG,
                "ratio",
                (1.1, inf),
                m.loss_over_own(),
            ),
            Pattern(
                "few_silent",
                "the same when nobody is told: just their own custom",
                "model logic",
                "ratio",
                (0.95, 1.05),
                m.loss_over_own(suffix=", nobody told"),
            ),
            Pattern(
                "few_mature",
                "mature market: they cost clearly more than their own custom",
                _GOLDENBERG,
                "ratio",
                (1.1, inf),
                m.loss_over_own(prefix="mature, "),
                required=False,
                note="Where nearly everybody has a supplier there are few prospects to lose, and a bad word moves the "
                "opinion of listeners who have their own experience. The harm of Goldenberg et al. (2007) is the "
                "harm to a product that is still growing; they modelled nothing else. In the model listeners do not "
                "pass on what they were told, as theirs do, so its figure for the new product is the lower of the "
                "two.",
            ),
        ),
    ),
)
