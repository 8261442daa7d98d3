"""How fast and how small ExitVoice is beside version 0.1.0, in one table.

    python benchmarks/run.py                              all rows but the slow ones (an hour, 4 GiB)
    python benchmarks/run.py --quick                      the same with fewer turns and runs (some ten minutes)
    python benchmarks/run.py one-thread bytes starsim     some rows, by name
    python benchmarks/run.py --list                       their names
    python benchmarks/run.py --all                        the slow ones too: 10^7 x 104 weeks, 10^8 customers
    python benchmarks/run.py --former DIR                 keep the environment of 0.1.0 there, for the next time
    python benchmarks/run.py --peers PYTHON               the interpreter in which Starsim and mesa-frames are installed
    python benchmarks/run.py --busy                       processor time, for a machine with other work
    python benchmarks/run.py --json FILE                  everything that was measured, besides
    python benchmarks/run.py --into docs/performance.md   the table between the marks of that page, besides

    python benchmarks/run.py --by-size [--sizes 1e6]      the engine by number of customers, threads and stage
    python benchmarks/run.py --pairing                    what the same luck saves in comparisons (some minutes)

Each row is measured in turns with version 0.1.0, which is installed into an environment of its own: machines drift, and
only the ratio says something. A bar is held if the ratio is at most what the bar is of 0.1.0 on a quiet machine, one on
which the reference loop gives 432 million uniforms a second; what the row comes to there stands beside it.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import by_size
import limit
import machine
import pairing
import peers
import versions

BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def write_into(path: Path, text: str) -> None:
    """Put the text between the marks of a Markdown file."""
    page = path.read_text(encoding="utf-8")
    if BEGIN not in page or END not in page:
        sys.exit(f"{path} has no {BEGIN} and {END}")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


@contextmanager
def _folder(wanted: Path | None) -> Iterator[Path]:
    if wanted is not None:
        wanted.mkdir(parents=True, exist_ok=True)
        yield wanted.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="exitvoice-0.1.0-") as folder:
        yield Path(folder)


def measure(rows: list[limit.Row], others: list[str], options: argparse.Namespace) -> dict[str, Any]:
    """Rows and peers one after the other; what cannot be had is said in its place."""
    found: dict[str, Any] = {
        "machine": machine.description(),
        "busy": options.busy,
        "rows": [],
        "peers": [],
        "failed": [],
    }
    now, how = versions.present(), limit.How(options.quick, options.busy)
    with _folder(options.former) as folder:
        if rows:
            print("  the environment of 0.1.0 ...", file=sys.stderr)
            try:
                then = versions.former(folder)
            except versions.UnavailableError as error:
                found["failed"].append(f"version 0.1.0 cannot be measured, and no row has a ratio: {error}")
                rows = []
        for row in rows:
            print(f"  {row.key} ...", file=sys.stderr)
            try:
                found["rows"].append(limit.Measured(row, row.measure(then, now, how)))
            except versions.UnavailableError as error:
                found["failed"].append(f"{row.key}: {error}")
    for name in others:
        print(f"  {name} ...", file=sys.stderr)
        found["peers"].append(peers.measure(name, now, options.peers, quick=options.quick, busy=options.busy))
    return found


def as_markdown(found: dict[str, Any]) -> str:
    """The tables in Markdown."""
    about = found["machine"]
    clock = (
        " The processor's time, of the engine a thread's part of it, as there was other work." if found["busy"] else ""
    )
    lines = [
        f"{about['processor']}, {about['cores']} cores, load {about['load']} at the start; Python {about['python']},"
        f" NumPy {about['numpy']}, Numba {about['numba']}. In turns with version 0.1.0: medians, and the median of the"
        f" turns' ratios.{clock}"
    ]
    ours = [row.cells() for row in found["rows"]]
    theirs = [limit.peer_cells(peer) for peer in found["peers"]]
    for head, rows in ((limit.HEAD, ours), (limit.PEERS_HEAD, theirs)):
        if rows:
            lines += ["", *(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])]
    lines += ["", *found["failed"]] if found["failed"] else []
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [*(row.key for row in limit.ROWS), *peers.PEERS]
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"rows to measure, of {', '.join(names)}")
    parser.add_argument("--list", action="store_true", help="print the names of the rows, and what they are")
    parser.add_argument("--all", action="store_true", help="the slow rows too")
    parser.add_argument("--quick", action="store_true", help="fewer turns and runs")
    parser.add_argument("--busy", action="store_true", help="processor time, for there is other work")
    parser.add_argument("--former", type=Path, metavar="DIR", help="where the environment of 0.1.0 is kept or made")
    parser.add_argument("--peers", type=Path, default=Path(sys.executable), metavar="PYTHON", help="has the peers")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured there as JSON")
    parser.add_argument("--into", type=Path, metavar="FILE", help="write the table between the marks of FILE")
    parser.add_argument("--by-size", action="store_true", help="the engine by number of customers, threads and stage")
    parser.add_argument("--sizes", nargs="+", type=float, metavar="N", help="with --by-size: numbers of customers")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2], metavar="N", help="likewise: of threads")
    parser.add_argument("--whole-run", nargs=2, type=float, metavar=("N", "PERIODS"), help="one run: time and memory")
    parser.add_argument("--pairing", nargs="?", type=int, const=200, metavar="N", help="only that, of N replications")
    options = parser.parse_args()
    if options.pairing:
        print(pairing.as_table(by_size.child("pairing.py", replications=options.pairing)))
        return
    if options.whole_run:
        customers, periods = options.whole_run
        by_size.long_run(int(customers), int(periods))
        return
    if options.by_size:
        sizes = [int(size) for size in options.sizes or ([1e4, 1e5] if options.quick else [1e4, 1e5, 1e6, 1e7])]
        print(by_size.as_markdown(by_size.measure(sizes, options.threads, quick=options.quick)))
        return
    if options.list:
        print("\n".join(f"{row.key:18}{row.what}{' (slow)' if row.slow else ''}" for row in limit.ROWS))
        print("\n".join(f"{name:18}{peer.what}" for name, peer in peers.PEERS.items()))
        return
    unknown = sorted(set(options.rows) - set(names))
    if unknown:
        parser.error(f"no row {', '.join(unknown)}; there are {', '.join(names)}")
    found = measure(*limit.chosen(options.rows, everything=options.all), options)
    text = as_markdown(found)
    if options.into:
        write_into(options.into, text)
    if options.json:
        content = {**found, "rows": [row.as_json() for row in found["rows"]]}
        options.json.write_text(json.dumps(content, indent=2), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
