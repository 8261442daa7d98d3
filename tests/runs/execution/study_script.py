"""A program that does runs and appends each row to a file; started, interrupted and killed by tests.

Arguments: engine, workers, file, how many runs, seconds of each run, what runs do. Started again, it does what is
missing.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sim.runs.execution.engines import open_engine
from sim.runs.execution.execute import execute
from sim.runs.execution.signals import Interrupted, orderly_end
from sim.runs.execution.task import Limits
from tests.runs.execution.bad_tasks import Mischief, Sums, runs_of


def main() -> None:
    kind, workers, path, count, seconds, does = sys.argv[1:7]
    file = Path(path)
    known = {line.split("\t")[0] for line in file.read_text().splitlines()} if file.exists() else set()
    out = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def sink(rows):
        os.write(out, "".join(f"{row.point}\t{sorted(row.outputs.items())}\n" for row in rows).encode())

    task = Sums(float(seconds)) if does == "sums" else Mischief()
    runs = [run for run in runs_of(int(count), do=does) if run.point not in known]
    try:
        with orderly_end(of_process=True), open_engine(kind, int(workers)) as engine:
            print("begins", flush=True)
            execute(runs, task, engine, limits=Limits(), sink=sink)
    except Interrupted as error:
        print("interrupted", flush=True)
        sys.exit(error.exit_status)


if __name__ == "__main__":
    main()
