"""The tables of a results folder in a form that others open: a workbook, or CSV as a country's spreadsheet reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.results.place import ANSWER, FolderError
from sim.vocabulary.files import check_file, whole_file
from sim.vocabulary.formulas import unguarded
from sim.words import say

if TYPE_CHECKING:
    import pandas as pd

FORMS = ("xlsx", "csv", "csv-european")
"""Kinds of files: a workbook; CSV with commas and points; CSV with semicolons, decimal commas and a byte order mark."""

DICTIONARY, SUMMARY = "dictionary", "summary"


def hand_out(folder: Path, form: str, out: Path | None = None, *, force: bool = False) -> tuple[Path, list[str]]:
    """Write all tables of an answer and their dictionary once more.

    Args:
        folder: Folder of a run, or of a study whose answer has been written.
        form: One of `FORMS`.
        out: The workbook, or the folder for CSV files; beside the folder, with its name, if left out.
        force: Replace what is there.

    Returns:
        Where, and the names of tables that are too long for a sheet and were left out.

    Raises:
        FolderError: If the folder holds no tables, or the form is none that is known.
        FileError: If the file is there already, or cannot be written.
    """
    if form not in FORMS:
        raise FolderError(say("--as {form}: no such form; allowed: {forms}", form=form, forms=", ".join(FORMS)))
    tables, dictionary = tables_of(folder)
    from sim.results.spreadsheet import EUROPEAN, PLAIN, write_csv
    from sim.results.workbook import write_workbook

    whole = Path(folder).expanduser().absolute()
    if form == "xlsx":
        target = check_file(out or whole.with_name(f"{whole.name}.xlsx"), [".xlsx"], force=force)
        with whole_file(target, [".xlsx"], force=force) as partial:
            return target, write_workbook(partial, tables, dictionary)
    target = (out or whole.with_name(f"{whole.name}-csv")).expanduser().absolute()
    written = {**tables, DICTIONARY: dictionary}
    files = {name: target / f"{name}.csv" for name in written}
    if target.exists() and not target.is_dir():
        raise FolderError(say("{directory}: is a file, not a folder; take another --out", directory=target))
    for file in files.values():
        if file.exists() and not force:
            raise FolderError(say("{file}: is there already; --force replaces it, or take another --out", file=file))
    target.mkdir(parents=True, exist_ok=True)
    for name, table in written.items():
        with whole_file(files[name], [".csv"], force=force) as partial:
            write_csv(partial, table, EUROPEAN if form == "csv-european" else PLAIN)
    return target, []


def tables_of(folder: Path) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """All tables of an answer by name, key figures first, and the dictionary of their columns.

    Raises:
        FolderError: If there is none.
    """
    for place in (folder, folder / ANSWER):
        if (place / f"{DICTIONARY}.csv").is_file():
            break
    else:
        raise FolderError(
            say("{folder}: holds no tables of a run, and no answer of a study that came to its end", folder=folder)
        )
    dictionary = _read_csv(place / f"{DICTIONARY}.csv")
    names = list(dict.fromkeys(dictionary["table"]))
    tables: dict[str, pd.DataFrame] = {}
    for name in sorted(names, key=lambda name: name != SUMMARY):
        table = _table(place, name)
        if table is not None:
            tables[name] = table
    return tables, dictionary


def _table(place: Path, name: str) -> pd.DataFrame | None:
    import pandas as pd

    from sim.results.folder import read_parquet

    if (place / f"{name}.parquet").is_file():
        return read_parquet(place / f"{name}.parquet")
    if (place / f"{name}.csv").is_file():
        return _read_csv(place / f"{name}.csv")
    summary = place / f"{SUMMARY}.json"
    figures = json.loads(summary.read_bytes()).get("key_figures") if name == SUMMARY and summary.is_file() else None
    if not isinstance(figures, dict):
        return None
    rows: Sequence[dict[str, Any]] = [{"name": key, **row} for key, row in figures.items()]
    return pd.DataFrame(rows)


def _read_csv(path: Path) -> pd.DataFrame:
    """A table as it was before it was written: texts not guarded, numbers where every cell is one as Python writes it.

    A name of a point such as `007` or `1e5` is none, and stays a text.
    """
    import pandas as pd

    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return pd.DataFrame({unguarded(str(name)): _typed(table[name].tolist()) for name in table})


def _typed(cells: Sequence[str]) -> pd.Series[Any]:
    import pandas as pd

    filled = [cell for cell in cells if cell]
    if set(filled) <= {"True", "False"}:
        kind: Callable[[str], Any] = "True".__eq__
    elif all(_is_number(cell, int) for cell in filled):
        kind = int
    elif all(_is_number(cell, float) or _is_number(cell, int) for cell in filled):
        kind = float
    else:
        kind = unguarded
    typed = [kind(cell) if cell else None for cell in cells]
    return pd.Series(typed, dtype=float if kind is float else object)


def _is_number(cell: str, kind: Callable[[str], Any]) -> bool:
    try:
        return repr(kind(cell)) == cell
    except ValueError:
        return False
