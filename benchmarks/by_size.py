"""The engine by number of customers and threads: time by stage, bytes, the twin, commands (`run.py --by-size`).

Sizes are measured in processes of their own. A figure is the least over the periods, with the median in brackets where
the two are told apart: the least is what the machine can do, the median what it did among its neighbours.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import machine
import shell

HERE = Path(__file__).resolve().parent
BAR_NS, BAR_BYTES, BAR_TWIN, BAR_GIB = 40.0, 250.0, 300.0, 24.0

Table = tuple[str, list[str], list[list[str]]]


def child(script: str, **options: Any) -> Any:
    """The JSON that a script of this folder prints, run in a process of its own."""
    arguments = [sys.executable, str(HERE / script)]
    for name, value in options.items():
        arguments += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    done = subprocess.run(arguments, cwd=HERE.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{script} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout)


def periods_for(customers: int) -> int:
    """Periods to time: enough for a minimum and a median, few enough to wait for."""
    return max(3, min(40, 12_000_000 // customers))


def measure(sizes: list[int], thread_counts: list[int], *, quick: bool) -> dict[str, Any]:
    """Everything the tables show, each in turn, so that nothing competes for the processor."""
    found: dict[str, Any] = {"machine": machine.description(), "reference_begin": machine.reference_speed()}
    rows = []
    for customers in sizes:
        for threads in thread_counts:
            print(f"  {customers:,} customers, {threads} threads ...", file=sys.stderr)
            rows.append(child("engine.py", customers=customers, threads=threads, periods=periods_for(customers)))
    found["engine"] = rows
    print("  twin ...", file=sys.stderr)
    found["twin"] = child(
        "twin.py", people=1000, periods=10 if quick else 20, customers=max(sizes, key=lambda n: (n <= 10**6, n))
    )
    print("  commands ...", file=sys.stderr)
    found["main_job"] = shell.main_job(1 if quick else 3)
    if not quick:
        print("  cold start ...", file=sys.stderr)
        found["first_result"] = shell.first_result(3)
    found["reference_end"] = machine.reference_speed()
    return found


# ---- tables ----------------------------------------------------------------------------------------------------------


def _engine_table(found: dict[str, Any]) -> Table:
    head = [
        "customers", "threads", "ns per customer-period (median)", "speed-up", "bytes per customer: arrays",
        "= state + network + buffers", "at the peak", "network built in", "set up in", "reference loop",
    ]  # fmt: skip
    alone = {row["customers"]: row["ns_median"] for row in found["engine"] if row["threads"] == 1}
    rows = []
    for row in found["engine"]:
        parts = row["bytes"]
        faster = alone[row["customers"]] / row["ns_median"] if row["customers"] in alone else 1.0
        peak = row["bytes_at_peak"]
        cells = [f"{row['customers']:,}", f"{row['threads']}", f"{row['ns']:.1f} ({row['ns_median']:.1f})"]
        cells += [f"{faster:.2f}", f"{row['bytes_in_arrays']:.0f}"]
        cells += [f"{parts['state']:.0f} + {parts['network']:.0f} + {parts['buffers']:.0f}"]
        cells += ["-" if peak is None else f"{peak:.0f}", f"{row['network_seconds']:.3f} s"]
        cells += [f"{row['setup_seconds']:.2f} s", f"{row['reference']:.0f} M/s"]
        rows.append(cells)
    return "Engine, baseline parameters, all rules on", head, rows


def _stage_table(found: dict[str, Any]) -> Table:
    names = list(found["engine"][0]["stages"])
    head = ["customers", "threads", *(name.replace("_", " ") for name in names)]
    rows = [
        [f"{row['customers']:,}", f"{row['threads']}", *(f"{row['stages'][name]:.1f}" for name in names)]
        for row in found["engine"]
    ]
    return "Where the time goes, ns per customer-period by stage of the period (median)", head, rows


def _bar_table(found: dict[str, Any]) -> Table:
    rows = []
    million = [row for row in found["engine"] if row["customers"] == 10**6]
    if million:
        best = min(million, key=lambda row: row["ns_median"])
        label = f"ns per customer-period at 10^6, {best['threads']} threads"
        rows.append([label, f"{best['ns']:.1f} ({best['ns_median']:.1f})", f"at most {BAR_NS:.0f}"])
        rows.append(["bytes per customer at 10^6", f"{best['bytes_in_arrays']:.0f}", f"at most {BAR_BYTES:.0f}"])
    twin = found["twin"]
    if twin["available"]:
        size = f"10^{len(str(twin['engine_customers'])) - 1}"
        label = f"pure-Mesa twin, {twin['people']:,} people: ns per customer-period"
        rows.append([label, f"{twin['twin_ns']:,.0f} ({twin['twin_ns_median']:,.0f})", ""])
        for threads, key in ((1, "ratio_1"), (twin["engine_threads"], "ratio")):
            label = f"engine at {size}, {threads} threads, times the twin's speed"
            rows.append([label, f"{twin[key]:,.0f}", f"at least {BAR_TWIN:.0f}"])
    else:
        rows.append(["pure-Mesa twin", "not available", f"at least {BAR_TWIN:.0f} times slower"])
    job = found["main_job"]
    for name, runs in (("one_replication", "one replication"), ("as_in_the_file", "replications as in the file")):
        seconds = f"{job[name]:.2f} s ({job[f'{name}_median']:.2f} s)"
        label = f"sim run, 10,000 x 104 weeks, no report or figures, {runs}"
        rows.append([label, seconds, f"at most {job['bar']:.0f} s"])
    rows.append(["sim --help", f"{job['help']:.2f} s ({job['help_median']:.2f} s)", "well under 0.5 s"])
    if "first_result" in found:
        first = found["first_result"]
        rows.append(["first result of a fresh machine, kernels compiled on the way", f"{first['cold']:.1f} s", ""])
        rows.append(["first result, kernels cached", f"{first['warm']:.2f} s ({first['warm_median']:.2f} s)", ""])
    return "Against the bar", ["what", "measured", "bar"], rows


def _about(found: dict[str, Any]) -> str:
    about = found["machine"]
    return (
        f"{about['processor']}, {about['cores']} cores, load {about['load']} at the start; Python {about['python']},"
        f" NumPy {about['numpy']}, Numba {about['numba']}. Reference loop: {found['reference_begin']:.0f} million"
        f" uniforms a second at the start, {found['reference_end']:.0f} at the end."
    )


def _activity(found: dict[str, Any]) -> str:
    row = found["engine"][-1]
    return (
        f"Activity: {row['encounters']:.3f} encounters and {row['told']:.3f} people told per person and period,"
        f" {row['dissatisfied']:.2%} of encounters dissatisfy."
    )


def as_markdown(found: dict[str, Any]) -> str:
    """The tables in Markdown."""
    lines = [_about(found), "", _activity(found)]
    for title, head, rows in (_engine_table(found), _stage_table(found), _bar_table(found)):
        lines += ["", f"**{title}**", ""]
        for row in [head, ["---"] * len(head), *rows]:
            lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def long_run(customers: int, periods: int) -> None:
    """One whole run, with its time and peak memory against the bar."""
    row = child("engine.py", customers=customers, threads=machine.cores(), periods=periods, whole=True)
    print(
        f"{row['customers']:,} customers x {row['periods']} weeks on {row['threads']} threads:"
        f" {row['seconds']:.0f} s, of which {row['setup_seconds']:.0f} s to set up;"
        f" {row['ns']:.1f} ns per customer-period; peak memory {row['peak_gib']:.2f} GiB (bar: {BAR_GIB:.0f} GiB);"
        f" reference loop {row['reference']:.0f} M/s"
    )
