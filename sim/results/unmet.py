"""Parameters that nobody met: whether anything happened in a run on which a changed parameter could have acted.

A desk that no complaint reached, an offer to former customers where there were none: who turns such a lever sees no
effect and may take it for an answer. The register names, for parameters that act on some occasion only, what counts
the occasions. Parameters that are in no line of it act always, or nothing counts on what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

import pandas as pd

from sim.model.failures import FAILURE_MODES
from sim.model.movement import FLOWS_IN, FLOWS_OUT
from sim.model.scenario import Scenario
from sim.parameters.against_defaults import against_defaults
from sim.parameters.labels import entry_label
from sim.parameters.timeline import span
from sim.results.series import total_segment
from sim.words import say, translated

Total = Callable[[str | None, Sequence[str]], float]
"""Sum of observables of a firm by its name, of all firms where that is None."""


class MeetingOccasion(NamedTuple):
    """What must have happened for parameters to have been met.

    Attributes:
        paths: Patterns of parameters; those of a firm begin with `firm.`, and are meant of rivals too.
        counts: Observables; one of them at least is not 0 where the parameters were met.
        reason: What did not happen.
    """

    paths: tuple[str, ...]
    counts: tuple[str, ...]
    reason: str


NO_CASE, NO_COMPLAINT = "no complaint reached the desk", "nobody complained"
NO_LAPSED, NOBODY_CAME = "there was no former customer who might come back", "nobody became a customer"
NOBODY_TOLD = "nobody told anybody anything"
_COMPLAINED = ("complained",)
_TALK = ("told_positive", "told_negative")

OCCASIONS: tuple[MeetingOccasion, ...] = (
    MeetingOccasion(
        tuple(
            f"firm.desk.{name}"
            for name in (
                "agents",
                "sized_by_load",
                "expected_cases",
                "staffing_reserve",
                "dedicated",
                "hours_per_year",
                "agent_cost",
            )
        ),
        ("registered", "complaint_cost"),
        NO_CASE,
    ),
    MeetingOccasion(
        tuple(
            f"firm.desk.{name}"
            for name in (
                "answer_share",
                "resolution_share",
                "patience_days",
                "investigation_days",
                "handling_hours",
                "apology_hours",
                "speed_target_days",
                "queue",
                "handling_cost",
            )
        ),
        ("registered",),
        NO_CASE,
    ),
    MeetingOccasion(
        tuple(
            f"firm.desk.{name}"
            for name in ("compensation", "apology", "follow_up", "follow_up_cost", "remedy_cost", "expedite_cost")
        ),
        _COMPLAINED,
        NO_COMPLAINT,
    ),
    MeetingOccasion(
        ("firm.desk.front_line_resolution", "firm.desk.logged_share", "voice.escalation_share"),
        ("complained_front_line",),
        "nobody complained at the front line",
    ),
    MeetingOccasion(
        ("firm.desk.ease", "voice.complain_share", "voice.complaint_drivers.*"),
        ("dissatisfied",),
        "nobody was dissatisfied",
    ),
    MeetingOccasion(("voice.headquarters_share", "recovery.*"), _COMPLAINED, NO_COMPLAINT),
    MeetingOccasion(("voice.repurchase.silent", "voice.lapse_share"), ("silent",), "nobody kept silent"),
    MeetingOccasion(("voice.repurchase.unanswered",), ("unanswered",), "no complaint was left without an answer"),
    MeetingOccasion(("voice.repurchase.unresolved",), ("unresolved",), "no answer failed"),
    MeetingOccasion(("voice.repurchase.resolved",), ("resolved",), "no complaint was resolved"),
    MeetingOccasion(("voice.repurchase.resolved_quickly",), ("resolved_quickly",), "no complaint was resolved quickly"),
    MeetingOccasion(
        ("firm.win_back.*", "movement.return_*", "movement.price_on_return", "*.bonds.returns_per_year"),
        ("lapsed",),
        NO_LAPSED,
    ),
    MeetingOccasion(("firm.strategy.welcome_cost",), FLOWS_IN, NOBODY_CAME),
    MeetingOccasion(("firm.strategy.promise.*",), (*FLOWS_IN, "encounters"), "nobody read the promise"),
    MeetingOccasion(("firm.strategy.advertising_*",), ("prospects",), "there was no prospect to reach"),
    MeetingOccasion(
        ("firm.strategy.price_index", "firm.strategy.gross_margin", "firm.costs.purchase_service"),
        ("purchases",),
        "nobody bought anything",
    ),
    MeetingOccasion(("firm.systems.*",), ("encounters",), "nobody met the service"),
    MeetingOccasion(("firm.costs.help_service",), ("help_requests",), "nobody asked for help"),
    MeetingOccasion(
        ("firm.costs.repair_service", "firm.costs.repair_price", "firm.costs.warranty_share"),
        ("repairs",),
        "nothing was repaired",
    ),
    MeetingOccasion(("firm.costs.failure_effect",), ("failures_felt",), "no failure reached a customer"),
    MeetingOccasion(
        ("firm.costs.internal_failure",), ("failures_intercepted",), "no failure was found before it was felt"
    ),
    MeetingOccasion(
        ("talk.shares.dissatisfied", "talk.reach.dissatisfied"), ("dissatisfied",), "nobody was dissatisfied"
    ),
    MeetingOccasion(("talk.shares.delighted", "talk.reach.delighted"), ("delighted",), "nobody was delighted"),
    MeetingOccasion(
        ("talk.shares.recovered", "talk.reach.recovered"),
        ("resolved", "resolved_quickly", "front_line_resolved"),
        "no complaint was resolved",
    ),
    MeetingOccasion(
        ("talk.shares.failed_recovery", "talk.reach.failed_recovery"), ("unanswered", "unresolved"), "no answer failed"
    ),
    MeetingOccasion(
        ("talk.weak_tie_weight", "talk.*_adoption", "talk.negative_impact", "*.sociability.*_susceptibility"),
        _TALK,
        NOBODY_TOLD,
    ),
    MeetingOccasion(("market.rebuy_share",), FLOWS_OUT, "nobody left"),
    MeetingOccasion(
        ("firm.contract.renewal_months", "firm.contract.notice_months", "firm.contract.exit_fee", "movement.freedom"),
        ("bound", "paid_out"),
        "nobody who is bound by a contract decided to leave",
    ),
    MeetingOccasion(("firm.contract.bills_per_year",), ("bills",), "no bill fell due"),
    MeetingOccasion(("firm.onboarding.*",), FLOWS_IN, NOBODY_CAME),
    MeetingOccasion(
        ("firm.programme.*",), ("points_issued",), "no loyalty programme was offered, or nobody bought anything"
    ),
    MeetingOccasion(("third_party.*",), ("unanswered", "unresolved"), "no complaint was left without a remedy"),
    MeetingOccasion(("firm.desk.public_answer*", "talk.online.*"), ("posts",), "nobody posted anything"),
    MeetingOccasion(
        ("firm.people.*",), ("work_ordered",), "the staff of the firm were not followed, or nobody asked for them"
    ),
    MeetingOccasion(
        ("firm.learning.*",),
        tuple(f"reported_{mode}" for mode in FAILURE_MODES),
        "the firm steers corrective action by nothing, or its instrument told it of no failure",
    ),
    MeetingOccasion(("talk.opinion.*", "talk.looking_around.*"), _TALK, NOBODY_TOLD),
    MeetingOccasion(("*.bonds.forgiveness_half_life",), ("left_silent", "left_complaint"), "nobody left in anger"),
)
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


def unmet(paths: Iterable[str], scenario: Scenario, total: Total) -> dict[str, str]:
    """The parameters among these that nobody met, each with what did not happen.

    Args:
        paths: Changed parameters.
        scenario: What was run.
        total: Sums of observables over the run, or over the time in which they were changed.
    """
    found = {}
    for path in paths:
        line = occasion_of(path)
        parts = path.split(".")
        firm = scenario.firm.name if parts[0] == "firm" else parts[1] if parts[0] == "rivals" else None
        if line is not None and total(firm, line.counts) == 0.0:
            found[path] = line.reason
    return found


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

    >>> unmet_sentence({"firm.desk.agents": NO_CASE})
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
