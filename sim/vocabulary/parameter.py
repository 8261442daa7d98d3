"""How a parameter is declared: the only home of a number is a field made by `parameter`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Required, TypedDict, Unpack

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from sim.vocabulary.text import ONE_LINE, SEVERAL_LINES, flaw
from sim.words import say, translated

ASSUMPTION = "assumption"
USERS_DATA = "user's data"


def _one_line(text: str) -> str:
    return _passed(text, lines=False)


def _several_lines(text: str) -> str:
    return _passed(text, lines=True)


def _all_texts(value: Any) -> Any:
    """Refuse a plain value that holds a text which does not pass, among its keys too."""
    if isinstance(value, str):
        _one_line(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            _all_texts(key)
            _all_texts(item)
    elif isinstance(value, list):
        for item in value:
            _all_texts(item)
    return value


def _passed(text: str, *, lines: bool) -> str:
    found = flaw(text, lines=lines)
    if found is not None:
        allowed = translated(SEVERAL_LINES if lines else ONE_LINE)
        raise PydanticCustomError(TEXT_FLAW, "{why}", {"why": found.why, "found": found.found, "allowed": allowed})
    return text


TEXT_FLAW = "text_flaw"
OneLine = Annotated[str, AfterValidator(_one_line)]
"""A text that stands on one line: a name, a file. Whatever a section holds as text is of this type or the next."""

OptionalLine = Annotated[str | None, AfterValidator(_all_texts)]
"""The same, or nothing."""

SCALE = r"^(percent|-?[0-9]+(\.[0-9]+)?\s*(-|to)\s*[0-9]+(\.[0-9]+)?)$"
"""A scale in words: `1-5`, `0-10`, `1 to 7`, `percent`."""

SeveralLines = Annotated[str, AfterValidator(_several_lines)]
"""A text that may go over several lines: a question."""

PlainValue = Annotated[Any, AfterValidator(_all_texts)]
"""Any plain value, with every text in it on one line."""


class Section(BaseModel):
    """A named group of parameters, as it stands in a scenario file.

    Sections are frozen and refuse unknown keys, text for numbers, booleans for numbers, NaN and infinity.

    >>> from sim.model.market import Network
    >>> Network(mean_degree=6).mean_degree
    6.0
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False, validate_default=True)


class Vector(Section):
    """A section of numbers that rules read by their place: in a record for compiled code it is an array.

    >>> from sim.model.dimensions import EMPATHY, Levels
    >>> Levels(empathy=6.0)[EMPATHY]
    6.0
    """

    def __getitem__(self, place: int) -> float:
        """The number at a place, in the order of the fields."""
        return float(getattr(self, list(type(self).model_fields)[place]))


def parameter(
    default: Any,
    meaning: str,
    *,
    label: str,
    unit: str,
    source: str = ASSUMPTION,
    allowed: tuple[float, float] | None = None,
    practical: tuple[float, float] | None = None,
    setup: bool = False,
    no_lever: str = "",
    paid_by: str = "",
    less_costs: bool = False,
    definition: bool = False,
    **constraints: Any,
) -> Any:
    """Declare one parameter with its default, meaning, label, unit and source.

    Args:
        default: The value a scenario starts from, or a factory passed as `default_factory=` with `...` here.
        meaning: One sentence in the words of the field.
        label: A short name for people: a whole phrase that stands on a slider or an axis, unlike all in its section.
        unit: The unit, e.g. "per year", "share", "points (1-7)".
        source: The publication or seed, or "assumption" (optionally followed by the reasoning), as if left out.
        allowed: Lowest and highest value that there may be, both included.
        practical: Lowest and highest value that a practitioner would try, within what is allowed. Texts, names, dates
            and switches have none; a section that is used for several things has its range where it is used
            (`group`).
        setup: True where the value shapes the population before the first period, so that a timeline
            cannot change it.
        no_lever: Of a firm's parameter that the firm does not decide on, why: it is a definition, a label, a price
            that the firm pays. Advice leaves it alone.
        paid_by: Of a lever of the firm, the path of what makes more of it dearer: a price, or the lever itself where it
            is money that is spent.
        less_costs: True where less of it is what costs: fewer days, less variation.
        definition: True where the value defines what others mean, and so is nothing that might be wrong: what counts as
            quick, or at which price, spending or level other numbers are stated.
        **constraints: `ge`, `gt`, `le`, `lt`, `min_length`, ... of pydantic, where `allowed` does not say it.

    Returns:
        A pydantic field with the label as its title, whose `json_schema_extra` carries unit, source, setup, the
        practical range, why it is no lever and what it is paid by.

    Raises:
        ValueError: If unit, meaning, source or label is empty, the label is long, or the practical range is no part of
            the allowed one or does not hold the default.

    >>> parameter(0.3, "Share who talk", label="Talkers", unit="share", practical=(0.4, 0.5))
    Traceback (most recent call last):
    ...
    ValueError: Talkers: the default 0.3 lies outside the practical range, 0.4 to 0.5
    """
    if not (meaning.strip() and unit.strip() and source.strip()):
        raise ValueError(say("a parameter needs a meaning, a unit and a source"))
    extra: Any = {"unit": unit, "source": source, "setup": setup}
    title = _checked_label(label)
    if allowed is not None:
        constraints |= {"ge": allowed[0], "le": allowed[1]}
    if practical is not None:
        _check_practical(title, default, practical, constraints)
        extra["practical"] = practical
    if no_lever:
        extra["no_lever"] = no_lever
    if paid_by:
        extra |= {"paid_by": paid_by, "less_costs": less_costs}
    if definition:
        extra["definition"] = True
    given: dict[str, Any] = {} if default is ... else {"default": default}
    return Field(title=title, description=meaning, json_schema_extra=extra, **given, **constraints)


