"""The scenario file that carries a calibration."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from sim.scenario import load_scenario, load_text
from sim.studies.calibration.result import CalibrationResult
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.paths import find_in_list
from sim.vocabulary.scenario import Scenario


def scenario_text(result: CalibrationResult, folder: Path, base: Path | None, changes: Mapping[str, Any]) -> str:
    """The text of the file.

    It extends the base scenario where that lies within the same working folder, so that the two can be moved together;
    else, and where an extension would not give exactly the fitted scenario, it states every value itself.

    Args:
        result: What was fitted.
        folder: Where the file will stand.
        base: The scenario file that was fitted.
        changes: Parameters that the experiment sets, by path.
    """
    if base is not None and _together(folder, base):
        text = _head(result) + _dump(_extension(result, folder, base, changes))
        try:
            if load_text(text, base_dir=folder).scenario == result.calibrated:
                return text
        except ScenarioError:
            pass
    return _head(result) + _dump(result.calibrated.model_dump())


def write_scenario(path: Path, result: CalibrationResult, base: Path | None, changes: Mapping[str, Any]) -> None:
    """Write the file and read it again; see `scenario_text`."""
    path.write_text(scenario_text(result, path.parent, base, changes), encoding="utf-8")
    load_scenario(path)


def _together(folder: Path, base: Path) -> bool:
    here = Path.cwd().resolve()
    return folder.resolve().is_relative_to(here) and base.resolve().is_relative_to(here)


def _head(result: CalibrationResult) -> str:
    lines = [
        f"# {result.scenario.name}, fitted to {result.data} ({result.kind}) by `sim calibrate`.",
        "#",
        "# These are the values of the ensemble's middle member. One point is not what the data say: ensemble.csv",
        "# holds all members, posterior.csv the intervals, report.html the fit; manifest.json says when this was done.",
        "#",
    ]
    for _, row in result.posterior.iterrows():
        lines.append(
            f"#   {row['parameter']}: median {row['median']:.4g}, 95% interval {row['low']:.4g} to {row['high']:.4g}, "
            f"identified: {row['identified']}"
        )
    return "\n".join([*lines, ""])


def _extension(result: CalibrationResult, folder: Path, base: Path, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of a file that extends the base."""
    tree: dict[str, Any] = {
        "extends": Path(os.path.relpath(base.resolve(), folder.resolve())).as_posix(),
        "name": result.calibrated.name,
        "question": result.calibrated.question,
    }
    for path, value in {**changes, **result.values}.items():
        _put(tree, result.calibrated, path.split("."), value)
    tree["calibration"] = result.calibrated.calibration.model_dump()
    return tree


def _put(tree: dict[str, Any], scenario: Scenario, tokens: list[str], value: Any) -> None:
    node = tree
    if tokens[0] in ("rivals", "segments") and len(tokens) > 2:
        members = getattr(scenario, tokens[0])
        entries = tree.setdefault(tokens[0], [{"name": member.name} for member in members])
        index = find_in_list(entries, tokens[1])
        if index is None:
            return
        node, tokens = entries[index], tokens[2:]
    for key in tokens[:-1]:
        node = node.setdefault(key, {})
    node[tokens[-1]] = value


def _dump(tree: dict[str, Any]) -> str:
    return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=110)
