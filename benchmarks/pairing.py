"""What the same luck saves: how many times as many replications independent luck would need, measured.

    python benchmarks/pairing.py [--replications 200]

prints one JSON object; `run.py --pairing` makes a table of it. Worlds: the baseline against itself with one point (on
the 1-7 scale) more of one dimension of delivered service, dimension by dimension, of all five at once, and with a tenth
of a point more of all. People whose fates differ tell how far the coupling reaches: `best` is about the ratio that a
perfect coupling would give for the number of customers at the end. Then nobody is lost by the change, those gained are
each a chance of their own, and the variance of the difference is about their number.
"""

import argparse
import json
import math
from pathlib import Path
from typing import Any

import machine

from sim.model.dimensions import DIMENSIONS
from sim.model.scenario import Scenario
from sim.parameters.paths import get_path, set_path
from sim.scenario import load_scenario
from sim.studies.comparison.compare import compare
from sim.studies.comparison.persons import ALL

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ("retention", "satisfaction", "margin", "complaint_share", "customers")
BAR = 10.0


def better(today: Scenario, points: float, dimensions: tuple[str, ...], name: str) -> Scenario:
    """The scenario with so many points more of delivered service on some dimensions."""
    for dimension in dimensions:
        path = f"firm.systems.service.{dimension}"
        today = set_path(today, path, get_path(today, path) + points)
    return today.model_copy(update={"name": name})


def measure(replications: int) -> dict[str, Any]:
    """Ratios with their 95% intervals, world by world."""
    loaded = load_scenario(ROOT / "scenarios" / "baseline.yaml", ["money.measure_opportunity_cost=false"])
    today = loaded.scenario
    worlds = [better(today, 1.0, (dimension,), f"{dimension} +1") for dimension in DIMENSIONS]
    worlds += [better(today, 1.0, DIMENSIONS, "all five +1"), better(today, 0.1, DIMENSIONS, "all five +0.1")]
    rows = []
    for world in worlds:
        found = compare([today, world], replications=replications, shares=False)
        ratios = {}
        for figure in FIGURES:
            row = found.difference(figure)
            ratios[figure] = [float(row[name]) for name in ("variance_ratio", "ratio_low", "ratio_high")]
        persons = found.persons
        sums = persons[(persons["lost_by"] == ALL) & (persons["held_by"] == ALL) & (persons["measure"] == "people")]
        people = sums.set_index("group")["value"]
        runs = found.runs.groupby("scenario")["customers"].var().sum()
        net = abs(float(people["only_this"] - people["only_first"]))
        rows.append(
            {
                "world": world.name,
                "ratios": ratios,
                "effect": {name: float(found.difference(name)["difference"]) for name in FIGURES},
                "only_this": float(people["only_this"]),
                "only_first": float(people["only_first"]),
                "best": float(runs) / net if net else math.inf,
            }
        )
    return {"replications": replications, "customers": today.market.customers, "periods": today.run.periods,
            "machine": machine.description(), "worlds": rows}  # fmt: skip


def _ratio(cells: list[float]) -> str:
    value, low, high = cells
    mark = "" if low >= BAR else " ?" if high >= BAR else " <"
    return f"{value:.1f} ({low:.1f}-{high:.1f}){mark}"


def as_table(found: dict[str, Any]) -> str:
    """The ratios as text."""
    head = [
        "one-point change",
        *(name.replace("_", " ") for name in FIGURES),
        "customers gained - lost",
        "customers, best",
    ]
    rows = [
        [
            row["world"],
            *(_ratio(row["ratios"][name]) for name in FIGURES),
            f"{row['only_this']:.0f} - {row['only_first']:.0f}",
            f"{row['best']:.1f}",
        ]
        for row in found["worlds"]
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [
        f"Replications that independent luck would need, for each paired one: baseline, {found['customers']:,} people "
        f"x {found['periods']} weeks, {found['replications']} replications, 95% intervals; bar: {BAR:.0f}",
        "",
    ]
    for row in [head, ["-" * width for width in widths], *rows]:
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    lines += [
        "",
        "<: below the bar, ?: the interval holds the bar. Best: about the ratio for customers at the end that a",
        "perfect coupling would give: nobody lost by the change, and each of the net gained a chance of its own.",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=200)
    options = parser.parse_args()
    print(json.dumps(measure(options.replications), indent=2))


if __name__ == "__main__":
    main()
