"""`sim results`: what a sweep's folder holds."""

from __future__ import annotations

import json
import math
import secrets
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli import printing
from sim.studies.place import check_name
from sim.studies.store.store import Store
from sim.vocabulary.errors import ExitVoiceError

if TYPE_CHECKING:
    import pandas as pd

MOST_SHOWN = 200
"""Rows of a table on the screen at most; files hold all."""


class QuestionError(ExitVoiceError):
    """A question that cannot be answered; the message says why."""

    exit_status = 2


@dataclass(frozen=True)
class Options:
    """What the user asked for, as on the command line."""

    folder: Path
    failed: bool
    sql: str | None
    csv: Path | None
    again: tuple[str, int] | None
    json: bool


def show_results(options: Options) -> None:
    """Print what a sweep's folder holds; ends with status 1 where something is damaged.

    Raises:
        StoreError: If the folder holds no study.
        QuestionError: If a question cannot be answered.
    """
    store = Store.open(options.folder)
    if options.again is not None:
        print(command_for(store, *options.again))
    elif options.sql is not None:
        _show(ask(store, options.sql), options, "rows")
    elif options.failed:
        _show(failed_runs(store), options, "failed runs")
    else:
        if options.csv is not None:
            _write_csv(store.table(), options.csv)
        answer = summary(store)
        if options.json:
            print(json.dumps({"folder": str(options.folder), **answer}, indent=2, ensure_ascii=False, allow_nan=False))
        else:
            _print_summary(answer, options)
    for problem in store.problems:
        _warn(f"damage: {problem}")
    if store.problems:
        raise SystemExit(1)


def summary(store: Store) -> dict[str, Any]:
    """The study in numbers, ready for JSON.

    Returns:
        What the study is, points, replications, runs planned, done, failed and pending, time of the writers, digest,
        damage, and for each output mean, least and largest over all runs and the number of runs done without it.
    """
    manifest, counts, runs = store.manifest, store.counts(), store.runs()
    done = runs[runs["status"] == "done"]
    return {
        "name": manifest.get("name", ""),
        "question": manifest.get("question", ""),
        "version": manifest.get("version", ""),
        "points": len(store),
        "replications": store.replications,
        **counts._asdict(),
        "seconds": round(store.seconds, 3),
        "digest": store.digest(),
        "damage": store.problems,
        "outputs": {
            name: {
                "mean": _number(done[name].mean()),
                "min": _number(done[name].min()),
                "max": _number(done[name].max()),
                "nan": int(done[name].isna().sum()),
            }
            for name in store.outputs
        },
    }


def failed_runs(store: Store) -> pd.DataFrame:
    """The failed runs: point, replication, its parameters as text, reason."""
    runs = store.runs()
    failed = runs.loc[runs["status"] == "failed", ["point", "replication", "reason"]].reset_index(drop=True)
    values = store.values_of(failed["point"])
    failed.insert(2, "parameters", [_settings(values.get(point, {})) for point in failed["point"]])
    return failed


def ask(store: Store, question: str) -> pd.DataFrame:
    """The answer to a question in SQL, by DuckDB.

    Args:
        store: The study, as the tables `points`, `runs` and `study` (runs joined to points).
        question: In SQL.

    Raises:
        QuestionError: If DuckDB cannot answer it.
        StoreError: If the table of points is damaged.
    """
    import pandas as pd

    from sim.studies.extras import needed
    from sim.studies.store.shards import schema

    duckdb = needed("duckdb", "duckdb", "questions in SQL")
    files = ", ".join(_quoted(path) for path in store.files())
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as database:
        if files:
            database.execute(f"CREATE VIEW runs AS SELECT * FROM read_parquet([{files}])")
        else:
            database.register("runs", schema(store.outputs).empty_table())
        database.execute(f"CREATE VIEW points AS SELECT * FROM read_parquet({_quoted(store.points_file())})")
        database.execute("CREATE VIEW study AS SELECT * FROM points JOIN runs USING (point)")
        try:
            answer = database.sql(question)
            return pd.DataFrame() if answer is None else answer.df()
        except duckdb.Error as error:
            raise QuestionError(f"--sql: {str(error).splitlines()[0]}") from None


