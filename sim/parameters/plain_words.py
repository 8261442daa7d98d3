"""What pydantic found wrong, in plain words: what was found, what is allowed, in which unit."""

from __future__ import annotations

import datetime as dt
import difflib
import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from pydantic import ValidationError

from sim.model.scenario import Scenario
from sim.parameters.registry import ParameterInfo, but_for, parameters
from sim.parameters.synonyms import meant
from sim.vocabulary.errors import Problem
from sim.vocabulary.parameter import TEXT_FLAW
from sim.words import say, translated

Place = tuple[str | int, ...]
LONGEST = 60


_WANTED = {
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "extra_forbidden": "a known name",
    "string_type": "text",
    "date_type": "a date (YYYY-MM-DD)",
    "date_from_datetime_inexact": "a date (YYYY-MM-DD)",
    "list_type": "a list",
    "dict_type": "a group of keys",
    "model_type": "a group of keys",
    "model_attributes_type": "a group of keys",
}


def shown(value: Any) -> str:
    """A value as it would stand in a scenario file, cut where it is long.

    >>> shown(True), shown("yes"), shown(None), shown({"a": 1})
    ('true', "'yes'", 'nothing', 'a group of keys')
    """
    if value is None:
        return say("nothing")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return say("a group of keys")
    if isinstance(value, list | tuple):
        return say("a list of {length}", length=len(value))
    if isinstance(value, float):
        return str(value) if math.isfinite(value) else {math.inf: ".inf", -math.inf: "-.inf"}.get(value, ".nan")
    text = str(value) if isinstance(value, int | dt.date) else repr(str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def closest(name: str, names: Iterable[str]) -> str:
    """The valid name nearest to a misspelt one, or an empty text.

    >>> closest("eese", ["ease", "agents"])
    'ease'
    """
    found = difflib.get_close_matches(str(name).lower(), list(names), n=1, cutoff=0.6)
    return found[0] if found else ""


def information(path: str, kind: type[Scenario] = Scenario) -> ParameterInfo | None:
    """What the registry knows of a path whose list positions are written `[]`, in scenarios of a kind.

    >>> information("rivals[].desk.ease").unit
    'index'
    """
    return _by_path(kind).get(path)


@cache
def _by_path(kind: type[Scenario]) -> dict[str, ParameterInfo]:
    return {info.path: info for info in parameters(kind)}


def registry_path(place: Sequence[str | int]) -> str:
    """The path under which the registry lists a place.

    >>> registry_path(("rivals", 0, "desk", "ease"))
    'rivals[].desk.ease'
    """
    return (
        ".".join(str(part) for part in place if not isinstance(part, int))
        .replace("rivals.", "rivals[].")
        .replace("segments.", "segments[].")
        .replace("timeline.", "timeline[].")
    )


def nearest_path(name: str, names: Iterable[str], above: str = "", kind: type[Scenario] = Scenario) -> str:
    """What an unknown key is a synonym of, its nearest sibling, or a path elsewhere that ends with that key.

    Args:
        name: The unknown key.
        names: Its possible siblings.
        above: The path of the section where it stands; a path beneath it is preferred.
        kind: Of the scenario.

    >>> nearest_path("ease", ["name", "desk"], "firm"), nearest_path("empowerment", ["ease"], "firm.desk")
    ('firm.desk.ease', 'firm.desk.front_line_resolution')
    >>> nearest_path("empowerment", ["firm"])
    'firm.people.empowerment'
    >>> nearest_path("desk", ["firm"]), nearest_path("welcome", ["desk", "strategy"], "firm")
    ('firm.desk', 'firm.strategy.welcome_cost')
    """
    known = list(names)
    said = [path for path in meant(name).parameters if "[]" not in path]
    last = str(name).rsplit(".", 1)[-1]
    elsewhere = [info.path for info in parameters(kind) if info.path.rsplit(".", 1)[-1] == last]
    direct = "" if said and name not in known else closest(name, known)
    if direct:
        return direct
    beneath = [path for path in [*said, *elsewhere] if above and path.startswith(f"{above}.")]
    if beneath or elsewhere or said:
        return [*beneath, *elsewhere, *said][0]
    paths = [info.path for info in parameters(kind)]
    return _section_called(last.lower(), paths, above) or _with_word(last.lower(), paths, above) or closest(name, paths)


def _nearest_first(paths: Iterable[str], above: str) -> list[str]:
    """Those beneath a section first, those of lists, whose place nobody can guess, left out."""
    return sorted((path for path in paths if "[]" not in path), key=lambda path: not path.startswith(f"{above}."))


def _section_called(name: str, paths: Sequence[str], above: str) -> str:
    """The section of that name, which stands elsewhere; empty if there is none."""
    sections = {path[: path.index(f".{name}.") + 1 + len(name)] for path in paths if f".{name}." in path}
    return next(iter(_nearest_first(sorted(sections), above)), "")


def _with_word(name: str, paths: Sequence[str], above: str) -> str:
    """A parameter of whose name that is a word, such as `welcome` of `welcome_cost`; empty if there is none."""
    found = [path for path in paths if name in path.rpartition(".")[2].split("_")]
    return next(iter(_nearest_first(found, above)), "")


def allowed_range(info: ParameterInfo | None, wanted: str = "") -> str:
    """The range, kind and unit of a parameter, in words."""
    if info is None:
        return wanted
    if info.choices:
        return ", ".join(str(choice) for choice in info.choices)
    words = wanted
    if info.low is not None or info.high is not None:
        whole = isinstance(info.default, int) and not isinstance(info.default, bool)
        low = None if info.low is None else f"{info.low:.15g}"
        high = None if info.high is None else f"{info.high:.15g}"
        if low is not None and high is not None:
            words = (
                say("a whole number from {low} to {high}", low=low, high=high)
                if whole
                else say("a number from {low} to {high}", low=low, high=high)
            )
        elif low is not None:
            words = (
                say("a whole number of at least {low}", low=low)
                if whole
                else say("a number of at least {low}", low=low)
            )
        else:
            words = (
                say("a whole number of at most {high}", high=high)
                if whole
                else say("a number of at most {high}", high=high)
            )
        words = but_for(words, info.excluded)
    told = info.unit in ("name", "text", "yes/no", "date")
    return f"{words} ({translated(info.unit)})" if words and not told else words


def range_text(practical: tuple[float, float]) -> str:
    """A range in words.

    >>> range_text((0.01, 1_000_000))
    '0.01 to 1000000'
    """
    low, high = practical
    return say("{low:.15g} to {high:.15g}", low=low, high=high)


def not_wanted(wanted: str) -> str:
    """What is wrong with a value of another kind.

    >>> not_wanted("a whole number")
    'not a whole number'
    """
    return say("not {wanted}", wanted=translated(wanted))


def _message(kind: str, error: dict[str, Any]) -> str:
    if kind == "finite_number":
        return say("not a finite number")
    if kind in _WANTED:
        return not_wanted(_WANTED[kind])
    fixed = {
        "greater_than": say("too small"),
        "greater_than_equal": say("too small"),
        "less_than": say("too large"),
        "less_than_equal": say("too large"),
        "literal_error": say("unknown name"),
        "string_too_long": say("text too long"),
        "string_too_short": say("text too short"),
        "too_long": say("too many entries"),
        "too_short": say("too few entries"),
        "string_pattern_mismatch": say("not a valid name"),
        "missing": say("missing"),
    }
    if kind in fixed:
        return fixed[kind]
    return str(error["ctx"]["error"]) if kind == "value_error" else str(error["msg"])


def alone(error: ValidationError) -> Problem:
    """The first finding of pydantic on one value that stands by itself, such as an option of a command.

    >>> from typing import Annotated
    >>> from pydantic import Field, TypeAdapter
    >>> try:
    ...     TypeAdapter(Annotated[int, Field(ge=1)]).validate_python("0")
    ... except ValidationError as found:
    ...     print(alone(found))
    too small; found '0'; allowed: at least 1
    """
    item: dict[str, Any] = dict(error.errors(include_url=False)[0])
    kind, bounds = str(item["type"]), item.get("ctx", {})
    allowed = {
        "greater_than_equal": say("at least {least}", least=bounds.get("ge")),
        "less_than_equal": say("at most {most}", most=bounds.get("le")),
    }
    return Problem(_message(kind, item), found=shown(item["input"]), allowed=allowed.get(kind, ""))


def translate(error: ValidationError, kind: type[Scenario] = Scenario) -> list[tuple[Place, Problem]]:
    """Each finding of pydantic as its place in the scenario and a problem without place or key.

    Args:
        error: What pydantic raised on a scenario's data.
        kind: Of that scenario.

    Returns:
        Pairs of location (field names and list positions) and `Problem`.
    """
    found: dict[Place, Problem] = {}
    for item in error.errors(include_url=False):
        fault = str(item["type"])
        place = _without_union_branches(tuple(item["loc"]))
        info = information(registry_path(place), kind)
        wanted = translated(_WANTED.get(fault, ""))
        suggestion = ""
        if fault == "literal_error" and info is not None:
            suggestion = closest(str(item["input"]), [str(choice) for choice in info.choices])
        allowed = allowed_range(info, wanted)
        if fault == "string_pattern_mismatch":
            allowed = say("up to 40 letters, digits, spaces, - and _, beginning with a letter or digit")
            if info is not None and info.path == "market.people.scale":
                allowed = say("a scale such as 1-5, 0-10 or percent")
        elif fault in ("string_too_long", "too_long"):
            allowed = say("at most {max_length}", max_length=item["ctx"]["max_length"])
        elif fault in ("string_too_short", "too_short"):
            allowed = say("at least {min_length}", min_length=item["ctx"]["min_length"])
        elif place[:1] == ("timeline",) and place[-1:] in (("at",), ("until",)):
            allowed = say("a period number (0 is the first) or a date (YYYY-MM-DD)")
        seen = "" if fault in ("missing", "value_error") else shown(item["input"])
        if fault in ("string_too_long", "string_too_short"):
            seen = say("{length} characters", length=len(item["input"]))
        elif fault in ("too_long", "too_short"):
            seen = str(len(item["input"]))
        if fault == TEXT_FLAW:
            seen, allowed = item["ctx"]["found"], item["ctx"]["allowed"]
        problem = Problem(
            _message(fault, dict(item)),
            found=seen,
            allowed="" if fault == "value_error" else allowed,
            suggestion=suggestion,
            hint=_per_cent(info, item["input"]) if fault == "less_than_equal" else "",
        )
        found.setdefault(place, problem)
    return list(found.items())


def _per_cent(info: ParameterInfo | None, value: Any) -> str:
    """What to write for a share that is given in per cent: `80` is no share."""
    if info is None or info.high != 1.0 or isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return say("{value:g}% is {share:g}", value=value, share=value / 100.0) if 1.0 < value <= 100.0 else ""


def _without_union_branches(place: Place) -> Place:
    return tuple(
        part
        for part in place
        if part not in ("int", "date", "str", "none") and not str(part).startswith("function-after[")
    )
