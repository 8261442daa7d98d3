"""Named presets: the published complaint shares (`voice.preset`) and the service cultures (`firm.culture`).

Each preset is a file beside this one, in `voice/` and `culture/`, with a title, an honest note that is printed
wherever the preset is reported, and values, each with its source in a comment.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.scenario.document import Node, read_file
from sim.words import say

VOICE, CULTURE = "voice", "culture"
FAMILIES = (VOICE, CULTURE)
_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Preset:
    """One named set of values.

    Attributes:
        family: `voice` or `culture`.
        name: The name by which a scenario asks for it.
        title: One line.
        note: What a reader must know before believing a result that rests on it.
        values: For `voice`: sections of the scenario. For `culture`: sections of a firm.
        every_firm: For `voice`: sections that hold for every firm.
    """

    family: str
    name: str
    title: str
    note: str
    values: Node
    every_firm: Node


@cache
def names(family: str) -> tuple[str, ...]:
    """The presets of a family, in alphabetical order.

    >>> names("culture")
    ('awful', 'exceptional', 'normal', 'poor')
    """
    return tuple(sorted(path.stem for path in (_FOLDER / family).glob("*.yaml")))


@cache
def load_preset(family: str, name: str) -> Preset:
    """Read a preset.

    Args:
        family: `voice` or `culture`.
        name: One of `names(family)`.

    Raises:
        KeyError: If there is no such preset.

    >>> load_preset("voice", "slogan").values.plain["voice"]["complain_share"]
    0.04
    """
    if name not in names(family):
        raise KeyError(name)
    root = read_file(_FOLDER / family / f"{name}.yaml", say("preset {name}", name=name)).root.value
    return Preset(
        family,
        name,
        str(root["title"].value),
        " ".join(str(root["note"].value).split()),
        root["values"],
        root.get("every_firm", Node({})),
    )
