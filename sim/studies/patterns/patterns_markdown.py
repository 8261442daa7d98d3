"""The table of patterns as a page in Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from sim.model.scenario import Scenario
from sim.studies.patterns.catalogue import FINDINGS, GROUPS
from sim.studies.patterns.patterns_table import HOLDS, Pattern, SeenPattern, expected, seen
from sim.words import say, translated
from sim.words.numbers import filled

_HEAD = """# Patterns

Pattern-oriented modelling (Grimm et al. 2005): the defaults are tuned once, to a handful of levels, and then many
patterns that were observed independently of each other must come out together. Each row is one number. It *holds*
where the whole 95% interval lies where it is expected, *does not hold* where none of it does, and is *undecided*
between; *not measured* is what too few people met. Rows in italics are contrasts: shown, not claimed.

This page is made by

```
sim patterns --replications {replications} --out docs/patterns.md
```

from {people:,} people, {replications} replications of each world, seed {seed}. Worlds that are compared have the same
luck, person by person; intervals are t-intervals over replications, of differences within a replication where two
worlds are compared. They show the luck between runs of one model, not the doubt about its parameters. pp: percentage
points.
"""


def _line(row: SeenPattern) -> str:
    value, interval = seen(row)
    told = translated(row.pattern.label)
    label = told if row.pattern.required else f"*{told}*"
    source, verdict = translated(row.pattern.source), translated(row.verdict)
    cells = (label, source, expected(row.pattern), value, interval, verdict)
    return "| " + " | ".join(cells) + " |"


def _sentence(pattern: Pattern) -> str:
    label = translated(pattern.label)
    return label[0].upper() + label[1:]


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def page(rows: Sequence[SeenPattern], scenario: Scenario, replications: int) -> str:
    """The documentation page: table, what is measured, findings."""
    required = [row for row in rows if row.pattern.required]
    holding = sum(row.verdict == HOLDS for row in required)
    values = {"replications": replications, "people": scenario.market.customers, "seed": scenario.run.seed}
    parts = [
        filled(translated(_HEAD), values),
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
    parts += [f"### {translated(group.title)}\n\n{_wrapped(translated(group.text))}\n" for group in GROUPS]
    parts.append(say("## Findings\n"))
    contrasts = [row.pattern for row in rows if row.pattern.note]
    parts += [_wrapped(f"- {translated(finding)}", "  ") for finding in FINDINGS]
    parts += [
        say("- **{pattern}** (contrast). {note}", pattern=_sentence(pattern), note=translated(pattern.note))
        for pattern in contrasts
    ]
    failing = [row for row in required if row.verdict != HOLDS]
    parts += [f"- **{_sentence(row.pattern)}: {translated(row.verdict)}.**" for row in failing]
    return "\n".join(parts) + "\n"
