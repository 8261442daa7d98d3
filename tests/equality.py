"""Equality of state: everything that two runs know, compared person by person, after every stage of every period.

The columns come from the declaration (`sim.model.rooms.COLUMNS`, and `CASE` of the desk), so that a new one is
compared without a word here. Where the twin has a column by another shape than a number of that name, `SHAPES` says how
it is read; where it has none, the comparison fails and names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sim.engine.desk import agents_of, cases_of
from sim.engine.lucks import lucks_of
from sim.model.order import PERIOD
from sim.model.rooms import COLUMNS

Snapshot = dict[str, Any]
"""Name of what is known, and the array that holds it; the first index of a column is the person."""


def of_twin(twin: Any) -> Snapshot:
    """All that the twin knows at this moment."""
    each = [person.state for person in twin.people]
    records = np.frombuffer(b"".join(state.people.tobytes() for state in each), each[0].people.dtype)
    seen: Snapshot = {
        column.name: np.concatenate([getattr(state, column.name) for state in each])
        if column.apart
        else records[column.name]
        for column in COLUMNS
    }
    seen["outside"] = np.concatenate([person.state.outside for person in twin.people])
    seen["inbox"] = np.concatenate([person.state.inbox[person.state.heard] for person in twin.people])
    seen["ties"] = np.array([len(person.ties) for person in twin.people])
    seen["tie"] = np.array([other.luck * 2 + strong for person in twin.people for other, strong in person.ties], int)
    seen["leavers"] = twin.leavers.copy()
    seen["moves"] = twin.moves.copy()
    seen["reputation"] = twin.environment.reputation.copy()
    seen["present people"] = np.array(twin.present)
    seen["crews"] = twin.crews.copy()
    seen["prices"] = twin.environment.firms["strategy"]["price_index"].copy()
    seen["learners"] = twin.learners.copy()
    seen["failure ladder"] = twin.environment.firms["failure_ladder"].copy()
    seen["service"] = twin.environment.firms["systems"]["service"].copy()
    for desk in twin.desks:
        seen[f"agents of firm {desk.firm}"] = np.sort(np.array(desk.free_from, float))
        seen[f"cases of firm {desk.firm}"] = sorted(_complaint(complaint) for complaint in desk.open)
    return seen


def _complaint(complaint: Any) -> tuple[Any, ...]:
    """A complaint of the twin in the order of the engine's `CASE`; the rank counts while it waits only."""
    answered, ignored = complaint.answer is not None, complaint.known.ignored
    status = 1 if answered else 2 if ignored else 0
    return (
        complaint.sender.luck,
        complaint.period,
        complaint.encounter,
        complaint.severity,
        complaint.known.arrival,
        complaint.known.gives_up,
        complaint.known.handling,
        complaint.known.inquiry,
        complaint.known.rank if status == 0 else 0.0,
        complaint.answer if answered else np.inf,
        status,
    )


def _of_everybody(column: Any, people: int) -> Any:
    """A column with an element for each person, also where one stands for everybody."""
    return np.repeat(column, people) if len(column) == 1 else column.copy()


def of_engine(run: Any) -> Snapshot:
    """All that the engine knows at this moment."""
    seen: Snapshot = {
        column.name: _of_everybody(getattr(run.state, column.name), run.people)
        if column.apart and column.name != "inbox"
        else np.array(run.state.people[column.name] if not column.apart else run.state.inbox)
        for column in COLUMNS
    }
    seen["luck"] = lucks_of(run.state, np.arange(run.people))
    seen["inbox"] = run.state.inbox[run.state.heard]
    seen["heard"] = (run.state.heard != 0).astype(np.uint32)  # which row it is depends on who was told first
    seen["outside"] = run.state.outside.copy()
    seen["ties"] = np.diff(run.network.offsets).astype(int)
    seen["tie"] = np.array(run.network.ties, int)
    seen["leavers"] = run.leavers.copy()
    seen["moves"] = run.moves.copy()
    seen["reputation"] = run.environment.reputation.copy()
    seen["present people"] = np.array(run.present)
    seen["crews"] = run.crews.copy()
    seen["prices"] = run.environment.firms["strategy"]["price_index"].copy()
    seen["learners"] = run.learners.copy()
    seen["failure ladder"] = run.environment.firms["failure_ladder"].copy()
    seen["service"] = run.environment.firms["systems"]["service"].copy()
    for f, (free, cases) in enumerate(zip(agents_of(run.desks), cases_of(run.desks), strict=True)):
        seen[f"agents of firm {f}"] = np.sort(free)
        rows = [tuple(case[name].item() for name in case.dtype.names) for case in np.array(cases)]
        seen[f"cases of firm {f}"] = sorted((*row[:8], row[8] if row[10] == 0 else 0.0, *row[9:]) for row in rows)
    return seen


def first_difference(one: Snapshot, other: Snapshot) -> str:
    """What differs first between two snapshots, in words; empty where nothing does."""
    if one.keys() != other.keys():
        return f"only one knows of {sorted(one.keys() ^ other.keys())}"
    for name, here in one.items():
        there = other[name]
        if isinstance(here, list):
            if here != there:
                odd = [(ours, theirs) for ours, theirs in zip(here, there, strict=False) if ours != theirs]
                return f"{name}: {odd[0][0]} and {odd[0][1]}" if odd else f"{name}: {len(here)} and {len(there)}"
            continue
        if here.shape != there.shape or here.dtype != there.dtype:
            return f"{name}: {here.dtype}{here.shape} and {there.dtype}{there.shape}"
        if not np.array_equal(here, there):
            at = tuple(np.argwhere(here != there)[0].tolist())
            return f"{name} of customer {at[0] if at else ''}: {here[at]} and {there[at]}"
    return ""


def watched(run: Any, look: Callable[[str, Snapshot], None]) -> Any:
    """The run, an engine's or a twin's, with `look` called at the end of each stage: when it is, and all that is known.

    Complaints are on their way to the desk between the first and the second stage: there the engine holds them apart.
    """
    engine = hasattr(run, "state")

    def after(name: str, stage: str) -> None:
        work = getattr(run, name)

        def stage_and_look() -> None:
            work()
            seen = of_engine(run) if engine else of_twin(run)
            if stage == "accounts":
                seen["tally"] = (run.tally if engine else run.tallies[-1]).copy()
            if stage in ("policy", "price_reply", "load", "encounters"):
                seen = {what: value for what, value in seen.items() if not what.startswith("cases")}
            if stage in ("policy", "price_reply"):
                del seen["service"], seen["failure ladder"]  # which the load is about to write anew
            look(f"after {stage} of period {run.period}", seen)

        setattr(run, name, stage_and_look)

    for stage in PERIOD:
        after(f"_{stage}" if engine else stage, stage)
    return run


def life(run: Any) -> list[tuple[str, Snapshot]]:
    """Run to the end; all that was known, stage by stage."""
    seen: list[tuple[str, Snapshot]] = []
    watched(run, lambda when, snapshot: seen.append((when, snapshot)))
    run.run()
    return seen


def assert_same_life(run: Any, expected: list[tuple[str, Snapshot]]) -> Any:
    """Run to the end, and fail at the first stage after which anything is known differently; returns the tables."""
    rest: Iterator[tuple[str, Snapshot]] = iter(expected)

    def look(when: str, snapshot: Snapshot) -> None:
        due, other = next(rest, ("", {}))
        assert when == due
        difference = first_difference(snapshot, other)
        assert difference == "", f"{difference} {when}"

    tables = watched(run, look).run()
    assert next(rest, None) is None
    return tables
