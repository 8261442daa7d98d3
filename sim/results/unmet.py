"""Parameters that nobody met: whether anything happened in a run on which a changed parameter could have acted.

A desk that no complaint reached, an offer to former customers where there were none: who turns such a lever sees no
effect and may take it for an answer. The register names, for parameters that act on some occasion only, what counts
the occasions. Parameters that are in no line of it act always, or nothing counts on what.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sim.model.failures import FAILURE_MODES
from sim.model.movement import FLOWS_IN, FLOWS_OUT
from sim.model.scenario import Scenario
from sim.parameters.against_defaults import against_defaults
from sim.parameters.labels import entry_label
from sim.parameters.paths import get_path
from sim.parameters.timeline import phases, span
from sim.results.series import total_segment
from sim.words import say, translated

Total = Callable[[str | None, Sequence[str]], float]
"""Sum of observables of a firm by its name, of all firms where that is None."""


class MeetingOccasion(NamedTuple):
    """What must have happened for parameters to have been met.

    Attributes:
        paths: Patterns of parameters; those of a firm begin with `firm.`, and are meant of rivals too.
        counts: Observables; one of them at least is not 0 where the parameters were met. Where there are none, nothing
            counts what they act on.
        reason: What did not happen.
        switches: Groups of parameters; of each group one at least is on, at the start or by a change, where they were
            met.
    """

    paths: tuple[str, ...]
    counts: tuple[str, ...]
    reason: str
    switches: tuple[tuple[str, ...], ...] = ()


def _occasions() -> Iterator[MeetingOccasion]:
    """Of `occasions.json` beside this file; `{flows_in}` and the like stand for the observables of the model."""
    listed = {
        "{flows_in}": FLOWS_IN,
        "{flows_out}": FLOWS_OUT,
        "{reported}": [f"reported_{mode}" for mode in FAILURE_MODES],
    }
    for line in json.loads(Path(__file__).with_name("occasions.json").read_text(encoding="utf-8")):
        counts = tuple(name for text in line.get("counts", ()) for name in listed.get(text, [text]))
        switches = tuple(tuple(switch) for switch in line.get("switches", ()))
        yield MeetingOccasion(tuple(line["paths"]), counts, line["reason"], switches)


OCCASIONS: tuple[MeetingOccasion, ...] = tuple(_occasions())
"""The register; the first line that a parameter is in counts."""


def occasion_of(path: str) -> MeetingOccasion | None:
    """What must have happened for a parameter to have been met; None where it acts always, or nobody knows.

    >>> occasion_of("rivals.north.desk.agents").reason, occasion_of("money.discount_rate")
    ('no complaint reached the desk', None)
    """
    parts = path.split(".")
    known = ".".join(("firm", *parts[2:])) if parts[0] == "rivals" else path
    return next((line for line in OCCASIONS if any(_is_in(known, item) for item in line.paths)), None)


def _is_in(path: str, item: str) -> bool:
    """Whether a parameter is meant by an item of the register: the same, below a group, or like a pattern."""
    if item.endswith(".*") and "*" not in item[:-1]:
        return path.startswith(item[:-1])
    return path == item or ("*" in item and fnmatchcase(path, item))


def unmet(paths: Iterable[str], scenario: Scenario, total: Total, beside: Sequence[Scenario] = ()) -> dict[str, str]:
    """The parameters among these that nobody met, each with what did not happen.

    Args:
        paths: Changed parameters.
        scenario: What was run.
        total: Sums of observables over the run, or over the time in which they were changed.
        beside: Worlds whose sums are in `total` too; what is on in one of them was met.
    """
    found = {}
    for path in paths:
        line = occasion_of(path)
        parts = path.split(".")
        firm = scenario.firm.name if parts[0] == "firm" else parts[1] if parts[0] == "rivals" else None
        if line is None:
            continue
        own = ".".join(parts[:2]) if parts[0] == "rivals" else "firm"
        groups = [[switch.replace("firm.", f"{own}.", 1) for switch in group] for group in line.switches]
        worlds = (scenario, *beside)
        off = not all(any(_is_on(switch, world) for switch in group for world in worlds) for group in groups)
        if off or (line.counts and total(firm, line.counts) == 0.0):
            found[path] = line.reason
    return found


def _is_on(path: str, scenario: Scenario) -> bool:
    """Whether a switch, an amount or a list is not off at some time of a scenario.

    >>> (
    ...     _is_on("firm.certificate.held", Scenario()),
    ...     _is_on("rivals", Scenario()),
    ...     _is_on("rivals.x.in_market", Scenario()),
    ... )
    (False, True, False)
    """
    if path == "rivals":
        return bool(scenario.rivals)
    if path.startswith("rivals.") and path.split(".")[1] not in [rival.name for rival in scenario.rivals]:
        return False
    return any(bool(get_path(stretch, path)) for _, stretch in phases(scenario))


OFF = (False, "none")
"""Values with which something ends: that it does not happen any more is what such a change does. 0 is one of them."""


def unmet_in_run(series: pd.DataFrame, scenario: Scenario) -> dict[str, str]:
    """The parameters that differ from their defaults, or change during the run, and that nobody met.

    Args:
        series: See `sim.results.series.build_series`.
        scenario: What was run.

    Returns:
        What did not happen, by path; of a change, in the time in which it held, and of one that ends something, before
        it as well.
    """
    whole = series[series["segment"] == total_segment(scenario)]

    def over(rows: pd.DataFrame) -> Total:
        counted = sorted({name for line in OCCASIONS for name in line.counts})
        sums = rows.groupby("firm", sort=False)[counted].sum().to_dict(orient="index")
        return lambda firm, names: float(
            sum(of_firm[name] for known, of_firm in sums.items() if firm in (None, known) for name in names)
        )

    changed = [path for path, _, value, default in against_defaults(scenario) if value != default]
    found = unmet(changed, scenario, over(whole))
    for change in scenario.timeline:
        begin, end = span(scenario.run, change)
        held = whole[(whole["period"] >= begin) & (whole["period"] < (scenario.run.periods if end is None else end))]
        if len(held):
            ended = [path for path, value in change.set.items() if value in OFF]
            still = unmet(ended, scenario, over(whole[whole["period"] < begin]))
            met = set(ended) - still.keys()
            found |= unmet([path for path in change.set if path not in met], scenario, over(held))
    return found


MOST_NAMED = 4
"""Parameters of one reason that a sentence names at most."""


def unmet_sentence(found: Mapping[str, str]) -> str:
    """The parameters that nobody met, reason by reason; empty where there are none.

    >>> unmet_sentence({"firm.desk.agents": "no complaint reached the desk"})
    'Changed, and met by nobody: Complaint desk: Desk staff (no complaint reached the desk).'
    """
    if not found:
        return ""
    reasons: dict[str, list[str]] = {}
    for path, reason in found.items():
        reasons.setdefault(reason, []).append(path)
    parts = [
        say("{paths} ({reason})", paths=_shortened(paths), reason=translated(reason))
        for reason, paths in reasons.items()
    ]
    return say("Changed, and met by nobody: {parts}.", parts="; ".join(parts))


def _shortened(paths: Sequence[str]) -> str:
    names, left = ", ".join(map(entry_label, paths[:MOST_NAMED])), len(paths) - MOST_NAMED
    return say("{names} and {left} more", names=names, left=left) if left > 0 else names
