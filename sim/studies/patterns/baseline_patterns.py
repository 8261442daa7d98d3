"""Patterns of the baseline itself: satisfaction, talk, loss, and the iceberg."""

from __future__ import annotations

from math import inf

from sim.studies.patterns import measured as m
from sim.studies.patterns.patterns_table import ABOVE_0, Pattern, PatternGroup

_TARP = "TARP, second-hand"

LEVELS: tuple[PatternGroup, ...] = (
    PatternGroup(
        "Satisfaction",
        "Cumulative satisfaction (0-100) of the focal firm's customers in the second year of the baseline. The "
        "skewness is that of the distribution over customers on the last day. ACSI: three items, equal weights "
        "(items of Fornell et al. 1996; weights assumed). NPS: 9-10 against 0-6 of satisfaction / 10, rounded. No "
        "skewed number is drawn for "
        "satisfaction: without saturation towards 100 (Mittal, Ross & Baldasare 1998) about half of the skewness is "
        "left, and that is the work of bad encounters.",
        (
            Pattern(
                "satisfaction",
                "mean satisfaction is high",
                "Peterson & Wilson 1992",
                "points",
                (70, 85),
                m.key_figure("satisfaction"),
            ),
            Pattern(
                "skewness",
                "satisfaction is skewed to the left",
                "Peterson & Wilson 1992",
                "index",
                (-inf, -0.2),
                m.per_world("baseline", m.skewness),
            ),
            Pattern("acsi", "ACSI", "ACSI, all-economy average since 1994", "points", (70, 80), m.key_figure("acsi")),
            Pattern(
                "nps",
                "Net Promoter Score",
                "Reichheld 2003 (scale); assumption (range)",
                "points",
                (10, 50),
                m.key_figure("nps"),
            ),
        ),
    ),
    PatternGroup(
        "Word of mouth",
        "People told something good over people told something bad, baseline, two years; and how many people one "
        "teller of either sort tells. The second follows from `talk.reach`, nearly directly; the first does not: it "
        "is what remains when a few who are dissatisfied and talk much meet many who are content and talk little "
        "(propensity, incidence and impact apart).",
        (
            Pattern(
                "talk_ratio",
                "good words per bad word: about 3",
                "East, Hammond & Wright 2007",
                "ratio",
                (2, 4),
                m.key_figure("talk_ratio"),
            ),
            Pattern(
                "bad_story",
                "one bad story reaches more people than one good one",
                "TARP; Anderson 1998",
                "ratio",
                (1, inf),
                m.per_world("baseline", m.reach_ratio),
            ),
        ),
    ),
    PatternGroup(
        "Talk that moves customers",
        "The same people with the same luck in a world where nobody tells anything. By talk: of those who joined the "
        "firm in three years, the share who do not join it there. Keaveney 1995 found half of the new services that "
        "replaced a left one chosen on a recommendation (in East's account); joining counts those without a "
        "supplier too. Improvement: half a point more on every dimension from the second year on; customers gained "
        "at the end of the fifth year, over those gained without talk.",
        (
            Pattern(
                "joined_by_talk",
                "of those who join, a fifth to a half would not have without talk",
                "Keaveney 1995, second-hand; assumption (range)",
                "share",
                (0.2, 0.5),
                m.joined_by_talk,
            ),
            Pattern(
                "improvement_by_talk",
                "a lasting improvement wins more customers with talk than without",
                "assumption: by a fifth at least",
                "ratio",
                (1.2, inf),
                m.quotient(m.won_by_improvement(), m.won_by_improvement(", nobody talks")),
            ),
        ),
    ),
    PatternGroup(
        "Loss and retention",
        "Yearly loss: 1 minus yearly retention, all causes, baseline. Rise with tenure: the share kept in the fifth "
        "year minus the share kept in the first, for those who are customers at the start. It is measured in a world "
        "where people differ (polarized attrition; frequency, spend, switching cost, expectations, disposition) and "
        "loyalty weighs nothing, and in one where people are the same and loyalty weighs, each against a world with "
        "neither, same luck. The defaults have both.",
        (
            Pattern(
                "yearly_loss",
                "customers lost in a year",
                "Reichheld 1996: half in five years; assumption (range)",
                "share",
                (0.10, 0.30),
                m.key_figure("yearly_loss"),
            ),
            Pattern(
                "rise",
                "cohort retention rises with tenure",
                "Fader & Hardie 2007",
                "percentage points",
                ABOVE_0,
                m.per_world("five years", m.rise_with_tenure),
            ),
            Pattern(
                "rise_heterogeneity",
                "it rises by heterogeneity alone",
                "Fader & Hardie 2007",
                "percentage points",
                ABOVE_0,
                m.difference(
                    m.per_world("heterogeneity without loyalty", m.rise_with_tenure),
                    m.per_world("neither heterogeneity nor loyalty", m.rise_with_tenure),
                ),
            ),
            Pattern(
                "rise_loyalty",
                "it rises by loyalty alone",
                "assumption, after Dick & Basu 1994",
                "percentage points",
                ABOVE_0,
                m.difference(
                    m.per_world("loyalty without heterogeneity", m.rise_with_tenure),
                    m.per_world("neither heterogeneity nor loyalty", m.rise_with_tenure),
                ),
            ),
        ),
    ),
    PatternGroup(
        "The iceberg",
        "Baseline under `tarp_minor`, two years: customers who were dissatisfied and left for ever without a word, "
        "per customer who left for ever after a complaint; and complaints in the firm's register per dissatisfying "
        "encounter.",
        (
            Pattern(
                "silent_lost",
                "of the lost, the silent outnumber the complainers by far",
                _TARP,
                "ratio",
                (5, inf),
                m.key_figure("silent_lost_ratio"),
            ),
            Pattern(
                "register",
                "the register shows a small fraction of the dissatisfaction",
                f"{_TARP}; Goodman 1999",
                "share",
                (0, 0.10),
                m.key_figure("seen_share"),
            ),
        ),
    ),
)
