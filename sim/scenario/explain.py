"""What a parameter means: meaning, unit, range, default and source, found by any part of its name."""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Sequence

from sim.model.scenario import Scenario
from sim.parameters.plain_words import allowed_range, information, range_text, shown
from sim.parameters.registry import ParameterInfo, parameters
from sim.parameters.synonyms import Synonym, meant, meant_within
from sim.scenario.presets import CULTURE, VOICE, load_preset, names
from sim.words import say, translated


def find(words: str, kind: type[Scenario] = Scenario) -> list[ParameterInfo]:
    """Parameters that match what somebody typed, the best first.

    Args:
        words: A path, a part of one, words of its label or meaning, or a misspelling.
        kind: Of the scenario.

    Returns:
        What is `parameters_called` by these words; else the `nearest` names. Empty if nothing is near.

    >>> [info.path for info in find("desk.agents")][:1]
    ['firm.desk.agents']
    >>> find("firm.desk.eese")[0].path
    'firm.desk.ease'
    """
    return parameters_called(words, kind) or nearest(words, kind)


def is_path(words: str) -> bool:
    """Whether somebody typed the path of a parameter, right or wrong, and no words.

    >>> is_path("firm.desk.eese"), is_path("ease"), is_path("the desk. And ease")
    (True, False, False)
    """
    return "." in words.strip().rstrip(".") and len(words.split()) == 1


def parameters_called(words: str, kind: type[Scenario] = Scenario) -> list[ParameterInfo]:
    """Parameters that are called what somebody typed, or whose meaning says it, the best first.

    Args:
        words: A path, a part of one, words of its label or meaning.
        kind: Of the scenario.

    Returns:
        The parameter of that path; else all beneath a section of that path; else what the words are a synonym of, and
        all whose path holds every word; or else, where the words are no path, whose label or meaning holds them.

    >>> parameters_called("firm.desk.eese"), parameters_called("no.such.thing")
    ([], [])
    """
    wanted = words.strip().lower().rstrip(".")
    every = parameters(kind)
    exact = [info for info in every if info.path == wanted or info.path == _listed(wanted)]
    if exact:
        return exact
    beneath = [info for info in every if info.path.startswith(f"{wanted}.")]
    if beneath:
        return beneath
    # What people call it comes first, and then what has the word in its name; of a question, its longest known phrase.
    by_words = _by_words(wanted, every)
    phrase = meant(words)
    if phrase == Synonym() and not is_path(words):
        phrase = meant_within(words, least=2 if by_words else 1)
    said = [info for path in phrase.parameters for info in every if info.path == path]
    return said + [info for info in by_words if info not in said]


def _own(every: Sequence[ParameterInfo]) -> list[ParameterInfo]:
    """All but those of segments and rivals: what holds for customers and the firm holds for them too; told once."""
    return [info for info in every if not info.path.startswith(("rivals[]", "segments[]"))]


def _by_words(wanted: str, every: Sequence[ParameterInfo]) -> list[ParameterInfo]:
    """Parameters whose path, or else whose label or meaning, holds every word."""
    own = _own(every)
    labelled = [info for info in own if _plain(wanted) in _labels(info)]
    if labelled:
        return labelled
    tokens = wanted.replace(".", " ").replace("_", " ").split()
    if not tokens:
        return []
    by_path = [info for info in own if all(token in info.path.replace("_", " ") for token in tokens)]
    if by_path:
        last = [info for info in by_path if info.path.rsplit(".", 1)[-1] == wanted.rsplit(".", 1)[-1]]
        last.sort(key=_is_decided)
        return last + [info for info in by_path if info not in last]
    if is_path(wanted):
        return []

    def said(info: ParameterInfo) -> str:
        texts = (info.path, info.label, info.meaning, translated(info.label), translated(info.meaning))
        return " ".join(texts).lower()

    return [info for info in own if all(token in said(info) for token in tokens)]


def _is_decided(info: ParameterInfo) -> bool:
    """A key for sorting: what the firm decides comes first."""
    return not info.path.startswith("firm.")


def _plain(words: str) -> str:
    """Words without the signs between sections and label: `Complaint desk: Desk staff`, `Firm > Desk staff`."""
    return " ".join(re.sub(r"[:>,]", " ", words.lower()).split())


def _labels(info: ParameterInfo) -> set[str]:
    """A label as reports have it, alone and with its section, in English and in the reader's language."""
    told = [(info.groups, info.label), ([translated(name) for name in info.groups], translated(info.label))]
    return {_plain(" ".join([*groups[len(groups) - count :], label])) for groups, label in told for count in (0, 1, 2)}


