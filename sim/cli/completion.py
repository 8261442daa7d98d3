"""What may follow what has been typed: for tab completion in a shell."""

from __future__ import annotations

from sim.parameters.plain_words import information, shown
from sim.parameters.registry import parameters
from sim.scenario.presets import CULTURE, VOICE, names
from sim.words import translated

_LISTS = ("rivals[].", "segments[].", "timeline[].")  # named by the user's own entries: nothing to offer
_PRESETS = {"voice.preset": VOICE, "firm.culture": CULTURE}


def parameters_that_go_on(typed: str) -> list[tuple[str, str]]:
    """Parameters whose path begins as typed, with their meaning; of several sections only the names.

    A section that is the only one is opened at once: a shell would put a space after its name.

    >>> parameters_that_go_on("firm.desk.ea")
    [('firm.desk.ease', 'Ease of complaining: number and visibility of channels, 0 average')]
    >>> [path for path, _ in parameters_that_go_on("firm.s")]
    ['firm.strategy.', 'firm.systems.']
    >>> len(parameters_that_go_on("firm.de")) > 10
    True
    """
    offered: dict[str, str] = {}
    for info in parameters():
        if info.path.startswith(_LISTS) or not info.path.startswith(typed):
            continue
        dot = info.path.find(".", len(typed))
        if dot < 0:
            offered[info.path] = translated(info.meaning)
        else:
            offered.setdefault(info.path[: dot + 1], "")
    if len(offered) == 1 and (only := next(iter(offered))).endswith("."):
        return parameters_that_go_on(only)
    return sorted(offered.items())


def assignments_that_go_on(typed: str) -> list[tuple[str, str]]:
    """What may follow in KEY=VALUE: a key with its default, or the names that it may have.

    >>> assignments_that_go_on("firm.desk.eas")[0][0]
    'firm.desk.ease=0.0'
    >>> [value for value, _ in assignments_that_go_on("run.period=")]
    ['run.period=day', 'run.period=week', 'run.period=month']
    >>> [value for value, _ in assignments_that_go_on("voice.preset=tarp")]
    ['voice.preset=tarp_major', 'voice.preset=tarp_minor']
    """
    key, equals, value = typed.partition("=")
    if equals:
        return [(f"{key}={name}", "") for name in _names_of(key) if name.startswith(value)]
    offered: list[tuple[str, str]] = []
    for path, meaning in parameters_that_go_on(key):
        if path.endswith("."):
            offered.append((path, meaning))
        elif choices := _names_of(path):
            offered += [(f"{path}={name}", meaning) for name in choices]
        elif (info := information(path)) is not None:
            offered.append((f"{path}={shown(info.default)}", meaning))
    return offered


def _names_of(path: str) -> list[str]:
    if path in _PRESETS:
        return list(names(_PRESETS[path]))
    info = information(path)
    return [str(choice) for choice in info.choices] if info is not None else []
