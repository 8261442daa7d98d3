"""The compiled generator of small worlds: a ring of which some ties are moved, and its turn into rows.

Whom a tie of the ring leads to is known by its place, so that only moved ties are looked for. Several threads can wire
a ring and make its rows, each of its own customers; ties are moved one by one.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.compiled import kernel, prefetch
from sim.engine.wiring import (
    BLOCK,
    FAR,
    NEAR,
    REWIRING,
    STRENGTH,
    Int32s,
    Offsets,
    Seed,
    begin_rows,
    below,
    sort_rows,
)
from sim.model.luck import philox4x32, uniforms
from sim.vocabulary.streams import NETWORK

REWIRING_BLOCKS = 64


class Ring(NamedTuple):
    """The ties of a small world, each held by one of its two customers.

    Attributes:
        half: So many ties each customer holds: those to the next on the ring.
        targets: int32[customers * half], the other end << 1 | strong, of the ties of each customer after the other.
        moved: int32 or int64, places in `targets` of ties that were moved; as long as there may be, until it is known.
    """

    half: int
    targets: Int32s
    moved: npt.NDArray[np.int32] | npt.NDArray[np.int64]


@kernel
def wire(ring: Ring, probability: float, seed: Seed, low: int, high: int) -> None:
    """Customers `low` to `high` hold the ties to the next on the ring, each strong with the given probability.

    The draw is keyed by (lower, higher) customer.
    """
    half, targets = ring.half, ring.targets
    customers = targets.size // half
    ends = np.empty((half, BLOCK), np.int32)
    for first in range(low, high, BLOCK):
        size = min(BLOCK, high - first)
        for j in range(half):
            for k in range(size):
                a = first + k
                b = a + j + 1 if a + j + 1 < customers else a + j + 1 - customers
                u = uniforms(seed, NETWORK, min(a, b), max(a, b), STRENGTH)[0]
                ends[j, k] = (b << 1) | int(u < probability)
        for k in range(size):
            for j in range(half):
                targets[(first + k) * half + j] = ends[j, k]


@kernel
def rewire(ring: Ring, rewiring: float, seed: Seed) -> int:
    """Each tie of a ring is moved to anybody or not, and is weak then; returns how many were (Watts & Strogatz).

    Customers take their turn in ascending order, and see the ties as they are at that moment. A new end is
    refused when it is i or already tied to i; after 128 refusals (in small and dense networks only) the tie stays.

    The first new ends of a block of customers are drawn at once, and memory is asked for who is there, before they are
    taken or refused one after the other.
    """
    half, targets = ring.half, ring.targets
    customers = targets.size // half
    found = 0
    if rewiring <= 0.0:
        return found
    moves = np.empty((half, BLOCK), np.bool_)
    whose = np.empty(half * BLOCK, np.int32)
    which = np.empty(half * BLOCK, np.int32)
    drawn = np.empty(half * BLOCK, np.int64)
    for first in range(0, customers, BLOCK):
        size = min(BLOCK, customers - first)
        for j in range(half):
            for k in range(size):
                moves[j, k] = uniforms(seed, NETWORK, first + k, j, REWIRING)[0] < rewiring
        count = 0
        for k in range(size):
            for j in range(half):
                whose[count] = first + k
                which[count] = j
                count += moves[j, k]
        for c in range(count):
            w0, w1, _, _ = philox4x32(seed, whose[c], which[c], NETWORK, REWIRING + 1)
            drawn[c] = below(w0, w1, customers)
        for c in range(count):
            prefetch(targets, drawn[c] * half)
        for c in range(count):
            i, j, end = whose[c], which[c], drawn[c]
            for attempt in range(2 * REWIRING_BLOCKS):
                if attempt > 0:
                    w0, w1, w2, w3 = philox4x32(seed, i, j, NETWORK, REWIRING + 1 + attempt // 2)
                    high, low = (w0, w1) if attempt % 2 == 0 else (w2, w3)
                    end = below(high, low, customers)
                taken = end == i
                for k in range(half):
                    taken |= targets[i * half + k] >> 1 == end
                    taken |= targets[end * half + k] >> 1 == i
                if not taken:
                    targets[i * half + j] = end << 1
                    ring.moved[found] = i * half + j
                    found += 1
                    break
    return found


@kernel
def count_ring(offsets: Offsets, ring: Ring, low: int, high: int) -> None:
    """How many ties customers `low` to `high` have, moved ones of others left aside, into where their rows will end."""
    half, targets = ring.half, ring.targets
    customers = targets.size // half
    for i in range(low, high):
        degree = half
        for j in range(1, half + 1):  # a moved tie never leads to where it led, so that others are known by their ends
            other = i - j if i >= j else i - j + customers
            degree += targets[other * half + j - 1] >> 1 == i
        offsets[i + 1] = degree


@kernel
def count_moved(offsets: Offsets, ring: Ring, low: int, high: int) -> None:
    """Add the moved ties that lead to customers `low` to `high` to how many these have."""
    targets, moved = ring.targets, ring.moved
    for tie in moved:
        b = targets[tie] >> 1
        if low <= b < high:
            offsets[b + 1] += 1


@kernel
def fill_ring(offsets: Offsets, ties: Int32s, ring: Ring, low: int, high: int) -> None:
    """The rows of customers `low` to `high`, moved ties of others left aside."""
    half, targets = ring.half, ring.targets
    customers = targets.size // half
    for i in range(low, high):
        place = offsets[i + 1]
        for back in range(half):
            j = half - back
            other = i - j if i >= j else i - j + customers
            tie = targets[other * half + j - 1]
            if tie >> 1 == i:
                ties[place] = (other << 1) | (tie & 1)
                place += 1
        for j in range(half):
            ties[place] = targets[i * half + j]
            place += 1
        offsets[i + 1] = place


@kernel
def fill_moved(offsets: Offsets, ties: Int32s, ring: Ring, low: int, high: int) -> None:
    """Moved ties of others, into the rows of customers `low` to `high`."""
    half, targets, moved = ring.half, ring.targets, ring.moved
    last = moved.size - 1
    for place in range(moved.size):
        prefetch(offsets, (targets[moved[min(place + FAR, last)]] >> 1) + 1)
        prefetch(ties, offsets[(targets[moved[min(place + NEAR, last)]] >> 1) + 1])
        b = targets[moved[place]] >> 1
        if low <= b < high:
            ties[offsets[b + 1]] = (moved[place] // half) << 1
            offsets[b + 1] += 1


@kernel
def ring_rows(offsets: Offsets, ties: Int32s, ring: Ring) -> None:
    """Turn a ring into sorted rows, as `sim.engine.wiring.rows` does with ties of any kind."""
    customers = offsets.size - 1
    count_ring(offsets, ring, 0, customers)
    count_moved(offsets, ring, 0, customers)
    begin_rows(offsets)
    fill_ring(offsets, ties, ring, 0, customers)
    fill_moved(offsets, ties, ring, 0, customers)
    sort_rows(offsets, ties, 0, customers)
