"""Churn and talk as Starsim expresses them: time per agent and step, printed as JSON.

python benchmarks/peer_starsim.py --people 100000 --steps 20
"""

import argparse
import json
import statistics
import time
from typing import Any

import networkx as nx
import numpy as np
import starsim as ss

DEGREE = 8


class ChurnAndTalk(ss.Module):  # type: ignore[misc]
    """Some have an encounter a week, some of these are let down and tell whom they know; opinions lead to leaving.

    Encounters 0.228 a person and week and 0.88% of them dissatisfying are those of the engine's baseline.
    """

    def __init__(self, **given: Any) -> None:
        super().__init__()
        self.define_pars(
            meets=ss.bernoulli(p=0.228),
            fails=ss.bernoulli(p=0.0088),
            talks=ss.bernoulli(p=0.5),
            leaves=ss.bernoulli(p=self.chance),
            returns=ss.bernoulli(p=0.01),
        )
        self.update_pars(**given)
        self.define_states(
            ss.BoolState("customer", default=True),
            ss.FloatArr("satisfaction", default=75.0),
            ss.FloatArr("opinion", default=0.0),
        )

    @staticmethod
    def chance(module: Any, sim: Any, uids: Any) -> Any:
        """Leaving goes by satisfaction and by what one has heard."""
        del sim
        index = 0.05 * (75.0 - module.satisfaction[uids]) - module.opinion[uids]
        return 0.002 * np.exp(np.minimum(index, 5.0))

    def step(self) -> None:
        """One week."""
        met = self.pars.meets.filter(self.customer.uids)
        failed = self.pars.fails.filter(met)
        self.satisfaction[met] += 0.1 * (80.0 - self.satisfaction[met])
        self.satisfaction[failed] -= 30.0
        tells = np.zeros(len(self.sim.people), bool)
        tells[self.pars.talks.filter(failed)] = True
        network = self.sim.networks[0]
        for mine, theirs in ((network.edges.p1, network.edges.p2), (network.edges.p2, network.edges.p1)):
            told = np.unique(theirs[tells[mine]])
            self.opinion[ss.uids(told)] -= 0.2
        self.opinion[:] *= 0.987
        gone = self.pars.leaves.filter(self.customer.uids)
        back = self.pars.returns.filter((~self.customer).uids)
        self.customer[gone] = False
        self.customer[back] = True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--steps", type=int, default=20)
    options = parser.parse_args()
    network = ss.StaticNet(graph=nx.watts_strogatz_graph(options.people, DEGREE, 0.1, seed=1))
    sim = ss.Sim(n_agents=options.people, networks=network, modules=ChurnAndTalk(), start=ss.date(2020),
                 dt=ss.weeks(1), dur=ss.weeks(options.steps + 2), verbose=0)  # fmt: skip
    sim.init()
    sim.run_one_step()
    seconds, processor = [], []
    for _ in range(options.steps):
        start, before = time.perf_counter(), time.process_time()
        sim.run_one_step()
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - before)
    (module,) = (module for module in sim.modules if isinstance(module, ChurnAndTalk))
    print(
        json.dumps(
            {
                "version": ss.__version__,
                "ns": statistics.median(seconds) / options.people * 1e9,
                "processor": statistics.median(processor) / options.people * 1e9,
                "customers": int(module.customer.sum()),
                "heard": int((module.opinion != 0).sum()),
            }
        )
    )


if __name__ == "__main__":
    main()
