"""`sim results`: what a sweep's folder holds."""

from __future__ import annotations

import json
import math
import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli import printing
from sim.cli.ending import ending, look_into
from sim.results import failed_work
from sim.results.amounts import rounded
from sim.results.place import ANSWER, MANIFEST
from sim.results.whole_files import json_ready
from sim.runs.store.store import Store
from sim.studies.kinds import COMMANDS
from sim.vocabulary.errors import ExitVoiceError
from sim.vocabulary.exit_status import ExitStatus
from sim.vocabulary.files import check_file, whole_file
from sim.words import plural, say, translated, written

if TYPE_CHECKING:
    import pandas as pd

TABLES = (".csv", ".parquet", ".json")
"""How a file that `--csv` names may end; the table is written as that kind."""

WITH_ANSWER = tuple(command.kind for command in COMMANDS if command.concludes)
"""Kinds of studies that end with an answer beside their runs."""

MOST_SHOWN = 200
"""Rows of a table on the screen at most; files hold all."""


class QuestionError(ExitVoiceError):
    """A question that cannot be answered; the message says why."""

    exit_status = ExitStatus.BAD_INPUT


def show_results(
    *,
    folder: Path,
    failed: bool,
    sql: str | None,
    csv: Path | None,
    again: tuple[str, int] | None,
    form: str | None,
    out: Path | None,
    json: bool,
    force: bool,
) -> None:
    """Print what a study's folder holds; ends with status 1 where something is damaged, failed or missing.

    With `--as` its tables are handed out instead, see `sim.cli.hand_out_command`; arguments as on the command line.

    `--failed` and `--again` are questions about single runs, and are answered whatever is missing: for them only damage
    counts.

    Raises:
        StoreError: If the folder holds no study.
        QuestionError: If a question cannot be answered.
        FileError: If a file is there already, is named otherwise, or cannot be written.
    """
    if form is not None or out is not None:
        from sim.cli.hand_out_command import hand_out_tables

        others = {"failed": failed, "sql": sql, "csv": csv, "again": again}
        hand_out_tables(folder, form, out, [f"--{name}" for name in others if others[name]], json=json, force=force)
        return
    if csv is not None:
        check_file(csv, TABLES, force=force)
    show = partial(_show, json=json, csv=csv, force=force)
    store = Store.open(folder)
    with ending() as end:
        if not failed and again is None:
            for line in missing(store, folder):
                end.failed(line)
        for problem in store.problems:
            end.failed(say("damage: {problem}", problem=problem))
        if again is not None:
            print(command_for(store, *again))
        elif sql is not None:
            show(ask(store, sql), "rows")
        elif failed:
            show(failed_runs(store), say("failed runs"))
        else:
            if csv is not None:
                _write_table(store.table(), csv, force=force)
            answer = {**summary(store), "folder": str(folder)}
            if json:
                print(printing.shown_json(answer))
            else:
                _print_summary(answer, csv)


def missing(store: Store, folder: Path) -> list[str]:
    """What of a study was not done, a line each: runs that failed, runs and an answer that are still to come."""
    counts, kind, lines = store.counts(), str(store.manifest.get("kind", "")), []
    look = look_into(folder)
    if counts.failed:
        reason = next(iter(store.reasons()), "")
        lines.append(
            say(
                "{failed_runs}; see: {look}",
                failed_runs=failed_work.failed_runs_told(counts.failed, counts.planned, reason, most_often=True),
                look=look,
            )
        )
    if counts.pending:
        lines.append(
            say(
                "{pending:,} of {planned:,} runs have not been done yet; --resume does them",
                pending=counts.pending,
                planned=counts.planned,
            )
        )
    if kind in WITH_ANSWER and not (store.folder / ANSWER / MANIFEST).is_file():
        lines.append(
            say("the {kind} has not come to its end, and gives no answer yet; --resume goes on with it", kind=kind)
        )
    return lines


