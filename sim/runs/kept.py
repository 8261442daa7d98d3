"""A run's result, read back from its folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sim.report import RUN
from sim.results.folder import read_parquet
from sim.results.manifest import SCHEMA_VERSION
from sim.results.place import MANIFEST, FolderError
from sim.results.result import Result
from sim.rules.reading import RuleSource
from sim.rules.scenario_kinds import kind_with, refuse_other_rules
from sim.words import say


def _numbers(table: pd.DataFrame) -> pd.DataFrame:
    """The table with NaN for null in its estimates and intervals."""
    texts = ("label", "unit", "meaning", "typology", "type", "depth", "seen")
    return table.astype({name: float for name in table.columns if name not in texts})


def read_folder(directory: str | Path, rules: Sequence[RuleSource] = ()) -> Result:
    """The result of a run in a folder that `write_folder` wrote; page checksums are verified.

    Args:
        directory: The folder.
        rules: The files with rules from outside that the run had, if it had some.

    Raises:
        FolderError: If the folder holds no results, or a file of it is damaged or of another layout.
    """
    folder = Path(directory).expanduser()
    if not (folder / MANIFEST).is_file():
        raise FolderError(say("{directory}: holds no results of a run", directory=directory))
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["schema_version"] != SCHEMA_VERSION:
            found = manifest["schema_version"]
            raise FolderError(
                say(
                    "{directory}: has layout {found}, this program reads layout {readable}",
                    directory=directory,
                    found=found,
                    readable=SCHEMA_VERSION,
                )
            )
        kind = kind_with(rules)
        refuse_other_rules(directory, manifest.get("rules", []), kind.outside)
        stored = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        summary = _numbers(pd.DataFrame.from_dict(stored["key_figures"], orient="index").rename_axis("figure"))
        summary.attrs["note"] = stored["note"]
        panel = folder / "panel.parquet"
        return Result(
            scenario=kind.model_validate_json(json.dumps(manifest["scenario"])),
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
    except (OSError, KeyError, ValueError) as error:
        raise FolderError(say("{directory}: is damaged: {error}", directory=directory, error=error)) from error
