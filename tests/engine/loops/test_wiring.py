"""Networks, tie by tie, worked out from docs/odd.md (5 and 7.14) in plain Python without the compiled generators."""

from typing import Any

import numpy as np
import pytest

from sim.engine import wiring
from sim.engine.network import build_network, wired_ring
from sim.vocabulary.streams import NETWORK
from tests.engine.loops.small import SEED, Small
from tests.model.philox import words
from tests.model.worked import numbers

mpf = numbers.mpf
KEY = Small(people=1).seed
STRENGTH, REWIRING, ATTACHING, RANDOM, SPARE = (n << 24 for n in range(5))


def draw(person: int, period: int, index: int) -> tuple[int, ...]:
    return words(SEED, (person, period, NETWORK, index))


def whole(high: int, low: int, count: int) -> int:
    """floor(u count) with u of 53 bits, the higher word first."""
    return ((high << 21) | (low >> 11)) * count >> 53


def pair(four: tuple[int, ...], attempt: int) -> tuple[int, int]:
    return (four[0], four[1]) if attempt % 2 == 0 else (four[2], four[3])


@pytest.mark.parametrize(
    ("high", "low", "count", "worked"),
    [
        (0, 0, 7, 0),
        (2**32 - 1, 2**32 - 1, 7, 6),
        (3 * 2**30, 0, 7, 5),  # 0.75 x 7 = 5.25
        (2**31 - 1, 2**32 - 1, 2, 0),  # the last number below a half
        (2**31, 0, 2, 1),
        (0x55555555, 0x55550000, 3, 0),  # the lower word decides on which side of a third
        (0x55555555, 0x55560000, 3, 1),
        (0xDEADBEEF, 0xCAFEF00D, 2**30, (0xDEADBEEF * 2**32 + 0xCAFEF00D) // 2**34),
        (0xDEADBEEF, 0xCAFEF00D, 1001, (0xDEADBEEF * 2**32 + 0xCAFEF00D) * 1001 // 2**64),
    ],
)
def test_a_whole_number_below_a_count(high: int, low: int, count: int, worked: int) -> None:
    assert wiring.below(high, low, count) == worked


@pytest.mark.parametrize(("high", "low"), [(3 * 2**28, 0), (2**31, 5), (17, 2**31), (0, 0), (2**32 - 1, 2**32 - 1)])
@pytest.mark.parametrize("share", [0.3, 0.02])
def test_a_geometric_number_of_skipped_pairs(high: int, low: int, share: float) -> None:
    scale = 1 / numbers.log(1 - mpf(share))
    u = (high + (low + mpf("0.5")) / 2**32) / 2**32
    assert wiring.skipped(high, low, float(scale)) == int(numbers.floor(numbers.log(u) * scale))


def small_world(customers: int, half: int, rewiring: float) -> tuple[list[list[int]], list[list[int]]]:
    """Targets of each customer's own ties, and whether each still is one of the ring."""
    held = [[(i + j + 1) % customers for j in range(half)] for i in range(customers)]
    ring = [[1] * half for _ in range(customers)]
    for i in range(customers):
        for j in range(half):
            if (draw(i, j, REWIRING)[0] + 0.5) / 2**32 >= rewiring:
                continue
            for attempt in range(128):
                end = whole(*pair(draw(i, j, REWIRING + 1 + attempt // 2), attempt), customers)
                if end != i and end not in held[i] and i not in held[end]:
                    held[i][j], ring[i][j] = end, 0
                    break
    return held, ring


@pytest.mark.parametrize(("customers", "half", "rewiring"), [(40, 3, 0.4), (9, 3, 1.0), (600, 1, 0.6), (7, 2, 0.0)])
def test_a_small_world_moves_its_ties_as_the_page_says(customers: int, half: int, rewiring: float) -> None:
    held, ring = small_world(customers, half, rewiring)
    found = wired_ring(customers, half, (rewiring, 1.0), KEY)
    assert (found.targets >> 1).tolist() == [end for row in held for end in row]
    assert (found.targets & 1).tolist() == [bit for row in ring for bit in row]
    assert found.moved.tolist() == [place for place, bit in enumerate(bit for row in ring for bit in row) if not bit]


def attached(customers: int, each: int) -> list[tuple[int, int]]:
    """(newcomer, chosen) tie by tie: a star of each + 1, then everyone takes an end of the earlier ties."""
    ties = [(each, j) for j in range(each)]
    for newcomer in range(each + 1, customers):
        ends = [end for tie in ties for end in tie]
        mine: list[int] = []
        for j in range(each):
            attempt = 0
            while True:
                end = ends[whole(*pair(draw(newcomer, j, ATTACHING + attempt // 2), attempt), len(ends))]
                if end not in mine:
                    break
                attempt += 1
            mine.append(end)
        ties += [(newcomer, end) for end in mine]
    return ties


@pytest.mark.parametrize(("customers", "each"), [(40, 3), (560, 2), (1100, 1), (6, 5), (3, 1)])
def test_newcomers_attach_to_ends_of_earlier_ties(customers: int, each: int) -> None:
    ties = attached(customers, each)
    sources, targets = wiring.preferential_attachment(customers, each, KEY)
    assert list(zip(sources.tolist(), (targets >> 1).tolist(), strict=True)) == ties
    assert len(ties) == (customers - each) * each
    assert (targets & 1).all()


def random_ties(customers: int, count: int) -> list[tuple[int, int]]:
    """A walk through all pairs in geometric steps, of which the surplus is taken out at random."""
    pairs = customers * (customers - 1) // 2
    share = min(mpf(1), (count + 6 * numbers.sqrt(count) + 20) / pairs)
    most = min(pairs, count + int(12 * numbers.sqrt(count) + 60))
    walk = 0
    while True:
        found: list[tuple[int, int]] = []
        place, steps = -1, 0
        while len(found) <= most:
            four = draw(steps // 2, walk, RANDOM)
            high, low = pair(four, steps)
            u = (high + (low + mpf("0.5")) / 2**32) / 2**32
            place += 1 + (int(numbers.floor(numbers.log(u) / numbers.log(1 - share))) if share < 1 else 0)
            steps += 1
            if place >= pairs:
                break
            higher = int((1 + numbers.sqrt(1 + 8 * place)) / 2)
            found.append((higher, place - higher * (higher - 1) // 2))
        walk += 1
        if count <= len(found) <= most:
            break
    for spare in range(len(found) - count):
        four = draw(spare, walk, SPARE)
        out = whole(four[0], four[1], len(found))
        found[out] = found[-1]
        found.pop()
    return found


@pytest.mark.parametrize(("customers", "count"), [(60, 90), (9, 30), (200, 40), (2, 1), (60, 4), (80, 10)])
def test_random_ties_are_a_walk_through_all_pairs(customers: int, count: int) -> None:
    sources, targets = wiring.random_ties(customers, count, KEY)
    assert list(zip(sources.tolist(), (targets >> 1).tolist(), strict=True)) == random_ties(customers, count)
    assert (targets & 1).all()


def test_a_tie_is_strong_by_a_draw_of_its_two_ends_whatever_their_order() -> None:
    sources = np.array([3, 9, 5, 8, 7], np.int32)
    ends = [9, 3, 11, 2, 7]
    eligible = [1, 1, 1, 0, 1]
    u = [(draw(min(a, b), max(a, b), STRENGTH)[0] + 0.5) / 2**32 for a, b in zip(sources.tolist(), ends, strict=True)]
    assert u[0] == u[1]
    for probability in (u[0], float(np.nextafter(u[0], 1)), u[2], float(np.nextafter(u[2], 1)), 1.0):
        targets = np.array([end << 1 | bit for end, bit in zip(ends, eligible, strict=True)], np.int32)
        wiring.draw_strengths(sources, targets, probability, KEY, 0, targets.size)
        assert (targets >> 1).tolist() == ends
        assert (targets & 1).tolist() == [int(x < probability) & bit for x, bit in zip(u, eligible, strict=True)]


def test_rows_hold_both_ends_of_each_tie_in_order() -> None:
    sources = np.array([4, 0, 2, 4, 3], np.int32)
    targets = np.array([1 << 1 | 1, 2 << 1, 4 << 1 | 1, 0 << 1, 4 << 1 | 1], np.int32)
    offsets = np.zeros(7, np.int32)
    ties = np.zeros(2 * sources.size, np.int32)
    wiring.rows(offsets, ties, sources, targets)
    assert offsets.tolist() == [0, 2, 3, 5, 6, 10, 10]
    rows = [[(int(tie) >> 1, int(tie) & 1) for tie in ties[offsets[i] : offsets[i + 1]]] for i in range(6)]
    assert rows == [[(2, 0), (4, 0)], [(4, 1)], [(0, 0), (4, 1)], [(4, 1)], [(0, 0), (1, 1), (2, 1), (3, 1)], []]


def test_a_hub_of_many_ties_is_sorted_too() -> None:
    others = [*range(99, 40, -1), *range(1, 41)]
    sources, targets = np.zeros(99, np.int32), np.array([end << 1 for end in others], np.int32)
    offsets = np.zeros(101, np.int32)
    ties = np.zeros(2 * sources.size, np.int32)
    wiring.rows(offsets, ties, sources, targets)
    assert (ties[: offsets[1]] >> 1).tolist() == list(range(1, 100))


def ties_of(network: Any) -> int:
    return network.ties.size // 2


@pytest.mark.parametrize(
    ("kind", "customers", "degree", "count"),
    [
        ("small_world", 30, 6, 90),
        ("preferential_attachment", 30, 6, 81),  # (30 - 3) x 3
        ("random", 31, 5.5, 85),  # 85.25
        ("random", 30, 5.7, 86),  # 85.5 is rounded up
        ("random", 4, 2.99, 6),
        ("complete", 30, 6, 0),
        ("random", 30, 0, 0),
    ],
)
def test_the_number_of_ties_follows_from_the_mean_degree(kind: str, customers: int, degree: float, count: int) -> None:
    network = build_network(kind, customers, degree, 0.25, 0.4, 5)
    assert ties_of(network) == count
    assert network.offsets[-1] == 2 * count


@pytest.mark.parametrize(("rewiring", "share", "probability"), [(0.25, 0.3, 0.4), (0.6, 0.5, 1.0), (1.0, 0.5, 0.0)])
def test_ties_of_the_ring_are_strong_as_often_as_makes_up_the_share(
    rewiring: float, share: float, probability: float
) -> None:
    """0.3 of all ties are 0.4 of the three quarters that stay."""
    network = build_network("small_world", 50, 4, rewiring, share, SEED)
    held, ring = small_world(50, 2, rewiring)
    strong = {
        frozenset((i, end)): bit and (draw(min(i, end), max(i, end), STRENGTH)[0] + 0.5) / 2**32 < probability
        for i in range(50)
        for end, bit in zip(held[i], ring[i], strict=True)
    }
    for i in range(50):
        for tie in network.ties[network.offsets[i] : network.offsets[i + 1]].tolist():
            assert tie & 1 == strong[frozenset((i, tie >> 1))]
