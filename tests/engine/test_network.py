"""Networks: invariants, published degrees and clustering, the same bits again, and refused edge lists."""

import hashlib
import math
import os
import subprocess
import sys

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine import wiring
from sim.engine.network import WiredNetwork, build_network, network_from_edges, wired_ring
from sim.vocabulary.errors import ScenarioError

STORED = ("small_world", "preferential_attachment", "random")


def ties_of(network: WiredNetwork) -> dict[tuple[int, int], int]:
    """(from, to) -> strong; fails when a row has a tie twice."""
    found: dict[tuple[int, int], int] = {}
    for i in range(network.offsets.size - 1):
        for tie in network.ties[network.offsets[i] : network.offsets[i + 1]].tolist():
            assert (i, tie >> 1) not in found
            found[i, tie >> 1] = tie & 1
    return found


def check_invariants(network: WiredNetwork, customers: int) -> None:
    assert network.offsets.dtype == np.int32
    assert network.ties.dtype == np.int32
    assert network.offsets.shape == (customers + 1,)
    assert network.offsets[0] == 0
    assert network.offsets[-1] == network.ties.size
    assert (np.diff(network.offsets) >= 0).all()
    ties = ties_of(network)
    for (a, b), strong in ties.items():
        assert a != b
        assert 0 <= b < customers
        assert ties[b, a] == strong
    for i in range(customers):
        row = network.ties[network.offsets[i] : network.offsets[i + 1]]
        assert (np.diff(row) > 0).all()


def as_networkx(network: WiredNetwork) -> networkx.Graph:
    graph = networkx.Graph()
    graph.add_nodes_from(range(network.offsets.size - 1))
    graph.add_edges_from(ties_of(network))
    return graph


