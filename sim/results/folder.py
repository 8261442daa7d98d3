"""The folder that keeps a run: it appears whole or not at all, and is never overwritten unasked."""

from __future__ import annotations

import json
import math
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results import surfaces
from sim.results.dictionary import data_dictionary
from sim.results.failures import besides_the_tables
from sim.results.files import sha256_of
from sim.results.place import MANIFEST, FolderError, WritingError, check_folder
from sim.results.result import Result
from sim.results.spreadsheet import write_csv
from sim.vocabulary.text import escaped


def plain(value: Any) -> Any:
    """Ready for strict JSON: NaN and infinity become null, NumPy numbers plain ones."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_json(path: Path, content: Any) -> None:
    """Write plain values as strict JSON, in which every text can be encoded and printed."""
    text = json.dumps(plain(content), indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(escaped(text, lines=True) + "\n", encoding="utf-8")


def write_parquet(path: Path, table: pd.DataFrame) -> None:
    """Write a table as Parquet with page checksums; its index is left out."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    pq.write_table(arrow, path, compression="zstd", write_page_checksum=True)


def read_parquet(path: Path) -> pd.DataFrame:
    """The table in a Parquet file; page checksums are verified.

    In one thread: Arrow's own may abort the process when it ends (apache/arrow issue 34314).
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, page_checksum_verification=True, pre_buffer=False) as file:
        return file.read(use_threads=False).to_pandas(use_threads=False)


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write `manifest.json` as the last file of a folder; its `files` has the SHA-256 of all others, by name."""
    write_json(folder / MANIFEST, {**manifest, "files": _hashes(folder)})


def check_answer(directory: str | Path) -> None:
    """Refuse early, before a study goes on: would its new answer take the place of what somebody else wrote?

    Args:
        directory: Folder of the answer, which is written anew each time that its study goes on.

    Raises:
        FolderError: If it holds something else, or a file of it was changed, or others were added.
    """
    folder = Path(directory).expanduser()
    if not folder.exists():
        return
    check_folder(folder, force=True)
    try:
        written = json.loads((folder / MANIFEST).read_bytes()).get("files")
    except (OSError, ValueError, AttributeError):
        written = None
    if isinstance(written, dict):  # an earlier version noted none
        found = _hashes(folder)
        changed = sorted(name for name in found if found[name] != written.get(name))
        if changed:
            more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
            raise FolderError(
                f"{directory}: {changed[0]}{more} was changed or added since the answer was written, which a new "
                "answer would replace; move it to another folder"
            )


