"""What a comparison leaves behind."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results.answer import Answer, AnswerTable, TableColumn
from sim.results.declared_tables import declared_columns
from sim.results.dictionary import key_figure_columns, paid_in
from sim.results.manifest import scenario_hash
from sim.results.outputs import EQUITY
from sim.results.whole_files import json_ready
from sim.studies.assumed.assumptions_table import assumption_columns
from sim.studies.comparison.bundles import NO_LEVERS, SharedLevers
from sim.studies.shared_output import SharedOutput, share_columns, shared_output
from sim.words import translated

TABLES = ("differences", "runs", "persons", "money", "trajectories", "changed", "groups", "parts")
LONG = ("runs", "trajectories")
"""Tables with many rows."""

INTERVAL = "95% t-interval of the mean paired difference"


@dataclass(frozen=True, eq=False)
class Comparison(Answer):
    """Scenarios under the same luck, the first of them today's.

    Attributes:
        scenarios: What was run, by name, today's first.
        differences: Every key figure of every later scenario against the first, see
            `sim.studies.comparison.differences.build_differences`.
        runs: A row for each scenario and replication: `scenario`, `replication`, `seed`, `status`, `reason`, then every
            key figure, and the value of the customers in hand at the end; NaN in failed rows.
        persons: Person by person, who is a customer at the end in one world and not in the other, and through what, see
            `sim.studies.comparison.persons.build_persons`; empty where people cannot be matched.
        money: Revenue, costs, spending, margin and the return on spending, see
            `sim.studies.comparison.cost_and_return.build_money`.
        trajectories: Yearly loss, satisfaction and margin over time, with paired differences, see
            `sim.studies.comparison.world_paths.Paths.table`.
        changed: What differs between the scenarios: `path`, `meaning`, `unit`, `first`, and a column for each later
            scenario by its name.
        unmet: By later scenario and path of what it changes: why nobody met it, where nobody did.
        levers: What each lever of a plan contributes that changes several, where that was shared out, see
            `sim.studies.comparison.bundles`.
        assumptions: What each assumption does to the answer at both ends of its plausible range, the largest first,
            where that was asked for, see `sim.studies.assumed.assumptions_table`; else empty.
        groups: Rivals, and segments where there are several, in each world, see
            `sim.studies.comparison.groups.build_groups`; empty where there are none.
        notes: What a reader must know of how they are compared.
        precision: Half-width that was asked for, with its figure; None where a number of replications was.
        manifest: Scenarios and their hashes, seeds, versions, platform, time.
    """

    scenarios: dict[str, Scenario]
    differences: pd.DataFrame
    runs: pd.DataFrame
    persons: pd.DataFrame
    money: pd.DataFrame
    trajectories: pd.DataFrame
    changed: pd.DataFrame
    unmet: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    levers: SharedLevers = NO_LEVERS
    assumptions: pd.DataFrame = field(default_factory=pd.DataFrame)
    groups: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: tuple[str, ...] = ()
    precision: tuple[str, float] | None = None

    @property
    def labels(self) -> list[str]:
        """Names of the scenarios, today's first."""
        return list(self.scenarios)

    @property
    def scenario(self) -> Scenario:
        """Today's scenario."""
        return next(iter(self.scenarios.values()))

    @property
    def replications(self) -> int:
        """Number of replications that every scenario has done."""
        done = self.runs[self.runs["status"] == "done"]
        return int((done.groupby("replication").size() == len(self.scenarios)).sum())

    @property
    def seed(self) -> int:
        """Seed of replication 0."""
        return self.scenario.run.seed

    def difference(self, figure: str, scenario: str | None = None) -> pd.Series:
        """The row of one key figure; of the second scenario where none is named.

        Raises:
            KeyError: If there is no such row.
        """
        name = self.labels[1] if scenario is None else scenario
        rows = self.differences
        found = rows[(rows["scenario"] == name) & (rows["figure"] == figure)]
        if found.empty:
            raise KeyError(f"no difference of {figure!r} for {name!r}")
        return found.iloc[0]

    def shared(self, output: str, scenario: str) -> SharedOutput | None:
        """What each lever of a plan contributes to an output; None where that was not shared out."""
        found = [table[table["scenario"] == scenario] for table in self.levers[:2] if not table.empty]
        if not found or output not in found[1]["output"].tolist():
            return None
        return shared_output(found[0], found[1], output)

    def __repr__(self) -> str:
        """One line: what was compared."""
        return f"Comparison({' | '.join(self.labels)}, {self.replications} replications, seed {self.seed})"

    def tables(self) -> list[AnswerTable]:
        """Differences, runs, persons, money, paths over time, what was changed; shares of levers, where there are."""
        told = {name: declared_columns(name, beside=__name__) for name in TABLES}
        equity = TableColumn(EQUITY, translated("value of the customers in hand at the end of the run"), "money")
        told["runs"] = paid_in(self.scenario.money.currency, [*told["runs"], *key_figure_columns(), equity])
        named = told["parts"][:1]
        shared = [
            AnswerTable("shares", self.levers.shares, [*named, *share_columns("shares")]),
            AnswerTable("share_totals", self.levers.totals, [*named, *share_columns("totals")]),
            AnswerTable("parts", self.levers.parts, told.pop("parts")),
            AnswerTable("assumptions", self.assumptions, assumption_columns()),
            AnswerTable("groups", self.groups, paid_in(self.scenario.money.currency, told.pop("groups"))),
        ]
        return [
            *(
                AnswerTable(name, getattr(self, name), columns, "parquet" if name in LONG else "csv")
                for name, columns in told.items()
            ),
            *(table for table in shared if not table.rows.empty),
        ]

    def as_json(self) -> dict[str, Any]:
        """Scenarios, what was changed, differences, persons, money, shares: plain values, always the same."""
        return {
            "schema_version": self.manifest.get("schema_version"),
            "version": self.manifest.get("version"),
            "scenarios": [
                {
                    "label": label,
                    "name": scenario.name,
                    "question": scenario.question,
                    "scenario_sha256": scenario_hash(scenario),
                }
                for label, scenario in self.scenarios.items()
            ],
            "seed": self.seed,
            "replications": self.replications,
            "interval": self.manifest.get("interval"),
            "precision": self.manifest.get("precision"),
            "notes": list(self.notes),
            "unmet": {label: dict(found) for label, found in self.unmet.items()},
            **{name: _records(getattr(self, name)) for name in ("changed", "differences", "persons", "money")},
            "shares": _records(self.levers.shares),
            "share_totals": _records(self.levers.totals),
            "parts": _records(self.levers.parts),
            "assumptions": _records(self.assumptions),
            "groups": _records(self.groups),
        }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain values. JSON knows no infinity: a ratio that is one becomes the text `infinite`."""
    return [
        {
            str(key): "infinite" if isinstance(value, float) and math.isinf(value) else json_ready(value)
            for key, value in row.items()
        }
        for row in table.to_dict(orient="records")
    ]
