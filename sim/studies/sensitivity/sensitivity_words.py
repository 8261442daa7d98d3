"""What matters, in plain words: every sentence is made from the numbers, and says so where nothing can be told."""

from __future__ import annotations

import math

import pandas as pd

from sim.parameters import labels
from sim.report.signed_changes import is_money
from sim.results.amounts import change_unit, rounded, scale_of, signed, value_shown
from sim.results.outputs import output_label, output_unit
from sim.results.told_conditions import told_condition
from sim.studies.sensitivity.marginal import FREE, ONE_PAIR, SAVES
from sim.studies.sensitivity.sensitivity import Sensitivity
from sim.words import Sentences, listed, plural, priced, say, written

HARDLY = 0.05
"""A factor whose total index is surely below this hardly matters."""

MUCH = 0.1
"""From this share on, luck in the means is worth a sentence."""

_MOST_NAMED = 3


def _share(value: float) -> str:
    """A share of variance in whole per cent."""
    return say("less than 1%") if value < 0.005 else written(min(value, 1.0), ".0%")


def _percent(value: float) -> str:
    return written(min(max(value, 0.0), 1.0), ".0%")


def size(found: Sensitivity, row: pd.Series, unit: str, *, limits: bool = True) -> str:
    """The main measure of a factor with its interval."""
    value, low, high = float(row["value"]), max(0.0, float(row["low"])), float(row["high"])
    if found.method == "sobol":
        if high < 0.005:
            return _share(high)
        return (
            say("{share} ({low} to {high})", share=_share(value), low=_percent(low), high=_percent(high))
            if limits
            else _share(value)
        )
    scale, words = scale_of(unit)[0], change_unit(unit)
    text = f"{rounded(scale * value, 2)} {words}".strip()
    return (
        say("{value} ({low} to {high})", value=text, low=rounded(scale * low, 2), high=rounded(scale * high, 2))
        if limits
        else text
    )


def headline(found: Sensitivity) -> str:
    """The factor that matters most for each output that has an answer, the first of them."""
    told = [
        say(
            "{factor} matters most for {output}",
            factor=_called(found, ranked["factor"].iloc[0]),
            output=_lower(output_label(output)),
        )
        for output in found.outputs
        if len(ranked := found.ranked(output))
    ]
    return "; ".join(told[:_MOST_NAMED]) if told else say("What matters cannot be told from these runs")


def what_to_do(found: Sensitivity) -> list[str]:
    """What to decide or to find out first, and what needs no better figure."""
    said = Sentences()
    idle: list[set[str]] = []
    for output in found.outputs:
        ranked = found.ranked(output)
        if ranked.empty:
            continue
        first, name = str(ranked["factor"].iloc[0]), _lower(output_label(output))
        factor = _called(found, first)
        said.append(
            say("For {output}, decide on {factor} first.", factor=factor, output=name)
            if found.axis(first).lever
            else say(
                "For {output}, find out {factor} first, from data of your own: no decision moves it as much as not "
                "knowing that.",
                factor=factor,
                output=name,
            )
        )
        idle.append(set(_idle_factors(found, ranked)) if found.method == "sobol" else set())
    needless = sorted(set.intersection(*idle)) if idle else []
    return [*said, say("No better figure is needed of {factors}.", factors=listed(needless))] if needless else said


def dearest(found: Sensitivity) -> list[str]:
    """The lever that surely raises an output most for the next sum of money, an output a line."""
    said = Sentences()
    for output in found.outputs:
        rows, told = found.lever_steps(output), for_money(found, output)
        values = {"output": output_label(output), "amount": sum_of_money(found)}
        raises = [text for text, low in zip(told, rows["per_money_low"], strict=True) if low > 0.0]
        if raises:
            said.say("{output}, best use of the next {amount}: {lever}.", lever=raises[0], **values)
        elif told:
            said.say("{output}: the next {amount} surely raises it by no lever.", **values)
    return said


def sentences(found: Sensitivity) -> list[str]:
    """All that is said of the outputs, the headline first."""
    said = [f"{headline(found)}."]
    for output in found.outputs:
        said += what_matters(found, output)
    return said + where(found)


def _lower(label: str) -> str:
    return label if label[:2].isupper() or label.startswith("Net ") else label[0].lower() + label[1:]


def what_matters(found: Sensitivity, output: str) -> list[str]:
    """Ranking, interactions, luck and gaps for one output."""
    label, unit = output_label(output), output_unit(output, found.scenario)
    ranked = found.ranked(output)
    if ranked.empty:
        reason = found.indices[found.indices["output"] == output]["reason"].iloc[0]
        return [say("{label}: no index can be given: {reason}.", label=label, reason=reason)]
    leading = [row for _, row in ranked.head(_MOST_NAMED).iterrows() if float(row["value"]) >= HARDLY or _morris(found)]
    if found.method == "sobol":
        said = [_of_variance(label, [(_called(found, row["factor"]), size(found, row, unit)) for row in leading])]
        said += _idle(found, ranked) + _together(found, output)
    else:
        named = [f"{_called(found, row['factor'])} {size(found, row, unit)}" for row in leading]
        said = [
            say(
                "{label}: going through its whole range, a factor changes it on average by: {effects}.",
                label=label,
                effects=listed(named),
            )
        ]
    return said + _way(found, output, str(ranked["factor"].iloc[0])) + _luck(found, output)