def _hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of all files in a folder by their names, but the manifest and hidden ones."""
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST and not path.name.startswith(".")
    }


def summary_json(result: Result) -> dict[str, Any]:
    """Key figures, ledger and customer types as plain values, without anything that changes from run to run.

    The same content as `summary.json` and as `sim run --json`.
    """
    return {
        "schema_version": result.manifest.get("schema_version"),
        "scenario": result.scenario.name,
        "question": result.scenario.question,
        "scenario_sha256": result.manifest.get("scenario_sha256"),
        "version": result.manifest.get("version"),
        "seed": result.scenario.run.seed,
        "replications": result.replications,
        "interval": "95% t-interval of the mean over replications",
        "note": result.summary.attrs.get("note", ""),
        "key_figures": plain(result.summary.to_dict(orient="index")),
        "iceberg": plain(result.iceberg.to_dict(orient="index")),
        "customer_types": plain(result.census.to_dict(orient="records")),
    }


def _write_figures(result: Result, folder: Path) -> None:
    plots = surfaces.plots()
    folder.mkdir()
    for name in plots.FIGURES:
        figure = plots.draw(name, result)
        for suffix in ("svg", "png"):
            plots.save(figure, folder / f"{name}.{suffix}")


def _write_all(result: Result, folder: Path, *, csv: bool, figures: bool, report: bool) -> None:
    write_parquet(folder / "series.parquet", result.series)
    if csv:
        write_csv(folder / "series.csv", result.series)
    write_parquet(folder / "survival.parquet", result.survival)
    if result.panel is not None:
        write_parquet(folder / "panel.parquet", result.panel)
    write_csv(folder / "iceberg.csv", result.iceberg.reset_index())
    write_csv(folder / "census.csv", result.census)
    dictionary = data_dictionary(result)
    write_csv(folder / "dictionary.csv", dictionary)
    write_json(folder / "dictionary.json", dictionary.to_dict(orient="records"))
    write_json(folder / "summary.json", summary_json(result))
    if figures:
        with besides_the_tables(folder / "figures"):
            _write_figures(result, folder / "figures")
    if report:
        with besides_the_tables(folder / "report.html"):
            (folder / "report.html").write_text(surfaces.report().write_report(result), encoding="utf-8")
    write_manifest(folder, result.manifest)


@contextmanager
def whole_folder(directory: str | Path, *, force: bool = False) -> Iterator[Path]:
    """A folder that appears whole or not at all: a hidden sibling to write into, which takes the name at the very end.

    An interruption or an error within the block leaves nothing, and what `force` replaces stays until then.

    Args:
        directory: The folder; it must not exist, or be empty, or (with `force`) hold earlier results.
        force: Replace earlier results.

    Yields:
        The hidden folder; `manifest.json` in it marks it as one of results.

    Raises:
        FolderError: If the folder is taken.
        WritingError: If it cannot be written.

    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "new"
    >>> with whole_folder(target) as partial:
    ...     write_json(partial / MANIFEST, {})
    >>> [file.name for file in target.iterdir()]
    ['manifest.json']
    """
    target = check_folder(directory, force=force)
    token = secrets.token_hex(4)
    partial = target.with_name(f".{target.name}.partial-{token}")
    aside = target.with_name(f".{target.name}.replaced-{token}")
    try:
        partial.mkdir(parents=True)
        yield partial
        check_folder(target, force=force)
        if target.exists():
            target.rename(aside)
        try:
            partial.rename(target)
        except BaseException:
            if aside.exists():
                aside.rename(target)
            raise
    except OSError as error:
        raise WritingError(f"{directory}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        if target.exists():
            shutil.rmtree(aside, ignore_errors=True)


def write_folder(
    result: Result,
    directory: str | Path,
    *,
    force: bool = False,
    csv: bool = False,
    figures: bool = True,
    report: bool = True,
) -> Path:
    """Write everything about a run into a folder of its own.

    All is written into a hidden sibling, which takes the folder's name at the very end: a run that is interrupted
    leaves nothing, and with `force` the earlier results stay until the new ones are complete.

    Args:
        result: What to write.
        directory: The folder; it must not exist, or be empty, or (with `force`) hold an earlier run's results.
        force: Replace an earlier run's results.
        csv: Write `series.csv` too.
        figures: Write `figures/*.svg` and `*.png`.
        report: Write `report.html`.

    Returns:
        The folder's absolute path. It holds `series.parquet`, `survival.parquet`, `panel.parquet` (if any),
        `iceberg.csv`, `census.csv`, `summary.json`, `manifest.json`, `dictionary.csv`, `dictionary.json` and what was
        asked for. Only `manifest.json` carries the time of the run:
        all else is the same, byte for byte, for the same seed.

    Raises:
        FolderError: If the folder is taken or cannot be written.
    """
    with whole_folder(directory, force=force) as partial:
        _write_all(result, partial, csv=csv, figures=figures, report=report)
    return Path(directory).expanduser().absolute()


def _numbers(table: pd.DataFrame) -> pd.DataFrame:
    """The table with NaN for null in its estimates and intervals."""
    texts = ("label", "unit", "meaning", "typology", "type", "depth", "seen")
    return table.astype({name: float for name in table.columns if name not in texts})


def read_folder(directory: str | Path) -> Result:
    """The result in a folder that `write_folder` wrote; page checksums are verified.

    Raises:
        FolderError: If the folder holds no results, or a file of it is damaged or of another layout.
    """
    from sim.results.manifest import SCHEMA_VERSION

    folder = Path(directory).expanduser()
    if not (folder / MANIFEST).is_file():
        raise FolderError(f"{directory}: holds no results of a run")
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["schema_version"] != SCHEMA_VERSION:
            found = manifest["schema_version"]
            raise FolderError(f"{directory}: has layout {found}, this program reads layout {SCHEMA_VERSION}")
        stored = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        summary = _numbers(pd.DataFrame.from_dict(stored["key_figures"], orient="index").rename_axis("figure"))
        summary.attrs["note"] = stored["note"]
        panel = folder / "panel.parquet"
        return Result(
            scenario=Scenario.model_validate_json(json.dumps(manifest["scenario"])),
            series=read_parquet(folder / "series.parquet"),
            summary=summary,
            iceberg=_numbers(pd.DataFrame.from_dict(stored["iceberg"], orient="index").rename_axis("entry")),
            survival=read_parquet(folder / "survival.parquet"),
            census=_numbers(pd.DataFrame(stored["customer_types"])),
            manifest=manifest,
            panel=read_parquet(panel) if panel.is_file() else None,
        )
    except (OSError, KeyError, ValueError) as error:
        raise FolderError(f"{directory}: is damaged: {error}") from error
