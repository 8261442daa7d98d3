"""How far should a firm go in making it easy to complain? (Fornell & Wernerfelt 1987)

Runs scenarios/baseline.yaml with the same luck at several levels of `firm.desk.ease` and prints complaints,
retention and margin, each as the paired difference from the baseline with a 95% interval.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

import sim
from sim.studies.intervals import mean_interval

BASELINE = Path(__file__).resolve().parents[1] / "scenarios" / "baseline.yaml"
EASE = (-1.0, 0.0, 1.0, 2.0, 3.0, 4.0)
MEASURES = ("complained", "departed", "margin")


def totals(ease: float, customers: int, replications: int) -> pd.DataFrame:
    """Totals of the focal firm over the whole run, one row for each replication."""
    overrides = [
        f"firm.desk.ease={ease}",
        f"market.customers={customers}",
        "money.measure_opportunity_cost=false",
    ]
    series = sim.run(BASELINE, replications=replications, overrides=overrides).series
    own = series[series["firm"] == "focal"]
    return own.groupby("replication")[list(MEASURES)].sum()


def table(customers: int, replications: int) -> pd.DataFrame:
    """Differences from average ease, paired by replication: mean, low and high of a 95% t-interval."""
    reference = totals(0.0, customers, replications)
    rows = []
    for ease in EASE:
        difference = totals(ease, customers, replications) - reference
        for measure in MEASURES:
            rows.append((ease, measure, *mean_interval(difference[measure])))
    return pd.DataFrame(rows, columns=["ease", "difference in", "mean", "low", "high"])


def main() -> None:
    """Read the options and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--replications", type=int, default=10)
    options = parser.parse_args()
    found = table(options.customers, options.replications)
    print(found.pivot(index="ease", columns="difference in", values=["mean", "low", "high"]).round(1).to_string())


if __name__ == "__main__":
    main()
