"""The table of patterns as a page in Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from sim.model.scenario import Scenario
from sim.studies.patterns.catalogue import FINDINGS, GROUPS
from sim.studies.patterns.patterns_table import HOLDS, Pattern, Row, expected, seen
from sim.words import say

_HEAD = """# Patterns

Pattern-oriented modelling (Grimm et al. 2005): the defaults are tuned once, to a handful of levels, and then many
patterns that were observed independently of each other must come out together. Each row is one number. It *holds*
where the whole 95% interval lies where it is expected, *does not hold* where none of it does, and is *undecided*
between. Rows in italics are contrasts: shown, not claimed.

This page is made by

```
sim patterns --replications {replications} --out docs/patterns.md
```

from {people:,} people, {replications} replications of each world, seed {seed}. Worlds that are compared have the same
luck, person by person; intervals are t-intervals over replications, of differences within a replication where two
worlds are compared. They show the luck between runs of one model, not the doubt about its parameters. pp: percentage
points.
"""


def _line(row: Row) -> str:
    value, interval = seen(row)
    label = row.pattern.label if row.pattern.required else f"*{row.pattern.label}*"
    cells = (label, row.pattern.source, expected(row.pattern), value, interval, row.verdict)
    return "| " + " | ".join(cells) + " |"


def _sentence(pattern: Pattern) -> str:
    return pattern.label[0].upper() + pattern.label[1:]


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def page(rows: Sequence[Row], scenario: Scenario, replications: int) -> str:
    """The documentation page: table, what is measured, findings."""
    required = [row for row in rows if row.pattern.required]
    holding = sum(row.verdict == HOLDS for row in required)
    head = _HEAD.format(replications=replications, people=scenario.market.customers, seed=scenario.run.seed)
    parts = [
        head,
        say("**{holding} of {required} claimed patterns hold.**\n", holding=holding, required=len(required)),
    ]
    parts.append(
        say(
            "## The table\n\n| pattern | source | expected | seen | 95% interval | verdict "
            "|\n|---|---|---|---:|---|---|"
        )
    )
    parts.append("\n".join(_line(row) for row in rows) + "\n")
    parts.append(say("## What is measured\n"))
    parts += [f"### {group.title}\n\n{_wrapped(group.text)}\n" for group in GROUPS]
    parts.append("## Findings\n")
    contrasts = [row.pattern for row in rows if row.pattern.note]
    parts += [_wrapped(f"- {finding}", "  ") for finding in FINDINGS]
    parts += [
        f"- **{pattern.label[0].upper() + pattern.label[1:]}** (contrast). {pattern.note}" for pattern in contrasts
    ]
    failing = [row for row in required if row.verdict != HOLDS]
    parts += [f"- **{_sentence(row.pattern)}: {row.verdict}.**" for row in failing]
    return "\n".join(parts) + "\n"