def _of_variance(label: str, leading: list[tuple[str, str]]) -> str:
    """Who takes part in how much of the variance, the most important factor first."""
    if not leading:
        return say(
            "{label}: of the variance over the ranges asked for, no factor takes part in as much as 5%.", label=label
        )
    (factor, share), *others = leading
    if not others:
        return say(
            "{label}: of the variance over the ranges asked for, {factor} takes part in {share}.",
            label=label,
            factor=factor,
            share=share,
        )
    return say(
        "{label}: of the variance over the ranges asked for, {factor} takes part in {share}; {others}.",
        label=label,
        factor=factor,
        share=share,
        others=listed([say("{factor} in {share}", factor=name, share=part) for name, part in others]),
    )


def _morris(found: Sensitivity) -> bool:
    return found.method == "morris"


def _called(found: Sensitivity, factor: object) -> str:
    return labels.short_label(str(factor), [axis.path for axis in found.axes], type(found.scenario))


def _idle_factors(found: Sensitivity, ranked: pd.DataFrame) -> list[str]:
    return [_called(found, factor) for factor in ranked[ranked["high"] < HARDLY]["factor"]]


def _idle(found: Sensitivity, ranked: pd.DataFrame) -> list[str]:
    idle = _idle_factors(found, ranked)
    if not idle:
        return []
    return [
        plural(
            "{factors} hardly matters: less than {share:.0%}, with 95% confidence.",
            "{factors} hardly matter: less than {share:.0%}, with 95% confidence.",
            len(idle),
            factors=listed(idle),
            share=HARDLY,
        )
    ]


def _together(found: Sensitivity, output: str) -> list[str]:
    rows = found.indices[found.indices["output"] == output]
    alone = float(rows[rows["measure"] == "first_order"]["value"].clip(lower=0.0).sum())
    if alone >= 0.9:
        return [say("Effects nearly add up: factors hardly change what the others do.")]
    return [
        say(
            "Alone, the factors account for about {alone:.0%}; the rest comes from factors that work together.",
            alone=alone,
        )
    ]


def _way(found: Sensitivity, output: str, factor: str) -> list[str]:
    """Which way the most important factor works, from the ends of its curve."""
    axis = found.axis(factor)
    rows = found.dependence[(found.dependence["output"] == output) & (found.dependence["factor"] == factor)]
    if axis.kind in ("text", "truth") or len(rows) < 2:
        return []
    scale, words = scale_of(output_unit(output, found.scenario))
    first, last = rows.iloc[0], rows.iloc[-1]
    if first["low"] <= last["high"] and last["low"] <= first["high"]:
        return []
    begin, end = (rounded(row["at"]) if axis.kind == "number" else value_shown(row["at"]) for row in (first, last))
    unit = words if words == "%" else f" {words}"
    return [
        say(
            "From {begin} to {end} of {factor} its mean goes from {first} to {last}{unit}.",
            begin=begin,
            end=end,
            factor=_called(found, factor),
            first=rounded(scale * float(first["mean"])),
            last=rounded(scale * float(last["mean"])),
            unit=unit,
        )
    ]


def _luck(found: Sensitivity, output: str) -> list[str]:
    """How much of the variance is luck, what became of it, and how much of the design was lost."""
    row = found.luck.set_index("output").T[output]
    said = Sentences()
    one, means, dropped = float(row["of_one_run"]), float(row["of_means"]), int(row["dropped"])
    if found.replications == 1:
        said.say(
            "With one replication luck cannot be told from what factors do: part of every number here may be luck."
        )
    elif math.isfinite(one):
        if found.method == "morris":
            text = say(
                "Luck makes up {one} of the variance between single runs and {means} of that between the "
                "means, and adds to the size of every effect.",
                one=_share(one),
                means=_share(means),
            )
        elif means >= MUCH:
            text = say(
                "Luck makes up {one} of the variance between single runs and {means} of that between the means. It was "
                "taken out of the indices; more replications would make them surer.",
                one=_share(one),
                means=_share(means),
            )
        else:
            text = say(
                "Luck makes up {one} of the variance between single runs; it was taken out of the indices.",
                one=_share(one),
            )
        said.append(text)
    if dropped:
        blocks = int(row["blocks"])
        said.append(
            say(
                "{dropped} of {blocks} base samples were left out because a run failed or gave no number: the "
                "indices say nothing of where that happens.",
                dropped=dropped,
                blocks=blocks,
            )
            if found.method == "sobol"
            else say(
                "{dropped} of {blocks} trajectories were left out because a run failed or gave no number: the "
                "indices say nothing of where that happens.",
                dropped=dropped,
                blocks=blocks,
            )
        )
    return said


