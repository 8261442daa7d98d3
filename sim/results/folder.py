"""The folder that keeps an answer: it appears whole or not at all, and is never overwritten unasked."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from sim.results.answer import Answer
from sim.results.failed_work import besides_the_tables
from sim.results.place import ANSWER, MANIFEST, REPORT, FolderError, WritingError, check_folder
from sim.results.spreadsheet import write_csv
from sim.results.whole_files import json_ready, json_text, sha256_of
from sim.words import say

A = TypeVar("A", bound=Answer)


def write_json(path: Path, content: Any) -> None:
    """Write plain values as strict JSON, in which every text can be encoded and printed."""
    path.write_text(json_text(json_ready(content)), encoding="utf-8")


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
            named = (
                say("{name} and {more} more", name=changed[0], more=len(changed) - 1)
                if len(changed) > 1
                else changed[0]
            )
            raise FolderError(
                say(
                    "{directory}: {named} was changed or added since the answer was written, which a new answer would "
                    "replace; move it to another folder",
                    directory=directory,
                    named=named,
                )
            )


def _hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of all files in a folder by their names, but the manifest and hidden ones."""
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST and not path.name.startswith(".")
    }


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
        raise WritingError(
            say("{directory}: cannot be written: {strerror}", directory=directory, strerror=error.strerror or error)
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        if target.exists():
            shutil.rmtree(aside, ignore_errors=True)


def write_folder(
    answer: Answer,
    directory: str | Path,
    *,
    force: bool = False,
    csv: bool = False,
    figures: bool = True,
    report: bool = True,
) -> Path:
    """Write everything about an answer into a folder of its own, which appears whole or not at all.

    A figure or page that fails is left out with a warning: no hour of simulation is thrown away for it.

    Args:
        answer: Of a run or a study.
        directory: The folder; it must not exist, or be empty, or (with `force`) hold earlier results.
        force: Replace earlier results.
        csv: Write large tables as CSV too, where the kind of answer has such.
        figures: Write `figures/*.svg` and `*.png`.
        report: Write `report.html`.

    Returns:
        The folder's absolute path. It holds each table as `<name>.csv` or `<name>.parquet`, `dictionary.csv` and
        `dictionary.json`, which explain their columns, `summary.json`, `manifest.json`, what else the kind of answer
        has, such as a scenario file, and what was asked for. Only `manifest.json` carries the time: all else is the
        same, byte for byte, for the same seed.

    Raises:
        FolderError: If the folder is taken or cannot be written.

    Warns:
        FailedWorkWarning: Where figures or the page could not be written.
    """
    with whole_folder(directory, force=force) as folder:
        for table in answer.tables():
            if table.form == "parquet":
                write_parquet(folder / f"{table.name}.parquet", table.rows)
            if table.form == "csv" or (csv and table.csv_too):
                write_csv(folder / f"{table.name}.csv", table.rows)
        dictionary = answer.dictionary()
        write_csv(folder / "dictionary.csv", dictionary)
        write_json(folder / "dictionary.json", dictionary.to_dict(orient="records"))
        write_json(folder / "summary.json", answer.as_json())
        for name, text in answer.other_files(folder).items():
            (folder / name).write_text(text, encoding="utf-8")
        _write_shown(answer, folder, figures=figures, report=report)
        write_manifest(folder, answer.manifest)
    return Path(directory).expanduser().absolute()


def keep_answer(answer: A, out: str | Path | None, *, report: bool) -> A:
    """Write the answer of a study into the folder that has its runs, if it has one, in the place of an earlier answer.

    Args:
        answer: What the study found; it is given back.
        out: Folder of the study; nothing is written if None.
        report: Write figures and `report.html` too.

    Raises:
        FolderError: If it cannot be written.
    """
    if out is not None:
        write_folder(answer, Path(out) / ANSWER, force=True, figures=report, report=report)
    return answer


def _write_shown(answer: Answer, folder: Path, *, figures: bool, report: bool) -> None:
    shown = answer.presentation
    with ExitStack() as both:
        if figures and shown.figures is not None:
            with besides_the_tables(folder / "figures"):
                (folder / "figures").mkdir()
                both.enter_context(shown.figures().drawn_once())  # the page shows some of them too
                shown.figures().write(answer, folder / "figures")
        if report and shown.page is not None:
            with besides_the_tables(folder / REPORT):
                (folder / REPORT).write_text(shown.page(answer), encoding="utf-8")
