"""Churn and talk as mesa-frames expresses them, on Polars: time per agent and step, printed as JSON.

python benchmarks/peer_mesa_frames.py --people 100000 --steps 20
"""

import argparse
import json
import statistics
import time
from importlib.metadata import version

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

DEGREE = 8


class Customers(AgentSetPolars):  # type: ignore[misc]
    """Some have an encounter a week, some of these are let down and tell whom they know; opinions lead to leaving."""

    def __init__(self, people: int, model: ModelDF) -> None:
        super().__init__(model)
        self.people, self.luck = people, np.random.default_rng(1)
        self += pl.DataFrame(
            {
                "unique_id": pl.Series(range(people), dtype=pl.Int64),
                "customer": pl.Series(np.ones(people, bool)),
                "satisfaction": pl.Series(np.full(people, 75.0, np.float32)),
                "opinion": pl.Series(np.zeros(people, np.float32)),
            }
        )
        ring = np.arange(people)
        ends = [(ring, (ring + step) % people) for step in range(1, DEGREE // 2 + 1)]
        mine, theirs = (np.concatenate([end[side] for end in ends]) for side in (0, 1))
        self.ties = pl.DataFrame(
            {"teller": np.concatenate([mine, theirs]), "listener": np.concatenate([theirs, mine])}
        ).sort("teller")

    def step(self) -> None:
        """One week, all at once in expressions on columns."""
        drawn = pl.DataFrame({name: self.luck.random(self.people) for name in ("meets", "fails", "talks", "moves")})
        met = pl.col("customer") & (pl.col("meets") < 0.228)
        failed = met & (pl.col("fails") < 0.0088)
        after = pl.col("satisfaction") + 0.1 * (80.0 - pl.col("satisfaction"))
        now = self.agents.hstack(drawn).with_columns(
            pl.when(failed).then(after - 30.0).when(met).then(after).otherwise(pl.col("satisfaction"))
            .cast(pl.Float32).alias("satisfaction"),
            (failed & (pl.col("talks") < 0.5)).alias("tells"),
        )  # fmt: skip
        tellers = now.filter("tells").select(pl.col("unique_id").alias("teller"))
        told = self.ties.join(tellers, on="teller", how="semi").select(pl.col("listener").unique())
        words = np.zeros(self.people, np.float32)
        words[told["listener"].to_numpy()] = 0.2
        opinion = (0.987 * (pl.col("opinion") - pl.Series(words))).cast(pl.Float32)
        index = 0.05 * (75.0 - pl.col("satisfaction")) - opinion
        leaves = pl.col("moves") < 0.002 * index.clip(upper_bound=5.0).exp()
        customer = pl.when("customer").then(~leaves).otherwise(pl.col("moves") < 0.01).alias("customer")
        self._agents = now.with_columns(opinion.alias("opinion"), customer).select(self.agents.columns)


class Market(ModelDF):  # type: ignore[misc]
    """All of them."""

    def __init__(self, people: int) -> None:
        super().__init__()
        self.agents += Customers(people, self)

    def step(self) -> None:
        """One week."""
        self.agents.do("step")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--steps", type=int, default=20)
    options = parser.parse_args()
    market = Market(options.people)
    market.step()
    seconds, processor = [], []
    for _ in range(options.steps):
        start, before = time.perf_counter(), time.process_time()
        market.step()
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - before)
    (agents,) = market.agents._agentsets
    print(
        json.dumps(
            {
                "version": version("mesa-frames"),
                "ns": statistics.median(seconds) / options.people * 1e9,
                "processor": statistics.median(processor) / options.people * 1e9,
                "customers": int(agents.agents["customer"].sum()),
                "heard": int((agents.agents["opinion"] != 0).sum()),
            }
        )
    )


if __name__ == "__main__":
    main()
