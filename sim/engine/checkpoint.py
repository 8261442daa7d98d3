"""Stopping and going on: a run's state on disk, and the people who are followed one by one."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.vocabulary.errors import ScenarioError
from sim.words import say

FORMAT = 9


def write(path: Path, about: dict[str, Any], arrays: dict[str, Any], panel: list[dict[str, Any]]) -> None:
    """Write a saved run to `path`: a compressed-free .npz with a JSON header, whole or not at all."""
    stored = dict(arrays)
    for n, rows in enumerate(panel):
        stored |= {f"panel_{n}_{name}": values for name, values in rows.items()}
    header = json.dumps(about | {"format": FORMAT, "panel": len(panel)})
    stored["about"] = np.frombuffer(header.encode(), np.uint8)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **stored)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read(path: Path) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """Read a saved run: header, arrays, panel.

    Raises:
        ScenarioError: If the file is missing or not a saved run of this format.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        about = json.loads(arrays.pop("about").tobytes())
        version, parts = about["format"], range(about["panel"])
    except (
        OSError,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RuntimeError,
        zipfile.BadZipFile,
    ) as error:
        raise ScenarioError(say("{path}: not a saved run ({error})", path=path, error=error)) from error
    if version != FORMAT:
        raise ScenarioError(
            say(
                "{path}: saved by another version (format {version}, this one reads {format})",
                path=path,
                version=version,
                format=FORMAT,
            )
        )
    panel: list[dict[str, Any]] = []
    for n in parts:
        prefix = f"panel_{n}_"
        names = [name for name in arrays if name.startswith(prefix)]
        panel.append({name[len(prefix) :]: arrays.pop(name) for name in names})
    return about, arrays, panel


def columns(state: Any) -> dict[str, Any]:
    """The columns of a state by the names under which they are saved; the inbox is empty between two periods."""
    return {f"state_{name}": column for name, column in zip(state._fields, state, strict=True) if name != "inbox"}


def take_up(path: Path | str, state: Any, saved: Mapping[str, Any]) -> None:
    """Write what was saved, see `columns`, into the columns of a state.

    Raises:
        ScenarioError: If a column has another type or shape.
    """
    for name, column in columns(state).items():
        if (saved[name].dtype, saved[name].shape) != (column.dtype, column.shape):
            of_person = name.removeprefix("state_")
            raise ScenarioError(
                say("{path}: saved by a version that knew other things of a person ({name})", path=path, name=of_person)
            )
        column[...] = saved[name]


def fingerprint(network: Any) -> str:
    """Hash of a network's arrays: a saved run goes on only with the network it began with."""
    digest = hashlib.sha256()
    for array in network:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
