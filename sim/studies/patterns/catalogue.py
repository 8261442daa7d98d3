"""All patterns, and what was learnt from tuning."""

from __future__ import annotations

from sim.studies.patterns.baseline_patterns import LEVELS
from sim.studies.patterns.economy_patterns import ECONOMY
from sim.studies.patterns.mechanisms import MECHANISMS
from sim.studies.patterns.patterns_table import PatternGroup

GROUPS: tuple[PatternGroup, ...] = (*LEVELS, *MECHANISMS, *ECONOMY)
"""Every pattern, in the order of the table."""

FINDINGS = (
    "**Not every row is independent evidence.** The defaults were tuned twice, and with the economy of prices and"
    " costs three measures were changed: the price of ease was halved, what pays is profit with the value of "
    "customers in place of five years' margin, and goods no longer stand among the costs that the cost of poor "
    "quality is a share of; before, it did not pay, and the share was 15%. Of the defaults three were changed "
    "with this table in view, and the rows that they moved show that the pattern can be had, not that it came by "
    "itself: how many of the dissatisfied and of the satisfied talk (good words per bad word), gross margin"
    " .55 instead of .45 (cost of poor quality over five years was 18%), and the last step of satisfaction .2 "
    "instead of .08 (cumulative satisfaction rose after an improvement and did not fade). Five years as the "
    "horizon of that cost was chosen then too. The price of ease and the levels compared were chosen after a "
    "sweep. What is told, what a word does and what advertising does without it were set so that a fifth to a half "
    "of those who join do so by talk: of the two rows on talk the first was aimed at, the second came with it. "
    "For the new product four settings of talk and advertising were tried and the one with the largest "
    "ratio is shown; with talk near the published strengths the ratio was 1.2 to 1.3, and with five replications "
    "its interval reached down to 1. Some rows follow nearly directly from one parameter: the reach of a bad "
    'story, the shares of complainers who buy again (TARP), more ease and more complaints. Limits such as "by '
    'far" (5) and "clearly" (1.1) are ours.',
    "**Few dissatisfied, or mild consequences: not both away.** If six of ten who are dissatisfied and silent leave "
    "(TARP, small losses), a loss of 10 to 30% a year leaves room for no more than about one dissatisfying encounter "
    "per eight customers and year, which is what the defaults give. Surveys that find a third to three quarters of "
    "customers with a problem in a year (TARP; Customer Rage 2015) ask about all suppliers of a household: that is no "
    "measure of one firm, and nothing here is held against it. With one organisation it is some 15 to 17% (UK Customer "
    "Satisfaction Index), as in the shipped industries (`docs/industries.md`); most of these problems stay within the "
    "zone of tolerance.",
    "**Cost of poor quality is a matter of the horizon.** Measured against the same world without failures, "
    "opportunity cost more than doubles its share from two years to five. A published 20 to 40% without a horizon "
    "says little; here it is claimed for five years. The rule of thumb for a lost customer's remaining value, ended "
    "with the run, stays below it, as it knows nothing of whom talk keeps away.",
    "**A desk pays where an answer keeps customers, and little where 4% complain.** Paid by the hour, as it works, a "
    "desk that nobody reaches costs nothing: closing it loses half a per cent of three years' profit, the value of "
    "the customers in hand with it (`sim advice scenarios/baseline.yaml --levers desk.agents`). Paid idle or not "
    "(`firm.desk.dedicated`), one person for the few complaints of such a market costs more than it keeps.",
)
"""What was learnt from tuning: texts for the documentation."""
