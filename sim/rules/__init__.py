"""Rules from outside: what a rule file imports, and how such files are read.

A rule file is code, so it is loaded only where someone names it: `sim.run("a.yaml", rules=["habit.py"])`, or
`sim run a.yaml --rule habit.py`. A scenario or an experiment file never loads one. How to write one is told, and done,
in `docs/adding_a_rule.md`.
"""

from sim.compiled import rule
from sim.rules.at import at
from sim.rules.reading import RuleSource, load_rules
from sim.rules.scenario_kinds import kind_with, with_rules
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, STOCK, amounts, counts
from sim.vocabulary.parameter import Section, amount, parameter, share

__all__ = [
    "FLOW",
    "STOCK",
    "Column",
    "RuleSource",
    "Section",
    "amount",
    "amounts",
    "at",
    "counts",
    "kind_with",
    "load_rules",
    "parameter",
    "rule",
    "share",
    "with_rules",
]
