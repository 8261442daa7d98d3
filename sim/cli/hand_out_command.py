"""`sim results DIR --as FORM`: the tables of a run or an answer in a form that others open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.cli.printing import shown_json
from sim.results.handed_out import FORMS, hand_out
from sim.vocabulary.files import FileError
from sim.words import plural, say


def hand_out_tables(
    folder: Path, form: str | None, out: Path | None, others: Sequence[str], *, json: bool, force: bool
) -> None:
    """Write the tables and tell where they are.

    Args:
        folder: Of the run or the answer.
        form: What was asked for by `--as`.
        out: What was asked for by `--out`.
        others: Options that ask for something else.
        json: Tell it as JSON.
        force: Replace what is there.

    Raises:
        FileError: If something else is asked for besides, or a place but no form.
        FolderError: If the folder holds no tables.
    """
    if form is None:
        raise FileError(say("--out needs --as: {forms}", forms=", ".join(FORMS)))
    if others:
        raise FileError(say("--as and {others} are two questions: ask one after the other", others=", ".join(others)))
    target, large = hand_out(folder, form, out, force=force)
    if json:
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
