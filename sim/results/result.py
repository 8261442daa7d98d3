"""What a run leaves behind: tables, key figures, ledger, curves, and how it came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from sim.model.rooms import columns_outside, observables_of
from sim.model.scenario import Scenario
from sim.results.answer import Answer, AnswerTable
from sim.results.customer_types import build_census
from sim.results.declared_tables import declared_columns
from sim.results.dictionary import panel_columns, series_columns, summary_columns, survival_columns
from sim.results.drift import drift_of
from sim.results.event_tables import build_events, build_spells
from sim.results.flows import build_flows, build_stage_flows
from sim.results.iceberg import build_iceberg
from sim.results.keyfigures import key_figures
from sim.results.presentation import UNSHOWN, Presentation
from sim.results.quality_worlds import build_quality_worlds
from sim.results.series import build_series, focal
from sim.results.service_gaps import build_service_gaps
from sim.results.survival import build_survival
from sim.results.unmet import unmet_in_run
from sim.results.whole_files import json_ready
from sim.words import say

if TYPE_CHECKING:
    import numpy.typing as npt

    from sim.engine.tables import Tables

FORMS: dict[str, Literal["csv", "parquet", "json"]] = {
    **dict.fromkeys(("series", "survival", "flows"), "parquet"),
    "summary": "json",
    **dict.fromkeys(("iceberg", "census", "service_gaps", "quality_worlds"), "csv"),
    **dict.fromkeys(("stage_flows", "panel", "events", "spells"), "parquet"),
}
"""The file that keeps each table, in their order."""

CSV_TOO = ("series", "flows", "stage_flows", "events", "spells")


@dataclass(frozen=True, eq=False)
class Result(Answer):
    """A scenario, run once or many times.

    Attributes:
        scenario: What was run, resolved.
        series: A row for each replication, period, firm and segment, see `sim.results.series.build_series`.
        summary: Key figures of the focal firm with 95% t-intervals over replications, see
            `sim.results.keyfigures.key_figures`.
        iceberg: The ledger of dissatisfaction, see `sim.results.iceberg.build_iceberg`.
        survival: Kaplan-Meier curves and incidence by cause, see `sim.results.survival.build_survival`.
        flows: Who came to each firm from where, period by period, see `sim.results.flows.build_flows`.
        census: Customer types at the end, see `sim.results.customer_types.build_census`.
        quality_worlds: What better firms would have earned, see `sim.results.quality_worlds`; None if none was run.
        panel: The customers followed one by one, with their `replication`, or None.
        events: What the focal firm would have in its books of some people, event by event, in replication 0, see
            `sim.results.event_tables`; None if nobody asked.
        spells: The same as durations: a row for each spell as a customer, or None.
        manifest: Scenario and its hash, seeds, versions, platform, time: what it takes to do it again.
    """

    scenario: Scenario
    series: pd.DataFrame
    summary: pd.DataFrame
    iceberg: pd.DataFrame
    survival: pd.DataFrame
    flows: pd.DataFrame
    census: pd.DataFrame
    panel: pd.DataFrame | None = None
    quality_worlds: pd.DataFrame | None = None
    events: pd.DataFrame | None = None
    spells: pd.DataFrame | None = None

    def tables(self) -> list[AnswerTable]:
        """Series, survival, flows, ledger, types, key figures; the panel and the event log if there are such."""
        currency, panel = self.scenario.money.currency, self.panel
        columns = {
            "series": series_columns(currency, observables_of(self.scenario)),
            "survival": survival_columns(),
            "summary": summary_columns(currency),
            "panel": [] if panel is None else panel_columns(map(str, panel.columns), columns_outside(self.scenario)),
        }
        rows = {name: getattr(self, name) for name in FORMS} | {"iceberg": self.iceberg.reset_index()}
        return [
            AnswerTable(
                name,
                found,
                columns.get(name) or declared_columns(name, beside=__name__, currency=currency),
                FORMS[name],
                csv_too=name in CSV_TOO,
            )
            for name, found in rows.items()
            if found is not None
        ]

    def as_json(self) -> dict[str, Any]:
        """Key figures, ledger, types, better worlds as plain values, without anything that changes from run to run."""
        worlds = self.quality_worlds
        drift = self.drift
        return {
            "schema_version": self.manifest.get("schema_version"),
            "scenario": self.scenario.name,
            "question": self.scenario.question,
            "scenario_sha256": self.manifest.get("scenario_sha256"),
            "version": self.manifest.get("version"),
            "seed": self.scenario.run.seed,
            "replications": self.replications,
            "interval": say("95% t-interval of the mean over replications"),
            "note": self.summary.attrs.get("note", ""),
            "key_figures": json_ready(self.summary.to_dict(orient="index")),
            "iceberg": json_ready(self.iceberg.to_dict(orient="index")),
            "drift": None if drift is None else json_ready(drift.to_dict(orient="records")),
            "unmet": dict(self.unmet),
            "customer_types": json_ready(self.census.to_dict(orient="records")),
            "quality_worlds": json_ready([] if worlds is None else worlds.to_dict(orient="records")),
        }

    @property
    def stage_flows(self) -> pd.DataFrame | None:
        """Who of the people followed went from which stage to which, see `sim.results.flows`; or None."""
        return None if self.panel is None else build_stage_flows(self.scenario, self.panel)

    @cached_property
    def totals(self) -> pd.DataFrame:
        """Sums over the run of all that is counted of the focal firm, a row for each replication."""
        return focal(self.series, self.scenario).groupby("replication").sum(numeric_only=True)

    @cached_property
    def service_gaps(self) -> pd.DataFrame:
        """Where what customers miss arises, see `sim.results.service_gaps`."""
        return build_service_gaps(self.scenario, self.series)

    @cached_property
    def drift(self) -> pd.DataFrame | None:
        """How far today drifts when nothing is done, see `sim.results.drift.drift_of`."""
        return drift_of(self.series, self.scenario)

    @cached_property
    def unmet(self) -> dict[str, str]:
        """Changed parameters that nobody met, with what did not happen, see `sim.results.unmet`."""
        return unmet_in_run(self.series, self.scenario)

    @property
    def replications(self) -> int:
        """Number of runs behind the means and intervals."""
        return int(self.series["replication"].nunique())

    def value(self, figure: str) -> float:
        """A key figure by name, mean over replications: `result.value("yearly_loss")`."""
        return float(self.summary["value"].to_dict()[figure])

    def __repr__(self) -> str:
        """One line: what was run."""
        runs = f"{self.replications} run{'s' if self.replications != 1 else ''}"
        return f"Result({self.scenario.name!r}, {runs}, seed {self.scenario.run.seed})"


def assemble(
    scenario: Scenario,
    tables: Sequence[Tables],
    better: Mapping[str, Sequence[Tables]] | None = None,
    manifest: dict[str, Any] | None = None,
    *,
    numbers: Sequence[int] | None = None,
    presentation: Presentation = UNSHOWN,
    log: npt.NDArray[Any] | None = None,
) -> Result:
    """Make a `Result` from the engine's tables, one for each replication.

    Args:
        scenario: What was run.
        tables: The worlds as they were.
        better: The same worlds with a better focal firm, in the same order, by name (`counterfactuals`).
        manifest: What to record of the circumstances.
        numbers: Numbers of the replications, where not all were done.
        presentation: How the result is shown.
        log: Events of replication 0, see `sim.engine.event_log`.
    """
    numbers = range(len(tables)) if numbers is None else numbers
    better = better or {}
    series = build_series(scenario, tables, better.get("without_failures"), numbers=numbers)
    followed = [
        pd.DataFrame({"replication": number, **table.panel})
        for number, table in zip(numbers, tables, strict=True)
        if table.panel is not None
    ]
    events = None if log is None else build_events(scenario, log)
    return Result(
        scenario=scenario,
        series=series,
        summary=key_figures(series, scenario, tables),
        iceberg=build_iceberg(series, scenario),
        survival=build_survival(scenario, tables),
        flows=build_flows(scenario, tables, numbers),
        census=build_census(tables),
        quality_worlds=build_quality_worlds(tables, better) if better else None,
        manifest=manifest or {},
        panel=pd.concat(followed, ignore_index=True) if followed else None,
        presentation=presentation,
        events=events,
        spells=None if events is None else build_spells(scenario, events),
    )