def command_for(store: Store, point: str, replication: int) -> str:
    """The command that does one run alone, and gives the same numbers.

    Args:
        store: The study.
        point: Name of the point, or the first digits of it.
        replication: Number of the replication.

    Raises:
        QuestionError: If there is no such run, or more than one such point.
    """
    names = [str(name) for name in store.points()["point"] if str(name).startswith(point.lower())]
    if len(names) != 1:
        what = (
            "no point of this study" if not names else f"the beginning of {len(names)} points; more digits are needed"
        )
        raise QuestionError(f"--again: {point} is {what}")
    row = store.lookup([(names[0], replication)]).get((names[0], replication))
    if row is None:
        raise QuestionError(f"--again: replication {replication} of point {names[0]} has not been run yet")
    manifest = store.manifest
    definition, file = manifest.get("definition") or {}, manifest.get("scenario_file") or {}
    path = file.get("path") or file.get("name") or definition.get("scenario")
    if not path:
        raise QuestionError("--again: the study was not made from a scenario file, so there is no command for a run")
    values = store.values_of(names)[names[0]]
    texts = [f"{key}={_text(value)}" for key, value in (definition.get("set") or {}).items()]
    texts += [*manifest.get("overrides", ()), *(f"{key}={_text(value)}" for key, value in values.items())]
    changes = [part for text in texts for part in ("--set", text)]
    return shlex.join(["sim", "run", path, *changes, "--seed", str(row.seed), "--replications", "1"])


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _text(value: Any) -> str:
    """A value as `--set` reads it back.

    >>> _text(2.0), _text(0.1), _text(True), _text("poor"), _text([1, 2])
    ('2', '0.1', 'true', 'poor', '[1, 2]')
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value)


def _settings(values: dict[str, Any]) -> str:
    return ", ".join(f"{key}={_text(value)}" for key, value in values.items())


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _warn(text: str) -> None:
    import sys

    print(text, file=sys.stderr)


def _write_csv(table: pd.DataFrame, file: Path) -> None:
    """Write the table; the file appears whole, in place of an older one, or not at all."""
    from sim.studies.spreadsheet import write_csv

    check_name(file)
    partial = file.with_name(f".{file.name}.partial-{secrets.token_hex(4)}")
    try:
        try:
            write_csv(partial, table)
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise QuestionError(f"{file}: cannot be written: {error.strerror or error}") from None


def _show(table: pd.DataFrame, options: Options, what: str) -> None:
    """Print a table, or write it where a file is asked for."""
    if options.csv is not None:
        _write_csv(table, options.csv)
        print(f"{len(table):,} {what}: {options.csv}")
    elif options.json:
        from sim.studies.folder import plain

        # Python's own JSON gives every digit back; a missing value of any kind is null.
        rows = table.astype(object).where(table.notna(), None).to_dict(orient="records")
        print(json.dumps(plain(rows), indent=2, ensure_ascii=False, allow_nan=False, default=str))
    else:
        from rich import box

        from sim.cli.terminal import Table

        drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in table.columns:
            drawn.add_column(str(name), justify="right" if table[name].dtype.kind in "iuf" else "left")
        for row in table.head(MOST_SHOWN).itertuples(index=False):
            drawn.add_row(*(_cell(value) for value in row))
        console = printing.console()
        console.print(drawn, markup=False) if len(table) else console.print(f"no {what}")
        if len(table) > MOST_SHOWN:
            console.print(f"{MOST_SHOWN} of {len(table):,} {what}; --csv FILE writes all")


def _cell(value: Any) -> Any:
    from rich.text import Text

    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    return Text(f"{value:.6g}" if isinstance(value, float) else str(value))


def _print_summary(answer: dict[str, Any], options: Options) -> None:
    from rich import box

    from sim.cli.study_progress import lasting
    from sim.cli.terminal import Table

    console = printing.console()

    def say(text: str, style: str = "") -> None:
        console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    if answer["name"] or answer["question"]:
        say(answer["question"] or answer["name"], "bold")
    say(
        f"{answer['points']:,} points, {answer['replications']:,} replications: {answer['planned']:,} runs, "
        f"{answer['done']:,} done, {answer['failed']:,} failed, {answer['pending']:,} pending"
    )
    say(f"at work for {lasting(answer['seconds'])}; digest of all rows {answer['digest']}", "dim")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Output")
    for name in ("Mean", "Least", "Largest", "No number"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, row in answer["outputs"].items():
        numbers = ("-" if row[key] is None else f"{row[key]:,.6g}" for key in ("mean", "min", "max"))
        table.add_row(name, *numbers, str(row["nan"] or ""))
    console.print(table)
    say("Over all runs that are done, points and replications alike.", "dim")
    if answer["failed"]:
        say(f"{answer['failed']:,} runs failed: sim results {options.folder} --failed")
    if options.csv is not None:
        say(f"All runs: {options.csv}")
