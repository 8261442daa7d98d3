"""Which assumptions a figure usually rests on most, with the values that they have in a scenario.

No run tells on what its own figures rest. What they usually rest on was measured: `docs/usual_assumptions.py` moves
every assumption of shipped plans and scenarios, one at a time, and writes `docs/usual_assumptions.md`.
"""

from __future__ import annotations

import re
from statistics import fmean
from typing import Any

from sim.model.scenario import Scenario
from sim.parameters.labels import unit_in
from sim.parameters.paths import locate, value_at
from sim.parameters.plain_words import information
from sim.parameters.registry import ParameterInfo
from sim.results.amounts import value_shown
from sim.results.outputs import PROFIT, output_label
from sim.vocabulary.parameter import ASSUMPTION
from sim.words import listed, percent, say, translated

PLAN = "plan"
"""What a plan brings against today, margin and value of customers together."""

USUALLY: dict[str, tuple[str, ...]] = {
    PLAN: (
        "firm.strategy.gross_margin",
        "customers.encounters.purchases_per_year",
        "customers.encounters.spend_per_purchase",
        "customers.judgement.tolerance",
        "rivals.*.strategy.price_index",
        "customers.bonds.switching_cost",
        "firm.costs.operation_share",
        "customers.judgement.loss_aversion",
        "rivals.*.systems.service",
    ),
    PROFIT: (
        "customers.encounters.spend_per_purchase",
        "firm.strategy.gross_margin",
        "rivals.*.strategy.price_index",
        "customers.encounters.purchases_per_year",
        "rivals.*.systems.service",
        "customers.judgement.tolerance",
    ),
    "customers": (
        "rivals.*.strategy.price_index",
        "rivals.*.systems.service",
        "customers.judgement.tolerance",
        "rivals.*.systems.staff_variation",
        "firm.systems.failures.*.probability",
        "rivals.*.strategy.promise",
    ),
    "retention": (
        "customers.judgement.tolerance",
        "rivals.*.strategy.price_index",
        "rivals.*.systems.service",
        "rivals.*.strategy.promise",
        "customers.bonds.reviews_per_year",
        "movement.switch_share",
    ),
    "satisfaction": (
        "customers.judgement.satisfaction_at_reference",
        "rivals.*.strategy.price_index",
        "customers.judgement.disconfirmation_effect",
        "customers.judgement.loss_aversion",
        "customers.judgement.tolerance",
        "customers.judgement.disposition_spread",
    ),
    "seen_share": (
        "firm.systems.failures.*.complaint_propensity",
        "voice.complain_share",
        "customers.judgement.loss_aversion",
        "firm.systems.failures.*.severity",
        "voice.complaint_drivers.person",
        "customers.judgement.tolerance",
    ),
    "complainers_kept": (
        "voice.repurchase.resolved_quickly",
        "firm.systems.failures.*.severity",
        "voice.repurchase.unresolved",
        "customers.bonds.switching_cost",
        "customers.judgement.tolerance",
        "firm.initial_share",
    ),
}
"""By figure, the assumption that usually moves it most first; `*` stands for all rivals, or all kinds of failures, a
section for its parts. Further ones stand in where a scenario has no rivals."""

MOST_TOLD = 3

_SCALE = re.compile(r" \(\d+-\d+\)")
"""What says from where to where points go."""

_LISTED = re.compile(r"^rivals\.\d+\.")

RUNS_FIGURE = {
    "register": "seen_share",
    "fate": "customers",
    "failures": PROFIT,
    "talk": PROFIT,
    "answers": "complainers_kept",
    "keeping": PROFIT,
    "departures": "retention",
    "loyalty": "retention",
    "captives": "satisfaction",
    "voice": "complainers_kept",
    "change": PROFIT,
    "load": "retention",
    "steering": PROFIT,
}
"""The figure that the answer of a run is told in, by what the scenario asks."""


def usually_rests_on(scenario: Scenario, figure: str = "") -> list[str]:
    """The three assumptions on which a figure usually rests most, and that they are to be checked.

    Args:
        scenario: Whose values are told.
        figure: `plan`, or an output of `USUALLY`; that of the scenario's question if left out.

    >>> usually_rests_on(Scenario(), PLAN)[0][:78]
    'What a plan brings usually rests most on “Gross margin” (55%, assumption), “Pu'
    """
    figure = figure or RUNS_FIGURE.get(scenario.asks, "retention")
    told = [text for text in (_told(name, scenario) for name in USUALLY[figure]) if text][:MOST_TOLD]
    if not told:
        return []
    if figure == PLAN:
        return [
            say("What a plan brings usually rests most on {assumptions}: check these first.", assumptions=listed(told))
        ]
    return [
        say(
            "“{figure}” usually rests most on {assumptions}: check these first.",
            figure=output_label(figure),
            assumptions=listed(told),
        )
    ]


def _told(name: str, scenario: Scenario) -> str:
    """An assumption with its value and where that comes from; empty where the scenario has none."""
    found = _registered(name, scenario)
    if found is None:
        return ""
    info, values, is_section, is_set = found
    label = translated(info.groups[-1]) if is_section else translated(info.label)
    if name.startswith("rivals."):
        label = say("Rivals, {label}", label=label)
    elif "*" in name:
        label = say("Failures, {label}", label=label)
    unit = _SCALE.sub("", unit_in(info.unit, scenario.money.currency))
    value = fmean(values)
    shown = (
        percent(value, 0 if abs(100.0 * value - round(100.0 * value)) < 0.05 else 1)
        if info.unit == "share"
        else f"{value_shown(float(f'{value:.3g}'))} {unit}"
        if info.unit not in ("ratio", "")
        else value_shown(float(f"{value:.3g}"))
    )
    if is_set:
        origin = say("set in the scenario")
    else:
        origin = say("assumption") if ASSUMPTION in info.source else say("measured elsewhere")
    return say("“{label}” ({value}, {origin})", label=label, value=shown, origin=origin)


def _registered(name: str, scenario: Scenario) -> tuple[ParameterInfo, list[float], bool, bool] | None:
    """What the registry says of it, its values, whether these are a section's parts, and whether any of them is set."""
    tree, kind = scenario.model_dump(), type(scenario)
    values: list[float] = []
    info, is_section, is_set = None, False, False
    for one in _each(name, scenario, tree):
        value: Any = value_at(tree, locate(tree, one, kind)[0])
        is_section = isinstance(value, dict)
        parts = {f"{one}.{part}": number for part, number in value.items()} if is_section else {one: value}
        for path, number in parts.items():
            info = information(_LISTED.sub("rivals[].", path), kind)
            is_set |= info is not None and number != info.default
            values.append(float(number))
    return None if info is None else (info, values, is_section, is_set)


def _each(name: str, scenario: Scenario, tree: dict[str, Any]) -> list[str]:
    """The parameters that a pattern stands for."""
    head, star, rest = name.partition("*")
    if not star:
        return [name]
    if head == "rivals.":
        return [f"{head}{number}{rest}" for number in range(len(scenario.rivals))]
    return [f"{head}{kind}{rest}" for kind in value_at(tree, locate(tree, head[:-1], type(scenario))[0])]