def nearest(words: str, kind: type[Scenario] = Scenario) -> list[ParameterInfo]:
    """Parameters of the names nearest to a misspelt one, the nearest first; empty if none is near.

    >>> nearest("firm.desk.eese")[0].path
    'firm.desk.ease'
    """
    wanted, own = words.strip().lower().rstrip("."), _own(parameters(kind))
    own.sort(key=_is_decided)
    paths = {info.path: info for info in own}
    near = difflib.get_close_matches(wanted, paths, n=5, cutoff=0.6)
    if not near:
        lasts = {info.path.rsplit(".", 1)[-1]: info for info in reversed(own)}
        return [lasts[name] for name in difflib.get_close_matches(wanted.rsplit(".", 1)[-1], lasts, n=5, cutoff=0.75)]
    return [paths[name] for name in near]


def _listed(path: str) -> str:
    """`rivals.0.desk.ease` and `rivals.desk.ease` as the registry writes them."""
    tokens = path.split(".")
    if tokens[0] not in ("rivals", "segments") or len(tokens) < 2:
        return path
    direct = f"{tokens[0]}[].{'.'.join(tokens[1:])}"
    return direct if information(direct) is not None else f"{tokens[0]}[].{'.'.join(tokens[2:])}"


def article(info: ParameterInfo) -> str:
    """All that is known of one parameter, as text.

    >>> print(article(find("firm.desk.answer_share")[0]))
    firm.desk.answer_share
      Firm > Complaint desk > Complaints answered
      Share of complaints at the desk that get an answer at all
      unit:      share
      allowed:   a number from 0 to 1
      practical: 0.2 to 1
      paid by:   firm.desk.handling_cost
      default:   0.9
      source:    assumption
      timeline:  may change during a run
    """
    allowed = allowed_range(info).removesuffix(f" ({translated(info.unit)})") or say("any")
    family = VOICE if info.path == "voice.preset" else CULTURE if info.path.endswith(".culture") else None
    if family is not None:
        allowed = ", ".join(names(family))
    unset = info.path.startswith(("rivals[]", "segments[]", "timeline[]"))
    default = say("that of the firm, the customers or the change it belongs to") if unset else shown(info.default)
    facts = [
        (say("unit:"), translated(info.unit)),
        (say("allowed:"), allowed),
        *([] if info.practical is None else [(say("practical:"), range_text(info.practical))]),
        *([(say("no lever:"), translated(info.no_lever))] if info.no_lever else []),
        *([(say("paid by:"), info.paid_by)] if info.paid_by else []),
        (say("default:"), default),
        (say("source:"), translated(info.source)),
        (say("timeline:"), say("fixed before the first period") if info.setup else say("may change during a run")),
    ]
    width = max(10, *(len(name) for name, _ in facts))
    lines = [
        info.path,
        f"  {' > '.join(translated(name) for name in (*info.groups, info.label))}",
        f"  {translated(info.meaning)}",
        *(f"  {name.ljust(width)} {value}" for name, value in facts),
    ]
    if family is not None:
        for name in names(family):
            preset = load_preset(family, name)
            note = say("Note: {note}", note=translated(preset.note))
            lines += [f"  {name}: {translated(preset.title)}", f"    {note}"]
    return "\n".join(lines)


def lines(found: Sequence[ParameterInfo], width: int) -> str:
    """Two lines or more for each parameter, on a terminal of so many letters: what it is now, and what it means.

    >>> print(lines(find("firm.desk.ease"), 40))
    firm.desk.ease (0.0 index)
        Ease of complaining: number and
        visibility of channels, 0 average
    """
    told = []
    for info in found:
        now = "" if "[]" in info.path else f" ({shown(info.default)} {translated(info.unit)})"
        meaning = textwrap.wrap(translated(info.meaning), max(width - 4, 20))
        told.append("\n".join([f"{info.path}{now}", *(f"    {line}" for line in meaning)]))
    return "\n".join(told)


def table(found: list[ParameterInfo]) -> str:
    """One line for each parameter: path, default, unit, meaning.

    >>> table(find("firm.desk.ease")).startswith("firm.desk.ease  0.0  index")
    True
    """
    rows = [
        (info.path, "" if "[]" in info.path else shown(info.default), translated(info.unit), translated(info.meaning))
        for info in found
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)] if rows else []
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)), row[3]]) for row in rows
    )
