"""All patterns, and what was learnt from tuning: read from `catalogue.yaml` beside this file."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import yaml

from sim.studies.patterns.how_measured import MEASURES
from sim.studies.patterns.patterns_table import Pattern, PatternGroup
from sim.studies.patterns.variants import EASE_COST, LET_DOWN

_TOLD = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))


def _pattern(told: dict[str, Any]) -> Pattern:
    low, high = told["expected"]
    return Pattern(
        told["name"],
        told["label"],
        told["source"],
        told["unit"],
        (-math.inf if low is None else low, math.inf if high is None else high),
        MEASURES[told["name"]],
        required=not told.get("contrast", False),
        note=told.get("note", ""),
    )


GROUPS: tuple[PatternGroup, ...] = tuple(
    PatternGroup(
        told["title"],
        told["text"].format(ease_cost=EASE_COST, let_down=100 * LET_DOWN),
        tuple(map(_pattern, told["patterns"])),
    )
    for told in _TOLD["groups"]
)
"""Every pattern, in the order of the table."""

FINDINGS: tuple[str, ...] = tuple(_TOLD["findings"])
"""What was learnt from tuning: texts for the documentation."""
