"""Items of a SERVQUAL survey: what was perceived, and expected, on each dimension of service.

Source: Parasuraman, Zeithaml & Berry 1988.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.data.churn_table import tell_together, worth
from sim.data.life_table import Array
from sim.data.users_table import MOST, UsersTable
from sim.model.dimensions import DIMENSIONS
from sim.parameters.plain_words import closest
from sim.vocabulary.errors import ScenarioError
from sim.words import plural, say

SCALE = (1.0, 7.0)
"""Of our dimensions, and of items where no other is stated."""

NARROWER = 5.0
"""Largest answer of the usual other scale."""


@dataclass(frozen=True)
class ServiceItems:
    """Means by dimension, in the order of `DIMENSIONS`, on 1 to 7; not a number where nobody was asked.

    Attributes:
        table: Where they come from.
        perceived: float64[5].
        expected: float64[5].
        answers: What was answered on each, float64[5]; not whole with weights.
        error: Standard error of the mean perceived, float64[5].
        covariance: Of the sampling errors of the means perceived, then expected, float64[10, 10]; 0 where there are
            none. Answers of one customer count together where a column says whose they are, else as independent.
    """

    table: UsersTable
    perceived: Array
    expected: Array
    answers: Array
    error: Array
    covariance: Array


def read_items(table: UsersTable) -> ServiceItems:
    """From one row an answer to an item: `dimension`, `perceived`, `expected` if asked; `answers` counts equal rows.

    Args:
        table: Of the kind `servqual`.

    Raises:
        ScenarioError: With line and column of what is wrong; where the scale is not sure, with how to say it.
    """
    low, high = _scale(table)
    perceived = _on_ours(table.numbers("perceived", low=low, high=high, hint=_scale_hint()), low, high)
    expected = np.full(len(table), np.nan)
    if "expected" in table:
        expected = _on_ours(table.numbers("expected", low=low, high=high, hint=_scale_hint()), low, high)
    times = table.numbers("answers", low=0.0, high=MOST, whole=True) if "answers" in table else np.ones(len(table))
    of = np.full(len(table), -1)
    for row, text in enumerate(table.columns["dimension"]):
        name = text.casefold()
        if name in DIMENSIONS:
            of[row] = DIMENSIONS.index(name)
        else:
            table.complain(
                row, "dimension", say("no such dimension"), text, ", ".join(DIMENSIONS),
                hint=_meant(name),
            )  # fmt: skip
    table.check()
    weights = worth(table, times) if "weight" in table else np.ones(len(table))
    if (times * weights).sum() <= 0.0:
        raise ScenarioError(say("too few answers"), place=table.label, found="0")
    columns = np.full((3, len(DIMENSIONS)), np.nan)
    pulls = np.zeros((len(table), 2 * len(DIMENSIONS)))  # of an answer on the means, float64[rows, means]
    for d in range(len(DIMENSIONS)):
        own = (of == d) & (times * weights > 0.0)
        worths = (times * weights)[own]
        columns[2, d] = worths.sum()
        if own.any():
            for place, values in ((d, perceived), (len(DIMENSIONS) + d, expected)):
                mean = worths @ values[own] / worths.sum()
                columns[place // len(DIMENSIONS), d] = mean
                pulls[own, place] = np.nan_to_num(weights[own] * (values[own] - mean) / worths.sum())
    covariance = _covariance(table, pulls, times)
    error = np.sqrt(np.diag(covariance)[: len(DIMENSIONS)])
    rounding = (SCALE[1] - SCALE[0]) ** 2 / (high - low) ** 2 / 12.0  # whole answers know no mean better than that
    known = np.tile(rounding / np.maximum(columns[2], 1.0), 2)
    np.fill_diagonal(covariance, np.maximum(np.diag(covariance), known))
    perceived_mean, expected_mean, answered = columns
    found = ServiceItems(table, perceived_mean, expected_mean, answered, error, covariance)
    _tell(found, low, high)
    tell_together(table)
    return found


def _covariance(table: UsersTable, pulls: Array, times: Array) -> Array:
    """Of the means, from what each answer pulls at them: those of one customer together (Huber's sandwich)."""
    if "customer" not in table:
        table.about(say("customers")).say("not said: all answers are taken as those of different people")
        return (pulls * times[:, None]).T @ pulls
    _, owner = np.unique(np.array(table.columns["customer"]), return_inverse=True)
    together = np.zeros((int(owner.max()) + 1, pulls.shape[1]))
    np.add.at(together, owner, pulls * times[:, None])
    table.about(say("customers")).plural(
        "{n:,} person, whose answers belong together",
        "{n:,} people, each of whose answers belong together",
        len(together),
    )
    return together.T @ together


def _scale_hint() -> str:
    return say("another scale? Then scale: 1-5, 0-10 ...; cells that say nothing: missing: [99]")


def _meant(name: str) -> str:
    near = closest(name, DIMENSIONS)
    return say("did you mean {name}?", name=near) if near else ""


def _scale(table: UsersTable) -> tuple[float, float]:
    """The scale: as stated, or 1 to 7 where the answers use it; asked for where a narrower one may be meant."""
    stated = table.settings.scale_ends
    if stated is not None:
        if not stated[0] < stated[1]:
            raise ScenarioError(say("a scale without width"), "scale", found=str(table.settings.scale))
        table.about(say("scale")).say("{low:g} to {high:g}, as stated", low=stated[0], high=stated[1])
        return stated
    texts = [text for name in ("perceived", "expected") if name in table for text in table.columns[name]]
    values = np.array([table.convention.number(text) for text in texts])
    values = values[np.isfinite(values)]
    if len(values) and values.max() <= NARROWER:
        table.problems.add(
            say("on which scale? The answers go from {least:g} to {most:g}", least=values.min(), most=values.max()),
            table.names["perceived"],
            table.label,
            hint=say("say it: scale: 1-5, or whatever it is; else scale: 1-7"),
        )
    else:
        table.about(say("scale")).say("1 to 7, not stated but used: `scale:` says another")
    return SCALE


def _on_ours(given: Array, low: float, high: float) -> Array:
    return SCALE[0] + (given - low) * (SCALE[1] - SCALE[0]) / (high - low)


def _tell(found: ServiceItems, low: float, high: float) -> None:
    table = found.table
    for d, name in enumerate(DIMENSIONS):
        if not found.answers[d] > 0.0:
            table.odd.say("nobody was asked of {dimension}", dimension=name)
            continue
        if np.isfinite(found.expected[d]):
            words = plural(
                "{n:,} answer, perceived {perceived:.2f} ± {half:.2f} of 7, expected {expected:.2f}: gap {gap:+.2f}",
                "{n:,} answers, perceived {perceived:.2f} ± {half:.2f} of 7, expected {expected:.2f}: gap {gap:+.2f}",
                round(found.answers[d]),
                perceived=found.perceived[d],
                half=1.96 * found.error[d],
                expected=found.expected[d],
                gap=found.perceived[d] - found.expected[d],
            )
        else:
            words = plural(
                "{n:,} answer, perceived {perceived:.2f} ± {half:.2f} of 7",
                "{n:,} answers, perceived {perceived:.2f} ± {half:.2f} of 7",
                round(found.answers[d]),
                perceived=found.perceived[d],
                half=1.96 * found.error[d],
            )
        table.tell(name, words)
    if (low, high) != SCALE:
        table.about(say("converted")).say("from {low:g} to {high:g} along a line to 1 to 7", low=low, high=high)
