"""How a parameter is declared: the only home of a number is a field made by `parameter`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from sim.vocabulary.text import ONE_LINE, SEVERAL_LINES, flaw

ASSUMPTION = "assumption"


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
        allowed = SEVERAL_LINES if lines else ONE_LINE
        raise PydanticCustomError(TEXT_FLAW, "{why}", {"why": found.why, "found": found.found, "allowed": allowed})
    return text


TEXT_FLAW = "text_flaw"
OneLine = Annotated[str, AfterValidator(_one_line)]
"""A text that stands on one line: a name, a file. Whatever a section holds as text is of this type or the next."""

OptionalLine = Annotated[str | None, AfterValidator(_all_texts)]
"""The same, or nothing."""

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


def parameter(
    default: Any,
    meaning: str,
    *,
    unit: str,
    source: str,
    setup: bool = False,
    **constraints: Any,
) -> Any:
    """Declare one parameter with its default, meaning, unit and source.

    Args:
        default: The value a scenario starts from, or a factory passed as `default_factory=` with `...` here.
        meaning: One sentence in the words of the field.
        unit: The unit, e.g. "per year", "share", "points (1-7)".
        source: The publication or seed, or "assumption" (optionally followed by the reasoning).
        setup: True where the value shapes the population before the first period, so that a timeline
            cannot change it.
        **constraints: `ge`, `gt`, `le`, `lt`, `min_length`, ... of pydantic.

    Returns:
        A pydantic field whose `json_schema_extra` carries unit, source and setup.

    Raises:
        ValueError: If unit, meaning or source is empty.
    """
    if not (meaning.strip() and unit.strip() and source.strip()):
        raise ValueError("a parameter needs a meaning, a unit and a source")
    extra: Any = {"unit": unit, "source": source, "setup": setup}
    if default is ...:
        return Field(description=meaning, json_schema_extra=extra, **constraints)
    return Field(default=default, description=meaning, json_schema_extra=extra, **constraints)


def share(default: float, meaning: str, source: str = ASSUMPTION, **extra: Any) -> Any:
    """Declare a parameter that is a share, 0 to 1; arguments as of `parameter`."""
    return parameter(default, meaning, unit="share", source=source, ge=0.0, le=1.0, **extra)


def amount(default: float, meaning: str, unit: str, source: str = ASSUMPTION) -> Any:
    """Declare a parameter that is an amount of money, at most a thousand million; arguments as of `parameter`."""
    return parameter(default, meaning, unit=unit, source=source, ge=0.0, le=1e9)
