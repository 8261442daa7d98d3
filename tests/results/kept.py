"""A run's result, read back from its folder: what is written must be all that a result holds."""

import json
from pathlib import Path

import pandas as pd

from sim.report import RUN
from sim.results.folder import read_parquet
from sim.results.result import Result
from sim.rules.scenario_kinds import kind_with


def _numbers(table: pd.DataFrame) -> pd.DataFrame:
    """The table with NaN for null in its estimates and intervals."""
    texts = ("label", "unit", "meaning", "typology", "type", "depth", "seen")
    return table.astype({name: float for name in table.columns if name not in texts})


def read_folder(directory, rules=()) -> Result:
    """The result of a run in a folder that `write_folder` wrote, with the rules that it had; checksums are verified."""
    folder = Path(directory)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    stored = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    summary = _numbers(pd.DataFrame.from_dict(stored["key_figures"], orient="index").rename_axis("figure"))
    summary.attrs["note"] = stored["note"]
    panel = folder / "panel.parquet"
    return Result(
        scenario=kind_with(rules).model_validate_json(json.dumps(manifest["scenario"])),
        series=read_parquet(folder / "series.parquet"),
        summary=summary,
        iceberg=_numbers(pd.DataFrame.from_dict(stored["iceberg"], orient="index").rename_axis("entry")),
        survival=read_parquet(folder / "survival.parquet"),
        flows=read_parquet(folder / "flows.parquet"),
        census=_numbers(pd.DataFrame(stored["customer_types"])),
        manifest=manifest,
        panel=read_parquet(panel) if panel.is_file() else None,
        presentation=RUN,
    )