def summary(store: Store) -> dict[str, Any]:
    """The study in numbers, ready for JSON.

    Returns:
        What the study is, points, replications, runs planned, done, failed and pending, time of the writers, digest,
        damage, and for each output mean, least and largest over all runs and the number of runs done without it.
    """
    manifest, counts, runs = store.manifest, store.counts(), store.runs()
    done = runs[runs["status"] == "done"]
    most = int(runs["replication"].max()) + 1 if len(runs) else 0  # advice and searches do not plan how many there are
    return {
        "name": manifest.get("name", ""),
        "question": manifest.get("question", ""),
        "version": manifest.get("version", ""),
        "points": len(store),
        "replications": store.replications or most,
        **counts._asdict(),
        "seconds": round(store.seconds, 3),
        "digest": store.digest(),
        "damage": store.problems,
        "outputs": {
            name: {
                "mean": json_ready(done[name].mean()),
                "min": json_ready(done[name].min()),
                "max": json_ready(done[name].max()),
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

    from sim.runs.store.shards import schema
    from sim.vocabulary.extras import needed

    duckdb = needed("duckdb", "duckdb", say("questions in SQL"))
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
            raise QuestionError(say("--sql: {reason}", reason=str(error).splitlines()[0])) from None


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
            say("no point of this study")
            if not names
            else say("the beginning of {names} points; more digits are needed", names=len(names))
        )
        raise QuestionError(say("--again: {point} is {what}", point=point, what=what))
    row = store.lookup([(names[0], replication)]).get((names[0], replication))
    if row is None:
        raise QuestionError(
            say(
                "--again: replication {replication} of point {name} has not been run yet",
                replication=replication,
                name=names[0],
            )
        )
    manifest = store.manifest
    definition, file = manifest.get("definition") or {}, manifest.get("scenario_file") or {}
    path = file.get("path") or file.get("name") or definition.get("scenario")
    if not path:
        raise QuestionError(
            say("--again: the study was not made from a scenario file, so there is no command for a run")
        )
    values = store.values_of(names)[names[0]]
    run = manifest.get("scenario", {}).get("run", {})
    lived = run.get("warm_up", 0) or run.get("settling", {}).get("years", 0)
    if lived and set(values) & set(definition.get("levers") or {}):
        raise QuestionError(
            say(
                "--again: levers of this study change after a warm-up or settling, and no command does such a run alone"
            )
        )
    texts = [f"{key}={_text(value)}" for key, value in (definition.get("set") or {}).items()]
    texts += [*manifest.get("overrides", ()), *(f"{key}={_text(value)}" for key, value in values.items())]
    changes = [part for rule in manifest.get("rules", ()) for part in ("--rule", rule["file"])]
    changes += [part for text in texts for part in ("--set", text)]
    return shlex.join(["sim", "run", path, *changes, "--seed", str(row.seed), "--replications", "1"])


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


def _as_json(table: pd.DataFrame) -> str:
    """The rows as JSON; a missing value of any kind is null."""
    return printing.shown_json(table.astype(object).where(table.notna(), None).to_dict(orient="records"))


def _write_table(table: pd.DataFrame, file: Path, *, force: bool) -> None:
    """Write a table into a file, as the kind that its name says."""
    from sim.results.folder import write_parquet
    from sim.results.spreadsheet import write_csv

    with whole_file(file, TABLES, force=force) as waiting:
        kind = file.suffix.lower()
        if kind == ".parquet":
            write_parquet(waiting, table)
        elif kind == ".json":
            waiting.write_text(_as_json(table) + "\n", encoding="utf-8", newline="\n")
        else:
            write_csv(waiting, table)


def _show(table: pd.DataFrame, what: str, *, json: bool, csv: Path | None, force: bool) -> None:
    """Print a table, or write it where a file is asked for."""
    if csv is not None:
        _write_table(table, csv, force=force)
        print(f"{written(len(table), ',')} {what}: {csv}")
    elif json:
        print(_as_json(table))
    else:
        from sim.report.terminal import PrintedTable

        drawn = PrintedTable()
        for name in table.columns:
            drawn.add_column(str(name), justify="right" if table[name].dtype.kind in "iuf" else "left")
        for row in table.head(MOST_SHOWN).itertuples(index=False):
            drawn.add_row(*(_cell(value) for value in row))
        console = printing.console()
        console.print(drawn, markup=False) if len(table) else console.print(say("no {what}", what=what))
        if len(table) > MOST_SHOWN:
            console.print(
                say(
                    "{shown} of {total:,} {what}; --csv FILE writes all",
                    shown=MOST_SHOWN,
                    total=len(table),
                    what=what,
                )
            )


def _cell(value: Any) -> Any:
    from rich.text import Text

    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    return Text(f"{value:.6g}" if isinstance(value, float) else str(value))


def _print_summary(answer: dict[str, Any], csv: Path | None) -> None:
    from sim.cli.study_progress import lasting
    from sim.report import terminal

    console = printing.console()
    tell = partial(terminal.tell, console, whole=True)
    if answer["name"] or answer["question"]:
        tell(translated(answer["question"]) or answer["name"], "bold")
    tell(
        say(
            "{points:,} points, {replications:,} replications: {planned:,} runs, {done:,} done, "
            "{failed:,} failed, {pending:,} pending",
            **answer,
        )
    )
    tell(
        say("at work for {time}; digest of all rows {digest}", time=lasting(answer["seconds"]), **answer),
        "dim",
    )
    table = terminal.PrintedTable()
    table.add_column(say("Output"))
    for name in (say("Mean"), say("Least"), say("Largest"), say("No number")):
        table.add_column(name, justify="right", no_wrap=True)
    for name, row in answer["outputs"].items():
        numbers = ("-" if row[key] is None else rounded(row[key], 6) for key in ("mean", "min", "max"))
        table.add_row(name, *numbers, str(row["nan"] or ""))
    console.print(table)
    tell(say("Over all runs that are done, points and replications alike."), "dim")
    if answer["failed"]:
        tell(
            plural(
                "{n:,} run failed: sim results {folder} --failed",
                "{n:,} runs failed: sim results {folder} --failed",
                answer["failed"],
                folder=answer["folder"],
            )
        )
    if csv is not None:
        tell(say("All runs: {csv}", csv=csv))
