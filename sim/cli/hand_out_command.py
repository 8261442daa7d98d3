"""`sim results DIR --as FORM`: the tables of a run or an answer in a form that others open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.cli.printing import shown_json
from sim.results.handed_out import FORMS, hand_out
from sim.vocabulary.files import FileError
from sim.words import plural, say


def hand_out_tables(form: str | None, out: Path | None, given: dict[str, Any]) -> None:
    """Write the tables and tell where they are.

    Args:
        form: What was asked for by `--as`.
        out: What was asked for by `--out`.
        given: The other options of `sim results`, which ask for something else.

    Raises:
        FileError: If something else is asked for besides, or a place but no form.
        FolderError: If the folder holds no tables.
    """
    if form is None:
        raise FileError(say("--out needs --as: {forms}", forms=", ".join(FORMS)))
    others = [f"--{name}" for name in ("failed", "sql", "csv", "again") if given[name]]
    if others:
        raise FileError(say("--as and {others} are two questions: ask one after the other", others=", ".join(others)))
    target, large = hand_out(given["folder"], form, out, force=given["force"])
    if given["json"]:
        print(shown_json({"form": form, "left_out": large, "folder": str(target)}))
        return
    print(target)
    if large:
        print(
            plural(
                "{tables} has more rows than a sheet holds, and was left out: --as csv writes it",
                "{tables} have more rows than a sheet holds, and were left out: --as csv writes them",
                len(large),
                tables=", ".join(large),
            )
        )