LONGEST_LABEL = 32
"""Characters; a label stands on a slider or an axis."""


def _checked_label(label: str) -> str:
    if not label.strip() or len(label) > LONGEST_LABEL:
        raise ValueError(
            say(
                "a label has 1 to {longest_label} characters, found {label!r}", longest_label=LONGEST_LABEL, label=label
            )
        )
    return label


def _check_practical(label: str, default: Any, practical: tuple[float, float], constraints: Mapping[str, Any]) -> None:
    low, high = practical
    words = say("the practical range, {low:g} to {high:g}", low=low, high=high)
    lowest = constraints.get("ge", constraints.get("gt", -math.inf))
    highest = constraints.get("le", constraints.get("lt", math.inf))
    if not lowest <= low < high <= highest or ("gt" in constraints and low == lowest):
        raise ValueError(
            say(
                "{label}: {words}, is no part of what is allowed, {lowest:g} to {highest:g}",
                label=label,
                words=words,
                lowest=lowest,
                highest=highest,
            )
        )
    if default is not ... and not low <= default <= high:
        raise ValueError(
            say("{label}: the default {default:g} lies outside {words}", label=label, default=default, words=words)
        )


def group(default: Any, label: str, *, practical: tuple[float, float] | None = None, paid_by: str = "") -> Any:
    """Declare a section within a section, with the label under which its parameters stand.

    Args:
        default: The section with its values.
        label: As of `parameter`, for the group as a whole.
        practical: The practical range of every parameter in it, where one section serves for several things.
        paid_by: As of `parameter`, of every parameter in it.

    >>> group(None, "Promised quality", practical=(3.5, 6.8)).title
    'Promised quality'
    """
    extra: Any = {} if practical is None else {"practical": practical}
    if paid_by:
        extra["paid_by"] = paid_by
    return Field(default=default, title=_checked_label(label), json_schema_extra=extra)


class Declared(TypedDict, total=False):
    """What else is told of a parameter of a usual kind; see `parameter`."""

    label: Required[str]
    setup: bool
    no_lever: str
    paid_by: str
    less_costs: bool
    definition: bool


class Quantity(Declared):
    """The same of a number, which has a practical range."""

    practical: tuple[float, float]


def share(default: float, meaning: str, source: str = ASSUMPTION, **told: Unpack[Quantity]) -> Any:
    """Declare a parameter that is a share, 0 to 1; arguments as of `parameter`."""
    return parameter(default, meaning, unit="share", source=source, allowed=(0.0, 1.0), **told)


def weeks(
    default: float,
    meaning: str,
    source: str = ASSUMPTION,
    *,
    practical: tuple[float, float] = (0.0, 26.0),
    **told: Unpack[Declared],
) -> Any:
    """Declare a parameter that is a time in weeks, at most ten years; arguments as of `parameter`."""
    return parameter(default, meaning, practical=practical, unit="weeks", source=source, allowed=(0.0, 520.0), **told)


def logit(default: float, meaning: str, source: str = ASSUMPTION, **told: Unpack[Quantity]) -> Any:
    """Declare a parameter that is a weight on the logit scale, of either sign; arguments as of `parameter`."""
    return parameter(default, meaning, unit="logit per unit", source=source, allowed=(-20.0, 20.0), **told)


def amount(default: float, meaning: str, unit: str, source: str = ASSUMPTION, **told: Unpack[Quantity]) -> Any:
    """Declare a parameter that is an amount of money, at most a thousand million; arguments as of `parameter`.

    The practical range is meant for money that is worth about a euro.
    """
    return parameter(default, meaning, unit=unit, source=source, allowed=(0.0, 1e9), **told)


PRICE_PAID = "a price that the firm pays"
"""Why it is no lever."""


def price_paid(default: float, meaning: str, unit: str, source: str = ASSUMPTION, **told: Unpack[Quantity]) -> Any:
    """Declare an amount that the firm pays for something, and does not decide on; arguments as of `amount`."""
    told["no_lever"] = PRICE_PAID
    return amount(default, meaning, unit, source, **told)


def switch(default: bool, meaning: str, source: str = ASSUMPTION, **told: Unpack[Declared]) -> Any:
    """Declare a parameter that is on or off; arguments as of `parameter`."""
    return parameter(default, meaning, unit="yes/no", source=source, **told)


def users_own(default: Any, meaning: str, *, label: str, unit: str = "text", **constraints: Any) -> Any:
    """Declare what only a user can say, of their own data or case, for the whole run; arguments as of `parameter`."""
    return parameter(default, meaning, label=label, unit=unit, source=USERS_DATA, setup=True, **constraints)