@settings(max_examples=60)
@given(
    kind=st.sampled_from(STORED),
    customers=st.integers(1, 90),
    half=st.integers(0, 44),
    rewiring=st.sampled_from([0.0, 0.1, 0.7, 1.0]),
    strong=st.sampled_from([0.0, 0.3, 1.0]),
    seed=st.integers(0, 2**64 - 1),
)
def test_invariants(kind: str, customers: int, half: int, rewiring: float, strong: float, seed: int) -> None:
    degree = 2 * min(half, (customers - 1) // 2)
    network = build_network(kind, customers, degree, rewiring, strong, seed)
    check_invariants(network, customers)
    ties = customers * degree // 2
    if kind == "preferential_attachment":
        ties = (customers - degree // 2) * (degree // 2)
    assert network.ties.size == 2 * ties
    again = build_network(kind, customers, degree, rewiring, strong, seed)
    assert network.ties.tobytes() == again.ties.tobytes()
    assert network.offsets.tobytes() == again.offsets.tobytes()


@pytest.mark.parametrize("kind", STORED)
def test_strong_share_and_seed(kind: str) -> None:
    network = build_network(kind, 20_000, 8, 0.1, 0.4, 3)
    edges = network.ties.size / 2
    assert abs((network.ties & 1).mean() - 0.4) < 6 * math.sqrt(0.4 * 0.6 / edges) + 0.004 * (kind == "small_world")
    assert network.ties.tobytes() != build_network(kind, 20_000, 8, 0.1, 0.4, 4).ties.tobytes()
    assert (build_network(kind, 2_000, 8, 0.0, 0.0, 3).ties & 1).max() == 0
    assert (build_network(kind, 2_000, 8, 0.0, 1.0, 3).ties & 1).min() == 1


@pytest.mark.parametrize("kind", STORED)
def test_several_threads_build_the_same_network(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = build_network(kind, 500, 8, 0.2, 0.4, 3)
    monkeypatch.setattr("sim.engine.network.MANY", 0)
    together = build_network(kind, 500, 8, 0.2, 0.4, 3, threads=3)
    assert together.offsets.tobytes() == alone.offsets.tobytes()
    assert together.ties.tobytes() == alone.ties.tobytes()


def test_bridges_of_a_small_world_are_weak() -> None:
    customers = 5_000
    ties = ties_of(build_network("small_world", customers, 8, 0.3, 1.0, 5))
    far = {tie: strong for tie, strong in ties.items() if 4 < abs(tie[0] - tie[1]) < customers - 4}
    assert len(far) > 0.25 * len(ties)
    assert not any(far.values())
    near = [strong for tie, strong in ties.items() if tie not in far]
    assert sum(near) / len(near) > 0.99


def test_small_world_moves_the_share_it_is_told_and_clusters_as_networkx() -> None:
    ring = as_networkx(build_network("small_world", 1_000, 8, 0.0, 0.4, 1))
    assert networkx.utils.graphs_equal(ring, networkx.watts_strogatz_graph(1_000, 8, 0.0))
    network = build_network("small_world", 4_000, 8, 0.2, 0.4, 1)
    far = sum(1 for a, b in ties_of(network) if 4 < abs(a - b) < 3_996) / 2
    assert abs(far - 0.2 * 16_000) < 6 * math.sqrt(16_000 * 0.2 * 0.8) + 16_000 * 0.2 * 8 / 4_000
    reference = networkx.watts_strogatz_graph(4_000, 8, 0.2, seed=1)
    degrees, theirs = np.diff(network.offsets), np.array([degree for _, degree in reference.degree])
    assert degrees.mean() == 8.0 == theirs.mean()
    assert degrees.var() == pytest.approx(theirs.var(), rel=0.2)
    clustering = networkx.average_clustering(as_networkx(network))
    assert clustering == pytest.approx(networkx.average_clustering(reference), abs=0.02)
    assert clustering == pytest.approx(0.75 * 6 / 7 * 0.8**3, abs=0.03)  # 3 (k - 2) / 4 (k - 1) (1 - p)**3


def test_preferential_attachment_has_the_published_degrees() -> None:
    degrees = np.diff(build_network("preferential_attachment", 50_000, 8, 0.0, 0.4, 2).offsets)
    for k in range(4, 12):  # P(k) = 2 m (m + 1) / (k (k + 1) (k + 2)); Bollobas et al. 2001
        expected = 2 * 4 * 5 / (k * (k + 1) * (k + 2))
        assert abs((degrees == k).mean() - expected) < 6 * math.sqrt(expected / degrees.size) + 5e-4
    assert degrees.min() == 4
    reference = networkx.barabasi_albert_graph(50_000, 4, seed=1)
    theirs = np.sort([degree for _, degree in reference.degree])
    assert 0.4 < np.sort(degrees)[-50:].sum() / theirs[-50:].sum() < 2.5


def test_random_has_poisson_degrees_and_every_pair_is_equally_likely() -> None:
    degrees = np.diff(build_network("random", 50_000, 8, 0.0, 0.4, 2).offsets)
    assert degrees.sum() == 400_000
    assert abs(degrees.var() / 8 - 1) < 6 * math.sqrt(2 / 50_000)
    counts = np.zeros((8, 8))
    for seed in range(4_000):
        sources, targets = wiring.random_ties(8, 9, np.uint64(seed))
        np.add.at(counts, (sources, targets >> 1), 1)
    seen = (counts + counts.T)[np.triu_indices(8, 1)]
    share = 9 / 28
    assert (np.abs(seen - 4_000 * share) / math.sqrt(4_000 * share * (1 - share)) < 5).all()
    assert seen.sum() == 9 * 4_000


def test_no_end_of_a_moved_tie_is_favoured() -> None:
    rings = [wired_ring(200, 4, (1.0, 1.0), np.uint64(seed)) for seed in range(100)]
    ends = np.concatenate([ring.targets >> 1 for ring in rings])
    counts = np.bincount(ends, minlength=200)
    assert abs((((counts - 400) ** 2 / 400).sum() - 199) / math.sqrt(2 * 199)) < 6
    assert (rings[3].targets & 1).max() == 0
    assert rings[3].moved.size == 800


def test_complete_stores_nothing() -> None:
    network = build_network("complete", 1_000, 8, 0.1, 0.4, 1)
    assert network.ties.size == 0
    assert network.offsets.tolist() == [0] * 1_001


def everything() -> str:
    """A hash over small networks of all kinds, for the comparison of compiled and plain code."""
    networks = [build_network(kind, 40, 6, 0.3, 0.4, 2**64 - 1) for kind in STORED]
    networks += [build_network(kind, 12, 10, 0.9, 0.5, 0) for kind in STORED]
    networks.append(network_from_edges(np.array([[3, 1], [0, 3], [2, 0]]), None, 5, 0.5, 7))
    return hashlib.sha256(
        b"".join(n.offsets.astype(np.int64).tobytes() + n.ties.tobytes() for n in networks)
    ).hexdigest()


def test_plain_python_gives_the_same_bits() -> None:
    code = "from tests.engine.test_network import everything; print(everything())"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    plain = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert plain.stdout.strip() == everything()


@settings(max_examples=40)
@given(
    st.sets(st.tuples(st.integers(0, 19), st.integers(0, 19)).filter(lambda tie: tie[0] < tie[1])),
    st.integers(0, 9),
)
def test_edges_come_back_whatever_their_order_and_direction(ties: set[tuple[int, int]], more: int) -> None:
    edges = np.array(sorted(ties), dtype=np.int64).reshape(-1, 2)
    network = network_from_edges(edges, None, 20, 0.5, 11)
    check_invariants(network, 20)
    assert {tie for tie in ties_of(network) if tie[0] < tie[1]} == ties
    mixed = np.concatenate([edges[::-1, ::-1], edges])
    larger = network_from_edges(mixed, None, 20 + more, 0.5, 11)
    assert larger.ties.tolist() == network.ties.tolist()
    assert larger.offsets[:21].tolist() == network.offsets.tolist()


def test_a_long_row_is_sorted_too() -> None:
    edges = np.array([[150, other] for other in range(300) if other != 150])[::-1]
    network = network_from_edges(edges, np.arange(299) % 3 == 0, 300, 0.0, 1)
    check_invariants(network, 300)
    assert (network.ties[network.ties >> 1 != 150] & 1).sum() == 100


@pytest.mark.parametrize(
    ("kind", "customers", "degree", "rewiring", "strong", "part"),
    [
        ("smal_world", 10, 2, 0.1, 0.4, "did you mean 'small_world'"),
        ("random", 0, 0, 0.1, 0.4, "customers is 0"),
        ("random", 10, 10, 0.1, 0.4, "mean_degree is 10"),
        ("random", 10, math.nan, 0.1, 0.4, "mean_degree is nan"),
        ("small_world", 10, 3, 0.1, 0.4, "even whole number"),
        ("small_world", 10, 2, 1.1, 0.4, "rewiring is 1.1"),
        ("complete", 10, 2, 0.1, math.nan, "strong_share is nan"),
    ],
)
def test_bad_arguments(kind: str, customers: int, degree: float, rewiring: float, strong: float, part: str) -> None:
    with pytest.raises(ScenarioError, match=part) as caught:
        build_network(kind, customers, degree, rewiring, strong, 1)
    assert caught.value.exit_status == 2


@pytest.mark.parametrize(
    ("edges", "strengths", "part"),
    [
        ([[0, 5]], None, r"tie 0 is \[0, 5\], allowed: customers from 0 to 4"),
        ([[0, 1], [2, 2]], None, "tie 1 .* two different customers"),
        ([[0, 1], [1, 0]], [True, False], "tie 1 .* another strength"),
        ([[0, 1]], [True, False], "strengths have shape"),
        ([[0, 1, 2]], None, "edges have shape"),
        ([[0.0, 1.0]], None, "edges have shape"),
    ],
)
def test_bad_edges(edges: list, strengths: list | None, part: str) -> None:
    with pytest.raises(ScenarioError, match=part):
        network_from_edges(np.array(edges), None if strengths is None else np.array(strengths), 5, 0.5, 1)
