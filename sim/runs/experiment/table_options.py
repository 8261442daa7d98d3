"""Settings of a table on the command line: `--read scale=1-5 --read columns.tenure=Months`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from sim.data.table_settings import TableSettings
from sim.parameters.plain_words import closest, shown, translate
from sim.scenario.document import read_value
from sim.vocabulary.errors import Problems, ScenarioError
from sim.words import say

Settings = TypeVar("Settings", bound=TableSettings)

PLACE = "--read"
_GROUPS, _LISTS = ("columns", "only"), ("missing", "left", "stayed")
_IN_YAML = ("[", '"', "'")
"""How a list begins, and a cell between quotes."""

OF_SEGMENT = "segment"
"""A setting of tables that are fitted."""

_TEXTS = ("scale", "encoding", "sheet", "time_zone", OF_SEGMENT)


def with_options(settings: Settings, texts: Sequence[str]) -> Settings:
    """The settings with some of them said anew.

    Args:
        settings: As in the experiment file, or the defaults.
        texts: `KEY=VALUE`, values in the syntax of YAML; keys of columns as `columns.OURS` or `only.THEIRS`. A list is
            said at once, or again and again, one cell as it stands in the file each time.

    Raises:
        ScenarioError: If one is no setting of a table, or has a value that it cannot have.

    >>> with_options(TableSettings(), ["scale=1-5", "columns.tenure=Months", "missing=NA"]).columns
    {'tenure': 'Months'}
    >>> with_options(TableSettings(), ["missing=-", "missing=n/a"]).missing
    ['-', 'n/a']
    """
    known = [name for name in (*TableSettings.model_fields, OF_SEGMENT) if name in type(settings).model_fields]
    values: dict[str, Any] = {name: getattr(settings, name) for name in settings.model_fields_set}
    lists: dict[str, list[Any]] = {}
    problems = Problems()
    for text in texts:
        path, sign, value = text.partition("=")
        name, _, column = path.partition(".")
        if not sign or name not in known or (name in _GROUPS) != bool(column):
            allowed = ", ".join(f"{one}.NAME" if one in _GROUPS else one for one in known)
            nearest = closest(name, known)
            suggestion = f"{nearest}.{column or 'NAME'}" if nearest in _GROUPS else nearest
            problems.add(
                say("no setting of a table"),
                path,
                PLACE,
                shown(text),
                allowed,
                "" if suggestion == path else suggestion,
            )
            continue
        as_it_is = name in _TEXTS or name == "columns" or (name in _LISTS and not value.startswith(_IN_YAML))
        said = value if as_it_is else read_value(value, PLACE).plain
        if name in _GROUPS:
            values[name] = {**values.get(name, {}), column: said}
        elif name in _LISTS:
            lists.setdefault(name, []).extend(said if isinstance(said, list) else [said])
        else:
            values[name] = said
    problems.check()
    try:
        return type(settings).model_validate(values | lists)
    except ValidationError as error:
        raise ScenarioError(
            [problem.at(PLACE, ".".join(str(part) for part in place)) for place, problem in translate(error)]
        ) from None
