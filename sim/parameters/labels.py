"""What a parameter is called where people read: its groups from the second on, and its own label."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sim.model.scenario import Scenario
from sim.parameters.plain_words import information
from sim.parameters.registry import parameters
from sim.words import say, translated

LISTS = ("rivals", "segments")
MONEY = "money"

_PATH = re.compile(r"`([a-z_]+(?:\.[a-z_]+)+)`")


def label(path: str, kind: type[Scenario] = Scenario) -> str:
    """What a parameter is called; what has no label keeps its path.

    Args:
        path: Of the parameter; of one of a list with the name of the entry, or with `[]`.
        kind: Of scenario, where rules from outside have parameters of their own.

    >>> label("firm.desk.ease"), label("rivals.other.desk.ease")
    ('Complaint desk: Ease of complaining', 'Rival other, Complaint desk: Ease of complaining')
    >>> label("firm.systems.service.empathy")
    'Systems, Delivered quality: Empathy'
    """
    head, _, rest = path.partition(".")
    name, _, inner = rest.partition(".")
    listed = head in LISTS
    info = information(f"{head}[].{inner}" if listed else path, kind)
    if info is None:
        return path
    groups = [translated(group) for group in info.groups][1 if head == "firm" or listed else 0 :]
    own = ": ".join([", ".join(groups), translated(info.label)] if groups else [translated(info.label)])
    if head == "rivals":
        return say("Rival {name}, {label}", name=name, label=own)
    return say("{name}: {label}", name=name, label=own) if listed else own


def short_label(path: str, among: Iterable[str], kind: type[Scenario] = Scenario) -> str:
    """What a parameter is called, without the group it belongs to where that tells it from the others of `among`.

    >>> short_label("firm.desk.ease", ["firm.desk.ease", "firm.desk.agents"])
    'Ease of complaining'
    >>> short_label("firm.desk.ease", ["firm.desk.ease", "rivals.one.desk.ease"])
    'Complaint desk: Ease of complaining'
    """
    own, *others = (label(name, kind) for name in (path, *(other for other in among if other != path)))
    short = own.rpartition(": ")[2]
    return own if any(other.rpartition(": ")[2] == short for other in others) else short


def without_paths(text: str, kind: type[Scenario] = Scenario) -> str:
    """A translated meaning as a page shows it: parameters and sections that it names by paths, by their labels.

    >>> (
    ...     without_paths("Relative to `firm.learning.action_cost`"),
    ...     without_paths("As `firm.desk` says; see `docs/odd.md`"),
    ... )
    ('Relative to “Learning: Cost of a corrective action”', 'As “Complaint desk” says; see `docs/odd.md`')
    """

    def named(found: re.Match[str]) -> str:
        path = found[1]
        name = label(path, kind)
        if name == path:
            inside = (info for info in parameters(kind) if info.path.rpartition(".")[0] == path)
            name = next((translated(info.groups[-1]) for info in inside), "")
        return say("“{label}”", label=name) if name else found[0]

    return _PATH.sub(named, text)


def parted(entry: str) -> tuple[str, str]:
    """The parameter and the moment of an entry that says since when the timeline sets it, `PATH from MOMENT`.

    >>> parted("firm.desk.ease from 1 May 2026"), parted("firm.desk.ease")
    (('firm.desk.ease', '1 May 2026'), ('firm.desk.ease', ''))
    """
    path, _, moment = entry.partition(say("{path} from {moment}", path="", moment=""))
    return path, moment


def entry_label(entry: str, kind: type[Scenario] = Scenario) -> str:
    """What such an entry is called.

    >>> entry_label("firm.desk.ease from 1 May 2026")
    'Complaint desk: Ease of complaining from 1 May 2026'
    """
    path, moment = parted(entry)
    called = label(path, kind)
    return say("{path} from {moment}", path=called, moment=moment) if moment else called


def section_label(entry: str, kind: type[Scenario] = Scenario) -> str:
    """What the section of such an entry is called.

    >>> section_label("firm.systems.service.empathy from 1 May 2026")
    'Systems, Delivered quality from 1 May 2026'
    """
    path, moment = parted(entry)
    called = label(path, kind).rpartition(": ")[0] or label(path, kind)
    return say("{path} from {moment}", path=called, moment=moment) if moment else called


def registered(path: str) -> str:
    """A path as the registry knows it, with the moment of a change left out.

    >>> registered("rivals.other.desk.ease from 1 May 2026")
    'rivals[].desk.ease'
    """
    parts = parted(path)[0].split(".")
    return f"{parts[0]}[].{'.'.join(parts[2:])}" if parts[0] in LISTS else ".".join(parts)


def unit_in(unit: str, currency: str) -> str:
    """A parameter's unit as a reader sees it: an amount of money in the scenario's currency.

    >>> unit_in("money per customer and year", "EUR"), unit_in("share", "EUR")
    ('EUR per customer and year', 'share')
    """
    shown = translated(unit)
    return shown.replace(translated(MONEY), currency, 1) if unit.split(" ", maxsplit=1)[0] == MONEY else shown