def for_money(found: Sensitivity, output: str) -> list[str]:
    """What each lever does for the next sum of money, the most first."""
    rows = found.lever_steps(output)
    if rows.empty:
        return []
    unit, money = output_unit(output, found.scenario), found.scenario.money.currency
    amount = found.amount
    scale = scale_of(unit)[0]
    said = Sentences()
    for _, row in rows.iterrows():
        name = _called(found, row["factor"])
        step = say("{low} to {high}", low=value_shown(row["start"]), high=value_shown(row["stop"]))
        effect = _moved(scale * float(row["effect"]), unit)
        if math.isfinite(float(row["per_money"])):
            value, low, high = (
                scale * amount * float(row[end]) for end in ("per_money", "per_money_low", "per_money_high")
            )
            if low == high == 0.0:
                said.say("{name}: no effect in any of {pairs} pairs of runs", name=name, pairs=int(row["pairs"]))
                continue
            values = {
                "name": name,
                "effect": _moved(value, unit),
                "low": signed(low),
                "high": signed(high),
            }
            said.append(
                say("{name}: {effect} ({low} to {high})", **values)
                if low > 0 or high < 0
                else say("{name}: {effect} ({low} to {high}); not to be told from nothing", **values)
            )
        elif row["note"] == SAVES:
            saved = rounded(-float(row["spending"]), 2)
            said.say(
                "{name}: {step} saves {money} {saved} a year and changes it by {effect}",
                name=name,
                step=step,
                money=money,
                saved=saved,
                effect=effect,
            )
        elif row["note"] == FREE:
            said.say("{name}: {step} costs nothing and changes it by {effect}", name=name, step=step, effect=effect)
        elif row["note"] == ONE_PAIR:
            said.say("{name}: too few pairs of runs did not fail", name=name)
        else:
            said.say(
                "{name}: {step} changes it by {effect}; whether it costs or saves money cannot be told "
                "({money} {low} to {high} a year)",
                name=name,
                step=step,
                effect=effect,
                money=money,
                low=signed(float(row["spending_low"])),
                high=signed(float(row["spending_high"])),
            )
    return said


def _moved(value: float, unit: str) -> str:
    """A change of an output, scaled already, with its unit.

    >>> _moved(-372.0, "EUR"), _moved(0.034, "share")
    ('EUR −370', '+0.034 percentage points')
    """
    if is_money(unit):
        return priced(signed(value), unit.partition(" per ")[0])
    return say("{value} {unit}", value=signed(value), unit=change_unit(unit)).strip()


def sum_of_money(found: Sensitivity) -> str:
    """The sum that `for_money` speaks of."""
    return say("{amount} a year", amount=priced(written(found.amount, ",.6g"), found.scenario.money.currency))


def where(found: Sensitivity) -> list[str]:
    """Where the condition is met."""
    regions = found.regions
    if regions.empty:
        return []
    condition = told_condition(str(regions["condition"].iloc[0]), type(found.scenario))
    met = int(regions["met"].iloc[0])
    points = int(regions["points"].iloc[0])
    said = Sentences()
    said.say(
        "{condition} is met at {met:,} of {points:,} points. That share says as much about the "
        "ranges asked for as about the world.",
        condition=condition,
        met=met,
        points=points,
    )
    if regions["reason"].iloc[0]:
        return [*said, say("More cannot be told: {reason}.", reason=regions["reason"].iloc[0])]
    sure = regions[regions["p_holm"] < 0.05].sort_values("distance", ascending=False, kind="stable")
    if sure.empty:
        return [
            *said,
            say("No factor by itself tells where: corrected for their number, no difference is significant."),
        ]
    for _, row in sure.head(_MOST_NAMED).iterrows():
        at = value_shown(row["low"])
        if row["low"] != row["high"]:
            at = say("{low} to {high}", low=at, high=value_shown(row["high"]))
        said.say(
            "{factor}: with {at}, {inside:.0%} of points meet it; elsewhere {outside:.0%}.",
            factor=_called(found, row["factor"]),
            at=at,
            inside=row["inside"],
            outside=row["outside"],
        )
    return [*said, say("The ranges were chosen with hindsight: in new runs the shares will lie less far apart.")]


CERTAINTY = (
    "Intervals show how much the numbers hang on the points that were drawn. All points have the same luck, so what is "
    "left between them is the factors' doing, or small luck that the slightest change deals anew. What matters is what "
    "matters in this model, over the ranges in the experiment file: wider ranges make a factor matter more. It says "
    "nothing about whether the assumptions hold for a real firm."
)
