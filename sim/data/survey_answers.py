"""Answers of a satisfaction survey, on whatever scale they were given, as points from 0 to 100."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.data.answer_words import SCALE, numbered_words
from sim.data.churn_table import tell_together, worth
from sim.data.life_table import Array
from sim.data.users_table import MOST, UsersTable
from sim.vocabulary.errors import ScenarioError
from sim.words import say

FEWEST_ANSWERS = 20

ITEMS = ("expectation", "ideal")
"""Of the ACSI, besides overall satisfaction."""

USUAL = {"overall": (1.0, 10.0), "score": (0.0, 100.0)}
"""Scales that are meant where no other is said, as long as the answers use them."""

NARROWER = {"overall": (5.0, 7.0), "score": (1.0, 5.0, 7.0, 10.0)}
"""Largest answers that are ends of usual narrower scales."""

RECOMMENDING = (0.0, 10.0)
"""From where to where those answers go that a net promoter score is made of."""

FEWEST_STEPS = 4
"""Steps of a narrow scale that are used, from which on a gap above them is none by chance."""

LEAST_CODE = 8.0
"""Least of the codes for no answer that a scale of 1 to 10 has steps for."""

SAYING_NOTHING = (77.0, 88.0, 97.0, 98.0, 99.0)
"""Usual codes of surveys for no answer."""


@dataclass(frozen=True)
class SurveyAnswers:
    """Answers as points.

    Attributes:
        table: Where they come from.
        items: The second and third item, of those that the table has.
        answers: Satisfaction in points (0-100), then the items on 1-10, float64[n, 1 + items].
        rounding: Variance that whole answers add to satisfaction, in squared points (Sheppard's correction).
        times: How many answers each row stands for, float64[n]; not whole with weights.
        squares: Sum of the squared weights of the answers of each row, float64[n]; the same without weights.
    """

    table: UsersTable
    items: tuple[str, ...]
    answers: Array
    rounding: float
    times: Array
    squares: Array


def read_answers(table: UsersTable) -> SurveyAnswers:
    """From one row an answer: `overall` or `score`, with `expectation` and `ideal`; `answers` counts equal rows.

    Args:
        table: Of the kind `satisfaction`.

    Raises:
        ScenarioError: With line and column of what is wrong; where the scale is not sure, with how to say it.
    """
    if "score" in table and "overall" in table:
        raise ScenarioError(
            say("one column with satisfaction is needed"),
            place=table.label,
            found="both",
            allowed=say("score (0-100) or overall (1-10)"),
            hint=say("the one that is meant is named by columns: {{overall: ...}}, the other stays aside if renamed"),
        )
    first = "score" if "score" in table else "overall"
    items = tuple(item for item in ITEMS if item in table)
    if any("%" in text for text in table.columns[first]) and table.settings.scale in (None, "percent"):
        table.columns[first] = [text.rstrip("% \u00a0\u202f") for text in table.columns[first]]
        table.settings = table.settings.model_copy(update={"scale": "percent"})
    low, high = SCALE if table.settings.scale is None and numbered_words(table, first) else _scale(table, first)
    points = (table.numbers(first, low=low, high=high, hint=_other_scales(table, first)) - low) * 100.0 / (high - low)
    rest = []
    for item in items:
        ends = table.settings.scale_ends or USUAL["overall"]
        given = table.numbers(item, low=ends[0], high=ends[1])
        rest.append(1.0 + 9.0 * (given - ends[0]) / (ends[1] - ends[0]))
    times = table.numbers("answers", low=0.0, high=MOST, whole=True) if "answers" in table else np.ones(len(table))
    weights = worth(table, times) if "weight" in table else np.ones(len(table))
    table.check()
    refuse_few(table, times)
    stepped = first == "overall" or high - low <= 10.0
    rounding = (100.0 / (high - low)) ** 2 / 12.0 if stepped else 0.0
    table.repeated("customer")
    tell_together(table)
    _tell(table, points, rest, times * weights, (low, high))
    return SurveyAnswers(table, items, np.stack([points, *rest], axis=1), rounding, times * weights, times * weights**2)


def refuse_few(table: UsersTable, times: Array) -> None:
    """Refuse a survey of next to nobody.

    Raises:
        ScenarioError: If its rows stand for fewer than 20 answers.
    """
    count = times.sum()
    if count < FEWEST_ANSWERS:
        raise ScenarioError(
            say("too few answers"),
            place=table.label,
            found=f"{count:g}",
            allowed=say("at least {fewest_answers}", fewest_answers=FEWEST_ANSWERS),
        )


def _scale(table: UsersTable, column: str) -> tuple[float, float]:
    """The scale of the answers: as stated, or the usual one where the answers use it.

    Raises:
        ScenarioError: If a narrower one may be meant.
    """
    stated = table.settings.scale_ends
    usual = USUAL[column]
    if stated is not None:
        if not stated[0] < stated[1]:
            raise ScenarioError(say("a scale without width"), "scale", found=str(table.settings.scale))
        return stated
    values = np.array([table.convention.number(text) for text in table.columns[column]])
    values = values[np.isfinite(values)]
    if not len(values):
        return usual
    narrower = NARROWER[column]
    known = values[~np.isin(values, SAYING_NOTHING)]  # a 99 for nothing makes no scale of 1-5 one of 0-100
    if column == "score" and len(known) and known.max() <= max(narrower):
        values = known
    least, most = float(values.min()), float(values.max())
    _doubt_codes(table, column, values)
    if most <= max(narrower) and usual[0] <= least:
        end = next(end for end in narrower if most <= end)
        table.problems.add(
            say("on which scale? The answers go from {least:g} to {most:g}", least=least, most=most),
            table.names[column],
            table.label,
            hint=say("asked how likely people are to recommend? --as nps; else say it: scale: 0-10, or whatever it is")
            if most == RECOMMENDING[1] and column == "score"
            else say(
                "say it: scale: 1-{end:g}, or whatever it is (0-10, 1-7, percent); else scale: {low:g}-{high:g}",
                end=max(end, 5.0),
                low=usual[0],
                high=usual[1],
            ),
        )
        return usual
    table.about(say("scale")).say(
        "{low:g} to {high:g}, not stated but used: `scale:` says another", low=usual[0], high=usual[1]
    )
    return usual


def _doubt_codes(table: UsersTable, column: str, values: Array) -> None:
    """Ask where a 8 or 9 for no answer may have made a wider scale of a narrow one: nobody answers between."""
    answered, codes = values[values < LEAST_CODE], values[values >= LEAST_CODE]
    end = next((end for end in NARROWER["overall"] if len(answered) and answered.max() <= end), 0.0)
    few = len(np.unique(answered)) < FEWEST_STEPS
    if column != "overall" or few or not end or not len(codes) or codes.max() >= USUAL[column][1]:
        return
    if end == NARROWER["overall"][0] or codes.min() > LEAST_CODE:
        table.problems.add(
            say(
                "on which scale? The answers go from {least:g} to {most:g}, and {codes} are {code:g}",
                least=answered.min(),
                most=answered.max(),
                codes=len(codes),
                code=codes.min(),
            ),
            table.names[column],
            table.label,
            hint=say(
                "for no answer? Then missing: [{code:g}] and scale: 1-{end:g}; else scale: 1-10",
                code=codes.min(),
                end=end,
            ),
        )


def _other_scales(table: UsersTable, column: str) -> str:
    if table.settings.scale is not None:
        return say("the stated scale is {scale}", scale=table.settings.scale)
    example = "0-100" if column == "score" else "0-10"
    return say("another scale? Then scale: {example}", example=example)


def _tell(table: UsersTable, points: Array, rest: list[Array], times: Array, scale: tuple[float, float]) -> None:
    low, high = scale
    mean = float(times @ points / times.sum())
    own = low + mean * (high - low) / 100.0
    if table.settings.scale is not None:
        table.about(say("scale")).say("{low:g} to {high:g}, as stated", low=low, high=high)
    table.about(say("answers")).say(
        "{count:,.6g}, mean {own:,.3g} on the scale, {mean:.1f} of 100", count=times.sum(), own=own, mean=mean
    )
    used = points[times > 0]
    if len(used) and used.max() < 75.0:
        table.odd.say(
            "nobody answers above {most:g} of {high:g}: is the scale right?",
            most=low + used.max() * (high - low) / 100,
            high=high,
        )
    for item, values in zip([item for item in ITEMS if item in table], rest, strict=True):
        mean = float(values @ times / times.sum())
        table.about(say("items")).say(
            "{name!r} on the same scale, mean {mean:,.3g} on 1 to 10", name=table.names[item], mean=mean
        )
